//! What is declared and not understood: told where it stands, and there all the same.
//!
//! Who asks for it is not told that it is missing: one mistake would look like many, in as many places. Each of these has an
//! error of its own that nobody can waive, so nothing is written while there is one.

use std::collections::BTreeSet;

/// Names of one kind of thing that are declared and not understood.
#[derive(Debug, Clone, Default)]
pub struct Unread {
    names: BTreeSet<String>,
    /// One is declared whose name itself is not understood: it may be any.
    has_unnamed: bool,
}

impl Unread {
    pub fn note(&mut self, name: String) {
        self.names.insert(name);
    }

    pub fn note_unnamed(&mut self) {
        self.has_unnamed = true;
    }

    /// Whether something of this name may be among them.
    pub fn may_hold(&self, name: &str) -> bool {
        self.has_unnamed || self.names.contains(name)
    }

    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && !self.has_unnamed
    }
}
