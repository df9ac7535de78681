//! What the terminal can show, and the few colours there are.
//!
//! Colours are the sixteen of the terminal's own theme, never fixed values, so that a report is readable on any
//! background; without colour nothing is lost but the colour.

use std::borrow::Cow;

use miette::{GraphicalTheme, ThemeCharacters, ThemeStyles};
use owo_colors::{OwoColorize as _, Style};

use crate::diagnostic::Severity;

/// What the place that a report is shown in can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Canvas {
    /// The width at which running text is wrapped, in columns.
    pub width: usize,
    pub unicode: bool,
    pub colour: bool,
}

impl Canvas {
    /// A file or a pipe: no colour, plain characters.
    pub const PLAIN: Canvas = Canvas { width: 100, unicode: false, colour: false };
}

/// The role of a piece of text; what it looks like is decided in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Error,
    Warning,
    /// Another place that belongs to the finding.
    Other,
    /// The word before a note or a way out.
    Aside,
    Strong,
    /// Literal text in running text.
    Literal,
    Path,
    Faint,
}

impl From<Severity> for Role {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Error => Role::Error,
            Severity::Warning => Role::Warning,
        }
    }
}

/// The text in the colour of its role.
pub(super) fn paint(canvas: &Canvas, role: Role, text: &str) -> String {
    if canvas.colour { text.style(style(role)).to_string() } else { text.to_owned() }
}

fn style(role: Role) -> Style {
    match role {
        Role::Error => Style::new().red().bold(),
        Role::Warning => Style::new().yellow().bold(),
        Role::Other => Style::new().blue().bold(),
        Role::Aside | Role::Path => Style::new().cyan(),
        Role::Strong => Style::new().bold(),
        Role::Literal => Style::new().green(),
        Role::Faint => Style::new().dimmed(),
    }
}

/// The theme miette draws an excerpt with; `marks` are the roles of its labels in the order of their places.
pub(super) fn theme(canvas: &Canvas, marks: &[Role]) -> GraphicalTheme {
    let characters = if canvas.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
    let mut styles = ThemeStyles::none();
    if canvas.colour {
        styles.link = style(Role::Path);
        styles.linum = style(Role::Faint);
        styles.highlights = marks.iter().map(|role| style(*role)).collect();
    }
    GraphicalTheme { characters, styles }
}

/// Text from a user's file as it may be sent to a terminal: what would move the cursor, change the colours or turn
/// the direction of writing is replaced. The length in bytes stays, so that places stay true.
pub(super) fn printable(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte == b'\n' || byte == b'\t' || (0x20..0x7f).contains(&byte)) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let break_of_two = character == '\r' && characters.peek() == Some(&'\n');
        safe.push(match character {
            '\n' | '\t' => character,
            '\r' if break_of_two => character,
            '\0'..='\u{1f}' | '\u{7f}' => '?',
            '\u{80}'..='\u{9f}' => '¿',
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => '\u{fffd}',
            other => other,
        });
    }
    Cow::Owned(safe)
}

/// As [`printable`], on one line.
pub(super) fn one_line(text: &str) -> String {
    printable(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Running text in lines of at most `width` columns; a word that is longer stays whole. A line break in the text stays.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        // An indented line is a row of a table and stays as it is.
        if paragraph.starts_with(' ') {
            lines.push(paragraph.to_owned());
            continue;
        }
        let mut line = String::new();
        let mut columns = 0;
        for word in paragraph.split_whitespace() {
            let length = word.chars().count();
            if columns > 0 && columns + 1 + length > width {
                lines.push(std::mem::take(&mut line));
                columns = 0;
            }
            if columns > 0 {
                line.push(' ');
                columns += 1;
            }
            line.push_str(word);
            columns += length;
        }
        lines.push(line);
    }
    lines
}
