//! Objects as JSON: one line, keys in their order; for locks and digests.

use std::fmt::Write as _;

use serde_json::Value as Json;

use super::{Map, Node};

/// An object as JSON.
pub fn to_json(node: &Node) -> Json {
    match node {
        Node::Null => Json::Null,
        Node::Boolean(flag) => Json::from(*flag),
        Node::Integer(number) => Json::from(*number),
        Node::Float(number) => Json::from(*number),
        Node::String(text) => Json::from(text.as_str()),
        Node::List(list) => list.iter().map(to_json).collect(),
        Node::Map(map) => map.entries.iter().map(|(key, value)| (key.to_string(), to_json(value))).collect(),
    }
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
