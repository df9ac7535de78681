//! Objects as JSON: one line, keys in their order; for locks and digests.

use std::fmt::Write as _;

use serde::ser::{Serialize, Serializer};
use serde_json::Value as Json;

use super::{Map, Node};

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Node::Null => serializer.serialize_unit(),
            Node::Boolean(flag) => serializer.serialize_bool(*flag),
            Node::Integer(number) => serializer.serialize_i64(*number),
            Node::Float(number) => serializer.serialize_f64(*number),
            Node::String(text) => serializer.serialize_str(text),
            Node::List(list) => serializer.collect_seq(list),
            Node::Map(map) => serializer.collect_map(map.entries.iter().map(|(key, value)| (key.as_str(), value))),
        }
    }
}

/// An object as JSON.
pub fn to_json(node: &Node) -> String {
    // Keys are strings, and a string takes all that is written: nothing is left that could fail.
    serde_json::to_string(node).unwrap_or_default()
}

/// An object as JSON for people, over many lines.
pub fn to_readable_json(node: &Node) -> String {
    serde_json::to_string_pretty(node).unwrap_or_default() + "\n"
}

/// Bytes as text, two digits each.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// JSON as an object; `None` for a number that no object can hold.
pub fn from_json(json: &Json) -> Option<Node> {
    Some(match json {
        Json::Null => Node::Null,
        Json::Bool(flag) => Node::Boolean(*flag),
        Json::Number(number) => number.as_i64().map(Node::Integer).or_else(|| number.as_f64().map(Node::Float))?,
        Json::String(text) => Node::string(text.as_str()),
        Json::Array(list) => Node::List(list.iter().map(from_json).collect::<Option<_>>()?),
        Json::Object(map) => {
            let entries = map.iter().map(|(key, value)| Some((key.as_str().into(), from_json(value)?)));
            Node::Map(Map { entries: entries.collect::<Option<_>>()? })
        }
    })
}
