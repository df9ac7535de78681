//! The value that a use gives a parameter: of the kind its declaration says, one value or a block of names and texts.

use std::collections::BTreeMap;

use super::form::{Block, OpenEntry, RawValue, Written as Read};
use crate::diagnostic::{Diagnostic, Findings, codes, twice};
use crate::model::{Parameter, Written};
use crate::source::{Span, Spanned};
use crate::value::Kind;

/// Reads a value as the kind of its parameter.
pub(super) fn read_setting(
    entry: &OpenEntry,
    parameter: &Parameter,
    findings: &mut Findings,
) -> Option<Spanned<Written>> {
    if let Some(block) = &entry.block {
        if let Some(each) = parameter.kind.each() {
            return Some(Spanned::new(read_block(block, &each, findings), block.span));
        }
        let text = format!("nothing stands inside `{}`", parameter.name);
        findings.push(Diagnostic::new(&codes::NOT_ALLOWED_HERE, block.span, text).help(format!(
            "`{}` is {}",
            parameter.name,
            parameter.kind.describe()
        )));
        return None;
    }
    let raw = entry.values.first()?;
    let name = &parameter.name;
    if let Some(second) = entry.values.get(1) {
        let finding = Diagnostic::new(&codes::NOT_ALLOWED_HERE, second.span, format!("`{name}` takes one value"))
            .here("one too many");
        findings.push(finding.help(match parameter.kind.each() {
            Some(_) => format!("`{name}` is {}", parameter.kind.describe()),
            None => "a text with blanks in it stands in quotes".to_owned(),
        }));
        return None;
    }
    // What an expression hands on may be such a block; a value that is written down is none.
    if parameter.kind.each().is_some() && !raw.text().contains("{{") {
        let text = format!("`{name}` takes a block of names and texts, and this is one value");
        findings.push(
            Diagnostic::new(&codes::WRONG_KIND, raw.span, text)
                .here("a value alone")
                .help(format!("write for instance `{name} {}`", parameter.kind.example())),
        );
        return None;
    }
    Some(Spanned::new(read_raw(raw, name, &parameter.kind, findings)?, raw.span))
}

/// Every entry that can be read; the rest is reported.
fn read_block(block: &Block, each: &Kind, findings: &mut Findings) -> Written {
    let mut texts = BTreeMap::new();
    let mut folders: Vec<(String, Span)> = Vec::new();
    for entry in &block.entries {
        // A name is read by programs: it holds what names of variables and keys may hold.
        let name = Kind::SecretKey.parse_plain(&entry.name.value);
        if name.is_err() {
            findings.push(
                Diagnostic::new(
                    &codes::WRONG_KIND,
                    entry.name.span,
                    format!("`{}` is no name for a variable or a key", entry.name.value),
                )
                .help("letters, digits, `-`, `_` and `.`"),
            );
            continue;
        }
        let Some(raw) = entry.values.first() else { continue };
        if let Some(written) = read_raw(raw, &entry.name.value, each, findings) {
            if let Written::Value(value) = &written
                && *each == Kind::Folder
            {
                let folder = value.to_string().trim_end_matches('/').to_owned();
                if let Some((_, first)) = folders.iter().find(|(known, _)| *known == folder) {
                    findings.push(twice("in this block, the folder", *first, Spanned::new(&folder, raw.span)));
                    continue;
                }
                folders.push((folder, raw.span));
            }
            texts.insert(entry.name.value.clone(), Spanned::new(written, raw.span));
        }
    }
    Written::Texts(texts)
}

fn read_raw(raw: &RawValue, name: &str, kind: &Kind, findings: &mut Findings) -> Option<Written> {
    match raw.read(name, kind, true, findings) {
        Read::Value(value) => Some(Written::Value(value)),
        Read::Scalar(scalar) => Some(Written::Scalar(scalar)),
        Read::Raw(_) | Read::Faulty => None,
    }
}
