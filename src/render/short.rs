//! One line for each finding, in the form that editors and `grep` know: `path:line:column: error[code]: message`.

use super::advice::advice;
use super::paint::one_line;
use super::{Problem, Report, human};

pub(super) fn report(report: &Report<'_>) -> String {
    let mut text = String::new();
    for finding in report.findings {
        let diagnostic = &finding.diagnostic;
        let file = report.sources.file(diagnostic.span.file);
        let place = file.position(diagnostic.span.start);
        let severity = human::severity(finding.severity);
        let message = one_line(&diagnostic.message);
        let mut line =
            format!("{}:{}:{}: {severity}[{}]: {message}", file.path, place.line, place.column, diagnostic.code.name);
        for way in advice(diagnostic, report.sources) {
            line.push_str(" | help: ");
            line.push_str(&one_line(&way.sentence));
            if !way.lines.is_empty() {
                line.push_str(": ");
                line.push_str(&one_line(&way.lines.join(" ")));
            }
        }
        text.push_str(&line);
        text.push('\n');
    }
    for problem in report.problems {
        text.push_str(&problem_line(problem));
    }
    text
}

/// A problem that has no place in the spec.
pub(super) fn problem_line(problem: &Problem) -> String {
    let help = problem.help.as_ref().map_or_else(String::new, |help| format!(" | help: {}", one_line(help)));
    format!("error: {}{help}\n", one_line(&problem.message))
}
