//! The names of an expression: found when it is compiled, resolved when it is evaluated.
//!
//! minijinja would let `x.naem is defined` and an untaken branch pass. Here every dotted name has to exist before the
//! evaluation starts, so that a slip of the pen is found in the first tenant and not in the one that takes the branch.

use std::ops::Range;

use minijinja::Value;
use minijinja::value::ValueKind;

use super::describe;
use super::filters::{FILTERS, FUNCTIONS, TESTS};
use super::scope::{self, Scope};
use super::token::{Kind, Token, is_keyword};
use crate::diagnostic::{Fault, did_you_mean, nearest};
use compact_str::CompactString as Text;

/// A name and its attributes: `tenant.name`.
#[derive(Debug)]
pub(super) struct Path {
    steps: Vec<(Text, Range<usize>)>,
    /// How many tokens of the expression it takes.
    pub tokens: usize,
    /// The name as it would be with `_`, where it is followed by `-` and further names without blanks.
    with_underscores: Option<(Text, Range<usize>)>,
}

/// Why a path leads nowhere; `at` is the step that failed.
#[derive(Debug)]
pub(super) enum Step {
    Unknown { at: usize, holder: Option<Value> },
    OfNone { at: usize },
    OfScalar { at: usize, holder: Value },
}

/// Finds all paths and refuses unknown filters, tests, functions and methods.
pub(super) fn paths(text: &str, tokens: &[Token]) -> Result<Vec<Path>, Fault> {
    let mut paths = Vec::new();
    let word = |at: usize| tokens.get(at).map_or("", |token| token.text(text));
    let before = |at: usize, back: usize| at.checked_sub(back).map_or("", word);
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let (name, index) = (token.text(text), at);
        at += 1;
        if token.kind != Kind::Name {
            continue;
        }
        let called = word(at) == "(";
        if before(index, 1) == "." {
            if called {
                return Err(no_methods(name, token));
            }
        } else if before(index, 1) == "|" {
            known("filter", name, token, &FILTERS.map(|(name, _)| name))?;
        } else if before(index, 1) == "is" && name != "not" || before(index, 1) == "not" && before(index, 2) == "is" {
            known("test", name, token, &TESTS.map(|(name, _)| name))?;
        } else if is_keyword(name) {
        } else if called {
            known_function(name, token)?;
        } else if word(at) != "=" {
            let (path, next) = path(text, tokens, index);
            if word(next) == "(" {
                let last = &tokens[next - 1];
                return Err(no_methods(last.text(text), last));
            }
            paths.push(path);
            at = next;
        }
    }
    Ok(paths)
}

/// The path that starts at a token, and the token after it.
fn path(text: &str, tokens: &[Token], first: usize) -> (Path, usize) {
    let is = |at: usize, sign: &str| tokens.get(at).is_some_and(|token| token.text(text) == sign);
    let is_name = |at: usize| tokens.get(at).is_some_and(|token| token.kind == Kind::Name);
    let mut steps = vec![step(text, &tokens[first])];
    let mut next = first + 1;
    while is(next, ".") && is_name(next + 1) {
        steps.push(step(text, &tokens[next + 1]));
        next += 2;
    }
    let mut end = next;
    let touches = |at: usize| tokens[at - 1].end == tokens[at].start;
    while is(end, "-") && is_name(end + 1) && touches(end) && touches(end + 1) {
        end += 2;
    }
    let with_underscores = (end > next).then(|| {
        // From the last attribute on: `tenant.pod-security` means `tenant.pod_security`.
        let range = tokens[next - 1].start..tokens[end - 1].end;
        (Text::from(text[range.clone()].replace('-', "_")), range)
    });
    (Path { steps, tokens: next - first, with_underscores }, next)
}

fn step(text: &str, token: &Token) -> (Text, Range<usize>) {
    (Text::new(token.text(text)), token.start..token.end)
}

fn known(what: &str, name: &str, token: &Token, names: &[&'static str]) -> Result<(), Fault> {
    if names.contains(&name) {
        return Ok(());
    }
    let fault = Fault::new(format!("there is no {what} `{name}`")).at(token.start..token.end);
    Err(match did_you_mean(name, names.iter().copied()) {
        Some(help) => fault.help(help),
        None => fault,
    })
}

fn known_function(name: &str, token: &Token) -> Result<(), Fault> {
    let filter = FILTERS.iter().find(|(filter, _)| *filter == name);
    known("function", name, token, &FUNCTIONS.map(|(name, _)| name)).map_err(|fault| match filter {
        Some(_) => fault.help(format!("`{name}` is a filter; write `value | {name}`")),
        None => fault,
    })
}

fn no_methods(name: &str, token: &Token) -> Fault {
    let fault = Fault::new(format!("`.{name}()` is a call, and values have nothing to call"));
    fault.at(token.start..token.end).help(format!("use a filter, such as `value | {}`", filter_like(name)))
}

fn filter_like(name: &str) -> &str {
    nearest(name, FILTERS.iter().map(|(filter, _)| *filter)).unwrap_or("upper")
}

impl Path {
    pub(super) fn range(&self) -> Range<usize> {
        let end = self.steps.last().map_or(0, |(_, range)| range.end);
        self.steps[0].1.start..end
    }

    pub(super) fn resolve(&self, scope: &Scope) -> Result<Value, Step> {
        let mut steps = self.steps.iter().enumerate();
        let first = steps.next().and_then(|(_, (name, _))| scope.look(name));
        let Some(mut known) = first.filter(|value| !value.is_undefined()) else {
            return Err(Step::Unknown { at: 0, holder: None });
        };
        // Through records, which most values are in, one is only looked at on the way to the next.
        while let Some(record) = scope::as_record(known) {
            let Some((at, (name, _))) = steps.next() else { break };
            let next = record.get(name).filter(|next| !next.is_undefined());
            known = next.ok_or_else(|| missed(at, known.clone()))?;
        }
        let mut value = known.clone();
        for (at, (name, _)) in steps {
            let next = value.as_object().and_then(|object| object.get_value_by_str(name));
            value = match next {
                Some(next) if !next.is_undefined() => next,
                _ => return Err(missed(at, value)),
            };
        }
        Ok(value)
    }

    /// The finding for a step that leads nowhere.
    pub(super) fn fault(&self, text: &str, step: &Step, scope: &Scope) -> Fault {
        let (Step::Unknown { at, .. } | Step::OfNone { at } | Step::OfScalar { at, .. }) = step;
        let (name, range) = &self.steps[*at];
        let start = self.steps[0].1.start;
        let holder_name = at.checked_sub(1).map_or("", |before| &text[start..self.steps[before].1.end]);
        match step {
            Step::OfNone { .. } => Fault::new(format!("`{holder_name}` is none here and has no `{name}`"))
                .at(range.clone())
                .help(format!("guard it: `{holder_name}.{name} if {holder_name} is not none else ...`")),
            Step::OfScalar { holder, .. } => {
                Fault::new(format!("`{holder_name}` is {} and has no `{name}`", describe(holder))).at(range.clone())
            }
            Step::Unknown { holder, .. } => {
                let known = match holder {
                    None => scope.names(),
                    Some(holder) => keys(holder),
                };
                self.unknown(&text[start..range.end], *at, &known)
            }
        }
    }

    fn unknown(&self, written: &str, at: usize, known: &[Text]) -> Fault {
        let (name, range) = &self.steps[at];
        let has = |name: &str| known.iter().any(|known| known == name);
        if let Some((joined, whole)) = self.with_underscores.as_ref().filter(|_| at + 1 == self.steps.len()) {
            // As much of `pod-security-level` as is a name.
            let longest = joined.match_indices('_').map(|(end, _)| end).chain([joined.len()]).rev();
            for end in longest.filter(|end| *end > name.len()) {
                let meant = &joined[..end];
                if has(meant) {
                    let dashed = meant.replace('_', "-");
                    return Fault::new(format!("`{dashed}` is written `{meant}` in an expression"))
                        .at(whole.start..whole.start + end)
                        .help("`-` subtracts here, so names have `_` in its place")
                        .suggest(meant);
                }
            }
        }
        let fault = Fault::new(format!("`{written}` is not defined")).at(range.clone());
        let near = nearest(name, known.iter().map(Text::as_str));
        let help = match written {
            "row" => Some("`row` is there for each row of a table: add `for-each=TABLE` to the service".to_owned()),
            _ if known.is_empty() => {
                let holder = written.rsplit_once('.').map_or(written, |(holder, _)| holder);
                Some(format!("nothing is declared in `{holder}` here"))
            }
            _ => did_you_mean(name, known.iter().map(Text::as_str)),
        };
        let fault = if let Some(near) = near { fault.suggest(near) } else { fault };
        if let Some(help) = help { fault.help(help) } else { fault }
    }
}

#[cold]
fn missed(at: usize, holder: Value) -> Step {
    match holder.kind() {
        ValueKind::None => Step::OfNone { at },
        ValueKind::Map => Step::Unknown { at, holder: Some(holder) },
        _ => Step::OfScalar { at, holder },
    }
}

fn keys(holder: &Value) -> Vec<Text> {
    let keys = holder.try_iter().into_iter().flatten();
    keys.filter_map(|key| key.as_str().map(Text::new)).collect()
}
