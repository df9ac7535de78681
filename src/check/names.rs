//! Names that have to be unique, and names that are composed: municipality keys, hosts, namespaces, bundles.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Fault, Findings, codes};
use crate::lower::Workloads;
use crate::lower::bundle_name;
use crate::model::{Instance, Layer, Model, Tenant};
use crate::source::Span;
use crate::value::Value;
use crate::value::names::{self, Limit};

/// Folders and files beside the instances' own, so no instance can have these names.
const RESERVED: [&str; 3] = ["tenant", "data", "fleet"];

/// Who else has bundles, so no tenant can have these names.
const OWNERS: [&str; 2] = ["platform", "management"];

/// The folder of the management cluster, so no cluster can have this name.
const MANAGEMENT: &str = "management";

pub(super) fn check(model: &Model, facts: &Workloads, findings: &mut Findings) {
    for cluster in model.clusters.iter().filter(|cluster| cluster.name == MANAGEMENT) {
        findings.push(reserved("cluster", &cluster.name, "the folder of the management cluster", cluster.span));
    }
    let mut keys: Claims<'_> =
        Claims::new(&codes::DUPLICATE_AGS, "municipality key", "look up which of them it belongs to");
    let mut hosts: Claims<'_> = Claims::new(&codes::DUPLICATE_HOST, "host", "give one of them another host");
    let mut namespaces: Claims<'_> = Claims::new(
        &codes::DUPLICATE_NAMESPACE,
        "namespace",
        "a namespace is `<tenant>-<instance>`: give one of the instances another name, `service … name=…`",
    );
    let mut bundles = Claims::new(
        &codes::DUPLICATE_NAME,
        "Fleet bundle",
        "it is put together from the names of the cluster, the tenant and the instance; rename one of them",
    );
    for tenant in &model.tenants {
        if let Some(ags) = &tenant.ags {
            keys.claim(ags.value.as_str().to_owned(), ags.span, tenant, findings);
        }
        let cluster = &model[tenant.cluster.value].name;
        if !tenant.volumes.is_empty() {
            namespaces.claim(format!("{cluster}/{}", tenant.name), tenant.span, tenant, findings);
            check_namespace(&tenant.name, tenant.span, tenant, facts, findings);
        }
        for layer in ["tenant", "data"] {
            bundles.claim(bundle_name(cluster, &tenant.name, layer), tenant.span, tenant, findings);
        }
        for instance in &tenant.instances {
            let bundle = bundle_name(cluster, &tenant.name, &instance.name);
            // Of two names put together from the same parts one finding is enough.
            let is_free =
                namespaces.claim(format!("{cluster}/{}", instance.namespace), instance.span, tenant, findings);
            if is_free && !RESERVED.contains(&instance.name.as_str()) {
                bundles.claim(bundle, instance.span, tenant, findings);
            }
            claim_hosts(instance, tenant, &mut hosts, findings);
            check_instance(instance, tenant, facts, findings);
        }
        if OWNERS.contains(&tenant.name.as_str()) {
            let finding =
                reserved("tenant", &tenant.name, "the name under which the platform's own bundles go", tenant.span);
            findings.push(finding.of(&tenant.name));
        }
        let tenants_own = [(bundle_name(cluster, &tenant.name, "tenant"), Limit::BUNDLE, tenant.span)];
        let instances = tenant.instances.iter().flat_map(|instance| {
            let bundle = bundle_name(cluster, &tenant.name, &instance.name);
            [(instance.namespace.clone(), Limit::NAMESPACE, instance.span), (bundle, Limit::BUNDLE, instance.span)]
        });
        fit(tenants_own.into_iter().chain(instances), tenant, findings);
    }
}

/// Names that are too long: of those composed in one place the longest, since mending it mends the others.
fn fit(names: impl Iterator<Item = (String, Limit, Span)>, tenant: &Tenant, findings: &mut Findings) {
    let mut longest: BTreeMap<Span, (usize, Fault)> = BTreeMap::new();
    for (name, limit, span) in names {
        let Err(fault) = names::fits(&name, limit) else { continue };
        let over = name.chars().count().saturating_sub(limit.length);
        if longest.get(&span).is_none_or(|(longest, _)| *longest < over) {
            longest.insert(span, (over, fault));
        }
    }
    for (span, (_, fault)) in longest {
        findings.push(
            Diagnostic::new(&codes::NAME_TOO_LONG, span, fault.message)
                .here("put together from the names of the tenant and the instance")
                .help_if(fault.help)
                .of(&tenant.name),
        );
    }
}

/// A host is claimed by every parameter that is a host name.
fn claim_hosts<'f>(instance: &'f Instance, tenant: &'f Tenant, hosts: &mut Claims<'f>, findings: &mut Findings) {
    for parameter in instance.parameters.values() {
        if let Value::HostName(host) = &parameter.value {
            // A default stands in one place for many tenants; who asked for it tells them apart.
            let given_here = parameter.origin.layer == Layer::Tenant && instance.row.is_none();
            let span = if given_here { parameter.origin.span } else { instance.span };
            hosts.claim(host.to_string(), span, tenant, findings);
        }
    }
}

fn check_instance(instance: &Instance, tenant: &Tenant, facts: &Workloads, findings: &mut Findings) {
    let span = instance.span;
    check_namespace(&instance.namespace, span, tenant, facts, findings);
    if RESERVED.contains(&instance.name.as_str()) {
        let finding =
            reserved("instance", &instance.name, "the name of a folder or file beside the instances' own", span);
        findings.push(finding.help("give it another one: `service … name=…`").of(&tenant.name));
    }
}

fn check_namespace(name: &str, span: Span, tenant: &Tenant, facts: &Workloads, findings: &mut Findings) {
    if facts.is_reserved(name) {
        let finding = reserved("namespace", name, "belongs to the cluster itself", span);
        findings.push(finding.help("give the tenant or the instance another name").of(&tenant.name));
    }
}

fn reserved(what: &str, name: &str, why: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&codes::RESERVED_NAME, span, format!("no {what} can be named `{name}`")).here(why)
}

/// Names that may be claimed once, and who claimed them.
struct Claims<'f> {
    code: &'static Code,
    noun: &'static str,
    way_out: &'static str,
    taken: BTreeMap<String, (Span, &'f Tenant)>,
}

impl<'f> Claims<'f> {
    fn new(code: &'static Code, noun: &'static str, way_out: &'static str) -> Self {
        Claims { code, noun, way_out, taken: BTreeMap::new() }
    }

    /// Claims a name; says so where it is taken, and whether it was free.
    fn claim(&mut self, name: String, span: Span, tenant: &'f Tenant, findings: &mut Findings) -> bool {
        let Some((first, owner)) = self.taken.get(&name) else {
            self.taken.insert(name, (span, tenant));
            return true;
        };
        let who = |tenant: &Tenant| format!("by {} `{}`", tenant.kind.name(), tenant.name);
        let shown = name.rsplit('/').next().unwrap_or(&name);
        findings.push(
            Diagnostic::new(self.code, span, format!("the {} `{shown}` is claimed twice", self.noun))
                .here(who(tenant))
                .also(*first, who(owner))
                .help(self.way_out)
                .of(&tenant.name),
        );
        false
    }
}
