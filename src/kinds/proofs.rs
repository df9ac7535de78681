//! Proofs that are remembered: two thousand like objects are proven once.
//!
//! A template gives objects of few shapes: the same keys in the same order, the same kinds of leaves, lists of the same
//! length. What a schema says of a shape holds for all objects that have it; what it says of a value was noted at the first
//! proof and is looked at again in each. A shape is a hash of 128 bits, so two of them are never one by accident.

use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use super::prove::{Checks, prove, prove_and_note};
use super::{Kind, Problem};
use crate::object::Node;

/// So many parts that two threads seldom meet in one.
const SHARDS: usize = 16;

type Shard = RwLock<FxHashMap<u128, Arc<Checks>>>;

/// What was proven so far; shared by all threads of a compile.
#[derive(Debug, Default)]
pub struct Proofs {
    shards: [Shard; SHARDS],
}

impl Proofs {
    pub fn new() -> Self {
        Proofs::default()
    }

    /// As [`prove`]: the same problems, in the same order. `template` names where the object comes from.
    pub fn prove(&self, template: u64, kind: &Kind, object: &Node) -> Vec<Problem> {
        let shape = shape_of(template, kind.id, object);
        let shard = &self.shards[shape as usize % SHARDS];
        // A thread that panicked left whole entries behind, so a poisoned lock is as good as any.
        let known = shard.read().unwrap_or_else(PoisonError::into_inner).get(&shape).map(Arc::clone);
        match known {
            Some(checks) if checks.hold(object) => Vec::new(),
            Some(_) => prove(kind, object),
            None => {
                let (problems, checks) = prove_and_note(kind, object);
                if let (true, Some(checks)) = (problems.is_empty(), checks) {
                    shard.write().unwrap_or_else(PoisonError::into_inner).insert(shape, Arc::new(checks));
                }
                problems
            }
        }
    }
}

fn shape_of(template: u64, kind: u64, object: &Node) -> u128 {
    let mut shape = Shape { low: template, high: !template };
    shape.mix(kind, leaf(object));
    shape.node(object);
    (u128::from(shape.high) << 64) | u128::from(shape.low)
}

/// Two running hashes with multipliers of their own.
struct Shape {
    low: u64,
    high: u64,
}

impl Shape {
    fn mix(&mut self, one: u64, other: u64) {
        self.low = fold(self.low ^ one, other ^ 0x9e37_79b9_7f4a_7c15).wrapping_add(one);
        self.high = fold(self.high ^ other, one ^ 0xd6e8_feb8_6659_fd93).wrapping_add(other);
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::List(items) => {
                self.mix(items.len() as u64, 1);
                for item in items {
                    self.mix(leaf(item), 2);
                    self.node(item);
                }
            }
            Node::Map(map) => {
                self.mix(map.entries.len() as u64, 3);
                for (key, value) in &map.entries {
                    self.key(key, leaf(value));
                    self.node(value);
                }
            }
            _ => {}
        }
    }

    /// A key and the kind of its value; the length first, so that no key runs into what follows.
    fn key(&mut self, key: &str, value: u64) {
        let mut bytes = key.as_bytes();
        let mut first = value | ((bytes.len() as u64) << 8);
        while let Some((head, rest)) = bytes.split_first_chunk::<8>() {
            self.mix(first, u64::from_le_bytes(*head));
            (first, bytes) = (4, rest);
        }
        let mut last = [0; 8];
        last[..bytes.len()].copy_from_slice(bytes);
        self.mix(first, u64::from_le_bytes(last));
    }
}

/// The kind of a node as a number.
fn leaf(node: &Node) -> u64 {
    match node {
        Node::Null => 1,
        Node::Boolean(_) => 2,
        Node::Integer(_) => 3,
        Node::Float(_) => 4,
        Node::String(_) => 5,
        Node::List(_) => 6,
        Node::Map(_) => 7,
    }
}

/// Both halves of a product, mixed: every bit of the input reaches the result.
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    #[expect(clippy::cast_possible_truncation, reason = "the two halves are taken apart")]
    let (low, high) = (product as u64, (product >> 64) as u64);
    low ^ high
}
