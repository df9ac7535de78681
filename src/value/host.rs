//! Public host names: lower-case DNS names of at most 253 characters.
//!
//! An Ingress takes nothing else, and the mistakes are always the same: a whole URL, a capital, an umlaut, a wildcard.

use crate::diagnostic::Fault;
use crate::value::words::{first_bad, is_not, is_not_because, mend, shown, shown_char, text_type};

text_type! {
    /// A host name.
    HostName
}

const WHAT: &str = "a host name";

impl HostName {
    pub fn parse(text: &str) -> Result<Self, Fault> {
        mend(text, read, meant)
    }

    /// The labels, from the most special to the most general.
    pub fn labels(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('.')
    }

    /// Whether it lies below a domain: `a.krzn.example` below `krzn.example`.
    pub fn is_below(&self, domain: &HostName) -> bool {
        self.0.strip_suffix(domain.as_str()).is_some_and(|rest| rest.ends_with('.'))
    }
}

fn read(text: &str) -> Result<HostName, Fault> {
    match refusal(text) {
        Some(fault) => Err(fault),
        None => Ok(HostName(text.into())),
    }
}

fn refusal(text: &str) -> Option<Fault> {
    if text.is_empty() {
        return Some(is_not(text, WHAT));
    }
    if let Some(at) = text.find("://") {
        return Some(is_not_because(text, WHAT, "it begins with a scheme, as a URL does").at(0..at + 3));
    }
    if let Some(at) = text.find('/') {
        return Some(is_not_because(text, WHAT, "it has a path, as a URL has").at(at..text.len()));
    }
    if text.starts_with("*.") {
        return Some(is_not_because(text, WHAT, "a wildcard claims the hosts of others; name each host").at(0..2));
    }
    if let Some((name, port)) = text.rsplit_once(':')
        && !port.is_empty()
        && port.bytes().all(|byte| byte.is_ascii_digit())
    {
        return Some(is_not_because(text, WHAT, "it has a port").at(name.len()..text.len()));
    }
    if let Some((character, at)) = first_bad(text, |character| matches!(character, 'a'..='z' | '0'..='9' | '-' | '.')) {
        let reason = match character {
            'A'..='Z' => format!("there is a capital, {}, in it", shown_char(character)),
            '_' => "a host name has no `_`".to_owned(),
            _ if !character.is_ascii() => {
                format!("{} stands for itself only in its punycode form", shown_char(character))
            }
            _ => format!("there is {} in it", shown_char(character)),
        };
        return Some(is_not_because(text, WHAT, reason).at(at));
    }
    if text.len() > 253 {
        return Some(is_not_because(text, WHAT, format!("it has {} characters; the most is 253", text.len())));
    }
    let mut at = 0;
    for label in text.split('.') {
        let reason = if label.is_empty() {
            Some("there is nothing between, before or after its dots".to_owned())
        } else if label.len() > 63 {
            Some(format!("the label {} has {} characters; the most is 63", shown(label), label.len()))
        } else if label.starts_with('-') || label.ends_with('-') {
            Some(format!("the label {} has a `-` at its end", shown(label)))
        } else {
            None
        };
        if let Some(reason) = reason {
            return Some(is_not_because(text, WHAT, reason).at(at..at + label.len()));
        }
        at += label.len() + 1;
    }
    let last_is_number = text.rsplit('.').next().is_some_and(|label| label.bytes().all(|byte| byte.is_ascii_digit()));
    if last_is_number && text.contains('.') {
        return Some(is_not_because(text, WHAT, "it is an address"));
    }
    None
}

/// The name inside a URL, in lower case and punycode.
fn meant(text: &str) -> Option<String> {
    let name = text.trim();
    let name = name.split_once("://").map_or(name, |(_, rest)| rest);
    let name = name.split(['/', '?', '#']).next()?;
    let name = name.split_once(':').map_or(name, |(name, _)| name);
    let name = name.trim_end_matches('.').strip_prefix("*.").unwrap_or(name.trim_end_matches('.'));
    if text.starts_with("*.") {
        return None;
    }
    let ascii = idna::domain_to_ascii(name).ok()?;
    Some(ascii.replace('_', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_names_are_read() {
        for text in ["konferenz.goch.krzn.example", "localhost", "a-1.b", "xn--hnxe-0ra.de", "1.example"] {
            assert!(HostName::parse(text).is_ok(), "{text}");
        }
        let host = HostName::parse("a.krzn.example").unwrap();
        assert!(host.is_below(&HostName::parse("krzn.example").unwrap()));
        assert!(!HostName::parse("akrzn.example").unwrap().is_below(&HostName::parse("krzn.example").unwrap()));
    }

    #[test]
    fn the_usual_mistakes_are_mended() {
        let cases = [
            ("https://moodle.goch.example/login", "moodle.goch.example"),
            ("Moodle.Goch.example", "moodle.goch.example"),
            ("www.hünxe.de", "www.xn--hnxe-0ra.de"),
            ("www.HÜNXE.de", "www.xn--hnxe-0ra.de"),
            ("moodle_1.example", "moodle-1.example"),
            ("a.example.", "a.example"),
            ("a.example:8443", "a.example"),
        ];
        for (text, meant) in cases {
            assert_eq!(HostName::parse(text).unwrap_err().suggestion.as_deref(), Some(meant), "{text}");
        }
    }

    #[test]
    fn the_reason_is_named() {
        let message = |text: &str| HostName::parse(text).unwrap_err().message;
        assert!(message("*.goch.example").contains("wildcard"));
        assert!(message("10.1.2.3").contains("it is an address"));
        assert!(message("a_b.example").contains("no `_`"));
        assert!(message("hünxe.de").contains("punycode"));
        assert!(message("a..b").contains("between"));
        assert!(message(&format!("{}.de", "a".repeat(64))).contains("64 characters"));
        assert!(message(&vec!["abcdefg"; 33].join(".")).contains("253"));
    }
}
