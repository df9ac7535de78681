//! A workspace with files that are not written yet, so that they can be proven before they are.

use std::collections::BTreeMap;

use super::files::NewFile;
use crate::source::{FileError, World};

/// A world and files on top of it.
#[derive(Debug)]
pub(super) struct Overlay<'w, W: ?Sized> {
    base: &'w W,
    names: Vec<String>,
    added: BTreeMap<&'w str, &'w str>,
}

impl<'w, W: World + ?Sized> Overlay<'w, W> {
    pub(super) fn new(base: &'w W, files: &'w [NewFile]) -> Self {
        let added: BTreeMap<&str, &str> = files.iter().map(|file| (file.path.as_str(), file.text.as_str())).collect();
        let mut names: Vec<String> = base.files().to_vec();
        names.extend(added.keys().map(|path| (*path).to_owned()));
        names.sort();
        names.dedup();
        Overlay { base, names, added }
    }
}

impl<W: World + ?Sized> World for Overlay<'_, W> {
    fn files(&self) -> &[String] {
        &self.names
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        match self.added.get(path) {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => self.base.read(path),
        }
    }

    fn today(&self) -> Option<&str> {
        self.base.today()
    }
}
