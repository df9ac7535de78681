//! Who is in a group in the end: groups in groups, walked once each.
//!
//! Rights follow nested groups only where the cluster's login is set so, so the direct members are told apart.

use std::collections::{BTreeMap, BTreeSet};

use super::{Directory, Group};
use crate::value::Dn;

/// The people of a group, by the normalised forms of their names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Members {
    /// In the group itself.
    pub direct: BTreeSet<String>,
    /// In groups that are in the group; a person may be in both.
    pub nested: BTreeSet<String>,
    /// The groups that were walked, by their places among [`Directory::groups`].
    groups: BTreeSet<usize>,
}

impl Members {
    /// Nobody is in it, at any depth.
    pub fn is_empty(&self) -> bool {
        self.direct.is_empty() && self.nested.is_empty()
    }

    /// All of them, each once.
    pub fn all(&self) -> BTreeSet<&str> {
        self.direct.iter().chain(&self.nested).map(String::as_str).collect()
    }

    /// How many groups were walked, the group itself included.
    pub fn group_count(&self) -> usize {
        self.groups.len()
    }
}

impl Directory {
    /// The members of a group. What an export does not know as a group counts as a person.
    pub fn effective_members(&self, group: &Group) -> Members {
        let mut members = Members::default();
        let Some(root) = self.by_normalized.get(&group.dn.normalized()) else { return members };
        let mut waiting = vec![*root];
        members.groups.insert(*root);
        while let Some(at) = waiting.pop() {
            for member in &self.groups[at].members {
                let name = Dn::parse(member).map_or_else(|_| member.to_lowercase(), |name| name.normalized());
                match self.by_normalized.get(&name) {
                    // Groups may contain each other; each is walked once.
                    Some(inner) => {
                        if members.groups.insert(*inner) {
                            waiting.push(*inner);
                        }
                    }
                    None if at == *root => {
                        members.direct.insert(name);
                    }
                    None => {
                        members.nested.insert(name);
                    }
                }
            }
        }
        members
    }

    /// The groups that contain a group, directly or through others, by their names.
    pub fn containers(&self, group: &Group) -> BTreeSet<&str> {
        let mut containers: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, outer) in self.groups.iter().enumerate() {
            for member in &outer.members {
                let inner = self.by_dn.get(member).copied();
                let inner = inner.or_else(|| self.by_normalized.get(&Dn::parse(member).ok()?.normalized()).copied());
                if let Some(inner) = inner {
                    containers.entry(inner).or_default().push(at);
                }
            }
        }
        let mut found = BTreeSet::new();
        let mut waiting: Vec<usize> = self.by_normalized.get(&group.dn.normalized()).copied().into_iter().collect();
        while let Some(at) = waiting.pop() {
            for outer in containers.get(&at).into_iter().flatten() {
                if found.insert(*outer) {
                    waiting.push(*outer);
                }
            }
        }
        found.into_iter().map(|at| self.groups[at].dn.as_str()).collect()
    }
}
