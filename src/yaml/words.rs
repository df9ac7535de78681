//! The words for what is not YAML.
//!
//! The parser names what its grammar expected, in words of the grammar and at the place where it noticed. Here that becomes
//! what a person sees: the bracket that is open, the quote that is missing, the line that is indented otherwise.

use std::ops::Range;

/// What is wrong with a text, where, and how it is mended.
pub(super) struct Explained {
    /// In bytes; the parser's own place where it is none.
    pub range: Option<Range<usize>>,
    pub message: String,
    pub help: String,
    /// The bracket that is open.
    pub opened: Option<usize>,
}

fn said(message: impl Into<String>, help: impl Into<String>) -> Explained {
    Explained { range: None, message: message.into(), help: help.into(), opened: None }
}

/// Puts an error of the parser into plain words; `at` is the byte where it noticed.
pub(super) fn explain(info: &str, text: &str, at: usize) -> Explained {
    let found = text[at..].chars().next().unwrap_or(' ');
    let has = |part: &str| info.contains(part);
    if has("tab") {
        return said("a tab stands where blanks have to", "indent with blanks, two for each level");
    }
    if has("unknown escape") || has("escape") && has("quoted") {
        return said(
            "a `\\` in this text is followed by a letter that means nothing",
            "write `\\\\` for a `\\`, or put the text into single quotes",
        );
    }
    if has("quoted scalar") && has("end of stream") {
        return said("the quote that opens here is never closed", "close it, on the same line where one line is meant");
    }
    if has("trailing content") && has("scalar") {
        return said(
            "text stands behind the closing quote",
            "put the whole text in quotes; a quote inside is `''` in single quotes and `\\\"` in double quotes",
        );
    }
    if has("misplaced bracket") {
        return said(format!("`{found}` closes nothing"), "remove it; text with brackets stands in quotes");
    }
    if let Some((opened, bracket)) = open_bracket(&text[..at]) {
        let closing = if bracket == '[' { ']' } else { '}' };
        let help = format!("close it with `{closing}`, or put `,` between what stands in it");
        return Explained { opened: Some(opened), ..said(format!("the `{bracket}` is not closed before this"), help) };
    }
    if has("mapping values are not allowed") || has("':' indicator") {
        let line = line_of(text, at);
        return if text[line.start..at].contains(": ") {
            said("a second `: ` stands on this line", "put the text with the `:` in quotes")
        } else {
            Explained {
                range: Some(line),
                ..said(
                    "this line is indented deeper than the one above it, which has its value already",
                    "indent it as the line above",
                )
            }
        };
    }
    if has("simple key") || has("could not find expected ':'") {
        let range = without_colon(text, at);
        return Explained {
            range,
            ..said("this line of a map has no `:`", "write `key: value`; what is below `key:` is indented")
        };
    }
    if has("unexpected character") || has("cannot start any token") {
        return said(format!("`{found}` cannot begin a value"), "put the text in quotes");
    }
    if has("unknown anchor") {
        return said(
            "`*` refers to an anchor, and anchors are not read here",
            "write the value out; text that begins with `*` stands in quotes",
        );
    }
    if has("scanning a tag") {
        return said("`!` begins a tag, and this is none", "put text that begins with `!` in quotes");
    }
    if has("document end") {
        return said("something stands behind `...`, which ends a document", "begin the next document with `---`");
    }
    if has("'-' indicator") {
        return Explained {
            range: Some(line_of(text, at)),
            ..said(
                "this line is no item of the list above it",
                "begin it with `- `, or indent it as the key that the list belongs to",
            )
        };
    }
    if has("\"-\" is only valid") {
        return said("a list cannot begin here", "begin it on a line of its own, below its key");
    }
    if has("expected key") {
        return said(
            "this does not go on with the map above it",
            "indent it as the other keys; text that goes on behind a bracket stands in quotes as a whole",
        );
    }
    said("it cannot be read from here on", "compare the indentation, quotes and brackets with those of the lines above")
}

/// The last bracket that is open at the end of a text, by the quotes and comments of YAML.
fn open_bracket(text: &str) -> Option<(usize, char)> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut quote = None;
    let mut before = '\n';
    for (at, letter) in text.char_indices() {
        if let Some(sign) = quote {
            let ends = if sign == '#' { letter == '\n' } else { letter == sign && (sign != '"' || before != '\\') };
            quote = quote.filter(|_| !ends);
        } else {
            match letter {
                '#' if before.is_whitespace() => quote = Some('#'),
                // A quote that is doubled in a text closes it and opens it again.
                '"' | '\'' if before.is_whitespace() || "[{,:'".contains(before) => quote = Some(letter),
                // Inside a plain text a bracket is a letter.
                '[' | '{' if !open.is_empty() || before.is_whitespace() || "[{,".contains(before) => {
                    open.push((at, letter));
                }
                ']' | '}' => drop(open.pop()),
                _ => {}
            }
        }
        before = letter;
    }
    open.pop()
}

/// The text of the line of a place, without the white space around it.
fn line_of(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |before| before + 1);
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    let line = &text[start..end];
    let indent = line.len() - line.trim_start().len();
    start + indent..start + indent.max(line.trim_end().len())
}

/// The nearest line up to a place that is a key without its `:`.
fn without_colon(text: &str, at: usize) -> Option<Range<usize>> {
    let mut place = at;
    for _ in 0..3 {
        let line = line_of(text, place);
        let written = &text[line.clone()];
        if !written.is_empty() && !written.contains(':') && !written.starts_with(['#', '-']) {
            return Some(line);
        }
        place = text[..place].rfind('\n')?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_bracket_is_found_and_one_in_a_text_is_not() {
        assert_eq!(open_bracket("a: {b: c"), Some((3, '{')));
        assert_eq!(open_bracket("a: [1, {b: c}, "), Some((3, '[')));
        for closed in ["a: {b: c}", "a: \"[\"", "a: x[1", "# [\na: 1", "a: 'it''s ['"] {
            assert_eq!(open_bracket(closed), None, "{closed}");
        }
    }

    #[test]
    fn the_key_without_its_colon_is_the_nearest() {
        let text = "kind: A\nmetadata\n  name: a\n";
        assert_eq!(without_colon(text, text.len() - 2), Some(8..16));
    }
}
