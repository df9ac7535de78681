//! Files that a command makes: all of them or none, and never over one that is there.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use super::super::Failure;
use super::super::exit::Exit;

/// A file to be made; its path is relative to the workspace and uses `/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct NewFile {
    pub(in crate::cli) path: String,
    pub(in crate::cli) text: String,
}

/// Makes the files. Nothing is written where one of them is there already.
pub(in crate::cli) fn write_new(root: &Path, files: &[NewFile]) -> Result<(), Failure> {
    for file in files {
        let path = root.join(&file.path);
        if fs::symlink_metadata(&path).is_ok() {
            return Err(Failure::new(Exit::Findings, format!("`{}` is there already", file.path))
                .help("nothing was written; change that file, or choose another name"));
        }
    }
    for file in files {
        let path = root.join(&file.path);
        write_one(&path, &file.text)
            .map_err(|error| Failure::new(Exit::Findings, format!("cannot write `{}`: {error}", path.display())))?;
    }
    Ok(())
}

fn write_one(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}
