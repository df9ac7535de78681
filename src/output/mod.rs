//! The tree that is written: files by path, who owns them, and the one style of YAML.

mod scalar;
pub mod yaml;

use std::collections::BTreeMap;

/// A file of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputFile {
    pub bytes: Vec<u8>,
    /// sha256 of the bytes.
    pub digest: [u8; 32],
}

/// Every file by its path in the output folder, and the lock that owns it.
#[derive(Debug, Default)]
pub struct OutputTree {
    pub files: BTreeMap<String, OutputFile>,
}
