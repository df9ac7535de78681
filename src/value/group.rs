//! The name of a group of the directory: its distinguished name, or its account name.
//!
//! An account name is unique in its domain and survives a move; the distinguished name is what Rancher binds. Which
//! group it is, the export of the directory decides.

use std::fmt;

use compact_str::CompactString;

use crate::diagnostic::Fault;
use crate::value::Dn;
use crate::value::words::{first_bad, is_not, is_not_because, mend, shown_char};

/// A group as a person names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupName {
    Dn(Dn),
    /// The `sAMAccountName`.
    Account(CompactString),
}

const WHAT: &str = "the name of a group";

impl GroupName {
    pub fn parse(text: &str) -> Result<Self, Fault> {
        mend(text, read, meant)
    }

    pub fn as_str(&self) -> &str {
        match self {
            GroupName::Dn(name) => name.as_str(),
            GroupName::Account(name) => name,
        }
    }
}

impl fmt::Display for GroupName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

fn read(text: &str) -> Result<GroupName, Fault> {
    let fault = if let Some((scheme, _)) = text.split_once("://") {
        is_not_because(text, WHAT, "it begins as Rancher's name of a principal").at(0..scheme.len() + 3)
    } else if text.contains('=') {
        return Dn::parse(text).map(GroupName::Dn);
    } else if text.is_empty() {
        is_not(text, WHAT)
    } else if let Some((domain, _)) = text.split_once('\\') {
        is_not_because(text, WHAT, "it begins with a domain").at(0..domain.len() + 1)
    } else if let Some((character, at)) =
        first_bad(text, |character| !character.is_control() && !"\"/\\[]:;|=,+*?<>".contains(character))
    {
        is_not_because(text, WHAT, format!("an account name has no {}", shown_char(character))).at(at)
    } else if text.trim() != text {
        is_not_because(text, WHAT, "there is a blank at its end")
    } else if text.ends_with('.') {
        is_not_because(text, WHAT, "an account name does not end with a point")
    } else if text.chars().count() > 256 {
        is_not_because(text, WHAT, "it has more than 256 characters")
    } else {
        return Ok(GroupName::Account(text.into()));
    };
    Err(fault)
}

fn meant(text: &str) -> String {
    let name = text.split_once("://").map_or(text, |(_, name)| name);
    let name = if name.contains('=') { name } else { name.rsplit('\\').next().unwrap_or(name) };
    name.trim().trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_names_are_read() {
        assert!(matches!(GroupName::parse("GG_K8S_GOCH_Admins").unwrap(), GroupName::Account(_)));
        assert!(matches!(GroupName::parse("CN=GG,DC=krzn,DC=example").unwrap(), GroupName::Dn(_)));
        assert!(GroupName::parse("GG Köln Süd").is_ok());
    }

    #[test]
    fn other_names_of_groups_are_shortened() {
        for (text, meant) in [
            ("KRZN\\GG_Admins", "GG_Admins"),
            ("activedirectory_group://CN=GG,DC=a", "CN=GG,DC=a"),
            ("GG ", "GG"),
            ("GG.", "GG"),
        ] {
            assert_eq!(GroupName::parse(text).unwrap_err().suggestion.as_deref(), Some(meant), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "a/b", "a*", "a@b,c", &"a".repeat(257), "CN="] {
            assert!(GroupName::parse(text).is_err(), "{text}");
        }
    }
}
