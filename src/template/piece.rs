//! A template as it is kept between reading and instantiating: fixed nodes, and what has to be evaluated.

use crate::expression::{Expression, NameUsed, Scalar};
use crate::object::{Node, Text};
use crate::source::Span;

/// A part of a template.
#[derive(Debug)]
pub(super) enum Piece {
    /// Nothing in it depends on anything.
    Literal(Node),
    /// A string with expressions, and its place.
    Scalar(Scalar, Span),
    List(Vec<Piece>),
    Map(Box<MapPiece>),
    /// A list or a map that is left out where it is empty.
    Optional(Box<Piece>),
    /// A list or a map that becomes its JSON text.
    Json(Box<Piece>),
}

/// A mapping and what governs it.
#[derive(Debug, Default)]
pub(super) struct MapPiece {
    pub repeat: Option<Repeat>,
    pub condition: Option<Expression>,
    pub entries: Vec<Entry>,
    /// A key has an expression, so keys can collide when they are computed.
    pub has_computed_keys: bool,
}

#[derive(Debug)]
pub(super) struct Entry {
    pub key: Key,
    pub span: Span,
    pub value: Piece,
}

#[derive(Debug)]
pub(super) enum Key {
    Literal(Text),
    Computed(Scalar),
}

/// `$for: name in list` or `$for: name, value in map`.
#[derive(Debug)]
pub(super) struct Repeat {
    pub name: Text,
    pub value: Option<Text>,
    pub over: Expression,
}

impl MapPiece {
    pub(super) fn names_used(&self) -> Vec<NameUsed> {
        let mut names = Vec::new();
        self.collect(&mut Vec::new(), &mut names);
        names
    }

    fn collect<'p>(&'p self, bound: &mut Vec<&'p str>, names: &mut Vec<NameUsed>) {
        let outer = bound.len();
        if let Some(repeat) = &self.repeat {
            add(repeat.over.names_used(), bound, names);
            bound.extend([Some(&repeat.name), repeat.value.as_ref()].into_iter().flatten().map(Text::as_str));
        }
        add(self.condition.iter().flat_map(Expression::names_used), bound, names);
        for entry in &self.entries {
            if let Key::Computed(key) = &entry.key {
                add(key.names_used(), bound, names);
            }
            entry.value.collect(bound, names);
        }
        bound.truncate(outer);
    }
}

impl Piece {
    fn collect<'p>(&'p self, bound: &mut Vec<&'p str>, names: &mut Vec<NameUsed>) {
        match self {
            Piece::Literal(_) => {}
            Piece::Scalar(scalar, _) => add(scalar.names_used(), bound, names),
            Piece::List(items) => items.iter().for_each(|item| item.collect(bound, names)),
            Piece::Map(map) => map.collect(bound, names),
            Piece::Optional(piece) | Piece::Json(piece) => piece.collect(bound, names),
        }
    }
}

fn add(used: impl Iterator<Item = NameUsed>, bound: &[&str], names: &mut Vec<NameUsed>) {
    let root = |name: &str| name.split('.').next().unwrap_or_default().trim().to_owned();
    names.extend(used.filter(|used| !bound.contains(&root(&used.name).as_str())));
}
