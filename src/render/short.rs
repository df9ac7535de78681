//! One line for each finding, in the form that editors and `grep` know: `path:line:column: error[code]: message`.

use std::fmt::Write as _;

use super::advice::advice;
use super::paint::one_line;
use super::{Report, human};

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
    for problem in report.outcome.iter().flat_map(|outcome| &outcome.problems) {
        // Writing to a string cannot fail.
        let _ = write!(text, "error: {}", one_line(&problem.message));
        if let Some(help) = &problem.help {
            let _ = write!(text, " | help: {}", one_line(help));
        }
        text.push('\n');
    }
    text
}
