//! A day: `2027-03-31`.
//!
//! Only this form: a date that two people read differently decides when a development cluster is deleted.

use jiff::civil::Date;

use crate::diagnostic::Fault;
use crate::value::words::{digits, is_not, is_not_because, mend};

const WHAT: &str = "a date";

/// Reads a day of the calendar.
pub(crate) fn parse(text: &str) -> Result<Date, Fault> {
    mend(text, read, meant)
}

fn read(text: &str) -> Result<Date, Fault> {
    let parts: Vec<&str> = text.split('-').collect();
    if let [year, month, day] = parts.as_slice()
        && let (4, 2, 2) = (year.len(), month.len(), day.len())
        && let (Some(year), Some(month), Some(day)) = (number(year), number(month), number(day))
    {
        let narrow = |number: i16| i8::try_from(number).unwrap_or_default();
        return Date::new(year, narrow(month), narrow(day))
            .map_err(|_| is_not_because(text, WHAT, "there is no such day in the calendar"));
    }
    Err(is_not(text, WHAT).help("year, month and day, such as `2027-03-31`"))
}

fn number(text: &str) -> Option<i16> {
    digits(text, 4).and_then(|number| i16::try_from(number).ok())
}

/// `31.03.2027`, and a year first with other separators or without zeros.
fn meant(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.trim().split(['.', '-', '/']).map(str::trim).collect();
    let [first, middle, last] = parts.as_slice() else { return None };
    if first.len() == 4 {
        Some(format!("{first}-{middle:0>2}-{last:0>2}"))
    } else if last.len() == 4 && text.contains('.') {
        Some(format!("{last}-{middle:0>2}-{first:0>2}"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_of_the_calendar_is_read() {
        assert_eq!(parse("2027-03-31").unwrap().to_string(), "2027-03-31");
        assert!(parse("2028-02-29").is_ok());
        assert!(parse("2027-02-29").unwrap_err().message.contains("no such day"));
    }

    #[test]
    fn the_german_form_is_offered_in_ours() {
        for (text, meant) in [("31.03.2027", "2027-03-31"), ("1.4.2027", "2027-04-01"), ("2027/3/31", "2027-03-31")] {
            assert_eq!(parse(text).unwrap_err().suggestion.as_deref(), Some(meant), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in
            ["", "2027", "03/04/2027", "2027-3-31", "2027-03-31T00:00:00Z", "0000-00-00", "tomorrow", "２０２７-03-31"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
