//! Findings: what is wrong, where, where else, and the way out.
//!
//! A [`Diagnostic`] is text and places, never a type of a later stage; each stage finds its own words. It says nothing
//! about how it is shown: `render` draws it for a terminal, a pipeline or an editor. Messages are lower case, have
//! no full stop, put names in backticks and say what was found and what was expected.

mod code;
mod suggest;

pub use self::code::{Code, Level, codes};
pub use self::suggest::{did_you_mean, is_respelt, nearest};

use crate::source::{Span, Spanned};

/// How much a finding weighs after levels and waivers were applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Error,
    Warning,
}

/// Another place that has to do with the finding, and what is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    pub span: Span,
    pub text: String,
}

/// A change of text that mends the finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What the change does, as an offer: "quote the value".
    pub title: String,
    pub edits: Vec<Edit>,
}

/// Replaces the text of a span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub span: Span,
    pub text: String,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub code: &'static Code,
    /// The headline; it stands alone in the short format.
    pub message: String,
    /// Where it is.
    pub span: Span,
    /// What stands at [`Diagnostic::span`], in a few words; empty where the headline says it all.
    pub label: String,
    /// The other places.
    pub others: Vec<Label>,
    /// Facts that belong to it: a sum, a list, a limit and where it comes from.
    pub notes: Vec<String>,
    /// The way out, in words.
    pub help: Option<String>,
    /// The way out, as a change of text.
    pub fix: Option<Fix>,
    /// The tenant it concerns, so that a large report can be grouped and a check can be narrowed to one.
    pub tenant: Option<String>,
    /// The line that mends it for all who share it; where they are many, they are one finding.
    pub cause: Option<Span>,
    /// Among findings of one code at one place the lowest is told first, or alone.
    pub rank: usize,
}

impl Diagnostic {
    pub fn new(code: &'static Code, span: Span, message: impl Into<String>) -> Self {
        Diagnostic {
            code,
            message: message.into(),
            span,
            label: String::new(),
            others: Vec::new(),
            notes: Vec::new(),
            help: None,
            fix: None,
            tenant: None,
            cause: None,
            rank: 0,
        }
    }

    /// Says in a few words what stands at the place of the finding.
    #[must_use]
    pub fn here(mut self, text: impl Into<String>) -> Self {
        self.label = text.into();
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.others.push(Label { span, text: text.into() });
        self
    }

    /// Adds the place whose change would mend it for all who share it.
    #[must_use]
    pub fn because_of(mut self, span: Span, text: impl Into<String>) -> Self {
        self.cause = Some(span);
        self.also(span, text)
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Says the way out.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Says the way out where there is one.
    #[must_use]
    pub fn help_if(mut self, text: Option<String>) -> Self {
        self.help = text.or(self.help);
        self
    }

    /// Offers a change of text in one place.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.fix = Some(Fix { title: title.into(), edits: vec![Edit { span, text: text.into() }] });
        self
    }

    /// Names the tenant it concerns.
    #[must_use]
    pub fn of(mut self, tenant: impl Into<String>) -> Self {
        self.tenant = Some(tenant.into());
        self
    }
}

/// Findings as they are collected; stages push and go on.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Findings {
    list: Vec<Diagnostic>,
}

impl Findings {
    pub fn new() -> Self {
        Findings::default()
    }

    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    pub fn extend(&mut self, more: impl IntoIterator<Item = Diagnostic>) {
        self.list.extend(more);
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// Says of all findings from an index on that they concern a tenant.
    pub fn name_tenant(&mut self, from: usize, tenant: &str) {
        for finding in self.list.iter_mut().skip(from).filter(|finding| finding.tenant.is_none()) {
            finding.tenant = Some(tenant.to_owned());
        }
    }

    /// By file and place, each finding of a tenant once: the same order whatever order the files were read in.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        fn key(finding: &Diagnostic) -> (Span, &str, usize, &str, Option<&str>) {
            (finding.span, finding.code.name, finding.rank, &finding.message, finding.tenant.as_deref())
        }
        self.list.sort_by(|a, b| key(a).cmp(&key(b)));
        self.list.dedup_by(|a, b| key(a) == key(b));
        self.list
    }
}

impl IntoIterator for Findings {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

/// What a small parser says of a text it cannot take; the caller adds the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What was found and what was expected.
    pub message: String,
    /// The part of the text that is at fault, in bytes; the whole where it is `None`.
    pub range: Option<std::ops::Range<usize>>,
    /// The way out.
    pub help: Option<String>,
    /// The text that was probably meant.
    pub suggestion: Option<String>,
}

impl Fault {
    pub fn new(message: impl Into<String>) -> Self {
        Fault { message: message.into(), range: None, help: None, suggestion: None }
    }

    #[must_use]
    pub fn at(mut self, range: std::ops::Range<usize>) -> Self {
        self.range = Some(range);
        self
    }

    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// The text that was probably meant, without quotes.
    #[must_use]
    pub fn suggest(mut self, text: impl Into<String>) -> Self {
        self.suggestion = Some(text.into());
        self
    }
}

/// Names of things, for [`did_you_mean`] and lists in messages.
pub fn quoted(names: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// A finding that the same thing was said twice: both places.
pub fn twice(what: &str, first: Span, second: Spanned<&str>) -> Diagnostic {
    Diagnostic::new(&codes::TWICE, second.span, format!("{what} `{}` is given twice", second.value))
        .here("given again here")
        .also(first, "first given here")
        .help("keep one of the two")
}
