//! From a node as written to a checked form: every name known, every value of its declared kind, nothing twice,
//! nothing missing. All faults of a node are found, and each is said once; a faulty value is marked so that later steps
//! stay silent about it.
//!
//! Here is what a form holds; `check` makes it of a node, `open` takes names of the user's own, `missing` says what is not there,
//! `raw` reads its values, `unknown` answers names that are none.

mod check;
mod missing;
mod open;
mod raw;
mod unknown;

use std::sync::Arc;

pub(super) use self::check::check_file;
pub(super) use self::raw::{RawValue, without_quotes};
use crate::expression::Scalar;
use crate::source::{Span, Spanned};
use crate::value::Value;
use crate::vocabulary::NodeSpec;

/// A checked node.
#[derive(Debug)]
pub(super) struct Form {
    pub spec: &'static NodeSpec,
    /// The node without its children: the place of a finding about the whole of it.
    pub head: Span,
    given: Vec<(&'static str, Vec<Given>)>,
    children: Vec<Form>,
    /// Names of the user's own, in the order they were written.
    pub open: Vec<OpenEntry>,
    /// What nodes that nobody knows declare here, by name: of what kind it is meant to be is not known.
    pub strangers: Vec<String>,
}

/// A value of a setting.
#[derive(Debug, Clone)]
pub(super) struct Given {
    pub span: Span,
    pub written: Written,
}

/// What a value turned out to be.
#[derive(Debug, Clone)]
pub(super) enum Written {
    Value(Value),
    Scalar(Arc<Scalar>),
    /// Not read yet: a declaration beside it says of which kind it is.
    Raw(RawValue),
    /// Reported already.
    Faulty,
}

/// A name of the user's own and its values, not yet of any kind.
#[derive(Debug, Clone)]
pub(super) struct OpenEntry {
    pub name: Spanned<String>,
    pub values: Vec<RawValue>,
    /// What stands in braces behind it; then there are no values.
    pub block: Option<Block>,
}

/// Names and values in braces behind a name of the user's own.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub span: Span,
    pub entries: Vec<OpenEntry>,
}

impl Form {
    /// The value of a setting or argument, where it was given and was of its kind.
    pub(super) fn value(&self, name: &str) -> Option<Spanned<&Value>> {
        self.values(name).next()
    }

    /// All values of a setting that takes several.
    pub(super) fn values(&self, name: &str) -> impl Iterator<Item = Spanned<&Value>> {
        self.all(name).iter().filter_map(|given| match &given.written {
            Written::Value(value) => Some(Spanned::new(value, given.span)),
            Written::Scalar(_) | Written::Raw(_) | Written::Faulty => None,
        })
    }

    /// As it was given, expression or value.
    pub(super) fn given(&self, name: &str) -> Option<&Given> {
        self.all(name).first()
    }

    /// Whether a value was given that is not understood: it is told, and what it would have said is not known.
    pub(super) fn is_faulty(&self, name: &str) -> bool {
        self.all(name).iter().any(|given| matches!(given.written, Written::Faulty))
    }

    pub(super) fn text(&self, name: &str) -> Option<Spanned<String>> {
        self.value(name).map(|given| given.map(ToString::to_string))
    }

    pub(super) fn integer(&self, name: &str) -> Option<Spanned<i64>> {
        let given = self.value(name)?;
        Some(Spanned::new(given.value.as_integer()?, given.span))
    }

    pub(super) fn boolean(&self, name: &str) -> Option<bool> {
        self.value(name)?.value.as_boolean()
    }

    /// The name it declares or uses: its first argument.
    pub(super) fn name(&self) -> Option<Spanned<String>> {
        self.text(self.spec.arguments.first()?.name)
    }

    pub(super) fn children<'f>(&'f self, name: &str) -> impl Iterator<Item = &'f Form> {
        self.children.iter().filter(move |child| child.spec.name == name)
    }

    pub(super) fn child(&self, name: &str) -> Option<&Form> {
        self.children(name).next()
    }

    fn all(&self, name: &str) -> &[Given] {
        self.given.iter().find(|(known, _)| *known == name).map_or(&[], |(_, values)| values)
    }
}
