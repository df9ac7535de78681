//! Locks and differences, without a disk.

use std::collections::BTreeMap;

use super::diff::{Existing, Found, Reason, Scope, diff};
use super::lock::{Lock, Owned, announce, lock_files, locks};
use super::{OutputTree, digest, folders_above};

fn tree(files: &[(&str, &str)]) -> OutputTree {
    let files = files.iter().map(|(path, text)| ((*path).into(), text.as_bytes().to_vec())).collect();
    OutputTree::new(files, ["c/goch".into(), "c/kleve".into()])
}

/// The disk as a finished build of a tree leaves it, with some files changed, added or (without a text) lost.
fn built(tree: &OutputTree, others: &[(&str, Option<&str>)]) -> Existing {
    let mut texts: BTreeMap<String, _> = tree.files.iter().map(|(path, file)| (path.clone(), file.digest)).collect();
    for (path, text) in others {
        match text {
            Some(text) => texts.insert((*path).into(), digest(text.as_bytes())),
            None => texts.remove(*path),
        };
    }
    Existing {
        files: texts.into_iter().map(|(path, digest)| (path, Found { digest: Some(digest), torn: false })).collect(),
        locks: locks(tree, &Scope::All).into_iter().map(|(folder, lock)| (folder.into(), lock)).collect(),
    }
}

fn refusals(tree: &OutputTree, existing: &Existing, force: bool) -> Vec<(String, Reason)> {
    diff(tree, existing, &Scope::All, force).refused.into_iter().map(|it| (it.path, it.reason)).collect()
}

#[test]
fn a_path_has_its_folders_above_it_and_the_root_last() {
    assert_eq!(folders_above("a/b/c").collect::<Vec<_>>(), ["a/b", "a", ""]);
    assert_eq!(folders_above("a").collect::<Vec<_>>(), [""]);
    assert_eq!(folders_above("").count(), 0);
}

#[test]
fn each_file_belongs_to_the_nearest_lock() {
    let files = lock_files(&tree(&[("a.yaml", "a\n"), ("c/goch/tenant/x.yaml", "x\n"), ("c/goch-2/y.yaml", "y\n")]));
    let text = |path: &str| String::from_utf8(files[path].clone()).unwrap();
    assert_eq!(
        text("c/goch/stadtplan.lock"),
        "# stadtplan: files owned here; edited by hand they are refused\n\
         73cb3858a687a8494ca3323053016282f3dad39d42cf62ca4e79dda2aac7d9ac  tenant/x.yaml\n"
    );
    assert_eq!(text("c/kleve/stadtplan.lock"), "# stadtplan: files owned here; edited by hand they are refused\n");
    let root = text("stadtplan.lock");
    assert!(root.contains("# written by stadtplan "), "{root}");
    assert!(root.contains("  a.yaml\n") && root.contains("  c/goch-2/y.yaml\n") && !root.contains("x.yaml"), "{root}");
}

#[test]
fn a_lock_is_read_back_as_it_was_written() {
    let mut lock = Lock { version: Some("1.2.3".into()), ..Lock::default() };
    lock.files.insert("a b/c.yaml".into(), Owned { digest: digest(b"1"), next: None });
    lock.files.insert("d.yaml".into(), Owned { digest: digest(b"1"), next: Some(digest(b"2")) });
    assert_eq!(Lock::parse(&lock.to_bytes()), Ok(lock));
}

#[test]
fn a_lock_that_cannot_be_read_says_where_and_why() {
    let head = "# stadtplan: files owned here; edited by hand they are refused\n";
    let hash = "0".repeat(64);
    for (text, line, reason) in [
        (String::new(), 1, "the file is empty"),
        ("{}\n".into(), 1, "found `{}`, expected `# stadtplan"),
        (format!("{head}{hash}  a"), 2, "cut off"),
        (format!("{head}{hash} a\n"), 2, "expected a digest"),
        (format!("{head}{hash}\n"), 2, "expected a digest"),
        (format!("{head}\n"), 2, "expected a digest"),
        (format!("{head}{}  a\n", "g".repeat(64)), 2, "expected a digest"),
        (format!("{head}{hash} 00  a\n"), 2, "expected a digest"),
        (format!("{head}{hash}  ../a\n"), 2, "leads out"),
        (format!("{head}{hash}  /etc/a\n"), 2, "leads out"),
        (format!("{head}{hash}  \n"), 2, "leads out"),
        (format!("{head}{hash}  a\n{hash}  a\n"), 3, "a second time"),
        (format!("{head}<<<<<<< HEAD\n"), 2, "merge"),
        (format!("{head}{hash}  a\r\n"), 2, "carriage return"),
    ] {
        let fault = Lock::parse(text.as_bytes()).unwrap_err();
        assert_eq!(fault.line, line, "{text}");
        assert!(fault.reason.contains(reason), "{} for {text}", fault.reason);
    }
    assert!(Lock::parse(b"\xff").is_err());
}

#[test]
fn only_what_differs_is_written_and_only_what_is_ours_removed() {
    let before = tree(&[("a", "1"), ("c/goch/b", "1"), ("c/goch/old", "1"), ("c/kleve/same", "1")]);
    let after = tree(&[("a", "2"), ("c/goch/b", "2"), ("c/goch/new", "1"), ("c/kleve/same", "1")]);
    let existing = built(&before, &[]);
    let changes = diff(&after, &existing, &Scope::All, false);
    assert_eq!(changes.write.iter().map(|it| it.path).collect::<Vec<_>>(), ["a", "c/goch/b", "c/goch/new"]);
    assert_eq!(changes.remove.iter().map(|it| it.path).collect::<Vec<_>>(), ["c/goch/old"]);
    assert_eq!((changes.unchanged, changes.refused.len()), (1, 0));
}

#[test]
fn what_is_not_ours_is_refused_and_never_removed() {
    let before = tree(&[("a", "1"), ("b", "1"), ("c/goch/x", "1")]);
    let after = tree(&[("a", "2"), ("d", "1"), ("e/f", "1")]);
    let existing = built(
        &before,
        &[("a", Some("hand")), ("b", Some("hand")), ("d", Some("other")), ("e", Some("file")), ("z", Some("mine"))],
    );
    let own = |path: &str, reason| (path.to_owned(), reason);
    assert_eq!(
        refusals(&after, &existing, false),
        [
            own("a", Reason::Edited),
            own("b", Reason::Edited),
            own("c/goch/x", Reason::Emptied { files: 1, tenants: 1 }),
            own("d", Reason::NotOurs),
            own("e", Reason::InTheWay),
            own("z", Reason::Foreign)
        ]
    );
    let emptied = own("b", Reason::Emptied { files: 2, tenants: 1 });
    assert_eq!(refusals(&after, &existing, true), [emptied, own("e", Reason::InTheWay)]);
    let forced = diff(&after, &existing, &Scope::All, true);
    assert_eq!(forced.remove.iter().map(|it| it.path).collect::<Vec<_>>(), ["b", "c/goch/x"]);
    assert_eq!(forced.write.iter().map(|it| it.path).collect::<Vec<_>>(), ["a", "d", "e/f"]);
}

#[test]
fn a_file_that_is_right_is_adopted_and_a_lost_one_written() {
    let wanted = tree(&[("a", "1"), ("b", "1")]);
    let mut existing = built(&wanted, &[("b", None)]);
    existing.locks.clear();
    let changes = diff(&wanted, &existing, &Scope::All, false);
    assert_eq!((changes.unchanged, changes.write.len(), changes.refused.len()), (1, 1, 0));
}

#[test]
fn an_empty_tree_does_not_mean_that_everything_goes() {
    let existing = built(&tree(&[("a", "1"), ("b", "1")]), &[]);
    assert_eq!(refusals(&tree(&[]), &existing, false), [("a".into(), Reason::Emptied { files: 2, tenants: 0 })]);
    assert_eq!(refusals(&tree(&[]), &existing, true).len(), 1, "nor by force");
}

#[test]
fn a_spec_without_tenants_does_not_mean_that_all_of_them_go() {
    let existing = built(&tree(&[("a", "1"), ("c/goch/x", "1"), ("c/goch/y", "1")]), &[]);
    let rest = tree(&[("a", "1")]);
    let reason = Reason::Emptied { files: 2, tenants: 1 };
    assert_eq!(refusals(&rest, &existing, false), [("c/goch/x".into(), reason)]);
    assert_eq!(refusals(&rest, &existing, true).len(), 1, "nor by force");
    // Where there never was a tenant nothing is lost.
    assert_eq!(refusals(&rest, &built(&tree(&[("a", "1"), ("b", "1")]), &[]), false), []);
}

#[test]
fn a_tenant_is_compared_alone() {
    let before = tree(&[("a", "1"), ("c/goch/old", "1"), ("c/kleve/b", "1"), ("d/goch/moved", "1")]);
    let after = tree(&[("a", "2"), ("c/goch/new", "1"), ("c/kleve/b", "2")]);
    let mut existing = built(&before, &[("foreign", Some("x"))]);
    existing.locks.insert("d/goch".into(), Lock::default());
    let changes = diff(&after, &existing, &Scope::Tenant("goch".into()), false);
    assert_eq!(changes.write.iter().map(|it| it.path).collect::<Vec<_>>(), ["c/goch/new"]);
    assert_eq!(changes.remove.iter().map(|it| it.path).collect::<Vec<_>>(), ["c/goch/old", "d/goch/moved"]);
    assert_eq!(changes.refused, []);
}

#[test]
fn a_build_under_way_announces_both_digests() {
    let before = tree(&[("a", "1"), ("c/goch/b", "1"), ("c/goch/old", "1"), ("c/kleve/same", "1")]);
    let after = tree(&[("a", "1"), ("c/goch/b", "2"), ("c/goch/new", "1"), ("c/kleve/same", "1")]);
    let existing = built(&before, &[]);
    let changes = diff(&after, &existing, &Scope::All, false);
    let announced = announce(&locks(&after, &Scope::All), [], &changes);
    assert_eq!(announced.keys().copied().collect::<Vec<_>>(), ["c/goch"]);
    let lock = &announced["c/goch"];
    assert_eq!(lock.files["b"], Owned { digest: digest(b"1"), next: Some(digest(b"2")) });
    assert_eq!(lock.files["new"], Owned { digest: digest(b"1"), next: None });
    assert_eq!(lock.files["old"], Owned { digest: digest(b"1"), next: None });
}
