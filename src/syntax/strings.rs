//! Quoted strings: on one line, on several, raw.
//!
//! A string without its end is the mistake that costs most, because all that follows changes its meaning. A string on
//! one line therefore ends with its line at the latest, and a brace at the end of that line is given back.

use super::chars::{STRING_STOP, class, is_disallowed, is_line_break, is_space};
use super::messages;
use super::scanner::{Scalar, Scanner};
use super::text::{self, Escape, Form, LinesFault};

impl Scanner<'_> {
    /// Reads a string that begins with `"`.
    pub(super) fn string(&mut self) -> Scalar {
        let start = self.at;
        if self.bytes[start..].starts_with(b"\"\"\"") {
            return self.lines(start, 0);
        }
        self.at += 1;
        let mut form = Form::Quoted;
        let mut broken = false;
        loop {
            while class(self.peek()) & STRING_STOP == 0 {
                self.at += 1;
            }
            match self.peek() {
                b'"' => {
                    self.at += 1;
                    return Scalar { start, end: self.at, form, broken };
                }
                b'\\' => {
                    form = Form::Escaped;
                    broken |= !self.escape();
                }
                _ => match self.character(self.at) {
                    None => return self.unclosed(start, 0),
                    Some(character) if is_line_break(character) => return self.unclosed(start, 0),
                    Some(character) if is_disallowed(character) => self.disallowed(),
                    Some(character) => self.at += character.len_utf8(),
                },
            }
        }
    }

    /// Reads a raw string whose quotes are here; the scanner stands behind its `hashes`.
    pub(super) fn raw_string(&mut self, start: usize, hashes: usize) -> Scalar {
        if self.bytes[self.at..].starts_with(b"\"\"\"") {
            return self.lines(start, hashes);
        }
        self.at += 1;
        loop {
            self.skip_raw();
            match self.character(self.at) {
                Some('"') => {
                    self.at += 1;
                    if self.takes_hashes(hashes) {
                        return Scalar { start, end: self.at, form: Form::Raw, broken: false };
                    }
                }
                Some(character) if !is_line_break(character) => self.at += character.len_utf8(),
                _ => return self.unclosed(start, hashes),
            }
        }
    }

    fn skip_raw(&mut self) {
        self.skip_string();
        while let Some(character) = self.character(self.at) {
            if is_disallowed(character) {
                self.disallowed();
            } else if character == '"' || is_line_break(character) {
                return;
            } else {
                self.at += character.len_utf8();
            }
            self.skip_string();
        }
    }

    fn skip_string(&mut self) {
        while self.at < self.bytes.len() && class(self.bytes[self.at]) & STRING_STOP == 0 {
            self.at += 1;
        }
    }

    fn takes_hashes(&mut self, hashes: usize) -> bool {
        let end = self.at + hashes;
        let all = self.bytes.get(self.at..end).is_some_and(|bytes| bytes.iter().all(|byte| *byte == b'#'));
        if all {
            self.at = end;
        }
        all
    }

    /// Steps over an escape; whether KDL knows it.
    fn escape(&mut self) -> bool {
        let start = self.at;
        match text::escape(&self.text[start + 1..]) {
            Escape::Character(_, length) | Escape::Nothing(length) => {
                self.at = start + 1 + length;
                true
            }
            Escape::Unknown(length) => {
                // A line break is never part of an escape: the string is looked at as unclosed then.
                self.at = start + 1 + length;
                let raw = &self.text[start..self.at];
                self.report(messages::unknown_escape(self.span(start, self.at), raw));
                false
            }
        }
    }

    /// A string on one line whose line, or file, ends first.
    fn unclosed(&mut self, start: usize, hashes: usize) -> Scalar {
        if let Some(end) = self.closing_on_own_line(hashes) {
            self.at = end;
            self.report(messages::line_break_in_string(self.span(start, end), self.span(start, start + hashes + 1)));
            return Scalar { start, end, form: Form::Escaped, broken: true };
        }
        let written = self.text[start..self.at].trim_end_matches(is_space);
        let end = start + before_brace(written, hashes + 1);
        self.at = end;
        self.report(messages::unclosed_string(self.span(start, end), &self.text[start..end], hashes));
        Scalar { start, end, form: Form::Unclosed, broken: true }
    }

    /// The end of the string if its closing quote stands alone on a later line: several lines were meant.
    fn closing_on_own_line(&self, hashes: usize) -> Option<usize> {
        let rest = &self.text[self.at..];
        let quote = rest.find('"')?;
        let before = &rest[..quote];
        let line = before.rfind(is_line_break)?;
        let alone = before[line..].chars().all(|character| is_space(character) || is_line_break(character));
        let end = quote + 1 + hashes;
        let hashed = rest.as_bytes().get(quote + 1..end)?.iter().all(|byte| *byte == b'#');
        let after = rest.get(end..)?.chars().find(|character| !is_space(*character));
        let ends = after.is_none_or(|character| is_line_break(character) || matches!(character, ';' | '}' | '{'));
        (alone && hashed && ends).then_some(self.at + end)
    }

    /// Reads a string of several lines whose `"""` is here.
    fn lines(&mut self, start: usize, hashes: usize) -> Scalar {
        self.at += 3;
        let body = self.at;
        let is_raw = hashes > 0 || start != body - 3;
        let breaks = self.line_break_length();
        if breaks == 0 {
            return self.lines_without_break(start, body, hashes, is_raw);
        }
        self.at += breaks;
        if !self.find_closing_lines(hashes, is_raw, false) {
            self.at = self.bytes.len();
            self.swallowed = true;
            self.report(messages::unclosed_lines(self.span(start, body), hashes));
            return Scalar { start, end: self.at, form: Form::Unclosed, broken: true };
        }
        let end = self.at;
        let form = if is_raw { Form::RawLines } else { Form::Lines };
        let mut broken = !is_raw && !self.check_escapes(body, end - 3);
        self.check_characters(body, end);
        let raw = &self.text[start..end];
        match text::lines_fault(raw, form) {
            None => {}
            Some(LinesFault::ClosingNotAlone(range)) => {
                let place = self.span(start + range.start, end);
                let closing = self.span(end - 3 - hashes, end);
                self.report(messages::closing_not_alone(place, closing));
                broken = true;
            }
            Some(LinesFault::Indentation { first, more }) => {
                let place = self.span(start + first.start, start + first.end);
                let closing = self.span(end - 3 - hashes, end);
                self.report(messages::bad_indentation(place, closing, more));
                broken = true;
            }
        }
        Scalar { start, end, form, broken }
    }

    /// `"""` and then text: on one line, or with a first line too early.
    fn lines_without_break(&mut self, start: usize, body: usize, hashes: usize, is_raw: bool) -> Scalar {
        let form = if is_raw { Form::Raw } else { Form::Escaped };
        if self.find_closing_lines(hashes, is_raw, true) {
            let end = self.at;
            self.report(messages::lines_on_one_line(self.span(start, end), &self.text[start..end], hashes));
            return Scalar { start, end, form, broken: true };
        }
        let line_end = self.at;
        if !self.no_closing_lines && self.find_closing_lines(hashes, is_raw, false) {
            let end = self.at;
            self.report(messages::text_behind_opening(self.span(start, body), self.span(body, line_end)));
            return Scalar { start, end, form, broken: true };
        }
        self.no_closing_lines = true;
        self.at = line_end;
        self.unclosed(start, hashes)
    }

    /// Moves behind the closing `"""` and its hashes, or to the end of the line or file; whether it was found.
    fn find_closing_lines(&mut self, hashes: usize, is_raw: bool, on_this_line: bool) -> bool {
        loop {
            self.skip_string();
            match self.character(self.at) {
                None => return false,
                Some('"') if self.bytes[self.at..].starts_with(b"\"\"\"") => {
                    self.at += 3;
                    if self.takes_hashes(hashes) {
                        return true;
                    }
                    // Three of four quotes may still be the last three.
                    self.at -= 2;
                }
                Some('\\') if !is_raw => {
                    self.at += 1;
                    let next = self.character(self.at);
                    if !on_this_line || next.is_some_and(|next| !is_line_break(next)) {
                        self.at += next.map_or(0, char::len_utf8);
                    }
                }
                Some(character) if on_this_line && is_line_break(character) => return false,
                Some(character) => self.at += character.len_utf8(),
            }
        }
    }

    /// Reports the escapes KDL does not know; whether there were none.
    fn check_escapes(&mut self, from: usize, to: usize) -> bool {
        let mut sound = true;
        self.at = from;
        while let Some(found) = self.text[self.at..to].find('\\') {
            self.at += found;
            sound &= self.escape();
            self.at = self.at.min(to);
        }
        sound
    }

    /// Reports the characters that may not stand in a file.
    fn check_characters(&mut self, from: usize, to: usize) {
        let mut at = from;
        while let Some(found) = self.text[at..to].find(is_disallowed) {
            self.at = at + found;
            self.disallowed();
            at = self.at.min(to);
        }
        self.at = to;
    }
}

/// The length of an unclosed string without the brace that ends its line and was meant for the node.
fn before_brace(written: &str, opening: usize) -> usize {
    let whole = written.len();
    let inner = written.get(opening..).unwrap_or_default();
    let opens = inner.ends_with('{') && !inner.ends_with("{{");
    let closes = inner.ends_with('}') && !inner.contains('{');
    if opens || closes { written[..whole - 1].trim_end_matches(is_space).len().max(opening.min(whole)) } else { whole }
}
