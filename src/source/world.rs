//! The outside as a compile sees it: a list of files and their bytes, nothing else.
//!
//! The real one is in `disk`; tests and the language's own examples use [`MemoryWorld`].

use std::collections::BTreeMap;

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileError {
    /// There is no such file.
    NotFound,
    /// The file is there and cannot be read; the text is the system's own reason.
    Unreadable(String),
    /// The file is larger than a spec can be.
    TooLarge { bytes: u64 },
}

/// The workspace as a compile sees it. Paths are relative to its root and use `/`.
pub trait World: Sync {
    /// Every file of the workspace, sorted; the output, hidden folders and nested workspaces are left out.
    fn files(&self) -> &[String];

    /// The bytes of a file.
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError>;

    /// The day on which dated facts are judged, as `YYYY-MM-DD`; without it such checks say "not checked".
    fn today(&self) -> Option<&str> {
        None
    }

    /// Whether somebody named that day; else it is that of the last change, and what is written now is of a later one.
    fn is_today_named(&self) -> bool {
        self.today().is_some()
    }
}

/// A workspace held in memory.
#[derive(Debug, Default, Clone)]
pub struct MemoryWorld {
    names: Vec<String>,
    files: BTreeMap<String, Vec<u8>>,
    pub today: Option<String>,
}

impl MemoryWorld {
    pub fn new(files: impl IntoIterator<Item = (impl Into<String>, impl Into<Vec<u8>>)>) -> Self {
        let files: BTreeMap<String, Vec<u8>> =
            files.into_iter().map(|(path, bytes)| (path.into(), bytes.into())).collect();
        MemoryWorld { names: files.keys().cloned().collect(), files, today: None }
    }
}

impl World for MemoryWorld {
    fn files(&self) -> &[String] {
        &self.names
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        self.files.get(path).cloned().ok_or(FileError::NotFound)
    }

    fn today(&self) -> Option<&str> {
        self.today.as_deref()
    }
}
