//! The nodes of a `service.kdl`: what a service is, what it takes and what it needs.

use super::{Arity, NodeSpec, Open, Reading, Setting, evaluated, many, optional, repeated, required, setting};
use crate::value::Kind;

/// What may stand in a `service.kdl`.
pub static SERVICE_FILE: NodeSpec = NodeSpec {
    children: &[super::Child { node: &SERVICE, repeated: false, required: true }],
    ..NodeSpec::new("service.kdl", "the declaration of a service, in the folder that has its name")
};

static SERVICE: NodeSpec = NodeSpec {
    arguments: &[required("name", Kind::DnsLabel, "its name, the same as its folder's")],
    settings: &[
        required("summary", Kind::Line, "what it is, in one line"),
        optional("shared", Kind::DnsLabel, "a tenant has one for all that share it, under this name"),
    ],
    children: &[
        repeated(&PARAMETER),
        repeated(&NEEDS),
        repeated(&REQUIRES),
        repeated(&SECRET),
        repeated(&IMAGE),
        repeated(&VOLUME),
        repeated(&PROBE),
        repeated(&EGRESS),
        repeated(&EXPORT),
        repeated(&SKIP),
        super::once(&POD_SECURITY),
        super::once(&CHART),
        repeated(&FOOTPRINT),
    ],
    ..NodeSpec::new("service", "a service: what it takes, what it needs, what it becomes")
};

static PARAMETER: NodeSpec = NodeSpec {
    arguments: &[required("name", Kind::DnsLabel, "its name; `-` is `_` in an expression")],
    settings: &[
        required("type", Kind::Text, "the kind of its value"),
        setting("default", Kind::Text, "its value unless given", Arity::Optional, Reading::Raw),
        setting(
            "least",
            Kind::Text,
            "the least a number, quantity, range or duration may be",
            Arity::Optional,
            Reading::Raw,
        ),
        setting("most", Kind::Text, "the most it may be", Arity::Optional, Reading::Raw),
        optional("required", Kind::Boolean, "whether it has to be given"),
        optional("doc", Kind::Line, "what it is for"),
    ],
    children: &[repeated(&VALUE), repeated(&WARN), repeated(&REFUSE)],
    ..NodeSpec::new("parameter", "a value that users of the service set")
};

static VALUE: NodeSpec = NodeSpec {
    arguments: &[required("value", Kind::Text, "a value of the enum")],
    settings: &[optional("doc", Kind::Line, "what it means")],
    ..NodeSpec::new("value", "one of the values of an `enum`")
};

static WARN: NodeSpec = NodeSpec {
    arguments: &[setting("text", Kind::Line, "what is missing then, in one line", Arity::Required, Reading::Evaluated)],
    settings: &[
        setting("if", Kind::Boolean, "whether it is said", Arity::Required, Reading::Evaluated),
        optional("help", Kind::Line, "the way out, in one line"),
    ],
    ..NodeSpec::new("warn", "what a build warns of where nobody gave the parameter")
};

static REFUSE: NodeSpec = NodeSpec {
    arguments: &[setting(
        "text",
        Kind::Line,
        "what is wrong with it, in one line",
        Arity::Required,
        Reading::Evaluated,
    )],
    settings: &[
        setting("if", Kind::Boolean, "whether it is refused", Arity::Required, Reading::Evaluated),
        optional("help", Kind::Line, "the way out, in one line"),
    ],
    ..NodeSpec::new("refuse", "an error where somebody gave the parameter a value that does not go with the rest")
};

static NEEDS: NodeSpec = NodeSpec {
    arguments: &[required("service", Kind::Reference("service"), "the service that is embedded")],
    settings: &[
        optional("name", Kind::DnsLabel, "the name it is read by; the service's unless given"),
        evaluated("shared", Kind::Boolean, "whether it is the tenant's one instance instead; it is not unless given"),
        CONDITION,
    ],
    open: Open::Declared,
    ..NodeSpec::new("needs", "another service in the same namespace; what it exports is read as `<name>.<export>`")
};

/// What is switched off is `none` to expressions, and nothing is made of it.
const CONDITION: Setting = evaluated("if", Kind::Boolean, "whether it is there; it is unless given");

static REQUIRES: NodeSpec = NodeSpec {
    arguments: &[required("operator", Kind::DnsLabel, "what the cluster has to provide")],
    settings: &[optional("version", Kind::Version, "at least this version")],
    ..NodeSpec::new("requires", "what the cluster has to have: an operator, or a word on its `network` or `ingress`")
};

static SECRET: NodeSpec = NodeSpec {
    arguments: &[required("name", Kind::DnsLabel, "name of the Secret")],
    settings: &[optional("provided-by", Kind::DnsLabel, PROVIDED_BY), CONDITION],
    children: &[repeated(&GENERATED), repeated(&PROVIDED)],
    ..NodeSpec::new("secret", "a Secret; its values never pass through the compiler")
};

const PROVIDED_BY: &str = "a parameter of the kind `texts`: its names are keys that people fill in, its texts say what";

static GENERATED: NodeSpec = NodeSpec {
    arguments: &[many("key", Kind::SecretKey, "a key of the Secret")],
    settings: &[optional("length", PASSWORD_LENGTH, "how many letters and digits it has; 32 unless given")],
    ..NodeSpec::new("generated", "keys whose values are made up once in the cluster, and kept in the secret store")
};

static PROVIDED: NodeSpec = NodeSpec {
    arguments: &[many("key", Kind::SecretKey, "a key of the Secret")],
    settings: &[required("doc", Kind::Line, "what it is and who knows it, for the person who fills it in")],
    ..NodeSpec::new("provided", "keys whose values people put into the secret store")
};

/// Below 16 letters a password can be guessed where its hash is known.
const PASSWORD_LENGTH: Kind = Kind::Integer { minimum: 16, maximum: 512 };

static IMAGE: NodeSpec = NodeSpec {
    arguments: &[
        required("name", Kind::DnsLabel, "read as `images.<name>`"),
        setting("reference", Kind::Image, "the image, with tag and digest", Arity::Required, Reading::Evaluated),
    ],
    ..NodeSpec::new("image", "a container image")
};

static VOLUME: NodeSpec = NodeSpec {
    arguments: &[required("name", Kind::DnsLabel, "name of the claim")],
    settings: &[
        setting("size", Kind::Quantity, "its size", Arity::Required, Reading::Evaluated),
        setting("class", Kind::Reference("storage-class"), "the storage class", Arity::Required, Reading::Evaluated),
        evaluated("access", Kind::Enum(&["once", "many"]), "how many nodes write at once; `once` unless given"),
        CONDITION,
    ],
    ..NodeSpec::new("volume", "a volume that outlives the service's pods")
};

static PROBE: NodeSpec = NodeSpec {
    arguments: &[setting("url", Kind::Url, "the address that is watched", Arity::Required, Reading::Evaluated)],
    settings: &[CONDITION],
    ..NodeSpec::new("probe", "what monitoring looks at from outside")
};

static EGRESS: NodeSpec = NodeSpec {
    arguments: &[required("endpoint", Kind::Reference("endpoint"), "an endpoint of the platform, or `kube-api`")],
    settings: &[
        optional(
            "required",
            Kind::Boolean,
            "whether a standard service cannot do without; else it does where there is none",
        ),
        CONDITION,
    ],
    ..NodeSpec::new("egress", "an opening out of the namespace")
};

static EXPORT: NodeSpec = NodeSpec {
    arguments: &[
        required("name", Kind::DnsLabel, "its name"),
        setting("value", Kind::Text, "its value", Arity::Required, Reading::Evaluated),
    ],
    ..NodeSpec::new("export", "what the service that needs this one may read")
};

static SKIP: NodeSpec = NodeSpec {
    arguments: &[required("check", Kind::Text, "the check of the linter: `CKV_K8S_22`")],
    settings: &[
        required("reason", Kind::Line, "why the image cannot meet it"),
        setting("object", Kind::Text, "only these objects, by name", Arity::Any, Reading::Plain),
    ],
    ..NodeSpec::new("skip", "a linter's check that this service cannot meet, waived by name")
};

static POD_SECURITY: NodeSpec = NodeSpec {
    arguments: &[required(
        "level",
        Kind::Enum(&["baseline", "privileged"]),
        "the Pod Security level instead of `restricted`",
    )],
    settings: &[required("reason", Kind::Line, "why")],
    ..NodeSpec::new("pod-security", "a service that cannot run as `restricted`")
};

static CHART: NodeSpec = NodeSpec {
    arguments: &[required("name", Kind::DnsLabel, "its name in the repository")],
    settings: &[
        required(
            "repository",
            Kind::Address(&["https", "http", "oci"]),
            "the address of the repository: `https://…`, or `oci://…` without the chart's name",
        ),
        required("version", Kind::Semver, "the version, exactly: a range would be resolved anew on every commit"),
        optional("digest", Kind::Digest, "the digest of its archive; `images` may know it instead"),
        optional(
            "archive",
            Kind::Address(&["https", "http"]),
            "where the repository keeps the archive: fetched from there, its digest is checked",
        ),
    ],
    ..NodeSpec::new("chart", "the Helm chart that the service is; `values.yaml` beside it becomes its values")
};

static FOOTPRINT: NodeSpec = NodeSpec {
    arguments: &[required("name", Kind::DnsLabel, "read as `footprints.<name>`")],
    settings: &[
        setting(
            "replicas",
            Kind::Range,
            "how many pods, or from how many to how many; one unless given",
            Arity::Optional,
            Reading::Raw,
        ),
        evaluated("surge", super::COUNT, "pods more while it is rolled out; none unless given"),
        setting("cpu", Kind::Quantity, "what each requests", Arity::Required, Reading::Evaluated),
        setting("memory", Kind::Quantity, "what each requests", Arity::Required, Reading::Evaluated),
        setting("cpu-limit", Kind::Quantity, "the most each may use", Arity::Required, Reading::Evaluated),
        setting("memory-limit", Kind::Quantity, "the most each may use", Arity::Required, Reading::Evaluated),
        evaluated("storage", Kind::Quantity, "the volume that each claims for itself; none unless given"),
        evaluated("class", Kind::Reference("storage-class"), "the storage class of that volume"),
    ],
    ..NodeSpec::new("footprint", "what pods of the chart take: the compiler cannot see into it")
};
