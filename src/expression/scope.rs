//! The names an expression sees, in layers: platform, cluster, tenant, instance, loop.
//!
//! An inner scope holds only its own few names and shares the outer ones, so that an instance costs what it adds. Names
//! that are written with `-` in a spec are exposed with `_`, because `-` subtracts.

use std::sync::Arc;

use minijinja::Value;
use minijinja::value::{Enumerator, Object};

use compact_str::CompactString as Text;

/// A set of names on top of an outer one.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    layer: Arc<Layer>,
}

/// Some names with their values; a handful, so they are searched from the front.
#[derive(Debug, Default)]
pub(super) struct Layer {
    names: Vec<(Text, Value)>,
    outer: Option<Arc<Layer>>,
}

impl Scope {
    /// A scope that knows no name.
    pub fn new() -> Self {
        Scope::default()
    }

    /// A scope on top of this one; what it adds is not seen in this one.
    #[must_use]
    pub fn child(&self) -> Self {
        Scope { layer: Arc::new(Layer { names: Vec::new(), outer: Some(Arc::clone(&self.layer)) }) }
    }

    /// This scope and one more name. A name given again hides the former value.
    #[must_use]
    pub fn with(mut self, name: impl Into<Text>, value: impl Into<Value>) -> Self {
        self.set(name, value);
        self
    }

    /// Adds a name. A scope that others share is left as it is and continued in a new layer.
    pub fn set(&mut self, name: impl Into<Text>, value: impl Into<Value>) {
        let name = exposed(name.into());
        if Arc::get_mut(&mut self.layer).is_none() {
            *self = self.child();
        }
        if let Some(layer) = Arc::get_mut(&mut self.layer) {
            layer.set(name, value.into());
        }
    }

    pub fn get(&self, name: &str) -> Option<Value> {
        self.look(name).cloned()
    }

    pub(super) fn look(&self, name: &str) -> Option<&Value> {
        self.layer.get(name)
    }

    /// Every name in sight, each once, sorted.
    pub fn names(&self) -> Vec<Text> {
        self.layer.all_names()
    }

    /// The scope as minijinja takes it.
    pub(super) fn value(&self) -> Value {
        Value::from_dyn_object(Arc::clone(&self.layer))
    }
}

/// A map whose keys are read as attributes: `tenant.name`. Keys are exposed as names of a scope are.
pub fn record<K: Into<Text>>(entries: impl IntoIterator<Item = (K, Value)>) -> Value {
    let names = entries.into_iter().map(|(name, value)| (exposed(name.into()), value)).collect();
    Value::from_object(Layer { names, outer: None })
}

/// The names and values of a [`record`].
pub(super) fn as_record(value: &Value) -> Option<&Layer> {
    value.as_object()?.downcast_ref()
}

/// A name as an expression can write it.
fn exposed(name: Text) -> Text {
    if name.as_bytes().contains(&b'-') { Text::from(name.replace('-', "_")) } else { name }
}

impl Layer {
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        let mut layer = self;
        loop {
            if let Some((_, value)) = layer.names.iter().find(|(known, _)| known == name) {
                return Some(value);
            }
            layer = layer.outer.as_deref()?;
        }
    }

    fn set(&mut self, name: Text, value: Value) {
        match self.names.iter_mut().find(|(known, _)| *known == name) {
            Some((_, place)) => *place = value,
            None => self.names.push((name, value)),
        }
    }

    fn all_names(&self) -> Vec<Text> {
        let layers = std::iter::successors(Some(self), |layer| layer.outer.as_deref());
        let mut names: Vec<Text> = layers.flat_map(|layer| layer.names.iter().map(|(name, _)| name.clone())).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

impl Object for Layer {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get(key.as_str()?).cloned()
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.get(key).cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let names = match self.outer {
            // The keys of a record keep the order they were given in.
            None => self.names.iter().map(|(name, _)| Value::from(name.as_str())).collect(),
            Some(_) => self.all_names().iter().map(|name| Value::from(name.as_str())).collect(),
        };
        Enumerator::Values(names)
    }
}
