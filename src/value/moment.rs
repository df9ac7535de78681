//! A moment: `2026-11-22T13:55:00+01:00`.
//!
//! One form of RFC 3339, with the difference from UTC in figures. A time without it is another one in summer, and the `Z`
//! for UTC does not come through every release of the operators that such a moment is handed to.

use compact_str::CompactString;

use crate::diagnostic::Fault;
use crate::value::words::{is_not, is_not_because, mend};

const WHAT: &str = "a moment";

/// How it is written: a `0` is a digit, all the rest stands for itself; the sign before the offset may be either.
const FORM: &[u8] = b"0000-00-00T00:00:00+00:00";

/// Reads a day and a time with their difference from UTC.
pub(crate) fn parse(text: &str) -> Result<CompactString, Fault> {
    mend(text, read, meant)
}

fn read(text: &str) -> Result<CompactString, Fault> {
    let how = "the day, the time and its difference from UTC, such as `2026-11-22T13:55:00+01:00`";
    let fits = |(found, form): (u8, &u8)| match form {
        b'0' => found.is_ascii_digit(),
        b'+' => matches!(found, b'+' | b'-'),
        form => found == *form,
    };
    if text.len() != FORM.len() || !text.bytes().zip(FORM).all(fits) {
        let has_time = text.contains(':') && !text.contains('+') && !text.to_ascii_uppercase().ends_with('Z');
        let fault = if has_time && text.rsplit('-').next().is_some_and(|last| last.len() > 5) {
            is_not_because(text, WHAT, "it does not say in which time zone")
        } else {
            is_not(text, WHAT)
        };
        return Err(fault.help(how));
    }
    match text.parse::<jiff::Timestamp>() {
        Ok(_) => Ok(text.into()),
        Err(_) => Err(is_not_because(text, WHAT, "there is no such time").help(how)),
    }
}

/// A blank in the place of the `T`, no seconds, fractions of one, `Z`, `+01`, `+0100`.
fn meant(text: &str) -> Option<String> {
    let text = text.trim();
    let (day, rest) = text.split_at_checked(10)?;
    let rest = rest.trim_start_matches(['T', 't', ' ']);
    let zone = rest.find(['+', '-', 'Z', 'z'])?;
    let (time, zone) = rest.split_at(zone);
    let time = time.trim().split('.').next()?;
    let seconds = if time.len() == 5 { ":00" } else { "" };
    let zone = match zone.len() {
        1 => "+00:00".to_owned(),
        3 => format!("{zone}:00"),
        5 => format!("{}:{}", zone.get(..3)?, zone.get(3..)?),
        _ => zone.to_owned(),
    };
    Some(format!("{day}T{time}{seconds}{zone}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_has_its_offset() {
        for text in ["2026-11-22T13:55:00+01:00", "2026-07-01T00:00:00-02:30", "2026-07-01T23:59:59+00:00"] {
            assert!(parse(text).is_ok(), "{text}");
        }
        for text in ["", "gestern", "2026-11-22", "2026-02-30T13:55:00+01:00", "2026-11-22T25:00:00+01:00", "13:55"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn other_ways_to_write_one_are_offered_in_this() {
        for text in [
            "2026-11-22 13:55:00+01",
            "2026-11-22T13:55+01:00",
            "2026-11-22 13:55:00.123456+0100",
            " 2026-11-22T13:55:00 +01:00",
        ] {
            assert_eq!(parse(text).unwrap_err().suggestion.as_deref(), Some("2026-11-22T13:55:00+01:00"), "{text}");
        }
        let utc = parse("2026-11-22T12:55:00Z").unwrap_err();
        assert_eq!(utc.suggestion.as_deref(), Some("2026-11-22T12:55:00+00:00"));
    }

    #[test]
    fn a_time_without_its_zone_is_not_guessed() {
        let fault = parse("2026-11-22T13:55:00").unwrap_err();
        assert!(fault.suggestion.is_none() && fault.message.contains("time zone"), "{fault:?}");
    }
}
