//! Nothing is lost: the pieces of a file, put together, are the file, and only white space, comments and punctuation
//! lie between the names and values of the tree.

use super::{FILE, read};
use crate::syntax::{PieceKind, Tree};

/// Checks a tree against its text; used by all tests that make up texts.
pub(super) fn check_lossless(text: &str, tree: &Tree, is_sound: bool) {
    let pieces = tree.pieces();
    let mut at = 0;
    for piece in &pieces {
        assert_eq!(piece.span.file, FILE);
        assert_eq!(piece.span.start as usize, at, "{text:?} {piece:?}");
        assert!(piece.span.end > piece.span.start, "{text:?} {piece:?}");
        assert!(!is_sound || piece.kind != PieceKind::Junk, "{text:?} {piece:?}");
        assert!(text.get(piece.span.range()).is_some());
        at = piece.span.end as usize;
    }
    assert_eq!(at, text.len(), "{text:?}");
    let mut known: Vec<_> = tree.junk.clone();
    known.sort_unstable();
    for piece in pieces.iter().filter(|piece| piece.kind == PieceKind::Junk) {
        let place = (piece.span.start, piece.span.end);
        assert!(known.binary_search(&place).is_ok(), "{text:?}: {piece:?} is junk that no one knows of");
    }
}

fn kinds(text: &str) -> Vec<(PieceKind, &str)> {
    let (tree, findings) = read(text);
    check_lossless(text, &tree, findings.is_empty());
    tree.pieces().into_iter().map(|piece| (piece.kind, &text[piece.span.range()])).collect()
}

#[test]
fn every_byte_is_in_a_piece() {
    use PieceKind as P;
    assert_eq!(
        kinds("\u{feff}// c\r\na /*x*/ (t)k = \"v\" \\\n  /-2 {\n\tb;\n}"),
        [
            (P::ByteOrderMark, "\u{feff}"),
            (P::LineComment, "// c"),
            (P::LineBreak, "\r\n"),
            (P::NodeName, "a"),
            (P::Space, " "),
            (P::BlockComment, "/*x*/"),
            (P::Space, " "),
            (P::Annotation, "(t)"),
            (P::EntryName, "k"),
            (P::Space, " "),
            (P::Equals, "="),
            (P::Space, " "),
            (P::Value, "\"v\""),
            (P::Space, " "),
            (P::Continuation, "\\"),
            (P::LineBreak, "\n"),
            (P::Space, "  "),
            (P::Slashdash, "/-"),
            (P::Value, "2"),
            (P::Space, " "),
            (P::OpenBrace, "{"),
            (P::LineBreak, "\n"),
            (P::Space, "\t"),
            (P::NodeName, "b"),
            (P::Semicolon, ";"),
            (P::LineBreak, "\n"),
            (P::CloseBrace, "}"),
        ]
    );
}

#[test]
fn what_is_commented_out_is_kept() {
    let pieces = kinds("/-a 1 { b; }\nc /-{ d; } { e; } /-{ f; }");
    let names: Vec<_> = pieces.iter().filter(|(kind, _)| *kind == PieceKind::NodeName).map(|(_, name)| *name).collect();
    assert_eq!(names, ["a", "b", "c", "d", "e", "f"]);
}

#[test]
fn what_could_not_be_read_is_kept() {
    for text in [
        "a ] b",
        ") x y { z }",
        "a \"b\", \"c\"",
        "a = = b",
        "a x==\"y\"",
        "a 1 2 3 }}} b",
        "a \u{202e} b",
        "a /* b",
        "a \"\"\"\nb",
    ] {
        kinds(text);
    }
}
