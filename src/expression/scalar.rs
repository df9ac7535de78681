//! A string that may hold expressions: `konferenz.{{ tenant.domain }}`.
//!
//! A scalar that is one expression keeps the kind of its value. One that mixes text and expressions is text, and takes
//! strings, numbers and booleans in the form Kubernetes reads them; minijinja would write `True` and `None`.

use std::fmt::Write as _;
use std::ops::Range;

use minijinja::Value;
use minijinja::value::ValueKind;

use super::token::text_length;
use super::{Expression, NameUsed, Scope, describe};
use crate::diagnostic::{Diagnostic, codes};
use crate::source::Span;
use compact_str::CompactString as Text;

/// A string, read once.
#[derive(Debug)]
pub enum Scalar {
    /// No expression in it.
    Literal(Text),
    /// One expression and nothing else: its value keeps its kind.
    Whole(Expression),
    /// Text and expressions: the value is text.
    Mixed(Vec<Part>),
}

/// A piece of a mixed scalar.
#[derive(Debug)]
pub enum Part {
    Text(Text),
    Expression(Expression),
}

/// The way out in a template, where braces may be meant as they are.
const LITERALLY: &str = "`!raw` before the scalar takes it literally";

/// The way out where a statement of another language stands.
const CHOOSE: &str = "choose with `{{ a if condition else b }}`; a whole part of a template is there by its `$if`";

/// Reads a string; `map` gives the place of a range of it.
pub fn parse_scalar(text: &str, map: impl Fn(Range<usize>) -> Span) -> Result<Scalar, Box<Diagnostic>> {
    if !text.contains('{') {
        return Ok(Scalar::Literal(Text::new(text)));
    }
    let mut parts = Vec::new();
    let mut done = 0;
    while let Some(open) = next_brace(text, done) {
        let range = open..open + 2;
        if !text[open..].starts_with("{{") {
            let sign = &text[range.clone()];
            let message = format!("`{sign}` is not part of the language, only `{{{{ expressions }}}}` are");
            let help = if sign == "{%" { CHOOSE } else { LITERALLY };
            return Err(finding(map(range), message, help));
        }
        let Some(close) = closing(text, open + 2) else {
            let message = "this `{{` is not closed by `}}`";
            return Err(finding(map(range), message.to_owned(), LITERALLY));
        };
        if open > done {
            parts.push(Part::Text(Text::new(&text[done..open])));
        }
        parts.push(Part::Expression(expression(text, open + 2..close, &map)?));
        done = close + 2;
    }
    if parts.is_empty() {
        return Ok(Scalar::Literal(Text::new(text)));
    }
    if done < text.len() {
        parts.push(Part::Text(Text::new(&text[done..])));
    }
    Ok(match (parts.len(), parts.pop()) {
        (1, Some(Part::Expression(expression))) => Scalar::Whole(expression),
        (_, last) => Scalar::Mixed(parts.into_iter().chain(last).collect()),
    })
}

impl Scalar {
    /// The value in a scope; that of a mixed scalar is text.
    pub fn evaluate(&self, scope: &Scope) -> Result<Value, Box<Diagnostic>> {
        match self {
            Scalar::Literal(text) => Ok(Value::from(text.as_str())),
            Scalar::Whole(expression) => expression.evaluate(scope),
            Scalar::Mixed(_) => self.text(scope).map(|text| Value::from(text.as_str())),
        }
    }

    /// The value as text, where only text can stand: in a key, in a longer text.
    pub fn text(&self, scope: &Scope) -> Result<Text, Box<Diagnostic>> {
        let mut text = Text::default();
        match self {
            Scalar::Literal(literal) => text.clone_from(literal),
            Scalar::Whole(expression) => append(&mut text, expression, scope)?,
            Scalar::Mixed(parts) => {
                for part in parts {
                    match part {
                        Part::Text(literal) => text.push_str(literal),
                        Part::Expression(expression) => append(&mut text, expression, scope)?,
                    }
                }
            }
        }
        Ok(text)
    }

    pub fn is_literal(&self) -> bool {
        matches!(self, Scalar::Literal(_))
    }

    /// Every expression in it, in order.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        let (whole, parts) = match self {
            Scalar::Literal(_) => (None, [].as_slice()),
            Scalar::Whole(expression) => (Some(expression), [].as_slice()),
            Scalar::Mixed(parts) => (None, parts.as_slice()),
        };
        let within = parts.iter().filter_map(|part| match part {
            Part::Text(_) => None,
            Part::Expression(expression) => Some(expression),
        });
        whole.into_iter().chain(within)
    }

    /// Every name its expressions use.
    pub fn names_used(&self) -> impl Iterator<Item = NameUsed> {
        self.expressions().flat_map(Expression::names_used)
    }
}

/// A value as it stands in text, or the kind of what text cannot hold.
pub(super) fn as_text(value: &Value) -> Result<Text, &'static str> {
    let mut text = Text::default();
    push(&mut text, value)?;
    Ok(text)
}

fn push(text: &mut Text, value: &Value) -> Result<(), &'static str> {
    if let Some(string) = value.as_str() {
        text.push_str(string);
    } else if matches!(value.kind(), ValueKind::Number) {
        write!(text, "{value}").map_err(|_| "an unprintable number")?;
    } else if matches!(value.kind(), ValueKind::Bool) {
        text.push_str(if value.is_true() { "true" } else { "false" });
    } else {
        return Err(describe(value));
    }
    Ok(())
}

fn append(text: &mut Text, expression: &Expression, scope: &Scope) -> Result<(), Box<Diagnostic>> {
    let value = expression.evaluate(scope)?;
    push(text, &value).map_err(|kind| {
        let message = format!("`{}` is {kind} here; text cannot hold it", expression.source());
        let help = match kind {
            "none" => "give another value for none: `| default(\"...\")`",
            "a list" => "join its items: `| join(\",\")`",
            _ => "use a single value of it",
        };
        finding(expression.span(), message, help)
    })
}

fn expression(
    text: &str,
    inner: Range<usize>,
    map: &impl Fn(Range<usize>) -> Span,
) -> Result<Expression, Box<Diagnostic>> {
    let written = &text[inner.clone()];
    if written.starts_with('-') || written.ends_with('-') {
        let message = "`{{-` and `-}}` trim blanks in text templates; there is nothing to trim here";
        return Err(finding(map(inner), message.to_owned(), "leave out the `-`"));
    }
    let trimmed = written.trim();
    let start = inner.start + (written.len() - written.trim_start().len());
    let span = if trimmed.is_empty() { map(inner.start - 2..inner.end + 2) } else { map(start..start + trimmed.len()) };
    Expression::compile(trimmed, span)
}

/// The next `{{`, `{%` or `{#`.
fn next_brace(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    (from..bytes.len().saturating_sub(1)).find(|at| bytes[*at] == b'{' && matches!(bytes[at + 1], b'{' | b'%' | b'#'))
}

/// The `}}` that ends an expression; those in strings and of maps within it do not count.
fn closing(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0usize;
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\'' | b'"' => {
                at += text_length(&bytes[at..]);
                continue;
            }
            b'{' => depth += 1,
            b'}' if depth > 0 => depth -= 1,
            b'}' if bytes.get(at + 1) == Some(&b'}') => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

fn finding(span: Span, message: String, help: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::new(&codes::EXPRESSION_ERROR, span, message).help(help))
}
