//! Which group a spec means, and how far its spelling is from the directory's.

use super::{Directory, Group};
use crate::value::GroupName;

/// What an export says to the name of a group.
#[derive(Debug, Clone, PartialEq)]
pub enum Match<'d> {
    /// The group, spelled as the directory does, or named by its account name.
    Exact(&'d Group),
    /// The same entry in another spelling: bound like this, it binds nobody.
    SpellingDiffers(&'d Group),
    /// A group of this name lies somewhere else now.
    Moved(&'d Group),
    /// Nothing of this name; the nearest account names.
    None { nearest: Vec<&'d str> },
}

impl Directory {
    /// Finds the group that a spec names.
    pub fn find(&self, name: &GroupName) -> Match<'_> {
        let group = |at: &usize| &self.groups[*at];
        let known_as = match name {
            GroupName::Account(account) => {
                if let Some(at) = self.by_account.get(account.to_lowercase().as_str()) {
                    return Match::Exact(group(at));
                }
                account.as_str()
            }
            GroupName::Dn(dn) => {
                if let Some(at) = self.by_dn.get(dn.as_str()) {
                    return Match::Exact(group(at));
                }
                if let Some(at) = self.by_normalized.get(&dn.normalized()) {
                    return Match::SpellingDiffers(group(at));
                }
                let name = dn.common_name().unwrap_or_default();
                if let Some(at) = self.by_account.get(&name.to_lowercase()) {
                    return Match::Moved(group(at));
                }
                let mut of_name = self.groups.iter().filter(|group| group.cn.to_lowercase() == name.to_lowercase());
                // Two groups of one name in different places: neither is the one that was meant.
                if let (Some(only), None) = (of_name.next(), of_name.next()) {
                    return Match::Moved(only);
                }
                name
            }
        };
        Match::None { nearest: self.nearest(known_as) }
    }

    /// At most three account names that differ little from what was written.
    fn nearest(&self, written: &str) -> Vec<&str> {
        let written = written.to_lowercase();
        let limit = (written.chars().count() / 4).clamp(1, 3);
        let distance = |(name, at): (&String, &usize)| {
            let distance = strsim::damerau_levenshtein(&written, name);
            (distance <= limit).then_some((distance, self.groups[*at].sam_account_name.as_str()))
        };
        let mut near: Vec<(usize, &str)> = self.by_account.iter().filter_map(distance).collect();
        near.sort_unstable();
        near.into_iter().take(3).map(|(_, name)| name).collect()
    }
}
