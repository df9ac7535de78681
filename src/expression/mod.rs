//! Expressions: what stands between `{{` and `}}` in a spec or a template.
//!
//! An [`Expression`] is compiled once and evaluated many times in a [`Scope`] of names. minijinja evaluates; around it
//! stands what a closed and typed language needs: every dotted name has to exist, also in a branch that is not
//! taken, filters and tests are a fixed list, a condition is a boolean, and text is never compared with a number. A
//! plain dotted name, the usual case, is looked up without the virtual machine. A [`Scalar`] is a string that may hold
//! expressions among its text.

mod filters;
mod last;
mod lists;
mod path;
mod scalar;
mod scope;
mod strict;
#[cfg(test)]
mod tests;
mod token;

use std::ops::Range;

use minijinja::{ErrorKind, Value};

pub use self::filters::{FILTERS, TESTS};
pub use self::scalar::{Part, Scalar, parse_scalar};
pub use self::scope::{Scope, record};
pub(crate) use self::token::is_name;

use self::last::Last;
use self::path::{Path, Step};
use self::strict::Rewritten;
use crate::diagnostic::{Diagnostic, Fault, codes};
use crate::source::Span;
use compact_str::CompactString as Text;

/// One expression, ready to be evaluated.
#[derive(Debug)]
pub struct Expression {
    source: Box<str>,
    span: Span,
    /// Every dotted name it uses; exactly one where it is nothing else.
    paths: Vec<Path>,
    program: Program,
}

#[derive(Debug)]
enum Program {
    /// The one path of the expression, looked up natively.
    Path,
    Compiled {
        code: Box<minijinja::Expression<'static, 'static>>,
        rewritten: Rewritten,
        last: Last,
    },
}

/// A name used by an expression: `tenant.name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameUsed {
    pub name: Text,
    pub span: Span,
}

/// Nobody reads a longer one. And each sign of it may be an operator, for which the engine takes a piece of the stack.
const LONGEST: usize = 2_000;

impl Expression {
    /// Compiles a text; `span` is where it stands, so that errors can point into it.
    pub fn compile(text: &str, span: Span) -> Result<Expression, Box<Diagnostic>> {
        let fail = |fault: Fault| Box::new(diagnostic(text, span, fault));
        if text.trim().is_empty() {
            return Err(fail(Fault::new("there is no expression here")));
        }
        if text.len() > LONGEST {
            let said = format!("this expression is {} bytes long, and at most {LONGEST} are read", text.len());
            return Err(fail(Fault::new(said)));
        }
        let tokens = token::tokens(text);
        let paths = path::paths(text, &tokens).map_err(fail)?;
        let program = if paths.len() == 1 && paths[0].tokens == tokens.len() {
            Program::Path
        } else {
            let rewritten = strict::rewrite(text, &tokens).map_err(fail)?;
            let code = filters::environment()
                .compile_expression_owned(rewritten.text.clone())
                .map_err(|error| fail(syntax_fault(&error, &rewritten)))?;
            Program::Compiled { code: Box::new(code), rewritten, last: Last::default() }
        };
        Ok(Expression { source: text.into(), span, paths, program })
    }

    /// The value in a scope. It is never undefined.
    pub fn evaluate(&self, scope: &Scope) -> Result<Value, Box<Diagnostic>> {
        match &self.program {
            Program::Path => self.paths[0].resolve(scope).map_err(|step| self.step_fault(&self.paths[0], &step, scope)),
            Program::Compiled { code, rewritten, last } => {
                let mut names = Vec::with_capacity(self.paths.len());
                for path in &self.paths {
                    names.push(match path.resolve(scope) {
                        Ok(value) => value,
                        // What hangs below an unset value is looked at only where the evaluation gets there.
                        Err(Step::OfNone { .. }) => Value::UNDEFINED,
                        Err(step) => return Err(self.step_fault(path, &step, scope)),
                    });
                }
                if let Some(value) = last.result(&names) {
                    return Ok(value);
                }
                match code.eval(scope.value()) {
                    Ok(value) if value.is_undefined() => Err(self.nothing(scope, None)),
                    Ok(value) => {
                        last.keep(names, &value);
                        Ok(value)
                    }
                    Err(error) => Err(self.evaluation_fault(&error, rewritten, scope)),
                }
            }
        }
    }

    /// The text as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    pub fn span(&self) -> Span {
        self.span
    }

    /// Every name the expression uses, with its attributes: `tenant.name`.
    pub fn names_used(&self) -> impl Iterator<Item = NameUsed> {
        self.paths.iter().map(|path| NameUsed {
            name: Text::new(&self.source[path.range()]),
            span: place(&self.source, self.span, path.range()),
        })
    }

    fn fault(&self, fault: Fault) -> Box<Diagnostic> {
        Box::new(diagnostic(&self.source, self.span, fault))
    }

    #[cold]
    fn step_fault(&self, path: &Path, step: &Step, scope: &Scope) -> Box<Diagnostic> {
        self.fault(path.fault(&self.source, step, scope))
    }

    #[cold]
    fn evaluation_fault(&self, error: &minijinja::Error, rewritten: &Rewritten, scope: &Scope) -> Box<Diagnostic> {
        let range = error.range().map(|range| rewritten.original(range));
        let detail = error.detail().unwrap_or_default();
        let message = match error.kind() {
            ErrorKind::UndefinedError => return self.nothing(scope, self.named(detail).or(range)),
            ErrorKind::OutOfFuel => "the expression takes too many steps".to_owned(),
            _ if detail.is_empty() => format!("the expression cannot be evaluated: {}", error.kind()),
            // The evaluator's own words for arithmetic, which name operators and types of its own.
            _ if ["unable to calculate", "tried to use"].iter().any(|own| detail.starts_with(own)) => {
                let part = range.clone().and_then(|range| self.source.get(range)).unwrap_or(&self.source);
                format!("`{part}` has no result: these two values cannot be calculated with")
            }
            _ => detail.to_owned(),
        };
        let fault = Fault::new(message);
        self.fault(match range {
            Some(range) => fault.at(range),
            None => fault,
        })
    }

    /// The part of the source that a message of minijinja quotes: "`row['x']` is undefined".
    fn named(&self, detail: &str) -> Option<Range<usize>> {
        let quoted = detail.split('`').nth(1).filter(|quoted| !quoted.is_empty())?;
        let start = self.source.find(quoted)?;
        Some(start..start + quoted.len())
    }

    /// The finding for a value that is not there, although each name is known.
    #[cold]
    fn nothing(&self, scope: &Scope, range: Option<Range<usize>>) -> Box<Diagnostic> {
        for path in &self.paths {
            if let Err(step) = path.resolve(scope) {
                return self.step_fault(path, &step, scope);
            }
        }
        let whole = 0..self.source.len();
        let range = range.filter(|range| self.source.get(range.clone()).is_some()).unwrap_or(whole);
        let part = &self.source[range.clone()];
        let before_filter = self.source[..range.start].trim_end().ends_with('|');
        let fault = Fault::new(if before_filter {
            format!("there is no value here for `| {part}`")
        } else {
            format!("`{part}` has no value here")
        })
        .at(range);
        let tokens = token::tokens(&self.source);
        let has = |word: &str| tokens.iter().any(|token| token.text(&self.source) == word);
        self.fault(if has("if") && !has("else") { fault.help("add an `else`, such as `else none`") } else { fault })
    }
}

/// The kind of a value in a message: "a list".
pub fn describe(value: &Value) -> &'static str {
    use minijinja::value::ValueKind;
    match value.kind() {
        ValueKind::Undefined => "undefined",
        ValueKind::None => "none",
        ValueKind::Bool => "a boolean",
        ValueKind::Number if value.is_integer() => "an integer",
        ValueKind::Number => "a number",
        ValueKind::String => "a string",
        ValueKind::Seq | ValueKind::Iterable => "a list",
        ValueKind::Map => "a map",
        _ => "an unknown thing",
    }
}

/// Where a part of the text stands; the whole where the text is not written byte by byte.
fn place(text: &str, span: Span, range: Range<usize>) -> Span {
    if span.range().len() != text.len() {
        return span;
    }
    // minijinja places a letter it does not know by its first byte.
    let end = text.ceil_char_boundary(range.end);
    span.part(text.floor_char_boundary(range.start.min(end))..end)
}

fn diagnostic(text: &str, span: Span, fault: Fault) -> Diagnostic {
    let at = fault.range.map_or(span, |range| place(text, span, range));
    let finding = Diagnostic::new(&codes::EXPRESSION_ERROR, at, fault.message).help_if(fault.help);
    match fault.suggestion {
        Some(suggestion) if at != span || span.range().len() == text.len() => {
            finding.fix(format!("write `{suggestion}`"), at, suggestion)
        }
        _ => finding,
    }
}

fn syntax_fault(error: &minijinja::Error, rewritten: &Rewritten) -> Fault {
    let detail = error.detail().unwrap_or("it is not an expression");
    let fault = Fault::new(format!("this expression cannot be read: {detail}"));
    match error.range() {
        Some(range) => fault.at(rewritten.original(range)),
        None => fault,
    }
}
