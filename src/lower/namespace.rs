//! The namespace of an instance: its own objects, with the quota that what lies in it asks for.
//!
//! It is made last of an instance, since its footprint is read off the objects; only then is it known how much they take.

use std::collections::BTreeMap;

use minijinja::Value as Expr;

use super::Object;
use super::authorities::authorities;
use super::chart::PodsMade;
use super::emit::{Dress, emit};
use super::footprint::{Census, Extent, Footprint, Share};
use super::hosts::given_hosts;
use super::mounts::{SingleWriter, single_writers};
use super::snapshots::{classes_inside, classes_of, namespace_snapshots};
use super::tenant::Making;
use crate::diagnostic::Findings;
use crate::expression::record;
use crate::model::{Instance, PodSecurity, Sourced};
use crate::object::Text;
use crate::source::Span;
use crate::value::Quantity;

/// A namespace and what it can ask for.
#[derive(Debug)]
pub struct NamespaceUse {
    pub name: String,
    /// At most: the largest number of pods of what is scaled, and rollouts.
    pub most: Footprint,
    /// What each of its objects adds to that; only where the spec says what they may use together.
    pub shares: Vec<Share>,
    /// What the spec says that it may use, by `cpu`, `memory`, `storage` and `pods`.
    pub own_quota: BTreeMap<&'static str, Sourced<Quantity>>,
    /// At the least number of pods.
    pub least: Footprint,
    pub largest_pod: Footprint,
    /// The volumes for one pod that something mounts.
    pub single_writers: Vec<SingleWriter>,
    /// What its volumes take of the disks, with all their copies.
    pub on_disk: Quantity,
    /// The quota: the footprint and its headroom, and what the spec says instead.
    pub quota: Footprint,
    pub asked: Span,
}

impl Making<'_> {
    /// The objects of a namespace itself, with the quota that its other objects ask for.
    pub(super) fn namespace<'o>(
        &'o self,
        name: &str,
        instance: Option<&Instance>,
        (objects, charts): (impl Iterator<Item = &'o Object> + Clone, &'o [PodsMade]),
        findings: &mut Findings,
    ) -> (NamespaceUse, (String, Vec<Object>)) {
        let facts = &self.library.workloads;
        let nodes = self.cluster.nodes_of(self.tenant.isolation.as_ref().and_then(|isolation| isolation.pool));
        let census = Census::new(objects.clone(), charts, nodes, facts);
        census.check(self.library, findings);
        let most = census.footprint(Extent::Most);
        let largest_pod = census.largest_pod();
        let own_quota = instance.map(|instance| instance.quota.clone()).unwrap_or_default();
        let derived = most.with_headroom(facts.headroom, &census.one_more_pod(), census.largest_claim());
        let quota = with_own(derived, &own_quota);
        let asked = instance.map_or(self.tenant.span, |instance| instance.span);
        let hosts = given_hosts(objects.clone(), instance, self.model, self.library);
        let late = [("quota", quota_record(&quota)), ("hosts", Expr::from(hosts))];
        let fields = self.namespace_fields(name, instance).into_iter().chain(late);
        let scope = self.scope.child().with("namespace", record(fields));
        let dress = Dress { namespace: Some(Text::from(name)), ..self.dress(instance) };
        let made = emit(&self.library.namespace, dress.with(self.library, &scope, asked), findings);
        let namespace = NamespaceUse {
            name: name.to_owned(),
            most,
            shares: if own_quota.is_empty() { Vec::new() } else { census.shares() },
            own_quota,
            least: census.footprint(Extent::Least),
            largest_pod,
            single_writers: single_writers(objects, nodes, self.library),
            on_disk: census.on_disk(&self.ground.class_objects),
            quota,
            asked,
        };
        (namespace, (name.to_owned(), made))
    }

    /// What templates read of a namespace before its quota is known.
    pub(super) fn namespace_fields(&self, name: &str, instance: Option<&Instance>) -> [(&'static str, Expr); 10] {
        let security = instance.and_then(|instance| self.pod_security(instance));
        let optional = |text: Option<&str>| Expr::from(text);
        let classes = instance.map_or_else(|| classes_of(&self.tenant.volumes), classes_inside);
        let (snapshots, kept) = namespace_snapshots(&classes, self.model);
        [
            ("name", Expr::from(name)),
            ("instance", optional(instance.map(|instance| instance.name.as_str()))),
            ("service", optional(instance.map(|instance| self.model[instance.service].name.as_str()))),
            ("pod_security", Expr::from(security.map_or("restricted", |security| security.level.as_str()))),
            ("pod_security_reason", optional(security.map(|security| security.reason.as_str()))),
            ("snapshots", snapshots),
            ("snapshots_kept", Expr::from(kept)),
            ("egress", self.egress(instance)),
            ("authorities", authorities(instance, &self.model.platform)),
            ("kube_api", Expr::from(instance.is_some_and(asks_kube_api))),
        ]
    }

    /// The least strict level that the instance or one it needs asks for.
    fn pod_security(&self, instance: &Instance) -> Option<&PodSecurity> {
        let own = self.model[instance.service].pod_security.as_ref();
        let needed = instance.needs.iter().filter_map(|need| self.pod_security(&need.instance));
        own.into_iter().chain(needed).max_by_key(|security| security.level == "privileged")
    }

    fn egress(&self, instance: Option<&Instance>) -> Expr {
        let mut names = Vec::new();
        if let Some(instance) = instance {
            egress_names(instance, &mut names);
        }
        names.sort_unstable();
        names.dedup();
        names
            .into_iter()
            .filter_map(|name| {
                let endpoint = self.model.platform.endpoints.get(name)?;
                let networks: Expr = endpoint.networks.iter().map(|network| Expr::from(network.to_string())).collect();
                Some(record([("name", Expr::from(name)), ("networks", networks), ("port", Expr::from(endpoint.port))]))
            })
            .collect()
    }
}

fn asks_kube_api(instance: &Instance) -> bool {
    let own = instance.egress.iter().any(|name| name == crate::model::KUBE_API);
    own || instance.needs.iter().any(|need| asks_kube_api(&need.instance))
}

fn egress_names<'n>(instance: &'n Instance, names: &mut Vec<&'n str>) {
    names.extend(instance.egress.iter().map(String::as_str));
    for need in &instance.needs {
        egress_names(&need.instance, names);
    }
}

/// A derived quota, with what the spec says in place of it. What is promised may also be used: the limits go along.
fn with_own(derived: Footprint, own: &BTreeMap<&'static str, Sourced<Quantity>>) -> Footprint {
    let said = |name: &str, derived: Quantity| own.get(name).map_or(derived, |given| given.value);
    Footprint {
        cpu_limits: said("cpu", derived.cpu_requests).max(derived.cpu_limits),
        memory_limits: said("memory", derived.memory_requests).max(derived.memory_limits),
        cpu_requests: said("cpu", derived.cpu_requests),
        memory_requests: said("memory", derived.memory_requests),
        storage: said("storage", derived.storage),
        pods: own.get("pods").and_then(|given| given.value.as_units()).unwrap_or(derived.pods),
        ..derived
    }
}

fn quota_record(quota: &Footprint) -> Expr {
    record([
        ("cpu_requests", Expr::from(quota.cpu_requests.to_string())),
        ("memory_requests", Expr::from(quota.memory_requests.to_string())),
        ("ephemeral_requests", Expr::from(quota.ephemeral_requests.to_string())),
        ("cpu_limits", Expr::from(quota.cpu_limits.to_string())),
        ("memory_limits", Expr::from(quota.memory_limits.to_string())),
        ("storage", Expr::from(quota.storage.to_string())),
        ("pods", Expr::from(quota.pods)),
        ("claims", Expr::from(quota.claims)),
    ])
}
