//! The tree that is written: files by path, who owns them, and the one style of YAML.
//!
//! Everything here is a pure function over bytes and digests. [`lock`] says which files are ours, [`diff`] what has to
//! change for a tree to become another one and what must not be touched; `disk` carries it out.

mod arrange;
mod csv;
pub mod diff;
mod hosts;
pub mod lock;
pub mod nagios;
mod secrets;
pub mod yaml;

pub use self::arrange::{arrange, tenant_folder};
pub use self::hosts::{HOSTS_LIST, ListedHost, list_hosts, zone_of};
pub use self::secrets::{SECRETS_LIST, list_provided};

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

/// A sha256.
pub type Digest = [u8; 32];

/// A file of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputFile {
    pub bytes: Vec<u8>,
    /// sha256 of the bytes.
    pub digest: Digest,
}

impl OutputFile {
    pub fn new(bytes: Vec<u8>) -> Self {
        let digest = digest(&bytes);
        OutputFile { bytes, digest }
    }
}

/// Every file by its path in the output folder, without the locks, and the folders that have a lock of their own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutputTree {
    pub files: BTreeMap<String, OutputFile>,
    /// `<cluster>/<tenant>` for every tenant; a file belongs to the nearest of them, else to the root.
    pub lock_folders: BTreeSet<String>,
}

impl OutputTree {
    /// A tree of files in any order; their digests are taken on all cores.
    pub fn new(files: Vec<(String, Vec<u8>)>, lock_folders: impl IntoIterator<Item = String>) -> Self {
        let files: Vec<_> = files.into_par_iter().map(|(path, bytes)| (path, OutputFile::new(bytes))).collect();
        OutputTree { files: files.into_iter().collect(), lock_folders: lock_folders.into_iter().collect() }
    }
}

/// The sha256 of bytes.
pub fn digest(bytes: &[u8]) -> Digest {
    Sha256::digest(bytes).into()
}

/// The folders above a path, the nearest first; the root, which is the empty path, last.
pub(crate) fn folders_above(path: &str) -> impl Iterator<Item = &str> {
    path.rmatch_indices('/').map(|(at, _)| &path[..at]).chain((!path.is_empty()).then_some(""))
}

/// A path below a folder, both relative to the output folder.
pub(crate) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

#[cfg(test)]
mod tests;
