//! Makes comparisons, conditions and `~` typed, which minijinja leaves open.
//!
//! To minijinja `"90" > 800` is false, `if "no"` is true and `"a" ~ none` is `aNone`, without a word. There is no hook for any of it, so the source
//! is rewritten before it is compiled: `a > b` becomes `((a)|compare_more((b)))` and `x if c` becomes `x if (c)|hold_condition`,
//! with filters of our own that judge the kinds. Short-circuits stay as they are, and [`Rewritten`] leads every
//! place of an error back to what was written.

use std::ops::Range;

use super::token::{Kind, Token, is_keyword};
use crate::diagnostic::Fault;

/// The source that is compiled, and where its pieces come from.
#[derive(Debug)]
pub(super) struct Rewritten {
    pub text: String,
    /// (start in the new text, start in the original, length), ascending; what lies between was put in.
    pieces: Vec<(usize, usize, usize)>,
    /// Where a filter of ours was put in, and the original range that it judges.
    judged: Vec<(usize, Range<usize>)>,
}

/// The comparisons and the filters that stand for them.
pub(super) const COMPARISONS: [(&str, &str); 6] = [
    ("==", "compare_equal"),
    ("!=", "compare_unequal"),
    ("<", "compare_less"),
    ("<=", "compare_at_most"),
    (">", "compare_more"),
    (">=", "compare_at_least"),
];

/// The filter that lets only booleans pass.
pub(super) const CONDITION: &str = "hold_condition";

/// The filter that turns an operand of `~` into text.
pub(super) const JOINED: &str = "hold_text";

impl Rewritten {
    /// The original range of a range in the new text.
    pub(super) fn original(&self, range: Range<usize>) -> Range<usize> {
        // minijinja places the error of a filter at the filter's own name.
        if let Some((_, judged)) = self.judged.iter().find(|(start, _)| *start == range.start) {
            return judged.clone();
        }
        let after = |at: usize| self.pieces.partition_point(|(start, _, length)| start + length <= at);
        let start = self
            .pieces
            .get(after(range.start))
            .map(|(start, original, _)| original + range.start.saturating_sub(*start));
        let last = self.pieces.partition_point(|(start, _, _)| *start < range.end).checked_sub(1);
        let end = last.map(|last| {
            let (start, original, length) = self.pieces[last];
            original + length.min(range.end - start)
        });
        let whole = self.pieces.last().map_or(0, |(_, original, length)| original + length);
        let start = start.unwrap_or(whole);
        start..end.unwrap_or(whole).max(start)
    }
}

/// A text put in place of a range; the range that it judges where it holds a filter.
struct Edit {
    place: Range<usize>,
    text: String,
    judged: Option<Range<usize>>,
}

/// Part of an expression between two words or signs that bind less than a comparison.
struct Segment<'t> {
    first: usize,
    /// The word or sign before it.
    before: &'t str,
    /// Its comparisons, `in` among them, and whether it has an `is`.
    operators: Vec<usize>,
    is_test: bool,
    /// Its `~`, and the `+` and `-` that bind less.
    joins: Vec<usize>,
    sums: Vec<usize>,
}

/// Rewrites an expression.
pub(super) fn rewrite(text: &str, tokens: &[Token]) -> Result<Rewritten, Fault> {
    let mut edits: Vec<Edit> = Vec::new();
    let mut open = vec![Segment::new(0, "")];
    for (at, token) in tokens.iter().enumerate() {
        let word = if token.kind == Kind::Text { "" } else { token.text(text) };
        let previous = at.checked_sub(1).map_or("", |before| tokens[before].text(text));
        let Some(segment) = open.last_mut() else { break };
        match word {
            _ if previous == "." => {}
            "(" | "[" | "{" => open.push(Segment::new(at + 1, word)),
            ")" | "]" | "}" => {
                close(segment, at, word, text, tokens, &mut edits)?;
                // A bracket too many is for minijinja to complain about.
                if open.len() > 1 {
                    open.pop();
                }
            }
            "not" if previous == "is" => {}
            "not" if tokens.get(at + 1).is_some_and(|next| next.text(text) == "in") => {}
            "not" if at > segment.first => {
                let message = "`not` stands before a value, here it stands behind one";
                return Err(Fault::new(message).at(token.start..token.end));
            }
            "and" | "or" | "not" | "if" | "else" | "," | ":" | "=" => {
                close(segment, at, word, text, tokens, &mut edits)?;
                *segment = Segment::new(at + 1, word);
            }
            "is" => segment.is_test = true,
            "in" => {
                let value =
                    at.checked_sub(if previous == "not" { 2 } else { 1 }).filter(|value| *value >= segment.first);
                if !value.is_some_and(|value| ends_operand(&tokens[value], tokens[value].text(text))) {
                    let fault = Fault::new("`in` stands between a value and a list");
                    return Err(fault.at(token.start..token.end));
                }
                segment.operators.push(at);
            }
            "~" => segment.joins.push(at),
            "+" | "-" if at > segment.first && ends_operand(&tokens[at - 1], previous) => segment.sums.push(at),
            _ if comparison(word).is_some() => segment.operators.push(at),
            _ => {}
        }
    }
    if let Some(segment) = open.last() {
        close(segment, tokens.len(), "", text, tokens, &mut edits)?;
    }
    Ok(apply(text, edits))
}

impl<'t> Segment<'t> {
    fn new(first: usize, before: &'t str) -> Self {
        Segment { first, before, operators: Vec::new(), is_test: false, joins: Vec::new(), sums: Vec::new() }
    }
}

fn comparison(word: &str) -> Option<&'static str> {
    COMPARISONS.iter().find(|(sign, _)| *sign == word).map(|(_, filter)| *filter)
}

/// Judges a segment that ends before the token `end`, which is `after`.
fn close(
    segment: &Segment<'_>,
    end: usize,
    after: &str,
    text: &str,
    tokens: &[Token],
    edits: &mut Vec<Edit>,
) -> Result<(), Fault> {
    if segment.first >= end {
        return nothing_between(segment, end, after, tokens);
    }
    let last = &tokens[end - 1];
    let is_attribute = end > 1 && tokens[end - 2].text(text) == ".";
    if !is_attribute && !ends_operand(last, last.text(text)) {
        let message = format!("there is no value after `{}`", last.text(text));
        return Err(Fault::new(message).at(last.start..last.end));
    }
    let (start, stop) = (tokens[segment.first].start, last.end);
    // Before the edits of the whole segment: where both end in one place, the inner bracket closes first.
    for (first, last) in joined_operands(segment, end) {
        let (start, stop) = (tokens[first].start, tokens[last - 1].end);
        edits.push(Edit::new(start..start, "("));
        edits.push(Edit { judged: Some(start..stop), ..Edit::new(stop..stop, format!(")|{JOINED}")) });
    }
    match segment.operators.as_slice() {
        [] => {
            let is_condition = matches!(segment.before, "if" | "and" | "or" | "not") || matches!(after, "and" | "or");
            if is_condition && !segment.is_test {
                edits.push(Edit::new(start..start, "("));
                edits.push(Edit { judged: Some(start..stop), ..Edit::new(stop..stop, format!(")|{CONDITION}")) });
            }
        }
        [operator] => {
            let sign = &tokens[*operator];
            let word = sign.text(text);
            if *operator == segment.first {
                return Err(Fault::new(format!("there is no value before `{word}`")).at(sign.start..sign.end));
            }
            if let Some(filter) = comparison(word) {
                edits.push(Edit::new(start..start, "(("));
                let filter = Edit::new(sign.start..sign.end, format!(")|{filter}(("));
                edits.push(Edit { judged: Some(start..stop), ..filter });
                edits.push(Edit::new(stop..stop, ")))"));
            }
        }
        [_, second, ..] => {
            let sign = &tokens[*second];
            return Err(Fault::new("one comparison compares two values, here is a third")
                .at(sign.start..sign.end)
                .help("join two comparisons with `and`"));
        }
    }
    Ok(())
}

/// A segment without tokens: right after a comma or in empty brackets, but not beside a word that needs a value.
fn nothing_between(segment: &Segment<'_>, end: usize, after: &str, tokens: &[Token]) -> Result<(), Fault> {
    let needs = |word: &str| matches!(word, "and" | "or" | "if" | "else");
    let (word, at, side) = if (needs(segment.before) || segment.before == "not") && after != "not" {
        (segment.before, segment.first - 1, "after")
    } else if needs(after) {
        (after, end, "before")
    } else {
        return Ok(());
    };
    let fault = Fault::new(format!("there is no value {side} `{word}`")).at(tokens[at].start..tokens[at].end);
    Err(match (word, side) {
        ("if", "before") => {
            fault.help("write `a if condition else b`; a whole part of a template is there by its `$if`")
        }
        _ => fault,
    })
}

/// Whether a token ends an operand, so that a `-` after it subtracts.
fn ends_operand(token: &Token, text: &str) -> bool {
    match token.kind {
        Kind::Name => !is_keyword(text) || matches!(text, "true" | "false" | "none" | "True" | "False" | "None"),
        Kind::Number | Kind::Text => true,
        Kind::Sign => matches!(text, ")" | "]" | "}"),
    }
}

/// The token ranges between `~` and what binds less than it.
fn joined_operands(segment: &Segment<'_>, end: usize) -> Vec<(usize, usize)> {
    if segment.joins.is_empty() {
        return Vec::new();
    }
    let mut bounds = [segment.operators.as_slice(), &segment.joins, &segment.sums].concat();
    bounds.sort_unstable();
    bounds.push(end);
    let mut operands = Vec::new();
    let (mut first, mut joins) = (segment.first, false);
    for bound in bounds {
        let joins_next = segment.joins.contains(&bound);
        if (joins || joins_next) && first < bound {
            operands.push((first, bound));
        }
        (first, joins) = (bound + 1, joins_next);
    }
    operands
}

impl Edit {
    fn new(place: Range<usize>, text: impl Into<String>) -> Self {
        Edit { place, text: text.into(), judged: None }
    }
}

fn apply(text: &str, mut edits: Vec<Edit>) -> Rewritten {
    edits.sort_by_key(|edit| (edit.place.start, edit.place.end));
    let length = text.len() + edits.iter().map(|edit| edit.text.len()).sum::<usize>();
    let mut rewritten = Rewritten { text: String::with_capacity(length), pieces: Vec::new(), judged: Vec::new() };
    let mut done = 0;
    for edit in edits {
        rewritten.keep(text, done..edit.place.start);
        if let (Some(judged), Some(bar)) = (edit.judged, edit.text.find('|')) {
            rewritten.judged.push((rewritten.text.len() + bar + 1, judged));
        }
        rewritten.text.push_str(&edit.text);
        done = edit.place.end;
    }
    rewritten.keep(text, done..text.len());
    rewritten
}

impl Rewritten {
    fn keep(&mut self, text: &str, range: Range<usize>) {
        if let Some(piece) = text.get(range.clone()).filter(|piece| !piece.is_empty()) {
            self.pieces.push((self.text.len(), range.start, piece.len()));
            self.text.push_str(piece);
        }
    }
}
