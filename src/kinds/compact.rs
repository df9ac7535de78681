//! Schemas as people write them: one YAML document for a kind.
//!
//! ```yaml
//! apiVersion: longhorn.io/v1beta2
//! kind: RecurringJob
//! scope: namespaced                 # or cluster; `file` for what has no metadata
//! name: dns-name ..40               # the grammar of metadata.name; a DNS name unless said
//! types:                            # names for what stands in several places, each above its first use
//!   Parameters: map of string
//! fields:
//!   spec!:                          # `!` must be there
//!     task!: enum snapshot backup   # a type in words, see words.rs
//!     parameters: Parameters
//!     rules: [{name!: string}]      # a list of such maps
//!     labels: {"*": string}         # a map with keys of one's own
//!     one of: task cron             # fields that exclude each other; also `at most one of`
//!     other fields: any             # the map takes other fields too
//! ```
//!
//! A first document that has only `types` serves the whole file.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Kind;
use super::library::{Definition, LIBRARY};
use super::schema::{List, MapOf, Object, Schema};
use super::words::{Names, parse_choices, parse_type};
use crate::diagnostic::{Diagnostic, codes, did_you_mean};
use crate::object::Text;
use crate::source::{FileId, Span};
use crate::yaml::{self, Yaml};

/// The kinds of a file, and all that is wrong with it.
pub(crate) fn read(file: FileId, text: &str) -> (Vec<Kind>, Vec<Diagnostic>) {
    let (documents, findings) = yaml::read(file, text);
    let mut reader = Reader { types: BTreeMap::new(), findings };
    let mut kinds = Vec::new();
    for document in &documents {
        kinds.extend(reader.document(document));
    }
    (kinds, reader.findings)
}

/// One kind of the standard library, with the types that its file shares.
pub(crate) fn read_standard(shared: &str, document: &str, api_version: &str, kind: &str) -> Result<Kind, String> {
    let text = format!("{shared}\n---\n{document}");
    let (kinds, findings) = read(FileId(u32::MAX), &text);
    if let Some(finding) = findings.first() {
        let at = text[..finding.span.start as usize].lines().last().unwrap_or_default();
        return Err(format!("{api_version} {kind}: {} (after `{at}`)", finding.message));
    }
    let mut kinds = kinds.into_iter().filter(|found| found.api_version == api_version && found.kind == kind);
    kinds.next().ok_or_else(|| format!("{api_version} {kind}: its document gives another kind"))
}

struct Reader {
    types: BTreeMap<String, Schema>,
    findings: Vec<Diagnostic>,
}

impl Names for Reader {
    fn local(&self, name: &str) -> Option<Schema> {
        self.types.get(name).cloned()
    }

    fn definition(&self, name: &str) -> Option<&'static Definition> {
        LIBRARY.definition(name)
    }
}

impl Reader {
    fn document(&mut self, document: &Yaml) -> Option<Kind> {
        let entries = match document.as_map() {
            Some(entries) => entries,
            None if matches!(document.kind, yaml::YamlKind::Null) => return None,
            None => {
                self.fault(document.span, format!("a schema is {}, expected a map", document.describe()));
                return None;
            }
        };
        let known = ["apiVersion", "kind", "scope", "name", "types", "fields"];
        for (key, _) in entries {
            let name = key.as_str().unwrap_or_default();
            if !known.contains(&name) {
                let finding = Diagnostic::new(&codes::BAD_SCHEMA, key.span, format!("a schema has no `{name}`"));
                self.findings.push(finding.help_if(did_you_mean(name, known)));
            }
        }
        for (name, value) in document.get("types").and_then(Yaml::as_map).unwrap_or_default() {
            let schema = self.schema(value);
            self.types.insert(name.as_str().unwrap_or_default().to_owned(), schema);
        }
        if entries.iter().all(|(key, _)| key.as_str() == Some("types")) {
            return None;
        }
        let api_version = self.word(document, "apiVersion")?;
        let kind = self.word(document, "kind")?;
        let scope = self.word(document, "scope")?;
        let name = self.name(document);
        let Some(fields) = document.get("fields") else {
            self.fault(document.span, format!("the schema of `{kind}` has no `fields`"));
            return None;
        };
        let object = self.object(fields);
        let (api_version, kind) = (Text::from(api_version), Text::from(kind));
        match scope {
            "namespaced" | "cluster" => Some(Kind::rooted(api_version, kind, scope == "namespaced", name, object)),
            "file" => Some(Kind::plain(api_version, kind, false, object)),
            other => {
                let message = format!("the scope of `{kind}` is `{other}`, expected `namespaced`, `cluster` or `file`");
                self.fault(document.span, message);
                None
            }
        }
    }

    fn word<'y>(&mut self, document: &'y Yaml, key: &str) -> Option<&'y str> {
        let word = document.get(key).and_then(Yaml::as_str);
        if word.is_none() {
            self.fault(document.span, format!("a schema has no `{key}`"));
        }
        word
    }

    fn name(&mut self, document: &Yaml) -> Schema {
        match document.get("name") {
            Some(value) => self.schema(value),
            None => parse_type("dns-name", self).unwrap_or(Schema::Any),
        }
    }

    /// What a value describes; a fault is reported and taken for anything, so that the rest is still read.
    fn schema(&mut self, value: &Yaml) -> Schema {
        if let Some(words) = value.as_str() {
            return parse_type(words, self).unwrap_or_else(|message| {
                self.fault(value.span, message);
                Schema::Any
            });
        }
        if let Some(entries) = value.as_map() {
            return match entries {
                [(key, values)] if key.as_str() == Some("*") => {
                    let values = self.schema(values);
                    Schema::Map(Arc::new(MapOf { values, keys: None, most_bytes: None }))
                }
                _ => Schema::Object(Arc::new(self.object(value))),
            };
        }
        match value.as_list() {
            Some([item]) => {
                let items = self.schema(item);
                let list = List { items, keys: Box::default(), is_set: false, least: 0, most: usize::MAX };
                Schema::List(Arc::new(list))
            }
            Some(items) => {
                self.fault(value.span, format!("a list of {} types, expected one: that of its items", items.len()));
                Schema::Any
            }
            None => {
                self.fault(value.span, format!("a type is {}, expected words, a map or a list", value.describe()));
                Schema::Any
            }
        }
    }

    fn object(&mut self, value: &Yaml) -> Object {
        let mut fields: Vec<(Text, Schema, bool)> = Vec::new();
        let mut choices = Vec::new();
        let mut open = false;
        let Some(entries) = value.as_map() else {
            self.fault(value.span, format!("fields are {}, expected a map", value.describe()));
            return Object::new(fields, choices, open);
        };
        for (key, value) in entries {
            match (key.as_str(), value.as_str()) {
                (Some("one of"), Some(names)) => choices.extend(parse_choices(names, true)),
                (Some("at most one of"), Some(names)) => choices.extend(parse_choices(names, false)),
                (Some("other fields"), Some("any")) => open = true,
                (Some(name), _) if !name.contains(' ') && name != "*" => {
                    let (name, required) = name.strip_suffix('!').map_or((name, false), |name| (name, true));
                    let schema = self.schema(value);
                    fields.push((name.into(), schema, required));
                }
                _ => self.fault(key.span, "this is no name of a field".to_owned()),
            }
        }
        for name in choices.iter().flat_map(|choice| &choice.fields) {
            if !fields.iter().any(|field| field.0 == *name) {
                self.fault(value.span, format!("`{name}` is to exclude others and is no field here"));
            }
        }
        Object::new(fields, choices, open)
    }

    fn fault(&mut self, span: Span, message: String) {
        self.findings.push(Diagnostic::new(&codes::BAD_SCHEMA, span, message));
    }
}
