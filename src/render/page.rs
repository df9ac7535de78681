//! The pages of `stadtplan explain`, and the list of all codes, for a terminal.
//!
//! Pages are Markdown of few forms: headings, paragraphs, lists, fenced blocks, words between backticks, stars or
//! underscores. Running text is wrapped; a fenced block stays as it is, indented.

use super::paint::{Canvas, Role, paint, wrap};
use std::borrow::Cow;

use crate::diagnostic::{Code, Level};

/// Text wider than this is tiring to read, however wide the terminal is.
const WIDEST: usize = 88;

/// The page of a code.
pub fn page(code: &Code, canvas: &Canvas) -> String {
    let width = canvas.width.min(WIDEST);
    let mut text = String::new();
    let mut paragraph = String::new();
    let mut in_block = false;
    for line in code.page.lines().skip(1).chain([""]) {
        let starts_item = line.starts_with("- ");
        let ends_paragraph =
            in_block || line.is_empty() || line.starts_with(['#', '`']) && is_special(line) || starts_item;
        if ends_paragraph && !paragraph.is_empty() {
            text.push_str(&running(&paragraph, width, canvas));
            paragraph.clear();
        }
        if line.starts_with("```") {
            in_block = !in_block;
        } else if in_block {
            text.push_str(block_line(&in_words(line), canvas).trim_end());
            text.push('\n');
        } else if let Some(heading) = line.strip_prefix("## ") {
            text.push_str(&paint(canvas, Role::Strong, heading));
            text.push('\n');
        } else if line.is_empty() {
            text.push('\n');
        } else {
            paragraph.push_str(line);
            paragraph.push(' ');
        }
    }
    format!("{}\n\n{}\n", headline(code, canvas), text.trim())
}

/// What the tests of the pages read from a line, for people: which file begins here, and on which day it is judged.
fn in_words(line: &str) -> Cow<'_, str> {
    if let Some(path) = line.strip_prefix("//- ") {
        return format!("\n// the file `{path}`").into();
    }
    line.strip_prefix("// today: ").map_or(line.into(), |day| format!("// with `--today {day}`").into())
}

fn is_special(line: &str) -> bool {
    line.starts_with("## ") || line.starts_with("```")
}

/// `error[code]: summary`, as the finding itself is headed.
fn headline(code: &Code, canvas: &Canvas) -> String {
    let (role, word) = weight(code.level);
    let head = paint(canvas, role, &format!("{word}[{}]", code.name));
    format!("{head}{}", paint(canvas, Role::Strong, &format!(": {}", code.summary)))
}

fn weight(level: Level) -> (Role, &'static str) {
    match level {
        Level::Deny => (Role::Error, "error"),
        Level::Warn => (Role::Warning, "warning"),
        Level::Allow => (Role::Faint, "allowed"),
    }
}

/// A paragraph or an item of a list, wrapped, its literals coloured.
fn running(paragraph: &str, width: usize, canvas: &Canvas) -> String {
    let (first, indent, words) = match paragraph.strip_prefix("- ") {
        Some(item) => (if canvas.unicode { "  • " } else { "  - " }, "    ", item),
        None => ("  ", "  ", paragraph),
    };
    // A literal may stand across two lines, so the colour is put on after the text is wrapped, line by line.
    let mut literal = false;
    let mut text = String::new();
    for (at, line) in wrap(words, width.saturating_sub(indent.len()).max(20)).iter().enumerate() {
        text.push_str(if at == 0 { first } else { indent });
        text.push_str(&literals(line, &mut literal, canvas));
        text.push('\n');
    }
    text
}

/// A line with what stands between backticks coloured; without colour the backticks stay.
fn literals(line: &str, literal: &mut bool, canvas: &Canvas) -> String {
    if !canvas.colour {
        return line.to_owned();
    }
    let mut text = String::new();
    for (at, part) in line.split('`').enumerate() {
        *literal ^= at > 0;
        text.push_str(&if *literal && !part.is_empty() { paint(canvas, Role::Literal, part) } else { part.to_owned() });
    }
    text
}

/// A line of an example; comments and the lines that begin a file step back.
fn block_line(line: &str, canvas: &Canvas) -> String {
    let role = match line.trim_start() {
        comment if comment.starts_with("//") => Some(Role::Faint),
        prompt if prompt.starts_with("$ ") => Some(Role::Strong),
        _ => None,
    };
    format!("    {}", role.map_or_else(|| line.to_owned(), |role| paint(canvas, role, line)))
}

/// Every code with its one line, aligned.
pub fn code_list(codes: &[&Code], canvas: &Canvas) -> String {
    let widest = codes.iter().map(|code| code.name.len()).max().unwrap_or_default();
    let mut text = String::new();
    for code in codes {
        let (role, _) = weight(code.level);
        let gap = " ".repeat(widest - code.name.len());
        text.extend([&paint(canvas, role, code.name), &gap, "  ", code.summary, "\n"]);
    }
    text
}
