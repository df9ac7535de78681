//! The style as it is read on the page, and a second reader that takes every text back.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{write, write_documents};
use crate::object::{Map, Node};

fn map(entries: impl IntoIterator<Item = (&'static str, Node)>) -> Node {
    Node::Map(Map { entries: entries.into_iter().map(|(key, node)| (key.into(), node)).collect() })
}

fn text(node: &Node) -> String {
    let mut out = Vec::new();
    write(node, &mut out);
    String::from_utf8(out).unwrap()
}

fn scalar(value: &str) -> String {
    text(&map([("v", Node::string(value))])).strip_prefix("v: ").unwrap().strip_suffix('\n').unwrap().into()
}

#[test]
fn an_object_is_laid_out_as_kubectl_does() {
    let container = map([
        ("name", Node::string("web")),
        ("args", Node::List(vec![Node::string("--port=80"), Node::string("-c"), Node::string("on")])),
        ("env", Node::List(vec![])),
        ("resources", map([("limits", map([("memory", Node::string("1Gi")), ("cpu", Node::string("2"))]))])),
        ("matrix", Node::List(vec![Node::List(vec![Node::Integer(1), Node::Integer(-20)]), Node::Null, map([])])),
    ]);
    let node = map([
        ("apiVersion", Node::string("v1")),
        ("metadata", map([("name", Node::string("web")), ("labels", map([]))])),
        ("spec", map([("containers", Node::List(vec![container])), ("hostNetwork", Node::Boolean(false))])),
        ("data", map([("run.sh", Node::string("#!/bin/sh\n\n  echo hi\n")), ("ratio", Node::Float(0.5))])),
    ]);
    assert_eq!(
        text(&node),
        "\
apiVersion: v1
metadata:
  name: web
  labels: {}
spec:
  containers:
  - name: web
    args:
    - --port=80
    - -c
    - \"on\"
    env: []
    resources:
      limits:
        memory: 1Gi
        cpu: \"2\"
    matrix:
    - - 1
      - -20
    - null
    - {}
  hostNetwork: false
data:
  run.sh: |
    #!/bin/sh

      echo hi
  ratio: 0.5
"
    );
}

#[test]
fn documents_are_separated_not_opened() {
    let documents = [map([("a", Node::Integer(1))]), Node::Null, Node::string("x\ny")];
    let mut out = Vec::new();
    write_documents(&[], &mut out);
    assert_eq!(out, b"");
    write_documents(&documents, &mut out);
    assert_eq!(out, b"a: 1\n---\nnull\n---\n\"x\\ny\"\n");
}

#[test]
fn what_could_be_read_as_something_else_is_quoted() {
    for value in [
        "",
        "~",
        "null",
        "NULL",
        "y",
        "Y",
        "n",
        "no",
        "No",
        "on",
        "OFF",
        "true",
        "False",
        "0",
        "-1",
        "+1",
        "0x1f",
        "0X1F",
        "1_000",
        "05154016",
        "1e3",
        "12:30",
        "12:30:45",
        "0b1",
        "0o7",
        "1.2.3",
        "2026-11-23",
        "2026-11-23T10:00:00Z",
        ".inf",
        "-.INF",
        ".5",
        ".nan",
        "=",
        "<<",
        "-",
        "--",
        "---",
        "...",
        "?",
        ":",
        "? x",
        "- x",
        "a: b",
        "a:",
        "a #b",
        "#a",
        " a",
        "a ",
        "\t",
        "!a",
        "&a",
        "*a",
        "|",
        ">",
        "'a'",
        "\"a\"",
        "%a",
        "@a",
        "`a`",
        "{a}",
        "[a]",
        ",",
        "10.43.0.10",
        "3e5f",
        "a\tb",
        "a\rb",
        "\u{85}",
        "\u{feff}a",
        "a\u{2028}b",
        "\u{7f}",
        "a\u{a0}b",
        "a\u{202e}b",
    ] {
        assert!(scalar(value).starts_with('"'), "{value:?} is {}", scalar(value));
    }
}

#[test]
fn common_strings_of_manifests_stay_plain() {
    for value in [
        "web",
        "apps/v1",
        "10Gi",
        "500m",
        "10.42.0.0/16",
        "15 * * * *",
        "https://a.example/b?c=d#e",
        "docker.io/a/b:v1@sha256:0f",
        "Stadt Goch",
        "Übach-Palenberg",
        "/bin/sh",
        "-c",
        "--port=80",
        "$(POD_IP)",
        "./run",
        ".example",
        "a#b",
        "a:b",
        "^/api(/|$)(.*)",
        "_acme",
        "nope",
        "100%",
        "Kreis Kleve – Nord",
        "yes, sir",
        "🚀",
    ] {
        assert_eq!(scalar(value), value);
    }
}

#[test]
fn texts_of_several_lines_are_literal_where_that_is_safe() {
    assert_eq!(scalar("a\nb"), "|-\n  a\n  b");
    assert_eq!(scalar("a\nb\n"), "|\n  a\n  b");
    assert_eq!(scalar("a\n\n"), "|+\n  a\n");
    assert_eq!(scalar("a\n\n\n"), "|+\n  a\n\n");
    assert_eq!(scalar("a\n  b\n\n\tc"), r#""a\n  b\n\n\tc""#);
    assert_eq!(scalar("a\nb\tc"), "|-\n  a\n  b\tc");
    for value in ["\na", " a\nb", "\ta\nb", "a\n \nb", "a\r\nb", "a\n\u{2028}", "\n", "a\n\u{0}"] {
        assert!(scalar(value).starts_with('"'), "{value:?} is {}", scalar(value));
    }
}

#[test]
fn escapes_are_those_of_every_reader() {
    assert_eq!(
        scalar("\u{0}\u{1b}\t\r\"\\\u{85}\u{2028}\u{feff}\u{fffe}\u{e0001}"),
        r#""\u0000\u001b\t\r\"\\\u0085\u2028\ufeff\ufffe\U000e0001""#
    );
}

#[test]
fn numbers_keep_their_kind() {
    let float = |number| text(&Node::Float(number));
    assert_eq!(float(1.0), "1.0\n");
    assert_eq!(float(1e21), "1.0e+21\n");
    assert_eq!(float(-2.5e-9), "-2.5e-9\n");
    assert_eq!(float(f64::NEG_INFINITY), "-.inf\n");
    assert_eq!(float(f64::NAN), ".nan\n");
    assert_eq!(text(&Node::Integer(i64::MIN)), "-9223372036854775808\n");
    assert_eq!(text(&Node::Integer(0)), "0\n");
}

#[test]
fn a_long_key_is_an_explicit_one() {
    let key: &'static str = "k".repeat(2000).leak();
    let long = text(&map([("a", map([(key, map([("b", Node::Integer(1))]))]))]));
    assert_eq!(long, format!("a:\n  ? {key}\n  :\n    b: 1\n"));
}

#[derive(serde::Deserialize)]
struct Read {
    list: (String, BTreeMap<String, String>),
}

proptest! {
    #![proptest_config(proptest::test_runner::Config { failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_reader_of_yaml_1_2_takes_every_text_back(
        key in "\\PC{0,12}|[ -~\\n\\t]{0,12}",
        value in "\\PC{0,24}|[ -~\\n\\t\u{80}-\u{a0}\u{2020}-\u{2030}]{0,24}",
    ) {
        let entry = Node::Map(Map { entries: vec![(key.as_str().into(), Node::string(&value))] });
        let list = Node::List(vec![Node::string(&value), entry]);
        let written = text(&map([("list", list)]));
        let read: Read = serde_saphyr::from_str(&written).map_err(|error| TestCaseError::fail(format!("{error}: {written}")))?;
        prop_assert_eq!(&read.list.0, &value);
        prop_assert_eq!(read.list.1.get(&key), Some(&value));
    }
}
