//! The drawn places of a finding: miette draws them, from a source that knows where its lines start.
//!
//! miette's own sources are scanned from the first byte for every label, and count lines so that two far places become
//! one excerpt of a thousand lines; [`Lines`] looks a line up and answers truly. The places of one file are drawn
//! together, those of other files below, each with its own frame. A line too long for a terminal is cut around the
//! place, and what a terminal would obey is made visible.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use miette::{
    GraphicalReportHandler, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents,
};

use super::paint::{Canvas, Role, one_line, paint, printable, theme};
use crate::diagnostic::{Diagnostic, codes};
use crate::source::{FileId, SourceFile, Sources, Span};

/// A line of more bytes than this is cut around the place that is pointed at.
const LONGEST_LINE: usize = 240;

/// What is left of a cut line before and after the place, and of the place itself, in characters.
const AROUND: usize = 40;

/// The places of findings in the sources of one compile; remembers each file's printable text.
pub(super) struct Excerpts<'s> {
    sources: &'s Sources,
    texts: BTreeMap<FileId, Cow<'s, str>>,
}

/// A place to point at in one file.
struct Mark<'d> {
    range: std::ops::Range<usize>,
    text: &'d str,
    role: Role,
}

impl<'s> Excerpts<'s> {
    pub(super) fn new(sources: &'s Sources) -> Self {
        Excerpts { sources, texts: BTreeMap::new() }
    }

    /// Draws the place of a finding and the other places that belong to it.
    pub(super) fn draw(&mut self, text: &mut String, diagnostic: &Diagnostic, role: Role, canvas: &Canvas) {
        let mut marks: Vec<(Span, &str, Role)> = vec![(diagnostic.span, &diagnostic.label, role)];
        marks.extend(diagnostic.others.iter().map(|label| (label.span, label.text.as_str(), Role::Other)));
        let mut files: Vec<FileId> = Vec::new();
        for (span, ..) in &marks {
            if !files.contains(&span.file) {
                files.push(span.file);
            }
        }
        for id in files {
            let file = self.sources.file(id);
            let of_file: Vec<Mark<'_>> = marks
                .iter()
                .filter(|(span, ..)| span.file == id)
                .map(|(span, text, role)| Mark { range: place(file, *span), text, role: *role })
                .collect();
            let shown = self.texts.entry(id).or_insert_with(|| printable(&file.text));
            let covered = (diagnostic.code == &codes::PLAIN_SECRET && diagnostic.span.file == id)
                .then(|| cover(shown, diagnostic.span));
            draw_file(text, &Lines { file, text: covered.as_deref().unwrap_or(shown) }, of_file, canvas);
        }
    }
}

/// The text with a place in it blackened: a log has more readers than a repository.
fn cover(text: &str, span: Span) -> String {
    let start = text.floor_char_boundary(span.start as usize);
    let end = text.ceil_char_boundary((span.end as usize).min(text.len())).max(start);
    // As many bytes as before, so that all places stay where they are.
    let blackened = text[start..end].bytes().map(|byte| if byte == b'\n' { '\n' } else { '*' });
    text[..start].chars().chain(blackened).chain(text[end..].chars()).collect()
}

/// The bytes to point at: inside the file, on characters, at the end of a line rather than after the last one. A block
/// is pointed at by its first line, which says what it is.
fn place(file: &SourceFile, span: Span) -> std::ops::Range<usize> {
    let text = &file.text;
    let mut start = text.floor_char_boundary(span.start as usize);
    let mut end = text.ceil_char_boundary((span.end as usize).min(text.len())).max(start);
    if start == text.len() {
        start = text.trim_end_matches(['\n', '\r']).len();
        end = start;
    }
    end = end.min(line_end(file, file.position(at(start)).line)).max(start);
    start..end
}

fn draw_file(text: &mut String, lines: &Lines<'_>, mut marks: Vec<Mark<'_>>, canvas: &Canvas) {
    if let [only] = marks.as_slice()
        && only.range == (0..0)
        && only.text.is_empty()
    {
        about_file(text, lines.file, canvas);
        return;
    }
    marks.sort_by_key(|mark| mark.range.start);
    let (long, short): (Vec<_>, Vec<_>) = marks.into_iter().partition(|mark| lines.is_long_at(&mark.range));
    for group in groups(lines, short) {
        draw_marks(text, lines, &group, canvas);
    }
    for mark in long {
        let cut = Cut::around(lines, &mark.range);
        let mark = Mark { range: cut.range.clone(), ..mark };
        draw_marks(text, &cut, &[mark], canvas);
    }
}

/// Places that are drawn in one frame, the frame of the finding itself first.
fn groups<'d>(lines: &Lines<'_>, marks: Vec<Mark<'d>>) -> Vec<Vec<Mark<'d>>> {
    let mut groups: Vec<Vec<Mark<'d>>> = Vec::new();
    let mut reached = 0;
    for mark in marks {
        let (first, last) = lines.around(&mark.range, 1, 1);
        match groups.last_mut() {
            Some(group) if first <= reached + 1 => group.push(mark),
            _ => groups.push(vec![mark]),
        }
        reached = reached.max(last);
    }
    groups.sort_by_key(|group| group.iter().all(|mark| mark.role == Role::Other));
    groups
}

/// A finding about a file as a whole has nothing to draw but its name.
fn about_file(text: &mut String, file: &SourceFile, canvas: &Canvas) {
    let (corner, bar) = if canvas.unicode { ("╰", "─") } else { ("`", "-") };
    let path = paint(canvas, Role::Path, &one_line(&file.path));
    text.extend(["  ", corner, bar, "[", &path, "]\n"]);
}

fn draw_marks(text: &mut String, source: &dyn SourceCode, marks: &[Mark<'_>], canvas: &Canvas) {
    let roles: Vec<Role> = marks.iter().map(|mark| mark.role).collect();
    let labels = marks.iter().map(|mark| {
        let label = (!mark.text.is_empty()).then(|| one_line(mark.text));
        let span = SourceSpan::from((mark.range.start, mark.range.len()));
        if mark.role == Role::Other {
            LabeledSpan::new_with_span(label, span)
        } else {
            LabeledSpan::new_primary_with_span(label, span)
        }
    });
    let picture = Picture { source, labels: labels.collect() };
    let handler = GraphicalReportHandler::new_themed(theme(canvas, &roles))
        .with_width(canvas.width)
        .with_links(false)
        .without_syntax_highlighting()
        .tab_width(4);
    let mut drawn = String::new();
    if handler.render_report(&mut drawn, &picture).is_err() {
        return;
    }
    // miette begins with the message; ours is written already, so its own is empty and this line goes.
    for line in drawn.lines().skip(1) {
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

/// What miette sees of a finding: places, and no words.
struct Picture<'p> {
    source: &'p dyn SourceCode,
    labels: Vec<LabeledSpan>,
}

impl fmt::Debug for Picture<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Picture").field("labels", &self.labels).finish_non_exhaustive()
    }
}

impl fmt::Display for Picture<'_> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Picture<'_> {}

impl miette::Diagnostic for Picture<'_> {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

/// A file as a source of miette; `text` is the file's, printable, and of the same length.
struct Lines<'f> {
    file: &'f SourceFile,
    text: &'f str,
}

impl Lines<'_> {
    /// The lines that are read for a place: those it stands in and one on each side, but no blank ones at the edges.
    fn around(&self, range: &std::ops::Range<usize>, before: usize, after: usize) -> (usize, usize) {
        let start = self.file.position(at(range.start)).line;
        let end = self.file.position(at(range.end.saturating_sub(1).max(range.start))).line;
        let blank = |line: usize| self.file.line(line).trim().is_empty();
        let mut first = start.saturating_sub(before).max(1);
        while first < start && blank(first) {
            first += 1;
        }
        let mut last = (end + after).min(self.file.line_starts().len());
        while last > end && blank(last) {
            last -= 1;
        }
        (first, last)
    }

    fn is_long_at(&self, range: &std::ops::Range<usize>) -> bool {
        let (first, last) = self.around(range, 1, 1);
        (first..=last).any(|line| self.file.line(line).len() > LONGEST_LINE)
    }
}

impl SourceCode for Lines<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let range = span.offset()..span.offset() + span.len();
        let place = self.file.position(at(range.start));
        let (first, last) = self.around(&range, before, after);
        let (read, line, column) = if before == 0 && after == 0 {
            (range, place.line - 1, place.column - 1)
        } else {
            let start = self.file.line_starts()[first - 1] as usize;
            let end = self.file.line_starts().get(last).map_or(self.text.len(), |next| *next as usize);
            (start..end, first - 1, 0)
        };
        contents(&self.file.path, self.text, read, (line, column), last + 1 - first)
    }
}

/// One line too long to draw, cut around a place.
struct Cut<'f> {
    path: &'f str,
    text: String,
    /// The place in the text of the cut.
    range: std::ops::Range<usize>,
    line: usize,
    column: usize,
}

impl<'f> Cut<'f> {
    fn around(lines: &Lines<'f>, range: &std::ops::Range<usize>) -> Self {
        let place = lines.file.position(at(range.start));
        let start_of_line = lines.file.line_starts()[place.line - 1] as usize;
        let end_of_line = line_end(lines.file, place.line).max(range.start);
        let end = range.end.clamp(range.start, end_of_line);
        let before = &lines.text[start_of_line..range.start];
        let inside = &lines.text[range.start..end];
        let after = &lines.text[end..end_of_line];

        let kept_before = before.char_indices().rev().take(AROUND).last().map_or(before.len(), |(at, _)| at);
        let kept = |text: &str| text.char_indices().nth(AROUND).map_or(text.len(), |(at, _)| at);
        let mut text = String::new();
        text.push_str(if kept_before > 0 { "…" } else { "" });
        text.push_str(&before[kept_before..]);
        let start = text.len();
        text.push_str(&inside[..kept(inside)]);
        text.push_str(if kept(inside) < inside.len() { "…" } else { "" });
        let end = text.len();
        text.push_str(&after[..kept(after)]);
        text.push_str(if kept(after) < after.len() { "…" } else { "" });
        Cut { path: &lines.file.path, text, range: start..end, line: place.line - 1, column: place.column - 1 }
    }
}

impl SourceCode for Cut<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let exact = before == 0 && after == 0;
        let read = if exact { span.offset()..span.offset() + span.len() } else { 0..self.text.len() };
        contents(self.path, &self.text, read, (self.line, if exact { self.column } else { 0 }), 1)
    }
}

/// A part of a text as miette takes it; `place` is the line and column at which it begins.
fn contents<'a>(
    name: &str,
    text: &'a str,
    read: std::ops::Range<usize>,
    place: (usize, usize),
    lines: usize,
) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
    let data = text.as_bytes().get(read.clone()).ok_or(MietteError::OutOfBounds)?;
    let span = (read.start, read.len()).into();
    Ok(Box::new(MietteSpanContents::new_named(name.to_owned(), data, span, place.0, place.1, lines)))
}

/// The end of a line, without its break.
fn line_end(file: &SourceFile, line: usize) -> usize {
    file.line_starts().get(line - 1).map_or(file.text.len(), |start| *start as usize) + file.line(line).len()
}

/// Offsets in [`SourceFile`] are 32 bits wide, and a file is smaller than that.
fn at(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
