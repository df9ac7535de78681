//! Which digests the platform knows: facts of a day, that hold for ever since a digest names one content.

use std::collections::BTreeMap;

use crate::source::Span;
use crate::value::{Date, Image};

/// Known digests of images and charts.
#[derive(Debug, Default)]
pub struct Digests {
    /// By [`Image::canonical`].
    pub images: BTreeMap<String, KnownDigest>,
    /// By [`super::Chart::reference`].
    pub charts: BTreeMap<String, KnownDigest>,
}

/// A digest, and who says so.
#[derive(Debug)]
pub struct KnownDigest {
    /// The reference as it was written.
    pub reference: String,
    pub digest: String,
    pub as_of: Date,
    /// Whether the workspace says so, and not the standard library.
    pub own: bool,
    pub span: Span,
}

impl Digests {
    /// The digest of an image: its own, else the one that is known.
    pub fn of_image<'d>(&'d self, image: &'d Image) -> Option<&'d str> {
        let known = || self.images.get(&image.canonical()).map(|known| known.digest.as_str());
        image.digest().or_else(known)
    }

    /// The digest of a chart: its own, else the one that is known.
    pub fn of_chart<'d>(&'d self, chart: &'d super::Chart) -> Option<&'d str> {
        let known = || self.charts.get(&chart.reference()).map(|known| known.digest.as_str());
        chart.digest.as_ref().map(|digest| digest.value.as_str()).or_else(known)
    }
}
