//! What is in the output folder: names first, then the locks, then the digests that a comparison needs.
//!
//! Every core reads. A wanted file is compared byte by byte with what it should be, which is cheaper than a digest;
//! a file that nobody wants and no lock owns is not read at all.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use super::problem::{Problem, State};
use crate::output::diff::{self, Existing, Found, Scope};
use crate::output::lock::{self, Lock};
use crate::output::{self, Digest, OutputTree, folders_above, join};

/// A folder at the root of the output while a build is under way, in which locks are made ready; where it is found, the
/// last build was killed.
pub(super) const UNFINISHED: &str = ".stadtplan-unfinished";

/// The output folder as it was found.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) existing: Existing,
    /// Every folder, by its path; the root, the empty path, is there if the output folder is.
    pub(super) folders: BTreeSet<String>,
    /// The text of each lock, by its folder.
    pub(super) lock_bytes: Vec<(String, Vec<u8>)>,
    /// The last build was killed.
    pub(super) unfinished: bool,
}

/// Names found in the output folder.
#[derive(Debug, Default)]
struct Names {
    files: Vec<String>,
    folders: Vec<String>,
    problems: Vec<Problem>,
}

/// Reads what a comparison with the tree needs.
pub(super) fn read(out: &Path, tree: &OutputTree, scope: &Scope) -> Result<Reading, Vec<Problem>> {
    let mut names = match fs::symlink_metadata(out) {
        Ok(_) => list(out, ""),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Reading::default()),
        Err(error) => return Err(vec![Problem::system("read", out, &error, State::Untouched)]),
    };
    names.folders.push(String::new());
    names.files.sort_unstable();

    let (lock_paths, files): (Vec<String>, Vec<String>) =
        names.files.into_iter().partition(|path| path.rsplit('/').next() == Some(lock::NAME));
    let folder_of = |path: &str| folders_above(path).next().unwrap_or_default().to_owned();
    let lock_folders: BTreeSet<String> = lock_paths.iter().map(|path| folder_of(path)).collect();
    let in_scope = |path: &str| {
        *scope == Scope::All
            || folders_above(path).any(|folder| {
                scope.takes(folder) && (lock_folders.contains(folder) || tree.lock_folders.contains(folder))
            })
    };

    let mut problems: Vec<Problem> =
        names.problems.into_iter().filter(|it| concerns(it.path(), out, &in_scope)).collect();
    let mut reading = Reading {
        folders: names.folders.into_iter().collect(),
        unfinished: out.join(UNFINISHED).is_dir(),
        ..Reading::default()
    };

    // The lock at the root is read for a tenant too: it may own what moved into the tenant's folder since.
    let locks: Vec<_> = lock_folders
        .par_iter()
        .filter(|folder| folder.is_empty() || scope.takes(folder))
        .map(|folder| read_lock(out, folder).map(|(bytes, lock)| (folder, bytes, lock)))
        .collect();
    for lock in locks {
        match lock {
            Ok((folder, bytes, lock)) => {
                reading.existing.locks.insert(folder.clone(), lock);
                reading.lock_bytes.push((folder.clone(), bytes));
            }
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        problems.sort_by(|a, b| a.path().cmp(b.path()));
        return Err(problems);
    }

    let unfinished = reading.unfinished;
    let found: Result<Vec<(String, Found)>, Problem> = files
        .into_par_iter()
        .with_min_len(16)
        .filter(|path| in_scope(path))
        .map_init(Vec::new, |buffer, path| {
            let found = examine(out, &path, tree, &reading.existing, unfinished, buffer)
                .map_err(|error| Problem::system("read", out.join(&path), &error, State::Untouched))?;
            Ok((path, found))
        })
        .collect();
    reading.existing.files = found.map_err(|problem| vec![problem])?.into_iter().collect();
    Ok(reading)
}

/// The digest of every file, the locks included; nothing where a build was killed or something there is not ours to judge.
pub(super) fn digests(out: &Path) -> io::Result<BTreeMap<String, Digest>> {
    let names = list(out, "");
    if !names.problems.is_empty() || out.join(UNFINISHED).exists() {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let read = |path: String| digest_of(&out.join(&path)).map(|digest| (path, digest));
    names.files.into_par_iter().with_min_len(16).map(read).collect()
}

/// Whether a problem is about a path in the scope.
fn concerns(path: &Path, out: &Path, in_scope: &impl Fn(&str) -> bool) -> bool {
    // A path that is not UTF-8 is judged by what can be read of it.
    path.strip_prefix(out).map_or(true, |path| in_scope(&path.to_string_lossy()))
}

/// Lists a folder and all below it, on every core.
fn list(out: &Path, folder: &str) -> Names {
    let mut names = Names::default();
    let place = if folder.is_empty() { out.to_owned() } else { out.join(folder) };
    let entries = match fs::read_dir(&place) {
        Ok(entries) => entries,
        Err(error) => {
            names.problems.push(Problem::system("read", place, &error, State::Untouched));
            return names;
        }
    };
    let mut below = Vec::new();
    for entry in entries {
        let (entry, kind) = match entry.and_then(|entry| entry.file_type().map(|kind| (entry, kind))) {
            Ok(both) => both,
            Err(error) => {
                names.problems.push(Problem::system("read", &place, &error, State::Untouched));
                continue;
            }
        };
        let name = entry.file_name();
        // `.git`, `.gitattributes`, `.gitignore` and the like: the output is often the root of a repository.
        if folder.is_empty() && name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let Some(name) = name.to_str() else {
            names.problems.push(Problem::NotUtf8 { path: entry.path() });
            continue;
        };
        if kind.is_symlink() {
            names.problems.push(Problem::SymbolicLink { path: entry.path() });
        } else if kind.is_dir() {
            below.push(join(folder, name));
        } else if kind.is_file() {
            names.files.push(join(folder, name));
        } else {
            names.problems.push(Problem::NotAFile { path: entry.path() });
        }
    }
    let inner: Vec<Names> = below.par_iter().map(|folder| list(out, folder)).collect();
    names.folders = below;
    for mut inner in inner {
        names.files.append(&mut inner.files);
        names.folders.append(&mut inner.folders);
        names.problems.append(&mut inner.problems);
    }
    names
}

fn read_lock(out: &Path, folder: &str) -> Result<(Vec<u8>, Lock), Problem> {
    let path = out.join(join(folder, lock::NAME));
    let bytes = fs::read(&path).map_err(|error| Problem::system("read", &path, &error, State::Untouched))?;
    match Lock::parse(&bytes) {
        Ok(lock) => Ok((bytes, lock)),
        Err(fault) => Err(Problem::MalformedLock { path, line: fault.line, reason: fault.reason }),
    }
}

/// What a comparison has to know of a file. The buffer is kept from file to file.
fn examine(
    out: &Path,
    path: &str,
    tree: &OutputTree,
    existing: &Existing,
    unfinished: bool,
    buffer: &mut Vec<u8>,
) -> io::Result<Found> {
    let Some(wanted) = tree.files.get(path) else {
        if !diff::is_owned(path, existing) {
            return Ok(Found { digest: None, torn: false });
        }
        let digest = digest_of(&out.join(path))?;
        return Ok(Found { digest: Some(digest), torn: unfinished && digest == output::digest(b"") });
    };
    // One byte more than wanted is enough to know a longer file, without asking the system for its length.
    let file = File::open(out.join(path))?;
    buffer.resize(buffer.len().max(wanted.bytes.len() + 1), 0);
    let content = fill(&file, &mut buffer[..=wanted.bytes.len()])?;
    if content == wanted.bytes {
        return Ok(Found { digest: Some(wanted.digest), torn: false });
    }
    let torn = unfinished && wanted.bytes.starts_with(content);
    let mut hash = Sha256::new_with_prefix(content);
    read_on(&file, &mut hash)?;
    Ok(Found { digest: Some(hash.finalize().into()), torn })
}

/// Reads until the buffer is full or the file ends.
fn fill<'b>(mut file: &File, buffer: &'b mut [u8]) -> io::Result<&'b [u8]> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(&buffer[..filled])
}

fn digest_of(path: &Path) -> io::Result<Digest> {
    let mut hash = Sha256::new();
    read_on(&File::open(path)?, &mut hash)?;
    Ok(hash.finalize().into())
}

fn read_on(mut file: &File, hash: &mut Sha256) -> io::Result<()> {
    let mut buffer = [0; 16 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(()),
            read => hash.update(&buffer[..read]),
        }
    }
}
