//! What an instance cannot be made without, and the platform or its cluster does not say.
//!
//! Its templates would stumble over each such thing in words of their own, so what lacks something is not lowered, and
//! the thing itself is reported instead: where it belongs, with the line to add.

use super::{Cluster, Instance, Model};
use crate::source::Span;

/// The one opening that every cluster has of itself.
pub const KUBE_API: &str = "kube-api";

/// Something that is not said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lack<'m> {
    /// A word of the cluster on itself: `network`, `ingress`; and where it is required.
    Fact { name: &'m str, required: Option<Span> },
    /// An endpoint of the platform.
    Endpoint { name: &'m str },
}

/// What an instance lacks, without those inside it.
pub fn lacks<'m>(instance: &'m Instance, cluster: &Cluster, model: &'m Model) -> Vec<Lack<'m>> {
    let required = model[instance.service].requires.iter().map(|one| (one.operator.as_str(), Some(one.span)));
    let opening = instance.egress.iter().any(|name| name == KUBE_API).then_some(("network", None));
    let facts = required
        .chain(opening)
        .filter(|(name, _)| cluster.says(name) == Some(false))
        .map(|(name, required)| Lack::Fact { name, required });
    let endpoints = instance
        .egress
        .iter()
        .filter(|name| *name != KUBE_API && !model.platform.endpoints.contains_key(*name))
        .map(|name| Lack::Endpoint { name });
    facts.chain(endpoints).collect()
}
