//! What a service requires of its cluster: an operator that is not there leaves its objects lying dead, and without a fact
//! about the cluster, its network or its ingress, they cannot be made.

use std::collections::{BTreeMap, BTreeSet};

use super::Fleet;
use crate::diagnostic::{Diagnostic, Findings, codes, nearest, quoted};
use crate::model::{Cluster, ClusterId, Instance, Lack, Model, Requires, Service, lacks};

pub(super) fn check(fleet: &Fleet<'_>, findings: &mut Findings) {
    // One finding for each cluster and operator, whoever requires it: the way out is one line in the cluster.
    let mut missing: BTreeMap<(ClusterId, &str), Vec<Asked<'_>>> = BTreeMap::new();
    // A part that is switched off lacks nothing, so this differs from instance to instance.
    let mut told_lacks = BTreeSet::new();
    for (tenant, _) in fleet.tenants {
        let cluster = tenant.cluster.value;
        for instance in &tenant.instances {
            instance.visit(&mut |instance| {
                for lack in lacks(instance, &fleet.model[cluster], fleet.model) {
                    if told_lacks.insert((cluster, instance.service, lack)) {
                        let service = &fleet.model[instance.service];
                        let finding = report(lack, &fleet.model[cluster], service, fleet.model);
                        findings.push(finding.also(instance.span, "asked for here"));
                    }
                }
                let service = &fleet.model[instance.service];
                for required in &service.requires {
                    if lacks_operator(&fleet.model[cluster], required).is_some() {
                        let asked = Asked { required, service, instance };
                        missing.entry((cluster, &required.operator)).or_default().push(asked);
                    }
                }
            });
        }
    }
    for ((cluster, _), asked) in missing {
        findings.extend(report_operator(&fleet.model[cluster], &asked));
    }
}

/// Who requires an operator.
struct Asked<'m> {
    required: &'m Requires,
    service: &'m Service,
    instance: &'m Instance,
}

/// The finding for those who require one operator of one cluster; who asks for the latest version is shown.
fn report_operator(cluster: &Cluster, asked: &[Asked<'_>]) -> Option<Diagnostic> {
    // The first of those who ask for the most, as the fleet is walked in the order of names.
    let most = asked.iter().rev().max_by_key(|asked| asked.required.version.as_ref())?;
    let services: BTreeSet<&str> = asked.iter().map(|asked| asked.service.name.as_str()).collect();
    let noun = if services.len() == 1 { "service" } else { "services" };
    let needed = format!("needed for the {noun} {}", quoted(services));
    let finding = without_operator(cluster, most.required)?.here(needed);
    Some(finding.also(most.required.span, "required here").also(most.instance.span, "asked for here"))
}

/// An operator that a cluster lacks, or has too old, at the line to be changed and with the way out.
pub(super) fn without_operator(cluster: &Cluster, required: &Requires) -> Option<Diagnostic> {
    let Requires { operator, version, .. } = required;
    let version = version.as_ref().map_or_else(|| "…".to_owned(), ToString::to_string);
    let line = format!("provides {operator} version=\"{version}\"");
    let (place, help) = match cluster.provides.get(operator) {
        Some(provided) => (provided.span, format!("bring it to {version} or later, then say so here: `{line}`")),
        None => match nearest(operator, cluster.provides.keys().map(String::as_str)) {
            Some(near) => (cluster.span, format!("the cluster provides `{near}`: is that what is required?")),
            None => (cluster.span, format!("add `{line}` to it once the operator runs there")),
        },
    };
    Some(Diagnostic::new(&codes::MISSING_OPERATOR, place, lacks_operator(cluster, required)?).help(help))
}

/// What is not said, at the place where it belongs.
fn report(lack: Lack<'_>, cluster: &Cluster, service: &Service, model: &Model) -> Diagnostic {
    let needed = format!("needed for the service `{}`", service.name);
    match lack {
        Lack::Fact { name, required } => {
            let line = match name {
                "network" => "network pods=\"…\" services=\"…\" nodes=\"…\"",
                _ => "ingress traefik",
            };
            let text = format!("the cluster `{}` says nothing of its `{name}`", cluster.name);
            let finding = Diagnostic::new(&codes::MISSING, cluster.span, text).here(needed);
            let finding = required.into_iter().fold(finding, |finding, span| finding.also(span, "required here"));
            finding.help(format!("add `{line}` to it"))
        }
        Lack::Endpoint { name } => {
            let text = format!("the platform has no endpoint `{name}`");
            Diagnostic::new(&codes::MISSING, model.platform.span, text).here(needed).help(format!(
                "add `endpoint {name} \"https://…\" to=\"…\" port=443` to it: where it is and what it answers from"
            ))
        }
    }
}

pub(super) fn lacks_operator(cluster: &Cluster, required: &Requires) -> Option<String> {
    let name = &required.operator;
    if cluster.says(name).is_some() || cluster.unread_operators.may_hold(name) {
        return None;
    }
    let Some(provided) = cluster.provides.get(name) else {
        return Some(format!("the cluster `{}` provides no `{name}`", cluster.name));
    };
    let (least, version) = (required.version.as_ref()?, &provided.version);
    (version < least).then(|| {
        format!("the cluster `{}` provides `{name}` {version}, and at least {least} is required", cluster.name)
    })
}
