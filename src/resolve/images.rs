//! Reads `images`: the digests that registries named, each image and chart once in the whole workspace.

use std::collections::BTreeMap;

use super::Top;
use super::form::Form;
use crate::diagnostic::{Diagnostic, Findings, codes, twice};
use crate::model::{Digests, KnownDigest, Layer};
use crate::source::{Spanned, World};
use crate::value::{Date, Image, Semver};

pub(super) fn read_digests(top: &Top, world: &dyn World, findings: &mut Findings) -> Digests {
    let mut digests = Digests::default();
    // The day of the last commit is before that of the change that is being made, so only a day that is named counts.
    let today = world.today().filter(|_| world.is_today_named()).and_then(|day| day.parse::<Date>().ok());
    for (form, layer) in top.nodes("images") {
        if form.child("image").is_none() && form.child("chart").is_none() {
            findings.push(
                Diagnostic::new(&codes::UNUSED_DEFINITION, form.head, "`images` names no image and no chart")
                    .here("nothing stands in it")
                    .help("name one: `image \"docker.io/library/nginx:1.29.3\" digest=\"sha256:…\"`; or remove it"),
            );
        }
        let Some(given) = form.value("as-of") else { continue };
        let Some(as_of) = given.value.as_date() else { continue };
        if let Some(today) = today.filter(|today| as_of > *today) {
            let text = format!("the digests are of {as_of}, and today is {today}");
            findings.push(
                Diagnostic::new(&codes::WRONG_KIND, given.span, text)
                    .here("a day that has not come yet")
                    .help("write the day on which the registries were asked"),
            );
        }
        let own = layer != Layer::Standard;
        for image in form.children("image") {
            let Some(entry) = read_entry(image, as_of, own) else { continue };
            if let Some(key) = image_key(image, findings) {
                add(&mut digests.images, key, entry, "the digest of", findings);
            }
        }
        for chart in form.children("chart") {
            let Some(entry) = read_entry(chart, as_of, own) else { continue };
            if let Some(key) = chart_key(chart, findings) {
                add(&mut digests.charts, key, entry, "the digest of", findings);
            }
        }
    }
    digests
}

fn read_entry(form: &Form, as_of: Date, own: bool) -> Option<KnownDigest> {
    let reference = form.text("reference")?;
    Some(KnownDigest {
        reference: reference.value,
        digest: form.text("digest")?.value,
        as_of,
        own,
        span: reference.span,
    })
}

fn add(
    known: &mut BTreeMap<String, KnownDigest>,
    key: String,
    entry: KnownDigest,
    what: &str,
    findings: &mut Findings,
) {
    // What the workspace says takes the place of what the standard library says, which is of an earlier day.
    if let Some(first) = known.get(&key).filter(|first| first.own || !entry.own) {
        findings.push(twice(what, first.span, Spanned::new(entry.reference.as_str(), entry.span)));
    } else {
        known.insert(key, entry);
    }
}

/// An entry says of one tag what it stood for: with no tag there is nothing to say it of.
fn image_key(form: &Form, findings: &mut Findings) -> Option<String> {
    let reference = form.text("reference")?;
    let image = Image::parse(&reference.value).ok()?;
    let reason = match (image.tag(), image.digest()) {
        (Some(_), None) => return Some(image.canonical()),
        (_, Some(_)) => "has a digest in it; the digest stands beside it, in `digest`",
        (None, None) => "has no tag, so its digest would be of another image tomorrow",
    };
    let text = format!("`{}` {reason}", reference.value);
    findings.push(
        Diagnostic::new(&codes::WRONG_KIND, reference.span, text)
            .here("expected an image and its tag")
            .help("write for instance `image \"docker.io/library/nginx:1.29.3\" digest=\"sha256:…\"`"),
    );
    None
}

fn chart_key(form: &Form, findings: &mut Findings) -> Option<String> {
    let reference = form.text("reference")?;
    let version = reference.value.rsplit_once('/').and_then(|(_, chart)| chart.split_once(':'));
    if version.is_some_and(|(name, version)| !name.is_empty() && Semver::parse(version).is_ok()) {
        return Some(reference.value);
    }
    let text = format!("`{}` does not end in the name of a chart and its version", reference.value);
    findings.push(
        Diagnostic::new(&codes::WRONG_KIND, reference.span, text)
            .here("expected `<repository>/<name>:<version>`")
            .help("write for instance `chart \"https://charts.example/nextcloud:9.2.4\" digest=\"sha256:…\"`"),
    );
    None
}
