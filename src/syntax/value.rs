//! A value as it stands in the text: its kind, its raw text, the text it means, and the way back to the place.
//!
//! The parser decides what is a string and what a number; what the value *means* is decided by the kind that is
//! expected of it, from a [`Lexeme`].

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use super::text::{self, Form};
use super::tree::{EntryData, Tree};
use crate::source::Span;
use crate::value::Lexeme;

/// What a value is by the grammar of KDL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalarKind {
    String,
    Number,
    Boolean(bool),
    Null,
    /// `#inf`, `#-inf`, `#nan`.
    NotFinite,
    /// Not KDL and already reported.
    Broken,
}

/// A value.
#[derive(Clone, Copy)]
pub struct Value<'t> {
    tree: &'t Tree,
    data: &'t EntryData,
}

impl<'t> Value<'t> {
    pub(super) fn new(tree: &'t Tree, data: &'t EntryData) -> Self {
        Value { tree, data }
    }

    /// The value with its quotes; empty behind the `=` where it is missing.
    pub fn span(self) -> Span {
        self.tree.span(self.data.value_start, self.data.value_end)
    }

    /// As it was written.
    pub fn raw(self) -> &'t str {
        self.tree.slice(self.data.value_start, self.data.value_end)
    }

    /// Of a string the text it means, without quotes, escapes and indentation; of all else what was written.
    pub fn text(self) -> Cow<'t, str> {
        text::resolve(self.raw(), self.data.value_form)
    }

    /// Not KDL, and already reported: callers stay silent about it.
    pub fn is_broken(self) -> bool {
        self.data.broken
    }

    pub fn kind(self) -> ScalarKind {
        if self.data.broken {
            return ScalarKind::Broken;
        }
        match self.data.value_form {
            Form::Number => ScalarKind::Number,
            Form::Keyword => match self.raw() {
                "#true" => ScalarKind::Boolean(true),
                "#false" => ScalarKind::Boolean(false),
                "#null" => ScalarKind::Null,
                _ => ScalarKind::NotFinite,
            },
            _ => ScalarKind::String,
        }
    }

    /// A string that stands between quotes.
    pub fn is_quoted(self) -> bool {
        !matches!(self.data.value_form, Form::Bare | Form::Number | Form::Keyword)
    }

    /// Hands the value on as what it is before its kind is known.
    pub fn with_lexeme<R>(self, read: impl FnOnce(Lexeme<'_>) -> R) -> R {
        match self.kind() {
            ScalarKind::String => read(Lexeme::Text(&self.text())),
            ScalarKind::Number => read(Lexeme::Number(self.raw())),
            ScalarKind::Boolean(boolean) => read(Lexeme::Boolean(boolean)),
            ScalarKind::Null | ScalarKind::NotFinite => read(Lexeme::Keyword(self.raw())),
            ScalarKind::Broken => read(Lexeme::Broken(&self.text())),
        }
    }

    /// The place of a string's content where it stands in the text letter by letter: no escapes, one line.
    pub fn content_span(self) -> Option<Span> {
        let content = text::plain_content(self.raw(), self.data.value_form)?;
        Some(self.span().part(content))
    }

    /// The comment that begins right behind the value, without a blank: in `url=https://x` the value is `https:`.
    pub fn glued_comment(self) -> Option<&'t str> {
        let rest = self.tree.text.get(self.data.value_end as usize..)?;
        rest.starts_with("//").then(|| rest.lines().next().unwrap_or_default())
    }

    /// The place of a part of [`Value::text`], also where escapes or indentation stand between.
    pub fn span_of(self, part: Range<usize>) -> Span {
        self.span().part(text::place_of(self.raw(), self.data.value_form, part))
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.raw())
    }
}
