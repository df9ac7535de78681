//! One cause, one finding, and the cause first: a mistake in a line that many tenants take part in is said once, at that
//! line, and what only follows from a mistake is not said at all.
//!
//! A wrong line in `defaults` or in a template fails for each tenant anew. Told forty-four times it hides all else; told
//! once, with the tenants it concerns, it is one thing to mend. Levels and waivers were applied before, for each tenant.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use crate::diagnostic::{Code, Severity, codes, quoted};
use crate::source::{Sources, Span};

/// As many tenants as this may each have a finding of their own at one place: messages that differ are worth reading.
const FEW: usize = 3;

/// What could not be read at all: whatever it says is missing everywhere else.
static UNREADABLE: [&Code; 5] =
    [&codes::BAD_LOCK, &codes::BAD_SCHEMA, &codes::BAD_SYNTAX, &codes::FILE_ERROR, &codes::MALFORMED_FILE];

/// What says that nothing needs a thing: what could not be read may need it.
static ABSENCES: [&Code; 2] = [&codes::UNUSED_DEFINITION, &codes::UNUSED_WAIVER];

/// Where the label of a finding shows for whom a value was evaluated.
const FOR_WHOM: &str = "for this one";

/// Puts what others follow from first: errors, among them what could not be read, the workspace's own files before the
/// standard library's, and those at the root of the workspace before those of a tenant; then by path and place.
pub(super) fn order(findings: &mut [Finding], sources: &Sources) {
    findings.sort_by_cached_key(|finding| {
        let diagnostic = &finding.diagnostic;
        let path = sources.file(diagnostic.span.file).path.clone();
        let is_readable = !UNREADABLE.contains(&diagnostic.code);
        let is_below = path.contains('/');
        (finding.severity, is_readable, is_standard(diagnostic.span, sources), is_below, path, diagnostic.span)
    });
}

fn is_standard(span: Span, sources: &Sources) -> bool {
    sources.file(span.file).path.starts_with("stdlib/")
}

/// Drops what only follows from an error: that nothing needs a thing, and errors in the standard library whose cause is told
/// already. It is proven on its own, so what goes wrong in it follows from what it was given: by the same instance, or by the
/// spec of the platform.
pub(super) fn drop_consequences(findings: &mut Vec<Finding>, sources: &Sources) {
    let is_absence = |finding: &Finding| ABSENCES.contains(&finding.diagnostic.code);
    let is_fault = |finding: &Finding| {
        finding.severity == Severity::Error && !finding.diagnostic.code.may_be_waived && !is_absence(finding)
    };
    if findings.iter().any(is_fault) {
        findings.retain(|finding| !is_absence(finding));
    }
    let is_consequence = |finding: &Finding| is_fault(finding) && is_standard(finding.diagnostic.span, sources);
    if !findings.iter().any(is_consequence) {
        return;
    }
    let is_of_platform = |finding: &Finding| {
        let path = &sources.file(finding.diagnostic.span.file).path;
        finding.diagnostic.tenant.is_none() && !path.starts_with("services/")
    };
    let own: Vec<&Finding> = findings.iter().filter(|finding| is_fault(finding) && !is_consequence(finding)).collect();
    let is_told = own.iter().any(|finding| is_of_platform(finding));
    let blamed: BTreeSet<(Option<String>, Span)> = own
        .iter()
        .flat_map(|Finding { diagnostic, .. }| {
            let places = diagnostic.others.iter().map(|other| other.span).chain([diagnostic.span]);
            places.map(|place| (diagnostic.tenant.clone(), place))
        })
        .collect();
    findings.retain(|finding| {
        let of_same = |place| blamed.contains(&(finding.diagnostic.tenant.clone(), place));
        !is_consequence(finding) || !is_told && !finding.diagnostic.others.iter().any(|other| of_same(other.span))
    });
}

/// Joins findings of one place and code: those with the same message always, others where there are many.
pub(super) fn join(mut findings: Vec<Finding>, sources: &Sources) -> Vec<Finding> {
    let isolated: Vec<Span> = findings
        .iter()
        .filter(|finding| *finding.diagnostic.code == codes::SHARED_ISOLATION)
        .map(|finding| finding.diagnostic.span)
        .collect();
    // Where a tenant cannot be alone, what it would have to move for that is not worth telling.
    findings.retain(|finding| !(is_pin(finding) && isolated.contains(&finding.diagnostic.span)));
    let findings = join_rows(join_pins(findings), sources);
    let same = join_by(findings, 1, |a, b| a.diagnostic.message == b.diagnostic.message);
    join_causes(join_by(same, FEW, |_, _| true))
}

/// Where many tenants lack what one line could give them all, the first of them is told.
fn join_causes(findings: Vec<Finding>) -> Vec<Finding> {
    let mut groups: BTreeMap<(Span, String), Vec<Finding>> = BTreeMap::new();
    let mut joined = Vec::with_capacity(findings.len());
    for finding in findings {
        // What the line says of it tells one thing that is lacking from another.
        let said = |cause| finding.diagnostic.others.iter().find(|other| other.span == cause).map(|other| &other.text);
        match finding.diagnostic.cause.and_then(|cause| Some((cause, said(cause)?.clone()))) {
            Some(key) => groups.entry(key).or_default().push(finding),
            None => joined.push(finding),
        }
    }
    for group in groups.into_values() {
        if group.len() > FEW {
            joined.extend(one_of(group));
        } else {
            joined.extend(group);
        }
    }
    joined
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

/// A value that is wrong for many rows of a table is one mistake; the rows are in the file that the first one shows.
fn join_rows(findings: Vec<Finding>, sources: &Sources) -> Vec<Finding> {
    let row = |finding: &Finding| {
        let others = &finding.diagnostic.others;
        let shown = others.iter().find(|other| other.text == FOR_WHOM).map(|other| other.span)?;
        let is_spec = sources.file(shown.file).path.rsplit('.').next() == Some("kdl");
        (!is_spec).then_some(shown)
    };
    let place = |finding: &Finding| {
        let Finding { severity, diagnostic } = finding;
        (diagnostic.span, diagnostic.code.name, *severity, diagnostic.tenant.clone())
    };
    let mut joined: Vec<Finding> = Vec::with_capacity(findings.len());
    let mut rest = findings.into_iter().peekable();
    while let Some(first) = rest.next() {
        let mut group = vec![first];
        while let Some(next) =
            rest.next_if(|next| row(next).is_some() && row(&group[0]).is_some() && place(next) == place(&group[0]))
        {
            group.push(next);
        }
        let rows = group.iter().filter_map(row).collect::<BTreeSet<_>>().len();
        if rows > FEW {
            group.truncate(1);
            group[0].diagnostic.notes.push(format!("so it is for {rows} rows of the table"));
        }
        joined.extend(group);
    }
    joined
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

    fn joined(findings: Vec<Finding>) -> Vec<Finding> {
        let mut sources = Sources::new();
        sources.add("stadtplan.kdl", "");
        join(findings, &sources)
    }

    fn tenants(findings: &[Finding]) -> Vec<Option<&str>> {
        findings.iter().map(|finding| finding.diagnostic.tenant.as_deref()).collect()
    }

    #[test]
    fn one_message_at_one_place_is_one_finding_that_names_the_tenants() {
        let joined = joined(vec![finding(0, "a", Some("goch")), finding(0, "a", Some("kleve")), finding(9, "a", None)]);
        assert_eq!(tenants(&joined), [None, None]);
        assert_eq!(joined[0].diagnostic.notes, ["so it is for 2 tenants: `goch` and `kleve`"]);
    }

    #[test]
    fn what_others_follow_from_comes_first() {
        let mut sources = Sources::new();
        let paths = ["stdlib/services/a.yaml", "b/tenant.kdl", "stadtplan.kdl", "a.kdl"];
        let files = paths.map(|path| sources.add(path, "12"));
        let finding = |file: usize, code: &'static Code, severity| Finding {
            severity,
            diagnostic: Diagnostic::new(code, Span::new(files[file], 0, 1), paths[file]),
        };
        let mut findings = vec![
            finding(0, &codes::EXPRESSION_ERROR, Severity::Error),
            finding(3, &codes::UNUSED_DEFINITION, Severity::Warning),
            finding(1, &codes::WRONG_KIND, Severity::Error),
            finding(2, &codes::WRONG_KIND, Severity::Error),
            finding(1, &codes::BAD_SYNTAX, Severity::Error),
            finding(3, &codes::WRONG_KIND, Severity::Error),
        ];
        order(&mut findings, &sources);
        let places: Vec<(&str, &str)> = findings
            .iter()
            .map(|finding| (finding.diagnostic.message.as_str(), finding.diagnostic.code.name))
            .collect();
        let expected = [
            ("b/tenant.kdl", "bad-syntax"),
            ("a.kdl", "wrong-kind"),
            ("stadtplan.kdl", "wrong-kind"),
            ("b/tenant.kdl", "wrong-kind"),
            ("stdlib/services/a.yaml", "expression-error"),
            ("a.kdl", "unused-definition"),
        ];
        assert_eq!(places, expected);
    }

    #[test]
    fn an_error_of_the_library_goes_where_its_cause_is_told() {
        let mut sources = Sources::new();
        let files =
            ["stdlib/services/a.yaml", "services/b/b.yaml", "stadtplan.kdl"].map(|path| sources.add(path, "123"));
        let place = |file: usize, at: usize| Span::new(files[file], at, at + 1);
        let error = |span, asked, tenant: Option<&str>| {
            let mut diagnostic = Diagnostic::new(&codes::WRONG_FIELD, span, "m").also(asked, "in what this becomes");
            diagnostic.tenant = tenant.map(str::to_owned);
            Finding { severity: Severity::Error, diagnostic }
        };
        let left = |mut findings: Vec<Finding>| {
            drop_consequences(&mut findings, &sources);
            findings.iter().map(|finding| finding.diagnostic.span).collect::<Vec<_>>()
        };
        let consequence = || error(place(0, 0), place(2, 0), Some("goch"));
        let own = |at| error(place(1, 0), place(2, at), Some("goch"));
        assert_eq!(left(vec![consequence(), own(0)]), [place(1, 0)], "the same instance");
        assert_eq!(left(vec![consequence(), own(1)]), [place(0, 0), place(1, 0)], "another instance");
        let platform = error(place(2, 2), place(2, 2), None);
        assert_eq!(left(vec![consequence(), platform]), [place(2, 2)], "the platform");
        assert_eq!(left(vec![consequence()]), [place(0, 0)], "alone");
    }

    #[test]
    fn a_few_different_messages_stay_and_many_are_joined() {
        let of = |count: usize| {
            (0..count).map(|at| finding(0, &at.to_string(), Some(["a", "b", "c", "d"][at]))).collect::<Vec<_>>()
        };
        assert_eq!(joined(of(3)).len(), 3);
        assert_eq!(joined(of(4)).len(), 1);
    }

    #[test]
    fn two_findings_of_one_tenant_are_two() {
        let one = ["w", "x", "y", "z"].map(|message| finding(0, message, Some("goch")));
        assert_eq!(joined(one.to_vec()).len(), 4);
    }
}
