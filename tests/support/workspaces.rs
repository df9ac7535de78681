//! The example workspaces, as files and as parts.

use super::parts::Part;
use super::repository;

/// The names of all examples, sorted.
pub(crate) fn names() -> Vec<String> {
    folders("examples")
}

/// The files of an example; what a build left there is no input.
pub(crate) fn files(name: &str) -> Vec<(String, Vec<u8>)> {
    let folder = format!("examples/{name}");
    let inputs = repository::files(&folder).into_iter().filter(|path| !path.starts_with("out/"));
    inputs.map(|path| (path.clone(), repository::bytes(&format!("{folder}/{path}")))).collect()
}

/// The files of an example as text, for the marks in them.
pub(crate) fn parts(name: &str) -> Vec<Part> {
    let read = |(path, bytes): (String, Vec<u8>)| {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Part { header: None, path, words: Vec::new(), text }
    };
    files(name).into_iter().map(read).collect()
}

/// The names of the folders directly below a folder of the repository, sorted.
pub(crate) fn folders(folder: &str) -> Vec<String> {
    let mut found: Vec<String> = walkdir::WalkDir::new(repository::path(folder))
        .min_depth(1)
        .max_depth(1)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    found.sort();
    found
}
