//! The report as one JSON document, for pipelines and editors.
//!
//! Lines and columns count from 1, columns in characters; an end is the place after the last character; `start` and
//! `end` of an edit are bytes of the file. Every key is always there, so that nobody has to ask whether it is. Also what
//! goes wrong before a compile begins is such a document, told in `problems`.

use serde::Serialize;

use super::summary::tally;
use super::{Outcome, Problem, Report, human};
use crate::compile::{Counts, Finding};
use crate::diagnostic::{Edit, Fix, Label};
use crate::source::{Sources, Span};

/// The version of the document's shape; a key is added without raising it.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'r> {
    version: u32,
    findings: Vec<JsonFinding<'r>>,
    counts: JsonCounts,
    /// Findings and problems that fail the command.
    errors: usize,
    warnings: usize,
    /// What has no place in the spec, also wrong usage.
    problems: Vec<JsonProblem<'r>>,
    output: Option<JsonOutcome<'r>>,
}

#[derive(Serialize)]
struct JsonFinding<'r> {
    code: &'r str,
    severity: &'static str,
    message: &'r str,
    #[serde(flatten)]
    place: Place<'r>,
    label: &'r str,
    others: Vec<JsonLabel<'r>>,
    notes: &'r [String],
    help: Option<&'r str>,
    fix: Option<JsonFix<'r>>,
    tenant: Option<&'r str>,
}

#[derive(Serialize)]
struct Place<'r> {
    file: &'r str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
struct JsonLabel<'r> {
    #[serde(flatten)]
    place: Place<'r>,
    text: &'r str,
}

#[derive(Serialize)]
struct JsonFix<'r> {
    title: &'r str,
    edits: Vec<JsonEdit<'r>>,
}

#[derive(Serialize)]
struct JsonEdit<'r> {
    #[serde(flatten)]
    place: Place<'r>,
    start: u32,
    end: u32,
    text: &'r str,
}

#[derive(Serialize)]
struct JsonCounts {
    tenants: usize,
    instances: usize,
    objects: usize,
    /// Values that people have to put into the secret store.
    provided: usize,
    /// Findings of other tenants that `--tenant` leaves out.
    hidden: usize,
}

#[derive(Serialize)]
struct JsonOutcome<'r> {
    compared: bool,
    written: &'r [String],
    removed: &'r [String],
    unchanged: usize,
}

#[derive(Serialize)]
struct JsonProblem<'r> {
    message: &'r str,
    help: Option<&'r str>,
}

pub(super) fn report(report: &Report<'_>) -> String {
    let tally = tally(report);
    write(&Document {
        version: VERSION,
        findings: report.findings.iter().map(|one| finding(one, report.sources)).collect(),
        counts: counts(report.counts),
        errors: tally.errors + report.problems.len(),
        warnings: tally.warnings,
        problems: report.problems.iter().map(problem).collect(),
        output: report.outcome.map(outcome),
    })
}

/// The document of a command that could not begin: wrong usage, no workspace.
pub(super) fn failure(failed: &Problem) -> String {
    write(&Document {
        version: VERSION,
        findings: Vec::new(),
        counts: counts(Counts::default()),
        errors: 1,
        warnings: 0,
        problems: vec![problem(failed)],
        output: None,
    })
}

fn write(document: &Document<'_>) -> String {
    // Strings, numbers and lists have no way to fail; an empty document would be seen at once.
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}

fn finding<'r>(finding: &'r Finding, sources: &'r Sources) -> JsonFinding<'r> {
    let diagnostic = &finding.diagnostic;
    JsonFinding {
        code: diagnostic.code.name,
        severity: human::severity(finding.severity),
        message: &diagnostic.message,
        place: place(diagnostic.span, sources),
        label: &diagnostic.label,
        others: diagnostic.others.iter().map(|one| label(one, sources)).collect(),
        notes: &diagnostic.notes,
        help: diagnostic.help.as_deref(),
        fix: diagnostic.fix.as_ref().map(|one| fix(one, sources)),
        tenant: diagnostic.tenant.as_deref(),
    }
}

fn place(span: Span, sources: &Sources) -> Place<'_> {
    let file = sources.file(span.file);
    let start = file.position(span.start);
    let end = file.position(span.end);
    Place { file: &file.path, line: start.line, column: start.column, end_line: end.line, end_column: end.column }
}

fn label<'r>(label: &'r Label, sources: &'r Sources) -> JsonLabel<'r> {
    JsonLabel { place: place(label.span, sources), text: &label.text }
}

fn fix<'r>(fix: &'r Fix, sources: &'r Sources) -> JsonFix<'r> {
    let edit = |edit: &'r Edit| JsonEdit {
        place: place(edit.span, sources),
        start: edit.span.start,
        end: edit.span.end,
        text: &edit.text,
    };
    JsonFix { title: &fix.title, edits: fix.edits.iter().map(edit).collect() }
}

fn counts(counts: Counts) -> JsonCounts {
    let Counts { tenants, instances, objects, provided, hidden } = counts;
    JsonCounts { tenants, instances, objects, provided, hidden }
}

fn outcome(outcome: &Outcome) -> JsonOutcome<'_> {
    let Outcome { sentence: _, left_to_do: _, written, removed, unchanged, compared } = outcome;
    JsonOutcome { compared: *compared, written, removed, unchanged: *unchanged }
}

fn problem(problem: &Problem) -> JsonProblem<'_> {
    JsonProblem { message: &problem.message, help: problem.help.as_deref() }
}
