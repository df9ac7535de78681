//! When backups run: the slots of a window, spread so that they do not all start at once, valid in summer and winter.
//!
//! Longhorn's jobs know no time zone: their cron is the controller's, UTC. A window is meant in the platform's zone, so
//! only the minutes that lie in it under both of the zone's offsets are used.

use jiff::civil::date;
use jiff::tz::TimeZone;

use crate::value::Window;

/// The most jobs that a window is split into.
const MOST_SLOTS: i64 = 24;

const DAY: i64 = 24 * 60;
const SHORTEST_SLOT: i64 = 15;

/// The start of each slot as minutes of the day in UTC; none where no minute lies in the window all year.
pub(super) fn slots(window: Window, zone: &str) -> Vec<u16> {
    let Ok(zone) = TimeZone::get(zone) else { return Vec::new() };
    let offsets = [date(2026, 1, 15), date(2026, 7, 15)]
        .map(|day| day.to_zoned(zone.clone()).map_or(0, |instant| i64::from(instant.offset().seconds()) / 60));
    let (least, most) = (offsets[0].min(offsets[1]), offsets[0].max(offsets[1]));
    // Local = UTC + offset. With the larger offset the window lies earlier in UTC, with the smaller one later.
    let start = i64::from(window.start()) - least;
    let length = i64::from(window.length()) - (most - least);
    if length <= 0 {
        return Vec::new();
    }
    let count = (length / SHORTEST_SLOT).clamp(1, MOST_SLOTS);
    (0..count)
        .map(|slot| (start + slot * length / count).rem_euclid(DAY))
        .filter_map(|minute| u16::try_from(minute).ok())
        .collect()
}

/// A cron schedule for a minute of the day.
pub(super) fn daily(minute: u16) -> String {
    format!("{} {} * * *", minute % 60, minute / 60)
}
