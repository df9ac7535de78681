//! Keys and values of Kubernetes labels, and names of environment variables and of the keys of a Secret.
//!
//! A label takes neither blanks nor umlauts nor DNs; a title belongs into an annotation.

use compact_str::CompactString;

use crate::diagnostic::Fault;
use crate::value::words::{first_bad, is_not, is_not_because, mend, shown_char};
use crate::value::{HostName, slug};

const RULE: &str = "letters, digits, `-`, `_` and `.`, at most 63, a letter or digit at both ends";

/// Reads the value of a label; it may be empty.
pub(crate) fn value(text: &str) -> Result<CompactString, Fault> {
    if text.is_empty() { Ok(CompactString::default()) } else { named(text, "a label's value") }
}

/// Reads the key of a label: a name, or `domain/name`.
pub(crate) fn key(text: &str) -> Result<CompactString, Fault> {
    if let Some((prefix, rest)) = text.split_once('/') {
        HostName::parse(prefix).map_err(|fault| is_not_because(text, "a label's key", fault.message))?;
        name(rest, "the name of a label's key").map_err(|fault| Fault { range: None, ..fault })?;
        return Ok(text.into());
    }
    named(text, "a label's key")
}

fn named(text: &str, what: &str) -> Result<CompactString, Fault> {
    mend(text, |text| name(text, what), |text| Some(slug(text)))
}

fn name(text: &str, what: &str) -> Result<CompactString, Fault> {
    let inner = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
    let fault = if text.is_empty() {
        is_not(text, what)
    } else if let Some((character, at)) = first_bad(text, inner) {
        is_not_because(text, what, format!("there is {} in it", shown_char(character))).at(at)
    } else if text.len() > 63 {
        is_not_because(text, what, format!("it has {} characters", text.len()))
    } else if !text.starts_with(|first: char| first.is_ascii_alphanumeric())
        || !text.ends_with(|last: char| last.is_ascii_alphanumeric())
    {
        is_not_because(text, what, "it begins or ends with a sign")
    } else {
        return Ok(text.into());
    };
    Err(fault.help(RULE))
}

/// Reads the name of an environment variable.
pub(crate) fn environment(text: &str) -> Result<CompactString, Fault> {
    mend(text, read_environment, |text| Some(slug(text).replace('-', "_").to_uppercase()))
}

fn read_environment(text: &str) -> Result<CompactString, Fault> {
    let what = "the name of an environment variable";
    let good = |character: char| character.is_ascii_alphanumeric() || character == '_';
    if let Some((character, at)) = first_bad(text, good) {
        return Err(is_not_because(text, what, format!("there is {} in it", shown_char(character))).at(at));
    }
    if text.is_empty() || text.starts_with(|first: char| first.is_ascii_digit()) {
        return Err(is_not_because(text, what, "it has to begin with a letter or `_`"));
    }
    Ok(text.into())
}

/// Reads the name of a key of a Secret.
pub(crate) fn secret_key(text: &str) -> Result<CompactString, Fault> {
    mend(text, read_secret_key, |text| Some(slug(text)))
}

fn read_secret_key(text: &str) -> Result<CompactString, Fault> {
    let what = "the name of a secret's key";
    let good = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
    if let Some((character, at)) = first_bad(text, good) {
        return Err(is_not_because(text, what, format!("there is {} in it", shown_char(character))).at(at));
    }
    if text.is_empty() || text.len() > 253 || text == "." || text.starts_with("..") {
        return Err(is_not(text, what));
    }
    Ok(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_labels_keep_their_case() {
        assert!(value("").is_ok() && value("Prod_1.a").is_ok());
        for text in ["a b", "Goch!", "-a", "a.", "Hünxe", "CN=a"] {
            assert!(value(text).is_err(), "{text}");
        }
        assert_eq!(value("Stadt Goch").unwrap_err().suggestion.as_deref(), Some("stadt-goch"));
    }

    #[test]
    fn keys_of_labels_may_have_a_domain() {
        assert!(key("site").is_ok() && key("krzn.example/site").is_ok());
        for text in ["", "/a", "KRZN.example/a", "a/b/c", "a/"] {
            assert!(key(text).is_err(), "{text}");
        }
    }

    #[test]
    fn names_of_variables_and_secret_keys_are_read() {
        assert!(environment("DB_HOST").is_ok() && environment("1A").is_err());
        assert_eq!(environment("DB-HOST").unwrap_err().suggestion.as_deref(), Some("DB_HOST"));
        assert!(secret_key("tls.crt").is_ok() && secret_key("a b").is_err() && secret_key("..").is_err());
    }
}
