//! A range of counts: `2..8`, both ends included.
//!
//! The two dots are the language's own; a hyphen could be a minus. A range of one is written `3..3`, so that a reader
//! sees that it could grow.

use std::fmt;

use crate::diagnostic::Fault;
use crate::value::words::{digits, is_not_because, mend};

/// From the least to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Range {
    minimum: u32,
    maximum: u32,
}

const WHAT: &str = "a range";

impl Range {
    pub fn parse(text: &str) -> Result<Self, Fault> {
        mend(text, read, meant)
    }

    /// The range of one count.
    pub fn exactly(count: u32) -> Self {
        Range { minimum: count, maximum: count }
    }

    pub fn minimum(self) -> u32 {
        self.minimum
    }

    pub fn maximum(self) -> u32 {
        self.maximum
    }
}

impl fmt::Display for Range {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}..{}", self.minimum, self.maximum)
    }
}

fn read(text: &str) -> Result<Range, Fault> {
    let ends = text.split_once("..").and_then(|(low, high)| Some((number(low)?, number(high)?)));
    let Some((minimum, maximum)) = ends else {
        let fault = is_not_because(text, WHAT, "it is not two counts with `..` between them");
        return Err(fault.help("write for instance `2..8`"));
    };
    if minimum > maximum {
        return Err(is_not_because(text, WHAT, "its least is more than its most"));
    }
    Ok(Range { minimum, maximum })
}

/// Counts go no further than what Kubernetes holds in 32 bits with a sign.
fn number(text: &str) -> Option<u32> {
    digits(text, 10).and_then(|number| i32::try_from(number).ok()).and_then(|number| u32::try_from(number).ok())
}

fn meant(text: &str) -> Option<String> {
    let bare: String = text.chars().filter(|character| !character.is_whitespace()).collect();
    let (low, high) = ["..=", "...", "..", "-", "–", "bis", "to", ":"]
        .iter()
        .find_map(|between| bare.split_once(between))
        .unwrap_or((&bare, &bare));
    Some(match (number(low)?, number(high)?) {
        (low, high) if low > high => format!("{high}..{low}"),
        (low, high) => format!("{low}..{high}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_are_read() {
        let range = Range::parse("2..8").unwrap();
        assert_eq!((range.minimum(), range.maximum(), range.to_string().as_str()), (2, 8, "2..8"));
        assert!(Range::parse("3..3").is_ok());
    }

    #[test]
    fn near_misses_are_offered_in_our_form() {
        for (text, meant) in
            [("2-8", "2..8"), ("2 .. 8", "2..8"), ("2...8", "2..8"), ("2..=8", "2..8"), ("8..2", "2..8"), ("3", "3..3")]
        {
            assert_eq!(Range::parse(text).unwrap_err().suggestion.as_deref(), Some(meant), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "..", "2..", "..8", "a..b", "-1..3", "0..3000000000"] {
            assert!(Range::parse(text).is_err(), "{text}");
        }
    }
}
