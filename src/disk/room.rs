//! What is proven about the disk before the first byte is written: that the way there stays inside, that it may be
//! written, and that all of it fits.
//!
//! A build that stops half-way is mended by the next one, but a build that never starts is better. The system can
//! still refuse later, when another process is faster or a quota is smaller than the disk.

use std::collections::BTreeSet;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::problem::{Problem, State};

/// What a build is going to do to the disk.
#[derive(Debug, Default)]
pub(super) struct Needs {
    /// Folders that exist and in which something is created or removed, and files that are overwritten.
    pub(super) writable: BTreeSet<PathBuf>,
    /// The length of each file that is created, and how much the overwritten ones grow.
    pub(super) lengths: Vec<u64>,
    /// How many files and folders are created.
    pub(super) entries: u64,
}

/// Refuses where a folder or file may not be written, or the disk is too full.
#[cfg(unix)]
pub(super) fn prove(place: &Path, needs: &Needs) -> Result<(), Problem> {
    use rustix::fs::{Access, access, statvfs};

    for path in &needs.writable {
        access(path, Access::WRITE_OK)
            .map_err(|error| Problem::system("write to", path, &error.into(), State::Untouched))?;
    }
    // A file system that does not count, as network ones may, is not asked.
    let Ok(disk) = statvfs(place) else { return Ok(()) };
    let short = |what, needed, free| Problem::NoRoom { path: place.into(), what, needed, free };
    if disk.f_blocks > 0 {
        let block = disk.f_frsize.max(1);
        let blocks: u64 = needs.lengths.iter().map(|length| length.div_ceil(block)).sum();
        let (needed, free) = (blocks.saturating_mul(block), disk.f_bavail.saturating_mul(block));
        if needed > free {
            return Err(short("bytes", needed, free));
        }
    }
    if disk.f_files > 0 && needs.entries > disk.f_favail {
        return Err(short("files and folders", needs.entries, disk.f_favail));
    }
    Ok(())
}

/// Elsewhere the first write shows it.
#[cfg(not(unix))]
pub(super) fn prove(_place: &Path, _needs: &Needs) -> Result<(), Problem> {
    Ok(())
}

/// Refuses an output path that a symbolic link leads out of the workspace, or out of the folder above where it lies
/// elsewhere. Below the output folder no link is taken at all.
pub(super) fn stays_inside(out: &Path, root: Option<&Path>) -> Result<(), Problem> {
    let unreadable = |path: &Path, error: &io::Error| Problem::system("read", path, error, State::Untouched);
    let out = std::path::absolute(out).map_err(|error| unreadable(out, &error))?;
    if let Some(place) = out.ancestors().find(|place| place.symlink_metadata().is_ok_and(|it| it.is_file())) {
        return Err(Problem::NotAFolder { path: place.into() });
    }
    let climbs = out.components().any(|it| it == Component::ParentDir);
    let root = root.and_then(|root| std::path::absolute(root).ok()).filter(|root| !climbs && out.starts_with(root));
    let Some(base) = root.as_deref().or_else(|| out.parent()) else { return Ok(()) };
    let mut inside: Vec<&Path> = out.ancestors().take_while(|place| *place != base).collect();
    inside.reverse();
    for place in inside {
        let kind = match place.symlink_metadata() {
            Ok(metadata) => metadata.file_type(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(unreadable(place, &error)),
        };
        if kind.is_symlink() {
            let Ok(target) = place.canonicalize() else {
                return Err(Problem::LeadsOutside { path: place.into(), target: None });
            };
            if !base.canonicalize().is_ok_and(|base| target.starts_with(base)) {
                return Err(Problem::LeadsOutside { path: place.into(), target: Some(target) });
            }
        }
        if !place.is_dir() {
            return Err(Problem::NotAFolder { path: place.into() });
        }
    }
    Ok(())
}
