//! The nodes of `baseline/workloads.kdl`: the facts about kinds of object that lowering works with.

use super::{Arity, COUNT, Child, NodeSpec, Reading, many, once, optional, repeated, required, setting};
use crate::value::Kind;

/// What may stand in `baseline/workloads.kdl`.
pub static WORKLOADS_FILE: NodeSpec = NodeSpec {
    children: &[
        repeated(&WORKLOAD),
        repeated(&AUTOSCALER),
        Child { node: &PODS, repeated: false, required: true },
        Child { node: &CLAIM, repeated: false, required: true },
        Child { node: &INGRESS, repeated: true, required: true },
        Child { node: &CONTAINER_DEFAULTS, repeated: false, required: true },
        Child { node: &HEADROOM, repeated: false, required: true },
        Child { node: &LABEL, repeated: true, required: true },
        Child { node: &RESERVED, repeated: false, required: true },
        Child { node: &KUBERNETES, repeated: false, required: true },
        Child { node: &OPERATORS, repeated: false, required: true },
    ],
    ..NodeSpec::new("workloads.kdl", "which kinds make pods, where their parts are, and what is filled in")
};

static WORKLOAD: NodeSpec = NodeSpec {
    arguments: &[required("kind", Kind::Text, "the kind")],
    settings: &[
        required("api", Kind::Text, "its apiVersion"),
        optional("pod", Kind::Text, "where its pod template is; a kind without one makes pods by an operator"),
        optional("operator", Kind::Boolean, "whether an operator makes these pods, and hardens and guards them itself"),
        optional("replicas", Kind::Text, "where the number of its pods is; one pod where it has none"),
        optional("at-most", Kind::Text, "where the number is that bounds how many of its pods run at once"),
        optional("each-node", Kind::Boolean, "whether each node gets one of its pods"),
        optional("ends", Kind::Boolean, "whether its pods end by themselves"),
        optional("suspended", Kind::Text, "where it says that nothing is started until somebody asks"),
        optional("resources", Kind::Text, "where requests and limits of each pod are, where it has no pod template"),
        optional("claims", Kind::Text, "where the list of claims is that each pod gets one of"),
    ],
    children: &[once(&SURGE), once(&RUNS), repeated(&STORAGE), repeated(&SIDECAR), repeated(&FILL_IN)],
    ..NodeSpec::new("workload", "a kind of object that makes pods")
};

static SURGE: NodeSpec = NodeSpec {
    settings: &[
        optional("at", Kind::Text, "where the object says how many"),
        required("default", Kind::Text, "how many where it says nothing: a number, or a share of its pods"),
        optional("strategy", Kind::Text, "where the object says how it is rolled out"),
        optional("none", Kind::Text, "the word with which the old pods go first"),
    ],
    ..NodeSpec::new("surge", "the pods that a new version adds while the old one still runs")
};

static RUNS: NodeSpec = NodeSpec {
    arguments: &[required("at", Kind::Text, "where the object says whether its runs may overlap, or how many do")],
    settings: &[required(
        "default",
        COUNT,
        "how many runs at once where it says nothing that is listed, and no number",
    )],
    children: &[repeated(&WHEN)],
    ..NodeSpec::new("runs", "how many runs there are at once")
};

static WHEN: NodeSpec = NodeSpec {
    arguments: &[required("word", Kind::Text, "what the object says")],
    settings: &[required("count", COUNT, "how many runs at once")],
    ..NodeSpec::new("when", "a word and what follows from it")
};

static STORAGE: NodeSpec = NodeSpec {
    settings: &[
        required("size", Kind::Text, "where its size is"),
        optional("class", Kind::Text, "where its storage class is"),
    ],
    ..NodeSpec::new("storage", "a volume that an operator makes for each pod")
};

static SIDECAR: NodeSpec = NodeSpec {
    settings: &[
        required("each", Kind::Text, "the list whose items ask for one"),
        required("name", Kind::Text, "where such an item names the object that describes it"),
        required("kind", Kind::Text, "the kind of that object"),
        required("api", Kind::Text, "its apiVersion"),
        required("resources", Kind::Text, "where that object says what the container takes"),
    ],
    ..NodeSpec::new("sidecar", "a container that an operator puts beside each pod")
};

static FILL_IN: NodeSpec = NodeSpec {
    arguments: &[required("at", Kind::Text, "a dotted path; the object itself where it is empty")],
    settings: &[required("file", Kind::Text, "the template that is merged in there")],
    ..NodeSpec::new("fill-in", "what the baseline adds where the object says nothing")
};

static AUTOSCALER: NodeSpec = NodeSpec {
    arguments: &[required("kind", Kind::Text, "the kind")],
    settings: &[
        required("api", Kind::Text, "its apiVersion"),
        required("target", Kind::Text, "where the name of its workload is"),
        required("target-kind", Kind::Text, "where the kind of its workload is"),
        optional("default-kind", Kind::Text, "the kind of its workload where it names none"),
        required("target-api", Kind::Text, "where the apiVersion of its workload is"),
        required("minimum", Kind::Text, "where the least number of pods is"),
        required("least", COUNT, "the least number of pods where it names none"),
        required("maximum", Kind::Text, "where the largest number of pods is"),
        optional("most", COUNT, "the largest number of pods where it names none"),
    ],
    ..NodeSpec::new("autoscaler", "a kind of object that scales a workload")
};

static PODS: NodeSpec = NodeSpec {
    settings: &[
        required("labels", Kind::Text, "the map of labels in a pod template"),
        required("containers", Kind::Text, "the list of containers in a pod template"),
        required("init-containers", Kind::Text, "the list of containers that run before them"),
        required("image", Kind::Text, "the image of a container"),
        required("restart", Kind::Text, "where such a container says whether it is started again"),
        required("restart-always", Kind::Text, "the word with which it keeps running beside the others"),
        required("ports", Kind::Text, "the list of ports in a container"),
        required("port-number", Kind::Text, "the number in a port"),
        required("port-protocol", Kind::Text, "the protocol in a port"),
        required("requests", Kind::Text, "the map of requests in a container"),
        required("limits", Kind::Text, "the map of limits in a container"),
        required("own-requests", Kind::Text, "the map of requests that the containers share"),
        required("own-limits", Kind::Text, "the map of limits that the containers share"),
        required("overhead", Kind::Text, "the map of what the pod itself takes beside its containers"),
        required("runtime", Kind::Text, "where it names a runtime that may add an overhead of its own"),
        required("volumes", Kind::Text, "the list of volumes in a pod template"),
        required("claim-name", Kind::Text, "the name of the claim in a volume"),
        required("own-claim", Kind::Text, "the claim in a volume that is made for each pod"),
    ],
    ..NodeSpec::new("pods", "where the parts of a pod template are")
};

static CLAIM: NodeSpec = NodeSpec {
    arguments: &[required("kind", Kind::Text, "the kind")],
    settings: &[
        required("api", Kind::Text, "its apiVersion"),
        required("size", Kind::Text, "where its size is"),
        required("class", Kind::Text, "where its storage class is"),
        required("copies", Kind::Text, "where a storage class says how many copies there are"),
        required("modes", Kind::Text, "where the list of ways is in which it may be mounted"),
        required("once", Kind::Text, "the one of them that a volume for one pod gets"),
        setting(
            "many",
            Kind::Text,
            "those of them for pods on several nodes; the first is what a volume for many gets",
            Arity::Many,
            Reading::Plain,
        ),
    ],
    ..NodeSpec::new("claim", "the kind of object that claims a volume")
};

static INGRESS: NodeSpec = NodeSpec {
    arguments: &[required("kind", Kind::Text, "the kind")],
    settings: &[
        required("api", Kind::Text, "its apiVersion"),
        required("rules", Kind::Text, "where the list of its rules is"),
        required("host", Kind::Text, "the host in a rule; a rule without one answers for every host"),
        required("catch-all", Kind::Text, "where it says what answers for every host"),
        required("tls", Kind::Text, "where the list of its certificates is"),
        required("tls-hosts", Kind::Text, "the hosts of a certificate; one without them is for all"),
    ],
    children: &[repeated(&FILL_IN)],
    ..NodeSpec::new("ingress", "a kind of object that makes hosts public")
};

static CONTAINER_DEFAULTS: NodeSpec = NodeSpec {
    children: &[once(&REQUESTS), once(&LIMITS)],
    ..NodeSpec::new("container-defaults", "what a container that says nothing gets from the limits of its namespace")
};

static REQUESTS: NodeSpec = NodeSpec { settings: RESOURCES, ..NodeSpec::new("requests", "what it is promised") };

static LIMITS: NodeSpec = NodeSpec { settings: RESOURCES, ..NodeSpec::new("limits", "the most it may take") };

const RESOURCES: &[super::Setting] = &[
    optional("cpu", Kind::Quantity, "cores"),
    optional("memory", Kind::Quantity, "memory"),
    optional("ephemeral-storage", Kind::Quantity, "disk of the node"),
];

static HEADROOM: NodeSpec = NodeSpec {
    arguments: &[required("share", Kind::Percentage, "added to what the workloads can ask for")],
    settings: &[
        required("storage", Kind::Percentage, "added to the sizes of the volumes"),
        required("pods", COUNT, "added at the least to the number of pods"),
    ],
    ..NodeSpec::new("headroom", "what a derived quota leaves free; at least one more of the largest pod and claim")
};

static LABEL: NodeSpec = NodeSpec {
    arguments: &[required("key", Kind::Text, "its key")],
    settings: &[required("value", Kind::Text, "its value")],
    ..NodeSpec::new("label", "a label that every generated object gets")
};

static RESERVED: NodeSpec = NodeSpec {
    arguments: &[many("namespace", Kind::Text, "a namespace, or the beginning of some with `*` behind it")],
    ..NodeSpec::new("reserved-namespaces", "namespaces that belong to the cluster and to no tenant")
};

static KUBERNETES: NodeSpec = NodeSpec {
    arguments: &[required("least", Kind::Version, "the first version that takes what is made for every cluster")],
    ..NodeSpec::new("kubernetes", "which versions of Kubernetes the baseline is for")
};

static OPERATORS: NodeSpec = NodeSpec {
    arguments: &[many("operator", Kind::Text, "a name behind `provides`")],
    ..NodeSpec::new(
        "operators",
        "operators that the standard library asks for, so that their names are not missed by a letter",
    )
};
