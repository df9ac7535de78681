//! Findings as text: for people on a terminal, as lines for tools that grep, and as one JSON document.
//!
//! A [`Report`] is what a compile found and the sources it found it in. [`render`] turns it into a string and touches
//! nothing outside; what the terminal can show comes in as a [`Canvas`]. The human form is drawn by miette, but what
//! stands in it is decided here: the headline, the order of the places, the way out, the last line.

mod advice;

mod catalogue;

mod excerpt;

mod human;

mod json;

mod page;

mod paint;

mod short;

mod summary;

#[cfg(test)]
mod tests;

use crate::compile::{Counts, Finding};
use crate::source::Sources;

pub use self::catalogue::{service_list, service_page, services_json};
pub use self::page::{code_list, page};
pub use self::paint::Canvas;
pub use self::summary::{count, thousands};

/// How many findings the human form draws unless it is asked for all.
pub const FIRST: usize = 50;

/// How many findings of one code with the same way out it draws.
const ALIKE: usize = 5;

/// The form of a report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// Drawn excerpts for people.
    #[default]
    Human,
    /// One line for each finding.
    Short,
    /// One JSON document.
    Json,
}

/// What a compile found.
#[derive(Debug, Clone, Copy)]
pub struct Report<'r> {
    pub sources: &'r Sources,
    /// In the order in which they are shown.
    pub findings: &'r [Finding],
    pub counts: Counts,
    /// How many findings the human form draws at most; the other forms always give all.
    pub limit: Option<usize>,
    /// What stood in the way besides the spec: of reading a file, of writing the tree.
    pub problems: &'r [Problem],
    /// What was done with the tree; `None` where nothing was to be written.
    pub outcome: Option<&'r Outcome>,
}

/// What a build did with the files of its tree, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// As people read it: "wrote 12 files to `out`, 1,090 are unchanged".
    pub sentence: String,
    /// What is left to do by hand, as people read it.
    pub left_to_do: Option<String>,
    /// Paths in the output folder, sorted; empty for people where they need no list.
    pub written: Vec<String>,
    pub removed: Vec<String>,
    pub unchanged: usize,
    /// Nothing was written: the tree was only compared.
    pub compared: bool,
}

/// Something wrong that has no place in the spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub message: String,
    pub help: Option<String>,
}

/// What is written where a command could not begin, ending in a line break.
pub fn failure(problem: &Problem, format: Format, canvas: &Canvas) -> String {
    match format {
        Format::Human => human::problem_lines(problem, canvas),
        Format::Short => short::problem_line(problem),
        Format::Json => json::failure(problem),
    }
}

/// The whole report, ending in a line break unless it is empty.
pub fn render(report: &Report<'_>, format: Format, canvas: &Canvas) -> String {
    match format {
        Format::Human => human::report(report, canvas),
        Format::Short => short::report(report),
        Format::Json => json::report(report),
    }
}
