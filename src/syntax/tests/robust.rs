//! Nothing brings the reader down: no text makes it panic, lose a byte, or take more than linear time.

use proptest::prelude::*;

use super::lossless::check_lossless;
use super::{read, said};
use crate::source::Span;
use crate::syntax::{MAXIMUM_DEPTH, MAXIMUM_FINDINGS, Nodes};

const SAMPLE: &str = include_str!("sample.kdl");

/// Reads a text and checks all that holds for any text.
fn check(text: &str) {
    let (tree, findings) = read(text);
    check_lossless(text, &tree, findings.is_empty());
    assert!(findings.len() <= MAXIMUM_FINDINGS + 1);
    assert!(findings.is_sorted_by_key(|finding| finding.span));
    assert!(tree.nodes.len() <= text.len() && tree.entries.len() <= text.len());
    walk(text, tree.nodes(), Span::new(super::FILE, 0, text.len()), 0);
}

/// Every node lies in its parent, every entry in its node, and every text can be read.
fn walk(text: &str, nodes: Nodes<'_>, around: Span, depth: usize) {
    let mut before = around.start;
    for node in nodes {
        assert!(depth <= MAXIMUM_DEPTH);
        assert!(node.span().start >= before && node.span().end <= around.end, "{node:?} in {text:?}");
        before = node.name_span().end;
        node.name();
        node.leading_comments().count();
        for entry in node.entries() {
            assert!(entry.span().start >= node.span().start);
            let value = entry.value();
            let meant = value.text();
            let whole = value.span_of(0..meant.len());
            assert!(value.span().start <= whole.start && whole.end <= value.span().end, "{value:?} in {text:?}");
            if let Some(content) = value.content_span() {
                assert_eq!(&text[content.range()], meant);
            }
        }
        if let Some(children) = node.children() {
            walk(text, children, around, depth + 1);
        }
    }
}

#[test]
fn sample_is_sound() {
    assert_eq!(said(SAMPLE), [""; 0]);
}

#[test]
fn three_quotes_that_one_quote_closes_are_read() {
    let soup = "\"\"\"\"#\n    r#true  */}0x1f#)=#x\u{85}\u{85}\n\u{a0}#x\u{202e};))\0\0}}#xtrue#x\u{a0}0x1f)b-cx=/*\u{202e}/*\u{a0}\n\"";
    for text in [soup.to_owned(), format!("n {soup}"), format!("n x={soup} {{\n")] {
        check(&text);
    }
}

#[test]
fn a_block_that_opens_behind_another_is_closed_early() {
    check("a {\n    b { c {\n        d {\n}\n");
}

#[test]
fn every_prefix_and_suffix_of_a_file_is_read() {
    for (at, _) in SAMPLE.char_indices() {
        check(&SAMPLE[..at]);
        check(&SAMPLE[at..]);
    }
}

#[test]
fn every_lost_character_is_survived() {
    for (at, character) in SAMPLE.char_indices() {
        check(&format!("{}{}", &SAMPLE[..at], &SAMPLE[at + character.len_utf8()..]));
    }
}

#[test]
fn a_lost_character_costs_few_findings() {
    for (at, character) in SAMPLE.char_indices() {
        let text = format!("{}{}", &SAMPLE[..at], &SAMPLE[at + character.len_utf8()..]);
        let said = said(&text);
        assert!(said.len() <= 4, "without {character:?} at {at}: {said:#?}");
    }
}

#[test]
fn pathological_texts_are_read_quickly() {
    let texts = [
        "a /-{\n".repeat(1_000),
        format!("{}{}", "a /-{\n".repeat(1_000), "}\n".repeat(1_000)),
        "}\n".repeat(30_000),
        "}".repeat(30_000),
        "{\n".repeat(30_000),
        "{".repeat(30_000),
        "a{".repeat(30_000),
        "a {\n".repeat(30_000),
        format!("{}{}", "a {\n".repeat(30_000), " }\n".repeat(29_999)),
        format!("a \"{}\"", "x".repeat(1 << 20)),
        format!("a \"{}", "x".repeat(1 << 20)),
        format!("a \"\"\"\n{}\n\"\"\"", "x\n".repeat(1 << 16)),
        "a \"\"\"x\n".repeat(30_000),
        "a #\"\"\"x\n".repeat(30_000),
        (1..2_000).rev().fold(String::new(), |text, hashes| text + "a " + &"#".repeat(hashes) + "\"\"\"x\n"),
        "a \"x\n".repeat(30_000),
        "/*".repeat(30_000),
        "\\".repeat(30_000),
        "\\ /* ".repeat(30_000),
        "a \\ /* */ ".repeat(30_000),
        "(".repeat(30_000),
        "a ( ".repeat(30_000),
        "a {{ ".repeat(30_000),
        "{{".repeat(60_000),
        format!("a {}", "{{ x ".repeat(30_000)),
        "[".repeat(30_000),
        format!("a {}", "[ ".repeat(30_000)),
        format!("a {}", "\"b=\"c ".repeat(30_000)),
        format!("a {}", "\" b=\"".repeat(30_000)),
        format!("a {}", "{} ".repeat(30_000)),
        format!("a {}", "{} 1 ".repeat(30_000)),
        format!("a {}", "/-{} ".repeat(30_000)),
        format!("a {}", "x= ".repeat(30_000)),
        format!("a {}", "= ".repeat(30_000)),
        "a;".repeat(60_000),
        ";".repeat(60_000),
        "/-".repeat(60_000),
        "\u{202e}".repeat(30_000),
        "a\u{202e} ".repeat(30_000),
        "\0".repeat(60_000),
        "a 1 ".repeat(30_000),
    ];
    for text in &texts {
        check(text);
    }
}

/// Bits of the language and of what people mistake for it.
fn soup() -> impl Strategy<Value = String> {
    let bit = prop::sample::select(vec![
        "a", "b-c", "1", "10Gi", "-1", ".5", "1.", "0x1f", "true", "#true", "#null", "#x", "#", "r", "\"", "\"\"\"",
        "#\"", "\"#", "\\", "\\n", "\\u{", "}", "{", "{{", "}}", "(", ")", "[", "]", "=", "x=", ";", "/", "/-", "//",
        "/*", "*/", " ", "  ", "\t", "\n", "\r\n", "\n    ", "\u{85}", "\u{a0}", "\u{feff}", "\u{202e}", "\u{2028}",
        "\0", "ä", "😀", ",", "é=", "\"s\"", "\"\"\"\n", "\n\"\"\"",
    ]);
    prop::collection::vec(bit, 0..60).prop_map(|bits| bits.concat())
}

/// The sample with some parts cut out, doubled, moved or replaced.
fn mutated() -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..4_u8, soup());
    prop::collection::vec(change, 1..6).prop_map(|changes| {
        let mut text = SAMPLE.to_owned();
        for (one, two, act, bits) in changes {
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let (one, two) = (*one.get(&places), *two.get(&places));
            let (from, to) = (one.min(two), one.max(two).min(one.min(two) + 40));
            let to = text.floor_char_boundary(to).max(from);
            match act {
                0 => text.replace_range(from..to, ""),
                1 => text.insert_str(from, text[from..to].to_owned().as_str()),
                2 => text.insert_str(from, &bits),
                _ => text.replace_range(from..to, &bits),
            }
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(text in "\\PC{0,80}") {
        check(&text);
    }

    #[test]
    fn any_soup_of_tokens_is_read(text in soup()) {
        check(&text);
    }

    #[test]
    fn any_mutated_file_is_read(text in mutated()) {
        check(&text);
    }
}
