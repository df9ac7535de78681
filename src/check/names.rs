//! Names that have to be unique, and names that are composed: municipality keys, hosts, namespaces, bundles.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Findings, codes};
use crate::lower::Workloads;
use crate::lower::bundle_name;
use crate::model::{Instance, Layer, Model, Tenant};
use crate::source::Span;
use crate::value::Value;
use crate::value::names::{self, Limit};

/// Folders and files beside the instances' own, so no instance can have these names.
const RESERVED: [&str; 3] = ["tenant", "data", "fleet"];

/// The folder of the management cluster, so no cluster can have this name.
const MANAGEMENT: &str = "management";

pub(super) fn check(model: &Model, facts: &Workloads, findings: &mut Findings) {
    for cluster in model.clusters.iter().filter(|cluster| cluster.name == MANAGEMENT) {
        findings.push(reserved("cluster", &cluster.name, "the folder of the management cluster", cluster.span));
    }
    let mut keys: Claims<'_> = Claims::new(&codes::DUPLICATE_AGS, "municipality key");
    let mut hosts: Claims<'_> = Claims::new(&codes::DUPLICATE_HOST, "host");
    let mut namespaces: Claims<'_> = Claims::new(&codes::DUPLICATE_NAMESPACE, "namespace");
    for tenant in &model.tenants {
        if let Some(ags) = &tenant.ags {
            keys.claim(ags.value.as_str().to_owned(), ags.span, tenant, findings);
        }
        let cluster = &model[tenant.cluster.value].name;
        if !tenant.volumes.is_empty() {
            namespaces.claim(format!("{cluster}/{}", tenant.name), tenant.span, tenant, findings);
            check_namespace(&tenant.name, tenant.span, tenant, facts, findings);
        }
        let bundle = bundle_name(cluster, &tenant.name, "tenant");
        let room = fits(&bundle, Limit::BUNDLE, tenant.span, tenant, findings).then_some(cluster.as_str());
        for instance in &tenant.instances {
            namespaces.claim(format!("{cluster}/{}", instance.namespace), instance.span, tenant, findings);
            claim_hosts(instance, tenant, &mut hosts, findings);
            check_instance(instance, tenant, room, facts, findings);
        }
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

/// `cluster` is none where the names of the tenant's own bundles are too long already: that is said once.
fn check_instance(
    instance: &Instance,
    tenant: &Tenant,
    cluster: Option<&str>,
    facts: &Workloads,
    findings: &mut Findings,
) {
    let span = instance.span;
    if fits(&instance.namespace, Limit::NAMESPACE, span, tenant, findings)
        && let Some(cluster) = cluster
    {
        fits(&bundle_name(cluster, &tenant.name, &instance.name), Limit::BUNDLE, span, tenant, findings);
    }
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

fn fits(name: &str, limit: Limit, span: Span, tenant: &Tenant, findings: &mut Findings) -> bool {
    let Err(fault) = names::fits(name, limit) else { return true };
    findings.push(
        Diagnostic::new(&codes::NAME_TOO_LONG, span, fault.message)
            .here("the name is composed")
            .help_if(fault.help)
            .of(&tenant.name),
    );
    false
}

/// Names that may be claimed once, and who claimed them.
struct Claims<'f> {
    code: &'static Code,
    noun: &'static str,
    taken: BTreeMap<String, (Span, &'f Tenant)>,
}

impl<'f> Claims<'f> {
    fn new(code: &'static Code, noun: &'static str) -> Self {
        Claims { code, noun, taken: BTreeMap::new() }
    }

    fn claim(&mut self, name: String, span: Span, tenant: &'f Tenant, findings: &mut Findings) {
        let Some((first, owner)) = self.taken.get(&name) else {
            self.taken.insert(name, (span, tenant));
            return;
        };
        let who = |tenant: &Tenant| format!("by {} `{}`", tenant.kind.name(), tenant.name);
        let shown = name.rsplit('/').next().unwrap_or(&name);
        findings.push(
            Diagnostic::new(self.code, span, format!("the {} `{shown}` is claimed twice", self.noun))
                .here(who(tenant))
                .also(*first, who(owner))
                .of(&tenant.name),
        );
    }
}
