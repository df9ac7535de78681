//! Spans of time: `14d`, `12h`, `1h30m`, `45s`.
//!
//! Days are 24 hours; months and years have no fixed length and are not offered. Kubernetes' own durations know no
//! days, so what is emitted goes through [`Duration::in_go`].

use std::fmt;

use crate::diagnostic::Fault;
use crate::value::words::{digits, is_not_because, mend};

/// A span of time in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(u64);

const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];
const WHAT: &str = "a duration";

impl Duration {
    pub fn parse(text: &str) -> Result<Self, Fault> {
        mend(text, read, meant)
    }

    pub fn from_seconds(seconds: u64) -> Self {
        Duration(seconds)
    }

    pub fn seconds(self) -> u64 {
        self.0
    }

    /// Whole days, rounded down.
    pub fn days(self) -> u64 {
        self.0 / 86_400
    }

    /// As Go writes it, which knows no days and names every smaller unit: `336h0m0s`. A controller that writes an
    /// object back writes it so, and another spelling would differ from Git for ever.
    pub fn in_go(self) -> String {
        let (hours, minutes, seconds) = (self.0 / 3_600, self.0 / 60 % 60, self.0 % 60);
        match (hours, minutes) {
            (0, 0) => format!("{seconds}s"),
            (0, _) => format!("{minutes}m{seconds}s"),
            _ => format!("{hours}h{minutes}m{seconds}s"),
        }
    }
}

/// The canonical form: the largest units first, none of them zero.
impl fmt::Display for Duration {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&spell(self.0, &UNITS))
    }
}

fn spell(mut seconds: u64, units: &[(char, u64)]) -> String {
    if seconds == 0 {
        return "0s".to_owned();
    }
    let mut text = String::new();
    for (unit, length) in units {
        if seconds >= *length {
            text.push_str(&(seconds / length).to_string());
            text.push(*unit);
            seconds %= length;
        }
    }
    text
}

fn read(text: &str) -> Result<Duration, Fault> {
    count(text).map(Duration).map_err(|reason| {
        let rule = "days, hours, minutes and seconds, the largest first: `14d`, `12h`, `1h30m`";
        is_not_because(text, WHAT, reason).help(rule)
    })
}

fn count(text: &str) -> Result<u64, String> {
    let mut total: u64 = 0;
    let mut rest = text;
    let mut units = UNITS.iter();
    if text.is_empty() {
        return Err("there is nothing in it".to_owned());
    }
    while !rest.is_empty() {
        let end = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
        let Some(number) = digits(&rest[..end], 9) else {
            return Err(if end == 0 {
                "a unit needs a whole number before it".to_owned()
            } else {
                "the number is too long".to_owned()
            });
        };
        let Some(unit) = rest[end..].chars().next() else {
            return Err("the unit is missing".to_owned());
        };
        let Some((_, length)) = units.find(|(known, _)| *known == unit) else {
            return Err(if UNITS.iter().any(|(known, _)| *known == unit) {
                "the units stand from the largest to the smallest, each once".to_owned()
            } else {
                format!("there is no unit {}", super::words::shown_char(unit))
            });
        };
        total = total.saturating_add(number.saturating_mul(*length));
        rest = &rest[end + unit.len_utf8()..];
    }
    Ok(total)
}

/// `2w`, `14 days`, `30min`, `12H`: one number and a unit in some other spelling.
fn meant(text: &str) -> Option<String> {
    let text = text.trim();
    let end = text.find(|character: char| !character.is_ascii_digit())?;
    let count = digits(&text[..end], 6)?;
    let unit = text[end..].trim().to_lowercase();
    Some(match unit.as_str() {
        "w" | "week" | "weeks" | "woche" | "wochen" => format!("{}d", count * 7),
        "d" | "day" | "days" | "tag" | "tage" => format!("{count}d"),
        "h" | "hour" | "hours" | "std" | "stunde" | "stunden" | "hr" | "hrs" => format!("{count}h"),
        "m" | "min" | "mins" | "minute" | "minutes" | "minuten" => format!("{count}m"),
        "s" | "sec" | "secs" | "second" | "seconds" | "sekunde" | "sekunden" => format!("{count}s"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_added() {
        for (text, seconds) in
            [("14d", 1_209_600), ("12h", 43_200), ("30m", 1_800), ("1h30m", 5_400), ("90s", 90), ("0s", 0)]
        {
            assert_eq!(Duration::parse(text).unwrap().seconds(), seconds, "{text}");
        }
    }

    #[test]
    fn the_canonical_form_takes_the_largest_units() {
        for (text, canonical, go) in
            [("90m", "1h30m", "1h30m0s"), ("5m", "5m", "5m0s"), ("14d", "14d", "336h0m0s"), ("0m", "0s", "0s")]
        {
            let duration = Duration::parse(text).unwrap();
            assert_eq!((duration.to_string().as_str(), duration.in_go().as_str()), (canonical, go));
            assert_eq!(Duration::parse(canonical).unwrap(), duration);
        }
    }

    #[test]
    fn other_spellings_are_offered_in_ours() {
        for (text, meant) in [("2w", "14d"), ("14 Tage", "14d"), ("30min", "30m"), ("12H", "12h"), (" 5m", "5m")] {
            assert_eq!(Duration::parse(text).unwrap_err().suggestion.as_deref(), Some(meant), "{text}");
        }
    }

    #[test]
    fn what_is_unclear_is_refused() {
        for text in ["", "14", "d", "1.5h", "30m1h", "1h1h", "-1h", "1y", "99999999999d"] {
            assert!(Duration::parse(text).is_err(), "{text}");
        }
        assert!(Duration::parse("14").unwrap_err().message.ends_with("the unit is missing"));
    }
}
