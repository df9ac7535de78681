//! The municipality key (Amtlicher Gemeindeschlüssel): eight digits, or five for a Kreis.
//!
//! It is text: its leading zero belongs to it, and every spreadsheet drops that zero. It carries no check digit, so
//! only the shape is known here; whether a key exists is a question for a list.

use crate::diagnostic::Fault;
use crate::value::words::{is_not, is_not_because, mend, text_type};

text_type! {
    /// A municipality key.
    Ags
}

const WHAT: &str = "a municipality key";
const RULE: &str = "the key has 8 digits, or 5 for a Kreis";

impl Ags {
    pub fn parse(text: &str) -> Result<Self, Fault> {
        mend(text, read, meant)
    }

    /// The key of the Kreis it lies in: its first five digits, its own where it is a Kreis.
    pub fn kreis(&self) -> &str {
        &self.0[..5]
    }

    /// Whether it is the five-digit key of a Kreis.
    pub fn is_kreis(&self) -> bool {
        self.0.len() == 5
    }

    /// Whether it is a city that is its own Kreis.
    pub fn is_independent_city(&self) -> bool {
        self.0.ends_with("000") && !self.is_kreis()
    }

    /// The key of the Land: two digits.
    pub fn land(&self) -> &str {
        &self.0[..2]
    }
}

fn read(text: &str) -> Result<Ags, Fault> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !plain {
        return Err(is_not(text, WHAT).help(RULE));
    }
    match text.len() {
        5 | 8 => {
            let land: u8 = text[..2].parse().unwrap_or_default();
            if (1..=16).contains(&land) {
                return Ok(Ags(text.into()));
            }
            let reason = format!("the first two digits name a Land, which is `01` to `16`, not `{}`", &text[..2]);
            Err(is_not_because(text, WHAT, reason).at(0..2))
        }
        4 | 7 => {
            let reason = format!("it has {} digits, so its leading zero was lost", text.len());
            Err(is_not_because(text, WHAT, reason).help(format!("spreadsheets drop the zero; {RULE}")))
        }
        12 => Err(is_not_because(text, WHAT, "it has 12 digits, as a Regionalschlüssel (ARS) has")
            .help("leave out the four digits of the Verband in the middle")),
        length => Err(is_not_because(text, WHAT, format!("it has {length} digits")).help(RULE)),
    }
}

fn meant(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|character| !" \t.-/".contains(*character)).collect();
    match digits.len() {
        4 | 7 => Some(format!("0{digits}")),
        5 | 8 => Some(digits),
        12 if digits.is_ascii() => Some(format!("{}{}", &digits[..5], &digits[9..])),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_a_town_and_of_a_kreis_are_read() {
        let goch = Ags::parse("05154016").unwrap();
        assert_eq!((goch.kreis(), goch.is_kreis(), goch.land()), ("05154", false, "05"));
        assert!(Ags::parse("05154").unwrap().is_kreis());
        assert!(Ags::parse("05114000").unwrap().is_independent_city());
    }

    #[test]
    fn a_lost_zero_is_given_back() {
        let fault = Ags::parse("5154016").unwrap_err();
        assert_eq!(fault.message, "`5154016` is not a municipality key: it has 7 digits, so its leading zero was lost");
        assert_eq!(fault.suggestion.as_deref(), Some("05154016"));
        assert_eq!(Ags::parse("5154").unwrap_err().suggestion.as_deref(), Some("05154"));
    }

    #[test]
    fn a_regional_key_is_shortened() {
        assert_eq!(Ags::parse("051700020020").unwrap_err().suggestion.as_deref(), Some("05170020"));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "0515401", "051540160", "99154016", "0515401x", "０５１５４０１６", "Goch"] {
            assert!(Ags::parse(text).is_err(), "{text}");
        }
        assert_eq!(Ags::parse("05 154 016").unwrap_err().suggestion.as_deref(), Some("05154016"));
    }
}
