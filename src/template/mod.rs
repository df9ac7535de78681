//! Templates: YAML files with expressions in their scalars, read once and instantiated for every service instance.
//!
//! A template is valid YAML, so what comes out is a tree and never text that has to be parsed again. `{{ }}` stands
//! inside scalars only, keys among them; `$if` and `$for` are the only directives and govern the mapping they stand in;
//! `!raw` takes a scalar literally, `!optional` leaves a list or a map out where it is empty, `!json` makes it text.
//! [`parse`] turns all that is fixed into [`Node`]s at once; [`Document::instantiate`] copies those and evaluates the
//! rest.

mod convert;
mod fill;
mod instantiate;
mod piece;
mod read;
#[cfg(test)]
mod tests;

use crate::diagnostic::Diagnostic;
use crate::expression::{NameUsed, Scope};
use crate::object::{Node, keys};
use crate::source::{FileId, Span};
use crate::yaml::{self, Yaml, YamlKind};

pub use self::convert::node_of;
pub use self::fill::{drop_nulls, fill};

use self::piece::MapPiece;

/// A template file.
#[derive(Debug)]
pub struct Template {
    pub file: FileId,
    pub documents: Vec<Document>,
}

/// One document of a template: an object, or as many as its `$for` says.
#[derive(Debug)]
pub struct Document {
    /// Its place among the documents of its file that are not empty.
    pub index: usize,
    /// As it was written, to find the place of a part of the object.
    source: Yaml,
    body: MapPiece,
}

/// An object that a document became.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    pub node: Node,
    /// The index of the [`Document`].
    pub document: usize,
}

/// A step from a node to one below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathStep<'p> {
    Key(&'p str),
    Index(usize),
}

/// The steps of a dotted path of keys; the empty path has none.
pub fn keys_of(path: &str) -> impl Iterator<Item = PathStep<'_>> {
    keys(path).map(PathStep::Key)
}

/// Reads a template. Documents with a finding are left out.
pub fn parse(file: FileId, text: &str) -> (Template, Vec<Diagnostic>) {
    let (sources, findings) = yaml::read(file, text);
    let mut findings: Vec<Diagnostic> = findings.into_iter().map(|finding| read::explain(finding, text)).collect();
    let mut documents = Vec::new();
    for source in sources.into_iter().filter(|source| source.kind != YamlKind::Null) {
        let before = findings.len();
        let body = read::document(&source, text, &mut findings);
        if let Some(body) = body.filter(|_| findings.len() == before) {
            documents.push(Document { index: documents.len(), source, body });
        }
    }
    (Template { file, documents }, findings)
}

impl Document {
    pub fn span(&self) -> Span {
        self.source.span
    }

    /// The document as it was written, with its expressions.
    pub fn written(&self) -> &Yaml {
        &self.source
    }

    /// Evaluates the document in a scope and adds the objects it becomes: one, none or many.
    pub fn instantiate(&self, scope: &Scope, out: &mut Vec<Instance>) -> Result<(), Vec<Diagnostic>> {
        let (nodes, findings) = instantiate::document(&self.body, scope);
        if !findings.is_empty() {
            return Err(findings);
        }
        out.extend(nodes.into_iter().map(|node| Instance { node, document: self.index }));
        Ok(())
    }

    /// Every name that the document uses from outside; the variables of its own loops are not among them.
    pub fn names_used(&self) -> Vec<NameUsed> {
        self.body.names_used()
    }

    /// Where the value at a path of the object was written. Behind computed keys and repeated items it is the one
    /// place that can have made it; below an expression it is the expression.
    pub fn span_of(&self, path: &[PathStep<'_>]) -> Span {
        read::follow(&self.source, path).1
    }

    /// As [`Document::span_of`], but the key of the last step where it has one: the place of an unknown field.
    pub fn key_span_of(&self, path: &[PathStep<'_>]) -> Span {
        let (key, value) = read::follow(&self.source, path);
        key.unwrap_or(value)
    }
}
