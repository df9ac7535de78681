//! One cause, one finding: a mistake in a line that many tenants take part in is said once, at that line.
//!
//! A wrong line in `defaults` or in a template fails for each tenant anew. Told forty-four times it hides all else; told
//! once, with the tenants it concerns, it is one thing to mend. Levels and waivers were applied before, for each tenant.

use super::Finding;
use crate::diagnostic::{codes, quoted};
use crate::source::Span;

/// As many tenants as this may each have a finding of their own at one place: messages that differ are worth reading.
const FEW: usize = 3;

/// Joins findings of one place and code: those with the same message always, others where there are many.
pub(super) fn join(mut findings: Vec<Finding>) -> Vec<Finding> {
    let isolated: Vec<Span> = findings
        .iter()
        .filter(|finding| *finding.diagnostic.code == codes::SHARED_ISOLATION)
        .map(|finding| finding.diagnostic.span)
        .collect();
    // Where a tenant cannot be alone, what it would have to move for that is not worth telling.
    findings.retain(|finding| !(is_pin(finding) && isolated.contains(&finding.diagnostic.span)));
    let findings = join_pins(findings);
    let same = join_by(findings, 1, |a, b| a.diagnostic.message == b.diagnostic.message);
    join_by(same, FEW, |_, _| true)
}

fn is_pin(finding: &Finding) -> bool {
    *finding.diagnostic.code == codes::PINNED_CLAIM
}

/// One value chooses the class of many claims, as one line says on which nodes they are: the first of them is told.
fn join_pins(findings: Vec<Finding>) -> Vec<Finding> {
    let mut joined: Vec<(Finding, usize)> = Vec::with_capacity(findings.len());
    for finding in findings {
        let alike = joined.last_mut().filter(|(first, _)| {
            let place = |finding: &Finding| (finding.diagnostic.span, finding.diagnostic.tenant.clone());
            is_pin(first) && is_pin(&finding) && place(first) == place(&finding)
        });
        match alike {
            Some((_, count)) => *count += 1,
            None => joined.push((finding, 1)),
        }
    }
    let told = joined.into_iter().map(|(mut first, count)| {
        if count > 1 {
            first.diagnostic.notes.push(format!("so it is for {count} claims"));
        }
        first
    });
    told.collect()
}

/// Joins neighbours that are of one place and code, each of another tenant, where there are more than `few` of them.
fn join_by(findings: Vec<Finding>, few: usize, alike: impl Fn(&Finding, &Finding) -> bool) -> Vec<Finding> {
    let mut joined = Vec::with_capacity(findings.len());
    let mut rest = findings.into_iter().peekable();
    while let Some(first) = rest.next() {
        let mut group = vec![first];
        while let Some(next) = rest.next_if(|next| belongs(&group, next) && alike(&group[0], next)) {
            group.push(next);
        }
        if group.len() > few {
            joined.extend(one_of(group));
        } else {
            joined.extend(group);
        }
    }
    joined
}

fn belongs(group: &[Finding], next: &Finding) -> bool {
    let first = &group[0];
    let same_place = first.diagnostic.span == next.diagnostic.span && first.diagnostic.code == next.diagnostic.code;
    same_place
        && first.severity == next.severity
        && next.diagnostic.tenant.is_some()
        && group
            .iter()
            .all(|known| known.diagnostic.tenant.is_some() && known.diagnostic.tenant != next.diagnostic.tenant)
}

/// The first of a group, which names the others. It is not of one tenant any more.
fn one_of(group: Vec<Finding>) -> Option<Finding> {
    let mut tenants: Vec<String> = group.iter().filter_map(|finding| finding.diagnostic.tenant.clone()).collect();
    let mut first = group.into_iter().next()?;
    if tenants.len() > 1 {
        tenants.sort();
        let note = format!("so it is for {} tenants: {}", tenants.len(), quoted(&tenants));
        first.diagnostic.tenant = None;
        first.diagnostic.notes.push(note);
    }
    Some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Diagnostic, Severity};
    use crate::source::FileId;

    fn finding(at: usize, message: &str, tenant: Option<&str>) -> Finding {
        let mut diagnostic = Diagnostic::new(&codes::UNKNOWN_GROUP, Span::new(FileId(0), at, at + 1), message);
        diagnostic.tenant = tenant.map(str::to_owned);
        Finding { severity: Severity::Error, diagnostic }
    }

    fn tenants(findings: &[Finding]) -> Vec<Option<&str>> {
        findings.iter().map(|finding| finding.diagnostic.tenant.as_deref()).collect()
    }

    #[test]
    fn one_message_at_one_place_is_one_finding_that_names_the_tenants() {
        let joined = join(vec![finding(0, "a", Some("goch")), finding(0, "a", Some("kleve")), finding(9, "a", None)]);
        assert_eq!(tenants(&joined), [None, None]);
        assert_eq!(joined[0].diagnostic.notes, ["so it is for 2 tenants: `goch` and `kleve`"]);
    }

    #[test]
    fn a_few_different_messages_stay_and_many_are_joined() {
        let of = |count: usize| {
            (0..count).map(|at| finding(0, &at.to_string(), Some(["a", "b", "c", "d"][at]))).collect::<Vec<_>>()
        };
        assert_eq!(join(of(3)).len(), 3);
        assert_eq!(join(of(4)).len(), 1);
    }

    #[test]
    fn two_findings_of_one_tenant_are_two() {
        let one = ["w", "x", "y", "z"].map(|message| finding(0, message, Some("goch")));
        assert_eq!(join(one.to_vec()).len(), 4);
    }
}
