//! What a service requires of its cluster: an operator that is not there leaves its objects lying dead, and without a fact
//! about the cluster, its network or its ingress, they cannot be made.

use std::collections::BTreeSet;

use super::Fleet;
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::model::{Cluster, Instance, Lack, Model, Requires, Service, ServiceId, lacks};

pub(super) fn check(fleet: &Fleet<'_>, findings: &mut Findings) {
    // One finding for each cluster and service is enough: the way out is one line in the cluster.
    let mut told = BTreeSet::new();
    // A part that is switched off lacks nothing, so this differs from instance to instance.
    let mut told_lacks = BTreeSet::new();
    for (tenant, _) in fleet.tenants {
        let cluster = tenant.cluster.value;
        for instance in &tenant.instances {
            visit(instance, &mut |instance| {
                for lack in lacks(instance, &fleet.model[cluster], fleet.model) {
                    if told_lacks.insert((cluster, instance.service, lack)) {
                        let service = &fleet.model[instance.service];
                        let finding = report(lack, &fleet.model[cluster], service, fleet.model);
                        findings.push(finding.also(instance.span, "asked for here"));
                    }
                }
                if told.insert((cluster, instance.service)) {
                    check_service(&fleet.model[cluster], instance.service, instance, fleet.model, findings);
                }
            });
        }
    }
}

pub(super) fn visit<'m>(instance: &'m Instance, act: &mut dyn FnMut(&'m Instance)) {
    act(instance);
    for need in &instance.needs {
        visit(&need.instance, act);
    }
}

fn check_service(cluster: &Cluster, id: ServiceId, instance: &Instance, model: &Model, findings: &mut Findings) {
    let service = &model[id];
    for required in &service.requires {
        let Some(message) = lacks_operator(cluster, required) else { continue };
        let version = required.version.as_ref().map_or_else(|| "VERSION".to_owned(), ToString::to_string);
        findings.push(
            Diagnostic::new(&codes::MISSING_OPERATOR, cluster.span, message)
                .here(format!("needed for the service `{}`", service.name))
                .also(required.span, "required here")
                .also(instance.span, "asked for here")
                .help(format!(
                    "add `provides {} version=\"{version}\"` to it once the operator runs there",
                    required.operator
                )),
        );
    }
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
    if cluster.says(name).is_some() {
        return None;
    }
    let Some(provided) = cluster.provides.get(name) else {
        return Some(format!("the cluster `{}` provides no `{name}`", cluster.name));
    };
    let least = required.version.as_ref()?;
    (provided.version < *least).then(|| {
        format!(
            "the cluster `{}` provides `{name}` {}, and at least {least} is required",
            cluster.name, provided.version
        )
    })
}
