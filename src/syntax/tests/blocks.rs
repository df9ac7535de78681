//! Braces that do not match: one finding, at the brace that has no partner, and the tree that was meant.

use super::{fixed, one, one_and_fixed, outline, said};
use crate::syntax::MAXIMUM_DEPTH;

#[test]
fn unclosed_block_at_the_end() {
    one("a {\n    b\n", "{: the `{` of `a` is not closed");
    assert_eq!(outline("a {\n    b\n"), "a {b}");
    assert_eq!(said("a {\n    b {\n        c {\n").len(), 1);
}

#[test]
fn unclosed_block_is_found_by_the_indentation_of_the_next_node() {
    let text = "a {\n    quota small\n\nb {\n    quota small\n}\nc\n";
    one_and_fixed(text, "{: the `{` of `a` is not closed", "a {\n    quota small\n\n}\nb {\n    quota small\n}\nc\n");
    assert_eq!(outline(text), "a {quota small}; b {quota small}; c");
}

#[test]
fn unclosed_block_is_found_by_the_indentation_of_the_next_brace() {
    let text = "a {\n    access {\n        admin x\n}\nb {\n    quota small\n}\n";
    one_and_fixed(
        text,
        "{: the `{` of `access` is not closed",
        "a {\n    access {\n        admin x\n    }\n}\nb {\n    quota small\n}\n",
    );
    assert_eq!(outline(text), "a {access {admin x}}; b {quota small}");
}

#[test]
fn two_unclosed_blocks_are_two_findings() {
    let text = "a {\n    x\n\nb {\n    y\n}\n\nc {\n    z\n\nd\n";
    assert_eq!(said(text), ["{: the `{` of `a` is not closed", "{: the `{` of `c` is not closed"]);
    assert_eq!(outline(text), "a {x}; b {y}; c {z}; d");
}

#[test]
fn indentation_means_nothing_where_braces_match() {
    assert_eq!(said("a {\nb {\n        c\n    }\n  }\nd"), [""; 0]);
    assert_eq!(outline("a {\nb {\n        c\n    }\n  }\nd"), "a {b {c}}; d");
}

#[test]
fn indentation_is_not_believed_where_it_explains_less() {
    assert_eq!(said("a {\nb\nc {\nd\n}\n").len(), 1);
    assert_eq!(outline("a {\nb\nc {\nd\n}\n"), "a {b; c {d}}");
}

#[test]
fn stray_brace() {
    one_and_fixed("a {\n}\n}\nb", "}: `}` closes nothing", "a {\n}\n\nb");
    assert_eq!(outline("a {\n}\n}\nb"), "a {}; b");
    one("a\n} } }\nb", "} } }: 3 `}` close nothing");
}

#[test]
fn stray_brace_in_a_block_is_found_by_its_indentation() {
    let text = "a {\n    access {\n        admin x\n    }\n    }\n    quota small\n}\nb\n";
    one(text, "}: `}` closes nothing");
    assert_eq!(outline(text), "a {access {admin x}; quota small}; b");
    assert_eq!(fixed(text), "a {\n    access {\n        admin x\n    }\n    \n    quota small\n}\nb\n");
}

#[test]
fn block_without_a_node() {
    one("a\n{\n    b\n}\nc", "{: `{` has no node before it");
    assert_eq!(outline("a\n{\n    b\n}\nc"), "a; b; c");
}

#[test]
fn second_block_is_read_as_well() {
    one("a { b; } { c; }\nd", "{: a node has one block of children");
    assert_eq!(outline("a { b; } { c; }\nd"), "a {b; c}; d");
}

#[test]
fn what_stands_behind_a_block() {
    one_and_fixed("a { b; } c 1\nd", "c: a line break or `;` is missing before `c`", "a { b; } ; c 1\nd");
    assert_eq!(outline("a { b; } c { d; }\ne"), "a {b}; c {d}; e");
    assert_eq!(said("a { b; } x=1 2\nd").len(), 1);
    assert_eq!(outline("a { b; } x=1 2\nd"), "a x=1 2 {b}; d");
    one("a /-{ b; } c { d; }", "c: arguments and properties stand before the `{`");
}

#[test]
fn depth_is_bounded_and_the_rest_is_read() {
    let nested = |depth: usize| format!("{}x{}\nlast 1Gi", "a { ".repeat(depth), "; }".repeat(depth));
    assert_eq!(said(&nested(MAXIMUM_DEPTH)).len(), 1);
    assert_eq!(
        said(&nested(MAXIMUM_DEPTH + 1)),
        ["{: blocks are nested deeper than 64", "1Gi: `1Gi` is neither a number nor a string"]
    );
    assert_eq!(said(&nested(500)).len(), 2);
    assert!(outline(&nested(500)).ends_with("; last <1Gi>"));
}

#[test]
fn junk_before_a_node_is_one_finding() {
    one(") b c\nd", ") b c: `)` has no meaning here");
    assert_eq!(outline(") b c\nd"), "d");
    one("= b {\n    c\n}\nd", "= b: `=` has no meaning here");
    assert_eq!(said("[section]\na"), ["[section]: `[section]` is not the name of a node"]);
    one("a;;b", ";: `;` ends a node, and there is none before it");
}
