//! What the views of a tree tell: places, kinds, text and comments.

use super::{FILE, read};
use crate::source::Span;
use crate::syntax::{MAXIMUM_BYTES, ScalarKind, Value, decode};
use crate::value::Lexeme;

fn at(text: &str, part: &str) -> Span {
    let start = text.find(part).unwrap();
    Span::new(FILE, start, start + part.len())
}

#[test]
fn places_of_a_node() {
    let text = "// first\n\n/* second */\n(city)goch ags=\"05154016\" (x)1 {\n    quota small // why\n} // behind\n/-off\n// third\nnext";
    let (tree, findings) = read(text);
    assert!(findings.is_empty(), "{findings:?}");
    let mut nodes = tree.nodes();
    let goch = nodes.next().unwrap();
    assert_eq!(goch.name(), "goch");
    assert_eq!(goch.name_span(), at(text, "goch"));
    assert_eq!(goch.type_annotation(), Some(at(text, "(city)")));
    assert_eq!(goch.type_annotation_name().as_deref(), Some("city"));
    assert_eq!(goch.head_span(), at(text, "(city)goch ags=\"05154016\" (x)1"));
    assert_eq!(goch.children_span(), Some(at(text, "{\n    quota small // why\n}")));
    assert_eq!(goch.span(), at(text, "(city)goch ags=\"05154016\" (x)1 {\n    quota small // why\n}"));
    let comments: Vec<_> = goch.leading_comments().collect();
    assert_eq!(comments, [(at(text, "// first"), "// first"), (at(text, "/* second */"), "/* second */")]);
    assert_eq!(goch.trailing_comment(), Some((at(text, "// behind"), "// behind")));
    let quota = goch.children().unwrap().next().unwrap();
    assert_eq!(quota.trailing_comment().map(|(_, comment)| comment), Some("// why"));
    assert!(quota.children().is_none());
    let next = nodes.next().unwrap();
    assert_eq!(next.name(), "next");
    assert_eq!(next.leading_comments().map(|(_, comment)| comment).collect::<Vec<_>>(), ["// third"]);
    assert!(nodes.next().is_none());
}

#[test]
fn places_of_an_entry() {
    let text = "a key = (t)\"value\" (u)2";
    let (tree, _) = read(text);
    let node = tree.nodes().next().unwrap();
    let entries: Vec<_> = node.entries().collect();
    let name = entries[0].name().unwrap();
    assert_eq!((name.value.as_ref(), name.span), ("key", at(text, "key")));
    assert_eq!(entries[0].span(), at(text, "key = (t)\"value\""));
    assert_eq!(entries[0].value().span(), at(text, "\"value\""));
    assert_eq!(entries[0].type_annotation(), Some(at(text, "(t)")));
    assert!(entries[1].name().is_none());
    assert_eq!(entries[1].span(), at(text, "(u)2"));
}

#[test]
fn what_is_commented_out_is_not_seen() {
    let (tree, findings) = read("/- a { b; }\nc /-1 2 /-x=3 /-{ d; } { e; } /-{ f; }\n");
    assert!(findings.is_empty(), "{findings:?}");
    let nodes: Vec<_> = tree.nodes().collect();
    assert_eq!(nodes.len(), 1);
    assert_eq!(nodes[0].entries().map(|entry| entry.value().raw().to_owned()).collect::<Vec<_>>(), ["2"]);
    assert_eq!(nodes[0].children().unwrap().map(|node| node.name().into_owned()).collect::<Vec<_>>(), ["e"]);
}

fn with_values(text: &str, check: impl FnOnce(&[Value<'_>])) {
    let (tree, _) = read(text);
    let values: Vec<_> = tree.nodes().next().unwrap().entries().map(super::super::Entry::value).collect();
    check(&values);
}

#[test]
fn kinds_and_lexemes() {
    with_values("a b \"c\" 1_0 #true #null #-inf 10Gi x=", |values| {
        let kinds: Vec<_> = values.iter().map(|value| value.kind()).collect();
        assert_eq!(
            kinds,
            [
                ScalarKind::String,
                ScalarKind::String,
                ScalarKind::Number,
                ScalarKind::Boolean(true),
                ScalarKind::Null,
                ScalarKind::NotFinite,
                ScalarKind::Broken,
                ScalarKind::Broken,
            ]
        );
        values[1].with_lexeme(|lexeme| assert_eq!(lexeme, Lexeme::Text("c")));
        values[2].with_lexeme(|lexeme| assert_eq!(lexeme, Lexeme::Number("1_0")));
        values[3].with_lexeme(|lexeme| assert_eq!(lexeme, Lexeme::Boolean(true)));
        values[5].with_lexeme(|lexeme| assert_eq!(lexeme, Lexeme::Keyword("#-inf")));
        values[6].with_lexeme(|lexeme| assert_eq!(lexeme, Lexeme::Broken("10Gi")));
        values[7].with_lexeme(|lexeme| assert_eq!(lexeme, Lexeme::Broken("")));
        assert!(!values[0].is_quoted() && values[1].is_quoted());
    });
}

#[test]
fn address_without_quotes_is_a_word_and_a_comment() {
    with_values("a https://krzn.example/x b\nc", |values| {
        assert_eq!((values.len(), values[0].raw()), (1, "https:"));
        assert_eq!(values[0].glued_comment(), Some("//krzn.example/x b"));
    });
    with_values("a b // c", |values| assert_eq!(values[0].glued_comment(), None));
}

#[test]
fn text_and_the_way_back_to_its_place() {
    let text =
        "a \"x {{ row.id }}\" #\"raw\"# \"tab\\there \\u{e4}!\" \"\"\"\n    one\n      two\\n{{ three }}\n    \"\"\"";
    with_values(text, |values| {
        assert_eq!(values[0].text(), "x {{ row.id }}");
        assert_eq!(values[0].content_span(), Some(at(text, "x {{ row.id }}")));
        assert_eq!(values[1].text(), "raw");
        assert_eq!(values[1].content_span(), Some(at(text, "raw")));
        assert_eq!(values[2].text(), "tab\there ä!");
        assert_eq!(values[2].content_span(), None);
        assert_eq!(values[3].text(), "one\n  two\n{{ three }}");
        for value in values {
            let meant = value.text();
            for part in ["row", "raw", "here", "!", "one", "two", "three"] {
                if let Some(found) = meant.find(part) {
                    assert_eq!(value.span_of(found..found + part.len()), at(text, part), "{part}");
                }
            }
        }
        assert_eq!(values[2].span_of(3..4), at(text, "\\t"));
        assert_eq!(values[2].span_of(9..11), at(text, "\\u{e4}"));
    });
}

#[test]
fn debug_output_shows_the_text() {
    let (tree, _) = read("a 1 b=\"c\" { d; }");
    let shown = format!("{:?}", tree.nodes());
    assert_eq!(shown, r#"[Node { name: "a", entries: [1, b="c"], children: [Node { name: "d", entries: [] }] }]"#);
}

#[test]
fn decoding_names_the_line_and_the_letter() {
    assert_eq!(decode(b"\xef\xbb\xbfa".to_vec()).unwrap(), "a");
    assert_eq!(decode("grün".into()).unwrap(), "grün");
    let fault = decode(b"a\nb \"M\xfcller\"\n".to_vec()).unwrap_err();
    assert_eq!(fault.message, "the file is not UTF-8: byte 0xFC in line 2");
    assert!(fault.help.unwrap().contains("`ü`"));
    let fault = decode(b"\xff\xfea\0".to_vec()).unwrap_err();
    assert_eq!(fault.message, "the file is UTF-16, a spec is read as UTF-8");
}

#[test]
fn large_files_are_refused() {
    let line = "a 1\n";
    let largest = line.repeat(MAXIMUM_BYTES / line.len());
    assert!(read(&largest).1.is_empty());
    let (tree, findings) = read(&(largest + "\n"));
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].message, "the file has 8388609 bytes, and a spec has at most 8388608 (8 MiB)");
    assert_eq!(tree.nodes().count(), 0);
}

#[test]
fn newer_decisions_of_the_language() {
    // Not in the suite that the reference ships: no white space is needed before `/-` and `{`.
    for (text, outline) in [
        ("a \"b\"/-1", "a b"),
        ("a \"b\"/-c=1 d", "a b d"),
        ("a{b}", "a {b}"),
        ("a \"b\"/-{}\nc {}/-{}", "a b; c {}"),
        ("a \"\"\"\n\"\"\" #\"\"\"\n\t\"\"\"#", "a  "),
        ("a \"\"\"\n  dead\\\n  beef\n  \"\"\"", "a deadbeef"),
    ] {
        assert_eq!(super::said(text), [""; 0], "{text}");
        assert_eq!(super::outline(text), outline, "{text}");
    }
}
