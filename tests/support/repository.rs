//! The repository as the tests see it: where it lies, which files it has, what is in them.
//!
//! Tests are the one place besides `disk` and `cli` that may touch the file system, and they do it here only.

#![expect(clippy::disallowed_methods, reason = "tests read the repository itself, not a workspace of a user")]

use std::fs;
use std::path::{Path, PathBuf};

/// A path inside the repository, as a path of the machine.
pub(crate) fn path(inside: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(inside)
}

/// Every file below a folder of the repository, sorted, relative to that folder and with `/`.
pub(crate) fn files(folder: &str) -> Vec<String> {
    let root = path(folder);
    let mut found: Vec<String> = walkdir::WalkDir::new(&root)
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.'))
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .filter_map(|entry| entry.path().strip_prefix(&root).ok().map(|inside| inside.to_string_lossy().into_owned()))
        .map(|inside| inside.replace(std::path::MAIN_SEPARATOR, "/"))
        .collect();
    found.sort();
    found
}

pub(crate) fn bytes(inside: &str) -> Vec<u8> {
    fs::read(path(inside)).unwrap_or_else(|error| panic!("{inside} cannot be read: {error}"))
}

pub(crate) fn text(inside: &str) -> String {
    String::from_utf8(bytes(inside)).unwrap_or_else(|error| panic!("{inside} is not UTF-8: {error}"))
}

pub(crate) fn write(inside: &str, bytes: &[u8]) {
    let place = path(inside);
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder).unwrap_or_else(|error| panic!("{inside}: {error}"));
    }
    fs::write(place, bytes).unwrap_or_else(|error| panic!("{inside} cannot be written: {error}"));
}

/// Whether expectations are to be rewritten instead of compared: `UPDATE=1 cargo test`.
pub(crate) fn update() -> bool {
    std::env::var_os("UPDATE").is_some_and(|value| !value.is_empty() && value != "0")
}
