//! What a service requires of its cluster: an operator that is not there leaves its objects lying dead.

use std::collections::BTreeSet;

use super::Fleet;
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::model::{Cluster, Instance, Model, Requires, ServiceId};

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

pub(super) fn visit<'m>(instance: &'m Instance, act: &mut dyn FnMut(&'m Instance)) {
    act(instance);
    for need in &instance.needs {
        visit(&need.instance, act);
    }
}

fn check_service(cluster: &Cluster, id: ServiceId, instance: &Instance, model: &Model, findings: &mut Findings) {
    let service = &model[id];
    for required in &service.requires {
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

pub(super) fn lacks(cluster: &Cluster, required: &Requires) -> Option<String> {
    let name = &required.operator;
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
