//! What a namespace can ask for at most, computed from its objects: every pod that can exist at once, with what its
//! containers request, and every claim.
//!
//! Where a workload is scaled, its largest number of pods counts, and what a rollout adds; a pod's init containers run one
//! after the other before the others, so the largest of them counts against the sum of the rest. An operator's pods
//! are counted from its custom resource. Sums are exact.

use std::collections::BTreeMap;

use super::Object;
use super::chart::PodsMade;
use super::emit::name_of;
use super::workloads::{Headroom, Workload, Workloads};
use crate::object::Node;
use crate::value::{Percentage, Quantity};

/// What is asked for at most.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Footprint {
    pub cpu_requests: Quantity,
    pub memory_requests: Quantity,
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

impl Footprint {
    /// The footprint of the objects of one namespace.
    pub(super) fn of<'o>(objects: impl Iterator<Item = &'o Object> + Clone, facts: &Workloads, extent: Extent) -> Self {
        let mut scaled: BTreeMap<&str, i64> = BTreeMap::new();
        for object in objects.clone() {
            let Some(scaler) = facts.autoscaler(&object.node) else { continue };
            let path = if extent == Extent::Most { &scaler.maximum } else { &scaler.minimum };
            let target = object.node.at(&scaler.target).and_then(Node::as_str);
            if let (Some(target), Some(pods)) = (target, object.node.at(path).and_then(Node::as_integer)) {
                scaled.insert(target, pods);
            }
        }
        let mut footprint = Footprint::default();
        for object in objects {
            if let Some(workload) = facts.of(&object.node) {
                let declared = workload.replicas.as_ref().and_then(|path| object.node.at(path)?.as_integer());
                let replicas = scaled.get(name_of(&object.node)).copied().or(declared).unwrap_or(1);
                let surge = if extent == Extent::Most { workload.surge } else { 0 };
                footprint.add_pods(&object.node, workload, replicas, replicas + surge, facts);
            } else if facts.is_claim(&object.node) {
                footprint.claims += 1;
                footprint.storage = add(footprint.storage, quantity(object.node.at(&facts.claim.size)));
            }
        }
        footprint
    }

    fn add_pods(&mut self, object: &Node, workload: &Workload, replicas: i64, pods: i64, facts: &Workloads) {
        self.pods += pods;
        let each = each_pod(object, workload, facts);
        let times = |quantity: Quantity| quantity.checked_mul(pods).unwrap_or(quantity);
        self.cpu_requests = add(self.cpu_requests, times(each.cpu_requests));
        self.memory_requests = add(self.memory_requests, times(each.memory_requests));
        self.cpu_limits = add(self.cpu_limits, times(each.cpu_limits));
        self.memory_limits = add(self.memory_limits, times(each.memory_limits));
        if let Some(size) = workload.storage.as_ref().and_then(|path| object.at(path)) {
            self.claims += replicas;
            let size = quantity(Some(size));
            self.storage = add(self.storage, size.checked_mul(replicas).unwrap_or(size));
        }
    }

    /// The largest requests of any one pod.
    pub(super) fn of_largest_pod<'o>(objects: impl Iterator<Item = &'o Object>, facts: &Workloads) -> Self {
        objects
            .filter_map(|object| Some(each_pod(&object.node, facts.of(&object.node)?, facts)))
            .fold(Footprint::default(), |most, one| combine(&most, &one, std::cmp::Ord::max))
    }

    /// With what the pods of charts take, which no object shows.
    #[must_use]
    pub(super) fn with_charts(self, charts: &[PodsMade], extent: Extent) -> Self {
        charts.iter().map(|pods| pods.footprint(extent)).fold(self, |sum, more| Footprint {
            storage: add(sum.storage, more.storage),
            pods: sum.pods + more.pods,
            claims: sum.claims + more.claims,
            ..combine(&sum, &more, add)
        })
    }

    /// The larger of this pod and the largest of charts.
    #[must_use]
    pub(super) fn or_of_charts(self, charts: &[PodsMade]) -> Self {
        charts.iter().map(PodsMade::each).fold(self, |most, one| combine(&most, &one, std::cmp::Ord::max))
    }

    /// The footprint and the headroom on top of it, in steps that people can read.
    #[must_use]
    pub fn with_headroom(&self, headroom: Headroom) -> Self {
        let share = headroom.share;
        let more_by = |share: Percentage, quantity: Quantity, step: &str| {
            let grown = quantity.checked_percent(share).map_or(quantity, |extra| add(quantity, extra));
            Quantity::parse(step).map_or(grown, |step| grown.round_up_to(step))
        };
        let more = |quantity: Quantity, step: &str| more_by(share, quantity, step);
        let count = |number: i64| number + (number * i64::from(share.percent())).div_euclid(100).max(1);
        Footprint {
            cpu_requests: more(self.cpu_requests, "100m"),
            memory_requests: more(self.memory_requests, "128Mi"),
            cpu_limits: more(self.cpu_limits, "100m"),
            memory_limits: more(self.memory_limits, "128Mi"),
            storage: more_by(headroom.storage, self.storage, "1Gi"),
            pods: count(self.pods),
            claims: count(self.claims),
        }
    }
}

/// The sizes of volumes by the class they are made with: of claims, and of what operators claim.
pub(super) fn storage_by_class<'o>(
    objects: impl Iterator<Item = &'o Object>,
    charts: &[PodsMade],
    facts: &Workloads,
) -> BTreeMap<String, Quantity> {
    let mut sizes: BTreeMap<String, Quantity> = BTreeMap::new();
    for (class, size) in charts.iter().filter_map(PodsMade::volumes) {
        let sum = sizes.entry(class.to_owned()).or_default();
        *sum = add(*sum, size);
    }
    for Object { node, .. } in objects {
        let found = if facts.is_claim(node) {
            Some((node.at(&facts.claim.class), quantity(node.at(&facts.claim.size))))
        } else {
            facts.of(node).and_then(|workload| {
                let each = quantity(Some(node.at(workload.storage.as_ref()?)?));
                let replicas = workload.replicas.as_ref().and_then(|path| node.at(path)?.as_integer()).unwrap_or(1);
                Some((node.at(workload.storage_class.as_ref()?), each.checked_mul(replicas).unwrap_or(each)))
            })
        };
        if let Some((Some(Node::String(class)), size)) = found {
            let sum = sizes.entry(class.to_string()).or_default();
            *sum = add(*sum, size);
        }
    }
    sizes
}

/// What each pod of a workload asks for.
fn each_pod(object: &Node, workload: &Workload, facts: &Workloads) -> Footprint {
    match &workload.pod {
        Some(pod) => object.at(pod).map(|pod| pod_needs(pod, facts)).unwrap_or_default(),
        None => workload.resources.as_ref().and_then(|path| object.at(path)).map(needs).unwrap_or_default(),
    }
}

/// What a pod of a template asks for.
fn pod_needs(pod: &Node, facts: &Workloads) -> Footprint {
    let each = |path: &str| {
        let list = pod.at(path).and_then(Node::as_list).unwrap_or_default();
        list.iter().map(|container| {
            let part = |path: &str| container.at(path);
            from_parts(part(&facts.pods.requests), part(&facts.pods.limits))
        })
    };
    let running = each(&facts.pods.containers).fold(Footprint::default(), |sum, one| combine(&sum, &one, add));
    each(&facts.pods.init_containers).fold(running, |most, one| combine(&most, &one, std::cmp::Ord::max))
}

/// What a map with `requests` and `limits` asks for.
fn needs(resources: &Node) -> Footprint {
    from_parts(resources.at("requests"), resources.at("limits"))
}

fn from_parts(requests: Option<&Node>, limits: Option<&Node>) -> Footprint {
    let part = |of: Option<&Node>, name: &str| quantity(of.and_then(|of| of.at(name)));
    Footprint {
        cpu_requests: part(requests, "cpu"),
        memory_requests: part(requests, "memory"),
        cpu_limits: part(limits, "cpu"),
        memory_limits: part(limits, "memory"),
        ..Footprint::default()
    }
}

fn combine(a: &Footprint, b: &Footprint, with: impl Fn(Quantity, Quantity) -> Quantity) -> Footprint {
    Footprint {
        cpu_requests: with(a.cpu_requests, b.cpu_requests),
        memory_requests: with(a.memory_requests, b.memory_requests),
        cpu_limits: with(a.cpu_limits, b.cpu_limits),
        memory_limits: with(a.memory_limits, b.memory_limits),
        ..*a
    }
}

/// A quantity of an object; the schema has proven that it is one.
fn quantity(node: Option<&Node>) -> Quantity {
    match node {
        Some(Node::String(text)) => Quantity::parse(text).unwrap_or_default(),
        Some(Node::Integer(number)) => Quantity::parse(&number.to_string()).unwrap_or_default(),
        _ => Quantity::default(),
    }
}

fn add(a: Quantity, b: Quantity) -> Quantity {
    a.checked_add(b).unwrap_or(a)
}
