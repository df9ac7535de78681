//! Schedules in the one dialect of Kubernetes and Longhorn: five fields, Sunday is 0.
//!
//! The rules are those of robfig/cron's standard parser, which both use: lists, ranges, steps, names of months and
//! days, macros; day of month and day of week are alternatives where both are given. What other dialects add
//! (seconds, `L`, `W`, `#`, 7 for Sunday) is refused with its origin named, and so is a day that never comes. The crate
//! `croner` reads more than that and brings a second calendar library; it serves as the witness in the tests.

use std::fmt;
use std::ops::RangeInclusive;

use compact_str::CompactString;

use crate::diagnostic::{Fault, nearest, quoted};
use crate::value::Window;
use crate::value::words::{digits, is_not, is_not_because, mend, shown};

/// A schedule, as sets of bits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cron {
    text: CompactString,
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
    /// A `*` that stands for every day leaves the choice to the other field.
    any_day: bool,
    any_weekday: bool,
}

struct Field {
    noun: &'static str,
    range: RangeInclusive<u8>,
    names: &'static [&'static str],
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const FIELDS: [Field; 5] = [
    Field { noun: "minute", range: 0..=59, names: &[] },
    Field { noun: "hour", range: 0..=23, names: &[] },
    Field { noun: "day of the month", range: 1..=31, names: &[] },
    Field { noun: "month", range: 1..=12, names: &MONTHS },
    Field { noun: "day of the week", range: 0..=6, names: &WEEKDAYS },
];
const MACROS: [(&str, &str); 7] = [
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
    ("@monthly", "0 0 1 * *"),
    ("@weekly", "0 0 * * 0"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@hourly", "0 * * * *"),
];
const WHAT: &str = "a cron schedule";
const RULE: &str = "five fields: minute, hour, day of the month, month, day of the week; such as `15 1 * * *`";

impl Cron {
    pub fn parse(text: &str) -> Result<Self, Fault> {
        mend(text, Cron::read, meant)
    }

    fn read(text: &str) -> Result<Self, Fault> {
        if text.starts_with('@') {
            return expand(text);
        }
        let zone = text
            .split_whitespace()
            .next()
            .is_some_and(|first| first.starts_with("TZ=") || first.starts_with("CRON_TZ="));
        if zone {
            return Err(is_not_because(text, WHAT, "a time zone is a setting of its own").help(RULE));
        }
        let fields: Vec<&str> = text.split_ascii_whitespace().collect();
        if fields.len() != FIELDS.len() {
            let fault = match fields.len() {
                6 => is_not_because(
                    text,
                    WHAT,
                    "it looks like six fields, seconds first, as CloudNativePG's ScheduledBackup has",
                ),
                count => is_not_because(text, WHAT, format!("it has {count} fields")),
            };
            return Err(fault.help(RULE));
        }
        let mut bits = [0u64; 5];
        for (index, (field, written)) in FIELDS.iter().zip(&fields).enumerate() {
            bits[index] = set(field, written).map_err(|reason| {
                let at = written.as_ptr() as usize - text.as_ptr() as usize;
                is_not_because(text, WHAT, reason).at(at..at + written.len())
            })?;
        }
        let [minutes, hours, days, months, weekdays] = bits;
        let any = |written: &str| written.split(',').any(|item| matches!(item, "*" | "?" | "*/1" | "?/1"));
        let cron = Cron {
            text: fields.join(" ").into(),
            minutes,
            hours,
            days,
            months,
            weekdays,
            any_day: any(fields[2]),
            any_weekday: any(fields[4]),
        };
        if cron.any_weekday && !cron.some_day_comes() {
            return Err(is_not_because(text, WHAT, "none of its months has such a day, so it would never run"));
        }
        Ok(cron)
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The same schedule in numbers and commas alone, which is what the strictest of its readers takes.
    pub fn in_numbers(&self) -> String {
        let sets = [self.minutes, self.hours, self.days, self.months, self.weekdays];
        // A `*` for the day leaves the choice to the other field, and a list of all days does not.
        let stars = [None, None, Some(self.any_day), None, Some(self.any_weekday)];
        let fields = FIELDS.iter().zip(sets).zip(stars).map(|((field, set), star)| {
            if star.unwrap_or_else(|| set == bits(field.range.clone())) {
                return "*".to_owned();
            }
            ones(set).map(|number| number.to_string()).collect::<Vec<_>>().join(",")
        });
        fields.collect::<Vec<_>>().join(" ")
    }

    /// The minutes of the hour at which it runs.
    pub fn minutes(&self) -> impl Iterator<Item = u16> + '_ {
        ones(self.minutes)
    }

    /// The hours of the day in which it runs.
    pub fn hours(&self) -> impl Iterator<Item = u16> + '_ {
        ones(self.hours)
    }

    /// The minutes of the day at which it runs, on a day on which it does.
    pub fn times(&self) -> impl Iterator<Item = u16> + '_ {
        self.hours().flat_map(|hour| self.minutes().map(move |minute| hour * 60 + minute))
    }

    /// How often it runs on a day on which it does.
    pub fn runs_per_day(&self) -> u32 {
        self.minutes.count_ones() * self.hours.count_ones()
    }

    /// Whether it never runs outside a window.
    pub fn is_within(&self, window: Window) -> bool {
        self.times().all(|minute| window.contains(minute))
    }

    /// Whether it runs every day of the year.
    pub fn is_daily(&self) -> bool {
        let (days, weekdays) = (self.days == bits(1..=31), self.weekdays == bits(0..=6));
        let every_day = if self.any_day || self.any_weekday { days && weekdays } else { days || weekdays };
        every_day && self.months == bits(1..=12)
    }

    /// Whether it runs on a date; `weekday` counts from Sunday, which is 0.
    pub fn runs_on(&self, month: u8, day: u8, weekday: u8) -> bool {
        let has = |set: u64, number: u8| set >> number & 1 == 1;
        let day = has(self.days, day);
        let weekday = has(self.weekdays, weekday);
        let fits = if self.any_day || self.any_weekday { day && weekday } else { day || weekday };
        has(self.months, month) && fits
    }

    fn some_day_comes(&self) -> bool {
        let length = |month: u16| match month {
            2 => 29,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        let first = ones(self.days).next().unwrap_or(1);
        ones(self.months).any(|month| first <= length(month))
    }
}

/// The canonical form: as written, with one blank between the fields.
impl fmt::Display for Cron {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

fn expand(text: &str) -> Result<Cron, Fault> {
    if let Some((_, fields)) = MACROS.iter().find(|(name, _)| *name == text) {
        return Cron::read(fields).map(|cron| Cron { text: text.into(), ..cron });
    }
    if text.starts_with("@every") {
        return Err(is_not_because(text, WHAT, "`@every` counts from the last restart of a controller").help(RULE));
    }
    if text == "@reboot" {
        return Err(is_not_because(text, WHAT, "a cluster has no `@reboot`").help(RULE));
    }
    let names = MACROS.iter().map(|(name, _)| name);
    Err(is_not(text, WHAT).help(format!("known here: {}", quoted(names))))
}

fn meant(text: &str) -> Option<String> {
    if text.starts_with('@') {
        return nearest(text, MACROS.iter().map(|(name, _)| *name)).map(str::to_owned);
    }
    let fields: Vec<&str> = text.split_ascii_whitespace().collect();
    match fields.as_slice() {
        ["0", five @ ..] if five.len() == 5 => Some(five.join(" ")),
        [.., _] if fields.len() == 5 => Some(sunday(&fields)),
        _ => None,
    }
}

/// The numbers that a field names.
fn set(field: &Field, written: &str) -> Result<u64, String> {
    let mut all = 0;
    for item in written.split(',') {
        all |= one(field, item)?;
    }
    Ok(all)
}

fn one(field: &Field, item: &str) -> Result<u64, String> {
    if item.is_empty() {
        return Err(format!("there is nothing between two commas of the {}", field.noun));
    }
    let (base, step) = match item.split_once('/') {
        Some((base, step)) => match digits(step, 3) {
            Some(step) if step > 0 => (base, Some(usize::try_from(step).unwrap_or(usize::MAX))),
            _ => return Err(format!("the step {} of the {} is not a number from 1", shown(step), field.noun)),
        },
        None => (item, None),
    };
    let (low, high) = if matches!(base, "*" | "?") {
        (*field.range.start(), *field.range.end())
    } else if let Some((low, high)) = base.split_once('-') {
        (number(field, low)?, number(field, high)?)
    } else {
        let low = number(field, base)?;
        // `5/15` means from 5 to the end.
        (low, if step.is_some() { *field.range.end() } else { low })
    };
    if low > high {
        return Err(format!("the {} goes from {low} back to {high}", field.noun));
    }
    Ok((low..=high).step_by(step.unwrap_or(1)).fold(0, |all, number| all | 1 << number))
}

fn number(field: &Field, text: &str) -> Result<u8, String> {
    let lower = text.to_ascii_lowercase();
    if let Some(at) = field.names.iter().position(|name| *name == lower) {
        return Ok(u8::try_from(at).unwrap_or_default() + field.range.start());
    }
    let Some(number) = digits(text, 4) else {
        let quartz = text.chars().find(|character| "LW#lw".contains(*character));
        return Err(match quartz {
            Some(sign) if text.chars().all(|character| "LW#lw-".contains(character) || character.is_ascii_digit()) => {
                format!("`{sign}` belongs to Quartz; Kubernetes does not know it")
            }
            _ => format!("{} is not a {}", shown(text), field.noun),
        });
    };
    match u8::try_from(number) {
        Ok(number) if field.range.contains(&number) => Ok(number),
        _ if field.names == WEEKDAYS && number == 7 => Err("Sunday is `0` here, there is no `7`".to_owned()),
        _ => Err(format!(
            "the {} goes from {} to {}, not to {number}",
            field.noun,
            field.range.start(),
            field.range.end()
        )),
    }
}

/// The same schedule with Sunday as 0.
fn sunday(fields: &[&str]) -> String {
    let item = |item: &str| match item.split_once('-') {
        None if item == "7" => "0".to_owned(),
        Some(("0" | "1" | "mon" | "MON", "7")) => "*".to_owned(),
        Some(("6", "7")) => "6,0".to_owned(),
        Some((low, "7")) => format!("{low}-6,0"),
        _ => item.to_owned(),
    };
    let days: Vec<String> = fields[4].split(',').map(item).collect();
    format!("{} {}", fields[..4].join(" "), days.join(","))
}

fn bits(range: RangeInclusive<u8>) -> u64 {
    range.fold(0, |all, number| all | 1 << number)
}

fn ones(set: u64) -> impl Iterator<Item = u16> {
    (0..64u16).filter(move |number| set >> number & 1 == 1)
}

#[cfg(test)]
mod tests;
