//! Names that have to be unique, and names that are composed: municipality keys, namespaces, bundles.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::diagnostic::{Code, Diagnostic, Fault, Findings, codes};
use crate::lower::Workloads;
use crate::lower::{bundle_name, chart_layer};
use crate::model::{Instance, Model, Tenant};
use crate::output::nagios;
use crate::source::Span;
use crate::value::names::{self, Limit};

/// Folders and files beside the instances' own, so no instance can have these names.
const RESERVED: [&str; 4] = ["tenant", "data", "keys", "fleet"];

/// Of the places that claim one name, so many more than two are shown.
const MOST_SHOWN: usize = 2;

/// Who else has bundles, so no tenant can have these names.
const OWNERS: [&str; 2] = ["platform", "management"];

/// The file beside those that are named by tenant or by cluster, so neither can have this name.
const FLEET: &str = "fleet";

/// The folder of the management cluster, so no cluster can have this name.
const MANAGEMENT: &str = "management";

pub(super) fn check(model: &Model, facts: &Workloads, findings: &mut Findings) {
    let folders = [
        (MANAGEMENT, "the folder of the management cluster"),
        (nagios::FOLDER, "the folder of Nagios"),
        (FLEET, "the file in which a bundle says what it is"),
    ];
    for (name, what) in folders {
        for cluster in model.clusters.iter().filter(|cluster| cluster.name == name) {
            findings.push(reserved("cluster", name, what, cluster.span));
        }
    }
    let mut keys: Claims<'_> =
        Claims::new(&codes::DUPLICATE_AGS, "municipality key", "look up which of them it belongs to");
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
            keys.claim(ags.value.as_str().to_owned(), ags.span, tenant);
        }
        let cluster = &model[tenant.cluster.value].name;
        if !tenant.volumes.is_empty() {
            namespaces.claim(format!("{cluster}/{}", tenant.name), tenant.span, tenant);
            check_namespace(&tenant.name, tenant.span, tenant, facts, findings);
        }
        for layer in ["tenant", "data", "keys"] {
            bundles.claim(bundle_name(cluster, &tenant.name, layer), tenant.span, tenant);
        }
        for instance in &tenant.instances {
            let bundle = bundle_name(cluster, &tenant.name, &instance.name);
            // Of two names put together from the same parts one finding is enough.
            let is_free = namespaces.claim(format!("{cluster}/{}", instance.namespace), instance.span, tenant);
            if is_free && !RESERVED.contains(&instance.name.as_str()) {
                bundles.claim(bundle, instance.span, tenant);
            }
            for layer in chart_layers(instance, model) {
                bundles.claim(bundle_name(cluster, &tenant.name, &layer), instance.span, tenant);
            }
            check_instance(instance, tenant, facts, findings);
        }
        if OWNERS.contains(&tenant.name.as_str()) {
            let finding =
                reserved("tenant", &tenant.name, "the name under which the platform's own bundles go", tenant.span);
            findings.push(finding.of(&tenant.name));
        }
        if tenant.name == FLEET {
            let finding = reserved("tenant", FLEET, "the file in which a bundle says what it is", tenant.span);
            findings.push(finding.of(&tenant.name));
        }
        let tenants_own = [(bundle_name(cluster, &tenant.name, "tenant"), Limit::BUNDLE, tenant.span)];
        let instances = tenant.instances.iter().flat_map(|instance| {
            let bundle = bundle_name(cluster, &tenant.name, &instance.name);
            let charts =
                chart_layers(instance, model).into_iter().map(|layer| bundle_name(cluster, &tenant.name, &layer));
            let bundles = std::iter::once(bundle).chain(charts).map(|bundle| (bundle, Limit::BUNDLE, instance.span));
            std::iter::once((instance.namespace.clone(), Limit::NAMESPACE, instance.span)).chain(bundles)
        });
        fit(tenants_own.into_iter().chain(instances), tenant, findings);
    }
    for claims in [keys, namespaces, bundles] {
        claims.report(findings);
    }
}

/// The bundles of the charts in an instance, beside its own.
fn chart_layers(instance: &Instance, model: &Model) -> Vec<String> {
    fn collect(top: &str, instance: &Instance, model: &Model, layers: &mut Vec<String>) {
        if model[instance.service].chart.is_some() {
            layers.push(chart_layer(top, &instance.name));
        }
        for need in &instance.needs {
            collect(top, &need.instance, model, layers);
        }
    }
    let mut layers = Vec::new();
    collect(&instance.name, instance, model, &mut layers);
    layers
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
    taken: FxHashMap<String, (Span, &'f Tenant)>,
    /// Those who came later, by the name and their tenant.
    late: BTreeMap<(String, &'f str), (&'f Tenant, Vec<Span>)>,
}

impl<'f> Claims<'f> {
    fn new(code: &'static Code, noun: &'static str, way_out: &'static str) -> Self {
        Claims { code, noun, way_out, taken: FxHashMap::default(), late: BTreeMap::new() }
    }

    /// Claims a name; says whether it was free.
    fn claim(&mut self, name: String, span: Span, tenant: &'f Tenant) -> bool {
        if self.taken.contains_key(&name) {
            self.late.entry((name, &tenant.name)).or_insert_with(|| (tenant, Vec::new())).1.push(span);
            return false;
        }
        self.taken.insert(name, (span, tenant));
        true
    }

    /// One finding for each name and tenant that came too late, however often it did.
    fn report(self, findings: &mut Findings) {
        let who = |tenant: &Tenant| format!("by {} `{}`", tenant.kind.name(), tenant.name);
        for ((name, _), (tenant, spans)) in &self.late {
            let (Some((first, owner)), Some((span, rest))) = (self.taken.get(name), spans.split_first()) else {
                continue;
            };
            let shown = name.rsplit('/').next().unwrap_or(name);
            let times = if rest.is_empty() { "twice".to_owned() } else { format!("{} times", spans.len() + 1) };
            let mut finding =
                Diagnostic::new(self.code, *span, format!("the {} `{shown}` is claimed {times}", self.noun))
                    .here(who(tenant))
                    .also(*first, who(owner))
                    .help(self.way_out);
            for more in rest.iter().take(MOST_SHOWN) {
                finding = finding.also(*more, "and here");
            }
            findings.push(finding.of(&tenant.name));
        }
    }
}
