//! From an expression to a value of its kind: evaluated in the names that its place sees, with a finding that names both
//! where it stands and who made it be evaluated.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::expression::{Scalar, Scope};
use crate::model::{Written, scope};
use crate::source::{Span, Spanned};
use crate::value::{Kind, Value};

/// Where an evaluated value stands, and who made it be evaluated.
pub(super) struct Place<'p> {
    pub name: &'p str,
    pub span: Span,
    pub asked: Span,
}

impl Place<'_> {
    /// Names who made the value be evaluated, where that is somebody else than who wrote it.
    pub(super) fn also(&self, diagnostic: Diagnostic) -> Diagnostic {
        if self.asked.file == self.span.file && self.asked.start <= self.span.start && self.span.end <= self.asked.end {
            return diagnostic;
        }
        diagnostic.also(self.asked, "for this one")
    }
}

/// Evaluates a value and reads the result as its kind; `none` is no value.
pub(super) fn evaluate(
    scalar: &Scalar,
    kind: &Kind,
    names: &Scope,
    place: &Place<'_>,
    findings: &mut Findings,
) -> Option<Value> {
    let result = match scalar.evaluate(names) {
        Ok(result) => result,
        Err(diagnostic) => {
            findings.push(place.also(*diagnostic));
            return None;
        }
    };
    match scope::read(&result, kind)? {
        Ok(value) => Some(value),
        Err(fault) => {
            let message = format!("`{}`: {}", place.name, fault.message);
            let diagnostic = Diagnostic::new(&codes::WRONG_KIND, place.span, message).here(format!("gives {result}"));
            findings.push(place.also(diagnostic).help_if(fault.help));
            None
        }
    }
}

/// The value of what was written, expression or not.
pub(super) fn evaluate_written(
    written: &Written,
    kind: &Kind,
    names: &Scope,
    place: &Place<'_>,
    findings: &mut Findings,
) -> Option<Value> {
    match written {
        Written::Value(value) => Some(value.clone()),
        Written::Scalar(scalar) => evaluate(scalar, kind, names, place, findings),
        Written::Texts(texts) => evaluate_texts(texts, &kind.each().unwrap_or(Kind::Text), names, place, findings),
    }
}

/// Evaluates the texts of a block; what gives `none` is left out, and one that fails fails the block.
fn evaluate_texts(
    texts: &BTreeMap<String, Spanned<Written>>,
    each: &Kind,
    names: &Scope,
    place: &Place<'_>,
    findings: &mut Findings,
) -> Option<Value> {
    let before = findings.len();
    let mut values = BTreeMap::new();
    for (name, written) in texts {
        let value = match &written.value {
            Written::Value(value) => Some(value.clone()),
            Written::Scalar(scalar) => {
                let place = Place { name, span: written.span, asked: place.asked };
                evaluate(scalar, each, names, &place, findings)
            }
            Written::Texts(_) => None,
        };
        if let Some(value) = value {
            values.insert(name.as_str().into(), (value.to_string().into(), Some(written.span)));
        }
    }
    (findings.len() == before).then(|| Value::Texts(Box::new(values)))
}
