//! What a service requires of its cluster: an operator that is not there leaves its objects lying dead, and without a fact
//! about the cluster, its network or its ingress, they cannot be made.

use std::collections::BTreeSet;

use super::Fleet;
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::model::{Cluster, Instance, Model, Requires, Service, ServiceId};

pub(super) fn check(fleet: &Fleet<'_>, findings: &mut Findings) {
    // One finding for each cluster and service is enough: the way out is one line in the cluster.
    let mut told = BTreeSet::new();
    for (tenant, _) in fleet.tenants {
        let cluster = tenant.cluster.value;
        for instance in &tenant.instances {
            visit(instance, &mut |instance| {
                if told.insert((cluster, instance.service)) {
                    check_service(&fleet.model[cluster], instance.service, instance, fleet.model, findings);
                }
            });
        }
    }
}

fn visit(instance: &Instance, act: &mut dyn FnMut(&Instance)) {
    act(instance);
    for need in &instance.needs {
        visit(&need.instance, act);
    }
}

fn check_service(cluster: &Cluster, id: ServiceId, instance: &Instance, model: &Model, findings: &mut Findings) {
    let service = &model[id];
    for required in &service.requires {
        if cluster.says(&required.operator) == Some(false) {
            findings.push(lacks_fact(cluster, &required.operator, service).also(required.span, "required here").also(
                instance.span,
                "asked for here",
            ));
            continue;
        }
        let Some(message) = lacks(cluster, required) else { continue };
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

fn lacks_fact(cluster: &Cluster, fact: &str, service: &Service) -> Diagnostic {
    let line = match fact {
        "network" => "network pods=\"…\" services=\"…\" nodes=\"…\"",
        _ => "ingress traefik",
    };
    Diagnostic::new(&codes::MISSING, cluster.span, format!("the cluster `{}` says nothing of its `{fact}`", cluster.name))
        .here(format!("needed for the service `{}`", service.name))
        .help(format!("add `{line}` to it"))
}

fn lacks(cluster: &Cluster, required: &Requires) -> Option<String> {
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
