//! Whole numbers, read from the digits as they were written.
//!
//! KDL writes numbers in four bases and with underscores; all of them are read exactly. A number with a point or an
//! exponent is none of ours, even where it happens to be whole: a count of replicas is not measured.

use crate::diagnostic::Fault;
use crate::value::words::{is_not, is_not_because, shown};

/// Reads a number of the language: `8`, `-3`, `0x1f`, `1_000`.
pub(crate) fn parse(raw: &str, minimum: i64, maximum: i64) -> Result<i64, Fault> {
    let Some(number) = read(raw) else {
        let plain = raw.bytes().all(|byte| byte.is_ascii_digit() || b"+-_".contains(&byte))
            && raw.bytes().any(|byte| byte.is_ascii_digit());
        if plain {
            return Err(is_not_because(raw, "a number that fits", "it has more than 64 bits"));
        }
        let fault = is_not(raw, "a whole number");
        return Err(match whole(raw) {
            Some(meant) => fault.suggest(meant),
            None => fault.help("write digits only, such as `3`"),
        });
    };
    within(raw, number, minimum, maximum)
}

/// Holds a number to its bounds.
pub(crate) fn within(raw: &str, number: i64, minimum: i64, maximum: i64) -> Result<i64, Fault> {
    if number < minimum {
        Err(Fault::new(format!("{} is less than {minimum}, which is the least there can be", shown(raw))))
    } else if number > maximum {
        Err(Fault::new(format!("{} is more than {maximum}, which is the most there can be", shown(raw))))
    } else {
        Ok(number)
    }
}

/// The number that the digits stand for, in any base of KDL; `None` where they are not a whole number of 64 bits.
pub(crate) fn read(raw: &str) -> Option<i64> {
    let body = raw.strip_prefix(['+', '-']).unwrap_or(raw);
    let (digits, radix) = match body.get(..2) {
        Some("0x") => (&body[2..], 16),
        Some("0o") => (&body[2..], 8),
        Some("0b") => (&body[2..], 2),
        _ => (body, 10),
    };
    // KDL lets an underscore stand anywhere but in front.
    if !digits.starts_with(|character: char| character.is_digit(radix)) {
        return None;
    }
    let sign = if raw.starts_with('-') { "-" } else { "" };
    i64::from_str_radix(&format!("{sign}{}", digits.replace('_', "")), radix).ok()
}

/// `1.0` and `3,0` are whole, and were probably meant so.
fn whole(raw: &str) -> Option<String> {
    let (number, rest) = raw.split_once(['.', ','])?;
    let rest_is_zero = !rest.is_empty() && rest.bytes().all(|byte| byte == b'0');
    if rest_is_zero { read(number).map(|number| number.to_string()) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn any(raw: &str) -> Result<i64, Fault> {
        parse(raw, i64::MIN, i64::MAX)
    }

    #[test]
    fn every_base_of_kdl_is_read() {
        let cases = [
            ("8", 8),
            ("-3", -3),
            ("+3", 3),
            ("0x1f", 31),
            ("0x1F", 31),
            ("0o17", 15),
            ("0b101", 5),
            ("1_000", 1000),
            ("007", 7),
            ("-0x10", -16),
        ];
        for (raw, number) in cases {
            assert_eq!(any(raw).unwrap(), number, "{raw}");
        }
        assert_eq!(any("-9223372036854775808").unwrap(), i64::MIN);
    }

    #[test]
    fn what_is_not_whole_is_refused() {
        for raw in ["", "-", "1.5", "1e3", "0x", "_1", "1-2", "--1", "0x-1", "12 ", "０"] {
            assert!(any(raw).is_err(), "{raw}");
        }
        assert_eq!(any("3.0").unwrap_err().suggestion.as_deref(), Some("3"));
        assert!(any("9223372036854775808").unwrap_err().message.contains("64 bits"));
    }

    #[test]
    fn bounds_are_named() {
        let fault = parse("300", 1, 250).unwrap_err();
        assert_eq!(fault.message, "`300` is more than 250, which is the most there can be");
        assert!(parse("0", 1, 250).unwrap_err().message.contains("less than 1"));
    }
}
