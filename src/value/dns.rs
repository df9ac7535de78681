//! DNS labels (RFC 1123): the names of tenants, services, and of most things in Kubernetes.

use compact_str::CompactString;

use crate::diagnostic::Fault;
use crate::value::slug;
use crate::value::words::{first_bad, is_not, is_not_because, mend, shown, shown_char};

/// The longest label.
const LONGEST: usize = 63;
const WHAT: &str = "a DNS label";
const RULE: &str = "lower-case letters, digits and `-`, at most 63, a letter or digit at both ends";

/// Reads a label: `goch`, `kreis-kleve`.
pub(crate) fn parse(text: &str) -> Result<CompactString, Fault> {
    mend(text, read, |text| Some(slug(text)))
}

fn read(text: &str) -> Result<CompactString, Fault> {
    let fault = if text.is_empty() {
        is_not(text, WHAT)
    } else if let Some((character, at)) = first_bad(text, |character| matches!(character, 'a'..='z' | '0'..='9' | '-'))
    {
        is_not_because(text, WHAT, format!("there is {} in it", shown_char(character))).at(at)
    } else if text.len() > LONGEST {
        is_not_because(text, WHAT, format!("it has {} characters", text.len()))
    } else if text.starts_with('-') {
        is_not_because(text, WHAT, "it begins with `-`").at(0..1)
    } else if text.ends_with('-') {
        is_not_because(text, WHAT, "it ends with `-`").at(text.len() - 1..text.len())
    } else {
        return Ok(text.into());
    };
    Err(fault.help(RULE))
}

/// The last part of a reference is checked where it is looked up; here only what could be no name at all is refused.
pub(crate) fn reference(text: &str, noun: &str) -> Result<CompactString, Fault> {
    match first_bad(text, |character| !character.is_whitespace() && !character.is_control()) {
        Some((character, at)) => {
            Err(Fault::new(format!("{} is no name of a {noun}: there is {} in it", shown(text), shown_char(character)))
                .at(at))
        }
        None if text.is_empty() => Err(Fault::new(format!("an empty text is no name of a {noun}"))),
        None => Ok(text.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_read() {
        for text in ["goch", "kreis-kleve", "05154016", "a", "a--b", &"a".repeat(63)] {
            assert!(parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn the_first_bad_character_is_named() {
        let fault = parse("Stadt Goch").unwrap_err();
        assert_eq!(fault.message, "`Stadt Goch` is not a DNS label: there is `S` in it");
        assert_eq!((fault.range, fault.suggestion.as_deref()), (Some(0..1), Some("stadt-goch")));
        let fault = parse("hünxe").unwrap_err();
        assert_eq!((fault.range, fault.suggestion.as_deref()), (Some(1..3), Some("huenxe")));
        assert_eq!(parse("a b").unwrap_err().message, "`a b` is not a DNS label: there is a blank in it");
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "-a", "a-", "a.b", "a_b", &"a".repeat(64)] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert_eq!(parse("???").unwrap_err().suggestion, None);
    }
}
