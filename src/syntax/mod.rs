//! From the bytes of a file to a tree of nodes: our own reader of KDL 2.0.
//!
//! It is lossless (every byte has its place in the tree), resilient (there is always a tree, and all mistakes of a file
//! are reported, one finding each), linear in the size of the file and bounded in depth. A value that is not KDL, the
//! likeliest being `memory=10Gi`, stays in the tree as broken, so that the rest of the file is still checked.
//!
//! [`parse`] runs the scanner (characters to scalars) and the parser (scalars to nodes) in one pass without recursion.

mod blocks;
mod chars;
mod decode;
mod entries;
mod load;
mod messages;
mod parser;
mod pieces;
mod scanner;
mod strings;
mod text;
mod tree;
mod value;
mod words;

use std::sync::Arc;

pub use self::chars::has_forbidden;
pub use self::decode::decode;
pub use self::load::{read_bytes, read_text};
pub use self::pieces::{Piece, PieceKind};
pub use self::tree::{Entries, Entry, Node, Nodes, Tree};
pub use self::value::{ScalarKind, Value};

use crate::diagnostic::Diagnostic;
use crate::source::FileId;

/// How deep children may be nested.
pub const MAXIMUM_DEPTH: usize = 64;

/// How large a file may be.
pub const MAXIMUM_BYTES: usize = 8 << 20;

/// How many findings of one file are listed; a file with more is most likely no KDL at all.
pub const MAXIMUM_FINDINGS: usize = 1000;

/// Reads a file. There is always a tree; it is sound where no finding is reported.
pub fn parse(file: FileId, text: Arc<str>) -> (Tree, Vec<Diagnostic>) {
    if text.len() > MAXIMUM_BYTES {
        return parser::refuse(file, text);
    }
    let first = parser::run(file, &text, parser::Blocks::ByBraces);
    let best = if first.is_unbalanced() {
        // Which brace is missing is told by the indentation; believed only where it explains the file as well.
        let second = parser::run(file, &text, parser::Blocks::ByIndentation);
        if second.explains_better_than(&first) { second } else { first }
    } else {
        first
    };
    best.finish(Arc::clone(&text))
}

#[cfg(test)]
mod tests;
