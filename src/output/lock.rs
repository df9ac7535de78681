//! Locks: which files of the output folder are ours, and what we last wrote into them.
//!
//! A lock is a text as `sha256sum` writes it, sorted by path, one for each tenant so that two merge requests do not
//! collide, and one at the root for all the rest. While a build is under way a line carries two digests, of the file as
//! it was and as it will be: whatever a killed build leaves is still known as ours. A lock that cannot be read is an
//! error and never an empty one, since everything would then belong to nobody.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::diff::{Changes, Scope};
use super::{Digest, OutputTree, folders_above, join};

/// The name of a lock in its folder.
pub const NAME: &str = "stadtplan.lock";

const HEADER: &str = "# stadtplan: files owned here; edited by hand they are refused";
const VERSION: &str = "# written by stadtplan ";

/// The files owned in one folder, by their path relative to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    /// The version of the tool that wrote the tree; only in the lock at the root.
    pub version: Option<String>,
    pub files: BTreeMap<String, Owned>,
}

/// What an owned file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owned {
    /// Its digest; before the build, while one is under way.
    pub digest: Digest,
    /// Its digest after the build that is under way or was killed.
    pub next: Option<Digest>,
}

impl Owned {
    fn settled(digest: Digest) -> Self {
        Owned { digest, next: None }
    }

    /// Whether we wrote a file with this digest, or announced to.
    pub fn announces(&self, digest: &Digest) -> bool {
        self.digest == *digest || self.next.as_ref() == Some(digest)
    }
}

/// Why the text of a lock cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// The line, from 1.
    pub line: usize,
    /// What was found and what was expected.
    pub reason: String,
}

/// The locks of a tree by folder, when nothing is under way; of the scope's folders only.
pub fn locks<'t>(tree: &'t OutputTree, scope: &Scope) -> BTreeMap<&'t str, Lock> {
    let folders: FxHashSet<&str> = tree.lock_folders.iter().map(String::as_str).collect();
    let mut locks: BTreeMap<&str, Lock> =
        folders_in_order(tree).filter(|folder| scope.takes(folder)).map(|folder| (folder, Lock::default())).collect();
    if let Some(root) = locks.get_mut("") {
        root.version = Some(env!("CARGO_PKG_VERSION").to_owned());
    }
    for (path, file) in &tree.files {
        let folder = folders_above(path).find(|folder| folders.contains(folder)).unwrap_or_default();
        if let Some(lock) = locks.get_mut(folder) {
            lock.files.insert(below(folder, path).to_owned(), Owned::settled(file.digest));
        }
    }
    locks
}

/// The lock files of a whole tree, by their path in the output folder.
pub fn lock_files(tree: &OutputTree) -> BTreeMap<String, Vec<u8>> {
    locks(tree, &Scope::All).into_iter().map(|(folder, lock)| (join(folder, NAME), lock.to_bytes())).collect()
}

/// Turns the locks of a finished tree into those that announce the way there: a changed file has both digests, a file
/// that will be removed is still ours. Only locks in whose folders a file changes are there.
pub fn announce<'t>(
    finished: &BTreeMap<&'t str, Lock>,
    obsolete: impl IntoIterator<Item = &'t str>,
    changes: &Changes<'t>,
) -> BTreeMap<&'t str, Lock> {
    let mut all: BTreeMap<&str, Option<Lock>> =
        obsolete.into_iter().chain(finished.keys().copied()).map(|it| (it, None)).collect();
    let mut touch = |path: &'t str, before: Option<Digest>, after: Option<Digest>| {
        let Some(folder) = folders_above(path).find(|folder| all.contains_key(folder)) else { return };
        let lock =
            all.entry(folder).or_default().get_or_insert_with(|| finished.get(folder).cloned().unwrap_or_default());
        let owned = match (before, after) {
            (Some(before), Some(after)) => Owned { digest: before, next: Some(after) },
            (Some(only), None) | (None, Some(only)) => Owned::settled(only),
            (None, None) => return,
        };
        lock.files.insert(below(folder, path).to_owned(), owned);
    };
    for write in &changes.write {
        touch(write.path, write.before, Some(write.file.digest));
    }
    for removal in &changes.remove {
        touch(removal.path, Some(removal.digest), None);
    }
    all.into_iter().filter_map(|(folder, lock)| Some((folder, lock?))).collect()
}

impl Lock {
    /// The text of the lock.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(100 + self.files.len() * 110);
        out.extend_from_slice(HEADER.as_bytes());
        out.push(b'\n');
        if let Some(version) = &self.version {
            out.extend_from_slice(VERSION.as_bytes());
            out.extend_from_slice(version.as_bytes());
            out.push(b'\n');
        }
        for (path, owned) in &self.files {
            write_hexadecimal(&owned.digest, &mut out);
            if let Some(next) = &owned.next {
                out.push(b' ');
                write_hexadecimal(next, &mut out);
            }
            out.extend_from_slice(b"  ");
            out.extend_from_slice(path.as_bytes());
            out.push(b'\n');
        }
        out
    }

    /// Reads the text of a lock.
    pub fn parse(bytes: &[u8]) -> Result<Lock, Malformed> {
        let fault = |line, reason: &str| Malformed { line, reason: reason.to_owned() };
        let text = std::str::from_utf8(bytes).map_err(|_| fault(1, "the text is not UTF-8"))?;
        let mut lock = Lock::default();
        let mut head = true;
        for (line, text) in (1..).zip(text.split_inclusive('\n')) {
            let Some(text) = text.strip_suffix('\n') else {
                return Err(fault(line, "the last line is cut off"));
            };
            if text.ends_with('\r') {
                return Err(fault(line, "the line ends with a carriage return, a line feed was expected"));
            }
            if ["<<<<<<<", "=======", ">>>>>>>"].iter().any(|mark| text.starts_with(mark)) {
                return Err(fault(line, "the conflict of a merge is not resolved"));
            }
            if line == 1 {
                if text != HEADER {
                    return Err(fault(line, &format!("found `{}`, expected `{HEADER}`", shorten(text))));
                }
            } else if head && let Some(version) = text.strip_prefix(VERSION) {
                lock.version = Some(version.to_owned());
                head = false;
            } else {
                head = false;
                let (path, owned) = parse_line(text).map_err(|reason| Malformed { line, reason })?;
                if lock.files.insert(path.to_owned(), owned).is_some() {
                    return Err(fault(line, &format!("`{path}` stands here a second time")));
                }
            }
        }
        if bytes.is_empty() { Err(fault(1, "the file is empty, a lock has at least its first line")) } else { Ok(lock) }
    }
}

/// The folders that have a lock; the root is always one.
fn folders_in_order(tree: &OutputTree) -> impl Iterator<Item = &str> {
    std::iter::once("").chain(tree.lock_folders.iter().map(String::as_str))
}

/// A path relative to a folder above it.
pub(super) fn below<'p>(folder: &str, path: &'p str) -> &'p str {
    if folder.is_empty() { path } else { &path[folder.len() + 1..] }
}

fn parse_line(line: &str) -> Result<(&str, Owned), String> {
    let expected =
        || format!("found `{}`, expected a digest of 64 hexadecimal digits, two spaces and a path", shorten(line));
    let (digests, path) = line.split_once("  ").ok_or_else(expected)?;
    let (digest, next) = match digests.split_once(' ') {
        Some((digest, next)) => (digest, Some(next)),
        None => (digests, None),
    };
    let owned = Owned {
        digest: parse_hexadecimal(digest).ok_or_else(expected)?,
        next: next.map(|next| parse_hexadecimal(next).ok_or_else(expected)).transpose()?,
    };
    // A lock decides what is removed, so it must not reach out of its folder.
    let stays_inside = path.split('/').all(|name| !matches!(name, "" | "." | "..")) && !path.contains(['\\', '\0']);
    if !stays_inside {
        return Err(format!("the path `{path}` leads out of the folder of the lock"));
    }
    Ok((path, owned))
}

fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

fn write_hexadecimal(digest: &Digest, out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in digest {
        out.extend([DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    }
}

fn parse_hexadecimal(text: &str) -> Option<Digest> {
    let digits = text.as_bytes();
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let mut digest = [0; 32];
    if digits.len() != 64 {
        return None;
    }
    for (byte, pair) in digest.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = value(pair[0])? << 4 | value(pair[1])?;
    }
    Some(digest)
}
