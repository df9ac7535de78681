//! Bare words: strings without quotes, numbers, keywords, and all that was meant to be one of them.
//!
//! A word that is none of them is taken as a whole, up to the next white space, so that `10.42.0.0/16` is one mistake
//! and not three.

use super::chars::{
    BLANK, BREAK, CONTROL, HIGH, WORD, class, is_bare_keyword, is_number, is_word, starts_number, starts_with_point,
};
use super::scanner::{Scalar, Scanner, Trouble};
use super::text::Form;

impl Scanner<'_> {
    /// A name or a value begins here.
    pub(super) fn is_scalar_start(&self) -> bool {
        match self.peek() {
            b'"' | b'#' | b'[' => true,
            b'/' => !matches!(self.byte(self.at + 1), b'/' | b'*' | b'-'),
            b'{' => self.byte(self.at + 1) == b'{' && self.template_end(self.at).is_some(),
            byte if class(byte) & HIGH != 0 => self.character(self.at).is_some_and(is_word),
            byte => class(byte) & WORD != 0,
        }
    }

    /// Reads a name or a value; only called where [`Scanner::is_scalar_start`].
    pub(super) fn scalar(&mut self, in_annotation: bool) -> (Scalar, Option<Trouble>) {
        self.fresh = false;
        match self.peek() {
            b'"' => (self.string(), None),
            b'#' => self.hash(in_annotation),
            _ => self.word(in_annotation),
        }
    }

    fn word(&mut self, in_annotation: bool) -> (Scalar, Option<Trouble>) {
        let start = self.at;
        let end = self.word_end(start);
        self.at = end;
        let bytes = &self.bytes[start..end];
        if bytes == b"r" && matches!(self.peek(), b'"' | b'#') && self.old_raw_string(start) {
            return self.broken_word(start, Trouble::OldRawString);
        }
        if !self.ends_word(end, in_annotation) {
            if self.byte(end) == b'[' && start == end {
                self.at = self.list_end(start);
                self.rest_of_word(in_annotation);
                return self.broken_word(start, Trouble::List);
            }
            self.rest_of_word(in_annotation);
            let trouble = if self.closing_quote() { Trouble::NoOpeningQuote } else { Trouble::Reserved(end) };
            return self.broken_word(start, trouble);
        }
        if self.peek() == b'"' && self.closing_quote() {
            return self.broken_word(start, Trouble::NoOpeningQuote);
        }
        let form = match bytes {
            [b'0'..=b'9' | b'+' | b'-' | b'.', ..] if starts_number(bytes) => {
                if !is_number(bytes) {
                    return self.broken_word(start, Trouble::LooksLikeNumber);
                }
                Form::Number
            }
            [b'+' | b'-' | b'.', ..] if starts_with_point(bytes) => {
                return self.broken_word(start, Trouble::LooksLikeNumber);
            }
            [b't' | b'f' | b'n' | b'i' | b'-', ..] if is_bare_keyword(&self.text[start..end]) => {
                return self.broken_word(start, Trouble::BareKeyword);
            }
            _ => Form::Bare,
        };
        (Scalar { start, end, form, broken: false }, None)
    }

    /// Takes a raw string of KDL 1 from behind its `r`.
    fn old_raw_string(&mut self, start: usize) -> bool {
        let hashes = self.bytes[self.at..].iter().take_while(|byte| **byte == b'#').count();
        if self.byte(self.at + hashes) != b'"' {
            return false;
        }
        self.at += hashes;
        self.raw_string(start, hashes);
        true
    }

    /// Takes a quote that closes what no quote has opened: white space or the end of the node follows.
    fn closing_quote(&mut self) -> bool {
        let next = self.byte(self.at + 1);
        let ends = class(next) & (BLANK | BREAK) != 0 || matches!(next, b';' | b'{' | b'}');
        let found = self.peek() == b'"' && (ends || self.at + 1 >= self.bytes.len());
        self.at += usize::from(found);
        found
    }

    fn broken_word(&self, start: usize, trouble: Trouble) -> (Scalar, Option<Trouble>) {
        (Scalar { start, end: self.at, form: Form::Bare, broken: true }, Some(trouble))
    }

    #[inline]
    fn word_end(&self, mut at: usize) -> usize {
        loop {
            while class(self.byte(at)) & WORD != 0 {
                at += 1;
            }
            if class(self.byte(at)) & HIGH == 0 {
                return at;
            }
            match self.character(at) {
                Some(character) if is_word(character) => at += character.len_utf8(),
                _ => return at,
            }
        }
    }

    /// Whether a bare string may end before this place.
    #[inline]
    fn ends_word(&self, at: usize, in_annotation: bool) -> bool {
        let byte = self.byte(at);
        match byte {
            b'(' | b'[' | b']' => false,
            b'#' => {
                let hashes = self.bytes[at..].iter().take_while(|byte| **byte == b'#').count();
                self.byte(at + hashes) == b'"'
            }
            b')' => in_annotation,
            b'/' => matches!(self.byte(at + 1), b'/' | b'*' | b'-'),
            b'\\' => {
                let next = self.byte(at + 1);
                at + 1 >= self.bytes.len() || class(next) & (BLANK | BREAK | HIGH) != 0 || next == b'/'
            }
            b'{' => self.byte(at + 1) != b'{' || self.template_end(at).is_none(),
            _ => true,
        }
    }

    /// Where in `8memory` the number ends and a name begins, if it is a whole number and a name: what follows may be the unit
    /// of a quantity as well, so a name has only small letters and hyphens, and is longer than one.
    pub(super) fn number_before_name(&self, start: usize, end: usize) -> Option<usize> {
        let word = &self.bytes[start..end];
        let length = word.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let name = &word[length..];
        let is_name = name.len() > 2 && name.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'-');
        (length > 0 && is_name).then_some(start + length)
    }

    /// Moves over what was meant to belong to a bare string.
    pub(super) fn rest_of_word(&mut self, in_annotation: bool) {
        loop {
            let byte = self.peek();
            match byte {
                b';' | b'}' | b'"' => return,
                b')' if in_annotation => return,
                b'\\' if class(self.byte(self.at + 1)) & BREAK != 0 => return,
                b'{' => match self.template_end(self.at) {
                    Some(end) => self.at = end,
                    None => return,
                },
                byte if class(byte) & (BLANK | BREAK | CONTROL) != 0 => return,
                byte if class(byte) & HIGH != 0 => match self.character(self.at) {
                    Some(character) if is_word(character) => self.at += character.len_utf8(),
                    _ => return,
                },
                _ => self.at += 1,
            }
            if self.is_at_end() {
                self.at = self.bytes.len();
                return;
            }
        }
    }

    /// The end of a list in brackets, if it is not far away on this line.
    fn list_end(&self, at: usize) -> usize {
        const FAR: usize = 200;
        let near = self.bytes[at..].iter().take(FAR).take_while(|byte| class(**byte) & BREAK == 0);
        let close = near.clone().position(|byte| *byte == b']');
        at + close.unwrap_or(0) + 1
    }

    /// The end of a `{{ … }}` that begins here, if it ends on this line.
    fn template_end(&self, at: usize) -> Option<usize> {
        if self.byte(at + 1) != b'{' || at < self.no_template_until.get() {
            return None;
        }
        let line_end = self.line_end(at);
        let found = self.bytes[at..line_end].windows(2).position(|pair| pair == b"}}");
        if found.is_none() {
            self.no_template_until.set(line_end);
        }
        found.map(|found| at + found + 2)
    }

    fn line_end(&self, at: usize) -> usize {
        let length = self.bytes[at..].iter().position(|byte| class(*byte) & BREAK != 0);
        length.map_or(self.bytes.len(), |length| at + length)
    }

    /// What begins with `#`: a raw string or a keyword.
    fn hash(&mut self, in_annotation: bool) -> (Scalar, Option<Trouble>) {
        let start = self.at;
        while self.peek() == b'#' {
            self.at += 1;
        }
        let hashes = self.at - start;
        if self.peek() == b'"' {
            return (self.raw_string(start, hashes), None);
        }
        self.at = self.word_end(self.at);
        let known =
            matches!(&self.bytes[start..self.at], b"#true" | b"#false" | b"#null" | b"#inf" | b"#-inf" | b"#nan");
        if known && self.ends_word(self.at, in_annotation) {
            return (Scalar { start, end: self.at, form: Form::Keyword, broken: false }, None);
        }
        if !self.ends_word(self.at, in_annotation) {
            self.rest_of_word(in_annotation);
        }
        self.broken_word(start, Trouble::UnknownKeyword)
    }
}
