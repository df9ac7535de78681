//! The way out of a finding as text: what it says, and what the changed text would look like.
//!
//! A change of a few characters says little by itself, so it is shown as the whole word it makes: not `"10Gi"` but
//! `memory="10Gi"`.

use crate::diagnostic::{Diagnostic, Fix};
use crate::source::{FileId, Sources};

/// The longest changed text that is shown inside a sentence.
const INLINE: usize = 72;

/// One way out: a sentence, and lines of text to write where they do not fit into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Advice {
    pub(super) sentence: String,
    pub(super) lines: Vec<String>,
}

/// The ways out of a finding, in the order in which they are shown.
pub(super) fn advice(diagnostic: &Diagnostic, sources: &Sources) -> Vec<Advice> {
    let mut list = Vec::new();
    if let Some(help) = &diagnostic.help {
        list.push(Advice { sentence: help.clone(), lines: Vec::new() });
    }
    if let Some(fix) = &diagnostic.fix
        && !diagnostic.help.as_deref().is_some_and(|help| says(help, fix))
    {
        list.push(changed(fix, sources));
    }
    list
}

/// Whether the help already names all that the change would write.
fn says(help: &str, fix: &Fix) -> bool {
    help == fix.title
        || help.starts_with(&format!("{};", fix.title))
        || fix.edits.iter().all(|edit| {
            let text = edit.text.trim().trim_matches('"');
            !text.is_empty() && help.contains(text)
        })
}

fn changed(fix: &Fix, sources: &Sources) -> Advice {
    let words = changed_words(fix, sources).unwrap_or_default();
    match words.as_slice() {
        [] => Advice { sentence: fix.title.clone(), lines: Vec::new() },
        // "write `x`" says no more than the word it makes.
        [one] if one.chars().count() <= INLINE && only_writes(&fix.title, one) => {
            Advice { sentence: format!("write `{one}`"), lines: Vec::new() }
        }
        [one] if one.chars().count() <= INLINE && !fix.title.contains(one.as_str()) => {
            Advice { sentence: format!("{}: `{one}`", fix.title), lines: Vec::new() }
        }
        [one] if fix.title.contains(one.as_str()) => Advice { sentence: fix.title.clone(), lines: Vec::new() },
        _ => Advice { sentence: fix.title.clone(), lines: words },
    }
}

/// Whether a title is no more than what is written: "write `x`" for a word with `x` in it.
fn only_writes(title: &str, word: &str) -> bool {
    let text = title.strip_prefix("write `").and_then(|rest| rest.strip_suffix('`'));
    text.is_some_and(|text| word.contains(text))
}

/// What stands in the lines of the change afterwards; reduced to the changed words where they are in one line.
fn changed_words(fix: &Fix, sources: &Sources) -> Option<Vec<String>> {
    let file = one_file(fix)?;
    if fix.edits.iter().all(|edit| edit.text.trim().is_empty()) {
        return None;
    }
    let source = sources.file(file);
    let mut edits: Vec<_> = fix.edits.iter().collect();
    edits.sort_by_key(|edit| edit.span);
    let first = edits.first()?.span.start;
    let last = edits.last()?.span.end;
    let starts = source.line_starts();
    let from = starts[source.position(first).line - 1] as usize;
    let to = starts.get(source.position(last).line).map_or(source.text.len(), |next| *next as usize);

    let mut text = String::new();
    let mut at = from;
    let mut touched = (usize::MAX, 0);
    for edit in edits {
        text.push_str(source.text.get(at..edit.span.start as usize)?);
        touched.0 = touched.0.min(text.len());
        text.push_str(&edit.text);
        // A line break at the end belongs to the place, not to the words.
        touched.1 = text.trim_end().len().max(touched.0);
        at = edit.span.end as usize;
    }
    text.push_str(source.text.get(at..to.max(at))?);
    let touched = touched.0..touched.1;
    if text.get(touched.clone())?.trim().contains('\n') {
        return Some(text.trim_end().lines().map(str::to_owned).collect());
    }
    Some(vec![word_around(&text, touched).to_owned()])
}

fn one_file(fix: &Fix) -> Option<FileId> {
    let file = fix.edits.first()?.span.file;
    fix.edits.iter().all(|edit| edit.span.file == file).then_some(file)
}

/// The range, widened to the end of the words it begins and ends in.
fn word_around(text: &str, range: std::ops::Range<usize>) -> &str {
    let ends = |character: char| character.is_whitespace() || matches!(character, ';' | '{' | '}');
    let start =
        text[..range.start].rfind(ends).map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    let end = text[range.end..].find(ends).map_or(text.len(), |at| range.end + at);
    text[start..end].trim()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::codes;
    use crate::source::Span;

    fn shown(text: &str, at: std::ops::Range<usize>, new: &str) -> Vec<String> {
        let mut sources = Sources::new();
        let file = sources.add("a.kdl", text);
        let span = Span::new(file, at.start, at.end);
        let diagnostic = Diagnostic::new(&codes::WRONG_KIND, span, "").fix("quote the value", span, new);
        advice(&diagnostic, &sources).into_iter().flat_map(|one| [vec![one.sentence], one.lines].concat()).collect()
    }

    #[test]
    fn a_change_is_shown_as_the_word_it_makes() {
        assert_eq!(shown("quota memory=10Gi cpu=1\n", 13..17, "\"10Gi\""), ["quote the value: `memory=\"10Gi\"`"]);
        assert_eq!(shown("a {\n  b x=1;c\n}\n", 8..11, "x=\"1\""), ["quote the value: `x=\"1\"`"]);
    }

    #[test]
    fn a_change_of_lines_is_shown_as_lines() {
        assert_eq!(shown("a\nb\n", 1..1, " {\n  c\n}"), ["quote the value", "a {", "  c", "}"]);
    }

    #[test]
    fn a_change_that_only_removes_is_its_title() {
        assert_eq!(shown("a b\n", 1..3, ""), ["quote the value"]);
    }
}
