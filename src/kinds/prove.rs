//! The proof: an object walked beside its schema.
//!
//! One walk serves both uses. Alone it gives every problem of an object. For [`Proofs`](super::Proofs) it also notes each place whose
//! *value* was looked at, because those are all that can differ between two objects of one shape.
//! Paths are written only when there is something to say: on the way down they are a chain of steps on the stack.

use std::sync::Arc;

use super::problems;
use super::rules::Leaf;
use super::schema::{Base, List, ListKey, MapOf, Object, Schema};
use super::{Kind, Problem};
use crate::object::{Map, Node, Text};

/// Everything that is wrong with an object of this kind.
pub fn prove(kind: &Kind, object: &Node) -> Vec<Problem> {
    let mut prover = Prover { kind, problems: Vec::new(), notes: None };
    prover.root(object);
    prover.problems
}

/// As [`prove`], with what has to be looked at again in every other object of the same shape; `None` where the object
/// is nested too deeply for that.
pub(super) fn prove_and_note(kind: &Kind, object: &Node) -> (Vec<Problem>, Option<Checks>) {
    let mut prover = Prover { kind, problems: Vec::new(), notes: Some(Vec::new()) };
    prover.root(object);
    (prover.problems, prover.notes.and_then(Checks::new))
}

/// The values of a shape that are held to rules, in the order of the walk.
#[derive(Debug)]
pub(super) struct Checks {
    /// The positions of all checks, one after the other, each without what it shares with the one before.
    steps: Box<[u32]>,
    checks: Box<[Check]>,
}

/// A value that is held to a rule, found by positions: objects of one shape have the same ones.
#[derive(Debug)]
struct Check {
    /// How much of the way to the value before is also the way to this one.
    shared: usize,
    /// How many positions follow it.
    own: usize,
    rule: Checked,
}

#[derive(Debug)]
enum Checked {
    Leaf(Arc<Leaf>),
    List(Arc<List>),
    Map(Arc<MapOf>),
}

/// A rule and the way to the value it was applied to.
type Note = (Vec<u32>, Checked);

/// Deeper than any manifest; the way to a value is kept on the stack.
const DEEPEST: usize = 32;

impl Checks {
    fn new(notes: Vec<Note>) -> Option<Self> {
        let mut steps = Vec::new();
        let mut checks = Vec::with_capacity(notes.len());
        let mut before: Vec<u32> = Vec::new();
        for (way, rule) in notes {
            if way.len() >= DEEPEST {
                return None;
            }
            let shared = before.iter().zip(&way).take_while(|(before, now)| before == now).count();
            steps.extend_from_slice(&way[shared..]);
            checks.push(Check { shared, own: way.len() - shared, rule });
            before = way;
        }
        Some(Checks { steps: steps.into(), checks: checks.into() })
    }

    /// Whether every value is as it has to be; `false` also where the object has not the shape after all.
    pub(super) fn hold(&self, object: &Node) -> bool {
        let mut way = [object; DEEPEST];
        let mut steps = self.steps.iter();
        self.checks.iter().all(|check| {
            let mut depth = check.shared;
            for &step in steps.by_ref().take(check.own) {
                let Some(next) = child(way[depth], step as usize) else { return false };
                depth += 1;
                way[depth] = next;
            }
            check.rule.holds(way[depth])
        })
    }
}

fn child(node: &Node, at: usize) -> Option<&Node> {
    match node {
        Node::Map(map) => map.entries.get(at).map(|(_, value)| value),
        Node::List(items) => items.get(at),
        _ => None,
    }
}

impl Checked {
    fn holds(&self, node: &Node) -> bool {
        match (self, node) {
            (Checked::Leaf(leaf), node) => leaf.holds(node),
            (Checked::List(list), Node::List(items)) => repeated(list, items).is_none(),
            (Checked::Map(map), Node::Map(entries)) => map.most_bytes.is_none_or(|most| bytes(entries) <= most),
            _ => false,
        }
    }
}

/// The way from the object to a node.
#[derive(Clone, Copy)]
pub(super) struct Trail<'a> {
    pub(super) parent: Option<&'a Trail<'a>>,
    pub(super) key: Option<&'a Text>,
    /// The place among the entries of a map or the items of a list.
    pub(super) position: usize,
    /// The declared fields among which this node stands.
    pub(super) among: Option<&'a Object>,
}

impl<'a> Trail<'a> {
    fn root() -> Self {
        Trail { parent: None, key: None, position: 0, among: None }
    }

    fn key(&'a self, key: &'a Text, position: usize, among: Option<&'a Object>) -> Self {
        Trail { parent: Some(self), key: Some(key), position, among }
    }

    fn index(&'a self, position: usize) -> Self {
        Trail { parent: Some(self), key: None, position, among: None }
    }

    fn positions(&self) -> Vec<u32> {
        let mut positions: Vec<u32> = std::iter::successors(Some(self), |trail| trail.parent)
            .filter(|trail| trail.parent.is_some())
            .map(|trail| u32::try_from(trail.position).unwrap_or(u32::MAX))
            .collect();
        positions.reverse();
        positions
    }
}

struct Prover<'a> {
    kind: &'a Kind,
    problems: Vec<Problem>,
    /// The way to each value that was looked at, where they are asked for.
    notes: Option<Vec<Note>>,
}

impl Prover<'_> {
    fn root(&mut self, object: &Node) {
        let kind = self.kind;
        match object {
            // Inside an object a null means nothing; as the whole it is no object.
            Node::Null => self.problems.push(problems::mismatch(kind, &kind.root, object, &Trail::root())),
            _ => self.node(&kind.root, object, &Trail::root()),
        }
    }

    fn node(&mut self, schema: &Schema, node: &Node, trail: &Trail<'_>) {
        match (schema, node) {
            // A null is dropped before the object is written.
            (Schema::Any, _) | (Schema::Boolean, Node::Boolean(_)) | (_, Node::Null) => {}
            (Schema::Plain(base), _) if base.takes(node) => {}
            (Schema::Leaf(leaf), _) if leaf.base.takes(node) => {
                self.note(trail, || Checked::Leaf(Arc::clone(leaf)));
                if let Some(rule) = leaf.broken(node) {
                    self.problems.push(problems::broken_rule(self.kind, leaf, rule, node, trail));
                }
            }
            (Schema::Object(object), Node::Map(map)) => self.object(object, map, trail),
            (Schema::Defined(definition), Node::Map(map)) => self.object(definition.object(), map, trail),
            (Schema::Map(of), Node::Map(map)) => self.map(of, map, trail),
            (Schema::List(list), Node::List(items)) => self.list(list, items, trail),
            (Schema::Never(why), _) => self.problems.push(problems::never(self.kind, why, trail)),
            _ => self.problems.push(problems::mismatch(self.kind, schema, node, trail)),
        }
    }

    fn object(&mut self, object: &Object, map: &Map, trail: &Trail<'_>) {
        for (position, (key, value)) in map.entries.iter().enumerate() {
            let trail = trail.key(key, position, Some(object));
            match object.field(key) {
                Some(field) => self.node(&field.schema, value, &trail),
                None if object.open => {}
                None => self.problems.push(problems::unknown_field(self.kind, object, key, &trail)),
            }
        }
        for &at in &object.required {
            let name = &object.fields[at].name;
            if !has(map, name) {
                self.problems.push(problems::missing(self.kind, name, trail));
            }
        }
        for choice in &object.choices {
            let mut given = choice.fields.iter().filter(|name| has(map, name));
            match (given.next(), given.next()) {
                (Some(one), Some(other)) => {
                    self.problems.push(problems::too_many(self.kind, one, other, trail));
                }
                (None, _) if choice.required => {
                    self.problems.push(problems::none_of(self.kind, &choice.fields, trail));
                }
                _ => {}
            }
        }
    }

    fn map(&mut self, of: &Arc<MapOf>, map: &Map, trail: &Trail<'_>) {
        for (position, (key, value)) in map.entries.iter().enumerate() {
            let trail = trail.key(key, position, None);
            if let Some(leaf) = &of.keys {
                // Keys belong to the shape; this is the only look at them that a shape needs.
                if let Some(rule) = leaf.broken_text(key) {
                    self.problems.push(problems::broken_key(self.kind, rule, key, &trail));
                }
            }
            self.node(&of.values, value, &trail);
        }
        if let Some(most) = of.most_bytes {
            self.note(trail, || Checked::Map(Arc::clone(of)));
            let bytes = bytes(map);
            if bytes > most {
                self.problems.push(problems::too_large(self.kind, bytes, most, trail));
            }
        }
    }

    fn list(&mut self, list: &Arc<List>, items: &[Node], trail: &Trail<'_>) {
        if !(list.least..=list.most).contains(&items.len()) {
            self.problems.push(problems::wrong_length(self.kind, list, items.len(), trail));
        }
        for (position, item) in items.iter().enumerate() {
            let trail = trail.index(position);
            if matches!(item, Node::Null) && !matches!(list.items, Schema::Any) {
                self.problems.push(problems::mismatch(self.kind, &list.items, item, &trail));
            } else {
                self.node(&list.items, item, &trail);
            }
        }
        if items.len() > 1 && (list.is_set || !list.keys.is_empty()) {
            self.note(trail, || Checked::List(Arc::clone(list)));
            if let Some((first, second)) = repeated(list, items) {
                self.problems.push(problems::repeated(self.kind, list, items, first, second, trail));
            }
        }
    }

    fn note(&mut self, trail: &Trail<'_>, rule: impl FnOnce() -> Checked) {
        if let Some(notes) = &mut self.notes {
            notes.push((trail.positions(), rule()));
        }
    }
}

/// Whether a key is there and means something; an explicit null only blocks a fill-in.
fn has(map: &Map, name: &str) -> bool {
    map.entries.iter().any(|(key, value)| key == name && !matches!(value, Node::Null))
}

/// The bytes of a map's keys and strings.
fn bytes(map: &Map) -> usize {
    map.entries.iter().map(|(key, value)| key.len() + value.as_str().map_or(0, str::len)).sum()
}

/// The first two items that are the same by the list's keys.
fn repeated(list: &List, items: &[Node]) -> Option<(usize, usize)> {
    if items.len() <= 12 {
        return (1..items.len()).find_map(|second| {
            let same = |first: &usize| is_same(list, &items[*first], &items[second]);
            Some(((0..second).find(same)?, second))
        });
    }
    let mut order: Vec<(Vec<Part<'_>>, usize)> =
        items.iter().enumerate().filter_map(|(at, item)| Some((identity(list, item)?, at))).collect();
    order.sort();
    let twins = order.windows(2).filter(|pair| pair[0].0 == pair[1].0);
    twins.map(|pair| (pair[0].1, pair[1].1)).min_by_key(|(_, second)| *second)
}

fn is_same(list: &List, one: &Node, other: &Node) -> bool {
    if list.keys.is_empty() {
        return part(one).is_some_and(|one| Some(one) == part(other));
    }
    let mut is_known = false;
    list.keys.iter().all(|key| {
        let (one, other) = (key_part(key, one), key_part(key, other));
        is_known |= one.is_some();
        one == other
    }) && is_known
}

fn identity<'n>(list: &'n List, item: &'n Node) -> Option<Vec<Part<'n>>> {
    if list.keys.is_empty() {
        return Some(vec![part(item)?]);
    }
    let parts: Vec<Option<Part<'n>>> = list.keys.iter().map(|key| key_part(key, item)).collect();
    if parts.iter().all(Option::is_none) {
        return None;
    }
    Some(parts.into_iter().map(|part| part.unwrap_or(Part::Absent)).collect())
}

/// A scalar that tells items apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part<'n> {
    Absent,
    Boolean(bool),
    Integer(i64),
    Text(&'n str),
}

fn part(node: &Node) -> Option<Part<'_>> {
    match node {
        Node::String(text) => Some(Part::Text(text)),
        Node::Integer(number) => Some(Part::Integer(*number)),
        Node::Boolean(value) => Some(Part::Boolean(*value)),
        _ => None,
    }
}

fn key_part<'n>(key: &'n ListKey, item: &'n Node) -> Option<Part<'n>> {
    let given = item.as_map().and_then(|map| map.get(&key.field)).and_then(part);
    given.or_else(|| key.default.as_deref().map(Part::Text))
}

/// What a place takes, in words.
pub(super) fn expected(schema: &Schema) -> String {
    match schema {
        Schema::Any => "anything".to_owned(),
        Schema::Never(_) => "nothing".to_owned(),
        Schema::Boolean => "`true` or `false`".to_owned(),
        Schema::Plain(base) => base.expected().to_owned(),
        Schema::Leaf(leaf) if matches!(leaf.base, Base::String) => format!("a string: {}", leaf.expected()),
        Schema::Leaf(leaf) => leaf.expected(),
        Schema::List(_) => "a list".to_owned(),
        Schema::Map(_) | Schema::Object(_) | Schema::Defined(_) => "a map".to_owned(),
    }
}
