//! The tenants' nodes: who they are, and what they use. At the top a node declares; in here it uses, but for `table`
//! and `volume`, which declare for the tenant they stand in.

use super::platform::LABELS;
use super::{
    Arity, COUNT, Child, NodeSpec, Open, Reading, Setting, evaluated, once, optional, repeated, required, setting,
};
use crate::value::Kind;

/// What `defaults` and every tenant may hold.
pub static TENANT_USES: &[Child] =
    &[once(&QUOTA), once(&ACCESS), repeated(&SERVICE), once(&LABELS), repeated(&TABLE), repeated(&VOLUME)];

/// The kinds of tenant there are.
pub static TENANT_DECLARATIONS: &[&NodeSpec] = &[&MUNICIPALITY, &CUSTOMER];

const CLUSTER: Setting = optional("cluster", Kind::Reference("cluster"), "the cluster it lives on");
const DOMAIN: Setting = evaluated("domain", Kind::HostName, "its domain; `<name>.<platform domain>` unless given");

pub(super) static DEFAULTS: NodeSpec = NodeSpec {
    arguments: &[required("kind", Kind::Enum(&["municipality", "customer"]), "the kind of tenant they are for")],
    settings: &[CLUSTER, DOMAIN],
    children: &[once(&QUOTA), once(&ACCESS), repeated(&SERVICE), once(&LABELS), repeated(&VOLUME)],
    ..NodeSpec::new("defaults", "what every tenant of a kind gets unless it says otherwise")
};

pub(super) static MUNICIPALITY: NodeSpec = NodeSpec {
    arguments: &[required("name", Kind::DnsLabel, "its short name: the first part of its namespaces")],
    settings: &[
        required("ags", Kind::Ags, "its official municipality key: 8 digits, 5 for a Kreis"),
        optional("title", Kind::Line, "its name as people write it"),
        CLUSTER,
        DOMAIN,
    ],
    children: &[
        once(&QUOTA),
        once(&ACCESS),
        repeated(&SERVICE),
        once(&LABELS),
        repeated(&TABLE),
        repeated(&VOLUME),
        repeated(&WITHOUT),
        once(&ISOLATION),
    ],
    ..NodeSpec::new("municipality", "a municipality or a Kreis, with what it uses")
};

pub(super) static CUSTOMER: NodeSpec = NodeSpec {
    arguments: &[required("name", Kind::DnsLabel, "its short name: the first part of its namespaces")],
    settings: &[optional("title", Kind::Line, "its name as people write it"), CLUSTER, DOMAIN],
    children: MUNICIPALITY.children,
    ..NodeSpec::new("customer", "a tenant that is no municipality, with what it uses")
};

pub(super) static DEV_CLUSTER: NodeSpec = NodeSpec {
    arguments: &[required("name", Kind::DnsLabel, "its name")],
    settings: &[
        required("for", Kind::Reference("tenant"), "the tenant it is for"),
        required("distribution", Kind::Enum(&["k3s", "rke2"]), "what it runs"),
        required("version", Kind::Semver, "its version"),
        optional("nodes", COUNT, "how many machines will join it"),
        required("until", Kind::Date, "the day it is taken down"),
    ],
    ..NodeSpec::new("dev-cluster", "a development cluster that Rancher makes for a tenant")
};

static QUOTA: NodeSpec = NodeSpec {
    arguments: &[optional("name", Kind::Reference("quota"), "a declared quota; drops inherited overrides")],
    settings: &[
        optional("cpu", Kind::Quantity, "instead of the quota's own"),
        optional("memory", Kind::Quantity, "instead of the quota's own"),
        optional("storage", Kind::Quantity, "instead of the quota's own"),
        optional("pods", COUNT, "instead of the quota's own"),
    ],
    ..NodeSpec::new("quota", "how much the tenant may use")
};

static ACCESS: NodeSpec = NodeSpec {
    open: Open::Lists,
    ..NodeSpec::new("access", "which Active Directory groups have which role: `admin GG_K8S_GOCH_Admins`")
};

static SERVICE: NodeSpec = NodeSpec {
    arguments: &[required("service", Kind::Reference("service"), "the service")],
    settings: &[
        optional("name", Kind::DnsLabel, "the instance's name; the service's unless given"),
        optional("for-each", Kind::Reference("table"), "one instance for each row of a table"),
    ],
    children: &[once(&OWN_QUOTA)],
    open: Open::Declared,
    ..NodeSpec::new("service", "a service the tenant gets, with its parameters")
};

static ISOLATION: NodeSpec = NodeSpec {
    arguments: &[optional("whole", Kind::Text, "`cluster`: the tenant has a whole cluster for itself")],
    settings: &[
        optional("pool", Kind::Reference("pool"), "a pool of its cluster that it has for itself"),
        optional("monitoring", Kind::Boolean, "whether the platform's monitoring reaches its pods; no unless given"),
    ],
    ..NodeSpec::new("isolation", "nodes, disks and backups that no other tenant is on")
};

static OWN_QUOTA: NodeSpec = NodeSpec {
    settings: &[
        optional("cpu", Kind::Quantity, "cores it may request"),
        optional("memory", Kind::Quantity, "memory it may request"),
        optional("storage", Kind::Quantity, "size of all its volumes"),
        optional("pods", COUNT, "pods at once"),
    ],
    ..NodeSpec::new(
        "quota",
        "how much the service's own namespace may use; derived from what it is made of unless given",
    )
};

static TABLE: NodeSpec = NodeSpec {
    arguments: &[
        required("name", Kind::DnsLabel, "its name"),
        required("file", Kind::Text, "a CSV file of the workspace with a header; the column `id` names the rows"),
    ],
    children: &[Child { node: &COLUMN, repeated: true, required: true }],
    ..NodeSpec::new("table", "rows that services are made from, typed")
};

static COLUMN: NodeSpec = NodeSpec {
    arguments: &[required("name", Kind::DnsLabel, "its name in the header")],
    settings: &[
        required("type", Kind::Text, "the kind of its values"),
        optional("required", Kind::Boolean, "whether every row has a value; yes unless given"),
        setting("values", Kind::Text, "the values of an `enum`", Arity::Any, Reading::Plain),
    ],
    ..NodeSpec::new("column", "a column that is read")
};

static VOLUME: NodeSpec = NodeSpec {
    arguments: &[required("name", Kind::DnsLabel, "its name")],
    settings: &[
        required("size", Kind::Quantity, "its size"),
        required("class", Kind::Reference("storage-class"), "the storage class"),
        optional("access", Kind::Enum(&["once", "many"]), "how many nodes write at once; `once` unless given"),
    ],
    ..NodeSpec::new("volume", "a volume in the tenant's own namespace")
};

static WITHOUT: NodeSpec = NodeSpec {
    arguments: &[
        required("what", Kind::Enum(&["service", "access", "label", "volume"]), "the kind of thing"),
        required("name", Kind::DnsLabel, "its name"),
    ],
    ..NodeSpec::new("without", "takes away what the defaults give")
};
