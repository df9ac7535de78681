use super::{Yaml, YamlKind, read};
use crate::diagnostic::codes;
use crate::source::FileId;

fn ok(text: &str) -> Vec<Yaml> {
    let (documents, findings) = read(FileId(0), text);
    assert_eq!(findings, [], "{text}");
    documents
}

fn one(text: &str) -> Yaml {
    ok(text).remove(0)
}

fn messages(text: &str) -> Vec<(String, &'static str, &str)> {
    let (_, findings) = read(FileId(0), text);
    findings.into_iter().map(|finding| (finding.message, finding.code.name, &text[finding.span.range()])).collect()
}

fn slice<'t>(text: &'t str, value: &Yaml) -> &'t str {
    &text[value.span.range()]
}

#[test]
fn plain_scalars_mean_what_kubernetes_reads() {
    for (text, kind) in [
        ("~", YamlKind::Null),
        ("null", YamlKind::Null),
        ("True", YamlKind::Boolean(true)),
        ("false", YamlKind::Boolean(false)),
        ("12", YamlKind::Integer(12)),
        ("-12", YamlKind::Integer(-12)),
        ("+12", YamlKind::Integer(12)),
        ("0", YamlKind::Integer(0)),
        ("0x1f", YamlKind::Integer(31)),
        ("1.5", YamlKind::Float(1.5)),
        ("1e3", YamlKind::Float(1000.0)),
        ("-.5", YamlKind::Float(-0.5)),
    ] {
        assert_eq!(one(text).kind, kind, "{text}");
    }
    for text in
        ["10Gi", "2001-01-01", "12:30", "v1", "-", "tRue", "yES", "1.2.3", "5_x", "0xzz", "1e", ".", "500m", "+"]
    {
        let text = &format!("[{text}]").replace("[-]", "[\"-\"]");
        let list = one(text);
        assert!(list.as_list().is_some_and(|items| items[0].as_str().is_some()), "{text}: {list:?}");
    }
}

#[test]
fn what_readers_disagree_about_is_refused_with_the_quoted_form() {
    for text in [
        "on",
        "No",
        "YES",
        "y",
        "N",
        "off",
        "010",
        "05154016",
        "09",
        "1_000",
        "0o17",
        "0b1",
        "0X1F",
        "-0x1",
        ".inf",
        "99999999999999999999",
    ] {
        let source = format!("a: {text}\nb: 1");
        let (documents, findings) = read(FileId(0), &source);
        assert_eq!(findings.len(), 1, "{text}");
        assert_eq!(&source[findings[0].span.range()], text);
        assert_eq!(findings[0].fix.as_ref().map(|fix| fix.edits[0].text.clone()), Some(format!("\"{text}\"")));
        assert_eq!(documents[0].get("b").and_then(Yaml::as_integer), Some(1), "the rest is still read");
    }
    assert_eq!(messages("on: 1")[0].2, "on", "keys too");
    ok("a: 'on'\nb: \"010\"");
}

#[test]
fn places_are_bytes_also_behind_umlauts() {
    let text = "größe: äöü\nliste:\n  - ß\n  - {ä: ö, k: 1}\nend: x\n";
    let map = one(text);
    assert_eq!(slice(text, &map), text.trim_end());
    let entries = map.as_map().unwrap();
    assert_eq!(slice(text, &entries[0].0), "größe");
    assert_eq!(slice(text, &entries[0].1), "äöü");
    assert_eq!(slice(text, &entries[1].1), "- ß\n  - {ä: ö, k: 1}");
    assert_eq!(slice(text, &entries[1].1.as_list().unwrap()[1]), "{ä: ö, k: 1}");
    assert_eq!(slice(text, &entries[2].1), "x");
    let marked = format!("\u{feff}{text}");
    assert_eq!(slice(&marked, one(&marked).get("end").unwrap()), "x");
}

#[test]
fn quoted_and_block_scalars_have_their_whole_place() {
    let text = "a: \"x y\"\nb: 'z'\nc: |\n  one\n  two\n\nd: >-\n  folded\n  text\ne:\nf: 1\n";
    let map = one(text);
    let place = |key| slice(text, map.get(key).unwrap());
    assert_eq!(place("a"), "\"x y\"");
    assert_eq!(place("b"), "'z'");
    assert_eq!(place("c"), "|\n  one\n  two");
    assert_eq!(place("d"), ">-\n  folded\n  text");
    assert_eq!(map.get("e").unwrap().kind, YamlKind::Null);
    assert_eq!(map.get("c").unwrap().as_str(), Some("one\ntwo\n"));
    assert_eq!(map.get("d").unwrap().as_str(), Some("folded text"));
}

#[test]
fn a_part_of_a_string_has_its_own_place() {
    let text = "ü: \"x {{ yü }} z\"\nb: |\n    first\n\n      {{ deep }}\nc: \"a\\tb\"\nd: plain {{ x }}\n";
    let map = one(text);
    let part = |key: &str, piece: &str| {
        let value = map.get(key).unwrap();
        let at = value.as_str().unwrap().find(piece).unwrap();
        &text[value.content_span(at..at + piece.len()).range()]
    };
    assert_eq!(part("ü", "{{ yü }}"), "{{ yü }}");
    assert_eq!(part("b", "first"), "first");
    assert_eq!(part("b", "{{ deep }}"), "{{ deep }}");
    assert_eq!(part("c", "b"), "\"a\\tb\"", "escaped: the whole");
    assert_eq!(part("d", "{{ x }}"), "{{ x }}");
}

#[test]
fn documents_come_one_by_one() {
    let documents = ok("---\na: 1\n---\nb: 2\n...\n");
    assert_eq!(documents.len(), 2);
    assert_eq!(ok("").len(), 0);
    assert_eq!(ok("# only a comment\n").len(), 0);
}

#[test]
fn a_key_given_twice_names_both_places() {
    let text = "a: 1\nb: 2\n\"a\": 3\n";
    let (documents, findings) = read(FileId(0), text);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].code, &codes::TWICE);
    assert_eq!(findings[0].others[0].span.range(), 0..1);
    assert_eq!(&text[findings[0].span.range()], "\"a\"");
    assert_eq!(documents[0].get("a").and_then(Yaml::as_integer), Some(1));
}

#[test]
fn errors_of_syntax_have_their_place_and_keep_what_stands_before() {
    let (documents, findings) = read(FileId(0), "a: 1\n---\nb: [1, 2\nc: 3\n");
    assert_eq!(documents.len(), 1);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].code, &codes::BAD_SYNTAX);
    assert!(findings[0].message.starts_with("this is not YAML: "), "{}", findings[0].message);
    assert!(findings[0].span.start >= 9);
}

#[test]
fn anchors_and_merge_keys_are_refused() {
    assert_eq!(messages("a: &x 1\nb: *x\n").len(), 2);
    assert_eq!(messages("a: {b: 1}\n<<: {c: 1}\n")[0].0, "merge keys are not read here");
    assert_eq!(messages("a: *nowhere\n").len(), 1);
}

#[test]
fn tags_are_kept_and_make_a_string() {
    let map = one("a: !raw \"{{ x }}\"\nb: !raw 5\nc: !!str 5\nd: ! 5\n");
    assert_eq!(map.get("a").unwrap().tag.as_deref(), Some("!raw"));
    assert_eq!(map.get("b").unwrap().as_str(), Some("5"));
    assert_eq!(map.get("c").unwrap().as_str(), Some("5"));
    assert_eq!(map.get("c").unwrap().tag, None);
    assert_eq!(map.get("d").unwrap().as_str(), Some("5"));
}

#[test]
fn deep_nesting_is_an_error_and_no_overflow() {
    for text in ["[".repeat(100_000), "{a: ".repeat(10_000), "- ".repeat(10_000)] {
        assert_eq!(messages(&text)[0].0, "the YAML is nested deeper than 64 levels");
    }
}

#[test]
fn block_scalars_of_odd_shape_are_read() {
    for text in
        ["a: |\n", "a: |-\n\n\n  x\n", "ß|: > # ü|\n  x\n", "- |+\n ä\n\n- |2\n    y\n", "|\n x", ">\n\n x\n  y\n"]
    {
        let (documents, findings) = read(FileId(0), text);
        assert_eq!(findings, [], "{text}");
        assert!(text.get(documents[0].span.range()).is_some());
    }
    let text = "a: # why\n  b: |- # ü|\n\n    x\nc: 1\n";
    assert_eq!(slice(text, one(text).get("a").unwrap().get("b").unwrap()), "|- # ü|\n\n    x");
}

proptest::proptest! {
    // A case that failed is written down as a test of its own.
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_text_is_read_without_panic_and_with_places_inside(text in "[a-z0-9{}\\[\\]:,\"'|>#&*!% \n\t\\-äß€\r?@`]{0,80}") {
        let (documents, findings) = read(FileId(0), &text);
        for finding in findings {
            proptest::prop_assert!(text.get(finding.span.range()).is_some());
        }
        let mut open: Vec<&Yaml> = documents.iter().collect();
        while let Some(value) = open.pop() {
            proptest::prop_assert!(text.get(value.span.range()).is_some(), "{:?}", value);
            if let Some(content) = value.as_str() {
                for (at, letter) in content.char_indices() {
                    let span = value.content_span(at..at + letter.len_utf8());
                    proptest::prop_assert!(span == value.span || text[span.range()] == *letter.encode_utf8(&mut [0; 4])
                        || letter == '\n');
                }
            }
            open.extend(value.as_list().into_iter().flatten());
            open.extend(value.as_map().into_iter().flatten().flat_map(|(key, value)| [key, value]));
        }
    }
}
