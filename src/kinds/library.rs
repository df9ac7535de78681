//! The kinds that come with the compiler, read when they are first asked for.
//!
//! A compile needs some twenty-five of about a hundred kinds. So the files are only cut into blocks here, which takes
//! microseconds, and a block is read when an object first reaches it. Everything lives as long as the process: a
//! definition is a static reference, recursion between definitions costs nothing.

use std::sync::{LazyLock, OnceLock};

use rustc_hash::FxHashMap;

use super::Kind;
use super::compact;
use super::schema::{Object, Schema};
use super::words::{Names, parse_choices, parse_type};
use crate::object::Text;
use crate::source::STANDARD_LIBRARY;

/// What every kind of the standard library and every definition of Kubernetes is found by.
pub(crate) static LIBRARY: LazyLock<Library> = LazyLock::new(Library::read);

#[derive(Debug)]
pub(crate) struct Library {
    /// For look-ups only.
    definitions: FxHashMap<&'static str, Definition>,
    pub(crate) kinds: Vec<StandardKind>,
    /// What is wrong with the files; a test keeps it empty.
    pub(crate) faults: Vec<String>,
}

/// A type of the Kubernetes API that others name.
#[derive(Debug)]
pub(crate) struct Definition {
    pub(crate) name: &'static str,
    text: &'static str,
    refined: Option<&'static str>,
    object: OnceLock<Object>,
}

/// A kind of the standard library before and after it was read.
#[derive(Debug)]
pub(crate) struct StandardKind {
    pub(crate) api_version: Text,
    pub(crate) kind: Text,
    source: KindSource,
    read: OnceLock<Kind>,
}

#[derive(Debug)]
enum KindSource {
    BuiltIn { namespaced: bool, definition: &'static str, name_type: &'static str },
    Compact { shared: &'static str, document: &'static str },
}

impl StandardKind {
    pub(crate) fn get(&self) -> &Kind {
        self.read.get_or_init(|| self.parse().expect("the schemas of the standard library are read by a test"))
    }

    pub(crate) fn parse(&self) -> Result<Kind, String> {
        match self.source {
            KindSource::BuiltIn { namespaced, definition, name_type } => {
                let object = LIBRARY.definition(definition).ok_or_else(|| format!("no definition `{definition}`"))?;
                let object = object.parse()?;
                let name = parse_type(name_type, &*LIBRARY)?;
                Ok(Kind::rooted(self.api_version.clone(), self.kind.clone(), namespaced, name, object))
            }
            KindSource::Compact { shared, document } => {
                compact::read_standard(shared, document, &self.api_version, &self.kind)
            }
        }
    }
}

impl Definition {
    pub(crate) fn object(&self) -> &Object {
        self.object.get_or_init(|| self.parse().expect("the definitions of the standard library are read by a test"))
    }

    pub(crate) fn parse(&self) -> Result<Object, String> {
        let mut fields: Vec<(Text, Schema, bool)> = Vec::new();
        let mut choices = Vec::new();
        let mut whole = false;
        for line in self.text.lines() {
            let (key, words) = entry(line)?;
            let (name, required) = key.strip_suffix('!').map_or((key, false), |name| (name, true));
            fields.push((name.into(), parse_type(words, &*LIBRARY)?, required));
        }
        for line in self.refined.unwrap_or_default().lines() {
            let (key, words) = entry(line)?;
            match key {
                "one of" => choices.extend(parse_choices(words, true)),
                "at most one of" => choices.extend(parse_choices(words, false)),
                "taken" if words == "whole" => whole = true,
                _ => {
                    let (name, required) = key.strip_suffix('!').map_or((key, false), |name| (name, true));
                    let schema = parse_type(words, &*LIBRARY)?;
                    match (name.strip_prefix('+'), fields.iter_mut().find(|field| field.0 == name)) {
                        (Some(added), _) => fields.push((added.into(), schema, required)),
                        (None, Some(field)) => (field.1, field.2) = (schema, field.2 || required),
                        (None, None) => return Err(format!("{} has no field `{name}` to refine", self.name)),
                    }
                }
            }
        }
        Ok(Object { whole, ..Object::new(fields, choices, false) })
    }
}

impl Names for Library {
    fn local(&self, _: &str) -> Option<Schema> {
        None
    }

    fn definition(&self, name: &str) -> Option<&'static Definition> {
        LIBRARY.definitions.get(name)
    }
}

impl Library {
    fn read() -> Self {
        let mut library = Library { definitions: FxHashMap::default(), kinds: Vec::new(), faults: Vec::new() };
        let mut name_types: FxHashMap<&str, &str> = FxHashMap::default();
        let mut refined: FxHashMap<&str, &str> = FxHashMap::default();
        for (name, body) in blocks(file("kinds/refined.yaml")) {
            if name == "kinds" {
                name_types.extend(body.lines().filter_map(|line| entry(line).ok()));
            } else {
                refined.insert(name, body);
            }
        }
        for (name, body) in blocks(file("kinds/kubernetes.yaml")) {
            if name == "kinds" {
                library.kinds.extend(body.lines().filter_map(|line| built_in(line, &mut name_types)));
            } else {
                let definition =
                    Definition { name, text: body, refined: refined.remove(name), object: OnceLock::new() };
                library.definitions.insert(name, definition);
            }
        }
        let mut left: Vec<&str> = refined.into_keys().chain(name_types.into_keys()).collect();
        left.sort_unstable();
        library.faults.extend(left.into_iter().map(|name| format!("refined.yaml: there is no `{name}` to refine")));
        for (path, text) in STANDARD_LIBRARY {
            let Some(name) = path.strip_prefix("kinds/").and_then(|name| name.strip_suffix(".yaml")) else { continue };
            if !matches!(name, "kubernetes" | "refined") {
                library.compact(path, text);
            }
        }
        library
    }

    /// Cuts a file of custom resources into its documents; the first may hold types that all of them share.
    fn compact(&mut self, path: &str, text: &'static str) {
        let mut shared = "";
        for document in text.split("\n---\n") {
            let word = |key: &str| {
                let line = document.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(": "))?;
                Some(line.split(" #").next().unwrap_or(line).trim())
            };
            match (word("apiVersion"), word("kind")) {
                (Some(api_version), Some(kind)) => self.kinds.push(StandardKind {
                    api_version: api_version.into(),
                    kind: kind.into(),
                    source: KindSource::Compact { shared, document },
                    read: OnceLock::new(),
                }),
                _ if document.lines().any(|line| line == "types:") => shared = document,
                _ => self.faults.push(format!("{path}: a document without `apiVersion`, `kind` or `types`")),
            }
        }
    }

    /// The metadata that every object has.
    pub(crate) fn metadata() -> &'static Object {
        let definition = LIBRARY.definitions.get("meta.v1.ObjectMeta");
        definition.expect("the API has metadata; a test reads every kind").object()
    }

    #[cfg(test)]
    pub(crate) fn definitions(&self) -> Vec<&Definition> {
        let mut all: Vec<&Definition> = self.definitions.values().collect();
        all.sort_by_key(|definition| definition.name);
        all
    }
}

fn built_in(line: &'static str, name_types: &mut FxHashMap<&str, &'static str>) -> Option<StandardKind> {
    let (key, words) = entry(line).ok()?;
    let (api_version, kind) = key.split_once(' ')?;
    let (scope, definition) = words.split_once(' ')?;
    let name_type = name_types.remove(key).unwrap_or("dns-name");
    Some(StandardKind {
        api_version: api_version.into(),
        kind: kind.into(),
        source: KindSource::BuiltIn { namespaced: scope == "namespaced", definition, name_type },
        read: OnceLock::new(),
    })
}

fn file(path: &str) -> &'static str {
    STANDARD_LIBRARY.iter().find(|(name, _)| *name == path).map_or("", |(_, text)| text)
}

/// The blocks of a file: a name at the start of a line, its indented lines, an empty line.
fn blocks(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    text.split("\n\n").filter_map(|block| {
        let (head, body) = block.trim_end().split_once('\n')?;
        Some((head.strip_suffix(':')?, body))
    })
}

/// `  key: words`.
fn entry(line: &'static str) -> Result<(&'static str, &'static str), String> {
    line.trim_start().split_once(": ").ok_or_else(|| format!("`{line}` is no `field: type`"))
}
