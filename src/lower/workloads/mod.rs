//! What lowering knows about kinds of object: which make pods, how many, where their parts are, and what is filled in where.
//!
//! All of it is data, in `baseline/workloads.kdl`; `read` takes it from there.

mod read;

pub(super) use self::read::{read_fill_ins, read_workloads};

use super::hosts::IngressKind;
use crate::object::{Node, Text};
use crate::value::{Percentage, Quantity, Version};

/// The facts of `workloads.kdl`.
#[derive(Debug, Default)]
pub struct Workloads {
    pub list: Vec<Workload>,
    pub autoscalers: Vec<Autoscaler>,
    pub pods: PodParts,
    pub claim: ClaimKind,
    pub ingresses: Vec<IngressKind>,
    pub defaults: ContainerDefaults,
    pub headroom: Headroom,
    /// What every generated object has.
    pub labels: Vec<(Text, Text)>,
    /// Namespaces of the cluster itself; `*` at the end stands for any rest.
    pub reserved_namespaces: Vec<String>,
    /// The first version of Kubernetes that takes what is made for every cluster.
    pub least_kubernetes: Option<Version>,
    /// The operators that the standard library asks for.
    pub operators: Vec<String>,
}

/// What a derived quota leaves free, beyond one more of the largest pod and of the largest claim.
#[derive(Debug, Clone, Copy, Default)]
pub struct Headroom {
    pub share: Percentage,
    pub storage: Percentage,
    /// At least so many pods.
    pub pods: i64,
}

/// What a container that says nothing gets from the limits of its namespace.
#[derive(Debug, Clone, Copy, Default)]
pub struct ContainerDefaults {
    pub requests: Resources,
    pub limits: Resources,
}

/// An amount of each thing that containers take.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Resources {
    pub cpu: Quantity,
    pub memory: Quantity,
    pub ephemeral_storage: Quantity,
}

impl Resources {
    /// As containers name them, in the order of [`Resources::list`].
    pub const NAMES: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];

    pub fn of(amounts: [Quantity; 3]) -> Resources {
        let [cpu, memory, ephemeral_storage] = amounts;
        Resources { cpu, memory, ephemeral_storage }
    }

    pub fn list(&self) -> [Quantity; 3] {
        [self.cpu, self.memory, self.ephemeral_storage]
    }

    /// Each amount with its name.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, Quantity)> {
        Self::NAMES.into_iter().zip(self.list())
    }
}

/// A kind that makes pods.
#[derive(Debug)]
pub struct Workload {
    pub kind: String,
    pub api: String,
    pub pod: Option<String>,
    /// Whether an operator makes its pods.
    pub operator: bool,
    pub replicas: Option<String>,
    /// Where the number is that bounds how many of its pods run at once.
    pub at_most: Option<String>,
    /// Whether each node gets one of its pods.
    pub each_node: bool,
    /// Whether its pods end by themselves.
    pub ends: bool,
    /// Where it says that nothing is started until somebody asks.
    pub suspended: Option<String>,
    pub resources: Option<String>,
    /// Where the list of claims is that each of its pods gets one of.
    pub claims: Option<String>,
    pub surge: Option<Surge>,
    pub runs: Option<Runs>,
    pub storage: Vec<Storage>,
    pub sidecars: Vec<Sidecar>,
    pub fill_ins: Vec<FillIn>,
}

/// The pods that a new version adds while the old one still runs.
#[derive(Debug)]
pub struct Surge {
    pub at: Option<String>,
    /// `25%` or a number, where the object says nothing.
    pub default: String,
    /// Where the object says how it is rolled out, and the word with which the old pods go first.
    pub strategy: Option<String>,
    pub none: Option<String>,
}

/// How many of its runs there are at once.
#[derive(Debug)]
pub struct Runs {
    pub at: String,
    /// By the word that stands there.
    pub when: Vec<(String, i64)>,
    pub default: i64,
}

/// A volume that each of its pods gets.
#[derive(Debug)]
pub struct Storage {
    pub size: String,
    pub class: Option<String>,
}

/// A container that an operator puts beside each pod, described by another object.
#[derive(Debug)]
pub struct Sidecar {
    /// The list in the workload whose items ask for one.
    pub each: String,
    /// Where such an item names the other object.
    pub name: String,
    pub kind: String,
    pub api: String,
    /// Where the other object says what the container takes.
    pub resources: String,
}

/// What is merged in, and where.
#[derive(Debug)]
pub struct FillIn {
    pub at: String,
    pub file: String,
}

/// A kind that scales workloads.
#[derive(Debug)]
pub struct Autoscaler {
    pub kind: String,
    pub api: String,
    pub target: String,
    pub target_kind: String,
    pub default_kind: Option<String>,
    pub target_api: String,
    pub minimum: String,
    pub maximum: String,
    /// The numbers of pods where it names none.
    pub least: i64,
    pub most: Option<i64>,
}

/// Where the parts of a pod template are.
#[derive(Debug, Default)]
pub struct PodParts {
    pub labels: String,
    pub containers: String,
    pub init_containers: String,
    /// Where an init container says that it keeps running, and the word for it.
    pub restart: String,
    pub restart_always: String,
    pub image: String,
    pub ports: String,
    pub port_number: String,
    pub port_protocol: String,
    pub requests: String,
    pub limits: String,
    /// What the containers share: given for the pod as a whole.
    pub own_requests: String,
    pub own_limits: String,
    pub overhead: String,
    /// Where it names a runtime that may add an overhead of its own.
    pub runtime: String,
    pub volumes: String,
    /// In a volume: the name of the claim it mounts.
    pub claim_name: String,
    /// In a volume: the claim that is made for each pod and goes with it.
    pub own_claim: String,
}

/// The kind that claims volumes.
#[derive(Debug, Default)]
pub struct ClaimKind {
    pub kind: String,
    pub api: String,
    pub size: String,
    pub class: String,
    /// Where a storage class says how many copies of a volume there are.
    pub copies: String,
    /// Where the ways are in which it may be mounted, the one for a single writer, and those for pods on several nodes.
    pub modes: String,
    pub once: String,
    pub many: Vec<String>,
}

impl Workloads {
    /// Whether a namespace belongs to the cluster itself.
    pub fn is_reserved(&self, namespace: &str) -> bool {
        self.reserved_namespaces.iter().any(|reserved| match reserved.strip_suffix('*') {
            Some(beginning) => namespace.starts_with(beginning),
            None => namespace == reserved,
        })
    }

    /// The facts about an object's kind, where it makes pods.
    pub fn of(&self, object: &Node) -> Option<&Workload> {
        let of = super::emit::kind_of(object);
        self.list.iter().find(|workload| of == (&workload.api, &workload.kind))
    }

    pub fn autoscaler(&self, object: &Node) -> Option<&Autoscaler> {
        let of = super::emit::kind_of(object);
        self.autoscalers.iter().find(|scaler| of == (&scaler.api, &scaler.kind))
    }

    pub fn is_claim(&self, object: &Node) -> bool {
        super::emit::kind_of(object) == (&self.claim.api, &self.claim.kind)
    }
}

impl ClaimKind {
    /// The way in which a volume of one writer or of many is mounted.
    pub fn mode(&self, shared: bool) -> &str {
        if shared { self.many.first().map_or("", String::as_str) } else { &self.once }
    }

    /// Whether a claim is for pods on several nodes.
    pub fn takes_many(&self, claim: &Node) -> bool {
        let modes = claim.at(&self.modes).and_then(Node::as_list).unwrap_or_default();
        modes.iter().filter_map(Node::as_str).any(|mode| self.many.iter().any(|many| many == mode))
    }
}

impl Workload {
    /// Where the pod template is, unless an operator makes the pods and hardens and guards them itself.
    pub fn own_pod(&self) -> Option<&str> {
        self.pod.as_deref().filter(|_| !self.operator)
    }
}
