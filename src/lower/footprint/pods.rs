//! What one pod takes, as the scheduler and a quota count it.
//!
//! Init containers run one after the other before the others, so the largest of them counts against the sum of the rest;
//! one that is always started again runs beside them and counts with both. What a container leaves out it gets
//! from the limits of its namespace, and a limit without a request is a request of the same size. What a pod says for
//! itself stands in place of that sum, and what its runtime takes comes on top.

use super::super::emit::{kind_of, name_of};
use super::super::workloads::{PodParts, Resources, Workload, Workloads};
use crate::lower::Object;
use crate::object::Node;
use crate::value::Quantity;

/// What a container or a pod is promised, and the most it may take.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Needs {
    pub requests: Resources,
    pub limits: Resources,
}

impl Needs {
    pub(super) fn combine(&self, other: &Needs, with: fn(Quantity, Quantity) -> Quantity) -> Needs {
        Needs {
            requests: self.requests.combine(&other.requests, with),
            limits: self.limits.combine(&other.limits, with),
        }
    }

    /// What a pod of one container takes that says nothing.
    pub(super) fn of_silent(facts: &Workloads) -> Needs {
        stated(None, facts)
    }

    fn and(&self, other: &Needs) -> Needs {
        self.combine(other, add)
    }

    fn or(&self, other: &Needs) -> Needs {
        self.combine(other, Quantity::max)
    }
}

impl Resources {
    pub(super) fn combine(&self, other: &Resources, with: fn(Quantity, Quantity) -> Quantity) -> Resources {
        Resources {
            cpu: with(self.cpu, other.cpu),
            memory: with(self.memory, other.memory),
            ephemeral_storage: with(self.ephemeral_storage, other.ephemeral_storage),
        }
    }

    /// Each amount as it is written in a map, where it is there.
    fn written(map: Option<&Node>) -> [Option<Quantity>; 3] {
        Self::NAMES.map(|name| map.and_then(|map| map.at(name)).map(|node| quantity(Some(node))))
    }
}

/// Which of it a pod may say for all of its containers.
const SHARED: [bool; 3] = [true, true, false];

/// What each pod of a workload takes; `others` are the objects of its namespace.
pub(super) fn each_pod(object: &Node, workload: &Workload, others: &[&Object], facts: &Workloads) -> Needs {
    let own = match workload.pod.as_ref().and_then(|pod| object.at(pod)) {
        Some(pod) => of_template(pod, facts),
        // An operator's pod of which nothing is said is one container that gets the defaults.
        None => stated(workload.resources.as_ref().and_then(|path| object.at(path)), facts),
    };
    workload.sidecars.iter().fold(own, |sum, sidecar| {
        let asking = object.at(&sidecar.each).and_then(Node::as_list).unwrap_or_default();
        let names = asking.iter().filter_map(|item| item.at(&sidecar.name)?.as_str());
        names.fold(sum, |sum, name| {
            let is_named = |node: &Node| kind_of(node) == (&sidecar.api, &sidecar.kind) && name_of(node) == name;
            let described = others.iter().find(|other| is_named(&other.node));
            let resources = described.and_then(|other| other.node.at(&sidecar.resources));
            sum.and(&stated(resources, facts))
        })
    })
}

/// What a pod of a template takes: what it says for itself, and for the rest what its containers take.
fn of_template(pod: &Node, facts: &Workloads) -> Needs {
    let parts = &facts.pods;
    let containers = of_containers(pod, facts);
    let (asked, bounds) = own(pod, facts);
    // Without a request of its own it gets what its containers request together, or else its limit; and all that only
    // where it has a limit.
    let derived = bounds.iter().any(Option::is_some).then(|| {
        let said = together(pod, parts, |container| said(container, parts));
        let is_said = |at: usize| said_by_any(pod, Resources::NAMES[at], parts).then(|| said.requests.list()[at]);
        std::array::from_fn(|at| if SHARED[at] { is_said(at).or(bounds[at]) } else { None })
    });
    let derived: [Option<Quantity>; 3] = derived.unwrap_or_default();
    let requests = containers.requests.list();
    let limits = containers.limits.list();
    let own = Needs {
        requests: Resources::of(std::array::from_fn(|at| asked[at].or(derived[at]).unwrap_or(requests[at]))),
        limits: Resources::of(std::array::from_fn(|at| bounds[at].unwrap_or(limits[at]))),
    };
    let overhead = Resources::of(Resources::written(pod.at(&parts.overhead)).map(Option::unwrap_or_default));
    // What has no limit gets none by it.
    let with_overhead = |limit: Quantity, overhead| if limit.is_zero() { limit } else { add(limit, overhead) };
    Needs { requests: own.requests.combine(&overhead, add), limits: own.limits.combine(&overhead, with_overhead) }
}

/// What a pod itself says that its containers share, requests and limits. Of the disk it can say nothing.
pub(in crate::lower) fn own(pod: &Node, facts: &Workloads) -> ([Option<Quantity>; 3], [Option<Quantity>; 3]) {
    [&facts.pods.own_requests, &facts.pods.own_limits]
        .map(|path| {
            let written = Resources::written(pod.at(path));
            std::array::from_fn(|at| written[at].filter(|_| SHARED[at]))
        })
        .into()
}

/// What the containers of a template request together, in the order of [`Resources::NAMES`].
pub(in crate::lower) fn requested_together(pod: &Node, facts: &Workloads) -> [Quantity; 3] {
    of_containers(pod, facts).requests.list()
}

/// What the containers of a template take together, with what they get where they say nothing.
fn of_containers(pod: &Node, facts: &Workloads) -> Needs {
    together(pod, &facts.pods, |one| container(one, facts))
}

/// The most that the containers of a pod take at any time between them.
fn together(pod: &Node, parts: &PodParts, of: impl Fn(&Node) -> Needs) -> Needs {
    let mut beside = Needs::default();
    let mut before = Needs::default();
    for init in list(pod, &parts.init_containers) {
        let needs = of(init);
        if init.at(&parts.restart).and_then(Node::as_str) == Some(&parts.restart_always) {
            beside = beside.and(&needs);
            before = before.or(&beside);
        } else {
            before = before.or(&needs.and(&beside));
        }
    }
    list(pod, &parts.containers).fold(beside, |sum, one| sum.and(&of(one))).or(&before)
}

fn list<'n>(pod: &'n Node, path: &str) -> impl Iterator<Item = &'n Node> {
    pod.at(path).and_then(Node::as_list).unwrap_or_default().iter()
}

/// What a container says itself; a limit is a request too.
fn said(container: &Node, parts: &PodParts) -> Needs {
    let (asked, bounds) =
        (Resources::written(container.at(&parts.requests)), Resources::written(container.at(&parts.limits)));
    Needs {
        requests: Resources::of(std::array::from_fn(|at| asked[at].or(bounds[at]).unwrap_or_default())),
        limits: Resources::of(bounds.map(Option::unwrap_or_default)),
    }
}

fn said_by_any(pod: &Node, name: &str, parts: &PodParts) -> bool {
    let mut containers = list(pod, &parts.containers).chain(list(pod, &parts.init_containers));
    let says = |container: &Node, path: &str| container.at(path).is_some_and(|map| map.at(name).is_some());
    containers.any(|container| says(container, &parts.requests) || says(container, &parts.limits))
}

/// What a container of a template takes.
fn container(container: &Node, facts: &Workloads) -> Needs {
    completed(container.at(&facts.pods.requests), container.at(&facts.pods.limits), facts)
}

/// What the container of an operator takes, of which another object says `requests` and `limits`.
fn stated(resources: Option<&Node>, facts: &Workloads) -> Needs {
    let part = |name: &str| resources.and_then(|resources| resources.at(name));
    completed(part("requests"), part("limits"), facts)
}

/// What a container says, and what it gets where it says nothing.
fn completed(requests: Option<&Node>, limits: Option<&Node>, facts: &Workloads) -> Needs {
    let (asked, bounds) = (Resources::written(requests), Resources::written(limits));
    let (usual, most) = (facts.defaults.requests.list(), facts.defaults.limits.list());
    let requests = std::array::from_fn(|at| asked[at].or(bounds[at]).unwrap_or(usual[at]));
    Needs {
        requests: Resources::of(requests),
        limits: Resources::of(std::array::from_fn(|at| bounds[at].unwrap_or(most[at]))),
    }
}

/// A quantity of an object; the schema has proven that it is one.
pub(in crate::lower) fn quantity(node: Option<&Node>) -> Quantity {
    match node {
        Some(Node::String(text)) => Quantity::parse(text).unwrap_or_default(),
        Some(Node::Integer(number)) => Quantity::parse(&number.to_string()).unwrap_or_default(),
        Some(Node::Float(number)) => Quantity::parse(&number.to_string()).unwrap_or_default(),
        _ => Quantity::default(),
    }
}

pub(super) fn add(a: Quantity, b: Quantity) -> Quantity {
    a.checked_add(b).unwrap_or(a)
}
