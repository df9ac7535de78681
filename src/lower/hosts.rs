//! Under which names a tenant is reached from outside: read off the objects that say so, whoever made them.
//!
//! A parameter that is a host name need not become public, and what is embedded has hosts of its own. So the objects are
//! asked, by the facts of `workloads.kdl` about where their hosts are and which of those have a certificate.

use std::collections::BTreeSet;

use minijinja::Value as Expr;

use super::Object;
use super::emit::kind_of;
use super::library::Library;
use super::workloads::{FillIn, Workloads, read_fill_ins};
use crate::expression::record;
use crate::model::{Instance, Layer, Model};
use crate::object::{Node, Text};
use crate::resolve::{DataFile, DataNode};
use crate::source::Span;
use crate::template::{PathStep, keys_of};

/// A kind that makes hosts public, and where it keeps them.
#[derive(Debug)]
pub struct IngressKind {
    pub kind: String,
    pub api: String,
    /// The list of rules, and the host in each.
    pub rules: String,
    pub host: String,
    /// What stands there answers for every host.
    pub catch_all: String,
    /// The list of certificates, and the hosts of each.
    pub tls: String,
    pub tls_hosts: String,
    pub fill_ins: Vec<FillIn>,
}

/// A host under which something is reached from outside.
#[derive(Debug)]
pub struct PublicHost {
    /// As the object says it, wildcards among them; `None` answers for every host of its cluster.
    pub name: Option<Text>,
    /// The tenant's instance that it belongs to.
    pub instance: Option<String>,
    /// Where it is asked for: the tenant's own word, a row of a table, else who asked for the service.
    pub asked: Span,
    /// Where it is written, if no certificate covers it.
    pub without_tls: Option<Span>,
}

pub(super) fn read_ingress_kinds(form: &DataFile) -> Vec<IngressKind> {
    let text = |node: DataNode<'_>, name: &str| node.text(name).unwrap_or_default();
    form.children("ingress")
        .map(|ingress| IngressKind {
            kind: text(ingress, "kind"),
            api: text(ingress, "api"),
            rules: text(ingress, "rules"),
            host: text(ingress, "host"),
            catch_all: text(ingress, "catch-all"),
            tls: text(ingress, "tls"),
            tls_hosts: text(ingress, "tls-hosts"),
            fill_ins: read_fill_ins(ingress),
        })
        .collect()
}

impl Workloads {
    /// The facts about an object's kind, where it makes hosts public.
    pub(super) fn ingress(&self, object: &Node) -> Option<&IngressKind> {
        let of = kind_of(object);
        self.ingresses.iter().find(|facts| of == (&facts.api, &facts.kind))
    }
}

impl IngressKind {
    /// What the templates see that complete it.
    pub(super) fn record(&self, object: &Node) -> Expr {
        let certificates = object.at(&self.tls).and_then(Node::as_list).unwrap_or_default();
        record([("has_certificate", Expr::from(!certificates.is_empty()))])
    }
}

/// How a host begins that stands for many.
pub const WILDCARD: &str = "*.";

/// Whether a host that may be a wildcard covers another: a wildcard stands for one label.
fn covers(wide: &str, host: &str) -> bool {
    wide == host || wide.strip_prefix(WILDCARD).is_some_and(|domain| domain_of(host) == Some(domain))
}

/// What is behind the first label of a host.
pub fn domain_of(host: &str) -> Option<&str> {
    host.split_once('.').map(|(_, domain)| domain)
}

/// Adds the public hosts of objects.
pub(super) fn add_hosts<'o>(
    objects: impl IntoIterator<Item = &'o Object>,
    instance: Option<&Instance>,
    library: &Library,
    hosts: &mut Vec<PublicHost>,
) {
    for object in objects {
        let Some(facts) = library.workloads.ingress(&object.node) else { continue };
        let mut add = |name: Option<&str>, path: &[PathStep<'_>]| {
            hosts.push(PublicHost {
                name: name.map(Text::from),
                instance: instance.map(|instance| instance.name.clone()),
                asked: name.zip(instance).map_or(object.asked, |(name, instance)| place(name, instance, object.asked)),
                without_tls: (!has_certificate(object, facts, name)).then(|| library.written_at(object, path)),
            });
        };
        for (at, rule) in object.node.at(&facts.rules).and_then(Node::as_list).unwrap_or_default().iter().enumerate() {
            let path: Vec<PathStep<'_>> =
                keys_of(&facts.rules).chain([PathStep::Index(at)]).chain(keys_of(&facts.host)).collect();
            add(rule.at(&facts.host).and_then(Node::as_str), &path);
        }
        if object.node.at(&facts.catch_all).is_some() {
            add(None, &keys_of(&facts.catch_all).collect::<Vec<_>>());
        }
    }
}

/// The hosts that a namespace was given, in one line; none where it has none. Those of its objects, also where only a
/// certificate names them, and of a chart, into which nobody sees, what it calls its `host`.
pub(super) fn given_hosts<'o>(
    objects: impl IntoIterator<Item = &'o Object>,
    instance: Option<&Instance>,
    model: &Model,
    library: &Library,
) -> Option<String> {
    let mut hosts = BTreeSet::new();
    for object in objects {
        let Some(facts) = library.workloads.ingress(&object.node) else { continue };
        let list = |path: &str| object.node.at(path).and_then(Node::as_list).unwrap_or_default();
        hosts.extend(list(&facts.rules).iter().filter_map(|rule| rule.at(&facts.host)?.as_str()));
        let of_certificates = list(&facts.tls).iter().filter_map(|tls| tls.at(&facts.tls_hosts)?.as_list());
        hosts.extend(of_certificates.flatten().filter_map(Node::as_str));
    }
    add_hosts_of_charts(instance, model, &mut hosts);
    (!hosts.is_empty()).then(|| hosts.into_iter().collect::<Vec<_>>().join(" "))
}

fn add_hosts_of_charts<'i>(instance: Option<&'i Instance>, model: &Model, hosts: &mut BTreeSet<&'i str>) {
    let Some(instance) = instance else { return };
    if model[instance.service].chart.is_some() {
        hosts.extend(instance.parameters.get("host").and_then(|host| host.value.as_str()));
    }
    instance.needs.iter().for_each(|need| add_hosts_of_charts(Some(&need.instance), model, hosts));
}

/// What the tenant itself wrote is the nearer place; a default and a table stand in one place for many.
fn place(name: &str, instance: &Instance, asked: Span) -> Span {
    let mut own = instance.parameters.values().filter(|_| instance.row.is_none());
    own.find(|given| given.origin.layer == Layer::Tenant && given.value.as_str() == Some(name))
        .map_or(asked, |given| given.origin.span)
}

/// A certificate that names no host is for all of them.
fn has_certificate(object: &Object, facts: &IngressKind, name: Option<&str>) -> bool {
    let certificates = object.node.at(&facts.tls).and_then(Node::as_list).unwrap_or_default();
    certificates.iter().any(|certificate| match certificate.at(&facts.tls_hosts).and_then(Node::as_list) {
        None | Some([]) => true,
        Some(hosts) => name.is_some_and(|name| hosts.iter().filter_map(Node::as_str).any(|wide| covers(wide, name))),
    })
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_wildcard_stands_for_one_label() {
        assert!(covers("*.goch.example", "www.goch.example"));
        assert!(covers("*.goch.example", "*.goch.example"));
        assert!(covers("www.goch.example", "www.goch.example"));
        for host in ["goch.example", "a.www.goch.example", "wwwgoch.example", "www.kleve.example"] {
            assert!(!covers("*.goch.example", host), "{host}");
        }
    }
}
