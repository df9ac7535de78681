//! Who may do what, and what that needs: a tenant that nobody administers, and a cluster that Rancher knows by an id which
//! nobody has written down yet.

use super::Fleet;
use crate::diagnostic::{Diagnostic, Findings, codes};

pub(super) fn check(fleet: &Fleet<'_>, findings: &mut Findings) {
    for (tenant, _) in fleet.tenants {
        // A role whose groups are all unknown was reported as such.
        if tenant.access.is_empty() {
            findings.push(
                Diagnostic::new(
                    &codes::MISSING_ACCESS,
                    tenant.span,
                    format!("no group has access to the tenant `{}`", tenant.name),
                )
                .here("nobody can look into it")
                .help("add `access { admin GROUP }` to it or to the defaults")
                .of(&tenant.name),
            );
        }
    }
    check_ids(fleet, findings);
}

/// Rancher's id of a cluster is random, so it is a fact; until it is known, the projects of its tenants wait.
fn check_ids(fleet: &Fleet<'_>, findings: &mut Findings) {
    if fleet.model.platform.rancher.is_none() {
        return;
    }
    for cluster in fleet.model.clusters.iter().filter(|cluster| cluster.rancher_id.is_none()) {
        let on_it = fleet.tenants.iter().filter(|(tenant, _)| fleet.model[tenant.cluster.value].name == cluster.name);
        let waiting = match on_it.count() {
            0 => continue,
            1 => "the project of 1 tenant waits for it".to_owned(),
            count => format!("the projects of {count} tenants wait for it"),
        };
        findings.push(
            Diagnostic::new(
                &codes::UNKNOWN_CLUSTER_ID,
                cluster.span,
                format!("the cluster `{}` has no `rancher-id`", cluster.name),
            )
            .here(waiting)
            .help(format!(
                "ask Rancher for it with `kubectl -n fleet-default get clusters.provisioning.cattle.io {} -o \
                 jsonpath={{.status.clusterName}}` and add it as `rancher-id c-m-…`",
                cluster.name
            )),
        );
    }
}
