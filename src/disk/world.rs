//! The workspace on disk: every file below its root, sorted, as [`World`] promises it.
//!
//! What a user can remember: the output, hidden folders and nested workspaces are not read. Nothing else is left out
//! in silence: what cannot be taken, a symbolic link or a name that is not UTF-8, is a [`Problem`].

use std::ffi::OsStr;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::{fs, path};

use walkdir::{DirEntry, WalkDir};

use super::problem::{Problem, State};
use crate::output::lock;
use crate::source::{FileError, World};

/// The file that makes a folder a workspace.
pub const MANIFEST: &str = "stadtplan.kdl";

/// Larger than any spec, table or export of a fleet; a file above it is there by mistake.
const LARGEST_FILE: u64 = 8 * 1024 * 1024;

/// A workspace on disk.
#[derive(Debug)]
pub struct DiskWorld {
    root: PathBuf,
    files: Vec<String>,
    problems: Vec<Problem>,
    /// The day on which dated facts are judged; the command line knows it.
    pub today: Option<String>,
    /// Whether it was told that day, and did not take the one of the last commit.
    pub is_today_named: bool,
}

impl DiskWorld {
    /// Lists the files of the workspace at `root`. `output` is the folder that is written, absolute or relative to the
    /// root; it is left out, as is any other folder with a lock at its root.
    pub fn open(root: &Path, output: &Path) -> Result<DiskWorld, Problem> {
        let unreadable = |path: &Path, error: &io::Error| Problem::system("read", path, error, State::Reading);
        if !fs::metadata(root).map_err(|error| unreadable(root, &error))?.is_dir() {
            return Err(Problem::NotAFolder { path: root.into() });
        }
        let output = absolute(&root.join(output));
        let mut world = DiskWorld {
            root: root.into(),
            files: Vec::new(),
            problems: Vec::new(),
            today: None,
            is_today_named: false,
        };
        let entries = WalkDir::new(root).min_depth(1).sort_by_file_name().into_iter();
        for entry in entries.filter_entry(|entry| !is_left_out(entry, &output)) {
            match entry {
                Ok(entry) => world.add(&entry),
                Err(error) => {
                    let path = error.path().unwrap_or(root).to_owned();
                    world.problems.push(unreadable(&path, &error.into()));
                }
            }
        }
        // Sorted as texts: a walk sorts names within a folder, where `a-b` and `a/b` stand the other way round.
        world.files.sort_unstable();
        Ok(world)
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What is in the workspace and could not be taken.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    fn add(&mut self, entry: &DirEntry) {
        let path = entry.path();
        let kind = entry.file_type();
        if kind.is_dir() {
            return;
        }
        if kind.is_symlink() {
            self.problems.push(Problem::SymbolicLink { path: path.into() });
        } else if !kind.is_file() {
            self.problems.push(Problem::NotAFile { path: path.into() });
        } else if let Some(name) = relative(path, &self.root) {
            self.files.push(name);
        } else {
            self.problems.push(Problem::NotUtf8 { path: path.into() });
        }
    }
}

impl World for DiskWorld {
    fn files(&self) -> &[String] {
        &self.files
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        // Only what is listed: a table's path cannot lead out of the workspace, nor into what is left out.
        if self.files.binary_search_by(|file| file.as_str().cmp(path)).is_err() {
            let place = self.root.join(path);
            let problem = self.problems.iter().find(|problem| problem.path() == place);
            return Err(problem.map_or(FileError::NotFound, |problem| FileError::Unreadable(problem.message())));
        }
        read_at_most(&self.root.join(path), LARGEST_FILE)
    }

    fn today(&self) -> Option<&str> {
        self.today.as_deref()
    }

    fn is_today_named(&self) -> bool {
        self.is_today_named
    }
}

/// The workspace that a folder is in: the nearest folder, itself or above, with a [`MANIFEST`].
pub fn find_root(start: &Path) -> Option<PathBuf> {
    absolute(start).ancestors().find(|folder| folder.join(MANIFEST).is_file()).map(Path::to_owned)
}

fn read_at_most(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    let fault = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => FileError::NotFound,
        _ => FileError::Unreadable(error.to_string()),
    };
    let file = fs::File::open(path).map_err(fault)?;
    let bytes = file.metadata().map_err(fault)?.len();
    if bytes > limit {
        return Err(FileError::TooLarge { bytes });
    }
    let mut content = Vec::with_capacity(usize::try_from(bytes).unwrap_or_default() + 1);
    // It may have grown since.
    file.take(limit + 1).read_to_end(&mut content).map_err(fault)?;
    let bytes = content.len() as u64;
    if bytes > limit { Err(FileError::TooLarge { bytes }) } else { Ok(content) }
}

/// Whether a walk passes by: what is hidden, what is written by us or by a tool, what is a workspace of its own.
fn is_left_out(entry: &DirEntry, output: &Path) -> bool {
    let name = entry.file_name();
    if name.as_encoded_bytes().starts_with(b".") {
        return true;
    }
    let path = entry.path();
    // The output may be a link, which `build` judges; it is no part of the workspace either way.
    if absolute(path) == output {
        return true;
    }
    if !entry.file_type().is_dir() {
        return false;
    }
    // `CACHEDIR.TAG` is how cargo's `target` and other caches say what they are; a tenant may be called `target`.
    name == OsStr::new("node_modules")
        || ["CACHEDIR.TAG", MANIFEST, lock::NAME].iter().any(|mark| path.join(mark).is_file())
}

/// The path below the root, with `/`; `None` where it is not UTF-8.
fn relative(path: &Path, root: &Path) -> Option<String> {
    let names: Option<Vec<&str>> = path.strip_prefix(root).ok()?.iter().map(OsStr::to_str).collect();
    Some(names?.join("/"))
}

fn absolute(path: &Path) -> PathBuf {
    path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
