//! The value that a use gives a parameter: of the kind its declaration says, one value or a block of names and texts.

use std::collections::BTreeMap;

use super::form::{Block, OpenEntry, RawValue, Written as Read};
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::model::{Parameter, Written};
use crate::source::Spanned;
use crate::value::Kind;

/// Reads a value as the kind of its parameter.
pub(super) fn read_setting(
    entry: &OpenEntry,
    parameter: &Parameter,
    findings: &mut Findings,
) -> Option<Spanned<Written>> {
    if let Some(block) = &entry.block {
        if parameter.kind == Kind::Texts {
            return Some(Spanned::new(read_block(block, findings), block.span));
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
    Some(Spanned::new(read_raw(raw, &parameter.name, &parameter.kind, findings)?, raw.span))
}

/// Every entry that can be read; the rest is reported.
fn read_block(block: &Block, findings: &mut Findings) -> Written {
    let mut texts = BTreeMap::new();
    for entry in &block.entries {
        // A name is read by programs: it holds what names of variables and keys may hold.
        let name = Kind::SecretKey.parse_plain(&entry.name.value);
        if let Err(fault) = name {
            findings.push(
                Diagnostic::new(&codes::WRONG_KIND, entry.name.span, format!("a name in a block: {}", fault.message))
                    .help("letters, digits, `-`, `_` and `.`"),
            );
            continue;
        }
        let Some(raw) = entry.values.first() else { continue };
        if let Some(written) = read_raw(raw, &entry.name.value, &Kind::Text, findings) {
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
