//! The stable names of findings, each with its level and its page.
//!
//! A code is a kebab-case noun of the problem that reads well after "allow". It is never renamed. Its page lies in
//! `pages/<name>.md` beside this file: what it means, why it matters, an example that gives exactly this code, and the
//! same example mended. The pages are compiled as tests.

/// What a finding does to a compile unless the workspace says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Allow,
    Warn,
    Deny,
}

/// The identity of a kind of finding.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    pub name: &'static str,
    pub level: Level,
    /// One line: the problem, as a list of codes shows it.
    pub summary: &'static str,
    /// The page of `stadtplan explain`.
    pub page: &'static str,
    /// Whether the workspace may lower its level or waive it; what would make the output wrong it may not.
    pub may_be_waived: bool,
}

macro_rules! codes {
    ($($constant:ident = $name:literal, $level:ident, $waivable:literal, $summary:literal;)*) => {
        /// Every code there is.
        pub mod codes {
            use super::{Code, Level};

            $(
                #[doc = $summary]
                pub static $constant: Code = Code {
                    name: $name,
                    level: Level::$level,
                    summary: $summary,
                    page: include_str!(concat!("pages/", $name, ".md")),
                    may_be_waived: $waivable,
                };
            )*

            /// All of them, sorted by name.
            pub static ALL: &[&Code] = &[$(&$constant),*];

            /// The code of this name.
            pub fn by_name(name: &str) -> Option<&'static Code> {
                ALL.iter().copied().find(|code| code.name == name)
            }
        }
    };
}

codes! {
    BAD_LOCK = "bad-lock", Deny, false, "a lock that cannot be read";
    BAD_SCHEMA = "bad-schema", Deny, false, "a schema of a kind that cannot be read";
    BAD_SYNTAX = "bad-syntax", Deny, false, "the text is not KDL 2.0 or not YAML";
    CLUSTER_FULL = "cluster-full", Deny, true, "tenants that request more than the cluster has";
    CLUSTER_WIDE = "cluster-wide", Deny, true, "an object of the whole cluster among a tenant's";
    CROWDED_REPOSITORY = "crowded-repository", Warn, true, "a tenant of more objects than Fleet can list";
    CROWDED_VOLUME = "crowded-volume", Deny, true, "a volume for one pod that several pods mount";
    CYCLIC = "cyclic", Deny, false, "a service that needs itself";
    DIGEST_MISMATCH = "digest-mismatch", Deny, true, "two digests for one image or chart";
    DISKS_FULL = "disks-full", Deny, true, "volumes that do not fit the cluster's disks";
    DISTRIBUTION_LIST = "distribution-list", Deny, true, "a group that gives no rights";
    DUPLICATE_AGS = "duplicate-ags", Deny, false, "two tenants with one municipality key";
    DUPLICATE_HOST = "duplicate-host", Deny, false, "a public host name claimed twice";
    DUPLICATE_NAME = "duplicate-name", Deny, false, "two things of one kind with one name";
    DUPLICATE_NAMESPACE = "duplicate-namespace", Deny, false, "two namespaces of one name in a cluster";
    DUPLICATE_OBJECT = "duplicate-object", Deny, false, "two objects of one kind and name";
    EMPTY_GROUP = "empty-group", Warn, true, "a group without members";
    EXPIRED_CERTIFICATE = "expired-certificate", Deny, true, "a certificate after its last day";
    EXPIRED_WAIVER = "expired-waiver", Deny, false, "a waiver after its last day";
    EXPRESSION_ERROR = "expression-error", Deny, false, "an expression that cannot be read or evaluated";
    FILE_ERROR = "file-error", Deny, false, "a file that cannot be read";
    FOREIGN_DOMAIN = "foreign-domain", Warn, true, "a public host in the domain of another tenant";
    FOREIGN_NAMESPACE = "foreign-namespace", Deny, false, "an object in a namespace that is not its service's";
    GROUP_OUTSIDE_BASE = "group-outside-base", Deny, true, "a group outside the group base";
    GROUP_SPELLING = "group-spelling", Deny, false, "a group spelled differently in the directory";
    ILL_TYPED_CELL = "ill-typed-cell", Deny, false, "a cell of a table that is not of its column's type";
    LIMIT_BELOW_REQUEST = "limit-below-request", Deny, true, "a container that requests more than its limit";
    MALFORMED_FILE = "malformed-file", Deny, false, "a table that is not CSV, an export that is not LDIF, a certificate that is not PEM";
    MISSING = "missing", Deny, false, "something required is not there";
    MISSING_ACCESS = "missing-access", Warn, true, "a tenant that no group has access to";
    MISSING_COLUMN = "missing-column", Deny, false, "a declared column is not in the table's file";
    MISSING_OPERATOR = "missing-operator", Deny, true, "an operator that a service requires and its cluster lacks";
    MISSING_SNAPSHOT = "missing-snapshot", Warn, true, "volumes that their people may restore and cannot";
    MISSING_TLS = "missing-tls", Deny, true, "a public host without a certificate";
    MOVING_TAG = "moving-tag", Warn, true, "an image whose tag moves";
    NAME_TOO_LONG = "name-too-long", Deny, false, "a name over its limit after composition";
    NAMESPACE_FULL = "namespace-full", Deny, true, "a service that can ask for more than its own quota";
    NARROW_WINDOW = "narrow-window", Deny, false, "a backup window that summer time leaves empty";
    NEEDLESS_WITHOUT = "needless-without", Deny, false, "`without` removes what is not there";
    NOT_ALLOWED_HERE = "not-allowed-here", Deny, false, "a known node in a place where it does not belong";
    OLD_KUBERNETES = "old-kubernetes", Deny, false, "a cluster whose Kubernetes is too old";
    OPEN_EGRESS = "open-egress", Warn, true, "an endpoint that opens the way to much of the internet";
    OPEN_NETWORK = "open-network", Warn, true, "an opening for the ingress that lets pods of tenants in";
    OUTSIDE_POOL = "outside-pool", Deny, true, "pods of a chart that do not keep to their tenant's nodes";
    OVERCOMMITTED = "overcommitted", Warn, true, "quotas that promise more than the cluster says";
    PINNED_CLAIM = "pinned-claim", Deny, false, "a claim that would change its storage class";
    PLAIN_SECRET = "plain-secret", Deny, true, "a secret in plain text";
    POD_TOO_LARGE = "pod-too-large", Deny, true, "a pod larger than any node";
    POOR_DEFAULT = "poor-default", Warn, true, "a default that gives less than people expect";
    QUOTA_EXCEEDED = "quota-exceeded", Deny, true, "a tenant that can ask for more than its quota";
    RESERVED_NAME = "reserved-name", Deny, false, "a name that is needed for something else";
    SHADOWED = "shadowed", Warn, true, "a part of the standard library that the workspace replaces";
    SHADOWED_HOST = "shadowed-host", Deny, true, "a host that answers for the hosts of others";
    SHARED_GROUP = "shared-group", Warn, true, "a group that has rights in several tenants";
    SHARED_ISOLATION = "shared-isolation", Deny, true, "an isolated tenant that is not alone";
    SHARED_VOLUME = "shared-volume", Deny, false, "a volume with many writers on a class for one";
    SOFT_MOUNT = "soft-mount", Warn, true, "volumes with many writers whose mounts may lose writes";
    STALE_EXPORT = "stale-export", Warn, true, "an export older than it may be";
    STUCK_ROLLOUT = "stuck-rollout", Deny, true, "a new pod that waits for the volume of the old one";
    TEMPLATE_ERROR = "template-error", Deny, false, "a template that cannot be read or instantiated";
    TOO_FEW_NODES = "too-few-nodes", Deny, true, "more copies of a volume than there are nodes";
    TWICE = "twice", Deny, false, "one thing said twice";
    UNCOUNTED = "uncounted", Warn, true, "pods that take something which no sum shows";
    UNKNOWN_CLUSTER_ID = "unknown-cluster-id", Warn, true, "a cluster whose id in Rancher is not known yet";
    UNKNOWN_ENDPOINT = "unknown-endpoint", Warn, true, "an endpoint whose name is like one that is asked for";
    UNKNOWN_FIELD = "unknown-field", Deny, false, "a field that the kind of object does not have";
    UNKNOWN_GROUP = "unknown-group", Deny, true, "a group the directory does not have";
    UNKNOWN_KIND = "unknown-kind", Deny, false, "a kind of object without a schema";
    UNKNOWN_NODE = "unknown-node", Deny, false, "a node the language does not have";
    UNKNOWN_OPERATOR = "unknown-operator", Warn, true, "an operator whose name is like one that is asked for";
    UNKNOWN_PROPERTY = "unknown-property", Deny, false, "a property the node does not have";
    UNRESOLVED = "unresolved", Deny, false, "a reference to something that is not declared";
    UNUSED_DEFINITION = "unused-definition", Warn, true, "something declared that nothing uses";
    UNUSED_WAIVER = "unused-waiver", Deny, false, "a waiver of a finding that is not there";
    UNWATCHED_SERVICE = "unwatched-service", Warn, true, "a service that is to be watched where nothing watches";
    WRONG_FIELD = "wrong-field", Deny, false, "a field of an object with a value its schema refuses";
    WRONG_KIND = "wrong-kind", Deny, false, "a value that is not of the kind expected";
}
