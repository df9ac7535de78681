//! A finding as the tests see it: places as path, line and column, so that two compiles can be compared.

use std::fmt;

use stadtplan::compile::Compilation;
use stadtplan::diagnostic::Severity;

/// One finding in plain words and figures.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    pub(crate) path: String,
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) severity: &'static str,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) help: String,
    /// The other places it shows.
    pub(crate) others: Vec<Shown>,
}

/// Another place that a finding shows, and what it says of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Shown {
    pub(crate) path: String,
    pub(crate) line: usize,
    pub(crate) text: String,
}

/// The findings of a compile, in its order.
pub(crate) fn findings(compilation: &Compilation) -> Vec<Found> {
    compilation
        .findings
        .iter()
        .map(|finding| {
            let file = compilation.sources.file(finding.diagnostic.span.file);
            let position = file.position(finding.diagnostic.span.start);
            let others = finding.diagnostic.others.iter().map(|other| {
                let file = compilation.sources.file(other.span.file);
                let line = file.position(other.span.start).line;
                Shown { path: file.path.clone(), line, text: other.text.clone() }
            });
            Found {
                path: file.path.clone(),
                line: position.line,
                column: position.column,
                severity: severity_name(finding.severity),
                code: finding.diagnostic.code.name,
                message: finding.diagnostic.message.clone(),
                help: finding.diagnostic.help.clone().unwrap_or_default(),
                others: others.collect(),
            }
        })
        .collect()
}

/// The findings of a compile as a text of one line each.
pub(crate) fn short(compilation: &Compilation) -> String {
    findings(compilation).iter().fold(String::new(), |text, found| text + &found.to_string() + "\n")
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Found { path, line, column, severity, code, message, .. } = self;
        write!(f, "{path}:{line}:{column}: {severity}[{code}]: {message}")
    }
}

fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
