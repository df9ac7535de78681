//! From a string as it was written to the text it means: quotes, escapes, and the indentation of several lines.
//!
//! Everything is handed on in chunks, each with the part of the source it came from; so the same walk gives the text
//! and the way back from a place in the text to the place in the file.

use std::borrow::Cow;
use std::ops::Range;

use super::chars::{is_line_break, is_space};

/// How a name or a value was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Bare,
    Quoted,
    /// Quoted and with escapes, or broken in a way that needs the slow walk.
    Escaped,
    Raw,
    Lines,
    RawLines,
    /// A string of any form whose end is missing.
    Unclosed,
    Number,
    Keyword,
}

/// What stands behind a `\` in a string; the lengths count the bytes behind the `\`.
pub(super) enum Escape {
    Character(char, usize),
    /// White space that is not part of the text.
    Nothing(usize),
    Unknown(usize),
}

/// What is wrong with a string of several lines; the ranges are relative to its start.
pub(super) enum LinesFault {
    ClosingNotAlone(Range<usize>),
    Indentation { first: Range<usize>, more: usize },
}

/// The text that is meant.
pub(super) fn resolve(raw: &str, form: Form) -> Cow<'_, str> {
    if let Some(content) = plain_content(raw, form) {
        return Cow::Borrowed(&raw[content]);
    }
    let mut text = String::with_capacity(raw.len());
    chunks(raw, form, &mut |_, chunk| text.push_str(chunk));
    Cow::Owned(text)
}

/// The part of the source that is the text, letter by letter; nothing where it has to be worked out.
pub(super) fn plain_content(raw: &str, form: Form) -> Option<Range<usize>> {
    match form {
        Form::Bare | Form::Number | Form::Keyword => Some(0..raw.len()),
        Form::Quoted | Form::Raw => Some(content(raw, true)),
        Form::Escaped | Form::Lines | Form::RawLines | Form::Unclosed => None,
    }
}

/// The part of the source that a part of the text came from.
pub(super) fn place_of(raw: &str, form: Form, part: Range<usize>) -> Range<usize> {
    if let Some(content) = plain_content(raw, form) {
        return (content.start + part.start).min(content.end)..(content.start + part.end).min(content.end);
    }
    let (mut start, mut end) = (None, None);
    let mut passed = 0;
    let mut last = content(raw, form != Form::Unclosed).end;
    chunks(raw, form, &mut |source, chunk| {
        let literal = source.len() == chunk.len();
        let here = passed..passed + chunk.len();
        if start.is_none() && part.start < here.end {
            start = Some(if literal { source.start + (part.start - here.start) } else { source.start });
        }
        if end.is_none() && part.end <= here.end {
            end = Some(if literal { source.start + part.end.saturating_sub(here.start) } else { source.end });
        }
        passed = here.end;
        last = source.end;
    });
    let start = start.unwrap_or(last);
    start..end.unwrap_or(last).max(start)
}

/// Reads what stands behind a `\`.
pub(super) fn escape(rest: &str) -> Escape {
    let mut characters = rest.chars();
    let simple = match characters.next() {
        None => return Escape::Unknown(0),
        Some('n') => '\n',
        Some('r') => '\r',
        Some('t') => '\t',
        Some('b') => '\u{8}',
        Some('f') => '\u{c}',
        Some('s') => ' ',
        Some(same @ ('"' | '\\')) => same,
        Some('u') => return unicode_escape(rest),
        Some(first) if is_space(first) || is_line_break(first) => {
            let blank = rest.find(|character| !is_space(character) && !is_line_break(character));
            return Escape::Nothing(blank.unwrap_or(rest.len()));
        }
        Some(other) => return Escape::Unknown(other.len_utf8()),
    };
    Escape::Character(simple, 1)
}

fn unicode_escape(rest: &str) -> Escape {
    let Some(inner) = rest.strip_prefix("u{") else { return Escape::Unknown(1) };
    let digits = inner.bytes().take_while(u8::is_ascii_hexdigit).count();
    if inner.as_bytes().get(digits) != Some(&b'}') {
        return Escape::Unknown(2 + digits);
    }
    let whole = digits + 3;
    if !(1..=6).contains(&digits) {
        return Escape::Unknown(whole);
    }
    match u32::from_str_radix(&inner[..digits], 16).ok().and_then(char::from_u32) {
        Some(character) => Escape::Character(character, whole),
        None => Escape::Unknown(whole),
    }
}

/// What is wrong with the indentation of a string of several lines.
pub(super) fn lines_fault(raw: &str, form: Form) -> Option<LinesFault> {
    let (lines, body) = lines(raw, form);
    let (closing, lines) = lines.split_last()?;
    if let Some(segment) = closing.iter().find(|segment| !raw[(*segment).clone()].chars().all(is_space)) {
        return Some(LinesFault::ClosingNotAlone(segment.start..body.end));
    }
    let prefix: String = closing.iter().map(|segment| &raw[segment.clone()]).collect();
    let mut wrong = lines.iter().filter(|line| !is_blank(raw, line) && without_prefix(raw, line, &prefix).is_none());
    let first = wrong.next()?;
    let start = first.first().map_or(body.start, |segment| segment.start);
    let end = first.last().map_or(start, |segment| segment.end);
    Some(LinesFault::Indentation { first: start..end, more: wrong.count() })
}

/// The quotes of a string of several lines.
const TRIPLE: &str = "\"\"\"";

/// The part between the quotes.
fn content(raw: &str, closed: bool) -> Range<usize> {
    let hashes = raw.bytes().take_while(|byte| *byte == b'#').count();
    let end = if closed { raw.len().saturating_sub(hashes) } else { raw.len() };
    let inner = raw.get(hashes..end).unwrap_or_default();
    // What begins with three quotes and ends with one was mended by the parser and is a string of one line.
    let is_triple =
        inner.starts_with(TRIPLE) && (!closed || inner.len() >= 2 * TRIPLE.len() && inner.ends_with(TRIPLE));
    let quotes = if is_triple { TRIPLE.len() } else { 1 };
    let delimiter = hashes + quotes;
    let start = delimiter.min(raw.len());
    let end = if closed { raw.len().saturating_sub(delimiter) } else { raw.len() };
    start..end.max(start)
}

fn chunks(raw: &str, form: Form, emit: &mut dyn FnMut(Range<usize>, &str)) {
    match form {
        Form::Bare | Form::Number | Form::Keyword => emit(0..raw.len(), raw),
        Form::Quoted | Form::Raw => {
            let content = content(raw, true);
            emit(content.clone(), &raw[content]);
        }
        Form::Escaped => unescape(raw, content(raw, true), emit),
        Form::Unclosed if raw.starts_with('#') => {
            let content = content(raw, false);
            emit(content.clone(), &raw[content]);
        }
        Form::Unclosed => unescape(raw, content(raw, false), emit),
        Form::Lines | Form::RawLines => dedent(raw, form, emit),
    }
}

fn unescape(raw: &str, range: Range<usize>, emit: &mut dyn FnMut(Range<usize>, &str)) {
    let mut from = range.start;
    while let Some(found) = raw[from..range.end].find('\\') {
        let at = from + found;
        emit(from..at, &raw[from..at]);
        match escape(&raw[at + 1..range.end]) {
            Escape::Character(character, length) => {
                from = at + 1 + length;
                emit(at..from, character.encode_utf8(&mut [0; 4]));
            }
            Escape::Nothing(length) => from = at + 1 + length,
            // Already reported; kept as it stands, which is most likely what was meant.
            Escape::Unknown(length) => {
                from = at + 1 + length;
                emit(at..from, &raw[at..from]);
            }
        }
    }
    emit(from..range.end, &raw[from..range.end]);
}

fn dedent(raw: &str, form: Form, emit: &mut dyn FnMut(Range<usize>, &str)) {
    let (lines, _) = lines(raw, form);
    let Some((closing, lines)) = lines.split_last() else { return };
    let prefix: String = closing.iter().map(|segment| &raw[segment.clone()]).collect();
    for (number, line) in lines.iter().enumerate() {
        if number > 0 {
            let before = lines[number - 1].last().map_or(0, |segment| segment.end);
            let after = line.first().map_or(before, |segment| segment.start);
            emit(before..after, "\n");
        }
        if is_blank(raw, line) {
            continue;
        }
        let whole = || line.clone();
        for segment in without_prefix(raw, line, &prefix).unwrap_or_else(whole) {
            if form == Form::RawLines {
                emit(segment.clone(), &raw[segment]);
            } else {
                unescape(raw, segment, emit);
            }
        }
    }
}

/// A line: the parts of the source it consists of once escaped white space is gone.
type Line = Vec<Range<usize>>;

/// The lines between the line break behind the opening quotes and the closing quotes.
fn lines(raw: &str, form: Form) -> (Vec<Line>, Range<usize>) {
    let mut body = content(raw, true);
    body.start += line_break_length(&raw[body.clone()]);
    let mut lines = Vec::new();
    let mut line = Vec::new();
    let mut from = body.start;
    let mut at = body.start;
    while at < body.end {
        let rest = &raw[at..body.end];
        let breaks = line_break_length(rest);
        if breaks > 0 {
            line.push(from..at);
            lines.push(std::mem::take(&mut line));
            at += breaks;
            from = at;
        } else if form == Form::Lines && rest.starts_with('\\') {
            match escape(&rest[1..]) {
                Escape::Nothing(length) => {
                    line.push(from..at);
                    at += 1 + length;
                    from = at;
                }
                Escape::Character(_, length) | Escape::Unknown(length) => at += 1 + length,
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    line.push(from..body.end.max(from));
    lines.push(line);
    (lines, body)
}

fn is_blank(raw: &str, line: &[Range<usize>]) -> bool {
    line.iter().all(|segment| raw[segment.clone()].chars().all(is_space))
}

/// The line behind the prefix; nothing where it does not begin with it.
fn without_prefix(raw: &str, line: &[Range<usize>], prefix: &str) -> Option<Line> {
    let mut prefix = prefix;
    let mut rest = Vec::with_capacity(line.len());
    for segment in line {
        let text = &raw[segment.clone()];
        let common = prefix.len().min(text.len());
        if !prefix.as_bytes().starts_with(&text.as_bytes()[..common]) {
            return None;
        }
        prefix = &prefix[common..];
        rest.push(segment.start + common..segment.end);
    }
    prefix.is_empty().then_some(rest)
}

/// The bytes of the line break a text begins with.
pub(super) fn line_break_length(text: &str) -> usize {
    if text.starts_with("\r\n") {
        return 2;
    }
    text.chars().next().filter(|character| is_line_break(*character)).map_or(0, char::len_utf8)
}
