//! Digests that nobody asks for: an entry of `images` that belongs to no image and no chart has a spelling mistake in it,
//! or is of a version that is gone.

use std::collections::BTreeSet;

use super::{Fleet, is_error};
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::model::{Chart, Instance, KnownDigest, Model, Written};
use crate::value::Image;

pub(super) fn check(fleet: &Fleet<'_>, findings: &mut Findings) {
    if fleet.is_faulty || findings.iter().any(is_error) {
        return;
    }
    let images = used_images(fleet.model);
    let charts: BTreeSet<String> =
        fleet.model.services.iter().filter_map(|service| service.chart.as_ref()).map(Chart::reference).collect();
    let digests = &fleet.model.digests;
    let idle = |known: &KnownDigest, noun: &str| {
        Diagnostic::new(
            &codes::UNUSED_DEFINITION,
            known.span,
            format!("no service uses the {noun} `{}`", known.reference),
        )
        .here("its digest is never written")
        .help(format!("write the {noun} as its service does, tag and all; or remove the line"))
    };
    for (known, used, noun) in [(&digests.images, &images, "image"), (&digests.charts, &charts, "chart")] {
        let unused = known.iter().filter(|(name, known)| known.own && !used.contains(*name));
        findings.extend(unused.map(|(_, known)| idle(known, noun)));
    }
}

/// The images of all services by their canonical names: those that are declared, used or not, and those that the
/// parameters of an instance choose.
fn used_images(model: &Model) -> BTreeSet<String> {
    let declared = model.services.iter().flat_map(|service| &service.images);
    let mut names: BTreeSet<String> = declared
        .filter_map(|image| match &image.reference.value {
            Written::Value(reference) => canonical(&reference.to_string()),
            Written::Scalar(_) | Written::Texts(_) => None,
        })
        .collect();
    for instance in model.tenants.iter().flat_map(|tenant| &tenant.instances) {
        chosen_images(instance, &mut names);
    }
    names
}

fn chosen_images(instance: &Instance, names: &mut BTreeSet<String>) {
    names.extend(instance.images.values().flatten().filter_map(|reference| canonical(reference)));
    for need in &instance.needs {
        chosen_images(&need.instance, names);
    }
}

fn canonical(reference: &str) -> Option<String> {
    Some(Image::parse(reference).ok()?.canonical())
}
