//! A cluster's own kinds: custom resource definitions as `kubectl get crds -o yaml` writes them.
//!
//! Their schemas are structural, so a conversion field by field is exact for types, words, ranges, patterns and
//! list keys. The API server drops unknown fields in silence; here they are refused, unless
//! `x-kubernetes-preserve-unknown-fields` keeps them. Rules in CEL and combinations (`anyOf`, `not`) stay the server's.

use std::sync::Arc;

use regex_lite::Regex;

use super::Kind;
use super::rules::{Leaf, Rule, format_named};
use super::schema::{Base, List, ListKey, MapOf, Object, Schema};
use crate::diagnostic::{Diagnostic, codes};
use crate::object::Text;
use crate::source::FileId;
use crate::yaml::{self, Yaml, YamlKind};

/// The kinds of a file's definitions, one for each served version, and all that is wrong with it.
pub(crate) fn read(file: FileId, text: &str) -> (Vec<Kind>, Vec<Diagnostic>) {
    let (documents, mut findings) = yaml::read(file, text);
    let mut kinds = Vec::new();
    for document in &documents {
        definitions(document, &mut kinds, &mut findings);
    }
    (kinds, findings)
}

fn definitions(document: &Yaml, kinds: &mut Vec<Kind>, findings: &mut Vec<Diagnostic>) {
    match document.get("kind").and_then(Yaml::as_str) {
        Some("CustomResourceDefinition") => definition(document, kinds, findings),
        Some("List" | "CustomResourceDefinitionList") => {
            for item in document.get("items").and_then(Yaml::as_list).unwrap_or_default() {
                definitions(item, kinds, findings);
            }
        }
        _ if matches!(document.kind, YamlKind::Null) => {}
        found => {
            let found = found.map_or_else(|| document.describe().to_owned(), |kind| format!("a `{kind}`"));
            let message = format!("this document is {found}, expected a `CustomResourceDefinition`");
            findings.push(Diagnostic::new(&codes::BAD_SCHEMA, document.span, message));
        }
    }
}

fn definition(document: &Yaml, kinds: &mut Vec<Kind>, findings: &mut Vec<Diagnostic>) {
    let lacks = |what: &str| {
        Diagnostic::new(&codes::BAD_SCHEMA, document.span, format!("a CustomResourceDefinition has no `{what}`"))
    };
    let Some(spec) = document.get("spec") else { return findings.push(lacks("spec")) };
    let Some(group) = spec.get("group").and_then(Yaml::as_str) else { return findings.push(lacks("spec.group")) };
    let Some(kind) = spec.get("names").and_then(|names| names.get("kind")).and_then(Yaml::as_str) else {
        return findings.push(lacks("spec.names.kind"));
    };
    let namespaced = spec.get("scope").and_then(Yaml::as_str) == Some("Namespaced");
    let Some(versions) = spec.get("versions").and_then(Yaml::as_list) else {
        return findings.push(lacks("spec.versions"));
    };
    for version in versions {
        if version.get("served").and_then(Yaml::as_boolean) == Some(false) {
            continue;
        }
        let Some(name) = version.get("name").and_then(Yaml::as_str) else {
            findings.push(lacks("spec.versions[].name"));
            continue;
        };
        let Some(schema) = version.get("schema").and_then(|schema| schema.get("openAPIV3Schema")) else {
            let message = format!("version `{name}` of `{kind}` has no `schema.openAPIV3Schema`");
            findings.push(Diagnostic::new(&codes::BAD_SCHEMA, version.span, message));
            continue;
        };
        let object = object(schema);
        let name_type = format_named("dns-name").map(Rule::Format);
        let name_type = Schema::Leaf(Arc::new(Leaf { base: Base::String, rules: name_type.into_iter().collect() }));
        let api_version = Text::from(format!("{group}/{name}"));
        kinds.push(Kind::rooted(api_version, kind.into(), namespaced, name_type, object));
    }
}

fn object(schema: &Yaml) -> Object {
    let required: Vec<&str> = strings(schema, "required").collect();
    let properties = schema.get("properties").and_then(Yaml::as_map).unwrap_or_default();
    let fields = properties
        .iter()
        .filter_map(|(key, value)| Some((key.as_str()?, value)))
        .map(|(name, value)| (Text::from(name), convert(value), required.contains(&name)))
        .collect();
    Object::new(fields, Vec::new(), says(schema, "x-kubernetes-preserve-unknown-fields"))
}

fn convert(schema: &Yaml) -> Schema {
    if says(schema, "x-kubernetes-int-or-string") {
        return leaf(Base::IntegerOrString, schema);
    }
    match schema.get("type").and_then(Yaml::as_str) {
        Some("boolean") => Schema::Boolean,
        Some("integer") => leaf(Base::Integer, schema),
        Some("number") => leaf(Base::Number, schema),
        Some("string") => leaf(Base::String, schema),
        Some("array") => Schema::List(Arc::new(list(schema))),
        Some("object") => map_or_object(schema),
        _ => Schema::Any,
    }
}

fn map_or_object(schema: &Yaml) -> Schema {
    let has_properties = schema.get("properties").is_some();
    match schema.get("additionalProperties") {
        Some(values) if !has_properties => {
            let values = if values.as_map().is_some() { convert(values) } else { Schema::Any };
            Schema::Map(Arc::new(MapOf { values, keys: None, most_bytes: None }))
        }
        // An object of any kind inside another: its own `apiVersion` decides, which is not known here.
        None if !has_properties
            && (says(schema, "x-kubernetes-preserve-unknown-fields")
                || says(schema, "x-kubernetes-embedded-resource")) =>
        {
            Schema::Map(Arc::new(MapOf { values: Schema::Any, keys: None, most_bytes: None }))
        }
        _ => Schema::Object(Arc::new(object(schema))),
    }
}

fn list(schema: &Yaml) -> List {
    let kind = schema.get("x-kubernetes-list-type").and_then(Yaml::as_str);
    let mut keys: Vec<ListKey> = Vec::new();
    if kind == Some("map") {
        keys.extend(strings(schema, "x-kubernetes-list-map-keys").map(|name| {
            let item = schema.get("items").and_then(|items| items.get("properties")?.get(name)?.get("default"));
            ListKey { field: name.into(), default: item.and_then(Yaml::as_str).map(Text::from) }
        }));
    }
    List {
        items: schema.get("items").map_or(Schema::Any, convert),
        keys: keys.into(),
        is_set: kind == Some("set"),
        least: size(schema, "minItems").unwrap_or(0),
        most: size(schema, "maxItems").unwrap_or(usize::MAX),
    }
}

fn leaf(base: Base, schema: &Yaml) -> Schema {
    let mut rules = Vec::new();
    let words: Vec<Text> = strings(schema, "enum").map(Text::from).collect();
    if !words.is_empty() {
        rules.push(Rule::Word(words.into()));
    }
    let bound = |key| schema.get(key).and_then(Yaml::as_integer);
    if let (Some(_), _) | (_, Some(_)) = (bound("minimum"), bound("maximum")) {
        let (least, most) = (bound("minimum").unwrap_or(i64::MIN), bound("maximum").unwrap_or(i64::MAX));
        // An exclusive bound of an integer is the next integer; of a fraction it is left to the server.
        let step = |key| i64::from(base == Base::Integer && says(schema, key));
        let (least, most) =
            (least.saturating_add(step("exclusiveMinimum")), most.saturating_sub(step("exclusiveMaximum")));
        rules.push(Rule::Range { least, most });
    }
    if let (Some(_), _) | (_, Some(_)) = (size(schema, "minLength"), size(schema, "maxLength")) {
        let (least, most) = (size(schema, "minLength").unwrap_or(0), size(schema, "maxLength").unwrap_or(usize::MAX));
        rules.push(Rule::Length { least, most });
    }
    match schema.get("format").and_then(Yaml::as_str) {
        Some("date-time") => rules.extend(format_named("time").map(Rule::Format)),
        Some("byte") => rules.extend(format_named("base64").map(Rule::Format)),
        _ => {}
    }
    // A pattern that this engine does not read stays the server's.
    if let Some(Ok(pattern)) = schema.get("pattern").and_then(Yaml::as_str).map(Regex::new) {
        rules.push(Rule::Pattern(Box::new(pattern)));
    }
    if rules.is_empty() { Schema::Plain(base) } else { Schema::Leaf(Arc::new(Leaf { base, rules: rules.into() })) }
}

fn strings<'y>(schema: &'y Yaml, key: &str) -> impl Iterator<Item = &'y str> {
    schema.get(key).and_then(Yaml::as_list).unwrap_or_default().iter().filter_map(Yaml::as_str)
}

fn size(schema: &Yaml, key: &str) -> Option<usize> {
    usize::try_from(schema.get(key)?.as_integer()?).ok()
}

fn says(schema: &Yaml, key: &str) -> bool {
    schema.get(key).and_then(Yaml::as_boolean) == Some(true)
}
