//! Our reader of KDL against the official conformance suite, and against the official reader.
//!
//! The suite comes with the `kdl` crate and is read from where cargo keeps it, so that nothing of it is copied here.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/reference.rs"]
mod reference;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use proptest::prelude::*;
use reference::{agrees_with_reference, our_meaning, reference_meaning};

/// Cases of the suite that the language has since decided the other way: a `/-` needs no white space before it.
const DECIDED_OTHERWISE: &[&str] = &["zero_space_before_slashdash_arg_fail.kdl"];

/// Cases that the `kdl` crate itself accepts though the suite it ships says otherwise.
const REFERENCE_ACCEPTS: &[&str] = &["multiline_raw_string_single_line_err_fail.kdl", "unicode_delete_fail.kdl"];

#[test]
fn conformance_suite_is_accepted_and_refused_as_it_says() {
    let mut wrong = Vec::new();
    for (name, text) in suite("input") {
        let refused = our_meaning(&text).is_err();
        let expected = name.ends_with("_fail.kdl") && !DECIDED_OTHERWISE.contains(&name.as_str());
        if refused != expected {
            wrong.push(format!("{name}: {:?}\n{text}", our_meaning(&text)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn conformance_suite_means_what_it_says() {
    let expected: BTreeMap<String, String> = suite("expected_kdl").into_iter().collect();
    let mut wrong = Vec::new();
    let mut compared = 0;
    for (name, text) in suite("input") {
        let Some(expected) = expected.get(&name) else { continue };
        compared += 1;
        let (ours, expected) = (our_meaning(&text), our_meaning(expected));
        if ours != expected {
            wrong.push(format!("{name}:\n{ours:#?}\nexpected\n{expected:#?}"));
        }
    }
    assert!(compared > 200, "only {compared} expectations were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn conformance_suite_means_the_same_to_the_reference() {
    let mut wrong = Vec::new();
    for (name, text) in suite("input") {
        if DECIDED_OTHERWISE.contains(&name.as_str()) {
            continue;
        }
        if let Err(difference) = agrees_with_reference(&text) {
            wrong.push(format!("{name}: {difference}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn reference_refuses_what_we_refuse() {
    let mut wrong = Vec::new();
    for (name, text) in suite("input") {
        if our_meaning(&text).is_err() && reference_meaning(&text).is_ok() {
            wrong.push(name);
        }
    }
    wrong.sort();
    assert_eq!(wrong, REFERENCE_ACCEPTS);
}

/// Documents of a few tokens, most of them almost KDL. A `/-` has a blank before it: the reference still asks for one.
fn soup() -> impl Strategy<Value = String> {
    let bit = prop::sample::select(vec![
        "a",
        "b",
        "1",
        "-1",
        "1.5e3",
        "0x1f",
        "1_0",
        "#true",
        "#null",
        "#inf",
        "\"s\"",
        "\"\\n\\u{e4}\"",
        "#\"r\\\"#",
        "\"\"\"\n  x\n y\n \"\"\"",
        "(t)",
        "( t )",
        "k=",
        "k = ",
        "{",
        "}",
        "{ c; }",
        ";",
        " /-",
        "// c\n",
        "/* c */",
        " ",
        " ",
        " ",
        "\t",
        "\n",
        "\r\n",
        "\n\n",
        "\\\n",
        "\\ // c\n",
        "\u{a0}",
        "\u{2028}",
        "ä",
        "-",
        "--x",
        ".",
        "+.",
        "'",
        "=",
        "\"",
        "\"\"",
        "\"\"\"",
        "#",
        "true",
        "inf",
        "1x",
        ".5",
        "é=2",
        "\u{feff}",
        "\\",
    ]);
    prop::collection::vec(bit, 0..12).prop_map(|bits| bits.concat())
}

/// Where the reference is known to be wrong: it refuses `/-a;`, and accepts `{ a; }b`, `inf` as a name, `/-#truex`,
/// and `#""""s""#`.
fn is_doubtful(text: &str) -> bool {
    text.contains("/-") || text.contains('}') || text.contains("inf") || text.contains("#\"\"\"")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn small_documents_mean_the_same_to_the_reference(text in soup()) {
        let is_refused_wrongly = text.contains("/-") && text.contains(';');
        if !is_refused_wrongly && let Err(difference) = agrees_with_reference(&text) {
            prop_assert!(false, "{:?}: {}", text, difference);
        }
    }

    #[test]
    fn small_documents_are_refused_by_both(text in soup()) {
        if !is_doubtful(&text) && reference_meaning(&text).is_ok() && let Err(findings) = our_meaning(&text) {
            prop_assert!(false, "{:?}: {:?}", text, findings);
        }
    }
}

/// The files of a folder of the suite.
fn suite(folder: &str) -> Vec<(String, String)> {
    static SUITE: LazyLock<PathBuf> = LazyLock::new(find_suite);
    let mut files: Vec<(String, String)> = walkdir::WalkDir::new(SUITE.join(folder))
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let mut text = String::new();
            File::open(entry.path()).unwrap().read_to_string(&mut text).unwrap();
            (entry.file_name().to_string_lossy().into_owned(), text)
        })
        .collect();
    files.sort();
    assert!(files.len() > 200, "the suite has {} files", files.len());
    files
}

/// Where cargo keeps the suite. Only this platform is asked for: the packages of others need not be there offline.
fn find_suite() -> PathBuf {
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let metadata = cargo(&[
        "metadata",
        "--format-version",
        "1",
        "--offline",
        "--filter-platform",
        host,
        "--manifest-path",
        manifest,
    ]);
    let metadata: serde_json::Value = serde_json::from_str(&metadata).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let kdl = packages.iter().find(|package| package["name"] == "kdl").unwrap();
    Path::new(kdl["manifest_path"].as_str().unwrap()).with_file_name("tests").join("test_cases")
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(arguments).output().expect("cargo runs this test, so it is there");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
