//! What a namespace can ask for at most, computed from its objects: every pod that can exist at once, with what its
//! containers request, and every claim.
//!
//! Where a workload is scaled, its largest number of pods counts, and what a rollout adds; a pod's init containers run one
//! after the other before the others, so the largest of them counts against the sum of the rest. An operator's pods
//! are counted from its custom resource. Sums are exact.

use std::collections::BTreeMap;

use super::Object;
use super::emit::name_of;
use super::workloads::{Workload, Workloads};
use crate::object::Node;
use crate::value::{Percentage, Quantity};

/// What is asked for at most.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Footprint {
    pub cpu_requests: Quantity,
    pub memory_requests: Quantity,
    pub cpu_limits: Quantity,
    pub memory_limits: Quantity,
    pub storage: Quantity,
    pub pods: i64,
    pub claims: i64,
}

impl Default for Footprint {
    fn default() -> Self {
        let none = Quantity::from_millis(0);
        Footprint {
            cpu_requests: none,
            memory_requests: none,
            cpu_limits: none,
            memory_limits: none,
            storage: none,
            pods: 0,
            claims: 0,
        }
    }
}

impl Footprint {
    /// The footprint of the objects of one namespace.
    pub(super) fn of<'o>(objects: impl Iterator<Item = &'o Object> + Clone, facts: &Workloads) -> Self {
        let mut most: BTreeMap<&str, i64> = BTreeMap::new();
        for object in objects.clone() {
            let Some(scaler) = facts.autoscaler(&object.node) else { continue };
            let target = object.node.at(&scaler.target).and_then(Node::as_str);
            let maximum = object.node.at(&scaler.maximum).and_then(Node::as_integer);
            if let (Some(target), Some(maximum)) = (target, maximum) {
                most.insert(target, maximum);
            }
        }
        let mut footprint = Footprint::default();
        for object in objects {
            if let Some(workload) = facts.of(&object.node) {
                let declared = workload.replicas.as_ref().and_then(|path| object.node.at(path)?.as_integer());
                let replicas = most.get(name_of(&object.node)).copied().or(declared).unwrap_or(1);
                footprint.add_pods(&object.node, workload, replicas, facts);
            } else if facts.is_claim(&object.node) {
                footprint.claims += 1;
                footprint.storage = add(footprint.storage, quantity(object.node.at(&facts.claim.size)));
            }
        }
        footprint
    }

    fn add_pods(&mut self, object: &Node, workload: &Workload, replicas: i64, facts: &Workloads) {
        let pods = replicas + workload.surge;
        self.pods += pods;
        let each = match &workload.pod {
            Some(pod) => object.at(pod).map(|pod| pod_needs(pod, facts)).unwrap_or_default(),
            None => workload.resources.as_ref().and_then(|path| object.at(path)).map(needs).unwrap_or_default(),
        };
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

    /// The footprint and the headroom on top of it, in steps that people can read.
    #[must_use]
    pub fn with_headroom(&self, share: Percentage) -> Self {
        let more = |quantity: Quantity, step: &str| {
            let grown = quantity.checked_percent(share).map_or(quantity, |extra| add(quantity, extra));
            Quantity::parse(step).map_or(grown, |step| grown.round_up_to(step))
        };
        let count = |number: i64| number + (number * i64::from(share.percent())).div_euclid(100).max(1);
        Footprint {
            cpu_requests: more(self.cpu_requests, "100m"),
            memory_requests: more(self.memory_requests, "128Mi"),
            cpu_limits: more(self.cpu_limits, "100m"),
            memory_limits: more(self.memory_limits, "128Mi"),
            storage: more(self.storage, "1Gi"),
            pods: count(self.pods),
            claims: count(self.claims),
        }
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
    let none = Quantity::from_millis(0);
    match node {
        Some(Node::String(text)) => Quantity::parse(text).unwrap_or(none),
        Some(Node::Integer(number)) => Quantity::parse(&number.to_string()).unwrap_or(none),
        _ => none,
    }
}

fn add(a: Quantity, b: Quantity) -> Quantity {
    a.checked_add(b).unwrap_or(a)
}
