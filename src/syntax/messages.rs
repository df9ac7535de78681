//! The words for what is not KDL, each with the way out where there is one.
//!
//! The parser says what it saw and where; how that is put is decided here, so that all messages sound alike.

use super::scanner::Trouble;
use crate::diagnostic::{Diagnostic, codes, nearest};
use crate::source::Span;

/// What a scalar stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Value,
    NodeName,
    PropertyName,
    Annotation,
}

impl Role {
    fn describe(self) -> &'static str {
        match self {
            Role::Value => "a value",
            Role::NodeName => "the name of a node",
            Role::PropertyName => "the name of a property",
            Role::Annotation => "the name of a type",
        }
    }
}

fn finding(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(&codes::BAD_SYNTAX, span, message)
}

/// A piece of the text for a message: short, and without what would disturb a terminal.
pub(super) fn shown(raw: &str) -> String {
    const LONGEST: usize = 40;
    let mut shown: String = raw.chars().take(LONGEST).map(|it| if it.is_control() { '\u{fffd}' } else { it }).collect();
    if raw.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

/// The text as a quoted string.
pub(super) fn quote(raw: &str) -> String {
    format!("\"{}\"", raw.replace('\\', "\\\\").replace('"', "\\\""))
}

fn fix_quotes(finding: Diagnostic, span: Span, raw: &str) -> Diagnostic {
    // The quotes of another language are letters here, and nobody means them.
    let inner = raw.strip_prefix('\'').and_then(|raw| raw.strip_suffix('\''));
    let quoted = quote(inner.unwrap_or(raw));
    finding.help(format!("put it in quotes: `{}`", shown(&quoted))).fix("put it in quotes", span, quoted)
}

// Names and values

pub(super) fn trouble(trouble: Trouble, role: Role, span: Span, raw: &str) -> Diagnostic {
    match trouble {
        Trouble::LooksLikeNumber => not_a_number(role, span, raw),
        Trouble::BareKeyword => bare_keyword(role, span, raw),
        Trouble::Reserved(at) => reserved(span, raw, at),
        Trouble::List => list(role, span, raw),
        Trouble::UnknownKeyword => unknown_keyword(role, span, raw),
        Trouble::NoOpeningQuote => finding(span, format!("the string `{}` has no opening quote", shown(raw)))
            .here("a `\"` was expected before this")
            .fix("open the string", Span { end: span.start, ..span }, "\""),
        Trouble::OldRawString => {
            finding(span, "a raw string is written with `#`, not with `r`").here("this is how KDL 1 wrote it").fix(
                "write the raw string with `#`",
                span,
                match raw.trim_start_matches('r') {
                    marked if marked.starts_with('#') => marked.to_owned(),
                    unmarked => format!("#{unmarked}#"),
                },
            )
        }
    }
}

fn not_a_number(role: Role, span: Span, raw: &str) -> Diagnostic {
    let shown = shown(raw);
    if role != Role::Value {
        let message = format!("`{shown}` is not {}", role.describe());
        return fix_quotes(finding(span, message).here("a bare name cannot begin like a number"), span, raw);
    }
    let with_zero = format!("{raw}0");
    if raw.ends_with('.') && super::chars::is_number(with_zero.as_bytes()) {
        return finding(span, format!("`{shown}` has no digit behind the point"))
            .here("a number needs one")
            .help(format!("write `{with_zero}`, or put it in quotes if it is not a number"))
            .fix("add the digit", span, with_zero);
    }
    let before_point = raw.replacen('.', "0.", 1);
    if super::chars::starts_with_point(raw.as_bytes()) && super::chars::is_number(before_point.as_bytes()) {
        return finding(span, format!("`{shown}` has no digit before the point"))
            .here("a number needs one")
            .help(format!("write `{before_point}`, or put it in quotes if it is not a number"))
            .fix("add the digit", span, before_point);
    }
    let message = format!("`{shown}` is neither a number nor a string");
    fix_quotes(finding(span, message).here("a bare string cannot begin like a number"), span, raw)
}

fn bare_keyword(role: Role, span: Span, raw: &str) -> Diagnostic {
    if role != Role::Value {
        let message = format!("`{raw}` is not {}", role.describe());
        return fix_quotes(finding(span, message).here("looks like a keyword"), span, raw);
    }
    finding(span, format!("`{raw}` is written `#{raw}`"))
        .here("a keyword begins with `#`")
        .help(format!("if the text is meant, put it in quotes: `\"{raw}\"`"))
        .fix(format!("write `#{raw}`"), span, format!("#{raw}"))
}

fn reserved(span: Span, raw: &str, at: usize) -> Diagnostic {
    let character = raw.get(at.saturating_sub(span.start as usize)..).and_then(|rest| rest.chars().next());
    let character = character.unwrap_or('/');
    let label = match character {
        '{' => "`{{ … }}` stands in quotes".to_owned(),
        other => format!("`{other}` cannot stand in a bare string"),
    };
    fix_quotes(finding(span, format!("`{}` has to be in quotes", shown(raw))).here(label), span, raw)
}

fn list(role: Role, span: Span, raw: &str) -> Diagnostic {
    if role != Role::Value {
        return fix_quotes(finding(span, format!("`{}` is not {}", shown(raw), role.describe())), span, raw);
    }
    finding(span, "there are no lists in brackets").here("not expected").help(
        "several values are written one behind the other: `node \"a\" \"b\"`; text with brackets has to be in quotes",
    )
}

fn unknown_keyword(role: Role, span: Span, raw: &str) -> Diagnostic {
    let word = raw.trim_start_matches('#');
    let finding = finding(span, format!("`{}` is not a keyword", shown(raw))).here("unknown");
    let meant = match word {
        "yes" | "on" | "True" | "TRUE" => Some("true"),
        "no" | "off" | "False" | "FALSE" => Some("false"),
        "none" | "nil" | "undefined" => Some("null"),
        _ if word.len() <= 8 => nearest(word, ["true", "false", "null", "inf", "-inf", "nan"]),
        _ => None,
    };
    match meant {
        Some(meant) if role == Role::Value => finding
            .help(format!("did you mean `#{meant}`?"))
            .note("text that begins with `#` has to be in quotes")
            .fix(format!("write `#{meant}`"), span, format!("#{meant}")),
        _ => fix_quotes(finding, span, raw),
    }
}

/// A number or a keyword where a name has to be.
pub(super) fn not_a_name(role: Role, span: Span, raw: &str) -> Diagnostic {
    let message = format!("`{}` is not {}", shown(raw), role.describe());
    fix_quotes(finding(span, message).here("a name is a string"), span, raw)
}

pub(super) fn missing_value(name: Span, equals: Span, raw_name: &str) -> Diagnostic {
    finding(name.to(equals), format!("`{}=` has no value", shown(raw_name)))
        .here("a value was expected behind the `=`")
        .help("an empty text is written `\"\"`")
}

pub(super) fn equals_behind_node(name: Span, equals: Span, raw_name: &str) -> Diagnostic {
    finding(equals, format!("`{}` is a node here, and a node has no `=`", shown(raw_name)))
        .here("not expected")
        .also(name, "this starts a node, since it is the first on its line")
        .help("inside `{ }` a setting is written without `=`, as a node with its value")
        .fix("remove the `=`", equals, " ")
}

pub(super) fn equals_without_name(span: Span) -> Diagnostic {
    finding(span, "`=` has no name before it").here("a property is written `name=value`")
}

pub(super) fn missing_space(span: Span, before: &str, behind: &str) -> Diagnostic {
    finding(span, format!("a blank is missing between `{}` and `{}`", shown(before), shown(behind)))
        .here("the next value begins here")
        .fix("insert a blank", Span { end: span.start, ..span }, " ")
}

pub(super) fn second_equals(first: Span, second: Span) -> Diagnostic {
    finding(second, "one `=` stands between a name and its value")
        .here("one too many")
        .also(first, "the first one")
        .fix("remove it", second, "")
}

pub(super) fn quote_too_late(string: Span, from: usize) -> Diagnostic {
    let end = Span::new(string.file, from, from);
    finding(string, "this string is not closed where it should be")
        .here("ends only at the quote that opens the next string")
        .also(end, "a `\"` is probably missing here")
        .fix("close the string", end, "\"")
}

pub(super) fn comma(span: Span) -> Diagnostic {
    finding(span, "values are separated by blanks, not by commas").here("not expected").fix(
        "remove the comma",
        span,
        "",
    )
}

pub(super) fn bracket(span: Span, raw: &str) -> Diagnostic {
    finding(span, format!("`{raw}` has no meaning here"))
        .here("not expected")
        .help("text with brackets has to be in quotes")
}

pub(super) fn unexpected(span: Span, raw: &str) -> Diagnostic {
    finding(span, format!("`{}` has no meaning here", shown(raw))).here("the name of a node was expected")
}

// Type annotations

pub(super) fn empty_annotation(span: Span) -> Diagnostic {
    finding(span, "the type annotation names no type").here("a name was expected between the parentheses").fix(
        "remove the annotation",
        span,
        "",
    )
}

pub(super) fn unclosed_annotation(span: Span) -> Diagnostic {
    finding(span, "`(` opens a type annotation that is not closed")
        .here("a `)` was expected behind the name of the type")
}

pub(super) fn annotation_of_nothing(span: Span, what: &str) -> Diagnostic {
    finding(span, format!("a type annotation stands before {what}, and there is none")).here("of what?")
}

pub(super) fn annotation_before_name(span: Span) -> Diagnostic {
    finding(span, "the type annotation of a property stands before its value")
        .here("stands before the name")
        .help("write `name=(type)value`")
}

// Strings

pub(super) fn unclosed_string(span: Span, raw: &str, hashes: usize) -> Diagnostic {
    let closing = format!("\"{}", "#".repeat(hashes));
    let end = Span { start: span.end, ..span };
    let help = if hashes > 0 {
        format!("this string ends with a quote and as many `#` as it begins with: `{}`", shown(&closing))
    } else {
        "text on several lines is opened and closed by `\"\"\"`".to_owned()
    };
    finding(span, format!("the string `{}` is not closed", shown(raw)))
        .here(format!("a `{}` was expected on this line", shown(&closing)))
        .help(help)
        .fix("close the string", end, closing)
}

pub(super) fn line_break_in_string(span: Span, opening: Span) -> Diagnostic {
    finding(opening, "a string in single quotes ends on its line")
        .here("goes on over several lines")
        .also(Span { start: span.end.saturating_sub(1), ..span }, "ends here")
        .help("text on several lines is opened and closed by `\"\"\"`, each on a line of its own")
}

pub(super) fn unclosed_lines(span: Span, hashes: usize) -> Diagnostic {
    let closing = format!("\"\"\"{}", "#".repeat(hashes));
    finding(span, "the text on several lines is not closed")
        .here("opened here")
        .help(format!("a line with `{}` ends it; without it the rest of the file is part of the text", shown(&closing)))
}

pub(super) fn lines_on_one_line(span: Span, raw: &str, hashes: usize) -> Diagnostic {
    let inner = raw[hashes..raw.len() - hashes].trim_matches('"');
    let marks = "#".repeat(hashes);
    finding(span, "`\"\"\"` is for text on several lines")
        .here("on one line")
        .help("on one line a string has single quotes")
        .fix("use single quotes", span, format!("{marks}\"{inner}\"{marks}"))
}

pub(super) fn text_behind_opening(opening: Span, text: Span) -> Diagnostic {
    finding(text, "text on several lines begins on the line below its `\"\"\"`")
        .here("a line break was expected here")
        .also(opening, "opened here")
}

pub(super) fn closing_not_alone(span: Span, closing: Span) -> Diagnostic {
    finding(span, "the closing `\"\"\"` has to stand on a line of its own").here("text stands before it").fix(
        "begin a new line",
        Span { end: closing.start, ..closing },
        "\n",
    )
}

pub(super) fn bad_indentation(span: Span, closing: Span, more: usize) -> Diagnostic {
    let finding = finding(span, "this line is not indented as its closing `\"\"\"`")
        .here("begins with other white space")
        .also(closing, "its indentation is taken away from every line");
    match more {
        0 => finding,
        1 => finding.note("one more line of this text is not either"),
        more => finding.note(format!("{more} more lines of this text are not either")),
    }
}

pub(super) fn unknown_escape(span: Span, raw: &str) -> Diagnostic {
    let finding = finding(span, format!("`{}` is not an escape", shown(raw)));
    if raw.starts_with("\\u") {
        return finding.here("a character is written `\\u{1F600}`, one to six hexadecimal digits of its code point");
    }
    finding
        .here(r#"known are `\n` `\r` `\t` `\b` `\f` `\s` `\"` `\\` `\u{…}`"#)
        .help(r##"a `\` itself is written `\\`; or make it a raw string: `#"…"#`"##)
        .fix("double the `\\`", Span { end: span.start + 1, ..span }, "\\\\")
}

// White space and comments

pub(super) fn disallowed(span: Span, character: char) -> Diagnostic {
    let name = match character {
        '\u{feff}' => "a byte order mark",
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            "an invisible mark that changes the direction of the text"
        }
        _ => "a control character",
    };
    finding(span, format!("U+{:04X}, {name}, may not stand in a file", u32::from(character)))
        .here("invisible character")
        .help(format!("remove it; in a quoted string it can be written `\\u{{{:x}}}`", u32::from(character)))
        .fix("remove it", span, "")
}

pub(super) fn hash_comment(span: Span) -> Diagnostic {
    finding(span, "a comment begins with `//`, not with `#`").here("taken for a comment").fix("write `//`", span, "//")
}

pub(super) fn unclosed_comment(span: Span) -> Diagnostic {
    finding(span, "the comment is not closed")
        .here("opened here")
        .help("`*/` ends it, once for each `/*` inside; without it the rest of the file is part of the comment")
}

pub(super) fn stray_backslash(span: Span) -> Diagnostic {
    finding(span, "a `\\` goes to the end of its line, to continue on the next")
        .here("more follows on this line")
        .help("text with `\\` has to be in quotes, and the `\\` doubled")
}

pub(super) fn slashdash_of_nothing(span: Span, what: &str) -> Diagnostic {
    finding(span, format!("`/-` comments out what follows it, and {what} follows")).here("comments out nothing")
}

pub(super) fn slashdash_inside(span: Span, what: &str) -> Diagnostic {
    finding(span, format!("`/-` cannot stand {what}"))
        .here("not expected")
        .help("it stands before a node, an argument, a whole property, or a `{`")
}

// Blocks

pub(super) fn stray_semicolon(span: Span) -> Diagnostic {
    finding(span, "`;` ends a node, and there is none before it").here("not expected").fix("remove it", span, "")
}

pub(super) fn stray_brace(span: Span, count: usize) -> Diagnostic {
    let finding = if count == 1 {
        finding(span, "`}` closes nothing").here("no `{` is open here")
    } else {
        finding(span, format!("{count} `}}` close nothing")).here("no `{` is open here")
    };
    finding.fix("remove it", span, "")
}

pub(super) fn block_of_nothing(span: Span) -> Diagnostic {
    finding(span, "`{` has no node before it")
        .here("the children of what?")
        .help("the name of the node stands before the `{`, on the same line")
}

pub(super) fn second_block(span: Span, first: Span) -> Diagnostic {
    finding(span, "a node has one block of children").here("this is a second one").also(first, "the first one")
}

pub(super) fn behind_block(span: Span, brace: Span) -> Diagnostic {
    finding(span, "arguments and properties stand before the `{`")
        .here("stands behind the block")
        .also(brace, "the block ends here")
}

pub(super) fn node_behind_block(span: Span, raw: &str) -> Diagnostic {
    finding(span, format!("a line break or `;` is missing before `{}`", shown(raw)))
        .here("the next node begins here")
        .fix("insert `;`", Span { end: span.start, ..span }, "; ")
}

pub(super) fn too_deep(span: Span) -> Diagnostic {
    finding(span, format!("blocks are nested deeper than {}", super::MAXIMUM_DEPTH))
        .here("what is in this block is not looked at")
}

pub(super) fn unclosed_block(open: Span, name: Option<&str>, expected: Span, more: usize) -> Diagnostic {
    let message = match name {
        Some(name) => format!("the `{{` of `{}` is not closed", shown(name)),
        None => "this `{` is not closed".to_owned(),
    };
    let finding = finding(open, message).here("opened here").also(expected, "a `}` was expected before this");
    match more {
        0 => finding,
        1 => finding.note("the block around it is not closed either"),
        more => finding.note(format!("{more} blocks around it are not closed either")),
    }
}

// The file

pub(super) fn too_large(span: Span, bytes: usize) -> Diagnostic {
    finding(span, format!("the file has {bytes} bytes, and a spec has at most {} (8 MiB)", super::MAXIMUM_BYTES))
        .help("large lists belong in a table (`.csv`); a spec can be divided into as many files as you like")
}

pub(super) fn too_many(span: Span) -> Diagnostic {
    finding(span, format!("there are more than {} mistakes in this file", super::MAXIMUM_FINDINGS))
        .here("from here on they are not listed")
}
