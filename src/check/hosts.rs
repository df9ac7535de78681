//! Public hosts: each has one owner in the whole fleet, no wildcard takes those of others, and each has a certificate.
//!
//! A name has one address, so it does not matter on which clusters two owners live. Where a wildcard and a host meet in
//! one ingress controller either may win: Traefik prefers the longer rule, which is the wildcard's; and a certificate for
//! a wildcard is good for every host it covers, on whatever cluster that lives.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::Fleet;
use crate::diagnostic::{Code, Diagnostic, Findings, codes, quoted};
use crate::lower::{PublicHost, WILDCARD, domain_of};
use crate::model::{ClusterId, Model, Tenant};
use crate::source::Span;

/// How many hosts are named in one finding.
const MOST_HOSTS: usize = 8;

/// How many more places are shown where one host is claimed again and again.
const MOST_PLACES: usize = 2;

pub(super) fn check(fleet: &Fleet<'_>, findings: &mut Findings) {
    let platform = fleet.grounds.shared().enumerate().flat_map(|(at, ground)| {
        ground.hosts.iter().map(move |host| Claim { host, tenant: None, cluster: ClusterId(at) })
    });
    let tenants = fleet.tenants.iter().flat_map(|(tenant, lowered)| {
        let cluster = tenant.cluster.value;
        lowered.hosts.iter().map(move |host| Claim { host, tenant: Some(*tenant), cluster })
    });
    let all: Vec<Claim<'_>> = platform.chain(tenants).collect();
    check_owners(&all, findings);
    check_wide(&all, fleet.model, findings);
    check_certificates(&all, findings);
}

/// A host and whose it is.
#[derive(Clone, Copy)]
struct Claim<'f> {
    host: &'f PublicHost,
    /// `None` is the platform itself.
    tenant: Option<&'f Tenant>,
    cluster: ClusterId,
}

impl<'f> Claim<'f> {
    fn name(&self) -> Option<&'f str> {
        self.host.name.as_deref()
    }

    fn tenant_name(&self) -> Option<&'f str> {
        self.tenant.map(|tenant| tenant.name.as_str())
    }

    /// The rules of one instance may share a host.
    fn has_owner_of(&self, other: &Claim<'_>) -> bool {
        self.tenant_name() == other.tenant_name()
            && self.host.instance == other.host.instance
            && self.cluster == other.cluster
    }

    fn owner(&self) -> String {
        let tenant = self
            .tenant
            .map_or_else(|| "the platform".to_owned(), |tenant| format!("{} `{}`", tenant.kind.name(), tenant.name));
        match &self.host.instance {
            Some(instance) => format!("by `{instance}` of {tenant}"),
            None => format!("by {tenant}"),
        }
    }

    fn finding(&self, code: &'static Code, text: String) -> Diagnostic {
        of(self.tenant_name(), Diagnostic::new(code, self.host.asked, text).here(self.owner()))
    }
}

/// Names the tenant that a finding concerns, where it is one's.
fn of(tenant: Option<&str>, finding: Diagnostic) -> Diagnostic {
    match tenant {
        Some(tenant) => finding.of(tenant),
        None => finding,
    }
}

/// One finding for each host and tenant that came too late, however often it did: an expression that forgets the row
/// gives one host to all schools.
fn check_owners(all: &[Claim<'_>], findings: &mut Findings) {
    let mut owners: FxHashMap<&str, Claim<'_>> = FxHashMap::default();
    let mut late: BTreeMap<(&str, Option<&str>), Vec<Claim<'_>>> = BTreeMap::new();
    for claim in all {
        let Some(name) = claim.name() else { continue };
        let first = owners.entry(name).or_insert(*claim);
        if !first.has_owner_of(claim) {
            let late = late.entry((name, claim.tenant_name())).or_default();
            if late.last().is_none_or(|last| !last.has_owner_of(claim)) {
                late.push(*claim);
            }
        }
    }
    for ((name, _), claims) in late {
        let (Some(first), [claim, rest @ ..]) = (owners.get(name), claims.as_slice()) else { continue };
        let times = if rest.is_empty() { "twice".to_owned() } else { format!("{} times", claims.len() + 1) };
        let finding = claim
            .finding(&codes::DUPLICATE_HOST, format!("the host `{name}` is claimed {times}"))
            .also(first.host.asked, first.owner())
            .help("give one of them another host");
        let more = rest.iter().take(MOST_PLACES);
        findings.push(more.fold(finding, |finding, claim| finding.also(claim.host.asked, claim.owner())));
    }
}

/// What answers for more than one host takes none that is another's: said once, at the wide one.
fn check_wide(all: &[Claim<'_>], model: &Model, findings: &mut Findings) {
    let wide: Vec<_> = all.iter().filter_map(|claim| Some((claim, Reach::of(claim)?))).collect();
    if wide.is_empty() {
        return;
    }
    let mut reached: FxHashMap<Reach<'_>, Vec<&Claim<'_>>> = FxHashMap::default();
    for claim in all {
        reached.entry(Reach::Cluster(claim.cluster)).or_default().push(claim);
        if let Some(name) = claim.name().filter(|name| !name.starts_with(WILDCARD)) {
            reached.entry(Reach::Domain(domain_of(name).unwrap_or_default())).or_default().push(claim);
        }
    }
    for (claim, reach) in wide {
        let others = reached.get(&reach).into_iter().flatten().filter(|other| !other.has_owner_of(claim));
        let others: Vec<&Claim<'_>> = others.copied().collect();
        let Some(first) = others.first() else { continue };
        let taken = first.name().map_or_else(|| "what answers for every host".to_owned(), |name| format!("`{name}`"));
        let (text, way_out) = match claim.name() {
            Some(name) => (
                format!("the host `{name}` covers {taken}, which is another's"),
                "name each host that is meant, or take a domain in which nobody else has hosts",
            ),
            None => (
                format!(
                    "without a host it answers for every host of `{}`, also for {taken}",
                    model[claim.cluster].name
                ),
                "give the rule a host; an expression that gives none leaves it out",
            ),
        };
        let finding = claim.finding(&codes::SHADOWED_HOST, text).also(first.host.asked, first.owner()).help(way_out);
        findings.push(and_others(finding, &others, "it covers"));
    }
}

/// What a host that is not one name answers for.
#[derive(PartialEq, Eq, Hash)]
enum Reach<'f> {
    /// Each host right below a domain.
    Domain(&'f str),
    Cluster(ClusterId),
}

impl<'f> Reach<'f> {
    /// `None` where it is one name, which covers no other.
    fn of(claim: &Claim<'f>) -> Option<Self> {
        match claim.name() {
            Some(name) => name.strip_prefix(WILDCARD).map(Reach::Domain),
            None => Some(Reach::Cluster(claim.cluster)),
        }
    }
}

/// One finding for each place of a template and tenant: a table of schools has as many hosts as rows.
fn check_certificates(all: &[Claim<'_>], findings: &mut Findings) {
    let mut plain: BTreeMap<(Span, Option<&str>), Vec<&Claim<'_>>> = BTreeMap::new();
    for claim in all {
        if let Some(span) = claim.host.without_tls {
            plain.entry((span, claim.tenant_name())).or_default().push(claim);
        }
    }
    for ((span, tenant), claims) in plain {
        let first = claims[0];
        let text = match first.name() {
            Some(name) => format!("no certificate covers the public host `{name}`"),
            None => "no certificate covers what answers for every host".to_owned(),
        };
        let finding = Diagnostic::new(&codes::MISSING_TLS, span, text)
            .here("reached without TLS")
            .also(first.host.asked, "in what this becomes")
            .help("list it among the hosts that have a certificate; where TLS ends before the cluster, waive it and say so");
        let finding = of(tenant, finding);
        findings.push(and_others(finding, &claims, "so it is for"));
    }
}

/// Adds the hosts it is about by name, and how many more there are; nothing where it is about one.
fn and_others(finding: Diagnostic, claims: &[&Claim<'_>], text: &str) -> Diagnostic {
    let names: Vec<&str> = claims.iter().filter_map(|claim| claim.name()).take(MOST_HOSTS).collect();
    if claims.len() < 2 || names.is_empty() {
        return finding;
    }
    match claims.len() - names.len() {
        0 => finding.note(format!("{text} {}", quoted(names))),
        more => finding.note(format!("{text} `{}` and {more} more", names.join("`, `"))),
    }
}
