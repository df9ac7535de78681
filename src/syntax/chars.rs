//! The characters of KDL 2.0, sorted into the classes the scanner asks about.
//!
//! One table answers for every byte; only where a byte can start a character that means something outside ASCII is
//! the character itself looked at. That keeps the inner loops at one load and one test per byte.

/// Can stand in a bare string (ASCII only).
pub(super) const WORD: u8 = 1;
/// Blank or tab.
pub(super) const BLANK: u8 = 2;
/// Starts or is a line break (ASCII only).
pub(super) const BREAK: u8 = 4;
/// Ends the fast loop inside a quoted string.
pub(super) const STRING_STOP: u8 = 8;
/// Ends the fast loop inside a comment or a raw string.
pub(super) const PLAIN_STOP: u8 = 16;
/// A control character that may not stand in a file.
pub(super) const CONTROL: u8 = 32;
/// Starts a character outside ASCII.
pub(super) const HIGH: u8 = 64;

static CLASSES: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0_u8;
    loop {
        table[byte as usize] = classify(byte);
        if byte == u8::MAX {
            break table;
        }
        byte += 1;
    }
};

#[inline]
pub(super) fn class(byte: u8) -> u8 {
    CLASSES[byte as usize]
}

const fn classify(byte: u8) -> u8 {
    let line_break = matches!(byte, 0x0a..=0x0d);
    let blank = matches!(byte, b' ' | b'\t');
    let control = (byte < 0x20 && !line_break && !blank) || byte == 0x7f;
    let reserved = matches!(byte, b'\\' | b'/' | b'(' | b')' | b'{' | b'}' | b';' | b'[' | b']' | b'"' | b'#' | b'=');
    // U+0085 begins with 0xC2, the other line breaks and the direction marks with 0xE2, U+FEFF with 0xEF.
    let suspicious = matches!(byte, 0xc2 | 0xe2 | 0xef);
    let mut class = 0;
    if byte < 0x80 && !line_break && !blank && !control && !reserved {
        class |= WORD;
    }
    if blank {
        class |= BLANK;
    }
    if line_break {
        class |= BREAK;
    }
    if line_break || control || suspicious || matches!(byte, b'"' | b'\\') {
        class |= STRING_STOP;
    }
    if line_break || control || suspicious {
        class |= PLAIN_STOP;
    }
    if control {
        class |= CONTROL;
    }
    if byte >= 0x80 {
        class |= HIGH;
    }
    class
}

/// White space that is not a line break.
pub(super) fn is_space(character: char) -> bool {
    matches!(
        character,
        '\t' | ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

pub(super) fn is_line_break(character: char) -> bool {
    matches!(character, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether a text has a character that may not stand in a file.
pub fn has_forbidden(text: &str) -> bool {
    text.contains(is_disallowed)
}

/// May not stand in a file literally, wherever it is.
pub(super) fn is_disallowed(character: char) -> bool {
    matches!(
        character,
        '\0'..='\u{8}'
            | '\u{e}'..='\u{1f}'
            | '\u{7f}'
            | '\u{200e}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}'
    )
}

/// Can stand in a bare string.
pub(super) fn is_word(character: char) -> bool {
    if character.is_ascii() {
        class(character as u8) & WORD != 0
    } else {
        !is_space(character) && !is_line_break(character) && !is_disallowed(character)
    }
}

/// The bare words that look like values and are therefore no strings.
pub(super) fn is_bare_keyword(word: &str) -> bool {
    matches!(word, "true" | "false" | "null" | "inf" | "-inf" | "nan")
}

/// The word starts as a number does, so it is a number or a mistake: `8`, `-1`, `10Gi`.
pub(super) fn starts_number(word: &[u8]) -> bool {
    match word {
        [b'+' | b'-', digit, ..] | [digit, ..] => digit.is_ascii_digit(),
        [] => false,
    }
}

/// The word starts with a point and a digit, which KDL refuses as a number and as a string: `.5`.
pub(super) fn starts_with_point(word: &[u8]) -> bool {
    matches!(word, [b'.', digit, ..] | [b'+' | b'-', b'.', digit, ..] if digit.is_ascii_digit())
}

/// The whole word is a number by the grammar of KDL.
pub(super) fn is_number(word: &[u8]) -> bool {
    let word = match word {
        [b'+' | b'-', rest @ ..] => rest,
        all => all,
    };
    match word {
        [b'0', b'x', rest @ ..] => digits(rest, u8::is_ascii_hexdigit).is_some_and(<[u8]>::is_empty),
        [b'0', b'o', rest @ ..] => digits(rest, |byte| matches!(byte, b'0'..=b'7')).is_some_and(<[u8]>::is_empty),
        [b'0', b'b', rest @ ..] => digits(rest, |byte| matches!(byte, b'0' | b'1')).is_some_and(<[u8]>::is_empty),
        _ => is_decimal(word),
    }
}

fn is_decimal(word: &[u8]) -> bool {
    let Some(mut rest) = digits(word, u8::is_ascii_digit) else { return false };
    if let [b'.', fraction @ ..] = rest {
        let Some(after) = digits(fraction, u8::is_ascii_digit) else { return false };
        rest = after;
    }
    if let [b'e' | b'E', b'+' | b'-', exponent @ ..] | [b'e' | b'E', exponent @ ..] = rest {
        let Some(after) = digits(exponent, u8::is_ascii_digit) else { return false };
        rest = after;
    }
    rest.is_empty()
}

/// Takes a digit and all digits and underscores behind it; what is left, or nothing where no digit comes first.
fn digits(word: &[u8], is_digit: impl Fn(&u8) -> bool) -> Option<&[u8]> {
    word.first().filter(|byte| is_digit(byte))?;
    let end = word.iter().position(|byte| *byte != b'_' && !is_digit(byte)).unwrap_or(word.len());
    Some(&word[end..])
}
