//! What a namespace can ask for at most, computed from its objects: every pod that can exist at once, with what its
//! containers request, and every claim.
//!
//! Where a workload is scaled, its largest number of pods counts, and what a rollout adds. An operator's pods are counted
//! from its custom resource. Sums are exact; which kinds make pods, and where they say how many, is in `workloads.kdl`.

mod pods;
mod scale;
mod uncounted;

#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use self::pods::{Needs, add, each_pod};
pub(super) use self::pods::{own, quantity, requested_together};
pub(super) use self::scale::{Scales, is_suspended};
use super::Object;
use super::chart::PodsMade;
use super::emit::{kind_of, name_of};
use super::workloads::{Headroom, Resources, Workload, Workloads};
use crate::model::{ChartPods, Nodes};
use crate::object::Node;
use crate::value::{Percentage, Quantity};

/// What is asked for at most.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Footprint {
    pub cpu_requests: Quantity,
    pub memory_requests: Quantity,
    pub ephemeral_requests: Quantity,
    pub cpu_limits: Quantity,
    pub memory_limits: Quantity,
    pub storage: Quantity,
    pub pods: i64,
    pub claims: i64,
}

/// Which number of pods counts where a workload is scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// The largest, with what a rollout adds.
    Most,
    /// The least.
    Least,
}

/// What one object of a namespace can ask for at most.
#[derive(Debug)]
pub struct Share {
    /// Its kind, its name and how many pods it can have.
    pub name: String,
    pub most: Footprint,
}

/// The objects of a namespace that take something, each read once.
#[derive(Debug)]
pub(super) struct Census<'o> {
    entries: Vec<Entry<'o>>,
    scales: Scales<'o>,
    facts: &'o Workloads,
}

/// An object that makes pods or claims a volume.
#[derive(Debug)]
struct Entry<'o> {
    source: Source<'o>,
    pod: Option<Needs>,
    most: i64,
    least: i64,
    volumes: Vec<Volume<'o>>,
}

/// What asks: an object, or pods of a chart, which no object shows.
#[derive(Debug)]
enum Source<'o> {
    Object(&'o Object),
    Chart(&'o PodsMade),
}

impl<'o> Census<'o> {
    /// Counts the objects of a namespace whose pods may stand on these nodes.
    pub(super) fn new(
        objects: impl Iterator<Item = &'o Object>,
        charts: &'o [PodsMade],
        nodes: Option<&'o Nodes>,
        facts: &'o Workloads,
    ) -> Self {
        let objects: Vec<&Object> = objects.collect();
        let scales = Scales::read(objects.iter().copied(), nodes, facts);
        let entries = objects.iter().copied().filter_map(|object| {
            let node = &object.node;
            if let Some(workload) = facts.of(node) {
                let most = scales.pods(node, workload, Extent::Most);
                Some(Entry {
                    source: Source::Object(object),
                    pod: Some(each_pod(node, workload, &objects, facts)),
                    most,
                    least: scales.pods(node, workload, Extent::Least),
                    volumes: volumes_of(node, workload, scales.lasting_pods(node, workload), most, facts),
                })
            } else if facts.is_claim(node) {
                let volumes = vec![claimed(node, 1, facts)];
                Some(Entry { source: Source::Object(object), pod: None, most: 0, least: 0, volumes })
            } else {
                None
            }
        });
        let charts = charts.iter().map(|made| of_chart(made, facts));
        let entries = entries.chain(charts).collect();
        Census { entries, scales, facts }
    }

    /// The sum over all objects.
    pub(super) fn footprint(&self, extent: Extent) -> Footprint {
        self.entries.iter().fold(Footprint::default(), |sum, entry| sum.plus(&entry.footprint(extent)))
    }

    /// What each object can ask for at most.
    pub(super) fn shares(&self) -> Vec<Share> {
        let shares = self.entries.iter().map(|entry| {
            let (kind, name) = match entry.source {
                Source::Object(object) => (kind_of(&object.node).1, name_of(&object.node)),
                Source::Chart(made) => ("chart's", made.pods.name.as_str()),
            };
            let pods = match entry.most {
                0 => String::new(),
                1 => " (1 pod)".to_owned(),
                most => format!(" ({most} pods)"),
            };
            Share { name: format!("{kind} {name}{pods}"), most: entry.footprint(Extent::Most) }
        });
        shares.collect()
    }

    /// The largest of any one pod.
    pub(super) fn largest_pod(&self) -> Footprint {
        let pods = self.entries.iter().filter_map(|entry| entry.pod);
        Footprint::of_pods(&pods.reduce(|most, one| most.combine(&one, Quantity::max)).unwrap_or_default(), 1)
    }

    /// What one more pod can take, of the namespace's own or a bare one that somebody starts by hand.
    pub(super) fn one_more_pod(&self) -> Footprint {
        let bare = Needs::of_silent(self.facts);
        let pods = self.entries.iter().filter_map(|entry| entry.pod);
        Footprint::of_pods(&pods.fold(bare, |most, one| most.combine(&one, Quantity::max)), 1)
    }

    /// The largest claim that is written as one; an operator restores its own volumes.
    pub(super) fn largest_claim(&self) -> Quantity {
        let claims = self.entries.iter().filter(|entry| entry.pod.is_none());
        claims.flat_map(|entry| &entry.volumes).map(|volume| volume.size).max().unwrap_or_default()
    }

    /// What the volumes take of the disks: each size as often as its class keeps copies. Classes are given by name, and a
    /// volume of another one is not counted.
    pub(super) fn on_disk(&self, classes: &BTreeMap<String, Node>) -> Quantity {
        let volumes = self.entries.iter().flat_map(|entry| &entry.volumes);
        let copied = volumes.filter_map(|volume| {
            let class = classes.get(volume.class?)?;
            let copies =
                class.at(&self.facts.claim.copies).map_or(Some(1), |copies| quantity(Some(copies)).as_units())?;
            Some(times(times(volume.size, volume.count), copies))
        });
        copied.fold(Quantity::ZERO, add)
    }
}

impl Entry<'_> {
    fn footprint(&self, extent: Extent) -> Footprint {
        let pods = if extent == Extent::Most { self.most } else { self.least };
        let mut footprint = self.pod.map(|pod| Footprint::of_pods(&pod, pods)).unwrap_or_default();
        for volume in &self.volumes {
            footprint.claims += volume.count;
            footprint.storage = add(footprint.storage, times(volume.size, volume.count));
        }
        footprint
    }
}

/// What pods of a chart take, as the service says.
fn of_chart<'o>(made: &'o PodsMade, facts: &Workloads) -> Entry<'o> {
    let ChartPods { replicas: (least, most), surge, .. } = made.pods;
    let usual = facts.defaults.requests;
    let requests = Resources { cpu: made.pods.cpu, memory: made.pods.memory, ..usual };
    let limits = Resources { cpu: made.pods.cpu_limit, memory: made.pods.memory_limit, ..Resources::default() };
    let volume = |size| Volume { size, class: made.class.as_deref(), count: most };
    Entry {
        source: Source::Chart(made),
        pod: Some(Needs { requests, limits }),
        most: most.saturating_add(surge),
        least,
        volumes: made.pods.storage.iter().map(|(size, _)| volume(*size)).collect(),
    }
}

/// The volumes that a workload makes its operator or its pods claim.
fn volumes_of<'n>(
    object: &'n Node,
    workload: &Workload,
    lasting: i64,
    most: i64,
    facts: &Workloads,
) -> Vec<Volume<'n>> {
    let list = |node: Option<&'n Node>| node.and_then(Node::as_list).unwrap_or_default().iter();
    // A claim of a workload stays when a rollout is over, so what a rollout adds makes none.
    let made = workload.storage.iter().filter_map(|storage| {
        let size = quantity(Some(object.at(&storage.size)?));
        let class = storage.class.as_ref().and_then(|path| object.at(path)?.as_str());
        Some(Volume { size, class, count: lasting })
    });
    let each = list(workload.claims.as_ref().and_then(|path| object.at(path)));
    let pods = workload.pod.as_ref().and_then(|path| object.at(path)?.at(&facts.pods.volumes));
    let own = list(pods).filter_map(|volume| volume.at(&facts.pods.own_claim));
    made.chain(each.map(|node| claimed(node, lasting, facts)))
        .chain(own.map(|node| claimed(node, most, facts)))
        .collect()
}

fn claimed<'n>(claim: &'n Node, count: i64, facts: &Workloads) -> Volume<'n> {
    Volume {
        size: quantity(claim.at(&facts.claim.size)),
        class: claim.at(&facts.claim.class).and_then(Node::as_str),
        count,
    }
}

/// Volumes of one size.
#[derive(Debug)]
struct Volume<'n> {
    size: Quantity,
    class: Option<&'n str>,
    count: i64,
}

fn times(quantity: Quantity, count: i64) -> Quantity {
    quantity.checked_mul(count).unwrap_or(quantity)
}

impl Footprint {
    fn of_pods(each: &Needs, pods: i64) -> Self {
        Footprint {
            cpu_requests: times(each.requests.cpu, pods),
            memory_requests: times(each.requests.memory, pods),
            ephemeral_requests: times(each.requests.ephemeral_storage, pods),
            cpu_limits: times(each.limits.cpu, pods),
            memory_limits: times(each.limits.memory, pods),
            pods,
            ..Footprint::default()
        }
    }

    /// Both together.
    #[must_use]
    pub fn plus(&self, other: &Footprint) -> Self {
        Footprint {
            cpu_requests: add(self.cpu_requests, other.cpu_requests),
            memory_requests: add(self.memory_requests, other.memory_requests),
            ephemeral_requests: add(self.ephemeral_requests, other.ephemeral_requests),
            cpu_limits: add(self.cpu_limits, other.cpu_limits),
            memory_limits: add(self.memory_limits, other.memory_limits),
            storage: add(self.storage, other.storage),
            pods: self.pods + other.pods,
            claims: self.claims + other.claims,
        }
    }

    /// The footprint and the headroom on top of it, in steps that people can read: a share, and at the least one more of
    /// the largest pod and of the largest claim.
    #[must_use]
    pub fn with_headroom(&self, headroom: Headroom, pod: &Footprint, claim: Quantity) -> Self {
        let grown = |share: Percentage, amount: Quantity, least: Quantity, step: &str| {
            let extra = amount.checked_percent(share).unwrap_or_default().max(least);
            let sum = add(amount, extra);
            Quantity::parse(step).map_or(sum, |step| sum.round_up_to(step))
        };
        let more = |amount: Quantity, least: Quantity, step: &str| grown(headroom.share, amount, least, step);
        let count = |number: i64, least: i64| {
            let extra = number.saturating_mul(i64::from(headroom.share.percent())).div_euclid(100);
            number.saturating_add(extra.max(least))
        };
        Footprint {
            cpu_requests: more(self.cpu_requests, pod.cpu_requests, "100m"),
            memory_requests: more(self.memory_requests, pod.memory_requests, "128Mi"),
            ephemeral_requests: more(self.ephemeral_requests, pod.ephemeral_requests, "128Mi"),
            cpu_limits: more(self.cpu_limits, pod.cpu_limits, "100m"),
            memory_limits: more(self.memory_limits, pod.memory_limits, "128Mi"),
            storage: grown(headroom.storage, self.storage, claim, "1Gi"),
            pods: count(self.pods, headroom.pods),
            claims: count(self.claims, 1),
        }
    }
}
