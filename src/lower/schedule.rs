//! When backups run: the slots of a window, spread so that they do not all start at once, valid in summer and winter.
//!
//! Longhorn's jobs know no time zone: their cron is the controller's, UTC. A window is meant in the platform's zone, so
//! only the minutes that lie in it under all of the zone's offsets are used.

use jiff::ToSpan;
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
    // By the week: some zones leave their usual offset for a month alone, and always the same year, for the same bytes.
    let weeks = (0..53).filter_map(|week| date(2026, 1, 1).checked_add(week.weeks()).ok());
    let offsets = weeks.filter_map(|day| Some(i64::from(day.to_zoned(zone.clone()).ok()?.offset().seconds()) / 60));
    let (least, most) = offsets.fold((i64::MAX, i64::MIN), |(least, most), one| (least.min(one), most.max(one)));
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether every slot of 22:00-04:00 begins inside it on every day of two years.
    fn all_inside(zone: &str) -> usize {
        let slots = slots(Window::parse("22:00-04:00").unwrap(), zone);
        let zone = TimeZone::get(zone).unwrap();
        for day in 0..730 {
            let midnight = date(2026, 1, 1).checked_add(day.days()).unwrap().to_zoned(TimeZone::UTC).unwrap();
            for slot in &slots {
                let local = midnight.checked_add(i64::from(*slot).minutes()).unwrap().with_time_zone(zone.clone());
                assert!(local.hour() >= 22 || local.hour() < 4, "{local}");
            }
        }
        slots.len()
    }

    #[test]
    fn slots_lie_in_their_window_on_every_day_of_the_year() {
        assert_eq!(all_inside("Europe/Berlin"), 20);
        assert_eq!(all_inside("UTC"), 24);
        // An hour back for the month of Ramadan alone, and half an hour for the summer.
        assert_eq!(all_inside("Africa/Casablanca"), 20);
        assert_eq!(all_inside("Australia/Lord_Howe"), 22);
    }

    #[test]
    fn a_long_window_has_no_more_slots_than_there_may_be_jobs() {
        let slots = slots(Window::parse("00:00-23:45").unwrap(), "Europe/Berlin");
        assert_eq!(slots.len(), 24);
    }
}
