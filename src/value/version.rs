//! Versions: strict ones of three numbers (`v1.34.5+rke2r1`), and product lines of two (`2.14`).
//!
//! Both are text: as a number `2.10` is less than `2.9`. They keep their spelling and compare by what it means.

use std::cmp::Ordering;
use std::fmt;

use compact_str::CompactString;

use crate::diagnostic::Fault;
use crate::value::words::{digits, is_not_because, mend, shown};

/// A semantic version, with or without a `v` before it.
#[derive(Debug, Clone)]
pub struct Semver {
    text: CompactString,
    version: semver::Version,
}

/// A product line or a version of it: `2.14`, `2.14.4`.
#[derive(Debug, Clone)]
pub struct Version {
    text: CompactString,
    numbers: [u64; 3],
}

impl Semver {
    pub fn parse(text: &str) -> Result<Self, Fault> {
        mend(text, read_semver, meant_semver)
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn version(&self) -> &semver::Version {
        &self.version
    }

    /// The first two numbers, by which Kubernetes counts its releases.
    pub fn minor(&self) -> (u64, u64) {
        (self.version.major, self.version.minor)
    }
}

impl Version {
    pub fn parse(text: &str) -> Result<Self, Fault> {
        mend(text, read_version, |text| Some(text.trim().trim_start_matches(['V', 'v']).replace(',', ".")))
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The product line: `(2, 14)`.
    pub fn minor(&self) -> (u64, u64) {
        (self.numbers[0], self.numbers[1])
    }
}

fn read_semver(text: &str) -> Result<Semver, Fault> {
    let what = "a semantic version";
    let bare = text.strip_prefix('v').unwrap_or(text);
    semver::Version::parse(bare).map(|version| Semver { text: text.into(), version }).map_err(|_| {
        let numbers: Vec<&str> = bare.split(['-', '+']).next().unwrap_or(bare).split('.').collect();
        let fault = if numbers.len() == 2 && numbers.iter().all(|part| digits(part, 9).is_some()) {
            is_not_because(text, what, "it has two numbers instead of three")
        } else {
            let is_number = |part: &&str| digits(part, 9).is_some();
            is_not_because(
                text,
                what,
                if !numbers.first().is_some_and(is_number) {
                    "it does not begin with a number".to_owned()
                } else if numbers.len() != 3 || !numbers.iter().all(is_number) {
                    "three numbers with `.` between them are expected at its beginning".to_owned()
                } else if let Some(number) = numbers.iter().find(|part| part.len() > 1 && part.starts_with('0')) {
                    format!("`{number}` has a zero in front")
                } else {
                    "behind the numbers it takes letters, digits, `-` and `.` only".to_owned()
                },
            )
        };
        fault.help("three numbers, such as `1.30.0` or `v1.34.5+rke2r1`")
    })
}

/// `1.34` with its third number, `V1.2.3` and ` 1.2.3` in order.
fn meant_semver(text: &str) -> String {
    let text = text.trim().replace(',', ".");
    let text = text.strip_prefix('V').map_or(text.clone(), |rest| format!("v{rest}"));
    let end = text.find(['-', '+']).unwrap_or(text.len());
    let (numbers, rest) = text.split_at(end);
    match numbers.split('.').count() {
        1 => format!("{numbers}.0.0{rest}"),
        2 => format!("{numbers}.0{rest}"),
        _ => text,
    }
}

fn read_version(text: &str) -> Result<Version, Fault> {
    let parts: Vec<&str> = text.strip_prefix('v').unwrap_or(text).split('.').collect();
    let number = |part: &&str| digits(part, 9).filter(|_| *part == "0" || !part.starts_with('0'));
    let numbers: Option<Vec<u64>> = parts.iter().map(number).collect();
    match numbers.as_deref() {
        Some([major, minor]) => Ok(Version { text: text.into(), numbers: [*major, *minor, 0] }),
        Some([major, minor, patch]) => Ok(Version { text: text.into(), numbers: [*major, *minor, *patch] }),
        _ => {
            let reason = match parts.iter().find(|part| number(part).is_none()) {
                Some(part) => format!("{} is not a number", shown(part)),
                None => format!("it has {} numbers", parts.len()),
            };
            Err(is_not_because(text, "a version", reason).help("two or three numbers, such as `2.14` or `2.14.4`"))
        }
    }
}

macro_rules! compare_by {
    ($name:ident, $field:ident) => {
        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.$field == other.$field
            }
        }

        impl Eq for $name {}

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl Ord for $name {
            fn cmp(&self, other: &Self) -> Ordering {
                self.$field.cmp(&other.$field)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.text)
            }
        }
    };
}

compare_by!(Semver, version);
compare_by!(Version, numbers);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_keep_their_spelling_and_compare_by_number() {
        let version = |text| Semver::parse(text).unwrap();
        assert_eq!(version("v1.34.5+rke2r1").to_string(), "v1.34.5+rke2r1");
        assert_eq!(version("v1.34.5+rke2r1").minor(), (1, 34));
        assert!(version("1.10.0") > version("1.9.0"));
        assert!(version("1.30.0-rc1") < version("v1.30.0"));
        assert!(Version::parse("2.10").unwrap() > Version::parse("2.9").unwrap());
        assert_eq!(Version::parse("2.14").unwrap(), Version::parse("v2.14.0").unwrap());
    }

    #[test]
    fn a_missing_number_is_offered() {
        for (text, meant) in [("1.34", "1.34.0"), ("v1.34+k3s1", "v1.34.0+k3s1"), ("V1.2.3", "v1.2.3"), ("2", "2.0.0")]
        {
            assert_eq!(Semver::parse(text).unwrap_err().suggestion.as_deref(), Some(meant), "{text}");
        }
        assert_eq!(Version::parse("2,14").unwrap_err().suggestion.as_deref(), Some("2.14"));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "v", "latest", "1.2.x", "1.2.3.4", ">=1.2.3", "01.2.3"] {
            assert!(Semver::parse(text).is_err(), "{text}");
            assert!(Version::parse(text).is_err(), "{text}");
        }
        assert!(Version::parse("2").is_err() && Version::parse("2.014").is_err());
    }
}
