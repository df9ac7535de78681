//! The words of an expression, for what is looked at before minijinja sees it.
//!
//! It cuts exactly as minijinja's own reader does: names are ASCII, a string ends at its quote and may escape it. What
//! is no token of the language becomes a sign of its own, about which minijinja complains.

/// A piece of an expression between blanks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    Number,
    Text,
    Sign,
}

impl Token {
    pub(super) fn text<'t>(&self, source: &'t str) -> &'t str {
        &source[self.start..self.end]
    }
}

/// The words that are no names.
const KEYWORDS: [&str; 13] =
    ["and", "or", "not", "in", "is", "if", "else", "true", "false", "none", "True", "False", "None"];

pub(super) fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name)
}

/// Whether a text can be the name of a variable.
pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty() && name_length(text.as_bytes()) == text.len() && !is_keyword(text)
}

/// All tokens of a text.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(first) = bytes.get(at).copied() {
        if first.is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let rest = &bytes[at..];
        let (kind, length) = match first {
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => (Kind::Name, name_length(rest)),
            b'0'..=b'9' => {
                let after_dot = tokens.last().is_some_and(|token| token.end == at && token.text(text) == ".");
                (Kind::Number, number_length(rest, after_dot))
            }
            b'\'' | b'"' => (Kind::Text, text_length(rest)),
            _ => (Kind::Sign, sign_length(&text[at..])),
        };
        tokens.push(Token { kind, start: at, end: at + length });
        at += length;
    }
    tokens
}

fn name_length(bytes: &[u8]) -> usize {
    let mut length = 0;
    while let Some(byte) = bytes.get(length) {
        let fits = *byte == b'_' || if length == 0 { byte.is_ascii_alphabetic() } else { byte.is_ascii_alphanumeric() };
        if !fits {
            break;
        }
        length += 1;
    }
    length
}

fn number_length(bytes: &[u8], after_dot: bool) -> usize {
    let word =
        |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
    let mut length = word(0);
    if !after_dot && bytes.get(length) == Some(&b'.') && bytes.get(length + 1).is_some_and(u8::is_ascii_digit) {
        length += 1 + word(length + 1);
    }
    let exponent = matches!(bytes[length - 1], b'e' | b'E') && !bytes.starts_with(b"0x") && !bytes.starts_with(b"0X");
    if exponent && matches!(bytes.get(length), Some(b'+' | b'-')) {
        length += 1 + word(length + 1);
    }
    length
}

/// To the closing quote, or to the end where there is none.
pub(super) fn text_length(bytes: &[u8]) -> usize {
    let quote = bytes[0];
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            byte if *byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn sign_length(text: &str) -> usize {
    const LONG: [&str; 6] = ["**", "//", "==", "!=", "<=", ">="];
    if LONG.iter().any(|sign| text.starts_with(sign)) { 2 } else { text.chars().next().map_or(1, char::len_utf8) }
}
