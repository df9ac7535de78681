//! What an expression gave the last time it was evaluated, and for which values of its names.
//!
//! An expression is a function of these values and of nothing else, and one tenant after the other asks with the same ones: a
//! condition reads the cluster, a choice reads a size. Looking at the values again costs a tenth of starting the virtual
//! machine. Errors are not kept.

use std::collections::BTreeMap;
use std::ptr;
use std::sync::Mutex;

use minijinja::Value;
use minijinja::value::{DynObject, ValueKind};

use super::scope::Layer;

/// The last values of an expression's names, in order, and its result.
#[derive(Debug, Default)]
pub(super) struct Last {
    /// Never waited for: where another thread holds it, evaluating is as good.
    known: Mutex<Option<(Vec<Value>, Value)>>,
}

impl Last {
    /// The result for these values, where they are those of the last time.
    pub(super) fn result(&self, names: &[Value]) -> Option<Value> {
        let known = self.known.try_lock().ok()?;
        let (values, result) = known.as_ref()?;
        values.iter().zip(names).all(|(one, other)| is_same(one, other)).then(|| result.clone())
    }

    pub(super) fn keep(&self, names: Vec<Value>, result: &Value) {
        if let Ok(mut known) = self.known.try_lock() {
            *known = Some((names, result.clone()));
        }
    }
}

/// Whether no expression can tell two values apart: scalars of one kind and value, or the very same list or map.
fn is_same(one: &Value, other: &Value) -> bool {
    if let (Some(one), Some(other)) = (one.as_object(), other.as_object()) {
        return is_at_one_place::<Layer>(one, other)
            || is_at_one_place::<Vec<Value>>(one, other)
            || is_at_one_place::<BTreeMap<String, Value>>(one, other);
    }
    one.kind() == other.kind()
        && match one.kind() {
            ValueKind::Undefined | ValueKind::None => true,
            ValueKind::Bool | ValueKind::String => one == other,
            ValueKind::Number => one.is_integer() == other.is_integer() && one == other,
            _ => false,
        }
}

fn is_at_one_place<T: 'static>(one: &DynObject, other: &DynObject) -> bool {
    match (one.downcast_ref::<T>(), other.downcast_ref::<T>()) {
        (Some(one), Some(other)) => ptr::eq(one, other),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::record;

    #[test]
    fn only_what_no_expression_can_tell_apart_is_the_same() {
        let shared = record([("a", Value::from(1))]);
        let list = Value::from(vec![Value::from(1)]);
        for (one, other, same) in [
            (Value::from("large"), Value::from("large"), true),
            (Value::from("large"), Value::from("small"), false),
            (Value::from(1), Value::from(1), true),
            (Value::from(1), Value::from(1.0), false),
            (Value::from(1), Value::from(true), false),
            (Value::from(1), Value::from("1"), false),
            (Value::from(()), Value::from(()), true),
            (Value::from(()), Value::UNDEFINED, false),
            (shared.clone(), shared.clone(), true),
            (shared, record([("a", Value::from(1))]), false),
            (list.clone(), list.clone(), true),
            (list, Value::from(vec![Value::from(1.0)]), false),
        ] {
            let last = Last::default();
            last.keep(vec![one], &Value::from("result"));
            assert_eq!(last.result(std::slice::from_ref(&other)).is_some(), same, "{other:?}");
        }
    }
}
