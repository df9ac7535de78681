//! The file as a row of pieces, so that nothing is ever lost: what a formatter or an editor walks over.
//!
//! The tree keeps the places of names and values; what lies between them is white space, comments and punctuation,
//! which are read anew here when someone asks. The parser pays nothing for them.

use std::ops::Range;

use super::chars::{is_disallowed, is_line_break, is_space};
use super::text::line_break_length;
use super::tree::Tree;
use crate::source::Span;

/// What a piece of a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceKind {
    ByteOrderMark,
    Space,
    LineBreak,
    LineComment,
    BlockComment,
    /// A `\` that continues the line.
    Continuation,
    Slashdash,
    Semicolon,
    Equals,
    OpenBrace,
    CloseBrace,
    Annotation,
    NodeName,
    EntryName,
    Value,
    /// Not KDL, and reported.
    Junk,
}

/// A part of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    pub kind: PieceKind,
    pub span: Span,
}

/// Every byte of a file as consecutive pieces.
pub(super) fn pieces(tree: &Tree) -> Vec<Piece> {
    let mut all = Vec::new();
    let mut at = 0;
    let mut push = |kind, range: Range<usize>| {
        all.push(Piece { kind, span: Span::new(tree.file, range.start, range.end) });
    };
    for (leaf, kind) in tree.leaves() {
        // An invisible character inside an annotation is junk and part of the annotation.
        if kind == PieceKind::Junk && leaf.start < at {
            continue;
        }
        for (range, kind) in Between::new(&tree.text, at..leaf.start) {
            push(kind, range);
        }
        at = leaf.end;
        push(kind, leaf);
    }
    for (range, kind) in Between::new(&tree.text, at..tree.text.len()) {
        push(kind, range);
    }
    all
}

/// The comments in a part of the file that holds no names and values.
pub(super) fn comments(tree: &Tree, range: Range<usize>) -> impl Iterator<Item = (Span, &str)> {
    Between::new(&tree.text, range)
        .filter(|(_, kind)| matches!(kind, PieceKind::LineComment | PieceKind::BlockComment))
        .map(|(range, _)| (Span::new(tree.file, range.start, range.end), &tree.text[range]))
}

/// The comment that follows on the same line.
pub(super) fn comment_behind(tree: &Tree, at: usize) -> Option<(Span, &str)> {
    Between::new(&tree.text, at..tree.text.len())
        .take_while(|(_, kind)| {
            matches!(kind, PieceKind::Space | PieceKind::Semicolon | PieceKind::LineComment | PieceKind::BlockComment)
        })
        .find(|(_, kind)| matches!(kind, PieceKind::LineComment | PieceKind::BlockComment))
        .map(|(range, _)| (Span::new(tree.file, range.start, range.end), &tree.text[range]))
}

/// Walks over what lies between names and values.
struct Between<'t> {
    text: &'t str,
    at: usize,
    end: usize,
}

impl<'t> Between<'t> {
    fn new(text: &'t str, range: Range<usize>) -> Self {
        Between { text, at: range.start, end: range.end }
    }
}

impl Iterator for Between<'_> {
    type Item = (Range<usize>, PieceKind);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.at..self.end)?;
        let first = rest.chars().next()?;
        let (kind, length) = match first {
            '\u{feff}' if self.at == 0 => (PieceKind::ByteOrderMark, 3),
            ';' => (PieceKind::Semicolon, 1),
            '=' => (PieceKind::Equals, 1),
            '{' => (PieceKind::OpenBrace, 1),
            '}' => (PieceKind::CloseBrace, 1),
            '\\' => (PieceKind::Continuation, 1),
            '/' if rest.starts_with("/-") => (PieceKind::Slashdash, 2),
            '/' if rest.starts_with("//") => (PieceKind::LineComment, rest.find(is_line_break).unwrap_or(rest.len())),
            '/' if rest.starts_with("/*") => {
                (PieceKind::BlockComment, block_comment_length(rest).unwrap_or(rest.len()))
            }
            space if is_space(space) => (PieceKind::Space, rest.find(|other| !is_space(other)).unwrap_or(rest.len())),
            line_break if is_line_break(line_break) => (PieceKind::LineBreak, line_break_length(rest)),
            _ => {
                let length = rest.find(|other| !is_disallowed(other)).unwrap_or(rest.len());
                (PieceKind::Junk, length.max(first.len_utf8()))
            }
        };
        let range = self.at..self.at + length;
        self.at = range.end;
        Some((range, kind))
    }
}

/// The length of the block comment a text begins with; nothing where it is not closed.
pub(super) fn block_comment_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = 0;
    while at + 1 < bytes.len() {
        match (bytes[at], bytes[at + 1]) {
            (b'/', b'*') => {
                depth += 1;
                at += 2;
            }
            (b'*', b'/') => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => at += 1,
        }
    }
    None
}
