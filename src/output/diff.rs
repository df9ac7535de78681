//! What has to change on disk, and what must not be touched.
//!
//! A pure function over a tree and the digests that were found. Three rules: what is already right is left alone; what
//! our locks own and announce may be changed or removed; anything else belongs to somebody, and the build refuses
//! before it changes the first file.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::lock::{Lock, below};
use super::{Digest, OutputFile, OutputTree, folders_above};

/// Which part of the tree is compared and written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Scope {
    #[default]
    All,
    /// Only the lock folders of this tenant, `<cluster>/<tenant>` on any cluster.
    Tenant(String),
}

impl Scope {
    /// Whether the lock of this folder is in the scope.
    pub fn takes(&self, folder: &str) -> bool {
        match self {
            Scope::All => true,
            Scope::Tenant(tenant) => folder.rsplit('/').next() == Some(tenant),
        }
    }
}

/// What was found in the output folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Existing {
    /// Every file but the locks, by its path.
    pub files: BTreeMap<String, Found>,
    /// Every lock by its folder.
    pub locks: BTreeMap<String, Lock>,
}

/// A file that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// `None` where nobody needs it: the file is not wanted and no lock owns it.
    pub digest: Option<Digest>,
    /// A killed build left a part of what is to be written, from its start; an empty file is the start of any.
    pub torn: bool,
}

/// A file to create or to overwrite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Write<'t> {
    pub path: &'t str,
    pub file: &'t OutputFile,
    /// What is there now.
    pub before: Option<Digest>,
}

/// A file to remove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removal<'t> {
    pub path: &'t str,
    /// What is there now.
    pub digest: Digest,
}

/// The way from what was found to the tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes<'t> {
    pub write: Vec<Write<'t>>,
    pub remove: Vec<Removal<'t>>,
    pub unchanged: usize,
    /// Why nothing may be written; empty where all is well.
    pub refused: Vec<Refusal>,
}

/// A file that stands against the build.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refusal {
    pub path: String,
    pub reason: Reason,
}

/// Why a file stands against the build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// It would be overwritten, and no lock owns it.
    NotOurs,
    /// It would be overwritten or removed, and is not what we wrote.
    Edited,
    /// It is not part of the tree, and no lock owns it.
    Foreign,
    /// It is where the tree has a folder, or in a folder where the tree has a file; forcing does not help.
    InTheWay,
    /// The tree has no tenants at all, and this owned file is the first of those that would be removed.
    Emptied { files: usize, tenants: usize },
}

impl Refusal {
    pub fn message(&self) -> String {
        let path = &self.path;
        match self.reason {
            Reason::NotOurs => format!("`{path}` would be overwritten, but no lock says that it was generated"),
            Reason::Edited => format!("`{path}` was edited by hand since it was generated"),
            Reason::Foreign => format!("`{path}` is in the output folder, but was not generated"),
            Reason::InTheWay => format!("`{path}` stands where a generated file or folder has to be"),
            Reason::Emptied { files, tenants: 0 } => format!(
                "the new tree is empty; `{path}` and all other generated files, {files} in number, would be removed"
            ),
            Reason::Emptied { files, tenants } => format!(
                "the spec has no tenants; `{path}` and all other files of {tenants} tenants, {files} in number, would be removed"
            ),
        }
    }

    pub fn help(&self) -> &'static str {
        match self.reason {
            Reason::NotOurs => "move it away, choose another folder with `--out`, or overwrite it with `--force`",
            Reason::Edited => "move the change into the spec or a template; `--force` gives the edit up",
            Reason::Foreign => {
                "move it out of the output folder, or choose another folder with `--out`; `--force` leaves it where it is"
            }
            Reason::InTheWay => "move it away, or choose another folder with `--out`",
            Reason::Emptied { .. } => {
                "check that the workspace is the right one and no file of it is empty; if all is to go, remove the folder yourself"
            }
        }
    }
}

/// Compares a tree with what was found.
pub fn diff<'t>(tree: &'t OutputTree, existing: &'t Existing, scope: &Scope, force: bool) -> Changes<'t> {
    let mut changes = Changes::default();
    let in_scope = |path: &str| {
        *scope == Scope::All
            || folders_above(path).any(|folder| {
                scope.takes(folder) && (tree.lock_folders.contains(folder) || existing.locks.contains_key(folder))
            })
    };
    let (mut wanted, mut found) = (tree.files.iter().peekable(), existing.files.iter().peekable());
    loop {
        let order = match (wanted.peek(), found.peek()) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((wanted, _)), Some((found, _))) => wanted.cmp(found),
        };
        let want = if order == Ordering::Greater { None } else { wanted.next() };
        let have = if order == Ordering::Less { None } else { found.next() };
        let Some(path) = want.map(|it| it.0).or(have.map(|it| it.0)) else { break };
        if !in_scope(path) {
            continue;
        }
        match (want.map(|it| it.1), have.map(|it| it.1)) {
            (Some(file), None) => changes.write.push(Write { path, file, before: None }),
            (Some(file), Some(found)) => change(path, file, *found, existing, force, &mut changes),
            (None, Some(found)) => remove(path, *found, tree, existing, force, &mut changes),
            (None, None) => {}
        }
    }
    if *scope == Scope::All {
        changes.refused.extend(emptied(tree, existing, &changes));
    }
    changes.refused.sort();
    changes
}

/// An empty spec never means that everything goes, whatever is forced: a tree without tenants is refused where there were some.
fn emptied(tree: &OutputTree, existing: &Existing, changes: &Changes<'_>) -> Option<Refusal> {
    let is_tenants = |path: &String| folders_above(path).any(|it| !it.is_empty() && tree.lock_folders.contains(it));
    if tree.files.keys().any(is_tenants) {
        return None;
    }
    let tenants = existing.locks.iter().filter(|(folder, lock)| !folder.is_empty() && !lock.files.is_empty()).count();
    if tenants == 0 && !tree.files.is_empty() {
        return None;
    }
    let first = changes.remove.first()?;
    let reason = Reason::Emptied { files: changes.remove.len(), tenants };
    Some(Refusal { path: first.path.to_owned(), reason })
}

/// A wanted file is there already.
fn change<'t>(
    path: &'t str,
    file: &'t OutputFile,
    found: Found,
    existing: &Existing,
    force: bool,
    changes: &mut Changes<'t>,
) {
    if found.digest == Some(file.digest) {
        // Also where no lock owns it: a file that is right is adopted, so that a lost lock is no catastrophe.
        changes.unchanged += 1;
        return;
    }
    let ownership = ownership(path, found, existing);
    if force || found.torn || ownership == Ownership::Ours {
        changes.write.push(Write { path, file, before: found.digest });
    } else {
        let reason = if ownership == Ownership::Edited { Reason::Edited } else { Reason::NotOurs };
        changes.refused.push(Refusal { path: path.to_owned(), reason });
    }
}

/// A file is there that is not wanted.
fn remove<'t>(
    path: &'t str,
    found: Found,
    tree: &OutputTree,
    existing: &Existing,
    force: bool,
    changes: &mut Changes<'t>,
) {
    match (ownership(path, found, existing), found.digest) {
        (Ownership::Ours, Some(digest)) => changes.remove.push(Removal { path, digest }),
        (Ownership::Edited, Some(digest)) if force || found.torn => changes.remove.push(Removal { path, digest }),
        (Ownership::Edited, _) => changes.refused.push(Refusal { path: path.to_owned(), reason: Reason::Edited }),
        _ if is_in_the_way(path, tree) => {
            changes.refused.push(Refusal { path: path.to_owned(), reason: Reason::InTheWay });
        }
        // Forced or not, what is not ours is never removed.
        _ if force => {}
        _ => changes.refused.push(Refusal { path: path.to_owned(), reason: Reason::Foreign }),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ownership {
    /// A lock announces it as it is.
    Ours,
    /// A lock owns it, with other contents.
    Edited,
    Nobodys,
}

fn ownership(path: &str, found: Found, existing: &Existing) -> Ownership {
    let mut ownership = Ownership::Nobodys;
    for owned in owners(path, existing) {
        if found.digest.is_some_and(|digest| owned.announces(&digest)) {
            return Ownership::Ours;
        }
        ownership = Ownership::Edited;
    }
    ownership
}

/// Whether any lock owns a file of this path.
pub fn is_owned(path: &str, existing: &Existing) -> bool {
    owners(path, existing).next().is_some()
}

/// What the locks above a path say of it; more than one only where a folder has just got or lost its lock.
fn owners<'e>(path: &str, existing: &'e Existing) -> impl Iterator<Item = &'e super::lock::Owned> {
    folders_above(path).filter_map(move |folder| existing.locks.get(folder)?.files.get(below(folder, path)))
}

/// Whether the tree has files below this path, or a file where a folder above it is.
fn is_in_the_way(path: &str, tree: &OutputTree) -> bool {
    let inside = format!("{path}/");
    tree.files.range(inside.clone()..).next().is_some_and(|(first, _)| first.starts_with(&inside))
        || folders_above(path).any(|folder| tree.files.contains_key(folder))
}
