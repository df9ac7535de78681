//! The model as expressions see it: `platform`, `cluster`, `tenant` and the values of parameters.
//!
//! Names are in snake case; what is not set is `none`. The same values serve the expressions of a spec and the templates.

use std::collections::BTreeMap;

use minijinja::Value as Object;
use minijinja::value::ValueKind;

use super::{
    Access, Cluster, Exports, Group, Ingress, Isolation, Platform, Pool, Quota, Role, STORAGE_CLASS, Service, Use,
};
use crate::expression;
use crate::value::{Fault, Kind, Lexeme, Value};

/// A name as an expression writes it: `-` is `_`.
pub fn spelled(name: &str) -> String {
    name.replace('-', "_")
}

fn record(fields: impl IntoIterator<Item = (&'static str, Object)>) -> Object {
    expression::record(fields)
}

fn dictionary(entries: impl IntoIterator<Item = (String, Object)>) -> Object {
    Object::from(entries.into_iter().collect::<BTreeMap<_, _>>())
}

/// The result of an expression as a value of a kind; `none` is no value.
pub fn read(result: &Object, kind: &Kind) -> Option<Result<Value, Fault>> {
    if result.is_none() || result.is_undefined() {
        return None;
    }
    if let Some(each) = kind.each().filter(|_| result.kind() == ValueKind::Map) {
        return Some(read_texts(result, kind, &each));
    }
    if let Some(text) = result.as_str() {
        return Some(kind.parse(Lexeme::Text(text)));
    }
    // A range comes out of an expression as the record of its ends, and a count is the range of itself.
    if *kind == Kind::Range {
        let end = |name: &str| result.get_attr(name).ok().and_then(|end| end.as_i64());
        if let Some((low, high)) = result.as_i64().map(|count| (count, count)).or_else(|| end("min").zip(end("max"))) {
            return Some(kind.parse(Lexeme::Text(&format!("{low}..{high}"))));
        }
    }
    Some(match result.kind() {
        ValueKind::Bool => kind.parse(Lexeme::Boolean(result.is_true())),
        ValueKind::Number => kind.parse(Lexeme::Number(&result.to_string())),
        _ => Err(Fault::new(format!("expected {}, found {}", kind.describe(), expression::describe(result)))),
    })
}

/// A map that one service hands on to another.
fn read_texts(result: &Object, kind: &Kind, each: &Kind) -> Result<Value, Fault> {
    let mut texts = BTreeMap::new();
    for name in result.try_iter().into_iter().flatten() {
        let value = result.get_item(&name).unwrap_or_default();
        let (Some(name), Some(text)) = (name.as_str(), value.as_str()) else {
            return Err(Fault::new(format!(
                "expected {}, found {} in it",
                kind.describe(),
                expression::describe(&value)
            )));
        };
        each.parse_plain(text)?;
        texts.insert(name.into(), (text.into(), None));
    }
    Ok(Value::Texts(Box::new(texts)))
}

/// A value that may be unset.
pub fn optional(value: Option<&Value>) -> Object {
    value.map_or_else(|| Object::from(()), self::value)
}

/// A parameter, a cell, a setting.
pub fn value(value: &Value) -> Object {
    match value {
        Value::Boolean(flag) => Object::from(*flag),
        Value::Integer(number) => Object::from(*number),
        Value::Range(range) => record([("min", Object::from(range.minimum())), ("max", Object::from(range.maximum()))]),
        Value::List(list) => list.iter().map(self::value).collect(),
        Value::Texts(texts) => {
            dictionary(texts.iter().map(|(name, (text, _))| (name.to_string(), Object::from(text.as_str()))))
        }
        other => Object::from(other.to_string()),
    }
}

pub fn platform(platform: &Platform) -> Object {
    let endpoints = platform.endpoints.iter().map(|(name, endpoint)| {
        let fields = record([
            ("name", Object::from(name.as_str())),
            ("url", Object::from(endpoint.url.as_str())),
            ("host", Object::from(host_of(&endpoint.url))),
            ("networks", endpoint.networks.iter().map(|network| Object::from(network.to_string())).collect()),
            ("port", Object::from(endpoint.port)),
            ("ca", Object::from((!endpoint.ca.is_empty()).then(|| endpoint.ca.concat()))),
        ]);
        (spelled(name), fields)
    });
    record([
        ("name", Object::from(platform.name.as_str())),
        ("domain", Object::from(platform.domain.as_str())),
        ("label_prefix", Object::from(platform.label_prefix.as_str())),
        ("time_zone", Object::from(platform.time_zone.value.as_str())),
        ("registry", Object::from(platform.registry.as_deref())),
        ("charts", Object::from(platform.charts.as_deref())),
        ("rancher", Object::from(platform.rancher.as_ref().map(ToString::to_string))),
        ("rancher_backup", rancher_backup(platform)),
        ("monitoring", platform.monitoring.iter().map(|name| Object::from(name.as_str())).collect()),
        (
            "delivery",
            Object::from(platform.delivery.as_ref().map(|delivery| {
                record([
                    ("repository", Object::from(delivery.repository.as_str())),
                    ("branch", Object::from(delivery.branch.as_str())),
                    ("root", Object::from(delivery.root.as_str())),
                ])
            })),
        ),
        (
            "secrets",
            Object::from(platform.secrets.as_ref().map(|secrets| {
                record([
                    ("vault", Object::from(secrets.vault.as_str())),
                    ("mount", Object::from(secrets.mount.as_str())),
                    ("auth", Object::from(secrets.auth.as_str())),
                    ("role", Object::from(secrets.role.as_str())),
                    ("ca", Object::from(secrets.ca.as_deref())),
                ])
            })),
        ),
        (
            "logging",
            Object::from(platform.logging.as_ref().map(|logging| {
                record([
                    ("host", Object::from(logging.host.as_str())),
                    ("port", Object::from(logging.port)),
                    ("scheme", Object::from(logging.scheme.as_str())),
                    ("index_prefix", Object::from(logging.index_prefix.as_str())),
                    ("user_prefix", Object::from(logging.user_prefix.as_str())),
                    ("ca", Object::from(logging.ca.as_deref())),
                ])
            })),
        ),
        ("endpoints", dictionary(endpoints)),
    ])
}

/// The host of a URL, or nothing where it has none.
pub fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', ':', '?']).next().unwrap_or_default()
}

pub fn cluster(cluster: &Cluster) -> Object {
    let labels = cluster.labels.iter().map(|(key, label)| (key.clone(), Object::from(label.as_str())));
    let provides =
        cluster.provides.iter().map(|(name, provided)| (spelled(name), Object::from(provided.version.to_string())));
    record([
        ("name", Object::from(cluster.name.as_str())),
        ("rancher_id", Object::from(cluster.rancher_id.as_deref())),
        ("kubernetes", Object::from(cluster.kubernetes.as_ref().map(|version| version.value.as_str()))),
        (
            "ingress",
            Object::from(cluster.ingress.as_ref().map(|ingress| {
                record([
                    ("class", Object::from(ingress.class.as_str())),
                    ("host_network", Object::from(ingress.host_network)),
                    ("from", sources(cluster, ingress)),
                ])
            })),
        ),
        (
            "network",
            Object::from(cluster.network.as_ref().map(|network| {
                record([
                    ("pods", Object::from(network.pods.to_string())),
                    ("services", Object::from(network.services.to_string())),
                    ("nodes", Object::from(network.nodes.to_string())),
                ])
            })),
        ),
        ("upgrade", upgrade(cluster)),
        ("labels", dictionary(labels)),
        ("provides", dictionary(provides)),
    ])
}

fn upgrade(cluster: &Cluster) -> Object {
    Object::from(cluster.upgrade.as_ref().map(|upgrade| {
        let window = upgrade.window.to_string();
        let (start, end) = window.split_once('-').unwrap_or_default();
        record([
            ("start", Object::from(start)),
            ("end", Object::from(end)),
            ("days", upgrade.days.iter().map(|day| Object::from(day.as_str())).collect()),
            ("workers", Object::from(upgrade.workers)),
            ("distribution", Object::from(upgrade.distribution)),
        ])
    }))
}

fn rancher_backup(platform: &Platform) -> Object {
    Object::from(platform.rancher_backup.as_ref().map(|backup| {
        record([
            ("bucket", Object::from(backup.bucket.as_str())),
            ("endpoint", Object::from(backup.endpoint.as_str())),
            ("region", Object::from(backup.region.as_deref())),
            ("folder", Object::from(backup.folder.as_deref())),
            ("credentials", Object::from(backup.credentials.as_str())),
            ("encryption", Object::from(backup.encryption.as_str())),
            ("at", Object::from(backup.at.to_string())),
            ("keep", Object::from(backup.keep)),
        ])
    }))
}

/// An instance as its own expressions see it.
pub fn service(name: &str, service: &Service, namespace: &str) -> Object {
    record([
        ("name", Object::from(name)),
        ("service", Object::from(service.name.as_str())),
        ("namespace", Object::from(namespace)),
    ])
}

/// What a service exports; `none` where it is not there.
pub fn exports(exports: Option<&Exports>) -> Object {
    exports.map_or_else(
        || Object::from(()),
        |exports| {
            expression::record(exports.iter().map(|(name, value)| (name.as_str(), Object::from(value.as_deref()))))
        },
    )
}

/// Who needs a service, with the parameters of each; `class` gives the name of a storage class as it is to be read.
pub fn uses(uses: &[Use], services: &[Service], class: &dyn Fn(&str) -> Object) -> Object {
    let one = |used: &Use| {
        let service = &services[used.service.0];
        let parameters = service.parameters.iter().map(|parameter| {
            let name = spelled(&parameter.name);
            let value = match (used.parameters.get(&name), &parameter.kind) {
                (Some(Value::Name(chosen)), Kind::Reference(STORAGE_CLASS)) => class(chosen),
                (value, _) => optional(value),
            };
            (name, value)
        });
        let own = [
            ("instance", used.instance.as_str()),
            ("service", service.name.as_str()),
            ("namespace", used.namespace.as_str()),
            ("name", used.name.as_str()),
        ];
        let own = own.map(|(name, text)| (name.to_owned(), Object::from(text)));
        // The first of a name is found, so a parameter called `name` does not hide whose it is.
        expression::record(own.into_iter().chain(parameters))
    };
    uses.iter().map(one).collect()
}

/// The nodes that a tenant has for itself; none where it shares them.
pub fn pool(pool: Option<&Pool>, platform: &Platform) -> Object {
    Object::from(pool.map(|pool| {
        record([
            ("name", Object::from(pool.name.as_str())),
            // The key of the label on its nodes, and of their taint.
            ("key", Object::from(format!("{}/pool", platform.label_prefix))),
        ])
    }))
}

/// Where the requests of an ingress on the host network come from.
fn sources(cluster: &Cluster, ingress: &Ingress) -> Object {
    if !ingress.host_network {
        return Object::from(());
    }
    let nodes = cluster.network.as_ref().map(|network| network.nodes).filter(|_| ingress.from.is_empty());
    let from = ingress.from.iter().map(|given| given.value).chain(nodes);
    from.map(|network| Object::from(network.to_string())).collect()
}

/// Who a tenant is: what the values of a spec may read of it.
#[derive(Debug, Clone, Copy)]
pub struct TenantHead<'a> {
    pub name: &'a str,
    pub kind: &'static str,
    pub ags: Option<&'a str>,
    pub title: &'a str,
    pub domain: Option<&'a str>,
}

impl TenantHead<'_> {
    fn fields(&self) -> Vec<(&'static str, Object)> {
        let mut fields = vec![
            ("name", Object::from(self.name)),
            ("kind", Object::from(self.kind)),
            ("ags", Object::from(self.ags)),
            ("title", Object::from(self.title)),
        ];
        fields.extend(self.domain.map(|domain| ("domain", Object::from(domain))));
        fields
    }

    pub fn object(&self) -> Object {
        record(self.fields())
    }
}

/// What templates read of a tenant beyond its head.
#[derive(Debug, Clone, Copy)]
pub struct TenantRest<'a> {
    pub quota: &'a Quota,
    /// Whether it may take any host below its domain.
    pub has_own_domain: bool,
    pub isolation: Option<&'a Isolation>,
    pub labels: &'a BTreeMap<String, super::Sourced<String>>,
    pub access: &'a [Access],
    pub roles: &'a [Role],
    pub rancher_id: Option<&'a str>,
    /// Names in Rancher: the project, and the namespace of its bindings in the management cluster.
    pub project: &'a str,
    pub project_namespace: &'a str,
    /// The store that reaches this tenant's values alone.
    pub secret_store: &'a str,
}

pub fn tenant(head: TenantHead<'_>, rest: TenantRest<'_>) -> Object {
    let quota = record([
        ("name", Object::from(rest.quota.name.as_str())),
        ("cpu", Object::from(rest.quota.cpu.value.to_string())),
        ("memory", Object::from(rest.quota.memory.value.to_string())),
        ("storage", Object::from(rest.quota.storage.value.to_string())),
        ("pods", Object::from(rest.quota.pods.value)),
    ]);
    let labels = rest.labels.iter().map(|(key, label)| (key.clone(), Object::from(label.value.as_str())));
    let group_record = |group: &Group| {
        record([
            ("name", Object::from(group.name.as_str())),
            ("dn", Object::from(group.dn.as_str())),
            ("principal", Object::from(group.principal())),
            ("id", Object::from(crate::value::slug(&group.name))),
        ])
    };
    let role_fields = |access: &Access| {
        let role = &rest.roles[access.role.0];
        [
            ("role", Object::from(role.name.as_str())),
            ("project_role", Object::from(role.project_role.as_str())),
            ("cluster_role", Object::from(role.cluster_role.as_str())),
            ("restores", Object::from(role.restores)),
        ]
    };
    let mut granted = Vec::with_capacity(rest.access.len());
    // One for each role and group: what a binding is made from.
    let mut bindings = Vec::new();
    for access in rest.access {
        let groups: Vec<Object> = access.groups.iter().map(group_record).collect();
        let binding = |group: &Object| record(role_fields(access).into_iter().chain([("group", group.clone())]));
        bindings.extend(groups.iter().map(binding));
        granted.push(record(role_fields(access).into_iter().chain([("groups", Object::from(groups))])));
    }
    let own_domain = head.domain.filter(|_| rest.has_own_domain);
    let mut fields = head.fields();
    fields.extend([
        ("quota", quota),
        ("own_domain", Object::from(own_domain)),
        ("open_to_monitoring", Object::from(rest.isolation.is_none_or(|isolation| isolation.monitoring))),
        ("labels", dictionary(labels)),
        ("access", Object::from(granted)),
        ("bindings", Object::from(bindings)),
        ("project", Object::from(rest.project)),
        ("project_id", Object::from(rest.rancher_id.map(|id| format!("{id}:{}", rest.project)))),
        ("project_namespace", Object::from(rest.project_namespace)),
        ("secret_store", Object::from(rest.secret_store)),
    ]);
    record(fields)
}
