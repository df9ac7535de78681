//! The report for people: each finding with its headline, the places drawn, its facts and the way out.
//!
//! The headline has rustc's form and is never wrapped, so that it can be searched for. Excerpts are miette's. The last
//! lines say how to read on and how much was looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::advice::advice;
use super::excerpt::Excerpts;
use super::paint::{Canvas, Role, one_line, paint, printable, wrap};
use super::summary::{checked, count, found, tally, thousands};
use super::{ALIKE, FIRST, Outcome, Problem, Report};
use crate::compile::Finding;
use crate::diagnostic::{Diagnostic, Severity};

pub(super) fn report(report: &Report<'_>, canvas: &Canvas) -> String {
    let mut text = String::new();
    let mut excerpts = Excerpts::new(report.sources);
    let (shown, hidden) = select(report);
    for finding in &shown {
        draw(&mut text, finding, report, &mut excerpts, canvas);
        text.push('\n');
    }
    text.push_str(&problems(report.problems, canvas));
    text.push_str(&last_lines(report, &shown, &hidden, canvas));
    text
}

/// The word for a severity, the same in every form.
pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// What is drawn and what is only counted: a few of those that are alike, so that one mistake with many consequences
/// does not bury the others. Errors go first where there is still no room for all.
fn select<'r>(report: &Report<'r>) -> (Vec<&'r Finding>, Vec<&'r Finding>) {
    let Some(limit) = report.limit else {
        return (report.findings.iter().collect(), Vec::new());
    };
    let mut alike: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    let (mut shown, mut hidden): (Vec<&Finding>, Vec<&Finding>) = report.findings.iter().partition(|finding| {
        let Diagnostic { code, label, help, .. } = &finding.diagnostic;
        let number = alike.entry((code.name, label, help.as_deref().unwrap_or_default())).or_default();
        *number += 1;
        *number <= ALIKE
    });
    if shown.len() > limit {
        // Stable: by place among themselves.
        shown.sort_by_key(|finding| finding.severity != Severity::Error);
        hidden.extend(shown.split_off(limit));
    }
    (shown, hidden)
}

fn draw(text: &mut String, finding: &Finding, report: &Report<'_>, excerpts: &mut Excerpts<'_>, canvas: &Canvas) {
    let diagnostic = &finding.diagnostic;
    let role = Role::from(finding.severity);
    let head = paint(canvas, role, &format!("{}[{}]", severity(finding.severity), diagnostic.code.name));
    let message = paint(canvas, Role::Strong, &format!(": {}", one_line(&diagnostic.message)));
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{head}{message}");
    excerpts.draw(text, diagnostic, role, canvas);
    for note in &diagnostic.notes {
        aside(text, "note", note, canvas);
    }
    for way in advice(diagnostic, report.sources) {
        aside(text, "help", &way.sentence, canvas);
        for line in &way.lines {
            let _ = writeln!(text, "          {}", paint(canvas, Role::Literal, &printable(line)));
        }
    }
}

/// A note or a way out: the word, then the text, hanging below it.
fn aside(text: &mut String, word: &str, sentence: &str, canvas: &Canvas) {
    let indent = word.len() + 4;
    let width = canvas.width.saturating_sub(indent).max(20);
    for (at, line) in wrap(&printable(sentence), width).iter().enumerate() {
        let line = line.trim_end();
        let _ = if at == 0 {
            writeln!(text, "  {} {line}", paint(canvas, Role::Aside, &format!("{word}:")))
        } else {
            writeln!(text, "{:indent$}{line}", "")
        };
    }
}

/// A problem that has no place in the spec.
pub(super) fn problem_lines(problem: &Problem, canvas: &Canvas) -> String {
    let mut text = paint(canvas, Role::Error, "error");
    text.push_str(&paint(canvas, Role::Strong, &format!(": {}", one_line(&problem.message))));
    text.push('\n');
    if let Some(help) = &problem.help {
        aside(&mut text, "help", help, canvas);
    }
    text
}

/// Problems, one below the other; where many have the same way out it is said once.
fn problems(problems: &[Problem], canvas: &Canvas) -> String {
    let mut text = String::new();
    let (shown, hidden) = problems.split_at(problems.len().min(FIRST));
    for alike in shown.chunk_by(|a, b| a.help == b.help) {
        for (at, problem) in alike.iter().enumerate() {
            let help = problem.help.clone().filter(|_| at + 1 == alike.len());
            text.push_str(&problem_lines(&Problem { help, ..problem.clone() }, canvas));
        }
        text.push('\n');
    }
    if !hidden.is_empty() {
        let _ = writeln!(text, "{} like these\n", count(hidden.len(), "more problem"));
    }
    text
}

fn last_lines(report: &Report<'_>, shown: &[&Finding], hidden: &[&Finding], canvas: &Canvas) -> String {
    let mut text = String::new();
    if !hidden.is_empty() {
        let _ = writeln!(
            text,
            "{} not shown: {}; `--all` draws them too, `--format short` lists them",
            count(hidden.len(), "more finding"),
            by_code(hidden)
        );
    }
    let codes: BTreeSet<&str> = shown.iter().map(|finding| finding.diagnostic.code.name).collect();
    let hint = match codes.first() {
        None => None,
        Some(only) if codes.len() == 1 => Some(format!("`stadtplan explain {only}` says more about it")),
        Some(first) => Some(format!("`stadtplan explain CODE` says more about each: `stadtplan explain {first}`")),
    };
    if let Some(hint) = hint {
        let _ = writeln!(text, "{}", paint(canvas, Role::Faint, &hint));
    }
    let tally = tally(report);
    let problems = report.problems.len();
    let role = match (tally.errors + problems, tally.warnings) {
        (0, 0) => Role::Literal,
        (0, _) => Role::Warning,
        _ => Role::Error,
    };
    let found = found(tally).map(|found| paint(canvas, role, &found));
    let nothing = if problems == 0 { "no findings".to_owned() } else { count(problems, "problem") };
    let clean = Some(paint(canvas, role, &nothing));
    let parts: Vec<String> = found.or(clean).into_iter().chain(checked(report)).collect();
    if !parts.is_empty() {
        let _ = writeln!(text, "{}", parts.join("; "));
    }
    if let Some(outcome) = report.outcome {
        text.push_str(&outcome_lines(outcome, canvas));
    }
    text
}

/// What became of the tree; where it was only compared, also the files that differ.
fn outcome_lines(outcome: &Outcome, canvas: &Canvas) -> String {
    let mut text = String::new();
    let files = outcome.written.iter().map(|path| ("write ", path));
    let files: Vec<_> = files.chain(outcome.removed.iter().map(|path| ("remove", path))).collect();
    if outcome.compared {
        for (act, path) in files.iter().take(FIRST) {
            let _ = writeln!(text, "  {} {}", paint(canvas, Role::Aside, act), one_line(path));
        }
        if files.len() > FIRST {
            let _ = writeln!(text, "  and {}", count(files.len() - FIRST, "more file"));
        }
    }
    let _ = writeln!(text, "{}", outcome.sentence);
    if let Some(left) = &outcome.left_to_do {
        let _ = writeln!(text, "{left}");
    }
    text
}

/// "250 unresolved, 12 wrong-kind", the most frequent first.
fn by_code(findings: &[&Finding]) -> String {
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in findings {
        *numbers.entry(finding.diagnostic.code.name).or_default() += 1;
    }
    let mut list: Vec<_> = numbers.into_iter().collect();
    list.sort_by_key(|(name, number)| (std::cmp::Reverse(*number), *name));
    list.iter().map(|(name, number)| format!("{} {name}", thousands(*number))).collect::<Vec<_>>().join(", ")
}
