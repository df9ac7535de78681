//! Recorded trees: compared file by file, rewritten and cleaned up with `UPDATE=1`.

#![expect(clippy::disallowed_methods, reason = "snapshots that nothing gives any more are removed")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use super::repository;

/// Holds the files of a folder, or only one of them, against the expected ones, or writes and removes them where that was asked for.
pub(crate) fn compare(folder: &str, only: Option<&str>, expected: &BTreeMap<String, Vec<u8>>) -> String {
    let mut faults = String::new();
    let present = repository::files(folder).into_iter().filter(|path| only.is_none_or(|only| only == path));
    for path in present.filter(|path| !expected.contains_key(path)) {
        if repository::update() {
            remove(&format!("{folder}/{path}"));
        } else {
            let _ = writeln!(faults, "{folder}/{path} is no longer written (UPDATE=1 removes it)");
        }
    }
    for (path, bytes) in expected {
        let place = format!("{folder}/{path}");
        let there = repository::path(&place).is_file();
        if there && repository::bytes(&place) == *bytes {
            continue;
        }
        if repository::update() {
            repository::write(&place, bytes);
        } else if there {
            let old = repository::text(&place);
            let _ = writeln!(faults, "{place} differs:\n{}", first_difference(&old, &String::from_utf8_lossy(bytes)));
        } else {
            let _ = writeln!(faults, "{place} is new (UPDATE=1 writes it)");
        }
    }
    faults
}

/// The first lines that differ, with those around them; the whole is what `git diff` is for.
fn first_difference(old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let at = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let start = at.saturating_sub(2);
    let mut text = format!("    from line {}\n", start + 1);
    for line in &new[start..at] {
        let _ = writeln!(text, "      {line}");
    }
    for line in old.iter().skip(at).take(4) {
        let _ = writeln!(text, "    - {line}");
    }
    for line in new.iter().skip(at).take(4) {
        let _ = writeln!(text, "    + {line}");
    }
    text
}

/// Removes a file and the folders that are empty then.
fn remove(inside: &str) {
    let place = repository::path(inside);
    fs::remove_file(&place).unwrap_or_else(|error| panic!("{inside} cannot be removed: {error}"));
    for folder in place.ancestors().skip(1) {
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
}
