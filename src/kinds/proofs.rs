//! Proofs that are remembered: two thousand like objects are proven once.
//!
//! A template gives objects of few shapes: the same keys in the same order, the same kinds of leaves, lists of the same
//! length. What a schema says of a shape holds for all objects that have it; what it says of a value was noted at the first
//! proof and is looked at again in each. A shape is a hash of 128 bits, so two of them are never one by accident.

use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use super::prove::{Check, prove, prove_and_note};
use super::{Kind, Problem};
use crate::object::Node;

/// So many parts that two threads seldom meet in one.
const SHARDS: usize = 16;

type Shard = RwLock<FxHashMap<u128, Arc<[Check]>>>;

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
        #[expect(clippy::cast_possible_truncation, reason = "any few bits of a hash choose a shard")]
        let shard = &self.shards[shape as usize % SHARDS];
        // A thread that panicked left whole entries behind, so a poisoned lock is as good as any.
        let known = shard.read().unwrap_or_else(PoisonError::into_inner).get(&shape).map(Arc::clone);
        match known {
            Some(checks) if checks.iter().all(|check| check.holds(object)) => Vec::new(),
            Some(_) => prove(kind, object),
            None => {
                let (problems, checks) = prove_and_note(kind, object);
                if problems.is_empty() {
                    shard.write().unwrap_or_else(PoisonError::into_inner).insert(shape, checks.into());
                }
                problems
            }
        }
    }
}

fn shape_of(template: u64, kind: u64, object: &Node) -> u128 {
    let mut shape = Shape { low: template, high: !template };
    shape.word(kind);
    shape.node(object);
    (u128::from(shape.high) << 64) | u128::from(shape.low)
}

/// Two running hashes with multipliers of their own.
struct Shape {
    low: u64,
    high: u64,
}

impl Shape {
    fn word(&mut self, word: u64) {
        self.low = fold(self.low ^ word, 0x9e37_79b9_7f4a_7c15).wrapping_add(word);
        self.high = fold(self.high ^ word, 0xd6e8_feb8_6659_fd93).wrapping_add(word.rotate_left(29));
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::Null => self.word(1),
            Node::Boolean(_) => self.word(2),
            Node::Integer(_) => self.word(3),
            Node::Float(_) => self.word(4),
            Node::String(_) => self.word(5),
            Node::List(items) => {
                self.word(6 | ((items.len() as u64) << 8));
                items.iter().for_each(|item| self.node(item));
            }
            Node::Map(map) => {
                self.word(7 | ((map.entries.len() as u64) << 8));
                for (key, value) in &map.entries {
                    self.text(key);
                    self.node(value);
                }
            }
        }
    }

    /// The length first, so that no key runs into what follows.
    fn text(&mut self, text: &str) {
        let bytes = text.as_bytes();
        self.word(bytes.len() as u64);
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            let mut word = [0; 8];
            word.copy_from_slice(chunk);
            self.word(u64::from_le_bytes(word));
        }
        let rest = chunks.remainder();
        if !rest.is_empty() {
            let mut word = [0; 8];
            word[..rest.len()].copy_from_slice(rest);
            self.word(u64::from_le_bytes(word));
        }
    }
}

/// Both halves of a product, mixed: every bit of the input reaches the result.
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    #[expect(clippy::cast_possible_truncation, reason = "the two halves are taken apart")]
    let (low, high) = (product as u64, (product >> 64) as u64);
    low ^ high
}
