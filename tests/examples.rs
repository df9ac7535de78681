//! The examples: whole workspaces, compiled and compared with the real trees in `snapshots/examples/`.
//!
//! The snapshots are the files a build would write, at their paths, so that a review reads like a change of a deployed
//! tree. `UPDATE=1 cargo test examples` writes them; a file in `snapshots/` that no example gives is a failure.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use stadtplan::compile::{Compilation, Options, compile};
use stadtplan::diagnostic::Severity;
use stadtplan::source::{FileId, MemoryWorld};
use stadtplan::syntax::{self, Node};
use stadtplan::vocabulary::{NodeSpec, SERVICE_FILE, WORKSPACE};

use crate::support::parts::extension;
use crate::support::{invariants, marks, report, repository, snapshots, workspaces};

/// The example that is full of mistakes; it has findings instead of a tree.
const BROKEN: &str = "broken";

/// Examples too large to keep whole, and what is kept below their clusters, beside all locks: the trees of three tenants,
/// and of a Kreis with its schools one of them.
const KEPT_IN_PART: &[(&str, &[&str])] = &[(
    "krzn",
    &[
        "goch/",
        "krefeld/",
        "lippe-verband/",
        "_platform/30-logging/goch",
        "_platform/60-monitoring/goch",
        "kreis-kleve/moodle-fs-kleve/",
        "kreis-kleve/tenant/kreis-kleve-moodle-fs-kleve.yaml",
    ],
)];

/// The day on which dated facts of the examples are judged.
const TODAY: &str = "2026-11-23";

#[test]
fn every_example_gives_its_tree() {
    let mut faults = String::new();
    for name in names() {
        let (world, compilation) = compiled(&name);
        let mut expected = BTreeMap::new();
        if compilation.findings.iter().any(|finding| finding.severity == Severity::Error) {
            let _ = writeln!(faults, "examples/{name} does not compile:\n{}", report::short(&compilation));
            continue;
        }
        for (path, file) in compilation.output.iter().flat_map(|tree| &tree.files) {
            if is_kept(&name, path) {
                expected.insert(path.clone(), file.bytes.clone());
            }
        }
        faults.push_str(&snapshots::compare(&format!("snapshots/examples/{name}"), None, &expected));
        for fault in invariants::broken(&world, &Options::default(), &compilation) {
            let _ = writeln!(faults, "examples/{name}: {fault}");
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn the_broken_example_gives_each_of_its_marks_and_nothing_else() {
    let (world, compilation) = compiled(BROKEN);
    let marks = marks::read(&workspaces::parts(BROKEN)).unwrap();
    let found = report::findings(&compilation);
    let (missing, unexpected) = marks::differences(&marks, &found);
    let mut faults = String::new();
    for mark in missing {
        let _ = writeln!(faults, "expected and not found: {mark}");
    }
    for found in unexpected {
        let _ = writeln!(faults, "found and not expected: {found}");
    }
    for fault in invariants::broken(&world, &Options::default(), &compilation) {
        let _ = writeln!(faults, "{fault}");
    }
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn the_broken_example_is_reported_as_recorded() {
    let (_, compilation) = compiled(BROKEN);
    let expected = BTreeMap::from([("broken.txt".to_owned(), report::short(&compilation).into_bytes())]);
    let faults = snapshots::compare("snapshots/examples", Some("broken.txt"), &expected);
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn no_snapshot_is_without_its_example() {
    let examples = names();
    let owned = |path: &str| {
        path == "broken.txt" || path.split_once('/').is_some_and(|(name, _)| examples.iter().any(|known| known == name))
    };
    let forgotten: Vec<String> =
        repository::files("snapshots/examples").into_iter().filter(|path| !owned(path)).collect();
    assert!(forgotten.is_empty(), "snapshots/examples has files of no example: {forgotten:?}");
}

/// `examples/every-node` is the language on a few pages: each node and each setting that may stand in a spec.
#[test]
fn the_example_of_every_node_leaves_none_out() {
    let mut written = BTreeSet::new();
    for part in workspaces::parts("every-node").iter().filter(|part| extension(&part.path) == "kdl") {
        let (tree, _) = syntax::parse(FileId(0), part.text.as_str().into());
        let root = if part.path.ends_with("service.kdl") { &SERVICE_FILE } else { &WORKSPACE };
        for node in tree.nodes() {
            note_written(node, root, &mut written);
        }
    }
    let mut all = BTreeSet::new();
    for root in [&WORKSPACE, &SERVICE_FILE] {
        note_declared(root, &mut all);
    }
    let left_out: Vec<&(&str, &str)> = all.difference(&written).collect();
    assert!(left_out.is_empty(), "examples/every-node lacks these, each after the node it stands in: {left_out:?}");
}

/// Each child and setting of a node, with the node it stands in.
fn note_declared(node: &'static NodeSpec, all: &mut BTreeSet<(&'static str, &'static str)>) {
    all.extend(node.names_inside().map(|name| (node.name, name)));
    for child in node.children {
        note_declared(child.node, all);
    }
}

fn note_written(node: Node<'_>, place: &'static NodeSpec, written: &mut BTreeSet<(&'static str, &'static str)>) {
    let name = node.name();
    if let Some(setting) = place.setting(&name) {
        written.insert((place.name, setting.name));
    }
    let Some(child) = place.child(&name) else { return };
    written.insert((place.name, child.node.name));
    for property in node.entries().filter_map(syntax::Entry::name) {
        written.extend(child.node.setting(&property.value).map(|setting| (child.node.name, setting.name)));
    }
    for inner in node.children().into_iter().flatten() {
        note_written(inner, child.node, written);
    }
}

/// The examples that compile.
fn names() -> Vec<String> {
    workspaces::names().into_iter().filter(|name| name != BROKEN).collect()
}

fn compiled(name: &str) -> (MemoryWorld, Compilation) {
    let mut world = MemoryWorld::new(workspaces::files(name));
    world.today = Some(TODAY.to_owned());
    let compilation = compile(&world, &Options::default());
    (world, compilation)
}

fn is_kept(name: &str, path: &str) -> bool {
    match KEPT_IN_PART.iter().find(|(example, _)| *example == name) {
        None => true,
        Some((_, kept)) => {
            let below = path.split_once('/').map_or("", |(_, below)| below);
            path.ends_with("stadtplan.lock") || kept.iter().any(|beginning| below.starts_with(beginning))
        }
    }
}
