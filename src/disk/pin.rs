//! Writing `claims.lock`, the one file of the workspace itself that a build keeps.
//!
//! It is an input of the next compile, so it is replaced in one step: a reader sees the old text or the new one.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use tempfile::NamedTempFile;

use super::problem::{Problem, State};

/// Makes a file of the workspace hold a text; says whether it did not before. With `check` nothing is written.
pub(super) fn pin(root: &Path, name: &str, text: &str, check: bool) -> Result<bool, Problem> {
    let path = root.join(name);
    let before = match fs::read(&path) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(Problem::system("read", &path, &error, State::Reading)),
    };
    if before.as_deref() == Some(text.as_bytes()) {
        return Ok(false);
    }
    if !check {
        let refuse = |error: &std::io::Error| Problem::system("write", &path, error, State::Untouched);
        let mut file = NamedTempFile::new_in(root).map_err(|error| refuse(&error))?;
        file.write_all(text.as_bytes()).map_err(|error| refuse(&error))?;
        let readable = <fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o644);
        file.as_file().set_permissions(readable).map_err(|error| refuse(&error))?;
        file.persist(&path).map_err(|error| refuse(&error.error))?;
    }
    Ok(true)
}
