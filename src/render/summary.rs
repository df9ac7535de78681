//! The last line of a report: how many findings there are, and how much was looked at.

use std::collections::BTreeSet;

use super::Report;
use crate::diagnostic::Severity;

/// How many findings of each weight there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) errors: usize,
    pub(super) warnings: usize,
    pub(super) files: usize,
}

pub(super) fn tally(report: &Report<'_>) -> Tally {
    let of = |severity| report.findings.iter().filter(|finding| finding.severity == severity).count();
    let files: BTreeSet<_> = report.findings.iter().map(|finding| finding.diagnostic.span.file).collect();
    Tally { errors: of(Severity::Error), warnings: of(Severity::Warning), files: files.len() }
}

/// "2 errors, 1 warning in 3 files"; `None` where there is nothing to count.
pub(super) fn found(tally: Tally) -> Option<String> {
    let parts: Vec<String> = [("error", tally.errors), ("warning", tally.warnings)]
        .into_iter()
        .filter(|(_, number)| *number > 0)
        .map(|(noun, number)| count(number, noun))
        .collect();
    (!parts.is_empty()).then(|| format!("{} in {}", parts.join(", "), count(tally.files, "file")))
}

/// "44 tenants, 1,102 objects checked"; `None` where the compile did not come so far.
pub(super) fn checked(report: &Report<'_>) -> Option<String> {
    let counts = report.counts;
    let parts: Vec<String> =
        [("tenant", counts.tenants), ("service instance", counts.instances), ("object", counts.objects)]
            .into_iter()
            .filter(|(_, number)| *number > 0)
            .map(|(noun, number)| count(number, noun))
            .collect();
    let hidden = match counts.hidden {
        0 => String::new(),
        hidden => format!("; {} of other tenants not shown", count(hidden, "finding")),
    };
    (!parts.is_empty()).then(|| format!("{} checked{hidden}", parts.join(", ")))
}

/// A number with its noun: "1 error", "1,102 objects".
pub fn count(number: usize, noun: &str) -> String {
    format!("{} {noun}{}", thousands(number), if number == 1 { "" } else { "s" })
}

/// A number with commas between its thousands.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
