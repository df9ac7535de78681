//! The words that the faults of all kinds share.
//!
//! A value is shown in backticks, on one line and not longer than a line can bear: a whole paragraph pasted into a
//! setting must not become the headline of a finding.

use crate::diagnostic::Fault;

/// The longest value that a message repeats in full.
const LONGEST: usize = 80;

/// A value as a message shows it.
pub(crate) fn shown(text: &str) -> String {
    if text.is_empty() {
        return "an empty text".to_owned();
    }
    let mut out = String::with_capacity(text.len() + 2);
    out.push('`');
    for (at, character) in text.chars().enumerate() {
        if at == LONGEST {
            out.push('…');
            break;
        }
        if is_unseen(character) { out.extend(character.escape_unicode()) } else { out.push(character) }
    }
    out.push('`');
    out
}

/// A character as a message shows it: a blank has a name, the others stand in backticks.
pub(crate) fn shown_char(character: char) -> String {
    match character {
        ' ' => "a blank".to_owned(),
        '\t' => "a tab".to_owned(),
        '\n' | '\r' => "a line break".to_owned(),
        '\u{a0}' => "a no-break space".to_owned(),
        // What looks like another letter, or like nothing, has to be named by its number.
        other if !other.is_ascii() && !is_latin(other) => {
            let number = format!("U+{:04X}", u32::from(other));
            if is_unseen(other) { number } else { format!("{} ({number})", shown(other.encode_utf8(&mut [0; 4]))) }
        }
        other => shown(other.encode_utf8(&mut [0; 4])),
    }
}

/// Letters that nobody mistakes for a letter of ASCII.
fn is_latin(character: char) -> bool {
    matches!(character, 'À'..='ÿ')
}

/// Characters that a terminal obeys or does not show: controls, marks of direction, and what has no width.
pub(crate) fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// `x` is not a so-and-so.
pub(crate) fn is_not(text: &str, what: &str) -> Fault {
    Fault::new(format!("{} is not {what}", shown(text)))
}

/// `x` is not a so-and-so: the reason.
pub(crate) fn is_not_because(text: &str, what: &str, reason: impl AsRef<str>) -> Fault {
    Fault::new(format!("{} is not {what}: {}", shown(text), reason.as_ref()))
}

/// The first character that a predicate refuses, and its bytes.
pub(crate) fn first_bad(text: &str, good: impl Fn(char) -> bool) -> Option<(char, std::ops::Range<usize>)> {
    text.char_indices()
        .find(|(_, character)| !good(*character))
        .map(|(at, character)| (character, at..at + character.len_utf8()))
}

/// Reads a text, and offers with its fault what was probably meant, where that is itself well-formed. The reader makes no
/// offers of its own, so an offer is never the start of another search.
pub(crate) fn mend<T, M: Into<Option<String>>>(
    text: &str,
    read: impl Fn(&str) -> Result<T, Fault>,
    meant: impl Fn(&str) -> M,
) -> Result<T, Fault> {
    read(text).map_err(|fault| match meant(text).into() {
        Some(meant) if meant != text && fault.suggestion.is_none() && read(&meant).is_ok() => fault.suggest(meant),
        _ => fault,
    })
}

/// A decimal number of at most `digits` digits and nothing else.
pub(crate) fn digits(text: &str, digits: usize) -> Option<u64> {
    let plain = !text.is_empty() && text.len() <= digits && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

/// Declares a kind of text that was checked when it was made and is kept as it was written.
macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(compact_str::CompactString);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(&self.0)
            }
        }
    };
}

pub(crate) use text_type;
