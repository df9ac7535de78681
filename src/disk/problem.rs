//! What can go wrong on disk, in words.
//!
//! These are no findings in a spec: they have a path and an act, but no place in a text. Each says what was found, in
//! what state the tree was left, and the way out.

use std::io;
use std::path::{Path, PathBuf};

use crate::output::diff::Refusal;

/// Something on disk that stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The system refuses.
    System { act: &'static str, path: PathBuf, reason: String, state: State },
    /// A file that must not be overwritten or removed.
    Refused(Refusal),
    /// A lock that cannot be read.
    MalformedLock { path: PathBuf, line: usize, reason: String },
    /// Another build is at work in the workspace.
    Busy { path: PathBuf },
    /// A symbolic link in the path of the output folder.
    LeadsOutside { path: PathBuf, target: Option<PathBuf> },
    /// A symbolic link among the files, of the workspace or of the output.
    SymbolicLink { path: PathBuf },
    /// Neither a file nor a folder.
    NotAFile { path: PathBuf },
    /// A file where a folder is expected.
    NotAFolder { path: PathBuf },
    /// A name that is not UTF-8.
    NotUtf8 { path: PathBuf },
    /// Too little space for what would be written.
    NoRoom { path: PathBuf, what: &'static str, needed: u64, free: u64 },
}

/// How far a build had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Something was read, not written.
    Reading,
    /// Nothing was written yet.
    Untouched,
    /// Some files are written, others are not; the locks know both.
    Underway,
}

/// The path of a problem, to read or to change; the refusal where that has it.
macro_rules! own_path {
    ($problem:expr) => {
        match $problem {
            Problem::Refused(refusal) => Err(refusal),
            Problem::System { path, .. }
            | Problem::MalformedLock { path, .. }
            | Problem::Busy { path }
            | Problem::LeadsOutside { path, .. }
            | Problem::SymbolicLink { path }
            | Problem::NotAFile { path }
            | Problem::NotAFolder { path }
            | Problem::NotUtf8 { path }
            | Problem::NoRoom { path, .. } => Ok(path),
        }
    };
}

impl Problem {
    pub(super) fn system(act: &'static str, path: impl Into<PathBuf>, error: &io::Error, state: State) -> Self {
        Problem::System { act, path: path.into(), reason: error.to_string(), state }
    }

    /// The same, its path shown from a folder above it.
    #[must_use]
    pub fn relative_to(mut self, root: &Path) -> Self {
        if let Ok(path) = own_path!(&mut self)
            && let Ok(short) = path.strip_prefix(root)
        {
            *path = short.to_owned();
        }
        self
    }

    /// The file or folder it is about.
    pub fn path(&self) -> &Path {
        own_path!(self).map_or_else(|refusal| Path::new(&refusal.path), |path| path.as_path())
    }

    /// What is wrong, in one line.
    pub fn message(&self) -> String {
        let path = self.path().display();
        match self {
            Problem::System { act, reason, .. } => format!("cannot {act} `{path}`: {reason}"),
            Problem::Refused(refusal) => refusal.message(),
            Problem::Busy { .. } => format!("another build is at work in `{path}`"),
            Problem::MalformedLock { line, reason, .. } => {
                format!("the lock `{path}` cannot be read, line {line}: {reason}")
            }
            Problem::LeadsOutside { target: Some(target), .. } => {
                format!("`{path}` in the output path is a symbolic link that leads outside, to `{}`", target.display())
            }
            Problem::LeadsOutside { target: None, .. } => {
                format!("`{path}` in the output path is a symbolic link that leads nowhere")
            }
            Problem::SymbolicLink { .. } => format!("`{path}` is a symbolic link, a file or folder was expected"),
            Problem::NotAFile { .. } => format!("`{path}` is neither a file nor a folder"),
            Problem::NotAFolder { .. } => format!("`{path}` is not a folder, one was expected"),
            Problem::NotUtf8 { .. } => format!("the name of `{path}` is not UTF-8"),
            Problem::NoRoom { what, needed, free, .. } => {
                format!("there is no room in `{path}`: {needed} {what} are needed, {free} are free")
            }
        }
    }

    /// The way out, and the state of the tree where a build was stopped.
    pub fn help(&self) -> Option<&'static str> {
        Some(match self {
            Problem::System { state: State::Reading, .. } => return None,
            Problem::System { state: State::Untouched, .. } => "nothing was written",
            Problem::System { state: State::Underway, .. } => {
                "a part of the tree was written; the locks announce it, and the next `stadtplan build` completes it"
            }
            Problem::Refused(refusal) => refusal.help(),
            Problem::Busy { .. } => "wait until it has ended; nothing was written",
            Problem::MalformedLock { .. } => {
                "take the lock from the last commit, or delete it: files that are as they would be generated are then taken over"
            }
            Problem::LeadsOutside { .. } => {
                "remove the link, or give the folder it leads to with `--out`; nothing was written"
            }
            Problem::SymbolicLink { .. } => "put the file itself in its place",
            Problem::NotAFile { .. } => "move it away",
            Problem::NotAFolder { .. } => "move it away, or choose another folder with `--out`; nothing was written",
            Problem::NotUtf8 { .. } => "rename it",
            Problem::NoRoom { .. } => "make room; nothing was written",
        })
    }
}
