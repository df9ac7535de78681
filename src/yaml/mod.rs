//! Reading YAML with places: templates, schemas and other facts that are written in Kubernetes' own notation.
//!
//! [`read`] gives every document as a tree in which each value knows its bytes, and all findings. It stands on
//! `saphyr-parser`, a parser of events with markers; `serde_yaml` gives no places (and its family is archived). Plain
//! scalars mean what Kubernetes' reader (`sigs.k8s.io/yaml`) takes them for; those that readers disagree about (`on`, `010`,
//! `1_000`) are refused with the quoted form as the fix. Anchors, aliases and merge keys are refused as well: they
//! are a second way to abstract, and a small file of them can grow without bound.

mod scalar;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, StrInput, Tag};

use crate::diagnostic::{Diagnostic, codes, twice};
use crate::source::{FileId, Span, Spanned};

/// Nesting beyond this is refused; no manifest comes near it.
const MAX_DEPTH: usize = 64;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Yaml {
    /// Its bytes; those of a block collection end with its last value.
    pub span: Span,
    pub kind: YamlKind,
    /// The tag as it is written: `!raw`. A tagged scalar is always a string.
    pub tag: Option<String>,
    content: Content,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub enum YamlKind {
    Null,
    Boolean(bool),
    Integer(i64),
    Float(f64),
    String {
        text: String,
        /// Neither quoted nor a block.
        plain: bool,
    },
    List(Vec<Yaml>),
    Map(Vec<(Yaml, Yaml)>),
}

/// How the text of a string lies in the file.
#[derive(Debug, Clone, PartialEq)]
enum Content {
    /// With escapes or folds: only the whole place is known.
    Rewritten,
    /// Byte by byte, in pieces: (offset in the text, offset in the file), ascending.
    Verbatim(Vec<(u32, u32)>),
}

impl Yaml {
    /// The value of a key, where this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Yaml> {
        self.as_map()?.iter().find(|(name, _)| name.as_str() == Some(key)).map(|(_, value)| value)
    }

    pub fn as_map(&self) -> Option<&[(Yaml, Yaml)]> {
        if let YamlKind::Map(entries) = &self.kind { Some(entries) } else { None }
    }

    pub fn as_list(&self) -> Option<&[Yaml]> {
        if let YamlKind::List(items) = &self.kind { Some(items) } else { None }
    }

    pub fn as_str(&self) -> Option<&str> {
        if let YamlKind::String { text, .. } = &self.kind { Some(text) } else { None }
    }

    pub fn as_boolean(&self) -> Option<bool> {
        if let YamlKind::Boolean(value) = self.kind { Some(value) } else { None }
    }

    pub fn as_integer(&self) -> Option<i64> {
        if let YamlKind::Integer(value) = self.kind { Some(value) } else { None }
    }

    /// The name of its kind in a message: "a list".
    pub fn describe(&self) -> &'static str {
        match self.kind {
            YamlKind::Null => "null",
            YamlKind::Boolean(_) => "a boolean",
            YamlKind::Integer(_) => "an integer",
            YamlKind::Float(_) => "a number",
            YamlKind::String { .. } => "a string",
            YamlKind::List(_) => "a list",
            YamlKind::Map(_) => "a map",
        }
    }

    /// The place of a part of a string's text; the whole string where escapes or folds stand between.
    pub fn content_span(&self, range: Range<usize>) -> Span {
        let Content::Verbatim(pieces) = &self.content else { return self.span };
        let place = |at: usize| {
            let piece = pieces.partition_point(|(text, _)| *text as usize <= at).checked_sub(1)?;
            let (text, file) = pieces[piece];
            Some(file as usize + (at - text as usize))
        };
        // The end belongs to the piece of the last byte, so that it never jumps into the next line's indentation.
        let end = if range.is_empty() { place(range.start) } else { place(range.end - 1).map(|last| last + 1) };
        // The last line break of a block may be missing in the file.
        let within = |at: usize| at.min(self.span.end as usize);
        match (place(range.start), end) {
            (Some(start), Some(end)) => Span::new(self.span.file, within(start), within(end)),
            _ => self.span,
        }
    }
}

/// Reads all documents of a text. After an error of syntax the documents before it are still given.
pub fn read(file: FileId, text: &str) -> (Vec<Yaml>, Vec<Diagnostic>) {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader {
        file,
        text,
        offsets: Offsets::new(body, text.len() - body.len()),
        parser: Parser::new_from_str(body),
        findings: Vec::new(),
    };
    let mut documents = Vec::new();
    if let Err(Stop(finding)) = reader.documents(&mut documents) {
        reader.findings.push(*finding);
    }
    (documents, reader.findings)
}

/// What ends the reading of a file.
struct Stop(Box<Diagnostic>);

struct Reader<'t> {
    file: FileId,
    text: &'t str,
    offsets: Offsets,
    parser: Parser<'t, StrInput<'t>>,
    findings: Vec<Diagnostic>,
}

impl<'t> Reader<'t> {
    fn documents(&mut self, documents: &mut Vec<Yaml>) -> Result<(), Stop> {
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(()),
                Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing => {}
                event => documents.push(self.value(event, span, 0)?),
            }
        }
    }

    fn next(&mut self) -> Result<(Event<'t>, Span), Stop> {
        match self.parser.next_event() {
            None => Ok((Event::StreamEnd, self.whole(self.text.len(), self.text.len()))),
            Some(Ok((event, span))) => {
                let (start, end) = (self.offsets.byte(span.start.index()), self.offsets.byte(span.end.index()));
                Ok((event, self.whole(start, end.max(start))))
            }
            Some(Err(error)) => Err(self.syntax_error(&error)),
        }
    }

    fn whole(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start, end)
    }

    fn syntax_error(&self, error: &ScanError) -> Stop {
        let at = self.offsets.byte(error.marker().index()).min(self.text.len());
        // One character wide, so that there is something to underline; nothing at the end of the file.
        let end = at + self.text[at..].chars().next().map_or(0, char::len_utf8);
        // The parser has a limit of its own for brackets, which it meets while it looks ahead.
        if error.info().contains("recursion limit") {
            return Stop(Box::new(too_deep(self.whole(at, end))));
        }
        let explained = words::explain(error.info(), self.text, at);
        let span = explained.range.map_or(self.whole(at, end), |range| self.whole(range.start, range.end));
        let message = format!("this is not YAML: {}", explained.message);
        let finding = Diagnostic::new(&codes::BAD_SYNTAX, span, message).help(explained.help);
        let opened = explained.opened.map(|at| self.whole(at, at + 1));
        Stop(Box::new(opened.into_iter().fold(finding, |finding, span| finding.also(span, "opened here"))))
    }

    fn value(&mut self, event: Event<'t>, span: Span, depth: usize) -> Result<Yaml, Stop> {
        if depth > MAX_DEPTH {
            return Err(Stop(Box::new(too_deep(span))));
        }
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_anchor(anchor, span);
                Ok(self.scalar(&text, style, tag.as_deref(), span))
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_anchor(anchor, span);
                self.list(tag.as_deref(), span, depth)
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_anchor(anchor, span);
                self.map(tag.as_deref(), span, depth)
            }
            Event::Alias(_) => {
                self.findings.push(anchors_refused(span));
                Ok(yaml(span, YamlKind::Null))
            }
            // The parser gives a value here or an error; an empty one keeps the reading total.
            _ => Ok(yaml(span, YamlKind::Null)),
        }
    }

    fn refuse_anchor(&mut self, anchor: usize, span: Span) {
        if anchor != 0 {
            self.findings.push(anchors_refused(span));
        }
    }

    fn list(&mut self, tag: Option<&Tag>, start: Span, depth: usize) -> Result<Yaml, Stop> {
        let mut items: Vec<Yaml> = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::SequenceEnd) {
                let end = collection_end(span, items.last());
                return Ok(Yaml { tag: tag.map(written), ..yaml(start.to(end), YamlKind::List(items)) });
            }
            items.push(self.value(event, span, depth + 1)?);
        }
    }

    fn map(&mut self, tag: Option<&Tag>, start: Span, depth: usize) -> Result<Yaml, Stop> {
        let mut entries: Vec<(Yaml, Yaml)> = Vec::new();
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::MappingEnd) {
                let end = collection_end(span, entries.last().map(|(_, value)| value));
                return Ok(Yaml { tag: tag.map(written), ..yaml(start.to(end), YamlKind::Map(entries)) });
            }
            let key = self.value(event, span, depth + 1)?;
            let (event, span) = self.next()?;
            let value = self.value(event, span, depth + 1)?;
            if matches!(&key.kind, YamlKind::String { text, plain: true } if text == "<<") {
                let message = "merge keys are not read here";
                self.findings
                    .push(Diagnostic::new(&codes::BAD_SYNTAX, key.span, message).help("write the merged entries out"));
                continue;
            }
            if let Some(name) = key_text(&key) {
                if let Some(first) = seen.get(&name) {
                    self.findings.push(twice("the key", *first, Spanned::new(&name, key.span)));
                    continue;
                }
                seen.insert(name, key.span);
            }
            entries.push((key, value));
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, tag: Option<&Tag>, span: Span) -> Yaml {
        let plain = style == ScalarStyle::Plain;
        let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let body = span;
        let span = if block { self.block(span) } else { span };
        let core_string = tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str");
        let tag = tag.filter(|_| !core_string).map(written);
        let kind = if plain && tag.is_none() && !core_string {
            match scalar::resolve(text) {
                Ok(kind) => kind,
                Err(fault) => {
                    let quoted = format!("\"{text}\"");
                    self.findings.push(
                        Diagnostic::new(&codes::BAD_SYNTAX, span, fault.message)
                            .here("readers of YAML disagree about this")
                            .help(format!("quote it: `{quoted}`"))
                            .fix("quote the value", span, quoted),
                    );
                    YamlKind::String { text: text.to_owned(), plain }
                }
            }
        } else {
            YamlKind::String { text: text.to_owned(), plain }
        };
        let content = match kind {
            YamlKind::String { .. } => self.content(text, style, body),
            _ => Content::Rewritten,
        };
        Yaml { span, kind, tag, content }
    }

    /// From the `|` or `>` to the last visible character; the parser reports the body alone.
    fn block(&self, body: Span) -> Span {
        let (start, end) = (body.start as usize, body.end as usize);
        let above = self.text[..start].rfind('\n').unwrap_or(0);
        let header_end = self.text[..above].trim_end().len();
        let header_start = self.text[..header_end].rfind('\n').map_or(0, |at| at + 1);
        let header = &self.text[header_start..header_end];
        let sign = header.match_indices(['|', '>']).find(|(at, _)| {
            let rest = header[at + 1..].trim_start_matches(|letter: char| matches!(letter, '+' | '-' | '1'..='9'));
            rest.trim_start().is_empty() || rest.trim_start().starts_with('#')
        });
        let Some((at, _)) = sign else { return body };
        self.whole(header_start + at, start.max(self.text[..end].trim_end().len()))
    }

    fn content(&self, text: &str, style: ScalarStyle, span: Span) -> Content {
        let written = self.text.get(span.range()).unwrap_or_default();
        let start = span.start as usize;
        match style {
            ScalarStyle::Plain if written == text => verbatim(start),
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted
                if written.len() >= 2 && written[1..].strip_suffix(['\'', '"']) == Some(text) =>
            {
                verbatim(start + 1)
            }
            ScalarStyle::Literal => self.lines(text, start).map_or(Content::Rewritten, Content::Verbatim),
            _ => Content::Rewritten,
        }
    }

    /// Where each line of a literal block stands: from the line of its body on, all indented alike.
    fn lines(&self, text: &str, body: usize) -> Option<Vec<(u32, u32)>> {
        let mut at = self.text[..body].rfind('\n').map_or(0, |line| line + 1);
        let mut pieces = Vec::new();
        let mut offset = 0;
        let mut indent = None;
        for line in text.split_inclusive('\n') {
            let source = self.text[at..].split_inclusive('\n').next()?;
            let content = line.trim_end_matches('\n');
            if !content.is_empty() {
                let indent = *indent.get_or_insert_with(|| source.find(content).unwrap_or(0));
                let found = source.get(indent..)?.trim_end_matches(['\n', '\r']);
                if found != content {
                    return None;
                }
                pieces.push((u32::try_from(offset).ok()?, u32::try_from(at + indent).ok()?));
            }
            offset += line.len();
            at += source.len();
        }
        (!pieces.is_empty()).then_some(pieces)
    }
}

fn yaml(span: Span, kind: YamlKind) -> Yaml {
    Yaml { span, kind, tag: None, content: Content::Rewritten }
}

fn verbatim(start: usize) -> Content {
    Content::Verbatim(vec![(0, u32::try_from(start).unwrap_or(u32::MAX))])
}

/// A flow collection ends with its bracket; a block has no end of its own, the parser reports the next token's place.
fn collection_end(reported: Span, last: Option<&Yaml>) -> Span {
    match last {
        Some(last) if reported.start == reported.end => last.span,
        _ => reported,
    }
}

fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::new(&codes::BAD_SYNTAX, span, format!("the YAML is nested deeper than {MAX_DEPTH} levels"))
}

fn anchors_refused(span: Span) -> Diagnostic {
    Diagnostic::new(&codes::BAD_SYNTAX, span, "anchors and aliases are not read here").help("write the value out")
}

fn written(tag: &Tag) -> String {
    if tag.is_yaml_core_schema() { format!("!!{}", tag.suffix) } else { tag.to_string() }
}

/// The key as Kubernetes' reader would spell it; `None` for lists and maps as keys.
fn key_text(key: &Yaml) -> Option<String> {
    match &key.kind {
        YamlKind::String { text, .. } => Some(text.clone()),
        YamlKind::Null => Some("null".to_owned()),
        YamlKind::Boolean(value) => Some(value.to_string()),
        YamlKind::Integer(value) => Some(value.to_string()),
        YamlKind::Float(value) => Some(value.to_string()),
        YamlKind::List(_) | YamlKind::Map(_) => None,
    }
}

/// From the parser's places, which count characters, to bytes.
struct Offsets {
    /// The byte of each character; empty for ASCII, where both counts agree.
    bytes: Vec<u32>,
    length: usize,
    /// The byte order mark that the parser did not see.
    skipped: usize,
}

impl Offsets {
    fn new(body: &str, skipped: usize) -> Self {
        let bytes = if body.is_ascii() {
            Vec::new()
        } else {
            body.char_indices().map(|(at, _)| u32::try_from(at).unwrap_or(u32::MAX)).collect()
        };
        Offsets { bytes, length: body.len(), skipped }
    }

    fn byte(&self, character: usize) -> usize {
        let at = if self.bytes.is_empty() {
            character.min(self.length)
        } else {
            self.bytes.get(character).map_or(self.length, |at| *at as usize)
        };
        at + self.skipped
    }
}
