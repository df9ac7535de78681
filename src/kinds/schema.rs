//! What a kind of object may hold, as a tree that is walked beside the object.
//!
//! The same few shapes come from three notations: the words of `stdlib/kinds/`, their YAML for custom resources, and
//! the schemas of a cluster's own definitions. Whatever hangs on a *value* (a range, a format, a key that must be unique)
//! is held apart from what hangs on the *shape*, because like-shaped objects are proven once.

use std::sync::Arc;

use super::library::Definition;
use super::rules::Leaf;
use crate::object::Text;

/// What may stand in one place of an object.
#[derive(Debug, Clone)]
pub(crate) enum Schema {
    /// Anything at all.
    Any,
    /// Nothing: a field that exists and that a manifest must not set, and why.
    Never(Arc<str>),
    Boolean,
    /// A scalar of one kind; its value is free.
    Plain(Base),
    /// A scalar whose value is held to rules.
    Leaf(Arc<Leaf>),
    List(Arc<List>),
    Map(Arc<MapOf>),
    Object(Arc<Object>),
    /// A definition that many places share, read when it is first needed.
    Defined(&'static Definition),
}

/// The kinds of scalars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Base {
    String,
    Integer,
    Number,
    IntegerOrString,
}

/// A list of like items.
#[derive(Debug)]
pub(crate) struct List {
    pub(crate) items: Schema,
    /// The fields that tell its items apart; empty where it is replaced as a whole.
    pub(crate) keys: Box<[ListKey]>,
    /// Whether no scalar may stand in it twice.
    pub(crate) is_set: bool,
    pub(crate) least: usize,
    pub(crate) most: usize,
}

/// One of the fields that tell the items of a list apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListKey {
    pub field: Text,
    /// What it is taken for where an item leaves it out.
    pub default: Option<Text>,
}

/// A map with keys of the writer's own choice.
#[derive(Debug)]
pub(crate) struct MapOf {
    pub(crate) values: Schema,
    /// What its keys are held to.
    pub(crate) keys: Option<Arc<Leaf>>,
    /// How many bytes its keys and strings may have together.
    pub(crate) most_bytes: Option<usize>,
}

/// A map with declared fields.
#[derive(Debug, Default)]
pub(crate) struct Object {
    /// Sorted by name.
    pub(crate) fields: Box<[Field]>,
    /// The places in `fields` of those that must be there.
    pub(crate) required: Box<[usize]>,
    pub(crate) choices: Box<[Choice]>,
    /// Whether it takes other fields too.
    pub(crate) open: bool,
    /// Whether one that is there is meant as it is, so that nothing is filled into it.
    pub(crate) whole: bool,
}

#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: Text,
    pub(crate) schema: Schema,
}

/// Fields that exclude each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub fields: Box<[Text]>,
    /// Whether one of them must be there.
    pub required: bool,
}

impl Object {
    pub(crate) fn new(mut fields: Vec<(Text, Schema, bool)>, choices: Vec<Choice>, open: bool) -> Self {
        // Later declarations of one name refine earlier ones.
        fields.reverse();
        fields.sort_by(|a, b| a.0.cmp(&b.0));
        fields.dedup_by(|later, first| later.0 == first.0);
        let required = fields.iter().enumerate().filter(|(_, field)| field.2).map(|(at, _)| at).collect();
        let fields = fields.into_iter().map(|(name, schema, _)| Field { name, schema }).collect();
        Object { fields, required, choices: choices.into(), open, whole: false }
    }

    /// Its fields as [`Object::new`] takes them, to build another from it.
    pub(crate) fn into_fields(self) -> Vec<(Text, Schema, bool)> {
        let required = self.required;
        let fields = self.fields.into_iter().enumerate();
        fields.map(|(at, field)| (field.name, field.schema, required.contains(&at))).collect()
    }

    pub(crate) fn field(&self, name: &str) -> Option<&Field> {
        let at = self.fields.binary_search_by(|field| field.name.as_str().cmp(name)).ok()?;
        Some(&self.fields[at])
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        let usable = self.fields.iter().filter(|field| !matches!(field.schema, Schema::Never(_)));
        usable.map(|field| field.name.as_str())
    }
}

impl Schema {
    /// The declared fields behind this place, where it is such a map.
    pub(crate) fn object(&self) -> Option<&Object> {
        match self {
            Schema::Object(object) => Some(object),
            Schema::Defined(definition) => Some(definition.object()),
            _ => None,
        }
    }
}

/// A place in a kind's schema: a fill-in walks it beside an object to learn which lists may be entered.
#[derive(Debug, Clone, Copy)]
pub struct Place<'k>(pub(crate) &'k Schema);

impl<'k> Place<'k> {
    /// The place of a field or of a map's value; `None` where the schema has none or says nothing about it.
    pub fn field(self, name: &str) -> Option<Place<'k>> {
        match self.0 {
            Schema::Map(map) => Some(Place(&map.values)),
            other => other.object()?.field(name).map(|field| Place(&field.schema)),
        }
    }

    /// The place of a list's items.
    pub fn items(self) -> Option<Place<'k>> {
        if let Schema::List(list) = self.0 { Some(Place(&list.items)) } else { None }
    }

    /// The fields that tell a list's items apart; empty for all else.
    pub fn list_key(self) -> &'k [ListKey] {
        if let Schema::List(list) = self.0 { &list.keys } else { &[] }
    }

    /// The fields here that exclude each other: such an object is taken as a whole or not at all.
    pub fn choices(self) -> &'k [Choice] {
        self.0.object().map_or(&[], |object| &object.choices)
    }

    /// Whether a map here is meant as it is, so that nothing is filled into it.
    pub fn is_whole(self) -> bool {
        self.0.object().is_some_and(|object| object.whole)
    }
}
