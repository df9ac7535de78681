//! What services warn of: a default that follows from the platform or the cluster and gives less than people expect.
//!
//! It is said at the cluster, since a line that was taken away there has no place any more, and once however many
//! instances of a tenant it is so for; findings of several tenants are joined later.

use std::collections::BTreeSet;

use super::Fleet;
use crate::diagnostic::{Diagnostic, Findings, codes};

pub(super) fn check(fleet: &Fleet<'_>, findings: &mut Findings) {
    for (tenant, _) in fleet.tenants {
        let cluster = &fleet.model[tenant.cluster.value];
        let mut told = BTreeSet::new();
        for instance in &tenant.instances {
            instance.visit(&mut |instance| {
                let service = &fleet.model[instance.service];
                for warning in &instance.warnings {
                    if !told.insert((&warning.text, warning.span)) {
                        continue;
                    }
                    let silence = format!(
                        "give `{}` to the service `{}` where it is meant to be so",
                        warning.parameter, service.name
                    );
                    let help = warning.help.iter().fold(silence, |silence, help| format!("{help}; or {silence}"));
                    let finding = Diagnostic::new(&codes::POOR_DEFAULT, cluster.span, &warning.text)
                        .here("so it is here")
                        .also(warning.span, format!("said by the service `{}`", service.name))
                        .help(help);
                    findings.push(finding.of(&tenant.name));
                }
            });
        }
    }
}
