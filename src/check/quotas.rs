//! Quotas that add up: what a tenant's namespaces can ask for against what the tenant may use, and what one namespace can ask
//! for against a quota that the spec gives it.

use super::Fleet;
use super::budget::{Budget, amount_of_resource, exceeded, limits_text, sheet, sums_text};
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::lower::{Footprint, LoweredTenant, NamespaceUse};
use crate::model::{Layer, Sourced, Tenant};
use crate::source::Span;
use crate::value::Quantity;

/// What a quota is about: its name in the spec, and its part of a footprint.
type Part = (&'static str, fn(&Footprint) -> Quantity);

const PARTS: [Part; 4] = [
    ("cpu", |footprint| footprint.cpu_requests),
    ("memory", |footprint| footprint.memory_requests),
    ("storage", |footprint| footprint.storage),
    ("pods", |footprint| Quantity::from_count(footprint.pods)),
];

pub(super) fn check(fleet: &Fleet<'_>, findings: &mut Findings) {
    let mut of_namespaces = Vec::new();
    for (tenant, lowered) in fleet.tenants {
        for namespace in &lowered.namespaces {
            for (what, limit) in &namespace.own_quota {
                of_namespaces.extend(namespace_over(tenant, namespace, what, limit));
            }
        }
        findings.extend(tenant_over(tenant, lowered));
    }
    // One line may be the quota of many. Who asks for the most is told: what is enough for it is for all.
    of_namespaces.sort_by_key(|(sum, _)| std::cmp::Reverse(*sum));
    findings.extend(of_namespaces.into_iter().enumerate().map(|(rank, (_, finding))| Diagnostic { rank, ..finding }));
}

fn tenant_over(tenant: &Tenant, lowered: &LoweredTenant) -> Option<Diagnostic> {
    let quota = &tenant.quota;
    let pods = quota.pods.clone().map(Quantity::from_count);
    let limits = [&quota.cpu, &quota.memory, &quota.storage, &pods];
    let columns = exceeded(PARTS.iter().zip(limits).map(|((what, part), limit)| {
        let amounts = lowered.namespaces.iter();
        let rows = amounts.map(|namespace| (namespace.name.as_str(), part(&namespace.quota))).collect();
        (*what, Budget { rows, limit: limit.value, limit_name: "quota" })
    }));
    // What is exceeded the most decides the order of the table, and whose place is shown.
    let (_, worst) = columns.first()?;
    let (asked, allowed) = (sums_text(&columns), limits_text(&columns));
    let text = format!("the tenant `{}` can ask for {asked}, and its quota is {allowed}", tenant.name);
    let place = worst.goes_over().map_or(tenant.span, |name| asked_at(name, tenant, lowered));
    let mut finding = Diagnostic::new(&codes::QUOTA_EXCEEDED, place, text).of(&tenant.name);
    if place == tenant.span {
        finding = finding.here("asks for more than it may");
    } else {
        finding = finding.here("with this it is more than the tenant may have").also(tenant.span, "the tenant");
    }
    for (what, budget) in &columns {
        let declared = PARTS.iter().zip(limits).find(|((known, _), _)| known == what);
        let text = amount_of_resource(&budget.limit_text(), what);
        finding = declared.into_iter().fold(finding, |finding, (_, limit)| finding.also(limit.origin.span, &text));
    }
    let raised: Vec<String> = columns.iter().filter_map(|(what, budget)| Some(setting(what, budget.sum()?))).collect();
    let finding = finding.note(sheet("what its namespaces can ask for at most, with headroom", &columns));
    Some(if raised.is_empty() {
        finding.help("ask for less")
    } else {
        let is_kept = |what: &str| quota.over.contains(&what) && !columns.iter().any(|(over, _)| *over == what);
        // A line of its own is replaced as a whole, with what it says beside.
        let kept = PARTS.iter().zip(limits).filter(|((what, _), _)| is_kept(what));
        let settings = raised.into_iter().chain(kept.map(|((what, _), limit)| written(what, limit.value)));
        let (name, settings) = (&quota.name, settings.collect::<Vec<_>>().join(" "));
        finding.help(format!("raise its quota (`quota {name} {settings}`), take a larger one, or ask for less"))
    })
}

/// The quota that the spec gives a namespace itself.
fn namespace_over(
    tenant: &Tenant,
    namespace: &NamespaceUse,
    what: &str,
    limit: &Sourced<Quantity>,
) -> Option<(Quantity, Diagnostic)> {
    let (what, part) = PARTS.iter().find(|(known, _)| *known == what)?;
    let rows = namespace.shares.iter().map(|share| (share.name.as_str(), part(&share.most))).collect();
    let budget = Budget { rows, limit: limit.value, limit_name: "quota" };
    if !budget.is_exceeded() {
        return None;
    }
    let (sum, allowed) = (amount_of_resource(&budget.sum_text(), what), budget.limit_text());
    let text = format!("`{}` can ask for {sum}, and its own quota is {allowed}", namespace.name);
    let finding = Diagnostic::new(&codes::NAMESPACE_FULL, limit.origin.span, text).here("less than it can ask for");
    let finding = if is_inside(limit.origin.span, namespace.asked) {
        finding
    } else {
        finding.also(namespace.asked, "for this one")
    };
    let raised = budget.sum().map(|sum| setting(what, sum)).unwrap_or_default();
    let title = format!("what it can ask for at most ({what})");
    let most = budget.sum().unwrap_or(Quantity::BOUNDLESS);
    let finding = finding
        .note(budget.table(&title))
        .help(format!("raise it to `{raised}`, ask for less, or leave it out: then it is derived"))
        .of(&tenant.name);
    Some((most, finding))
}

/// The place that asks for a namespace; of the tenant's own one its largest volume, where the tenant itself declares it.
fn asked_at(name: &str, tenant: &Tenant, lowered: &LoweredTenant) -> Span {
    if name == tenant.name {
        let largest = tenant.volumes.iter().max_by_key(|volume| volume.size.value);
        let own = largest.filter(|volume| volume.size.origin.layer == Layer::Tenant);
        return own.map_or(tenant.span, |volume| volume.span);
    }
    let found = lowered.namespaces.iter().find(|namespace| namespace.name == name);
    found.map_or(tenant.span, |namespace| namespace.asked)
}

fn is_inside(part: Span, whole: Span) -> bool {
    part.file == whole.file && whole.start <= part.start && part.end <= whole.end
}

/// A setting that would be enough, as it is written: whole cores, whole gibibytes.
fn setting(what: &str, sum: Quantity) -> String {
    let step = if matches!(what, "memory" | "storage") { "1Gi" } else { "1" };
    written(what, Quantity::parse(step).map_or(sum, |step| sum.round_up_to(step)))
}

fn written(what: &str, amount: Quantity) -> String {
    let text = amount.for_people();
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { format!("{what}={text}") } else { format!("{what}=\"{amount}\"") }
}
