//! The house rules that no compiler checks, read from the sources as text.
//!
//! A module imports only what `lib.rs` lists above it, files stay small and say why they exist, Kubernetes objects are
//! described in `stdlib/` and not in Rust, every code has its page, and lists are sorted. Each test names the lines.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use stadtplan::diagnostic::codes;

use crate::support::parts::extension;
use crate::support::{repository, workspaces};

/// No file is longer; most are half of it.
const MOST_LINES: usize = 600;

/// No template of the standard library is longer: an operator reads it on one screen.
const MOST_TEMPLATE_LINES: usize = 80;

/// What does not stay in a committed source.
const NOT_COMMITTED: &[&str] = &["TO\u{44}O", "FIX\u{4d}E", "XX\u{58}", "dbg\u{21}(", "HAC\u{4b}", "Lorem ips\u{75}m"];

/// Where Rust may name versions and kinds of Kubernetes: their schemas, the metadata added to every object, the files
/// of the delivery, and the checks that read objects.
const MAY_NAME_KINDS: &[&str] = &["src/kinds/", "src/lower/", "src/output/", "src/check/", "src/template/"];

/// Kinds of objects that only templates create.
const KINDS: &[&str] = &[
    "ConfigMap",
    "CronJob",
    "DaemonSet",
    "Deployment",
    "LimitRange",
    "NetworkPolicy",
    "PersistentVolumeClaim",
    "ResourceQuota",
    "RoleBinding",
    "ServiceAccount",
    "StatefulSet",
    "StorageClass",
];

/// The whole top level of the repository.
const TOP_LEVEL: &[&str] = &[
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "benches",
    "clippy.toml",
    "deny.toml",
    "examples",
    "out",
    "rustfmt.toml",
    "snapshots",
    "src",
    "stdlib",
    "target",
    "tests",
];

#[test]
fn a_module_imports_only_modules_above_it() {
    let order = modules();
    let rank = |name: &str| order.iter().position(|module| module == name);
    let mut faults = String::new();
    for source in sources() {
        let Some(own) = rank(&source.module()) else { continue };
        for (line, target) in source.edges() {
            if rank(&target).is_some_and(|target| target > own) {
                let _ = writeln!(
                    faults,
                    "{}:{line}: `{}` imports `{target}`, which src/lib.rs lists below it (line {} before line {})",
                    source.path,
                    source.module(),
                    line_of_module(&source.module()),
                    line_of_module(&target),
                );
            }
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn the_map_in_lib_rs_lists_each_module() {
    let mut listed = modules();
    listed.sort();
    let mut present = workspaces::folders("src");
    let files = repository::files("src");
    let single =
        files.iter().filter(|path| !path.contains('/') && !matches!(path.as_str(), "lib.rs" | "main.rs" | "build.rs"));
    present.extend(single.map(|path| path.trim_end_matches(".rs").to_owned()));
    present.sort();
    assert_eq!(listed, present, "src/lib.rs lists the modules on the left, src/ has those on the right");
}

#[test]
fn files_are_short() {
    let mut long: Vec<(usize, String)> =
        sources().into_iter().map(|source| (source.text.lines().count(), source.path)).collect();
    long.sort_by(|a, b| b.cmp(a));
    let worst: Vec<&(usize, String)> = long.iter().take(10).collect();
    assert!(
        long.first().is_none_or(|(lines, _)| *lines <= MOST_LINES),
        "over {MOST_LINES} lines; the longest: {worst:#?}"
    );
}

#[test]
fn files_open_with_the_reason_they_exist() {
    let lacking: Vec<String> =
        sources().into_iter().filter(|it| !it.is_test() && !it.text.starts_with("//! ")).map(|it| it.path).collect();
    assert!(lacking.is_empty(), "these do not open with `//!`: {lacking:#?}");
}

#[test]
fn nothing_unfinished_is_committed() {
    let mut faults = String::new();
    for folder in ["src", "stdlib", "tests", "benches", "examples"] {
        for path in repository::files(folder) {
            let place = format!("{folder}/{path}");
            let text = String::from_utf8_lossy(&repository::bytes(&place)).into_owned();
            for (at, line) in text.lines().enumerate() {
                for word in NOT_COMMITTED.iter().filter(|word| line.contains(**word)) {
                    let _ = writeln!(faults, "{place}:{}: `{word}`", at + 1);
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn objects_are_described_in_stdlib_and_not_in_rust() {
    let mut faults = String::new();
    for source in sources() {
        if MAY_NAME_KINDS.iter().any(|place| source.path.starts_with(place)) {
            continue;
        }
        for (line, code) in source.code() {
            for literal in literals(code) {
                if KINDS.contains(&literal) || is_api_version(literal) {
                    let _ =
                        writeln!(faults, "{}:{line}: the literal \"{literal}\" belongs into a template", source.path);
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn every_code_has_its_page_and_every_page_its_code() {
    let files = repository::files("src/diagnostic/pages");
    let mut pages: Vec<&str> = files.iter().map(|path| path.trim_end_matches(".md")).collect();
    pages.sort_unstable();
    let named: Vec<&str> = codes::ALL.iter().map(|code| code.name).collect();
    assert_eq!(named, pages, "codes, sorted by name, on the left; pages on the right");
}

#[test]
fn every_code_has_a_case() {
    let mut expected = String::new();
    for path in repository::files("tests/cases") {
        expected.push_str(&repository::text(&format!("tests/cases/{path}")));
    }
    let said = |name: &str| ["error", "warning"].iter().any(|word| has_mark(&expected, &format!("{word} {name}")));
    let without: Vec<&str> = codes::ALL.iter().map(|code| code.name).filter(|name| !said(name)).collect();
    assert!(without.is_empty(), "no case in tests/cases expects these: {without:?}");
}

/// Whether a mark says this, and not only something that begins alike.
fn has_mark(text: &str, said: &str) -> bool {
    text.match_indices(said)
        .any(|(at, _)| matches!(text.as_bytes().get(at + said.len()), None | Some(b':' | b'\n' | b' ')))
}

#[test]
fn codes_read_well_and_each_is_used() {
    let all: String =
        sources().into_iter().filter(|source| !source.path.ends_with("code.rs")).map(|source| source.text).collect();
    let mut faults = String::new();
    for code in codes::ALL {
        let constant = code.name.replace('-', "_").to_uppercase();
        if !all.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|word| word == constant) {
            let _ = writeln!(faults, "{}: no source says `{constant}`", code.name);
        }
        if !code.name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-') || code.name.starts_with("no-")
        {
            let _ = writeln!(faults, "{}: a code is a kebab-case noun of the problem", code.name);
        }
        if code.summary.ends_with('.') || code.summary.starts_with(char::is_uppercase) {
            let _ = writeln!(faults, "{}: the summary is lower case without a full stop", code.name);
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn templates_of_the_standard_library_fit_on_a_screen() {
    let long: Vec<(usize, String)> = repository::files("stdlib")
        .into_iter()
        .filter(|path| extension(path) == "yaml" && !path.starts_with("kinds/"))
        .map(|path| (repository::text(&format!("stdlib/{path}")).lines().count(), path))
        .filter(|(lines, _)| *lines > MOST_TEMPLATE_LINES)
        .collect();
    assert!(long.is_empty(), "over {MOST_TEMPLATE_LINES} lines: {long:#?}");
}

#[test]
fn every_operator_that_the_library_asks_for_is_listed() {
    let facts = repository::text("stdlib/baseline/workloads.kdl");
    let listed = facts.lines().find_map(|line| line.strip_prefix("operators ")).expect("the operators");
    let listed: Vec<&str> = listed.split(' ').collect();
    let mut asked = 0;
    for path in repository::files("stdlib") {
        let text = repository::text(&format!("stdlib/{path}"));
        let required = text.lines().filter_map(|line| line.trim_start().strip_prefix("requires ")?.split(' ').next());
        let required = required.filter(|name| !["ingress", "network"].contains(name));
        let seen = text.match_indices("' in cluster.provides").filter_map(|(at, _)| text[..at].rsplit('\'').next());
        for name in required.chain(seen).map(|name| name.replace('_', "-")) {
            assert!(
                listed.contains(&name.as_str()),
                "`{name}` is not among the `operators` of `workloads.kdl`: {path}"
            );
            asked += 1;
        }
    }
    assert!(asked > listed.len());
}

#[test]
fn dependencies_are_sorted() {
    let manifest = repository::text("Cargo.toml");
    let mut sections: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut section = "";
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line;
        } else if let Some((name, _)) = line.split_once(" = ").filter(|_| section.ends_with("dependencies]")) {
            sections.entry(section).or_default().push(name);
        }
    }
    assert!(sections.len() >= 2, "Cargo.toml has lost its dependencies");
    for (section, names) in sections {
        assert!(names.is_sorted(), "{section} is not sorted: {names:?}");
    }
}

#[test]
fn the_top_level_has_nothing_but_what_is_agreed() {
    let files = walkdir::WalkDir::new(repository::path("")).min_depth(1).max_depth(1);
    let names = files.into_iter().filter_map(Result::ok).map(|entry| entry.file_name().to_string_lossy().into_owned());
    let strange: Vec<String> =
        names.filter(|name| !name.starts_with('.') && !TOP_LEVEL.contains(&name.as_str())).collect();
    assert!(strange.is_empty(), "at the top of the repository: {strange:?}");
}

/// A Rust file below `src/`.
struct Source {
    path: String,
    text: String,
}

impl Source {
    /// The top-level module it belongs to.
    fn module(&self) -> String {
        let inside = self.path.trim_start_matches("src/");
        inside.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned()
    }

    /// Whether it only tests the file beside it.
    fn is_test(&self) -> bool {
        self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }

    /// The lines of code with their numbers: without comments and without the tests at the end.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().take_while(|(_, line)| !self.is_test() && !opens_tests(line));
        lines.map(|(at, line)| (at + 1, without_comment(line)))
    }

    /// The modules it names from the crate's root, with the lines: `crate::x`, `crate::{x, y::z}`, `super::super::x`.
    fn edges(&self) -> Vec<(usize, String)> {
        let mut edges = Vec::new();
        let depth = self.depth();
        let code: Vec<(usize, &str)> = self.code().collect();
        let to_root = format!("{}{}", "super::".repeat(depth), if depth == 0 { "self::" } else { "" });
        for (at, (line, text)) in code.iter().enumerate() {
            for root in ["crate::", to_root.as_str()] {
                for (found, _) in text.match_indices(root) {
                    let before = text[..found].chars().next_back();
                    if before.is_some_and(|letter| letter.is_alphanumeric() || matches!(letter, '_' | ':' | '$')) {
                        continue;
                    }
                    let rest: String = std::iter::once(&text[found + root.len()..])
                        .chain(code[at + 1..].iter().take(40).map(|(_, text)| *text))
                        .collect::<Vec<&str>>()
                        .join(" ");
                    edges.extend(heads(&rest).into_iter().map(|name| (*line, name)));
                }
            }
        }
        edges
    }

    /// How many times `super` leads from this file to the crate's root.
    fn depth(&self) -> usize {
        let inside = self.path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
        if matches!(inside, "lib" | "main" | "build") { 0 } else { inside.split('/').count() }
    }
}

/// The first names of a path or of a braced list of paths.
fn heads(text: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        text.trim_start().chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
    };
    let Some(list) = text.strip_prefix('{') else { return vec![name(text)] };
    let mut depth = 0_usize;
    let mut start = 0;
    let mut heads = Vec::new();
    for (at, letter) in list.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => {
                heads.push(name(&list[start..at]));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                heads.push(name(&list[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    heads
}

fn sources() -> Vec<Source> {
    let read = |inside: String| {
        let path = format!("src/{inside}");
        Source { text: repository::text(&path), path }
    };
    repository::files("src").into_iter().filter(|path| extension(path) == "rs").map(read).collect()
}

/// The modules in the order of the map.
fn modules() -> Vec<String> {
    module_lines().map(|(_, name)| name).collect()
}

fn line_of_module(name: &str) -> usize {
    module_lines().find(|(_, module)| module == name).map_or(0, |(line, _)| line)
}

fn module_lines() -> impl Iterator<Item = (usize, String)> {
    let map = repository::text("src/lib.rs");
    let lines: Vec<(usize, String)> = map
        .lines()
        .enumerate()
        .filter_map(|(at, line)| {
            let name = line.strip_prefix("pub mod ").or_else(|| line.strip_prefix("mod "))?;
            Some((at + 1, name.trim_end_matches(';').to_owned()))
        })
        .collect();
    lines.into_iter()
}

fn opens_tests(line: &str) -> bool {
    line.starts_with("#[cfg(test)]")
}

/// The line up to its comment. A `//` in a string ends it too early, which hides nothing that matters here.
fn without_comment(line: &str) -> &str {
    let mut inside = false;
    let bytes = line.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'"' if at == 0 || bytes[at - 1] != b'\\' => inside = !inside,
            b'/' if !inside && bytes.get(at + 1) == Some(&b'/') => return &line[..at],
            _ => {}
        }
    }
    line
}

/// The texts in quotes on a line.
fn literals(line: &str) -> impl Iterator<Item = &str> {
    line.split('"').skip(1).step_by(2)
}

/// `v1`, `apps/v1`, `monitoring.coreos.com/v1beta1`.
fn is_api_version(text: &str) -> bool {
    let (group, version) = text.split_once('/').unwrap_or(("core", text));
    let Some(number) = version.strip_prefix('v') else { return false };
    let number = number.replacen("alpha", "", 1).replacen("beta", "", 1);
    !number.is_empty()
        && number.chars().all(|letter| letter.is_ascii_digit())
        && group.chars().all(|letter| letter.is_ascii_lowercase() || letter == '.' || letter == '-')
}
