//! A value as it was written: read as the kind of its setting at once, or later as the kind that a declaration says.

use std::sync::Arc;

use super::Written;
use crate::diagnostic::{Diagnostic, Fault, Findings, codes};
use crate::expression::{Scalar, parse_scalar};
use crate::source::Span;
use crate::syntax::{Entries, Entry, Value as Token};
use crate::value::{Kind, Lexeme};

/// A value whose kind a declaration elsewhere decides.
#[derive(Debug, Clone)]
pub(in crate::resolve) struct RawValue {
    pub span: Span,
    content: Option<Span>,
    text: String,
    class: Class,
    /// What it is where it holds expressions: compiled once, however many tenants the value is read for.
    scalar: Option<Result<Arc<Scalar>, Box<Diagnostic>>>,
}

#[derive(Debug, Clone, Copy)]
enum Class {
    Text,
    Number,
    Boolean(bool),
    Keyword,
    Broken,
}

impl RawValue {
    /// The value of a token. One in odd quotes is told at once: the words behind it are passed over, whoever reads it.
    pub(super) fn new(token: Token<'_>, called: &str, findings: &mut Findings) -> Self {
        let mut value = RawValue::of(token);
        if begins_odd(token) {
            value.take_odd_quotes(called, findings);
        }
        value
    }

    /// The value as it is written.
    pub(super) fn of(token: Token<'_>) -> Self {
        let (text, class) = token.with_lexeme(|lexeme| match lexeme {
            Lexeme::Text(text) => (text.to_owned(), Class::Text),
            Lexeme::Number(text) => (text.to_owned(), Class::Number),
            Lexeme::Boolean(value) => (value.to_string(), Class::Boolean(value)),
            Lexeme::Keyword(text) => (text.to_owned(), Class::Keyword),
            Lexeme::Broken(text) => (text.to_owned(), Class::Broken),
        });
        let (span, content) = (token.span(), token.content_span());
        let place = |range: std::ops::Range<usize>| content.map_or(span, |content| content.part(range));
        let is_scalar = ["{{", "{%", "{#"].iter().any(|sign| text.contains(sign));
        let scalar = (matches!(class, Class::Text) && is_scalar).then(|| parse_scalar(&text, place).map(Arc::new));
        RawValue { span, content, text, class, scalar }
    }

    pub(in crate::resolve) fn text(&self) -> &str {
        &self.text
    }

    fn lexeme(&self) -> Lexeme<'_> {
        match self.class {
            Class::Text => Lexeme::Text(&self.text),
            Class::Number => Lexeme::Number(&self.text),
            Class::Boolean(value) => Lexeme::Boolean(value),
            Class::Keyword => Lexeme::Keyword(&self.text),
            Class::Broken => Lexeme::Broken(&self.text),
        }
    }

    /// Reads it as a kind; `{{ }}` only where expressions are allowed.
    pub(in crate::resolve) fn read(
        &self,
        name: &str,
        kind: &Kind,
        expression: bool,
        findings: &mut Findings,
    ) -> Written {
        if let Some(scalar) = self.scalar.as_ref().filter(|_| expression || self.text.contains("{{")) {
            if !expression {
                findings.push(
                    Diagnostic::new(&codes::EXPRESSION_ERROR, self.span, format!("`{name}` takes no expressions"))
                        .here("an expression stands here")
                        .help(format!("write {} here", kind.describe())),
                );
                return Written::Faulty;
            }
            return match scalar {
                Ok(scalar) => Written::Scalar(Arc::clone(scalar)),
                Err(diagnostic) => {
                    // Only a template can take braces literally.
                    let help = diagnostic.help.clone().filter(|help| !help.contains("!raw"));
                    findings.push(Diagnostic { help, ..(**diagnostic).clone() });
                    Written::Faulty
                }
            };
        }
        match kind.parse(self.lexeme()) {
            // Of a text in odd quotes that has several words only the first one is here.
            Ok(_) if matches!(self.class, Class::Broken) && self.text.starts_with(ODD_QUOTES) => Written::Faulty,
            Ok(value) => Written::Value(value),
            // What is no value of the language is reported with its file.
            Err(_) if matches!(self.class, Class::Broken) => Written::Faulty,
            // What may not stand in a file at all is reported with the file.
            Err(_) if self.content.is_some() && crate::syntax::has_forbidden(&self.text) => Written::Faulty,
            Err(fault) => {
                findings.push(self.refuse(name, kind, &fault));
                // What is offered is what is read; but a name that is made up here could be somebody else's.
                let meant = fault.suggestion.as_deref().filter(|_| *kind != Kind::DnsLabel);
                meant.and_then(|meant| kind.parse_plain(meant).ok()).map_or(Written::Faulty, Written::Value)
            }
        }
    }

    /// Says that a bare value stands in quotes that a word processor makes, or another language takes, and reads what stands
    /// between them.
    fn take_odd_quotes(&mut self, called: &str, findings: &mut Findings) {
        let whose = if self.text.starts_with('\'') { "single quotes" } else { "the quotes of a printed text" };
        let text = format!("`{called}`: `{}` stands in {whose}", self.text);
        let finding = Diagnostic::new(&codes::WRONG_KIND, self.span, text)
            .here("these are letters to the language")
            .help("put the whole text between plain quotes: `\"…\"`");
        let inner = self.text.strip_prefix(ODD_QUOTES).and_then(|text| text.strip_suffix(ODD_QUOTES));
        let finding = match inner {
            Some(inner) => finding.fix("use plain quotes", self.span, quote(inner)),
            None => finding,
        };
        // What is no KDL either is reported with its file.
        if !matches!(self.class, Class::Broken) {
            findings.push(finding);
        }
        self.text = inner.unwrap_or(&self.text).to_owned();
        self.class = Class::Broken;
    }

    fn refuse(&self, name: &str, kind: &Kind, fault: &Fault) -> Diagnostic {
        let span = match (&fault.range, self.content) {
            (Some(range), Some(content)) => content.part(range.clone()),
            _ => self.span,
        };
        let mut diagnostic = Diagnostic::new(&codes::WRONG_KIND, span, format!("`{name}`: {}", fault.message))
            .help_if(fault.help.clone());
        let lists_all = matches!(kind, Kind::Enum(_) | Kind::OneOf(_)) || fault.message.contains("expected");
        match &fault.suggestion {
            Some(text) => {
                let written = if kind.is_bare(text) { text.clone() } else { quote(text) };
                diagnostic = diagnostic.fix(format!("write `{text}`"), self.span, written);
            }
            None if diagnostic.help.is_none() && !lists_all => {
                diagnostic = diagnostic.help(format!("write {}", kind.describe()));
            }
            None => {}
        }
        diagnostic
    }
}

/// The quotes of printed text, and of other languages.
const ODD_QUOTES: [char; 9] = ['„', '“', '”', '‚', '‘', '’', '«', '»', '\''];

fn begins_odd(token: Token<'_>) -> bool {
    token.content_span() == Some(token.span()) && token.text().starts_with(ODD_QUOTES)
}

/// The entries of a node; of a text in odd quotes only its first word, at which it is told.
pub(super) struct Words<'t>(pub Entries<'t>);

impl<'t> Iterator for Words<'t> {
    type Item = Entry<'t>;

    fn next(&mut self) -> Option<Entry<'t>> {
        let first = self.0.next()?;
        if begins_odd(first.value()) && !first.value().text().ends_with(ODD_QUOTES) {
            let mut rest = self.0.clone();
            let mut words = rest.by_ref().take_while(|entry| entry.name().is_none());
            if words.any(|entry| entry.value().text().ends_with(ODD_QUOTES)) {
                self.0 = rest;
            }
        }
        Some(first)
    }
}

/// The text of a quoted value in a spec, for people to read.
pub(in crate::resolve) fn without_quotes(written: &str) -> String {
    let inner = written.trim_matches('#').trim_matches('"');
    inner.replace("\\\"", "\"").replace("\\\\", "\\")
}

/// The text as it has to stand in a spec.
fn quote(text: &str) -> String {
    if text.starts_with('#') || text.starts_with('"') {
        return text.to_owned();
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
