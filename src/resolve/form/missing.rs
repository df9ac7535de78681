//! What is not there of all that a node has to have: said once for the node, with the line that has it.

use std::fmt::Write as _;

use super::Form;
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::value::Kind;
use crate::vocabulary::{Arity, Setting};

impl Form {
    /// Says once what is not there of all that has to be.
    pub(super) fn demand(&self, findings: &mut Findings) {
        let is_missing =
            |setting: &&Setting, least: &[Arity]| least.contains(&setting.arity) && self.all(setting.name).is_empty();
        let (spec, needed) = (self.spec, [Arity::Required, Arity::Many]);
        let arguments = spec.arguments.iter().filter(|argument| is_missing(argument, &needed));
        let settings = spec.settings.iter().filter(|setting| is_missing(setting, &needed));
        let children = spec.children.iter().filter(|child| child.required && self.child(child.node.name).is_none());
        // The name of what a node uses is called as the node is.
        let called = |argument: &Setting| if argument.name == spec.name { "name" } else { argument.name };
        let mut lacking: Vec<String> = arguments.clone().map(|argument| format!("its {}", called(argument))).collect();
        lacking.extend(settings.clone().map(|setting| format!("`{}`", setting.name)));
        lacking.extend(children.clone().map(|child| format!("`{}`", child.node.name)));
        let Some(last) = lacking.pop() else { return };
        let before = if lacking.is_empty() { String::new() } else { format!("{} and ", lacking.join(", ")) };
        let mut line = spec.name.to_owned();
        let mut explained = Vec::new();
        for argument in spec.arguments.iter().filter(|argument| needed.contains(&argument.arity)) {
            let _ = write!(line, " {}", called(argument).to_uppercase());
        }
        for argument in arguments.filter(|argument| argument.doc != "its name") {
            explained.push(told(&called(argument).to_uppercase(), argument.doc));
        }
        for setting in settings {
            let _ = write!(line, " {}={}", setting.name, sample(setting));
            explained.push(told(&format!("`{}`", setting.name), setting.doc));
        }
        for child in children {
            let _ = write!(line, " {{ {} … }}", child.node.name);
            explained.push(told(&format!("`{}`", child.node.name), child.node.doc));
        }
        let explained = explained.iter().fold(format!("write `{line}`"), |text, why| text + "; " + why);
        let text = format!("`{}` lacks {before}{last}", spec.name);
        findings.push(Diagnostic::new(&codes::MISSING, self.head, text).help(explained));
    }
}

/// What something is, as a sentence where its doc makes one.
fn told(name: &str, doc: &str) -> String {
    let begins = ["a ", "an ", "the ", "its ", "at ", "how ", "what ", "where ", "whether "];
    if begins.iter().any(|word| doc.starts_with(word)) { format!("{name} is {doc}") } else { format!("{name}: {doc}") }
}

/// A value of the kind of a setting, as it is written.
fn sample(setting: &Setting) -> String {
    let example = setting.kind.example();
    match &setting.kind {
        Kind::Reference(noun) => noun.to_uppercase(),
        kind if kind.is_bare(&example) || example.starts_with('#') => example,
        Kind::Integer { .. } | Kind::Enum(_) | Kind::DnsLabel | Kind::HostName => example,
        _ => format!("\"{example}\""),
    }
}

/// A setting that stands inside the braces of its node.
pub(super) fn written_as_node(setting: &Setting) -> String {
    format!("{} {}", setting.name, sample(setting))
}
