//! Tests of the reader: what it says of mistakes, what it keeps, and that nothing can bring it down.
//!
//! Conformance with the official suite and the official reader is tested in `tests/kdl.rs`.

mod blocks;
mod lossless;
mod mistakes;
mod robust;
mod tree;

use std::fmt::Write as _;
use std::sync::Arc;

use super::{Node, Nodes, Tree, parse};
use crate::diagnostic::Diagnostic;
use crate::source::FileId;

const FILE: FileId = FileId(7);

fn read(text: &str) -> (Tree, Vec<Diagnostic>) {
    let (tree, findings) = parse(FILE, Arc::from(text));
    for finding in &findings {
        check_place(text, finding);
    }
    (tree, findings)
}

/// Every place of a finding is in the file and between characters.
fn check_place(text: &str, finding: &Diagnostic) {
    let edits = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
    let others = finding.others.iter().map(|label| label.span);
    for span in edits.chain(others).chain([finding.span]) {
        assert_eq!(span.file, FILE);
        assert!(text.get(span.range()).is_some(), "{:?} in {text:?}: {finding:#?}", span.range());
    }
}

/// The findings as `what stands there: what is said of it`.
fn said(text: &str) -> Vec<String> {
    let (_, findings) = read(text);
    findings.iter().map(|finding| format!("{}: {}", &text[finding.span.range()], finding.message)).collect()
}

/// Exactly one finding, in these words; and the offered fix mends the file.
#[track_caller]
fn one(text: &str, expected: &str) {
    assert_eq!(said(text), [expected], "{text}");
}

#[track_caller]
fn one_and_fixed(text: &str, expected: &str, mended: &str) {
    one(text, expected);
    assert_eq!(fixed(text), mended);
    assert_eq!(said(mended), [""; 0], "{mended}");
}

/// The text after all offered fixes.
fn fixed(text: &str) -> String {
    let (_, findings) = read(text);
    let mut edits: Vec<_> = findings.into_iter().filter_map(|finding| finding.fix).flat_map(|fix| fix.edits).collect();
    edits.sort_by_key(|edit| edit.span);
    let mut text = text.to_owned();
    for edit in edits.into_iter().rev() {
        text.replace_range(edit.span.range(), &edit.text);
    }
    text
}

/// The tree in one line: `name argument key=value {child}`, broken values in `<>`.
fn outline(text: &str) -> String {
    fn nodes(list: Nodes<'_>, out: &mut String) {
        for (number, node) in list.enumerate() {
            if number > 0 {
                out.push_str("; ");
            }
            one(node, out);
        }
    }
    fn one(node: Node<'_>, out: &mut String) {
        out.push_str(&node.name());
        for entry in node.entries() {
            out.push(' ');
            if let Some(name) = entry.name() {
                write!(out, "{}=", name.value).unwrap();
            }
            let value = entry.value();
            if value.is_broken() {
                write!(out, "<{}>", value.text()).unwrap();
            } else {
                out.push_str(&value.text());
            }
        }
        if let Some(children) = node.children() {
            out.push_str(" {");
            nodes(children, out);
            out.push('}');
        }
    }
    let mut out = String::new();
    nodes(read(text).0.nodes(), &mut out);
    out
}
