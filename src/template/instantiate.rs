//! From pieces to nodes: copies what is fixed, evaluates the rest, and goes on after an error to find them all.

use minijinja::Value;
use minijinja::value::ValueKind;
use rustc_hash::FxHashSet;

use super::convert::node_of;
use super::piece::{Entry, Key, MapPiece, Piece, Repeat};
use crate::diagnostic::{Diagnostic, codes};
use crate::expression::{Expression, Scalar, Scope, describe};
use crate::object::{Map, Node, Text, to_readable_json};
use crate::source::Span;

/// A loop that repeats more often is refused; the largest tenant has some hundred schools.
const MAX_REPEATS: usize = 100_000;

/// The objects of a document, and what went wrong.
pub(super) fn document(body: &MapPiece, scope: &Scope) -> (Vec<Node>, Vec<Diagnostic>) {
    let mut run = Run { findings: Vec::new() };
    let mut nodes = Vec::new();
    run.items(body, scope, &mut nodes);
    (nodes, run.findings)
}

struct Run {
    findings: Vec<Diagnostic>,
}

impl Run {
    /// The node of a piece as the value of a key or alone; `None` where it vanishes.
    fn node(&mut self, piece: &Piece, scope: &Scope) -> Option<Node> {
        match piece {
            Piece::Literal(node) => Some(node.clone()),
            Piece::Scalar(scalar, span) => self.scalar(scalar, *span, scope),
            Piece::List(items) => {
                let mut list = Vec::with_capacity(items.len());
                for item in items {
                    match item {
                        Piece::Map(map) => self.items(map, scope, &mut list),
                        item => list.extend(self.node(item, scope)),
                    }
                }
                Some(Node::List(list))
            }
            Piece::Map(map) => self.map(map, scope),
            Piece::Optional(piece) => self.node(piece, scope).filter(|node| match node {
                Node::List(items) => !items.is_empty(),
                Node::Map(map) => !map.is_empty(),
                _ => true,
            }),
            Piece::Json(piece) => self.node(piece, scope).map(|node| Node::string(to_readable_json(&node).as_str())),
        }
    }

    /// A mapping as a list item or a document: once, repeated, or not at all.
    fn items(&mut self, map: &MapPiece, scope: &Scope, out: &mut Vec<Node>) {
        self.each(map, scope, |run, scope| {
            let mut entries = Entries::new(map);
            run.entries(map, scope, &mut entries);
            out.push(Node::Map(entries.map));
        });
    }

    /// A mapping as the value of a key: its loop adds entries to one map.
    fn map(&mut self, map: &MapPiece, scope: &Scope) -> Option<Node> {
        let mut entries = Entries::new(map);
        let stands = self.each(map, scope, |run, scope| run.entries(map, scope, &mut entries));
        (stands || map.repeat.is_some()).then_some(Node::Map(entries.map))
    }

    /// Calls once for each round of the mapping's loop whose condition holds; says whether there was one.
    fn each(&mut self, map: &MapPiece, scope: &Scope, mut act: impl FnMut(&mut Run, &Scope)) -> bool {
        let mut any = false;
        let mut round = |run: &mut Run, scope: &Scope| {
            if run.holds(map.condition.as_ref(), scope) {
                any = true;
                act(run, scope);
            }
        };
        match &map.repeat {
            None => round(self, scope),
            Some(repeat) => self.rounds(repeat, scope, round),
        }
        any
    }

    fn rounds(&mut self, repeat: &Repeat, scope: &Scope, mut act: impl FnMut(&mut Run, &Scope)) {
        let Some(value) = self.keep(repeat.over.evaluate(scope)) else { return };
        let source = repeat.over.source();
        let problem = match (value.kind(), &repeat.value) {
            (ValueKind::Seq | ValueKind::Iterable, None) | (ValueKind::Map, Some(_)) => None,
            (ValueKind::Seq | ValueKind::Iterable, Some(_)) => {
                Some(("`$for` has two names for the items of a list", format!("write `{} in {source}`", repeat.name)))
            }
            (ValueKind::Map, None) => Some((
                "`$for` has one name for the entries of a map",
                format!("write `{}, value in {source}`", repeat.name),
            )),
            (ValueKind::None, _) => {
                Some(("`$for` repeats over a list, this is none", format!("write `{source} | default([])`")))
            }
            _ => None
                .or(Some(("`$for` repeats over a list or a map", format!("`{source}` is {} here", describe(&value))))),
        };
        if let Some((message, help)) = problem {
            self.push(Diagnostic::new(&codes::TEMPLATE_ERROR, repeat.over.span(), message).help(help));
            return;
        }
        let Ok(items) = value.try_iter() else { return };
        for (count, item) in items.enumerate() {
            if count >= MAX_REPEATS {
                let message = format!("`$for` repeats more than {MAX_REPEATS} times");
                self.push(Diagnostic::new(&codes::TEMPLATE_ERROR, repeat.over.span(), message));
                return;
            }
            let mut inner = scope.child();
            if let Some(name) = &repeat.value {
                inner.set(name.clone(), value.get_item(&item).unwrap_or_default());
            }
            inner.set(repeat.name.clone(), item);
            act(self, &inner);
        }
    }

    fn holds(&mut self, condition: Option<&Expression>, scope: &Scope) -> bool {
        let Some(condition) = condition else { return true };
        let Some(value) = self.keep(condition.evaluate(scope)) else { return false };
        if value.kind() != ValueKind::Bool {
            let message = format!("a condition is a boolean, `{}` is {} here", condition.source(), describe(&value));
            self.push(Diagnostic::new(&codes::TEMPLATE_ERROR, condition.span(), message));
            return false;
        }
        value.is_true()
    }

    fn entries(&mut self, map: &MapPiece, scope: &Scope, out: &mut Entries) {
        for Entry { key, span, value } in &map.entries {
            let key = match key {
                Key::Literal(text) => text.clone(),
                Key::Computed(scalar) => match self.keep(scalar.text(scope)) {
                    Some(text) => text,
                    None => continue,
                },
            };
            let Some(node) = self.node(value, scope) else { continue };
            if key.is_empty() {
                self.push(Diagnostic::new(&codes::TEMPLATE_ERROR, *span, "the key is empty here"));
            } else if out.taken.as_mut().is_some_and(|taken| !taken.insert(key.clone())) {
                let message = format!("the key `{key}` is given twice here");
                self.push(
                    Diagnostic::new(&codes::TEMPLATE_ERROR, *span, message).help("compute keys from what is unique"),
                );
            } else {
                out.map.entries.push((key, node));
            }
        }
    }

    fn scalar(&mut self, scalar: &Scalar, span: Span, scope: &Scope) -> Option<Node> {
        match scalar {
            Scalar::Whole(expression) => {
                let value: Value = self.keep(expression.evaluate(scope))?;
                match node_of(&value) {
                    Ok(node) => node,
                    Err(problem) => {
                        let message = format!("`{}` {problem}", expression.source());
                        self.push(Diagnostic::new(&codes::TEMPLATE_ERROR, span, message));
                        None
                    }
                }
            }
            scalar => self.keep(scalar.text(scope)).map(Node::String),
        }
    }

    fn keep<T>(&mut self, result: Result<T, Box<Diagnostic>>) -> Option<T> {
        result.map_err(|finding| self.push(*finding)).ok()
    }

    /// Once for each place and message: a loop repeats its errors.
    #[cold]
    fn push(&mut self, finding: Diagnostic) {
        if !self.findings.iter().any(|known| known.span == finding.span && known.message == finding.message) {
            self.findings.push(finding);
        }
    }
}

/// The entries of a map while they are made.
struct Entries {
    map: Map,
    /// The keys so far, where they can collide: YAML has refused those that are written twice.
    taken: Option<FxHashSet<Text>>,
}

impl Entries {
    fn new(map: &MapPiece) -> Self {
        let can_collide = map.has_computed_keys || map.repeat.is_some();
        Entries {
            map: Map { entries: Vec::with_capacity(map.entries.len()) },
            taken: can_collide.then(FxHashSet::default),
        }
    }
}
