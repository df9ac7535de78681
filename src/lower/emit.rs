//! Makes objects from templates: instantiate, put the namespace and the common labels on, and remember where from.
//!
//! The one place that decides names in `metadata`. A template may write `{{ hash }}` into a name: it is replaced by a
//! digest of the rest of the object, for objects that cannot be changed once they are there.

use sha2::{Digest, Sha256};

use super::library::Library;
use super::{Object, TemplateId};
use crate::diagnostic::Findings;
use crate::expression::Scope;
use crate::kinds::Kinds;
use crate::object::{Map, Node, Text, hexadecimal, to_json};
use crate::source::Span;

/// What every object of a bundle carries.
#[derive(Debug, Clone, Default)]
pub(super) struct Dress {
    pub namespace: Option<Text>,
    pub labels: Vec<(Text, Text)>,
}

/// Stands for the digest of an object until the object is there to be digested.
pub(super) const HASH: &str = "\u{1}hash\u{1}";

const HASH_LENGTH: usize = 8;

/// The apiVersion and kind of an object.
pub(super) fn kind_of(object: &Node) -> (&str, &str) {
    let text = |key: &str| object.as_map().and_then(|map| map.get(key)).and_then(Node::as_str).unwrap_or_default();
    (text("apiVersion"), text("kind"))
}

/// The name in an object's metadata.
pub(super) fn name_of(object: &Node) -> &str {
    object.at("metadata.name").and_then(Node::as_str).unwrap_or_default()
}

/// What templates are made into objects with.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'s> {
    library: &'s Library,
    scope: &'s Scope,
    dress: &'s Dress,
    /// The node of the spec that asks for them.
    asked: Span,
}

impl Dress {
    pub(super) fn with<'s>(&'s self, library: &'s Library, scope: &'s Scope, asked: Span) -> Surroundings<'s> {
        Surroundings { library, scope, dress: self, asked }
    }
}

/// Makes objects from templates.
pub(super) fn emit(templates: &[TemplateId], with: Surroundings<'_>, findings: &mut Findings) -> Vec<Object> {
    emit_completed(templates, with, findings, |_, _| {})
}

/// Makes objects from templates and completes each: what is filled in is a part of what its digest is taken of.
pub(super) fn emit_completed(
    templates: &[TemplateId],
    with: Surroundings<'_>,
    findings: &mut Findings,
    mut complete: impl FnMut(&mut Object, &mut Findings),
) -> Vec<Object> {
    let Surroundings { library, scope, dress, asked } = with;
    let mut objects = Vec::new();
    for id in templates {
        for (index, document) in library.template(*id).documents.iter().enumerate() {
            let mut nodes = Vec::new();
            if let Err(problems) = document.instantiate(scope, &mut nodes) {
                findings.extend(problems.into_iter().map(|problem| problem.also(asked, "in what this becomes")));
            }
            for mut node in nodes.into_iter().map(|instance| instance.node) {
                put_on(&mut node, dress, &library.kinds);
                let mut object = Object { node, template: *id, document: index, asked };
                complete(&mut object, findings);
                settle(&mut object, library);
                objects.push(object);
            }
        }
    }
    objects
}

/// Puts the namespace and the labels on, where the object is of a kind that takes them.
fn put_on(node: &mut Node, dress: &Dress, kinds: &Kinds) {
    let (api, kind) = kind_of(node);
    let Some(kind) = kinds.get(api, kind) else { return };
    let namespaced = kind.namespaced;
    let Some(metadata) = metadata_of(node) else { return };
    if let (true, Some(namespace), None) = (namespaced, &dress.namespace, metadata.get("namespace")) {
        let after_name = metadata.entries.iter().position(|(key, _)| key == "name").map_or(0, |at| at + 1);
        metadata.entries.insert(after_name, (Text::const_new("namespace"), Node::String(namespace.clone())));
    }
    if dress.labels.is_empty() {
        return;
    }
    if metadata.get("labels").is_none() {
        let after = metadata.entries.iter().rposition(|(key, _)| key == "name" || key == "namespace");
        let at = after.map_or(0, |at| at + 1);
        metadata.entries.insert(at, (Text::const_new("labels"), Node::Map(Map::new())));
    }
    if let Some(labels) = metadata.get_mut("labels").and_then(Node::as_map_mut) {
        for (key, value) in &dress.labels {
            if labels.get(key).is_none() {
                labels.entries.push((key.clone(), Node::String(value.clone())));
            }
        }
    }
}

/// Replaces the stand-in for the digest by the digest of the object with the stand-in in it. Labels and annotations of
/// the object can change while it is there, so they do not make it another.
fn settle(object: &mut Object, library: &Library) {
    if !library.is_hashed(object.template, object.document) || !mentions_hash(&object.node) {
        return;
    }
    let mut all = Vec::new();
    if let Some(metadata) = metadata_of(&mut object.node) {
        let name = metadata.entries.iter().filter(|(key, _)| key == "name").cloned().collect();
        all = std::mem::replace(&mut metadata.entries, name);
    }
    let digest = digest(&object.node);
    if let Some(metadata) = metadata_of(&mut object.node) {
        metadata.entries = all;
    }
    replace_hash(&mut object.node, &digest);
}

fn metadata_of(object: &mut Node) -> Option<&mut Map> {
    object.as_map_mut()?.get_mut("metadata")?.as_map_mut()
}

/// The digest of an object as a part of a name.
pub(super) fn digest(node: &Node) -> String {
    let digest = Sha256::digest(to_json(node));
    hexadecimal(&digest[..HASH_LENGTH / 2])
}

fn mentions_hash(node: &Node) -> bool {
    match node {
        Node::String(text) => text.contains(HASH),
        Node::List(list) => list.iter().any(mentions_hash),
        Node::Map(map) => map.entries.iter().any(|(_, value)| mentions_hash(value)),
        _ => false,
    }
}

fn replace_hash(node: &mut Node, digest: &str) {
    match node {
        Node::String(text) if text.contains(HASH) => *text = text.replace(HASH, digest).into(),
        Node::List(list) => list.iter_mut().for_each(|item| replace_hash(item, digest)),
        Node::Map(map) => map.entries.iter_mut().for_each(|(_, value)| replace_hash(value, digest)),
        _ => {}
    }
}
