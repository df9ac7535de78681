//! Who may do what: a tenant that nobody administers.

use super::Fleet;
use crate::diagnostic::{Diagnostic, Findings, codes};

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
}
