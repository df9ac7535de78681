//! The nodes of clusters and their storage.

use super::platform::LABELS;
use super::{Arity, COUNT, NodeSpec, Reading, once, optional, repeated, required, setting};
use crate::value::Kind;

pub(super) static CLUSTER: NodeSpec = NodeSpec {
    arguments: &[required("name", Kind::DnsLabel, "its name, as Fleet knows it")],
    settings: &[
        optional("rancher-id", Kind::DnsLabel, "its id in Rancher: `c-m-…`; random, so it cannot be derived"),
        required("kubernetes", Kind::Semver, "its Kubernetes version"),
        optional("overcommit", Kind::Percentage, "how much of its capacity quotas may promise; 100% unless given"),
    ],
    children: &[
        once(&INGRESS),
        once(&NETWORK),
        once(&NODES),
        repeated(&POOL),
        once(&LONGHORN),
        once(&UPGRADE),
        repeated(&PROVIDES),
        once(&LABELS),
    ],
    ..NodeSpec::new("cluster", "a cluster, by the facts that only it knows")
};

static INGRESS: NodeSpec = NodeSpec {
    arguments: &[required("class", Kind::Enum(&["traefik", "nginx"]), "the ingress class")],
    settings: &[
        optional("host-network", Kind::Boolean, "whether its traffic comes from node addresses"),
        setting(
            "from",
            Kind::Cidr,
            "the addresses a controller on the host network comes with; the node network unless given",
            Arity::Any,
            Reading::Plain,
        ),
    ],
    ..NodeSpec::new("ingress", "the cluster's ingress controller")
};

static NETWORK: NodeSpec = NodeSpec {
    settings: &[
        required("pods", Kind::Cidr, "the pods' network"),
        required("services", Kind::Cidr, "the services' network"),
        required("nodes", Kind::Cidr, "the nodes' network"),
    ],
    ..NodeSpec::new("network", "the cluster's networks")
};

/// Of none there is nothing to prove and nowhere to run.
const NODE_COUNT: Kind = Kind::Integer { minimum: 1, maximum: 1_000_000 };

static NODES: NodeSpec = NodeSpec {
    arguments: &[required("count", NODE_COUNT, "how many there are")],
    settings: &[
        required("cpu", Kind::Quantity, "allocatable CPU of each"),
        required("memory", Kind::Quantity, "allocatable memory of each"),
        required("pods", COUNT, "pods each can hold"),
        optional("spare", COUNT, "how many may fail at once; 1 unless given"),
    ],
    ..NodeSpec::new("nodes", "the cluster's workers that its tenants share, all alike")
};

static POOL: NodeSpec = NodeSpec {
    arguments: &[required("name", Kind::DnsLabel, "its name: value of the label and the taint, tag of Longhorn")],
    settings: &[
        required("nodes", NODE_COUNT, "how many there are"),
        required("cpu", Kind::Quantity, "allocatable CPU of each"),
        required("memory", Kind::Quantity, "allocatable memory of each"),
        required("pods", COUNT, "pods each can hold"),
        optional("spare", COUNT, "how many may fail at once; 1 unless given"),
        optional("disk", Kind::Quantity, "size of Longhorn's disk on each, where the cluster has Longhorn"),
        optional("credentials", Kind::DnsLabel, "name of the Secret for its backups; that of the target unless given"),
    ],
    ..NodeSpec::new(
        "pool",
        "nodes beside the shared ones, for one tenant: tainted and labelled `<label-prefix>/pool=NAME`",
    )
};

static LONGHORN: NodeSpec = NodeSpec {
    settings: &[
        required("disk", Kind::Quantity, "size of the disk on each node"),
        optional("reserved", Kind::Percentage, "the part of it Longhorn leaves alone; 30% unless given"),
        optional("over-provisioning", Kind::Percentage, "how much of the rest it promises; 100% unless given"),
    ],
    ..NodeSpec::new("longhorn", "the cluster's storage")
};

static UPGRADE: NodeSpec = NodeSpec {
    settings: &[
        required("window", Kind::Window, "the hours in which its nodes may be upgraded, in the platform's time zone"),
        setting(
            "days",
            Kind::Enum(&["mo", "tu", "we", "th", "fr", "sa", "su"]),
            "the days on which it opens; all of them unless given",
            Arity::Any,
            Reading::Plain,
        ),
        optional("workers", NODE_COUNT, "how many of its workers at once; 1 unless given"),
    ],
    ..NodeSpec::new("upgrade", "for a cluster that Rancher did not provision: upgrades it to its `kubernetes` version")
};

static PROVIDES: NodeSpec = NodeSpec {
    arguments: &[required("operator", Kind::DnsLabel, "`cnpg`, `external-secrets`, `cert-manager`, `monitoring` …")],
    settings: &[required("version", Kind::Version, "its version")],
    ..NodeSpec::new("provides", "an operator that runs in the cluster")
};

pub(super) static STORAGE_CLASS: NodeSpec = NodeSpec {
    arguments: &[required("name", Kind::DnsLabel, "the name volumes use")],
    settings: &[
        required("replicas", Kind::Integer { minimum: 1, maximum: 20 }, "copies Longhorn keeps on different nodes"),
        optional("reclaim", Kind::Enum(&["retain", "delete"]), "what deleting a claim does; `retain` unless given"),
        optional("locality", Kind::Enum(&["disabled", "best-effort", "strict-local"]), "where a copy has to be"),
        optional("filesystem", Kind::Enum(&["ext4", "xfs"]), "`ext4` unless given"),
        optional("nfs", Kind::Enum(&["soft", "hard"]), NFS),
        optional("shared", Kind::Boolean, "whether volumes with many writers may use it; yes unless given"),
    ],
    children: &[repeated(&SNAPSHOT), repeated(&BACKUP)],
    ..NodeSpec::new("storage-class", "a kind of volume: copies, snapshots and backups")
};

const NFS: &str = "what writers of a shared volume do while its server is away: `soft` gives up, `hard` waits";

static SNAPSHOT: NodeSpec = NodeSpec {
    arguments: &[required("name", Kind::DnsLabel, "its name")],
    settings: &[
        required("at", Kind::Cron, "when"),
        required("keep", Kind::Integer { minimum: 1, maximum: 100 }, "how many are kept"),
    ],
    ..NodeSpec::new("snapshot", "snapshots inside the cluster")
};

static BACKUP: NodeSpec = NodeSpec {
    arguments: &[required("name", Kind::DnsLabel, "its name")],
    settings: &[
        required("window", Kind::Window, "the hours of the night it may run in, in the platform's time zone"),
        required("keep", Kind::Integer { minimum: 1, maximum: 100 }, "how many are kept"),
        required("to", Kind::Reference("backup-target"), "where they go"),
    ],
    ..NodeSpec::new("backup", "backups outside the cluster")
};

pub(super) static BACKUP_TARGET: NodeSpec = NodeSpec {
    arguments: &[required("name", Kind::DnsLabel, "its name")],
    settings: &[
        required(
            "url",
            Kind::Address(&["s3", "nfs", "cifs", "azblob"]),
            "where it is: `s3://bucket@region/`, `nfs://host:/path`; each cluster gets a folder",
        ),
        required("credentials", Kind::DnsLabel, "name of the Secret in `longhorn-system`"),
        optional("poll-interval", Kind::Duration, "how often Longhorn looks; `5m` unless given"),
    ],
    ..NodeSpec::new("backup-target", "a place outside the clusters for backups")
};
