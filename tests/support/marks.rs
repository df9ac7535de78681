//! Marks: the findings a text is expected to give, written into the text itself.
//!
//! `//~ error unknown-node: did you` stands on the line of the finding, `//~^` below it (a line up for each `^`),
//! `//~v` above it; in YAML and LDIF the mark is `#~`. Where a file has no comments, as CSV, a KDL file says
//! `//~@ schools.csv:3 error ill-typed-cell: …`. The text after the code is a part of the message and may be left out.
//! `//~ help: add` says that a finding of that line has these words in its way out, `//~ also: asked for` that a finding
//! shows that line as another place, in these words.

use std::fmt;

use stadtplan::diagnostic::codes;

use super::parts::{Part, extension};
use super::report::{Found, Shown};

/// An expected finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) path: String,
    pub(crate) line: usize,
    pub(crate) severity: String,
    pub(crate) code: String,
    /// A part of the message; empty where any will do.
    pub(crate) text: String,
}

/// What a mark says of a finding that another mark expects.
pub(crate) const DETAILS: [&str; 2] = ["help", "also"];

impl Mark {
    /// Whether it is about the way out or another place of a finding, and not a finding of its own.
    pub(crate) fn is_detail(&self) -> bool {
        DETAILS.contains(&self.severity.as_str())
    }

    /// Whether a finding has the way out, or shows the place, that this mark is about.
    pub(crate) fn details(&self, found: &Found) -> bool {
        if self.severity == "help" {
            return self.path == found.path && self.line == found.line && found.help.contains(&self.text);
        }
        let is_shown =
            |other: &Shown| self.path == other.path && self.line == other.line && other.text.contains(&self.text);
        found.others.iter().any(is_shown)
    }

    fn matches(&self, found: &Found) -> bool {
        self.path == found.path && self.line == found.line && self.says(found)
    }

    pub(crate) fn says(&self, found: &Found) -> bool {
        self.severity == found.severity && self.code == found.code && found.message.contains(&self.text)
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mark { path, line, severity, code, text } = self;
        if self.is_detail() {
            return write!(f, "{path}:{line}: {severity}: {text}");
        }
        write!(f, "{path}:{line}: {severity} {code}: {text}")
    }
}

/// Every mark of the given files; an error where one cannot be read.
pub(crate) fn read(parts: &[Part]) -> Result<Vec<Mark>, String> {
    let mut marks = Vec::new();
    for part in parts.iter().filter(|part| !part.is_expected()) {
        let Some(sigil) = sigil(&part.path) else { continue };
        for (at, line) in part.text.lines().enumerate() {
            for written in line.split(sigil).skip(1) {
                marks.push(parse(written.trim(), &part.path, at + 1)?);
            }
        }
    }
    Ok(marks)
}

/// What is expected and not found, and what is found and not expected. Each mark takes one finding.
pub(crate) fn differences<'a>(marks: &'a [Mark], found: &'a [Found]) -> (Vec<&'a Mark>, Vec<&'a Found>) {
    let mut unexpected: Vec<&Found> = found.iter().collect();
    let mut missing = Vec::new();
    for mark in marks {
        if mark.is_detail() {
            if !found.iter().any(|found| mark.details(found)) {
                missing.push(mark);
            }
            continue;
        }
        match unexpected.iter().position(|found| mark.matches(found)) {
            Some(at) => drop(unexpected.remove(at)),
            None => missing.push(mark),
        }
    }
    (missing, unexpected)
}

fn parse(written: &str, path: &str, line: usize) -> Result<Mark, String> {
    let fault = || format!("{path}:{line}: the mark `{written}` does not read `error code: text`");
    let ups = written.chars().take_while(|letter| *letter == '^').count();
    let downs = written.chars().take_while(|letter| *letter == 'v').count();
    let (path, line, rest) = if let Some(rest) = written.strip_prefix('@') {
        let (place, rest) = rest.trim_start().split_once(' ').ok_or_else(fault)?;
        let (path, line) = place.rsplit_once(':').ok_or_else(fault)?;
        (path, line.parse().map_err(|_| fault())?, rest)
    } else if ups > 0 {
        (path, line.checked_sub(ups).ok_or_else(fault)?, &written[ups..])
    } else {
        (path, line + downs, &written[downs..])
    };
    let rest = rest.trim_start();
    for detail in DETAILS {
        if let Some(text) = rest.strip_prefix(detail).and_then(|rest| rest.strip_prefix(": ")) {
            let (path, text) = (path.to_owned(), text.trim().to_owned());
            return Ok(Mark { path, line, severity: detail.to_owned(), code: String::new(), text });
        }
    }
    let (severity, rest) = rest.split_once(' ').ok_or_else(fault)?;
    if !matches!(severity, "error" | "warning") {
        return Err(fault());
    }
    let (code, text) = rest.split_once(':').unwrap_or((rest, ""));
    if codes::by_name(code.trim()).is_none() {
        return Err(format!("{path}:{line}: the mark `{written}` names a code that does not exist"));
    }
    Ok(Mark {
        path: path.to_owned(),
        line,
        severity: severity.to_owned(),
        code: code.trim().to_owned(),
        text: text.trim().to_owned(),
    })
}

/// What opens a mark in a file of this name; none where it has no comments.
pub(crate) fn sigil(path: &str) -> Option<&'static str> {
    match extension(path) {
        "kdl" => Some("//~"),
        "yaml" | "yml" | "ldif" => Some("#~"),
        _ => None,
    }
}
