//! `claims.lock`: which storage class each claim was made with. A committed input, like `Cargo.lock`.
//!
//! A storage class cannot be changed, so its name carries a digest of what it says. A claim cannot change its class
//! either, so the class it was made with is pinned here, whole, and stays in the output as long as a claim names it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::diagnostic::{Diagnostic, codes};
use crate::object::{Node, from_json, to_json};
use crate::source::{FileId, Span};

const HEADER: &str = "# stadtplan: the storage class each claim was made with; commit this file, do not edit it\n";

/// How lines begin that Git writes between two sides it could not merge.
const MERGE_MARKS: [&str; 4] = ["<<<<<<< ", "||||||| ", "=======", ">>>>>>> "];

/// The pinned claims and the classes they name.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct ClaimsLock {
    /// By `cluster/namespace/claim`.
    claims: BTreeMap<String, Pin>,
    /// By cluster and name.
    classes: BTreeMap<(String, String), Node>,
}

#[derive(Debug, Clone, PartialEq)]
struct Pin {
    declared: String,
    class: String,
    span: Option<Span>,
}

/// A storage class as it was when a claim was made with it.
#[derive(Debug)]
pub struct PinnedClass<'p> {
    pub name: String,
    pub object: &'p Node,
}

impl ClaimsLock {
    /// Reads the lock of a workspace; a line that cannot be read is a finding, never an empty lock.
    pub fn parse(file: FileId, text: &str) -> (Self, Vec<Diagnostic>) {
        let mut lock = ClaimsLock::default();
        let mut findings = Vec::new();
        let mut start = 0;
        let mut conflict = None;
        for line in text.split_inclusive('\n') {
            let span = Span::new(file, start, start + line.trim_end().len());
            start += line.len();
            let line = line.trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if MERGE_MARKS.iter().any(|mark| line.starts_with(mark)) {
                conflict.get_or_insert(span);
                continue;
            }
            if lock.take(line, span).is_none() {
                findings.push(
                    Diagnostic::new(&codes::BAD_LOCK, span, "this line of the lock cannot be read")
                        .help("take the file from Git again; it is written by `stadtplan build` alone"),
                );
            }
        }
        if let Some(span) = conflict {
            findings.push(
                Diagnostic::new(&codes::BAD_LOCK, span, "a merge left its conflict in the lock")
                    .here("begins here")
                    .help("keep the lines of both sides, take out those with the marks, and run `stadtplan build`"),
            );
        }
        // Beside a line that cannot be read a class may be what it said.
        let complete = findings.is_empty();
        for (key, pin) in lock.claims.iter().filter(|_| complete) {
            let cluster = key.split('/').next().unwrap_or_default();
            let known = lock.classes.contains_key(&(cluster.to_owned(), pin.class.clone()));
            if let (false, Some(span)) = (known, pin.span) {
                findings.push(
                    Diagnostic::new(
                        &codes::BAD_LOCK,
                        span,
                        format!("the lock does not know the class `{}`", pin.class),
                    )
                    .here("pinned to it")
                    .help("take the file from Git again; it is written by `stadtplan build` alone"),
                );
            }
        }
        (lock, findings)
    }

    fn take(&mut self, line: &str, span: Span) -> Option<()> {
        let (what, rest) = line.split_once(' ')?;
        match what {
            "claim" => {
                let [key, declared, class] = rest.split(' ').collect::<Vec<_>>().try_into().ok()?;
                let pin = Pin { declared: declared.to_owned(), class: class.to_owned(), span: Some(span) };
                if self.claims.insert(key.to_owned(), pin).is_some() {
                    return None;
                }
            }
            "class" => {
                let (cluster, rest) = rest.split_once(' ')?;
                let (name, object) = rest.split_once(' ')?;
                let object = from_json(&serde_json::from_str(object).ok()?)?;
                self.classes.insert((cluster.to_owned(), name.to_owned()), object);
            }
            _ => return None,
        }
        Some(())
    }

    /// The class a claim was made with, as it was declared then and as it is named in the cluster.
    pub fn pinned(&self, claim: &str) -> Option<(&str, &str, Option<Span>)> {
        let pin = self.claims.get(claim)?;
        Some((&pin.declared, &pin.class, pin.span))
    }

    pub(super) fn classes_of(&self, cluster: &str) -> impl Iterator<Item = PinnedClass<'_>> {
        self.classes
            .iter()
            .filter(move |((of, _), _)| of == cluster)
            .map(|((_, name), object)| PinnedClass { name: name.clone(), object })
    }

    pub fn pin(&mut self, claim: String, declared: &str, class: &str) {
        self.claims.insert(claim, Pin { declared: declared.to_owned(), class: class.to_owned(), span: None });
    }

    pub fn keep_class(&mut self, cluster: &str, name: &str, object: &Node) {
        // Thousands of claims share a few classes.
        self.classes.entry((cluster.to_owned(), name.to_owned())).or_insert_with(|| object.clone());
    }

    pub fn is_empty(&self) -> bool {
        self.claims.is_empty()
    }

    /// The lock as a file: sorted lines.
    pub fn write(&self) -> String {
        let mut text = String::from(HEADER);
        for (key, pin) in &self.claims {
            let _ = writeln!(text, "claim {key} {} {}", pin.declared, pin.class);
        }
        for ((cluster, name), object) in &self.classes {
            let _ = writeln!(text, "class {cluster} {name} {}", to_json(object));
        }
        text
    }
}
