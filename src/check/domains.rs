//! Hosts below the domain of another tenant, whose people may give any host there to a service of theirs.
//!
//! What a policy of the cluster allows follows from the domain alone, since no rule there sees other namespaces. So the
//! compiler, who sees all hosts, says where one stands in somebody else's room. Domains in domains are no finding: such a
//! one is nobody's own (`resolve/domains.rs`).

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::Fleet;
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::lower::{PublicHost, WILDCARD, domain_of};
use crate::model::Tenant;

/// The hosts of a tenant, or of the platform, in the domain of another: the first of them, and how many more there are.
struct Astray<'f> {
    owner: &'f Tenant,
    tenant: Option<&'f str>,
    host: &'f PublicHost,
    name: &'f str,
    others: usize,
}

pub(super) fn check(fleet: &Fleet<'_>, findings: &mut Findings) {
    let own = fleet.model.tenants.iter().filter(|tenant| tenant.has_own_domain);
    let owners: FxHashMap<&str, &Tenant> = own.map(|tenant| (tenant.domain.value.as_str(), tenant)).collect();
    let platform = fleet.grounds.shared().flat_map(|ground| ground.hosts.iter().map(|host| (host, None)));
    let tenants =
        fleet.tenants.iter().flat_map(|(tenant, lowered)| lowered.hosts.iter().map(|host| (host, Some(*tenant))));
    // One finding for each pair of tenants: a table of schools has as many hosts as rows.
    let mut astray: BTreeMap<_, Astray<'_>> = BTreeMap::new();
    for (host, tenant) in platform.chain(tenants) {
        let Some(name) = host.name.as_deref() else { continue };
        let mut domains =
            std::iter::successors(Some(name.strip_prefix(WILDCARD).unwrap_or(name)), |name| domain_of(name));
        let Some(owner) = domains.find_map(|domain| owners.get(domain)) else { continue };
        let tenant = tenant.map(|tenant| tenant.name.as_str());
        if tenant != Some(&owner.name) {
            let first = Astray { owner, tenant, host, name, others: 0 };
            astray.entry((&owner.name, tenant)).and_modify(|known| known.others += 1).or_insert(first);
        }
    }
    for Astray { owner, tenant, host, name, others } in astray.into_values() {
        let (kind, domain) = (owner.kind.name(), &owner.domain.value);
        let text = format!("the host `{name}` lies in the domain of {kind} `{}`, whose people may take it", owner.name);
        let finding = Diagnostic::new(&codes::FOREIGN_DOMAIN, host.asked, text)
            .here("in another's domain")
            .also(owner.domain.origin.span, format!("`{domain}` is the domain of `{}`", owner.name))
            .help("give it a host of its own, or let the domain be one that holds only the other's hosts");
        let finding = if others == 0 { finding } else { finding.note(format!("so do {others} more of its hosts")) };
        findings.push(match tenant {
            Some(tenant) => finding.of(tenant),
            None => finding,
        });
    }
}
