//! Public hosts: each has one owner in the whole fleet, no wildcard takes those of others, and each has a certificate.
//!
//! A name has one address, so it does not matter on which clusters two owners live. Where a wildcard and a host meet in
//! one ingress controller either may win: Traefik prefers the longer rule, which is the wildcard's; and a certificate for
//! a wildcard is good for every host it covers, on whatever cluster that lives.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::Fleet;
use crate::diagnostic::{Code, Diagnostic, Findings, codes, quoted};
use crate::lower::{PublicHost, WILDCARD, domain_of};
use crate::model::{ClusterId, Instance, Layer, Model, Sourced, Tenant};
use crate::source::Span;
use crate::value::Value;

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
    check_owners(&all, fleet, findings);
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

    /// The line of the spec that gives the host, where a parameter does.
    fn written(&self) -> Option<Span> {
        let own = |instance: &&Instance| self.host.instance.as_ref() == Some(&instance.name);
        let instance = self.tenant?.instances.iter().find(own)?;
        let gives = |given: &&Sourced<Value>| {
            given.origin.layer != Layer::Standard && given.value.as_str().is_some_and(|text| Some(text) == self.name())
        };
        Some(instance.parameters.values().find(gives)?.origin.span)
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

/// One finding for each host and tenant that came too late, however often it did.
fn check_owners(all: &[Claim<'_>], fleet: &Fleet<'_>, findings: &mut Findings) {
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
    let told = check_written_once(&late, &owners, fleet, findings);
    for ((name, _), claims) in late.into_iter().filter(|((name, _), _)| !told.contains(*name)) {
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

/// What is written once and forgets the row or the tenant gives one host to all of them: that line is to be changed, not
/// the rows of the table. Gives the hosts it has spoken of.
fn check_written_once<'f>(
    late: &BTreeMap<(&'f str, Option<&'f str>), Vec<Claim<'f>>>,
    owners: &FxHashMap<&'f str, Claim<'f>>,
    fleet: &Fleet<'f>,
    findings: &mut Findings,
) -> BTreeSet<&'f str> {
    let mut told = BTreeSet::new();
    let names: BTreeSet<&str> = late.keys().map(|(name, _)| *name).collect();
    for name in names {
        let claims = late.range((name, None)..).take_while(|((host, _), _)| *host == name).flat_map(|(_, late)| late);
        let claims: Vec<Claim<'_>> = owners.get(name).into_iter().chain(claims).copied().collect();
        let [first, second, ..] = claims.as_slice() else { continue };
        let Some(line) = first.written().filter(|line| claims.iter().all(|claim| claim.written() == Some(*line)))
        else {
            continue;
        };
        let instances = || fleet.tenants.iter().flat_map(|(tenant, _)| &tenant.instances);
        let all = instances().filter(|instance| reads_from(instance, line)).count();
        // Where only some have it in common, those are what has to be looked at.
        if all != claims.len() {
            continue;
        }
        let tenants: BTreeSet<_> = claims.iter().map(Claim::tenant_name).collect();
        let (domain, label) = (domain_of(name).unwrap_or(name), name.split('.').next().unwrap_or(name));
        let (whom, help) = if tenants.len() > 1 {
            let help = format!("tell the tenants apart: `{label}.{{{{ tenant.domain }}}}`");
            (format!("{} tenants", tenants.len()), help)
        } else {
            let help = format!("tell the rows apart: `{{{{ row.id }}}}.{domain}`");
            ("every row of the table".to_owned(), help)
        };
        let finding =
            Diagnostic::new(&codes::DUPLICATE_HOST, line, format!("the host `{name}` is the same for {whom}"))
                .here("written once for all of them")
                .also(first.host.asked, first.owner())
                .also(second.host.asked, second.owner())
                .help(help);
        let tenant = first.tenant_name().filter(|_| tenants.len() == 1);
        findings.push(of(tenant, finding));
        told.insert(name);
    }
    told
}

fn reads_from(instance: &Instance, line: Span) -> bool {
    instance.parameters.values().any(|given| given.origin.span == line)
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
