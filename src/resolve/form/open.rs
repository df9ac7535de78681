//! Names of the user's own in a node: parameters of a service, labels, roles. What each may be is known to a declaration
//! elsewhere, so its values are kept as they are written.

use super::check::{meant, refuse_annotation};
use super::raw::Words;
use super::unknown::unknown;
use super::{Block, Form, OpenEntry, RawValue};
use crate::diagnostic::{Diagnostic, Findings, codes, quoted, twice};
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Node};
use crate::vocabulary::{NodeSpec, Open};

impl Form {
    pub(super) fn take_open(&mut self, node: Node<'_>, name: Spanned<String>, findings: &mut Findings) {
        refuse_annotation(node.type_annotation(), findings);
        let mut values = Vec::new();
        let is_near = || meant(&name, self.spec.names_inside()).is_some();
        if self.spec.open == Open::Declared && node.entries().any(|entry| entry.name().is_some()) && is_near() {
            // A parameter has values; what the language has itself may have properties.
            findings.push(unknown(&codes::UNKNOWN_NODE, "node", &name, self.spec));
            return;
        }
        let mut properties = Vec::new();
        for entry in Words(node.entries()) {
            refuse_annotation(entry.type_annotation(), findings);
            match entry.name() {
                None => values.push(RawValue::new(entry.value(), &name.value, findings)),
                Some(_) => properties.push(entry),
            }
        }
        if let Some(first) = properties.first().and_then(|entry| entry.name()) {
            findings.push(refuse_properties(&name.value, first.span, &properties));
            return;
        }
        let mut block = None;
        let inside = node.children_span();
        if let Some(inside) = inside {
            if self.spec.open == Open::Declared && values.is_empty() {
                // Whether a block may stand here is known to the declaration of the name.
                block = Some(Block { span: inside, entries: take_block(node, &name.value, findings) });
            } else {
                let text = format!("nothing stands inside `{}`", name.value);
                findings.push(Diagnostic::new(&codes::NOT_ALLOWED_HERE, inside, text));
            }
        }
        if block.is_some() {
            self.open.push(OpenEntry { name, values, block });
        } else if values.is_empty() && inside.is_some() {
            // Reported with its block.
        } else if values.is_empty() {
            findings.push(
                Diagnostic::new(&codes::MISSING, node.head_span(), format!("`{}` has no value", name.value))
                    .here("nothing stands behind it")
                    .help(format!("write it behind the name; an empty text is `{} \"\"`", name.value)),
            );
        } else if values.len() > 1 && self.spec.open == Open::Texts {
            let text = format!("`{}` takes one value", name.value);
            findings.push(
                Diagnostic::new(&codes::NOT_ALLOWED_HERE, values[1].span, text)
                    .here("one too many")
                    .help("a text with blanks in it stands in quotes"),
            );
        } else {
            self.open.push(OpenEntry { name, values, block: None });
        }
    }
}

/// Texts of one's own stand in braces, each on a line or behind a `;`.
fn refuse_properties(name: &str, first: Span, properties: &[Entry<'_>]) -> Diagnostic {
    let name_of = |entry: &Entry<'_>| entry.name().map(|name| name.value.into_owned()).unwrap_or_default();
    let found = quoted(properties.iter().map(name_of));
    let lines: Vec<String> =
        properties.iter().map(|entry| format!("{} {}", name_of(entry), entry.value().text())).collect();
    Diagnostic::new(&codes::UNKNOWN_PROPERTY, first, format!("`{name}` takes values and no properties, found {found}"))
        .here("not known here")
        .help(format!("names and texts of your own stand in braces: `{name} {{ {} }}`", lines.join("; ")))
}

/// What stands in braces behind a name of the user's own.
static BLOCK: NodeSpec = NodeSpec { open: Open::Texts, ..NodeSpec::new("block", "names and their texts") };

fn take_block(node: Node<'_>, owner: &str, findings: &mut Findings) -> Vec<OpenEntry> {
    let mut block = Form::empty(&BLOCK, node.head_span());
    let mut seen: Vec<Spanned<String>> = Vec::new();
    for child in node.children().into_iter().flatten() {
        let name = Spanned::new(child.name().into_owned(), child.name_span());
        if let Some(first) = seen.iter().find(|known| known.value == name.value) {
            findings.push(twice(&format!("in `{owner}`,"), first.span, Spanned::new(&name.value, name.span)));
            continue;
        }
        seen.push(name.clone());
        block.take_open(child, name, findings);
    }
    block.open
}
