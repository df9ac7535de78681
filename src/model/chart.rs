//! Services that are a Helm chart, and what their pods take: declared, since nobody but Helm can see into a chart.

use super::{ClassId, Written};
use crate::source::{Span, Spanned};
use crate::value::Quantity;

/// The chart that a service is.
#[derive(Debug)]
pub struct Chart {
    pub name: String,
    /// `https://…` or `oci://…`, without the chart's name.
    pub repository: String,
    pub version: String,
    pub digest: Option<Spanned<String>>,
    /// The address of its archive, where that is known.
    pub archive: Option<String>,
    pub span: Span,
}

impl Chart {
    /// As `images` names it: `<repository>/<name>:<version>`.
    pub fn reference(&self) -> String {
        format!("{}/{}:{}", self.repository.trim_end_matches('/'), self.name, self.version)
    }

    /// From where it is fetched: its repository, and the address of its archive where that is known. Where the platform
    /// mirrors charts, the mirror stands in for both; what is fetched there has the same digest.
    pub fn source(&self, mirror: Option<&str>) -> (String, Option<String>) {
        match mirror.map(|mirror| mirror.trim_end_matches('/')) {
            None => (self.repository.trim_end_matches('/').to_owned(), self.archive.clone()),
            Some(mirror) if mirror.starts_with("oci://") => (mirror.to_owned(), None),
            Some(mirror) => (mirror.to_owned(), Some(format!("{mirror}/{}-{}.tgz", self.name, self.version))),
        }
    }
}

/// Pods of a chart as they are declared.
#[derive(Debug)]
pub struct ServiceFootprint {
    pub name: String,
    pub replicas: Option<Spanned<Written>>,
    pub surge: Option<Spanned<Written>>,
    pub cpu: Spanned<Written>,
    pub memory: Spanned<Written>,
    pub cpu_limit: Spanned<Written>,
    pub memory_limit: Spanned<Written>,
    pub storage: Option<Spanned<Written>>,
    pub class: Option<Spanned<Written>>,
    pub span: Span,
}

/// Pods of the chart of an instance.
#[derive(Debug, Clone)]
pub struct ChartPods {
    pub name: String,
    /// The fewest and the most.
    pub replicas: (i64, i64),
    /// More of them while they are rolled out.
    pub surge: i64,
    pub cpu: Quantity,
    pub memory: Quantity,
    pub cpu_limit: Quantity,
    pub memory_limit: Quantity,
    /// The volume that each claims for itself, and the class it is made with.
    pub storage: Option<(Quantity, Spanned<ClassId>)>,
    pub span: Span,
}
