//! Who may do what: a tenant that nobody may look into, a group that reaches into several.

use std::collections::BTreeMap;

use super::Fleet;
use crate::diagnostic::{Diagnostic, Findings, codes, quoted};
use crate::model::{Group, Layer, Tenant};

pub(super) fn check(fleet: &Fleet<'_>, findings: &mut Findings) {
    for (tenant, _) in fleet.tenants {
        if tenant.access.iter().all(|access| access.groups.is_empty()) {
            findings.push(
                Diagnostic::new(
                    &codes::NO_ACCESS,
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
