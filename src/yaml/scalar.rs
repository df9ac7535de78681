//! What a plain scalar means: the rules of Kubernetes' reader, where the other readers agree with it.
//!
//! `sigs.k8s.io/yaml` reads YAML 1.1: `on` is true, `010` is eight, `1_000` is a thousand. YAML 1.2 says text, ten and
//! text. A file that means two things is refused at once instead of surprising on the cluster.

use super::YamlKind;
use crate::diagnostic::Fault;

/// The value of a plain scalar.
pub(super) fn resolve(text: &str) -> Result<YamlKind, Fault> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(YamlKind::Null),
        "true" | "True" | "TRUE" => return Ok(YamlKind::Boolean(true)),
        "false" | "False" | "FALSE" => return Ok(YamlKind::Boolean(false)),
        _ => {}
    }
    if is_old_boolean(text) {
        return Err(Fault::new(format!("`{text}` is a boolean to Kubernetes and a string to other readers")));
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return Ok(string(text));
    }
    if matches!(unsigned, ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN") {
        return Err(Fault::new(format!("`{text}` is a number that no Kubernetes object can hold")));
    }
    number(text, unsigned)
}

fn number(text: &str, unsigned: &str) -> Result<YamlKind, Fault> {
    if unsigned.contains('_') {
        let bare: String = unsigned.chars().filter(|letter| *letter != '_').collect();
        return match number(&bare, &bare) {
            Ok(YamlKind::String { .. }) => Ok(string(text)),
            _ => Err(Fault::new(format!("`{text}` is a number to Kubernetes and a string to other readers"))),
        };
    }
    if let Some(digits) = unsigned.strip_prefix("0x").or_else(|| unsigned.strip_prefix("0X")) {
        return match i64::from_str_radix(digits, 16) {
            Ok(value) if unsigned.len() == text.len() && unsigned.starts_with("0x") && !digits.starts_with('+') => {
                Ok(YamlKind::Integer(value))
            }
            Ok(_) => Err(Fault::new(format!("`{text}` is a number to Kubernetes and a string to other readers"))),
            Err(_) => Ok(string(text)),
        };
    }
    let prefixed = |prefixes: [&str; 2], radix| {
        prefixes
            .iter()
            .find_map(|prefix| unsigned.strip_prefix(prefix))
            .is_some_and(|digits| !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix)))
    };
    if prefixed(["0o", "0O"], 8) || prefixed(["0b", "0B"], 2) {
        return Err(Fault::new(format!("`{text}` is a number to some readers and a string to others")));
    }
    if unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
        if unsigned.len() > 1 && unsigned.starts_with('0') {
            return Err(Fault::new(format!("`{text}` is an octal number to Kubernetes and a decimal one to others")));
        }
        return match text.parse() {
            Ok(value) => Ok(YamlKind::Integer(value)),
            Err(_) => Err(Fault::new(format!("`{text}` is larger than an integer can be"))),
        };
    }
    if !is_float(unsigned) {
        return Ok(string(text));
    }
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(YamlKind::Float(value)),
        _ => Err(Fault::new(format!("`{text}` is larger than a number can be"))),
    }
}

fn string(text: &str) -> YamlKind {
    YamlKind::String { text: text.to_owned(), plain: true }
}

/// The words of YAML 1.1 for true and false that YAML 1.2 dropped.
fn is_old_boolean(text: &str) -> bool {
    const WORDS: [&str; 6] = ["y", "n", "on", "no", "yes", "off"];
    if text.len() > 3 {
        return false;
    }
    // `yES` is no boolean to anybody: lower, upper or capitalised only.
    let rest_alike = text.bytes().skip(1).all(|byte| byte.is_ascii_lowercase())
        || text.bytes().all(|byte| byte.is_ascii_uppercase());
    rest_alike && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Digits with a point somewhere and perhaps an exponent: `1.5`, `.5`, `1.`, `1e3`, `1.5e-3`.
fn is_float(unsigned: &str) -> bool {
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let mantissa_fits = (digits(whole) && (part.is_empty() || digits(part))) || (whole.is_empty() && digits(part));
    let exponent_fits = exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['-', '+']).unwrap_or(exponent)));
    mantissa_fits && exponent_fits
}
