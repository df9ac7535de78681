//! The words of the proof: what was found, what was expected, and the way out.
//!
//! They are apart from the walk because they are only needed when something is wrong, and because a message that
//! helps needs more than the walk knows: near names, the place where a field belongs, the value as it should be written.

use super::prove::{Trail, expected};
use super::rules::{Leaf, Rule};
use super::schema::{Base, List, Object, Schema};
use super::{Kind, Problem, Step, display_path};
use crate::diagnostic::{Code, codes, did_you_mean, nearest, quoted};
use crate::object::{Node, Text};

pub(super) fn unknown_field(kind: &Kind, object: &Object, key: &Text, trail: &Trail<'_>) -> Problem {
    let path = path(trail);
    let message = format!("`{}` is not a field of `{}`", display_path(&path), kind.kind);
    let help = belongs(object, key, trail).or_else(|| did_you_mean(key, object.names()));
    Problem { path, code: &codes::UNKNOWN_FIELD, message, help }
}

/// Where a misplaced field has its place: on the way up, or not far below.
fn belongs(object: &Object, key: &str, trail: &Trail<'_>) -> Option<String> {
    let mut above = std::iter::successors(trail.parent, |trail| trail.parent);
    let takes = |object: &Object| object.field(key).is_some_and(|field| !matches!(field.schema, Schema::Never(_)));
    if let Some(found) = above.find(|trail| trail.among.is_some_and(takes)) {
        let parent = path(found.parent?);
        return Some(match parent.as_slice() {
            [] => format!("`{key}` belongs to the object itself"),
            parent => format!("`{key}` belongs into `{}`", display_path(parent)),
        });
    }
    let mut level = vec![(String::new(), object)];
    for _ in 0..3 {
        level = level.iter().flat_map(|(path, object)| children(path, object)).collect();
        let found: Vec<&str> =
            level.iter().filter(|(_, object)| takes(object)).map(|(path, _)| path.as_str()).collect();
        if !found.is_empty() {
            return (found.len() <= 3).then(|| format!("`{key}` belongs into {}", either(&found)));
        }
    }
    None
}

/// The maps and lists of maps right below one, with their paths from it.
fn children<'k>(path: &str, object: &'k Object) -> impl Iterator<Item = (String, &'k Object)> {
    let dot = if path.is_empty() { "" } else { "." };
    object.fields.iter().filter_map(move |field| {
        let child = match &field.schema {
            Schema::List(list) => list.items.object(),
            schema => schema.object(),
        };
        Some((format!("{path}{dot}{}", field.name), child?))
    })
}

/// "`a`, `b` or `c`".
fn either(names: &[&str]) -> String {
    match names {
        [most @ .., last] if !most.is_empty() => {
            let most: Vec<String> = most.iter().map(|name| format!("`{name}`")).collect();
            format!("{} or `{last}`", most.join(", "))
        }
        names => quoted(names),
    }
}

pub(super) fn never(kind: &Kind, why: &str, trail: &Trail<'_>) -> Problem {
    let path = path(trail);
    let message = format!("`{}` is not for a manifest of a `{}` to set: {why}", display_path(&path), kind.kind);
    Problem { path, code: &codes::WRONG_FIELD, message, help: Some("remove it".to_owned()) }
}

pub(super) fn missing(kind: &Kind, name: &Text, trail: &Trail<'_>) -> Problem {
    let path = path(trail);
    let mut whole = path.clone();
    whole.push(Step::Key(name.clone()));
    let message = format!("`{}` of `{}` is missing", display_path(&whole), kind.kind);
    Problem { path, code: &codes::MISSING, message, help: None }
}

pub(super) fn none_of(kind: &Kind, fields: &[Text], trail: &Trail<'_>) -> Problem {
    let message = format!("{} has none of {}, expected one of them", subject(kind, trail), quoted(fields));
    Problem { path: path(trail), code: &codes::MISSING, message, help: None }
}

pub(super) fn too_many(kind: &Kind, one: &str, other: &str, trail: &Trail<'_>) -> Problem {
    let message = format!("{} has `{one}` and `{other}`, which exclude each other", subject(kind, trail));
    wrong(trail, message, None)
}

/// A value of another kind than the schema's.
pub(super) fn mismatch(kind: &Kind, schema: &Schema, node: &Node, trail: &Trail<'_>) -> Problem {
    let message = format!("{} is {}, expected {}", subject(kind, trail), node.describe(), expected(schema));
    let base = match schema {
        Schema::Plain(base) => Some(*base),
        Schema::Leaf(leaf) => Some(leaf.base),
        _ => None,
    };
    let help = match (schema, base, node) {
        (_, Some(Base::String), Node::Integer(number)) => Some(format!("put it in quotes: `\"{number}\"`")),
        (_, Some(Base::String), Node::Float(number)) => Some(format!("put it in quotes: `\"{number}\"`")),
        (_, Some(Base::String), Node::Boolean(value)) => {
            Some(format!("put it in quotes: `\"{value}\"`; an expression says `| string`"))
        }
        (_, Some(Base::Integer | Base::Number), Node::String(text)) if text.parse::<i64>().is_ok() => {
            Some(format!("write it without quotes: `{text}`"))
        }
        (Schema::Boolean, _, Node::String(text)) if matches!(text.as_str(), "true" | "false") => {
            Some(format!("write it without quotes: `{text}`"))
        }
        (Schema::List(_), _, Node::String(_) | Node::Map(_)) => Some("a list of one is written `[…]`".to_owned()),
        _ => None,
    };
    wrong(trail, message, help)
}

/// A value of the right kind that breaks a rule.
pub(super) fn broken_rule(kind: &Kind, leaf: &Leaf, rule: &Rule, node: &Node, trail: &Trail<'_>) -> Problem {
    let path = path(trail);
    if let (Some(length), Some(most)) = (node.as_str().map(str::len), rule.longest())
        && length > most
    {
        let message = format!("{} has {length} characters, at most {most} are possible", subject(kind, trail));
        return Problem { code: too_long(&path), path, message, help: None };
    }
    let whole = if leaf.base == Base::IntegerOrString { leaf.expected() } else { rule.expected() };
    let message = match shown(kind, node) {
        Some(value) => format!("{} is `{value}`, expected {whole}", subject(kind, trail)),
        None => format!("{} is not as expected: {whole}", subject(kind, trail)),
    };
    let help = match (rule, node) {
        (Rule::Word(words), Node::String(text)) => {
            nearest(text, words.iter().map(Text::as_str)).map(|word| format!("did you mean `{word}`?"))
        }
        (Rule::Format(format), Node::String(text)) => mended(format.name, text),
        _ => None,
    };
    Problem { path, code: &codes::WRONG_FIELD, message, help }
}

/// The way out for the grammars that people meet most.
fn mended(format: &str, text: &str) -> Option<String> {
    match format {
        "dns-label" | "dns-name" | "service-name" if text.chars().any(char::is_uppercase) => {
            Some(format!("write it in lower case: `{}`", text.to_lowercase()))
        }
        "service-name" if text.starts_with(|c: char| c.is_ascii_digit()) => {
            Some("the name of a Service starts with a letter; put a word in front".to_owned())
        }
        "label-value" => Some("text for people, with blanks or umlauts, belongs into an annotation".to_owned()),
        "quantity" => {
            let near = text.strip_suffix('B').filter(|text| text.ends_with(['K', 'M', 'G', 'T', 'k']));
            near.map(|text| format!("write `{text}i` for multiples of 1024", text = text.replace('k', "K")))
        }
        "port-or-name" | "port-name" => Some("a port is a number or the name of a container's port".to_owned()),
        _ => None,
    }
}

pub(super) fn broken_key(kind: &Kind, rule: &Rule, key: &str, trail: &Trail<'_>) -> Problem {
    let parent = trail.parent.map_or_else(|| format!("`{}`", kind.kind), |parent| subject(kind, parent));
    wrong(trail, format!("the key `{key}` in {parent} is not as expected: {}", rule.expected()), None)
}

pub(super) fn too_large(kind: &Kind, bytes: usize, most: usize, trail: &Trail<'_>) -> Problem {
    wrong(trail, format!("{} has {bytes} bytes, at most {most} are possible", subject(kind, trail)), None)
}

pub(super) fn wrong_length(kind: &Kind, list: &List, length: usize, trail: &Trail<'_>) -> Problem {
    let bound = if length < list.least { format!("at least {}", list.least) } else { format!("at most {}", list.most) };
    let items = if length == 1 { "item" } else { "items" };
    wrong(trail, format!("{} has {length} {items}, expected {bound}", subject(kind, trail)), None)
}

pub(super) fn repeated(
    kind: &Kind,
    list: &List,
    items: &[Node],
    first: usize,
    second: usize,
    trail: &Trail<'_>,
) -> Problem {
    let name = |key: &Text| match items[second].as_map().and_then(|map| map.get(key)) {
        Some(Node::String(text)) => Some(format!("`{key}: {text}`")),
        Some(Node::Integer(number)) => Some(format!("`{key}: {number}`")),
        _ => None,
    };
    let what: Vec<String> = list.keys.iter().filter_map(|key| name(&key.field)).collect();
    let what = match (what.is_empty(), shown(kind, &items[second])) {
        (true, Some(value)) => format!("`{value}`"),
        _ => what.join(" with "),
    };
    let message = format!("{} has {what} twice, at [{first}] and at [{second}]", subject(kind, trail));
    let mut path = path(trail);
    path.push(Step::Index(second));
    Problem { path, code: &codes::WRONG_FIELD, message, help: None }
}

fn wrong(trail: &Trail<'_>, message: String, help: Option<String>) -> Problem {
    Problem { path: path(trail), code: &codes::WRONG_FIELD, message, help }
}

/// "`spec.replicas` of `Deployment`".
fn subject(kind: &Kind, trail: &Trail<'_>) -> String {
    let path = path(trail);
    if path.is_empty() { format!("`{}`", kind.kind) } else { format!("`{}` of `{}`", display_path(&path), kind.kind) }
}

fn path(trail: &Trail<'_>) -> Vec<Step> {
    let mut steps: Vec<Step> = std::iter::successors(Some(trail), |trail| trail.parent)
        .filter(|trail| trail.parent.is_some())
        .map(|trail| trail.key.map_or(Step::Index(trail.position), |key| Step::Key(key.clone())))
        .collect();
    steps.reverse();
    steps
}

/// An object's own name over its limit has a code of its own: it comes from composition.
fn too_long(path: &[Step]) -> &'static Code {
    match path {
        [Step::Key(metadata), Step::Key(name)] if metadata == "metadata" && (name == "name" || name == "namespace") => {
            &codes::NAME_TOO_LONG
        }
        _ => &codes::WRONG_FIELD,
    }
}

/// A scalar for a message, cut where it is long; `None` where it may be a secret.
fn shown(kind: &Kind, node: &Node) -> Option<String> {
    match node {
        Node::String(_) if kind.kind == "Secret" => None,
        Node::String(text) if text.chars().count() > 60 => Some(text.chars().take(59).chain(['…']).collect()),
        Node::String(text) if text.is_empty() => Some("\"\"".to_owned()),
        Node::String(text) => Some(text.to_string()),
        Node::Integer(number) => Some(number.to_string()),
        Node::Float(number) => Some(number.to_string()),
        Node::Boolean(value) => Some(value.to_string()),
        Node::Null | Node::List(_) | Node::Map(_) => None,
    }
}
