//! Writing the tree: compare first, announce, change what differs, settle.
//!
//! The order makes a killed build harmless. The mark of an unfinished build and the locks with old and new digests are on
//! disk before the first file changes; files are then written in place, which is a third faster than a new file and a
//! rename each; the locks are settled and the mark goes at the very end. Whatever a kill leaves, the next build
//! knows each file as it was, as it should be, or as the start of that. A tree is never removed and written anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::existing::{self, Reading, UNFINISHED};
use super::pin::pin;
use super::problem::{Problem, State};
use super::room::{self, Needs};
use crate::output::diff::{Changes, Refusal, Scope, diff};
use crate::output::lock::{self, Lock};
use crate::output::{OutputTree, folders_above, join};

/// How a tree is written.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The root of the workspace; an output folder in it must not be led outside by a link.
    pub root: Option<PathBuf>,
    /// Overwrite what is not ours or was edited, and leave foreign files where they are.
    pub force: bool,
    /// Write nothing, only say what differs.
    pub check: bool,
    /// Compare and write only this tenant.
    pub tenant: Option<String>,
    /// A file at the root of the workspace that is written with the tree, or not at all: its name and its text.
    pub pins: Option<(String, String)>,
}

/// What a build did or, with `check`, would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Files created or overwritten, sorted.
    pub written: Vec<String>,
    /// Files removed, sorted.
    pub removed: Vec<String>,
    /// Locks created, changed or removed, sorted.
    pub locks: Vec<String>,
    /// Files that were right already.
    pub unchanged: usize,
    /// What would stand against a build; only with `check`, else a build stops there.
    pub refused: Vec<Refusal>,
    /// The last build had been killed and this one completed it.
    pub mended: bool,
    /// The file of [`Options::pins`] was not as it has to be.
    pub pinned: bool,
}

impl Outcome {
    /// Whether the tree on disk was not the one that was compiled.
    pub fn differs(&self) -> bool {
        self.mended
            || self.pinned
            || !(self.written.is_empty() && self.removed.is_empty() && self.locks.is_empty() && self.refused.is_empty())
    }
}

/// Makes the folder `out` hold the tree. Either all of it is written, or nothing and the problems say why; what the
/// system refuses half-way says so itself.
pub fn build(out: &Path, tree: &OutputTree, options: &Options) -> Result<Outcome, Vec<Problem>> {
    let scope = options.tenant.clone().map_or(Scope::All, Scope::Tenant);
    // Held until the end. The system lets go of it also where the build is killed.
    let _held = match &options.root {
        Some(root) if !options.check => hold(root).map_err(|problem| vec![problem])?,
        _ => None,
    };
    room::stays_inside(out, options.root.as_deref()).map_err(|problem| vec![problem])?;
    let (reading, locks) = rayon::join(|| existing::read(out, tree, &scope), || lock::locks(tree, &scope));
    let reading = reading?;
    let changes = diff(tree, &reading.existing, &scope, options.force);
    let plan = Plan::new(out, locks, &reading, &scope, changes);
    if !options.check {
        if !plan.changes.refused.is_empty() {
            return Err(plan.changes.refused.into_iter().map(Problem::Refused).collect());
        }
        plan.prove().map_err(|problem| vec![problem])?;
    }
    // Before the tree and after all that may refuse it: a claim that is in the tree has to be pinned, also where the
    // build is killed in between.
    let pinned = match (&options.root, &options.pins) {
        (Some(root), Some((name, text))) => pin(root, name, text, options.check).map_err(|problem| vec![problem])?,
        _ => false,
    };
    if !options.check {
        plan.carry_out().map_err(|problem| vec![problem])?;
    }
    let outcome = Outcome { pinned, ..plan.outcome() };
    // Nobody has to wait until each of the paths is given back.
    drop(plan);
    rayon::spawn(move || drop(reading));
    Ok(outcome)
}

/// Keeps other builds out of a workspace. A file system that knows no locks, as network ones may, keeps nobody out.
fn hold(root: &Path) -> Result<Option<File>, Problem> {
    let Ok(folder) = File::open(root) else { return Ok(None) };
    match folder.try_lock() {
        Err(TryLockError::WouldBlock) => Err(Problem::Busy { path: root.into() }),
        Err(TryLockError::Error(_)) => Ok(None),
        Ok(()) => Ok(Some(folder)),
    }
}

/// All that a build does, decided before it starts. Its steps are apart so that a test can stop between them.
#[derive(Debug)]
pub(super) struct Plan<'t> {
    out: &'t Path,
    reading: &'t Reading,
    changes: Changes<'t>,
    /// The text of each lock that announces a change.
    announced: Vec<(&'t str, Vec<u8>)>,
    /// The text of each lock that is not yet as it has to be at the end.
    settled: Vec<(&'t str, Vec<u8>)>,
    /// Folders whose lock goes.
    obsolete: Vec<&'t str>,
    /// Whether the mark of an unfinished build may go at the end.
    completes: bool,
}

impl<'t> Plan<'t> {
    pub(super) fn new(
        out: &'t Path,
        finished: BTreeMap<&'t str, Lock>,
        reading: &'t Reading,
        scope: &Scope,
        changes: Changes<'t>,
    ) -> Self {
        let obsolete: Vec<&str> = reading
            .existing
            .locks
            .keys()
            .map(String::as_str)
            .filter(|folder| scope.takes(folder) && !finished.contains_key(folder))
            .collect();
        let on_disk: BTreeMap<&str, &[u8]> =
            reading.lock_bytes.iter().map(|(folder, bytes)| (folder.as_str(), bytes.as_slice())).collect();
        let texts = |locks: BTreeMap<&'t str, Lock>| locks.into_iter().map(|(folder, lock)| (folder, lock.to_bytes()));
        let differs = |(folder, bytes): &(&str, Vec<u8>)| on_disk.get(folder) != Some(&bytes.as_slice());
        let announced: Vec<_> =
            texts(lock::announce(&finished, obsolete.iter().copied(), &changes)).filter(differs).collect();
        // What an announcement overwrites has to be settled again, also where it was right before.
        let overwritten: BTreeSet<&str> = announced.iter().map(|(folder, _)| *folder).collect();
        let settled = texts(finished).filter(|lock| overwritten.contains(lock.0) || differs(lock)).collect();
        // A tenant alone does not complete what a build of all left.
        let completes = *scope == Scope::All || !reading.unfinished;
        Plan { out, reading, changes, announced, settled, obsolete, completes }
    }

    /// Whether the disk can take it.
    fn prove(&self) -> Result<(), Problem> {
        if self.is_needed() { room::prove(&self.place(), &self.needs()) } else { Ok(()) }
    }

    pub(super) fn carry_out(&self) -> Result<(), Problem> {
        if !self.is_needed() {
            return if self.reading.unfinished { self.complete() } else { Ok(()) };
        }
        self.begin()?;
        self.announce()?;
        self.remove()?;
        self.write()?;
        self.settle()?;
        self.complete()
    }

    pub(super) fn outcome(&self) -> Outcome {
        let locks: BTreeSet<&str> =
            self.settled.iter().map(|(folder, _)| *folder).chain(self.obsolete.iter().copied()).collect();
        Outcome {
            written: self.changes.write.iter().map(|it| it.path.to_owned()).collect(),
            removed: self.changes.remove.iter().map(|it| it.path.to_owned()).collect(),
            locks: locks.into_iter().map(|folder| join(folder, lock::NAME)).collect(),
            unchanged: self.changes.unchanged,
            refused: self.changes.refused.clone(),
            mended: self.reading.unfinished && self.completes,
            pinned: false,
        }
    }

    fn is_needed(&self) -> bool {
        !(self.changes.write.is_empty()
            && self.changes.remove.is_empty()
            && self.settled.is_empty()
            && self.obsolete.is_empty())
    }

    /// The output folder, or where it will be.
    fn place(&self) -> PathBuf {
        let exists = |place: &&Path| place.symlink_metadata().is_ok();
        let absolute = std::path::absolute(self.out).unwrap_or_else(|_| self.out.to_owned());
        absolute.ancestors().find(exists).unwrap_or(&absolute).to_owned()
    }

    fn needs(&self) -> Needs {
        let mut needs = Needs { entries: 1, ..Needs::default() };
        needs.writable.insert(self.place());
        let lock_files: Vec<(String, &[u8])> = self
            .announced
            .iter()
            .chain(&self.settled)
            .map(|(folder, bytes)| (join(folder, lock::NAME), bytes.as_slice()))
            .collect();
        for write in &self.changes.write {
            let path = self.out.join(write.path);
            let length = write.file.bytes.len() as u64;
            if write.before.is_some() {
                let old = path.metadata().map_or(0, |it| it.len());
                needs.lengths.push(length.saturating_sub(old));
                needs.writable.insert(path);
            } else {
                needs.lengths.push(length);
                needs.entries += 1;
            }
        }
        for (_, bytes) in &lock_files {
            needs.lengths.push(bytes.len() as u64);
            needs.entries += 1;
        }
        let created = self.changes.write.iter().filter(|it| it.before.is_none()).map(|it| it.path);
        let removed = self.changes.remove.iter().map(|it| it.path);
        for path in created.chain(removed).chain(lock_files.iter().map(|(path, _)| path.as_str())) {
            if let Some(folder) = folders_above(path).find(|folder| self.reading.folders.contains(*folder)) {
                needs.writable.insert(self.out.join(folder));
            }
        }
        let folders = self.missing_folders(lock_files.iter().map(|(path, _)| path.as_str()).chain(self.written()));
        needs.entries += folders.len() as u64;
        // A folder takes a block.
        needs.lengths.extend(folders.iter().map(|_| 1));
        needs
    }

    fn written(&self) -> impl Iterator<Item = &str> {
        self.changes.write.iter().map(|it| it.path)
    }

    /// Puts the mark of an unfinished build; the first thing that is written, and so the last proof that it can be.
    pub(super) fn begin(&self) -> Result<(), Problem> {
        let refused = |act, path: &Path, error: &io::Error| Problem::system(act, path, error, State::Untouched);
        fs::create_dir_all(self.out).map_err(|error| refused("create the folder", self.out, &error))?;
        let mark = self.out.join(UNFINISHED);
        fs::create_dir_all(&mark).map_err(|error| refused("create the folder", &mark, &error))
    }

    /// Writes the locks that announce what comes.
    pub(super) fn announce(&self) -> Result<(), Problem> {
        self.create_folders(self.folders_of_locks())?;
        self.replace_locks(&self.announced)
    }

    /// Removes what is no longer wanted, and the folders that it leaves empty.
    pub(super) fn remove(&self) -> Result<(), Problem> {
        self.changes
            .remove
            .par_iter()
            .with_min_len(16)
            .try_for_each(|removal| remove_file(&self.out.join(removal.path)))?;
        // A folder that is empty only until its new file comes stays.
        let needed: BTreeSet<&str> = self.written().flat_map(folders_above).collect();
        let left = self.changes.remove.iter().flat_map(|it| folders_above(it.path));
        self.remove_empty_folders(left.filter(|folder| !needed.contains(folder)));
        // Where a file is wanted in place of a folder, the comparison has shown that nothing else is in it.
        let folders = &self.reading.folders;
        let replaced = self.written().filter(|path| folders.contains(*path));
        self.remove_empty_folders(replaced.flat_map(|path| {
            let inside = format!("{path}/");
            let below = folders.range(inside.clone()..).take_while(move |folder| folder.starts_with(&inside));
            below.map(String::as_str).chain([path])
        }));
        Ok(())
    }

    /// Writes what differs.
    pub(super) fn write(&self) -> Result<(), Problem> {
        let mut folders = self.missing_folders(self.written());
        for made in self.folders_of_locks() {
            folders.remove(made);
        }
        self.create_folders(folders)?;
        self.changes.write.par_iter().with_min_len(16).try_for_each(|write| {
            let path = self.out.join(write.path);
            write_file(&path, &write.file.bytes).map_err(|error| {
                if write.before.is_none() {
                    // Half of a file that nobody has seen yet helps nobody; that it stays is no second problem.
                    let _ = fs::remove_file(&path);
                }
                Problem::system("write", path, &error, State::Underway)
            })
        })
    }

    /// Writes the locks as they are once nothing is under way.
    pub(super) fn settle(&self) -> Result<(), Problem> {
        let announced: BTreeMap<&str, &[u8]> =
            self.announced.iter().map(|(folder, bytes)| (*folder, bytes.as_slice())).collect();
        let differing: Vec<_> = self
            .settled
            .iter()
            .filter(|(folder, bytes)| announced.get(folder) != Some(&bytes.as_slice()))
            .cloned()
            .collect();
        self.replace_locks(&differing)?;
        let locks: Vec<String> = self.obsolete.iter().map(|folder| join(folder, lock::NAME)).collect();
        locks.par_iter().try_for_each(|path| remove_file(&self.out.join(path)))?;
        self.remove_empty_folders(locks.iter().flat_map(|path| folders_above(path)));
        Ok(())
    }

    /// Takes the mark of an unfinished build away.
    fn complete(&self) -> Result<(), Problem> {
        if !self.completes {
            return Ok(());
        }
        let mark = self.out.join(UNFINISHED);
        fs::remove_dir_all(&mark).map_err(|error| Problem::system("remove", mark, &error, State::Underway))
    }

    /// The folders above these paths that do not exist, parents first.
    fn missing_folders<'p>(&self, paths: impl Iterator<Item = &'p str>) -> BTreeSet<&'p str> {
        let mut missing = BTreeSet::new();
        for path in paths {
            for folder in folders_above(path) {
                if folder.is_empty() || self.reading.folders.contains(folder) || !missing.insert(folder) {
                    break;
                }
            }
        }
        missing
    }

    /// The folders that do not exist and that the announcement creates.
    fn folders_of_locks(&self) -> BTreeSet<&str> {
        let locks = self.announced.iter().chain(&self.settled).map(|(folder, _)| *folder);
        let mut missing = self.missing_folders(locks.clone());
        missing.extend(locks.filter(|folder| !folder.is_empty() && !self.reading.folders.contains(*folder)));
        missing
    }

    /// Creates folders, those of one depth on all cores.
    fn create_folders(&self, folders: BTreeSet<&str>) -> Result<(), Problem> {
        let mut levels: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        for folder in folders {
            levels.entry(folder.matches('/').count()).or_default().push(folder);
        }
        for level in levels.into_values() {
            level.par_iter().with_min_len(16).try_for_each(|folder| {
                let path = self.out.join(folder);
                fs::create_dir(&path)
                    .map_err(|error| Problem::system("create the folder", &path, &error, State::Underway))
            })?;
        }
        Ok(())
    }

    /// Puts locks in their places; each is either the old one or the new one, never half of one.
    fn replace_locks(&self, locks: &[(&str, Vec<u8>)]) -> Result<(), Problem> {
        locks.par_iter().enumerate().with_min_len(16).try_for_each(|(number, (folder, bytes))| {
            let path = self.out.join(join(folder, lock::NAME));
            let beside = self.out.join(UNFINISHED).join(number.to_string());
            write_file(&beside, bytes)
                .and_then(|()| fs::rename(&beside, &path))
                .map_err(|error| Problem::system("write", &path, &error, State::Underway))
        })
    }

    /// Removes those of the folders that are empty now, the deepest first.
    fn remove_empty_folders<'p>(&self, folders: impl Iterator<Item = &'p str>) {
        let folders: BTreeSet<&str> = folders.filter(|folder| !folder.is_empty()).collect();
        for folder in folders.into_iter().rev() {
            // The system refuses where something is left in it, and that is the question here.
            let _ = fs::remove_dir(self.out.join(folder));
        }
    }
}

fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    File::create(path)?.write_all(bytes)
}

fn remove_file(path: &Path) -> Result<(), Problem> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other.map_err(|error| Problem::system("remove", path, &error, State::Underway)),
    }
}
