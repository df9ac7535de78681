//! From YAML to pieces: finds directives and expressions, and refuses what only looks like them.

use super::PathStep;
use super::piece::{Entry, Key, MapPiece, Piece, Repeat};
use crate::diagnostic::{Diagnostic, codes, did_you_mean};
use crate::expression::{Expression, Scalar, is_name, parse_scalar};
use crate::object::{Map, Node, Text};
use crate::source::Span;
use crate::yaml::{Yaml, YamlKind};

/// The tag of a list or a map that is left out where it is empty.
const OPTIONAL: &str = "!optional";

/// The tag of a list or a map that becomes text: some readers want JSON inside a `ConfigMap`.
const JSON: &str = "!json";

const DIRECTIVES: [&str; 2] = ["$if", "$for"];

/// What is read so far of one document.
struct Reading<'t> {
    text: &'t str,
    findings: &'t mut Vec<Diagnostic>,
}

/// Reads a document, which has to be a mapping.
pub(super) fn document(source: &Yaml, text: &str, findings: &mut Vec<Diagnostic>) -> Option<MapPiece> {
    let mut reading = Reading { text, findings };
    match &source.kind {
        _ if reading.is_unquoted(source) => None,
        YamlKind::Map(entries) => {
            reading.refuse_tag(source);
            Some(reading.map(entries))
        }
        _ => {
            let message = format!("a document of a template is a mapping, this is {}", source.describe());
            reading.findings.push(finding(source.span, message).help("begin it with `apiVersion: …` and `kind: …`"));
            None
        }
    }
}

/// Adds to an error of YAML what is the usual cause in a template.
pub(super) fn explain(error: Diagnostic, text: &str) -> Diagnostic {
    if error.fix.is_some() || error.code != &codes::BAD_SYNTAX {
        return error;
    }
    // The parser notices an unquoted `{{ a }}-b` behind it, at times on the next line.
    let end = text[error.span.start as usize..].find('\n').map_or(text.len(), |at| error.span.start as usize + at);
    let mut lines = text[..end].rsplit('\n').take(2);
    let unquoted = |line: &str| {
        let value = line.trim_start().trim_start_matches("- ");
        value.starts_with("{{") || value.contains(": {{")
    };
    let of_helm = |line: &str| ["{{-", "-}}", "{{ .", "{{."].iter().any(|sign| line.contains(sign));
    if lines.clone().any(of_helm) {
        return error.help(
            "`{{-`, `.Values` and `include` are of Helm; here a value is one expression in quotes: `\"{{ name }}\"`",
        );
    }
    if lines.any(unquoted) { error.help("quote a value that starts with `{{`: `\"{{ ... }}\"`") } else { error }
}

impl Reading<'_> {
    fn piece(&mut self, source: &Yaml) -> Piece {
        if self.is_unquoted(source) {
            return Piece::Literal(Node::Null);
        }
        match &source.kind {
            YamlKind::Null => Piece::Literal(Node::Null),
            YamlKind::Boolean(value) => Piece::Literal(Node::Boolean(*value)),
            YamlKind::Integer(value) => Piece::Literal(Node::Integer(*value)),
            YamlKind::Float(value) => Piece::Literal(Node::Float(*value)),
            YamlKind::String { text, .. } => match self.scalar(source, text) {
                Scalar::Literal(text) => Piece::Literal(Node::String(text)),
                scalar => Piece::Scalar(scalar, source.span),
            },
            YamlKind::List(items) => {
                let piece = list(items.iter().map(|item| self.piece(item)).collect());
                self.tagged(source, piece)
            }
            YamlKind::Map(entries) => {
                let piece = map(self.map(entries));
                self.tagged(source, piece)
            }
        }
    }

    /// A collection; its tag may leave it out where it is empty, or make it text.
    fn tagged(&mut self, source: &Yaml, piece: Piece) -> Piece {
        match source.tag.as_deref() {
            Some(OPTIONAL) => Piece::Optional(Box::new(piece)),
            Some(JSON) => Piece::Json(Box::new(piece)),
            _ => {
                self.refuse_tag(source);
                piece
            }
        }
    }

    fn map(&mut self, entries: &[(Yaml, Yaml)]) -> MapPiece {
        let mut piece = MapPiece::default();
        for (key, value) in entries {
            let YamlKind::String { text, .. } = &key.kind else {
                self.bad_key(key);
                continue;
            };
            if text.starts_with('$') && key.tag.is_none() {
                self.directive(&mut piece, key, text, value);
                continue;
            }
            let name = match self.scalar(key, text) {
                Scalar::Literal(text) => Key::Literal(text),
                scalar => {
                    piece.has_computed_keys = true;
                    Key::Computed(scalar)
                }
            };
            piece.entries.push(Entry { key: name, span: key.span, value: self.piece(value) });
        }
        piece
    }

    fn directive(&mut self, piece: &mut MapPiece, key: &Yaml, name: &str, value: &Yaml) {
        match name {
            "$if" => {
                piece.condition =
                    self.expression_text(value, "a condition, such as `replicas.max > 1`").and_then(|(text, start)| {
                        let span = value.content_span(start..start + text.len());
                        self.keep(Expression::compile(text, span))
                    });
            }
            "$for" => {
                let shape = "a loop, such as `host in hosts`";
                if let Some((text, start)) = self.expression_text(value, shape) {
                    piece.repeat = self.repeat(value, text, start);
                }
            }
            _ => {
                let unknown = finding(key.span, format!("there is no directive `{name}`"));
                let help = did_you_mean(name, DIRECTIVES);
                let help = help.map(|help| format!("{help}; a key that starts with `$` is written `!raw {name}`"));
                self.findings.push(unknown.help_if(help));
            }
        }
    }

    /// The text of a directive and where in the scalar it starts.
    fn expression_text<'y>(&mut self, value: &'y Yaml, expected: &str) -> Option<(&'y str, usize)> {
        let text = match &value.kind {
            YamlKind::String { text, .. } => text.as_str(),
            YamlKind::Boolean(true) => "true",
            YamlKind::Boolean(false) => "false",
            _ if self.is_unquoted(value) => return None,
            _ => {
                let message = format!("here stands {expected}, this is {}", value.describe());
                self.findings.push(finding(value.span, message));
                return None;
            }
        };
        if text.contains("{{") {
            let bare = text.trim().strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"));
            let found = finding(value.span, "a directive is an expression already").help("leave out `{{` and `}}`");
            self.findings.push(match bare {
                Some(bare) => found.fix("leave out the braces", value.span, quoted(bare.trim())),
                None => found,
            });
            return None;
        }
        Some((text.trim(), text.len() - text.trim_start().len()))
    }

    fn repeat(&mut self, value: &Yaml, text: &str, start: usize) -> Option<Repeat> {
        let parts = text.split_once(" in ").map(|(names, over)| {
            let (name, second) = names.split_once(',').map_or((names, None), |(name, value)| (name, Some(value)));
            (name.trim(), second.map(str::trim), over)
        });
        let Some((name, second, over)) = parts.filter(|(name, second, _)| is_name(name) && second.is_none_or(is_name))
        else {
            let shapes = "write `name in list`, or `name, value in map`";
            self.findings.push(finding(value.span, format!("`{text}` is not a loop")).help(shapes));
            return None;
        };
        let from = start + text.len() - over.trim_start().len();
        let span = value.content_span(from..from + over.trim().len());
        let over = self.keep(Expression::compile(over.trim(), span))?;
        Some(Repeat { name: Text::new(name), value: second.map(Text::new), over })
    }

    fn scalar(&mut self, source: &Yaml, text: &str) -> Scalar {
        if source.tag.as_deref() == Some("!raw") {
            return Scalar::Literal(Text::new(text));
        }
        self.refuse_tag(source);
        self.keep(parse_scalar(text, |range| source.content_span(range))).unwrap_or(Scalar::Literal(Text::default()))
    }

    fn keep<T>(&mut self, result: Result<T, Box<Diagnostic>>) -> Option<T> {
        result.map_err(|finding| self.findings.push(*finding)).ok()
    }

    fn refuse_tag(&mut self, source: &Yaml) {
        let Some(tag) = &source.tag else { return };
        let found = match (tag.as_str(), &source.kind) {
            ("!raw", YamlKind::String { .. }) => return,
            ("!raw", _) => finding(source.span, "`!raw` takes a scalar, not a collection"),
            (OPTIONAL | JSON, _) => finding(source.span, format!("`{tag}` is for a list or a map below a key")),
            _ => finding(source.span, format!("there is no tag `{tag}`"))
                .help("the tags are `!raw` for a scalar that is taken literally, `!optional` for what is left out where it is empty, `!json` for what becomes JSON text"),
        };
        self.findings.push(found);
    }

    fn bad_key(&mut self, key: &Yaml) {
        if self.is_unquoted(key) {
            return;
        }
        let found = finding(key.span, format!("a key is a string, this is {}", key.describe()));
        let written = self.text.get(key.span.range()).unwrap_or_default();
        self.findings.push(match key.kind {
            YamlKind::List(_) | YamlKind::Map(_) => found,
            _ => found.help("quote it").fix("quote the key", key.span, quoted(written)),
        });
    }

    /// `{{ x }}` without quotes is a map in a map to YAML; reported here, it is nothing else.
    fn is_unquoted(&mut self, source: &Yaml) -> bool {
        let first = source.as_map().and_then(|entries| entries.first());
        // In a block mapping the first key starts where the mapping does; in braces, one further.
        let in_braces = first.is_some_and(|(key, _)| key.as_map().is_some() && key.span.start == source.span.start + 1);
        let written = self.text.get(source.span.range()).unwrap_or_default();
        if !in_braces || !written.starts_with("{{") {
            return false;
        }
        self.findings.push(
            finding(source.span, "an expression has to be quoted here; YAML reads these braces as a map")
                .help(format!("quote it: `{}`", quoted(written)))
                .fix("quote the expression", source.span, quoted(written)),
        );
        true
    }
}

/// A text as a YAML scalar in quotes that do not occur in it.
fn quoted(text: &str) -> String {
    if text.contains(['"', '\\']) { format!("'{}'", text.replace('\'', "''")) } else { format!("\"{text}\"") }
}

fn finding(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(&codes::TEMPLATE_ERROR, span, message)
}

/// A list without anything to evaluate is one fixed node.
fn list(items: Vec<Piece>) -> Piece {
    if !items.iter().all(|item| matches!(item, Piece::Literal(_))) {
        return Piece::List(items);
    }
    let fixed = items.into_iter().filter_map(|item| if let Piece::Literal(node) = item { Some(node) } else { None });
    Piece::Literal(Node::List(fixed.collect()))
}

/// A map without anything to evaluate is one fixed node.
fn map(piece: MapPiece) -> Piece {
    let fixed = |entry: &Entry| matches!((&entry.key, &entry.value), (Key::Literal(_), Piece::Literal(_)));
    if piece.repeat.is_some() || piece.condition.is_some() || !piece.entries.iter().all(fixed) {
        return Piece::Map(Box::new(piece));
    }
    let entries = piece.entries.into_iter().filter_map(|entry| match (entry.key, entry.value) {
        (Key::Literal(key), Piece::Literal(node)) => Some((key, node)),
        _ => None,
    });
    Piece::Literal(Node::Map(Map { entries: entries.collect() }))
}

/// The key and the value that a path of the object leads to, as far as the template spells it out.
pub(super) fn follow(source: &Yaml, path: &[PathStep<'_>]) -> (Option<Span>, Span) {
    let (mut key_span, mut value) = (None, source);
    for step in path {
        let next = match step {
            PathStep::Key(name) => value.as_map().and_then(|entries| {
                let plain = |key: &Yaml| key.as_str() == Some(*name);
                let computed = |key: &Yaml| key.as_str().is_some_and(|text| text.contains("{{"));
                let exact = entries.iter().find(|(key, _)| plain(key));
                exact.or_else(|| entries.iter().find(|(key, _)| computed(key)))
            }),
            PathStep::Index(at) => {
                let item = value.as_list().and_then(|items| item(items, *at));
                let Some(item) = item else { break };
                (key_span, value) = (None, item);
                continue;
            }
        };
        let Some((key, below)) = next else { break };
        (key_span, value) = (Some(key.span), below);
    }
    (key_span, value.span)
}

/// The item that gave the item at an index: the same one up to the first that may vanish or repeat, and that from there.
fn item(items: &[Yaml], at: usize) -> Option<&Yaml> {
    let governed = |item: &Yaml| DIRECTIVES.iter().any(|name| item.get(name).is_some());
    match items.iter().position(governed) {
        Some(first) if at >= first => items.get(first),
        _ => items.get(at),
    }
}
