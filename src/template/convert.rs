//! From the value of an expression to a node of an object.

use minijinja::Value;
use minijinja::value::ValueKind;

use crate::expression::describe;
use crate::object::{Map, Node, Text};

/// Lists and maps of a value nest at most this deep.
const MAX_DEPTH: usize = 64;

/// The node of a value; `None` where the value is none. What an object cannot hold is named in the error.
pub fn node_of(value: &Value) -> Result<Option<Node>, String> {
    convert(value, 0)
}

fn convert(value: &Value, depth: usize) -> Result<Option<Node>, String> {
    if let Some(text) = value.as_str() {
        return Ok(Some(Node::String(Text::new(text))));
    }
    if depth > MAX_DEPTH {
        return Err(format!("is nested deeper than {MAX_DEPTH} levels"));
    }
    Ok(Some(match value.kind() {
        ValueKind::None => return Ok(None),
        ValueKind::Bool => Node::Boolean(value.is_true()),
        ValueKind::Number => match value.as_i64() {
            Some(integer) if value.is_integer() => Node::Integer(integer),
            None if value.is_integer() => return Err("is larger than an integer can be".to_owned()),
            _ => match f64::try_from(value.clone()) {
                Ok(number) if number.is_finite() => Node::Float(number),
                _ => return Err("is not a number that an object can hold".to_owned()),
            },
        },
        ValueKind::Seq | ValueKind::Iterable => {
            let mut list = Vec::new();
            for item in items(value)? {
                list.extend(convert(&item, depth + 1)?);
            }
            Node::List(list)
        }
        ValueKind::Map => {
            let mut map = Map::new();
            for key in items(value)? {
                let name = key.as_str().ok_or_else(|| format!("has {} as a key", describe(&key)))?;
                let below = value.get_item(&key).map_err(|error| format!("cannot be read: {error}"))?;
                if let Some(node) = convert(&below, depth + 1)? {
                    map.entries.push((Text::new(name), node));
                }
            }
            Node::Map(map)
        }
        _ => return Err(format!("is {}", describe(value))),
    }))
}

fn items(value: &Value) -> Result<impl Iterator<Item = Value>, String> {
    value.try_iter().map_err(|error| format!("cannot be read: {error}"))
}
