//! The disk in a folder of its own for each test: whose files are touched, and what a killed build leaves.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::existing::{self, UNFINISHED};
use super::write::Plan;
use super::{DiskWorld, Options, Outcome, Problem, build, find_root};
use crate::output::OutputTree;
use crate::output::diff::{Reason, Scope, diff};
use crate::output::lock;
use crate::source::{FileError, World};

fn tree(files: &[(&str, &str)]) -> OutputTree {
    let files = files.iter().map(|(path, text)| ((*path).into(), text.as_bytes().to_vec())).collect();
    OutputTree::new(files, ["c/goch".into(), "c/kleve".into()])
}

fn before() -> OutputTree {
    tree(&[
        ("bootstrap.yaml", "b1"),
        ("c/goch/a/x", "x1"),
        ("c/goch/a/old", "o1"),
        ("c/goch/gone/y", "y1"),
        ("c/kleve/z", "z1"),
    ])
}

fn after() -> OutputTree {
    tree(&[("bootstrap.yaml", "b2"), ("c/goch/a/x", "x2 and longer"), ("c/goch/new/y", "y1"), ("c/kleve/z", "z1")])
}

/// A folder with a tree in it.
fn built(tree: &OutputTree) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    build(folder.path(), tree, &Options::default()).unwrap();
    folder
}

/// All files below a folder with their texts; also the hidden ones.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for entry in walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap).filter(|it| !it.file_type().is_dir()) {
        let name = entry.path().strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
        files.insert(name, fs::read_to_string(entry.path()).unwrap_or_default());
    }
    files
}

fn fresh(tree: &OutputTree) -> BTreeMap<String, String> {
    files(built(tree).path())
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn run(folder: &TempDir, tree: &OutputTree) -> Result<Outcome, Vec<Problem>> {
    build(folder.path(), tree, &Options::default())
}

fn forced() -> Options {
    Options { force: true, ..Options::default() }
}

fn checked() -> Options {
    Options { check: true, ..Options::default() }
}

fn reasons(problems: Vec<Problem>) -> Vec<(String, Reason)> {
    let reason = |problem| match problem {
        Problem::Refused(refusal) => (refusal.path, refusal.reason),
        other => panic!("{other:?}"),
    };
    problems.into_iter().map(reason).collect()
}

#[test]
fn a_tree_becomes_another_and_nothing_is_left_behind() {
    let folder = built(&before());
    let outcome = run(&folder, &after()).unwrap();
    assert_eq!(outcome.written, ["bootstrap.yaml", "c/goch/a/x", "c/goch/new/y"]);
    assert_eq!(outcome.removed, ["c/goch/a/old", "c/goch/gone/y"]);
    assert_eq!(outcome.locks, ["stadtplan.lock", "c/goch/stadtplan.lock"]);
    assert_eq!((outcome.unchanged, outcome.mended), (1, false));
    assert_eq!(files(folder.path()), fresh(&after()));
    assert!(!folder.path().join("c/goch/gone").exists());
}

#[test]
fn a_folder_stays_where_one_file_takes_the_place_of_the_other() {
    let folder = built(&tree(&[("c/goch/a/x", "1"), ("m/a/x", "1")]));
    let after = tree(&[("c/goch/a/y", "1"), ("m/a/y", "1")]);
    run(&folder, &after).unwrap();
    assert_eq!(files(folder.path()), fresh(&after));
}

#[test]
fn a_tenant_that_goes_takes_its_lock_along() {
    let folder = built(&before());
    let mut rest = tree(&[("bootstrap.yaml", "b1"), ("c/kleve/z", "z1")]);
    rest.lock_folders.remove("c/goch");
    let outcome = run(&folder, &rest).unwrap();
    assert_eq!(outcome.locks, ["c/goch/stadtplan.lock"]);
    assert!(!folder.path().join("c/goch").exists());
    assert!(folder.path().join("c/kleve/z").exists());
}

#[test]
fn a_tree_that_is_right_is_not_touched() {
    let folder = built(&before());
    let stamp = |path: &str| fs::metadata(folder.path().join(path)).unwrap().modified().unwrap();
    let stamps = [stamp("bootstrap.yaml"), stamp("stadtplan.lock"), stamp("c/goch/stadtplan.lock"), stamp("")];
    let outcome = run(&folder, &before()).unwrap();
    assert!(!outcome.differs(), "{outcome:?}");
    assert_eq!(outcome.unchanged, 5);
    assert_eq!(stamps, [stamp("bootstrap.yaml"), stamp("stadtplan.lock"), stamp("c/goch/stadtplan.lock"), stamp("")]);
}

#[test]
fn the_order_of_files_does_not_matter() {
    let mut shuffled: Vec<(String, Vec<u8>)> =
        after().files.into_iter().map(|(path, file)| (path, file.bytes)).collect();
    shuffled.reverse();
    let shuffled = OutputTree::new(shuffled, ["c/kleve".into(), "c/goch".into()]);
    assert_eq!(fresh(&shuffled), fresh(&after()));
}

#[test]
fn a_foreign_file_stops_the_build_before_anything_is_written() {
    let folder = built(&before());
    write(folder.path(), "c/goch/notes.txt", "mine");
    write(folder.path(), "c/goch/new/y", "mine too");
    let found = files(folder.path());
    let problems = reasons(run(&folder, &after()).unwrap_err());
    assert_eq!(problems, [("c/goch/new/y".into(), Reason::NotOurs), ("c/goch/notes.txt".into(), Reason::Foreign)]);
    assert_eq!(files(folder.path()), found);

    build(folder.path(), &after(), &forced()).unwrap();
    let mut expected = fresh(&after());
    expected.insert("c/goch/notes.txt".into(), "mine".into());
    assert_eq!(files(folder.path()), expected);
}

#[test]
fn a_folder_of_somebody_else_is_not_written_into() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "main.rs", "fn main() {}");
    assert_eq!(reasons(run(&folder, &after()).unwrap_err()), [("main.rs".into(), Reason::Foreign)]);
    assert_eq!(files(folder.path()).len(), 1);
}

#[test]
fn hidden_files_at_the_root_belong_to_git_and_stay() {
    let folder = built(&before());
    write(folder.path(), ".git/config", "x");
    write(folder.path(), ".gitattributes", "* -text");
    run(&folder, &after()).unwrap();
    assert!(folder.path().join(".git/config").exists());
    write(folder.path(), "c/.hidden", "x");
    assert_eq!(reasons(run(&folder, &after()).unwrap_err()), [("c/.hidden".into(), Reason::Foreign)]);
}

#[test]
fn an_edited_file_is_neither_overwritten_nor_removed() {
    let folder = built(&before());
    write(folder.path(), "c/goch/a/x", "by hand");
    write(folder.path(), "c/goch/gone/y", "by hand");
    let problems = reasons(run(&folder, &after()).unwrap_err());
    assert_eq!(problems, [("c/goch/a/x".into(), Reason::Edited), ("c/goch/gone/y".into(), Reason::Edited)]);
    build(folder.path(), &after(), &forced()).unwrap();
    assert_eq!(files(folder.path()), fresh(&after()));
}

#[test]
fn check_says_what_differs_and_writes_nothing() {
    let folder = built(&before());
    assert!(!build(folder.path(), &before(), &checked()).unwrap().differs());
    write(folder.path(), "c/kleve/z", "by hand");
    let found = files(folder.path());
    let outcome = build(folder.path(), &after(), &checked()).unwrap();
    assert!(outcome.differs());
    assert_eq!(outcome.refused.len(), 1);
    assert_eq!(outcome.written.len(), 3);
    assert_eq!(files(folder.path()), found);

    let nowhere = folder.path().join("nowhere");
    assert!(build(&nowhere, &after(), &checked()).unwrap().differs());
    assert!(!nowhere.exists());
}

#[test]
fn check_sees_a_lock_that_was_lost() {
    let folder = built(&before());
    fs::remove_file(folder.path().join("c/goch/stadtplan.lock")).unwrap();
    assert_eq!(build(folder.path(), &before(), &checked()).unwrap().locks, ["c/goch/stadtplan.lock"]);
    run(&folder, &before()).unwrap();
    assert_eq!(files(folder.path()), fresh(&before()));
}

#[test]
fn one_tenant_is_written_alone() {
    let folder = built(&before());
    write(folder.path(), "elsewhere", "foreign, and of no concern here");
    let options = Options { tenant: Some("goch".into()), ..Options::default() };
    let outcome = build(folder.path(), &after(), &options).unwrap();
    assert_eq!(outcome.written, ["c/goch/a/x", "c/goch/new/y"]);
    assert_eq!(outcome.locks, ["c/goch/stadtplan.lock"]);
    fs::remove_file(folder.path().join("elsewhere")).unwrap();
    assert_eq!(run(&folder, &after()).unwrap().written, ["bootstrap.yaml"]);
    assert_eq!(files(folder.path()), fresh(&after()));
}

#[test]
fn a_file_takes_the_place_of_a_folder_and_the_other_way_round() {
    let one = tree(&[("a", "file"), ("b/c/d", "deep"), ("e", "e")]);
    let other = tree(&[("a/x/y", "deep"), ("b", "file"), ("e", "e")]);
    let folder = built(&one);
    fs::create_dir_all(folder.path().join("b/c/empty")).unwrap();
    run(&folder, &other).unwrap();
    assert_eq!(files(folder.path()), fresh(&other));
    run(&folder, &one).unwrap();
    assert_eq!(files(folder.path()), fresh(&one));
}

#[test]
fn a_lock_that_cannot_be_read_is_no_empty_lock() {
    let folder = built(&before());
    for text in ["", "<<<<<<< HEAD\n", "# stadtplan: files owned here; edited by hand they are refused\nx\n"] {
        write(folder.path(), "c/goch/stadtplan.lock", text);
        for options in [Options::default(), forced(), checked()] {
            let problems = build(folder.path(), &after(), &options).unwrap_err();
            assert!(matches!(problems.as_slice(), [Problem::MalformedLock { .. }]), "{problems:?}");
            assert!(problems[0].path().ends_with("c/goch/stadtplan.lock"));
        }
        assert!(folder.path().join("c/goch/a/old").exists());
    }
}

/// Runs the first steps of a build and stops, as if it were killed there; at the third, half of the files are written
/// and the next one is cut off.
fn kill(folder: &Path, tree: &OutputTree, step: usize) {
    let reading = existing::read(folder, tree, &Scope::All).unwrap();
    let changes = diff(tree, &reading.existing, &Scope::All, false);
    assert_eq!(changes.refused, []);
    let half = changes.write.len() / 2;
    let (done, torn) = (changes.write[..half].to_vec(), changes.write.get(half).copied());
    let plan = Plan::new(folder, lock::locks(tree, &Scope::All), &reading, &Scope::All, changes);
    plan.begin().unwrap();
    if step >= 1 {
        plan.announce().unwrap();
    }
    if step >= 2 {
        plan.remove().unwrap();
    }
    if step == 3 {
        for file in done {
            write(folder, file.path, std::str::from_utf8(&file.file.bytes).unwrap());
        }
        if let Some(torn) = torn {
            write(folder, torn.path, std::str::from_utf8(&torn.file.bytes[..1]).unwrap());
        }
    }
    if step >= 4 {
        plan.write().unwrap();
    }
    if step >= 5 {
        plan.settle().unwrap();
    }
}

#[test]
fn a_killed_build_is_seen_and_mended_by_the_next() {
    for step in 0..=5 {
        for (from, to) in [(before(), after()), (after(), before()), (tree(&[]), before())] {
            let folder = if from.files.is_empty() { tempfile::tempdir().unwrap() } else { built(&from) };
            kill(folder.path(), &to, step);
            assert!(build(folder.path(), &to, &checked()).unwrap().differs(), "step {step}");
            let outcome = run(&folder, &to).unwrap_or_else(|problems| panic!("step {step}: {problems:?}"));
            assert!(outcome.mended, "step {step}");
            assert_eq!(files(folder.path()), fresh(&to), "step {step}");
            assert!(!folder.path().join(UNFINISHED).exists());
            assert!(!run(&folder, &to).unwrap().differs());
        }
    }
}

#[test]
fn a_killed_build_is_mended_also_by_another_spec_and_after_a_second_kill() {
    for first in [1, 2, 4, 5] {
        for second in [1, 2, 4, 5] {
            let folder = built(&before());
            kill(folder.path(), &after(), first);
            let third =
                tree(&[("bootstrap.yaml", "b3"), ("c/goch/a/x", "x3"), ("c/kleve/z", "z3"), ("c/kleve/a/x", "1")]);
            kill(folder.path(), &third, second);
            run(&folder, &before()).unwrap_or_else(|problems| panic!("steps {first}, {second}: {problems:?}"));
            assert_eq!(files(folder.path()), fresh(&before()));
        }
    }
}

#[test]
fn a_file_cut_off_at_its_start_is_removed_where_it_is_not_wanted_any_more() {
    let folder = built(&before());
    kill(folder.path(), &after(), 2);
    write(folder.path(), "c/goch/new/y", "");
    run(&folder, &before()).unwrap();
    assert_eq!(files(folder.path()), fresh(&before()));
}

#[test]
fn an_edit_is_refused_also_after_a_kill() {
    let folder = built(&before());
    kill(folder.path(), &after(), 1);
    write(folder.path(), "c/goch/a/x", "by hand");
    assert_eq!(reasons(run(&folder, &after()).unwrap_err()), [("c/goch/a/x".into(), Reason::Edited)]);
}

#[test]
fn a_tenant_alone_does_not_complete_a_killed_build_of_all() {
    let folder = built(&before());
    kill(folder.path(), &after(), 3);
    let options = Options { tenant: Some("kleve".into()), ..Options::default() };
    assert!(!build(folder.path(), &after(), &options).unwrap().mended);
    assert!(run(&folder, &after()).unwrap().mended);
    assert_eq!(files(folder.path()), fresh(&after()));
}

#[cfg(unix)]
#[test]
fn a_link_in_the_output_path_that_leads_outside_is_refused() {
    use std::os::unix::fs::symlink;

    let workspace = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let root = workspace.path();
    let options = Options { root: Some(root.into()), ..Options::default() };
    symlink(elsewhere.path(), root.join("out")).unwrap();
    symlink("/nowhere/at/all", root.join("dangling")).unwrap();
    for out in [root.join("out"), root.join("out/deeper"), root.join("dangling")] {
        let problems = build(&out, &after(), &options).unwrap_err();
        assert!(matches!(problems.as_slice(), [Problem::LeadsOutside { .. }]), "{problems:?}");
    }
    let problems = build(&root.join("out"), &after(), &Options::default()).unwrap_err();
    assert!(matches!(problems.as_slice(), [Problem::LeadsOutside { .. }]), "{problems:?}");
    assert!(files(elsewhere.path()).is_empty());

    // A link that stays inside is a matter of taste.
    fs::create_dir(root.join("real")).unwrap();
    symlink("real", root.join("inner")).unwrap();
    build(&root.join("inner"), &after(), &options).unwrap();
    assert!(root.join("real/bootstrap.yaml").is_file());
}

#[cfg(unix)]
#[test]
fn no_link_below_the_output_is_followed() {
    use std::os::unix::fs::symlink;

    let folder = built(&before());
    let elsewhere = tempfile::tempdir().unwrap();
    symlink(elsewhere.path(), folder.path().join("c/goch/new")).unwrap();
    symlink(elsewhere.path().join("x"), folder.path().join("c/dangling")).unwrap();
    for options in [Options::default(), forced(), checked()] {
        let problems = build(folder.path(), &after(), &options).unwrap_err();
        let paths: Vec<PathBuf> =
            problems.iter().map(|it| it.path().strip_prefix(folder.path()).unwrap().into()).collect();
        assert_eq!(paths, [Path::new("c/dangling"), Path::new("c/goch/new")]);
        assert!(problems.iter().all(|it| matches!(it, Problem::SymbolicLink { .. })));
    }
    assert!(files(elsewhere.path()).is_empty());
}

#[test]
fn an_output_that_is_a_file_is_one_problem() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "out", "a file");
    for out in [folder.path().join("out"), folder.path().join("out/deeper")] {
        let problems = build(&out, &after(), &Options::default()).unwrap_err();
        assert!(matches!(problems.as_slice(), [Problem::NotAFolder { .. }]), "{problems:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_refuses_is_one_problem_and_nothing_is_written() {
    // Nobody, not even root, creates a folder there.
    let problems = build(Path::new("/proc/stadtplan"), &after(), &Options::default()).unwrap_err();
    let [problem @ Problem::System { .. }] = problems.as_slice() else { panic!("{problems:?}") };
    assert!(problem.message().starts_with("cannot "), "{}", problem.message());
    assert!(problem.message().contains("`/proc"), "{}", problem.message());
    assert_eq!(problem.help(), Some("nothing was written"));
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written_is_seen_before_the_first_file() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = built(&before());
    let locked = folder.path().join("c/goch/a");
    let allow = |mode| fs::set_permissions(&locked, fs::Permissions::from_mode(mode)).unwrap();
    allow(0o555);
    let found = files(folder.path());
    let is_root = fs::write(locked.join("probe"), "").is_ok();
    let result = run(&folder, &after());
    allow(0o755);
    // Root may write everywhere.
    if !is_root {
        let problems = result.unwrap_err();
        assert_eq!(problems[0].path(), locked);
        assert_eq!(problems[0].help(), Some("nothing was written"));
        assert_eq!(files(folder.path()), found);
    }
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_seen_before_the_first_file() {
    let folder = tempfile::tempdir().unwrap();
    let needs = super::room::Needs { lengths: vec![u64::MAX / 4], ..super::room::Needs::default() };
    let problem = super::room::prove(folder.path(), &needs).unwrap_err();
    assert!(matches!(problem, Problem::NoRoom { what: "bytes", .. }), "{problem:?}");
}

#[test]
fn the_workspace_is_what_the_rules_say() {
    let folder = tempfile::tempdir().unwrap();
    for path in [
        "stadtplan.kdl",
        "a-b.kdl",
        "a/x.kdl",
        "a/b/y.csv",
        "target/tenant.kdl",
        ".git/config",
        ".hidden",
        "a/.hidden/x.kdl",
        "out/bootstrap.yaml",
        "other-out/stadtplan.lock",
        "other-out/x.yaml",
        "a/nested/stadtplan.kdl",
        "a/nested/deep/x.kdl",
        "node_modules/m/x.kdl",
        "build/CACHEDIR.TAG",
        "build/x.kdl",
    ] {
        write(folder.path(), path, "x");
    }
    let world = DiskWorld::open(folder.path(), Path::new("out")).unwrap();
    assert_eq!(world.files(), ["a-b.kdl", "a/b/y.csv", "a/x.kdl", "stadtplan.kdl", "target/tenant.kdl"]);
    assert_eq!(world.problems(), []);
    assert_eq!(world.read("a/x.kdl"), Ok(b"x".to_vec()));
    for path in ["nothing", "out/bootstrap.yaml", "../secret", "a/../a/x.kdl", "/etc/passwd"] {
        assert_eq!(world.read(path), Err(FileError::NotFound), "{path}");
    }
    assert_eq!(find_root(&folder.path().join("a/b")), Some(folder.path().to_owned()));
    assert_eq!(find_root(&folder.path().join("a/nested/deep")), Some(folder.path().join("a/nested")));
    assert_eq!(find_root(Path::new("/")), None);
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = 8 * 1024 * 1024;
    fs::File::create(folder.path().join("most.csv")).unwrap().set_len(bytes).unwrap();
    fs::File::create(folder.path().join("more.csv")).unwrap().set_len(bytes + 1).unwrap();
    let world = DiskWorld::open(folder.path(), Path::new("out")).unwrap();
    assert_eq!(world.read("more.csv"), Err(FileError::TooLarge { bytes: bytes + 1 }));
    assert_eq!(world.read("most.csv").unwrap().len(), 8 * 1024 * 1024);
}

#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_taken_is_said() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::symlink;

    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.kdl", "x");
    symlink("a.kdl", folder.path().join("b.kdl")).unwrap();
    fs::write(folder.path().join(OsStr::from_bytes(b"\xff.kdl")), "x").unwrap();
    let world = DiskWorld::open(folder.path(), Path::new("out")).unwrap();
    assert_eq!(world.files(), ["a.kdl"]);
    assert!(
        matches!(world.problems(), [Problem::SymbolicLink { .. }, Problem::NotUtf8 { .. }]),
        "{:?}",
        world.problems()
    );
    assert!(matches!(world.read("b.kdl"), Err(FileError::Unreadable(reason)) if reason.contains("symbolic link")));
    assert!(DiskWorld::open(&folder.path().join("a.kdl"), Path::new("out")).is_err());
    assert!(DiskWorld::open(&folder.path().join("nowhere"), Path::new("out")).is_err());
}
