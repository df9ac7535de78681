//! Who may do what, and what that needs: a tenant that nobody may look into, a group that reaches into several, and a
//! cluster that Rancher knows by an id which nobody has written down yet.

use std::collections::BTreeMap;

use super::Fleet;
use crate::diagnostic::{Diagnostic, Findings, codes, quoted};
use crate::model::{Group, Layer, Tenant};

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
    check_shared(fleet, findings);
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

/// A group that has rights in more than one tenant: said once, where it is given to the second.
fn check_shared(fleet: &Fleet<'_>, findings: &mut Findings) {
    let mut reached: BTreeMap<&str, Vec<(&Tenant, &Group)>> = BTreeMap::new();
    for (tenant, _) in fleet.tenants {
        for group in tenant.access.iter().flat_map(|access| &access.groups) {
            let tenants = reached.entry(&group.dn).or_default();
            if tenants.last().is_none_or(|(last, _)| last.name != tenant.name) {
                tenants.push((tenant, group));
            }
        }
    }
    for tenants in reached.values() {
        let [(first, group), (second, other), rest @ ..] = tenants.as_slice() else { continue };
        // Given by the defaults it stands in one place, and the tenants tell where it reaches.
        let place = |tenant: &Tenant, group: &Group| {
            if group.origin.layer == Layer::Tenant { group.origin.span } else { tenant.span }
        };
        let names = [first, second].into_iter().chain(rest.iter().map(|(tenant, _)| tenant)).map(|tenant| &tenant.name);
        findings.push(
            Diagnostic::new(
                &codes::SHARED_GROUP,
                place(second, other),
                format!("the group `{}` has rights in {} tenants", group.name, rest.len() + 2),
            )
            .here(format!("in `{}`", second.name))
            .also(place(first, group), format!("and in `{}`", first.name))
            .note(format!("it reaches {}", quoted(names.take(MOST_NAMES))))
            .help("give each tenant a group of its own; where it is meant, waive it or `lint shared-group allow`"),
        );
    }
}

/// How many tenants are named in one finding.
const MOST_NAMES: usize = 8;
