//! What lowering knows about kinds of object: which make pods, where their parts are, and what is filled in where.
//!
//! All of it is data, in `baseline/workloads.kdl`.

use super::hosts::{IngressKind, read_ingress_kinds};
use crate::diagnostic::Findings;
use crate::object::Node;
use crate::resolve::{DataNode, check_data_file};
use crate::source::{FileId, Sources};
use crate::value::Percentage;
use crate::vocabulary::WORKLOADS_FILE;

/// The facts of `workloads.kdl`.
#[derive(Debug, Default)]
pub struct Workloads {
    pub list: Vec<Workload>,
    pub autoscalers: Vec<Autoscaler>,
    pub pods: PodParts,
    pub claim: ClaimKind,
    pub ingresses: Vec<IngressKind>,
    pub headroom: Headroom,
    /// Namespaces of the cluster itself; `*` at the end stands for any rest.
    pub reserved_namespaces: Vec<String>,
}

/// What a derived quota leaves free.
#[derive(Debug, Clone, Copy, Default)]
pub struct Headroom {
    pub share: Percentage,
    pub storage: Percentage,
}

/// A kind that makes pods.
#[derive(Debug)]
pub struct Workload {
    pub kind: String,
    pub api: String,
    pub pod: Option<String>,
    pub replicas: Option<String>,
    pub surge: i64,
    pub resources: Option<String>,
    pub storage: Option<String>,
    pub storage_class: Option<String>,
    pub fill_ins: Vec<FillIn>,
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
    pub minimum: String,
    pub maximum: String,
}

/// Where the parts of a pod template are.
#[derive(Debug, Default)]
pub struct PodParts {
    pub containers: String,
    pub init_containers: String,
    pub image: String,
    pub ports: String,
    pub port_number: String,
    pub port_protocol: String,
    pub requests: String,
    pub limits: String,
}

/// The kind that claims volumes.
#[derive(Debug, Default)]
pub struct ClaimKind {
    pub kind: String,
    pub api: String,
    pub size: String,
    pub class: String,
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

pub(super) fn read_workloads(file: FileId, sources: &Sources, findings: &mut Findings) -> Workloads {
    let form = check_data_file(file, sources, &WORKLOADS_FILE, findings);
    let list = form
        .children("workload")
        .map(|workload| Workload {
            kind: text(workload, "kind"),
            api: text(workload, "api"),
            pod: workload.text("pod"),
            replicas: workload.text("replicas"),
            surge: workload.integer("surge").unwrap_or(0),
            resources: workload.text("resources"),
            storage: workload.text("storage"),
            storage_class: workload.text("storage-class"),
            fill_ins: workload
                .children("fill-in")
                .map(|fill| FillIn { at: text(fill, "at"), file: text(fill, "file") })
                .collect(),
        })
        .collect();
    let autoscalers = form
        .children("autoscaler")
        .map(|scaler| Autoscaler {
            kind: text(scaler, "kind"),
            api: text(scaler, "api"),
            target: text(scaler, "target"),
            minimum: text(scaler, "minimum"),
            maximum: text(scaler, "maximum"),
        })
        .collect();
    let pods = form.children("pods").next().map(|pods| PodParts {
        containers: text(pods, "containers"),
        init_containers: text(pods, "init-containers"),
        image: text(pods, "image"),
        ports: text(pods, "ports"),
        port_number: text(pods, "port-number"),
        port_protocol: text(pods, "port-protocol"),
        requests: text(pods, "requests"),
        limits: text(pods, "limits"),
    });
    let claim = form.children("claim").next().map(|claim| ClaimKind {
        kind: text(claim, "kind"),
        api: text(claim, "api"),
        size: text(claim, "size"),
        class: text(claim, "class"),
    });
    let reserved = form.children("reserved-namespaces").next();
    let headroom = form.children("headroom").next().map(|headroom| Headroom {
        share: headroom.percentage("share").unwrap_or_default(),
        storage: headroom.percentage("storage").unwrap_or_default(),
    });
    Workloads {
        list,
        autoscalers,
        pods: pods.unwrap_or_default(),
        claim: claim.unwrap_or_default(),
        ingresses: read_ingress_kinds(&form),
        headroom: headroom.unwrap_or_default(),
        reserved_namespaces: reserved.map(|reserved| reserved.texts("namespace")).unwrap_or_default(),
    }
}

fn text(node: DataNode<'_>, name: &str) -> String {
    node.text(name).unwrap_or_default()
}
