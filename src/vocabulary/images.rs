//! The platform's dated facts about images and charts: which digest a tag had. A tag can be moved to another image, and only
//! a registry knows which one it is today; a digest cannot.

use super::{NodeSpec, repeated, required};
use crate::value::Kind;

pub(super) static IMAGES: NodeSpec = NodeSpec {
    settings: &[required("as-of", Kind::Date, "the day on which the registries said so")],
    children: &[repeated(&IMAGE), repeated(&CHART)],
    ..NodeSpec::new("images", "digests of images and charts, as registries named them on a day")
};

static IMAGE: NodeSpec = NodeSpec {
    arguments: &[required("reference", Kind::Image, "the image with its tag, as a service names it")],
    settings: &[required("digest", Kind::Digest, "what the tag stood for")],
    ..NodeSpec::new("image", "an image whose digest is known: whatever names it gets the digest")
};

static CHART: NodeSpec = NodeSpec {
    arguments: &[required("reference", Kind::Address(&["https", "http", "oci"]), "`<repository>/<name>:<version>`")],
    settings: &[required(
        "digest",
        Kind::Digest,
        "the digest of the chart's archive, or of its manifest in a registry",
    )],
    ..NodeSpec::new("chart", "a chart whose digest is known")
};
