//! The platform team's own nodes: the platform, its directory, roles, quotas, lint levels and waivers.

use super::{Arity, COUNT, NodeSpec, Open, Reading, many, once, optional, repeated, required, setting};
use crate::value::Kind;

pub(super) static PLATFORM: NodeSpec = NodeSpec {
    arguments: &[required("name", Kind::DnsLabel, "short name of the platform")],
    settings: &[
        required("domain", Kind::HostName, "the domain below which tenants get their names"),
        optional("label-prefix", Kind::HostName, "prefix of the platform's own labels; the domain unless given"),
        optional("time-zone", Kind::Text, "IANA name of the zone in which windows are meant; UTC unless given"),
        optional("registry", Kind::HostName, "the registry that images are pulled through"),
        optional(
            "charts",
            Kind::Address(&["https", "http", "oci"]),
            "where charts are fetched from instead of their own repositories: `<charts>/<name>-<version>.tgz`, or `oci://…`",
        ),
    ],
    children: &[
        once(&RANCHER),
        once(&DELIVERY),
        once(&SECRETS),
        once(&MONITORING),
        once(&LOGGING),
        repeated(&ENDPOINT),
    ],
    ..NodeSpec::new("platform", "the platform all tenants live on")
};

static RANCHER: NodeSpec = NodeSpec {
    arguments: &[required("version", Kind::Version, "its version")],
    children: &[once(&RANCHER_BACKUP)],
    ..NodeSpec::new("rancher", "the Rancher that manages the clusters")
};

static RANCHER_BACKUP: NodeSpec = NodeSpec {
    settings: &[
        required("bucket", Kind::Line, "the bucket"),
        required("endpoint", Kind::HostName, "the host of the S3 store, without a scheme"),
        optional("region", Kind::Line, "its region"),
        optional("folder", Kind::RepositoryFolder, "a folder in the bucket"),
        required(
            "credentials",
            Kind::DnsLabel,
            "the Secret in `cattle-resources-system` with `accessKey` and `secretKey`",
        ),
        required(
            "encryption",
            Kind::DnsLabel,
            "the Secret there with `encryption-provider-config.yaml`: secrets are in it",
        ),
        required("at", Kind::Cron, "when, in UTC"),
        required("keep", Kind::Integer { minimum: 1, maximum: 1000 }, "how many are kept"),
    ],
    ..NodeSpec::new("backup", "a backup of Rancher itself: its users, rights, projects and clusters")
};

static DELIVERY: NodeSpec = NodeSpec {
    arguments: &[required("by", Kind::Enum(&["fleet"]), "what applies the tree")],
    settings: &[
        required("repository", Kind::Address(&["https", "ssh", "http"]), "the Git repository that holds the tree"),
        optional("branch", Kind::Branch, "its branch; `main` unless given"),
        optional(
            "path",
            Kind::RepositoryFolder,
            "the folder of the tree in it, `.` for the repository itself; `out` unless given",
        ),
    ],
    ..NodeSpec::new("delivery", "how the tree reaches the clusters")
};

static SECRETS: NodeSpec = NodeSpec {
    arguments: &[required("by", Kind::Enum(&["external-secrets"]), "what brings secrets into a namespace")],
    settings: &[
        required("vault", Kind::Address(&["https", "http"]), "address of the Vault or OpenBao that keeps the values"),
        optional("mount", Kind::DnsLabel, "its KV engine of version 2; `stadtplan` unless given"),
        optional(
            "auth",
            Kind::DnsLabel,
            "where clusters log in, each at `<auth>-<cluster>`; `kubernetes` unless given",
        ),
        optional("role", Kind::DnsLabel, "the role they log in with; `stadtplan` unless given"),
        optional(
            "ca",
            Kind::DnsLabel,
            "the ConfigMap in `stadtplan-system` whose `ca.crt` the Vault's certificate is signed by",
        ),
    ],
    ..NodeSpec::new(
        "secrets",
        "where secrets come from: one store for each tenant, which reaches that tenant's values alone",
    )
};

static MONITORING: NodeSpec = NodeSpec {
    arguments: &[setting(
        "by",
        Kind::Enum(&["prometheus", "grafana", "nagios"]),
        "what watches them",
        Arity::Many,
        Reading::Plain,
    )],
    settings: &[optional(
        "contact-group",
        Kind::Line,
        "the contact group of Nagios that is told of what fails; `admins` unless given",
    )],
    ..NodeSpec::new("monitoring", "what watches the services")
};

static LOGGING: NodeSpec = NodeSpec {
    arguments: &[required("to", Kind::Enum(&["elasticsearch"]), "what stores the logs")],
    settings: &[
        required("host", Kind::HostName, "its host"),
        optional("port", Kind::Integer { minimum: 1, maximum: 65_535 }, "its port; 9200 unless given"),
        optional("scheme", Kind::Enum(&["https", "http"]), "`https` unless given"),
        optional(
            "index-prefix",
            Kind::DnsLabel,
            "how indices begin, `<index-prefix>-<tenant>.<day>`; the platform's name unless given",
        ),
        optional(
            "user-prefix",
            Kind::DnsLabel,
            "how users begin, `<user-prefix>-<tenant>`: each may write its tenant's indices; the platform's name unless given",
        ),
        optional(
            "ca",
            Kind::DnsLabel,
            "the Secret beside the logging operator whose `ca.crt` the certificate is signed by",
        ),
    ],
    ..NodeSpec::new("logging", "where logs go: indices for each tenant and day, and a user of its own for each tenant")
};

static ENDPOINT: NodeSpec = NodeSpec {
    arguments: &[
        required("name", Kind::DnsLabel, "the name services say `egress` with: `oidc`, `bbb`, `smtp`, `s3`"),
        required("url", Kind::Url, "its address"),
    ],
    settings: &[
        many("to", Kind::Cidr, "the networks it answers from; network policies know no host names"),
        required("port", Kind::Integer { minimum: 1, maximum: 65_535 }, "its TCP port"),
        optional(
            "ca",
            Kind::Text,
            "the PEM file of the workspace with the house authority that signed its certificate",
        ),
    ],
    ..NodeSpec::new("endpoint", "a shared service outside the tenants' namespaces, and the opening that leads to it")
};

pub(super) static DIRECTORY: NodeSpec = NodeSpec {
    arguments: &[required("base", Kind::Dn, "the base DN of the Active Directory")],
    settings: &[optional("group-base", Kind::Dn, "groups outside this DN do not exist for Rancher")],
    children: &[once(&EXPORT)],
    ..NodeSpec::new("directory", "the Active Directory that rights come from")
};

static EXPORT: NodeSpec = NodeSpec {
    arguments: &[required("file", Kind::Text, "the LDIF export of its groups, a file of the workspace")],
    settings: &[optional("max-age", Kind::Duration, "how old it may be")],
    ..NodeSpec::new("export", "a dated export of the directory's groups")
};

pub(super) static ROLE: NodeSpec = NodeSpec {
    arguments: &[required("name", Kind::DnsLabel, "the name `access` uses")],
    settings: &[
        required("project-role", Kind::DnsLabel, "Rancher's role template for the tenant's project"),
        required("cluster-role", Kind::DnsLabel, "the ClusterRole bound in each namespace where there is no Rancher"),
        optional("restores", Kind::Boolean, "whether it may restore volumes from snapshots"),
    ],
    ..NodeSpec::new("role", "a set of rights that groups get in a tenant")
};

pub(super) static QUOTA: NodeSpec = NodeSpec {
    arguments: &[required("name", Kind::DnsLabel, "the name tenants use")],
    settings: &[
        required("cpu", Kind::Quantity, "CPU the tenant may request in all"),
        required("memory", Kind::Quantity, "memory the tenant may request in all"),
        required("storage", Kind::Quantity, "size of the tenant's volumes in all"),
        required("pods", COUNT, "number of the tenant's pods in all"),
    ],
    ..NodeSpec::new("quota", "how much a tenant may use")
};

pub(super) static LINT: NodeSpec = NodeSpec {
    arguments: &[
        required("code", Kind::Text, "the code of a finding"),
        required("level", Kind::Enum(&["allow", "warn", "deny"]), "what it does to a compile"),
    ],
    ..NodeSpec::new("lint", "the level of a finding in this workspace")
};

pub(super) static WAIVER: NodeSpec = NodeSpec {
    arguments: &[required("code", Kind::Text, "the code that is waived")],
    settings: &[
        required("reason", Kind::Line, "why"),
        required("owner", Kind::Line, "who answers for it"),
        required("until", Kind::Date, "the last day it holds"),
        optional("tenant", Kind::Reference("tenant"), "only for this tenant"),
    ],
    ..NodeSpec::new("waiver", "a finding that is known and accepted for a time")
};

/// `labels { key value }`, in every place that takes labels.
pub(super) static LABELS: NodeSpec =
    NodeSpec { open: Open::Texts, ..NodeSpec::new("labels", "labels of the platform's own prefix") };
