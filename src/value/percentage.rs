//! Percentages: `30%`, whole, up to ten times the whole.
//!
//! The sign belongs to it. A bare `30` could be a count and `0.3` a share; both are refused with the sign as the
//! offer, so that nobody reserves thirty bytes of a disk.

use std::fmt;

use crate::diagnostic::Fault;
use crate::value::words::{digits, is_not_because, mend};

/// A share in hundredths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percentage(u32);

const MOST: u32 = 1000;
const WHAT: &str = "a percentage";

impl Percentage {
    pub const WHOLE: Percentage = Percentage(100);

    pub fn parse(text: &str) -> Result<Self, Fault> {
        mend(text, read, meant)
    }

    pub const fn new(percent: u32) -> Self {
        Percentage(percent)
    }

    /// The number before the sign.
    pub fn percent(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Percentage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}%", self.0)
    }
}

fn read(text: &str) -> Result<Percentage, Fault> {
    let Some(number) = text.strip_suffix('%') else {
        return Err(is_not_because(text, WHAT, "the `%` is missing"));
    };
    match digits(number, 9).and_then(|number| u32::try_from(number).ok()) {
        Some(percent) if percent <= MOST => Ok(Percentage(percent)),
        Some(_) => Err(is_not_because(text, WHAT, format!("the most there can be is `{MOST}%`"))),
        None => Err(is_not_because(text, WHAT, "before the `%` stands a whole number from 0 to 1000")),
    }
}

fn meant(text: &str) -> String {
    if let Some(percent) = share(text) {
        return format!("{percent}%");
    }
    format!("{}%", text.trim().trim_end_matches('%').trim())
}

/// `0.3` is a share, written as a fraction of one.
fn share(text: &str) -> Option<u64> {
    let decimals = text.strip_prefix("0.").or_else(|| text.strip_prefix('.'))?;
    match decimals.len() {
        1 => digits(decimals, 1).map(|tenths| tenths * 10),
        2 => digits(decimals, 2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_percentages_are_read() {
        for text in ["0%", "30%", "100%", "150%", "1000%"] {
            assert_eq!(Percentage::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Percentage::parse("030%").unwrap().to_string(), "30%");
    }

    #[test]
    fn the_sign_is_offered() {
        for (text, meant) in [("30", "30%"), ("0.3", "30%"), ("0.05", "5%"), ("30 %", "30%")] {
            assert_eq!(Percentage::parse(text).unwrap_err().suggestion.as_deref(), Some(meant), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "%", "1001%", "-3%", "12.5%", "a%", "99999999999%"] {
            assert!(Percentage::parse(text).is_err(), "{text}");
        }
    }
}
