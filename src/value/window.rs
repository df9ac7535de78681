//! A window of the day: `22:00-04:00`.
//!
//! It includes its start and excludes its end, and may cross midnight. Equal ends would mean all day or nothing, and
//! are refused.

use std::fmt;

use crate::diagnostic::Fault;
use crate::value::words::{digits, is_not_because, mend, shown};

/// A part of every day, in minutes since midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    start: u16,
    end: u16,
}

/// The minutes of a day.
const DAY: u16 = 1440;
const WHAT: &str = "a time window";

impl Window {
    pub fn parse(text: &str) -> Result<Self, Fault> {
        mend(text, read, meant)
    }

    /// Minutes since midnight at which it opens.
    pub fn start(self) -> u16 {
        self.start
    }

    /// Minutes since midnight at which it is closed again.
    pub fn end(self) -> u16 {
        self.end
    }

    /// How many minutes it is open.
    pub fn length(self) -> u16 {
        (self.end + DAY - self.start) % DAY
    }

    /// Whether a minute of the day lies in it.
    pub fn contains(self, minute: u16) -> bool {
        (minute % DAY + DAY - self.start) % DAY < self.length()
    }

    /// Whether two windows have a minute in common.
    pub fn overlaps(self, other: Window) -> bool {
        self.contains(other.start) || other.contains(self.start)
    }
}

impl fmt::Display for Window {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (start, end) = (self.start, self.end);
        write!(out, "{:02}:{:02}-{:02}:{:02}", start / 60, start % 60, end / 60, end % 60)
    }
}

fn read(text: &str) -> Result<Window, Fault> {
    let Some((start, end)) = text.split_once('-') else {
        let fault = is_not_because(text, WHAT, "there is no `-` between two times");
        return Err(fault.help("write for instance `22:00-04:00`"));
    };
    let part = |part: &str, at: usize| {
        time(part).ok_or_else(|| {
            let reason = format!("{} is not a time from `00:00` to `23:59`", shown(part));
            is_not_because(text, WHAT, reason).at(at..at + part.len())
        })
    };
    let (start, end) = (part(start, 0)?, part(end, start.len() + 1)?);
    if start == end {
        return Err(is_not_because(text, WHAT, "its start is its end"));
    }
    Ok(Window { start, end })
}

/// Minutes since midnight of `HH:MM`.
fn time(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    if hours.len() != 2 || minutes.len() != 2 {
        return None;
    }
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    if hours < 24 && minutes < 60 { u16::try_from(hours * 60 + minutes).ok() } else { None }
}

/// `9-17 Uhr`, `22:00 – 4:00`, `20:00-24:00`: the same window as we write it.
fn meant(text: &str) -> Option<String> {
    let text = text.to_lowercase().replace("uhr", "").replace(['–', '—'], "-").replace(" bis ", "-").replace("..", "-");
    let side = |part: &str| {
        let part = part.trim();
        let (hours, minutes) = part.split_once([':', '.']).unwrap_or((part, "00"));
        let hours = if hours == "24" { "00" } else { hours };
        format!("{hours:0>2}:{minutes}")
    };
    let (start, end) = text.split_once('-')?;
    Some(format!("{}-{}", side(start), side(end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_may_cross_midnight() {
        let night = Window::parse("22:00-04:00").unwrap();
        assert_eq!((night.length(), night.start(), night.end()), (360, 1320, 240));
        assert!(night.contains(1320) && night.contains(0) && night.contains(239));
        assert!(!night.contains(240) && !night.contains(1319));
        assert_eq!(night.to_string(), "22:00-04:00");
    }

    #[test]
    fn windows_overlap_where_they_share_a_minute() {
        let window = |text| Window::parse(text).unwrap();
        assert!(window("22:00-04:00").overlaps(window("03:59-05:00")));
        assert!(!window("22:00-04:00").overlaps(window("04:00-05:00")));
    }

    #[test]
    fn near_misses_are_offered_in_our_form() {
        for (text, meant) in [
            ("9:00-17:00", "09:00-17:00"),
            ("22:00 – 04:00", "22:00-04:00"),
            ("20:00-24:00", "20:00-00:00"),
            ("9-17 Uhr", "09:00-17:00"),
        ] {
            assert_eq!(Window::parse(text).unwrap_err().suggestion.as_deref(), Some(meant), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "-", "22:00", "22:00-22:00", "25:00-26:00", "22:60-23:00", "a-b"] {
            assert!(Window::parse(text).is_err(), "{text}");
        }
    }
}
