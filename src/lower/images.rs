//! Where an image is pulled from: through the platform's registry, with the digest that the platform knows.
//!
//! A tag is a name that its owner may give to another image; what is emitted should be the one that was looked at. So a
//! digest that is known is always written, and an image whose tag is made to move is a finding.

use std::collections::BTreeSet;

use minijinja::Value as Expr;

use super::Object;
use super::instance::Bench;
use super::workloads::{PodParts, Workload};
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::expression::record;
use crate::model::{Image as Declared, Instance};
use crate::object::Node;
use crate::source::Span;
use crate::template::{PathStep, keys_of};
use crate::value::Image;

/// The tag that whoever built last gives to his image.
const MOVING: &str = "latest";

/// A tag of one number is a major version up to here, and above a build, a year or a date, which are given once.
const MAJOR: u32 = 99;

/// Where images come from that name no registry, and the platform has none of its own.
const DEFAULT_REGISTRY: &str = "docker.io";

/// An image as pods name it, and its parts: charts want them one by one.
pub(super) struct Pulled {
    pub text: String,
    pub parts: Expr,
}

impl Bench<'_> {
    /// A declared image as the platform pulls it.
    pub(super) fn pulled(
        &self,
        declared: &Declared,
        reference: &str,
        instance: &Instance,
        findings: &mut Findings,
    ) -> Pulled {
        let Ok(image) = Image::parse(reference) else {
            // Reported where it was read.
            return Pulled { text: reference.to_owned(), parts: Expr::from(()) };
        };
        let known = self.model.digests.images.get(&image.canonical());
        if let (Some(own), Some(known)) = (image.digest(), known)
            && own != known.digest
        {
            let text = format!("`{}` is pinned to another digest than `images` knows", image.canonical());
            findings.push(
                Diagnostic::new(&codes::DIGEST_MISMATCH, declared.span, text)
                    .here(own)
                    .also(known.span, format!("{} on {}", known.digest, known.as_of))
                    .help("look up which of them is meant; a tag that was moved is a reason to look twice"),
            );
        }
        let digest = self.model.digests.of_image(&image);
        if digest.is_none() && is_moving(&image) {
            findings.push(moving(&image, declared.span, instance.span));
        }
        let registry = image.registry().or(self.model.platform.registry.as_deref());
        let tag = image.tag();
        let pinned = [Some(tag.unwrap_or_default().to_owned()), digest.map(|digest| format!("@{digest}"))];
        let pinned: String = pinned.into_iter().flatten().collect();
        let place = registry.map_or(String::new(), |registry| format!("{registry}/"));
        let colon = if tag.is_some() { ":" } else { "" };
        let parts = record([
            ("registry", Expr::from(registry.unwrap_or(DEFAULT_REGISTRY))),
            ("repository", Expr::from(image.path())),
            ("tag", Expr::from(tag)),
            ("digest", Expr::from(digest)),
            // What a chart takes as a tag: the digest behind it, where it is known.
            ("pinned_tag", Expr::from(pinned.as_str())),
        ]);
        Pulled { text: format!("{place}{}{colon}{pinned}", image.path()), parts }
    }

    /// Images that a template names itself: nothing is known of those, so at least they must not move.
    pub(super) fn check_images(
        &self,
        object: &Object,
        workload: &Workload,
        declared: &BTreeSet<String>,
        findings: &mut Findings,
    ) {
        let Some((at, pod)) = workload.pod.as_ref().and_then(|at| Some((at, object.node.at(at)?))) else { return };
        let parts = &self.library.workloads.pods;
        for list in [&parts.containers, &parts.init_containers] {
            for (number, image) in images_of(pod, list, parts).enumerate() {
                // A declared one is told where it is declared.
                let Some(image) = image.filter(|image| !declared.contains(*image)) else { continue };
                let Ok(image) = Image::parse(image) else { continue };
                if image.digest().is_none() && is_moving(&image) {
                    let container = keys_of(at).chain(keys_of(list)).chain([PathStep::Index(number)]);
                    let path: Vec<PathStep<'_>> = container.chain(keys_of(&parts.image)).collect();
                    findings.push(moving(&image, self.library.written_at(object, &path), object.asked));
                }
            }
        }
    }
}

/// The images of a pod whose digest nobody knows.
pub(super) fn unpinned(pod: &Node, parts: &PodParts) -> Vec<String> {
    let mut names: Vec<String> = [&parts.containers, &parts.init_containers]
        .into_iter()
        .flat_map(|list| images_of(pod, list, parts).flatten())
        .filter(|image| Image::parse(image).is_ok_and(|image| image.digest().is_none()))
        .map(str::to_owned)
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The image of each container of a list.
fn images_of<'n>(pod: &'n Node, list: &str, parts: &'n PodParts) -> impl Iterator<Item = Option<&'n str>> {
    let containers = pod.at(list).and_then(Node::as_list).unwrap_or_default();
    containers.iter().map(|container| container.at(&parts.image).and_then(Node::as_str))
}

fn is_moving(image: &Image) -> bool {
    image.tag().is_none_or(|tag| tag == MOVING || is_major(tag))
}

/// Whether it names a major version and nothing more: `3`, `v3`, `3-alpine`. Every release of that version gets the tag.
fn is_major(tag: &str) -> bool {
    let (version, flavour) = tag.split_once('-').unwrap_or((tag, ""));
    let number = version.strip_prefix('v').unwrap_or(version);
    let is_number =
        number.bytes().all(|byte| byte.is_ascii_digit()) && number.parse().is_ok_and(|major: u32| major <= MAJOR);
    is_number && flavour.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-')
}

fn moving(image: &Image, place: Span, asked: Span) -> Diagnostic {
    let name = image.path();
    let text = match image.tag() {
        Some(tag) => format!("the image `{name}` has the tag `{tag}`, which moves"),
        None => format!("the image `{name}` has no tag, which means the one that moves"),
    };
    Diagnostic::new(&codes::MOVING_TAG, place, text)
        .here("may be another image tomorrow")
        .also(asked, "in what this becomes")
        .help("name a release, and its digest in `images` where it is known")
}
