//! From characters to scalars, and over the white space between them.
//!
//! The scanner always moves on and never goes back further than a character it has just seen, which keeps a parse linear
//! whatever the text is. What it cannot read it reports, remembers as junk or as a broken scalar, and steps over.

use std::cell::Cell;

use super::MAXIMUM_FINDINGS;
use super::chars::{BLANK, BREAK, CONTROL, HIGH, PLAIN_STOP, class, is_disallowed, is_line_break, is_space};
use super::messages;
use super::text::{Form, line_break_length};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};

/// A name or a value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scalar {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) form: Form,
    /// Not KDL, and reported.
    pub(super) broken: bool,
}

/// Why a scalar is not KDL; the words depend on what it stands for, so the parser finds them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Begins as a number and is none: `10Gi`.
    LooksLikeNumber,
    /// A keyword without its `#`.
    BareKeyword,
    /// Goes on with a character that cannot stand in a bare string; its place.
    Reserved(usize),
    /// `#` and something else.
    UnknownKeyword,
    /// `[…]`.
    List,
    /// Ends with a quote and begins with none.
    NoOpeningQuote,
    /// `r"…"`, the raw string of KDL 1.
    OldRawString,
}

pub(super) struct Scanner<'t> {
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    pub(super) at: usize,
    pub(super) file: FileId,
    pub(super) findings: Vec<Diagnostic>,
    pub(super) junk: Vec<(usize, usize)>,
    /// Where the current line starts.
    pub(super) line_start: usize,
    /// Only white space has come since [`Scanner::line_start`].
    pub(super) fresh: bool,
    /// A string or a comment without an end took the rest of the file with it.
    pub(super) swallowed: bool,
    /// A search for the end of a string of several lines has already failed; it would fail again.
    pub(super) no_closing_lines: bool,
    /// Up to here no `}}` stands in the line.
    pub(super) no_template_until: Cell<usize>,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(file: FileId, text: &'t str) -> Self {
        Scanner {
            text,
            bytes: text.as_bytes(),
            at: if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 },
            file,
            findings: Vec::new(),
            junk: Vec::new(),
            line_start: 0,
            fresh: true,
            swallowed: false,
            no_closing_lines: false,
            no_template_until: Cell::new(0),
        }
    }

    /// The byte here; zero at the end, where [`Scanner::is_at_end`] tells it from a zero in the text.
    #[inline]
    pub(super) fn peek(&self) -> u8 {
        self.byte(self.at)
    }

    #[inline]
    pub(super) fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    pub(super) fn character(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start, end)
    }

    pub(super) fn report(&mut self, finding: Diagnostic) {
        if self.findings.len() < MAXIMUM_FINDINGS {
            self.findings.push(finding);
        } else if self.findings.len() == MAXIMUM_FINDINGS {
            self.findings.push(messages::too_many(finding.span));
        }
    }

    /// Skips what may separate the parts of a node; whether there was any.
    #[inline]
    pub(super) fn node_space(&mut self) -> bool {
        let start = self.at;
        loop {
            while class(self.peek()) & BLANK != 0 {
                self.at += 1;
            }
            let moved = match self.peek() {
                b'/' if self.byte(self.at + 1) == b'*' => self.block_comment(),
                b'\\' => self.continuation(),
                byte if class(byte) & (HIGH | CONTROL) != 0 => self.odd_space(),
                _ => false,
            };
            if !moved {
                return self.at > start;
            }
        }
    }

    /// Skips what may stand between nodes.
    pub(super) fn line_space(&mut self) {
        loop {
            self.node_space();
            let byte = self.peek();
            if class(byte) & BREAK != 0 {
                self.line_break();
            } else if byte == b'/' && self.byte(self.at + 1) == b'/' {
                self.line_comment();
            } else if byte == b'#' && self.hash_comment() {
            } else if class(byte) & HIGH == 0 || !self.odd_line_break() {
                return;
            }
        }
    }

    /// Takes the end of a node: a line break, a comment to the end of the line, `;` or the end of the file.
    pub(super) fn terminator(&mut self) -> bool {
        let byte = self.peek();
        if class(byte) & BREAK != 0 {
            self.line_break();
            true
        } else if byte == b';' {
            self.at += 1;
            self.fresh = false;
            true
        } else if byte == b'/' && self.byte(self.at + 1) == b'/' {
            self.line_comment();
            if class(self.peek()) & BREAK != 0 {
                self.line_break();
            } else {
                self.odd_line_break();
            }
            true
        } else {
            self.is_at_end() || (class(byte) & HIGH != 0 && self.odd_line_break())
        }
    }

    fn line_break(&mut self) {
        self.at += if self.peek() == b'\r' && self.byte(self.at + 1) == b'\n' { 2 } else { 1 };
        self.line_start = self.at;
        self.fresh = true;
    }

    fn odd_line_break(&mut self) -> bool {
        match self.character(self.at) {
            Some(character) if is_line_break(character) => {
                self.at += character.len_utf8();
                self.line_start = self.at;
                self.fresh = true;
                true
            }
            _ => false,
        }
    }

    /// White space outside ASCII, and characters that may not be there, which count as white space once reported.
    fn odd_space(&mut self) -> bool {
        match self.character(self.at) {
            Some(character) if is_space(character) => {
                self.at += character.len_utf8();
                true
            }
            Some(character) if is_disallowed(character) => {
                let start = self.at;
                self.disallowed();
                self.junk.push((start, self.at));
                true
            }
            _ => false,
        }
    }

    /// Reports and skips a run of characters that may not stand in a file.
    pub(super) fn disallowed(&mut self) {
        let start = self.at;
        let first = self.character(start).unwrap_or_default();
        while let Some(character) = self.character(self.at).filter(|character| is_disallowed(*character)) {
            self.at += character.len_utf8();
        }
        self.report(messages::disallowed(self.span(start, self.at), first));
    }

    /// Takes a comment as other languages write it; whether there is one. Nothing of the language begins with a `#` and a
    /// blank behind it.
    pub(super) fn hash_comment(&mut self) -> bool {
        let start = self.at;
        let count = self.bytes[start..].iter().take_while(|byte| **byte == b'#').count();
        let behind = start + count;
        let is_apart = behind >= self.bytes.len() || class(self.byte(behind)) & (BLANK | BREAK) != 0;
        if count == 0 || !is_apart {
            return false;
        }
        self.report(messages::hash_comment(self.span(start, behind)));
        self.skip_plain(is_line_break);
        self.junk.push((start, self.at));
        true
    }

    fn line_comment(&mut self) {
        self.at += 2;
        self.skip_plain(is_line_break);
    }

    fn block_comment(&mut self) -> bool {
        let start = self.at;
        let mut depth = 0_usize;
        self.fresh = false;
        loop {
            match (self.peek(), self.byte(self.at + 1)) {
                (b'/', b'*') => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', b'/') => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        return true;
                    }
                }
                (byte, _) if class(byte) & (HIGH | CONTROL) == 0 => self.at += 1,
                _ if self.is_at_end() => {
                    self.report(messages::unclosed_comment(self.span(start, start + 2)));
                    self.swallowed = true;
                    return true;
                }
                _ => match self.character(self.at) {
                    Some(character) if !is_disallowed(character) => self.at += character.len_utf8(),
                    _ => self.disallowed(),
                },
            }
        }
    }

    /// Moves to the first character that satisfies the test; all line breaks and marks are looked at.
    pub(super) fn skip_plain(&mut self, is_end: impl Fn(char) -> bool) {
        loop {
            while self.at < self.bytes.len() && class(self.bytes[self.at]) & PLAIN_STOP == 0 {
                self.at += 1;
            }
            match self.character(self.at) {
                None => return,
                Some(character) if is_end(character) => return,
                Some(character) if is_disallowed(character) => self.disallowed(),
                Some(character) => self.at += character.len_utf8(),
            }
        }
    }

    /// A `\` with the rest of its line.
    fn continuation(&mut self) -> bool {
        let backslash = self.at;
        self.at += 1;
        loop {
            let before = self.at;
            while class(self.peek()) & BLANK != 0 {
                self.at += 1;
            }
            if self.peek() == b'/' && self.byte(self.at + 1) == b'*' {
                self.block_comment();
            } else if class(self.peek()) & (HIGH | CONTROL) != 0 {
                self.odd_space();
            }
            if self.at == before {
                break;
            }
        }
        if !self.is_at_end() && (self.peek() == b';' || !self.terminator()) {
            self.report(messages::stray_backslash(self.span(backslash, backslash + 1)));
        }
        self.fresh = false;
        true
    }

    /// The length of the line break here, if there is one.
    pub(super) fn line_break_length(&self) -> usize {
        self.text.get(self.at..).map_or(0, line_break_length)
    }
}
