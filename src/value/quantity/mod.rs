//! Kubernetes quantities: `16Gi`, `500m`, `1e3`; exact, and re-emitted as the API server would.
//!
//! A quantity is a whole number of billionths (the finest step Kubernetes keeps) and the style it was written in. The
//! server stores the canonical form of what it is given, so a form of our own would make a difference that never
//! settles. Grammar, rounding and canonical form are those of apimachinery's `quantity.go`, with two exceptions that
//! it accepts silently: more than 2^63-1 is refused rather than capped, and a setting cannot be negative. Crates
//! that do this drag in `k8s-openapi` or a decimal library.

use std::cmp::Ordering;
use std::fmt;
use std::iter::Sum;

use crate::diagnostic::Fault;
use crate::value::Percentage;
use crate::value::words::{is_not_because, mend, shown, shown_char};

/// A number of cores, bytes or things.
#[derive(Debug, Clone, Copy)]
pub struct Quantity {
    nano: i128,
    style: Style,
}

/// How a quantity is spelled; it says nothing about its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `Ki`, `Mi`, `Gi` ...: powers of 1024.
    Binary,
    /// `m`, `k`, `M`, `G` ...: powers of 1000.
    Decimal,
    /// `1e3`.
    Exponent,
}

const NANO: i128 = 1_000_000_000;
const MAXIMUM: i128 = i64::MAX as i128;
const WHAT: &str = "a Kubernetes quantity";

impl Default for Quantity {
    /// Nothing.
    fn default() -> Self {
        Quantity::ZERO
    }
}

impl Quantity {
    pub const ZERO: Quantity = Quantity { nano: 0, style: Style::Decimal };

    /// The most there is; stands for a limit that was written and could not be read.
    pub const BOUNDLESS: Quantity = Quantity { nano: MAXIMUM * NANO, style: Style::Decimal };

    /// A setting: as Kubernetes reads it, but not below zero.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        mend(text, setting, meant)
    }

    /// Whatever the API server reads as a quantity.
    pub fn parse_signed(text: &str) -> Result<Self, Fault> {
        read(text).map_err(|reason| fault(text, &reason))
    }

    /// A whole number of units.
    pub fn from_units(units: i64, style: Style) -> Self {
        Quantity { nano: i128::from(units) * NANO, style }
    }

    /// Thousandths: `1500` is one and a half cores.
    pub fn from_millis(millis: i64) -> Self {
        Quantity { nano: i128::from(millis) * 1_000_000, style: Style::Decimal }
    }

    /// A number of things: pods.
    pub fn from_count(count: i64) -> Self {
        Quantity::from_units(count, Style::Decimal)
    }

    pub fn is_zero(self) -> bool {
        self.nano == 0
    }

    pub fn is_negative(self) -> bool {
        self.nano < 0
    }

    pub fn style(self) -> Style {
        self.style
    }

    /// The same amount, spelled in another style.
    #[must_use]
    pub fn styled(self, style: Style) -> Self {
        Quantity { style, ..self }
    }

    /// The whole number of units, where it is one.
    pub fn as_units(self) -> Option<i64> {
        if self.nano % NANO == 0 { i64::try_from(self.nano / NANO).ok() } else { None }
    }

    /// Units, rounded away from zero as the API server's `Value` does.
    pub fn units_rounded_up(self) -> i128 {
        divide_away(self.nano, NANO)
    }

    /// Thousandths, rounded away from zero.
    pub fn millis_rounded_up(self) -> i128 {
        divide_away(self.nano, NANO / 1000)
    }

    pub fn checked_add(self, other: Quantity) -> Option<Quantity> {
        Some(Quantity { nano: self.nano.checked_add(other.nano)?, style: self.style_with(other) })
    }

    pub fn checked_sub(self, other: Quantity) -> Option<Quantity> {
        Some(Quantity { nano: self.nano.checked_sub(other.nano)?, style: self.style_with(other) })
    }

    pub fn checked_mul(self, times: i64) -> Option<Quantity> {
        Some(Quantity { nano: self.nano.checked_mul(i128::from(times))?, ..self })
    }

    /// A share of it, rounded towards zero at the ninth decimal.
    pub fn checked_percent(self, share: Percentage) -> Option<Quantity> {
        Some(Quantity { nano: self.nano.checked_mul(i128::from(share.percent()))? / 100, ..self })
    }

    /// How often the other goes into this one, rounded towards zero.
    pub fn checked_div(self, other: Quantity) -> Option<i128> {
        self.nano.checked_div(other.nano)
    }

    /// The next multiple of a step, away from zero: memory in whole `Mi`, cores in `100m`.
    #[must_use]
    pub fn round_up_to(self, step: Quantity) -> Quantity {
        if step.nano <= 0 {
            return self;
        }
        let steps = divide_away(self.nano, step.nano);
        Quantity { nano: steps.saturating_mul(step.nano), ..self }
    }

    /// The sum of many; `None` where it is beyond what can be counted.
    pub fn checked_sum(all: impl IntoIterator<Item = Quantity>) -> Option<Quantity> {
        all.into_iter().try_fold(Quantity::ZERO, Quantity::checked_add)
    }

    /// Rounded to two decimals in the largest unit that fits: `1.5Ti` where the canonical form is `1536Gi`.
    pub fn for_people(self) -> String {
        if self.nano.abs() < NANO {
            return self.to_string();
        }
        let (base, suffixes): (i128, &[&str]) = match self.style {
            Style::Binary => (1024, &["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]),
            Style::Decimal | Style::Exponent => (1000, &["", "k", "M", "G", "T", "P", "E"]),
        };
        let mut unit = NANO;
        let mut at = 0;
        // A count of cores or pods reads best as a plain number.
        let enough = if self.style == Style::Binary { 1 } else { 100 };
        while at + 1 < suffixes.len() && self.nano.abs() >= unit * base * enough {
            unit *= base;
            at += 1;
        }
        let step = unit / 100;
        let hundredths = (self.nano.abs() + step / 2) / step;
        let (whole, rest) = (hundredths / 100, hundredths % 100);
        let sign = if self.nano < 0 { "-" } else { "" };
        let decimals = if rest == 0 { String::new() } else { format!(".{rest:02}").trim_end_matches('0').to_owned() };
        format!("{sign}{whole}{decimals}{}", suffixes[at])
    }

    /// Zero has no style of its own, so that a sum which starts at zero is spelled like its parts.
    fn style_with(self, other: Quantity) -> Style {
        if self.is_zero() { other.style } else { self.style }
    }
}

/// The canonical form, as the API server re-emits it.
impl fmt::Display for Quantity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.nano == 0 {
            return out.write_str("0");
        }
        let whole = self.nano % NANO == 0;
        if self.style == Style::Binary && whole && self.nano.abs() >= 1024 * NANO {
            let mut number = self.nano / NANO;
            let mut at = 0;
            while at + 1 < BINARY.len() && number % 1024 == 0 {
                number /= 1024;
                at += 1;
            }
            return write!(out, "{number}{}", BINARY[at]);
        }
        let mut number = self.nano;
        let mut exponent = -9;
        while number % 1000 == 0 {
            number /= 1000;
            exponent += 3;
        }
        let suffix = DECIMAL.iter().find(|(_, power)| *power == exponent);
        match (self.style, suffix) {
            (_, Some(("", _))) => write!(out, "{number}"),
            (Style::Binary | Style::Decimal, Some((suffix, _))) => write!(out, "{number}{suffix}"),
            _ => write!(out, "{number}e{exponent}"),
        }
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.nano == other.nano
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.nano.cmp(&other.nano)
    }
}

/// Saturates; ten thousand tenants at the largest quantity there is stay far below.
impl Sum for Quantity {
    fn sum<I: Iterator<Item = Quantity>>(all: I) -> Self {
        all.fold(Quantity::ZERO, |sum, next| Quantity {
            nano: sum.nano.saturating_add(next.nano),
            style: sum.style_with(next),
        })
    }
}

const BINARY: [&str; 7] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const DECIMAL: [(&str, i32); 10] =
    [("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];

/// Why a text is not a quantity.
enum Reason {
    /// Nothing that begins like a number.
    NoNumber,
    /// A number, and then something else, which starts at this byte.
    Suffix(usize),
    TooLarge,
}

/// The sign, the digits before and after the point, and the rest.
fn split(text: &str) -> (bool, &str, &str, &str) {
    let negative = text.starts_with('-');
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    let end = body.find(|character: char| !character.is_ascii_digit()).unwrap_or(body.len());
    let (whole, rest) = body.split_at(end);
    let Some(rest) = rest.strip_prefix('.') else { return (negative, whole, "", rest) };
    let end = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
    let (fraction, rest) = rest.split_at(end);
    (negative, whole, fraction, rest)
}

fn setting(text: &str) -> Result<Quantity, Fault> {
    match Quantity::parse_signed(text) {
        Ok(quantity) if quantity.nano < 0 => Err(is_not_because(text, "a quantity that can be set", "it is negative")),
        other => other,
    }
}

fn read(text: &str) -> Result<Quantity, Reason> {
    let (negative, whole, fraction, suffix) = split(text);
    if whole.is_empty() && fraction.is_empty() {
        return Err(Reason::NoNumber);
    }
    let suffix_at = text.len() - suffix.len();
    let (nano, style) = if let Some(power) = BINARY.iter().skip(1).position(|known| *known == suffix) {
        let power = u32::try_from(10 * (power + 1)).unwrap_or(u32::MAX);
        (binary(whole, fraction, power)?, Style::Binary)
    } else if let Some((_, power)) = DECIMAL.iter().find(|(known, _)| *known == suffix) {
        (decimal(whole, fraction, *power)?, Style::Decimal)
    } else if let Some(power) = suffix.strip_prefix(['e', 'E']).and_then(|power| power.parse::<i32>().ok()) {
        (decimal(whole, fraction, power)?, Style::Exponent)
    } else {
        return Err(Reason::Suffix(suffix_at));
    };
    if nano > MAXIMUM * NANO {
        return Err(Reason::TooLarge);
    }
    // Below one there is nothing binary to keep.
    let style = if style == Style::Binary && nano < NANO { Style::Decimal } else { style };
    Ok(Quantity { nano: if negative { -nano } else { nano }, style })
}

/// Digits times a power of ten, in billionths; what is finer than a billionth is rounded up.
fn decimal(whole: &str, fraction: &str, power: i32) -> Result<i128, Reason> {
    let digits = || whole.bytes().chain(fraction.bytes()).map(|byte| i128::from(byte - b'0'));
    if digits().all(|digit| digit == 0) {
        return Ok(0);
    }
    let kept = i64::try_from(whole.len()).unwrap_or(i64::MAX).saturating_add(i64::from(power)).saturating_add(9);
    let mut nano: i128 = 0;
    let mut finer = false;
    let mut at = 0;
    for digit in digits() {
        if at < kept {
            nano = nano.checked_mul(10).and_then(|nano| nano.checked_add(digit)).ok_or(Reason::TooLarge)?;
            at += 1;
        } else {
            finer |= digit != 0;
        }
    }
    while at < kept && nano != 0 {
        nano = nano.checked_mul(10).ok_or(Reason::TooLarge)?;
        at += 1;
    }
    Ok(nano + i128::from(finer))
}

/// Digits times a power of two, in billionths; what is finer than a billionth is rounded up.
fn binary(whole: &str, fraction: &str, power: u32) -> Result<i128, Reason> {
    let unit = NANO << power;
    let whole = decimal(whole, "", -9)?;
    let large = whole.checked_mul(unit).ok_or(Reason::TooLarge)?;
    let mut small: i128 = 0;
    let mut finer = false;
    // From the last digit to the first: a tenth of what was gathered so far, and never a number over ten units.
    for byte in fraction.bytes().rev() {
        let sum = small + i128::from(byte - b'0') * unit;
        small = sum / 10;
        finer |= sum % 10 != 0;
    }
    large.checked_add(small + i128::from(finer)).ok_or(Reason::TooLarge)
}

fn divide_away(number: i128, by: i128) -> i128 {
    number / by + if number % by == 0 { 0 } else { number.signum() }
}

fn fault(text: &str, reason: &Reason) -> Fault {
    let at = match reason {
        Reason::TooLarge => {
            return is_not_because(text, WHAT, "it is more than 2^63-1, which is the most there can be");
        }
        Reason::NoNumber => {
            let fault = is_not_because(text, WHAT, "it does not begin with a number");
            return fault.help("write for instance `500m`, `8` or `16Gi`");
        }
        Reason::Suffix(at) => *at,
    };
    let suffix = &text[at..];
    let fault = if let Some(blank) = suffix.chars().next().filter(|character| character.is_whitespace()) {
        is_not_because(text, WHAT, format!("there is {} in it", shown_char(blank)))
    } else if suffix.starts_with(',') {
        is_not_because(text, WHAT, "the decimal sign is a point, not a comma")
    } else if suffix.starts_with('_') || suffix.starts_with(['x', 'o', 'b']) && text[..at].ends_with('0') {
        is_not_because(text, WHAT, "Kubernetes takes plain decimal digits")
    } else {
        is_not_because(text, WHAT, format!("the suffix is {}", shown(suffix))).help(SUFFIXES)
    };
    fault.at(at..text.len())
}

const SUFFIXES: &str = "`Ki`, `Mi`, `Gi`, `Ti` count in 1024, `k`, `M`, `G`, `T` in 1000, `m` is a thousandth";

/// The quantity that a person who wrote this had in mind.
fn meant(text: &str) -> Option<String> {
    let text = text.trim();
    let (negative, mut whole, mut fraction, mut rest) = split(text);
    if negative {
        return Some(text[1..].to_owned());
    }
    if whole.is_empty() {
        return None;
    }
    if let Some(tail) = rest.strip_prefix(',') {
        let end = tail.find(|character: char| !character.is_ascii_digit()).unwrap_or(tail.len());
        (fraction, rest) = tail.split_at(end);
    }
    let joined;
    if rest.starts_with('_') {
        joined = text.replace('_', "");
        (_, whole, fraction, rest) = split(&joined);
    }
    let rest = rest.trim();
    let lower = rest.to_lowercase();
    let suffix = match lower.as_str() {
        _ if BINARY.contains(&rest) || DECIMAL.iter().any(|(known, _)| *known == rest) => rest,
        "b" | "byte" | "bytes" | "cpu" | "cpus" | "core" | "cores" | "vcpu" | "vcpus" | "kerne" | "pods" => "",
        "mcpu" | "millicores" | "millicpu" => "m",
        "k" | "ki" | "kb" | "kib" => "Ki",
        "mi" | "mb" | "mib" => "Mi",
        "g" | "gi" | "gb" | "gib" => "Gi",
        "t" | "ti" | "tb" | "tib" => "Ti",
        "p" | "pi" | "pb" | "pib" => "Pi",
        "ei" | "eb" | "eib" => "Ei",
        _ => return number_meant(text),
    };
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{whole}{point}{fraction}{suffix}"))
}

/// `1_000` and `0x1f` are numbers in KDL, not in Kubernetes.
fn number_meant(text: &str) -> Option<String> {
    super::integer::read(text).map(|number| number.to_string())
}

#[cfg(test)]
mod tests;
