//! Quotas that add up: what a tenant's namespaces can ask for against what the tenant may use.

use super::Fleet;
use super::budget::Budget;
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::lower::{Footprint, LoweredTenant};
use crate::model::{Sourced, Tenant};
use crate::source::Span;
use crate::value::Quantity;

pub(super) fn check(fleet: &Fleet<'_>, findings: &mut Findings) {
    for (tenant, lowered) in fleet.tenants {
        let quota = &tenant.quota;
        let mut prove = |what: &str, limit: &Sourced<Quantity>, part: &dyn Fn(&Footprint) -> Quantity| {
            findings.extend(over(tenant, lowered, what, limit.value, limit.origin.span, part));
        };
        prove("cpu", &quota.cpu, &|footprint| footprint.cpu_requests);
        prove("memory", &quota.memory, &|footprint| footprint.memory_requests);
        prove("storage", &quota.storage, &|footprint| footprint.storage);
        let pods = quota.pods.clone().map(Quantity::from_count);
        prove("pods", &pods, &|footprint| Quantity::from_count(footprint.pods));
    }
}

fn over(
    tenant: &Tenant,
    lowered: &LoweredTenant,
    what: &str,
    limit: Quantity,
    declared: Span,
    part: &dyn Fn(&Footprint) -> Quantity,
) -> Option<Diagnostic> {
    let rows = lowered.namespaces.iter().map(|namespace| (namespace.name.as_str(), part(&namespace.quota))).collect();
    let budget = Budget { rows, limit, limit_name: "quota" };
    if !budget.is_exceeded() {
        return None;
    }
    let text =
        format!("the tenant `{}` can ask for {} of {what}, and its quota is {limit}", tenant.name, budget.sum_text());
    let finding = Diagnostic::new(&codes::QUOTA_EXCEEDED, tenant.span, text)
        .here("asks for more than it may")
        .also(declared, format!("{limit} here"))
        .note(budget.table(&format!("what its namespaces can ask for at most, with headroom ({what})")))
        .help(format!("raise its quota (`quota {what}=…`), take a larger one, or ask for less"))
        .of(&tenant.name);
    Some(finding)
}
