//! Outside witnesses of the YAML writer: the reader of Kubernetes itself, and the strictest reader of YAML 1.1.
//!
//! The test writes a corpus of strings, each as a value, in lists and maps, and as keys, lets the Go program in
//! `go/` and the Python program `read.py` read it, and fails where a string does not come back as it was. It needs
//! Debian's `golang-go`, `golang-k8s-sigs-yaml-dev` and `python3-yaml`. Without them it says so and passes, except where
//! `CI` is set: there a missing witness is a failure.

#![expect(clippy::disallowed_methods, reason = "a witness reads files, so they have to be written")]

mod corpus;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use stadtplan::object::{Map, Node};
use stadtplan::output::yaml;

/// Where Debian puts the sources of Go libraries.
const GO_PATH: &str = "/usr/share/gocode";

#[test]
fn kubernetes_own_reader_takes_every_string_back() {
    let Some(program) = go_program() else { return };
    let corpus = write_corpus("go", &corpus::all());
    judge("the Go reader", Command::new(program).args(&corpus).output());
}

#[test]
fn a_strict_reader_of_yaml_1_1_takes_every_string_back() {
    let available = Command::new("python3").args(["-c", "import yaml"]).output().is_ok_and(|it| it.status.success());
    if !available {
        skip("python3 with the module yaml (Debian: python3-yaml)");
        return;
    }
    // It reads ten times as slowly as the one in Go.
    let corpus = write_corpus("python", &corpus::listed());
    let reader = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/witness/read.py");
    judge("the Python reader", Command::new("python3").arg(reader).args(&corpus).output());
}

#[test]
fn the_corpus_is_as_large_as_promised() {
    let (tricky, all) = (corpus::tricky().len(), corpus::all().len());
    say(&format!("{tricky} tricky strings, {} generated ones", all - tricky));
    assert!(tricky >= 300);
    assert!(all - tricky >= 100_000);
}

/// Builds the Go program, offline, from Debian's packages.
fn go_program() -> Option<PathBuf> {
    if !Path::new(GO_PATH).join("src/sigs.k8s.io/yaml").is_dir()
        || !Command::new("go").arg("version").output().is_ok_and(|it| it.status.success())
    {
        skip("go and sigs.k8s.io/yaml (Debian: golang-go golang-k8s-sigs-yaml-dev)");
        return None;
    }
    let program = folder().join("witness-go");
    let built = Command::new("go")
        .args(["build", "-o"])
        .arg(&program)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/witness/go"))
        .env("GO111MODULE", "off")
        .env("GOPATH", GO_PATH)
        .env("GOFLAGS", "")
        .env("GOCACHE", folder().join("go-cache"))
        .output()
        .expect("go has just answered");
    assert!(built.status.success(), "the Go reader does not build: {}", String::from_utf8_lossy(&built.stderr));
    Some(program)
}

/// Writes the stream of documents and what they have to read back as; a reader each, as tests run side by side.
fn write_corpus(name: &str, strings: &[String]) -> [PathBuf; 2] {
    let (mut documents, mut expected) = (Vec::new(), String::new());
    for text in strings {
        for node in [value_document(text), key_document(text)] {
            writeln!(expected, "{}", json(&node)).expect("a string takes everything");
            documents.push(node);
        }
    }
    let paths = ["yaml", "jsonl"].map(|extension| folder().join(format!("{name}.{extension}")));
    let mut stream = Vec::new();
    yaml::write_documents(&documents, &mut stream);
    fs::write(&paths[0], stream).expect("the folder was just made");
    fs::write(&paths[1], expected).expect("the folder was just made");
    paths
}

/// The string wherever a value can stand.
fn value_document(text: &str) -> Node {
    let string = || Node::string(text);
    map([
        ("value", string()),
        (
            "list",
            Node::List(vec![string(), Node::List(vec![string(), string()]), map([("a", string()), ("b", string())])]),
        ),
        ("deep", map([("deep", map([("value", string())]))])),
        ("end", string()),
    ])
}

/// The string wherever a key can stand, at the start of the document first.
fn key_document(text: &str) -> Node {
    map([(
        text,
        map([(
            text,
            Node::List(vec![map([(text, Node::Integer(1))]), map([("a", Node::Null), (text, map([(text, map([]))]))])]),
        )]),
    )])
}

fn map<const N: usize>(entries: [(&str, Node); N]) -> Node {
    let mut map = Map::new();
    for (key, node) in entries {
        map.set(key, node);
    }
    Node::Map(map)
}

fn json(node: &Node) -> serde_json::Value {
    match node {
        Node::Null => serde_json::Value::Null,
        Node::Boolean(value) => (*value).into(),
        Node::Integer(value) => (*value).into(),
        Node::Float(value) => (*value).into(),
        Node::String(text) => text.as_str().into(),
        Node::List(list) => list.iter().map(json).collect(),
        Node::Map(map) => map.entries.iter().map(|(key, node)| (key.to_string(), json(node))).collect(),
    }
}

fn judge(reader: &str, output: std::io::Result<Output>) {
    let output = output.expect("the reader starts");
    let text = String::from_utf8_lossy(&output.stdout);
    let shown: String = text.chars().take(4000).collect();
    assert!(
        output.status.success(),
        "{reader} does not take every string back:\n{shown}\n{}\n{}",
        text.lines().last().unwrap_or_default(),
        String::from_utf8_lossy(&output.stderr)
    );
    say(&format!("{reader}: {}", text.trim_end()));
}

fn skip(needed: &str) {
    let in_pipeline = std::env::var_os("CI").is_some_and(|value| !matches!(value.to_str(), Some("" | "0" | "false")));
    assert!(!in_pipeline, "CI is set and the witness is missing: {needed}");
    say(&format!("SKIPPED, needs {needed}"));
}

#[expect(clippy::print_stderr, reason = "a witness that was not heard must be seen in the report")]
fn say(text: &str) {
    eprintln!("{text}");
}

fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("witness");
    fs::create_dir_all(&folder).expect("cargo gives a folder to write to");
    folder
}
