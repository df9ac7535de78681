//! A Kubernetes object as data: a tree of scalars, lists and ordered maps.
//!
//! Nothing here knows any kind of object; keys and strings are small strings held in place, because an object has
//! many and most are short.

mod json;

pub use self::json::{from_json, hexadecimal, to_json, to_readable_json};

use compact_str::CompactString;

/// A key or a string of an object.
pub type Text = CompactString;

/// A value in an object.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// An explicit `null`: blocks a fill-in and is dropped before output.
    Null,
    Boolean(bool),
    Integer(i64),
    Float(f64),
    String(Text),
    List(Vec<Node>),
    Map(Map),
}

/// A map in the order its keys were written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Map {
    pub entries: Vec<(Text, Node)>,
}

impl Map {
    pub fn new() -> Self {
        Map::default()
    }

    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries.iter().find(|(name, _)| name == key).map(|(_, node)| node)
    }

    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.entries.iter_mut().find(|(name, _)| name == key).map(|(_, node)| node)
    }

    /// Sets a key, in place where it is there, else at the end.
    pub fn set(&mut self, key: impl Into<Text>, node: Node) {
        let key = key.into();
        match self.get_mut(&key) {
            Some(place) => *place = node,
            None => self.entries.push((key, node)),
        }
    }

    pub fn remove(&mut self, key: &str) -> Option<Node> {
        let at = self.entries.iter().position(|(name, _)| name == key)?;
        Some(self.entries.remove(at).1)
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl Node {
    pub fn string(text: impl Into<Text>) -> Self {
        Node::String(text.into())
    }

    pub fn as_map(&self) -> Option<&Map> {
        if let Node::Map(map) = self { Some(map) } else { None }
    }

    pub fn as_map_mut(&mut self) -> Option<&mut Map> {
        if let Node::Map(map) = self { Some(map) } else { None }
    }

    pub fn as_list(&self) -> Option<&[Node]> {
        if let Node::List(list) = self { Some(list) } else { None }
    }

    pub fn as_str(&self) -> Option<&str> {
        if let Node::String(text) = self { Some(text) } else { None }
    }

    pub fn as_integer(&self) -> Option<i64> {
        if let Node::Integer(number) = self { Some(*number) } else { None }
    }

    /// The node at a dotted path of keys, and of places in lists: `spec.containers.0`. The empty path is the node itself.
    pub fn at(&self, path: &str) -> Option<&Node> {
        keys(path).try_fold(self, |node, key| match node {
            Node::List(list) => list.get(key.parse::<usize>().ok()?),
            node => node.as_map()?.get(key),
        })
    }

    /// As [`Node::at`], to change it.
    pub fn at_mut(&mut self, path: &str) -> Option<&mut Node> {
        keys(path).try_fold(self, |node, key| node.as_map_mut()?.get_mut(key))
    }

    /// The name of its kind in a message: "a list".
    pub fn describe(&self) -> &'static str {
        match self {
            Node::Null => "null",
            Node::Boolean(_) => "a boolean",
            Node::Integer(_) => "an integer",
            Node::Float(_) => "a number",
            Node::String(_) => "a string",
            Node::List(_) => "a list",
            Node::Map(_) => "a map",
        }
    }
}

/// The keys of a dotted path. A search by bytes takes a third of what `str::split` takes for keys as short as these.
pub fn keys(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(path);
    let keys = std::iter::from_fn(move || {
        let path = rest?;
        let dot = path.bytes().position(|byte| byte == b'.');
        rest = dot.map(|dot| &path[dot + 1..]);
        Some(&path[..dot.unwrap_or(path.len())])
    });
    keys.filter(|key| !key.is_empty())
}
