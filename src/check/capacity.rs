//! Quotas that add up: what a tenant's namespaces can ask for against its quota.

use std::fmt::Write as _;

use super::Fleet;
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::lower::{Footprint, LoweredTenant};
use crate::model::{Sourced, Tenant};
use crate::value::Quantity;

pub(super) fn check(fleet: &Fleet<'_>, findings: &mut Findings) {
    for (tenant, lowered) in fleet.tenants {
        check_tenant(tenant, lowered, findings);
    }
}

fn check_tenant(tenant: &Tenant, lowered: &LoweredTenant, findings: &mut Findings) {
    let quota = &tenant.quota;
    let mut over = |what: &str, limit: &Sourced<Quantity>, of: &dyn Fn(&Footprint) -> Quantity| {
        let all = lowered.namespaces.iter().map(|namespace| of(&namespace.quota));
        let Some(sum) = Quantity::checked_sum(all) else { return };
        if sum <= limit.value {
            return;
        }
        let rows =
            lowered.namespaces.iter().map(|namespace| (namespace.name.as_str(), of(&namespace.quota).to_string()));
        findings.push(explain(tenant, what, &sum.to_string(), &limit.value.to_string(), limit.origin.span, rows));
    };
    over("cpu", &quota.cpu, &|footprint| footprint.cpu_requests);
    over("memory", &quota.memory, &|footprint| footprint.memory_requests);
    over("storage", &quota.storage, &|footprint| footprint.storage);
    let pods: i64 = lowered.namespaces.iter().map(|namespace| namespace.quota.pods).sum();
    if pods > quota.pods.value {
        let rows =
            lowered.namespaces.iter().map(|namespace| (namespace.name.as_str(), namespace.quota.pods.to_string()));
        let limit = quota.pods.value.to_string();
        findings.push(explain(tenant, "pods", &pods.to_string(), &limit, quota.pods.origin.span, rows));
    }
}

fn explain<'r>(
    tenant: &Tenant,
    what: &str,
    sum: &str,
    limit: &str,
    declared: crate::source::Span,
    rows: impl Iterator<Item = (&'r str, String)>,
) -> Diagnostic {
    let table: Vec<(&str, String)> = rows.collect();
    let width = table.iter().map(|(name, _)| name.len()).max().unwrap_or(0).max("together".len());
    let mut text = format!("what the namespaces can ask for at most, with headroom ({what}):\n");
    for (name, amount) in &table {
        let _ = writeln!(text, "  {name:width$}  {amount:>9}");
    }
    let _ = write!(text, "  {:width$}  {sum:>9}\n  {:width$}  {limit:>9}", "together", "quota");
    Diagnostic::new(
        &codes::QUOTA_EXCEEDED,
        tenant.span,
        format!("the tenant `{}` can ask for {sum} of {what}, and its quota is {limit}", tenant.name),
    )
    .here("asks for more than it may")
    .also(declared, format!("{limit} here"))
    .note(text)
    .help(format!("raise its quota (`quota {what}=\"…\"`), take a larger one, or ask for less"))
    .of(&tenant.name)
}
