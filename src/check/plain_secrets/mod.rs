//! Secrets in plain text: in the parameters of services, and in what templates write into objects.
//!
//! What stands in Git is known to all who ever cloned it. Templates are looked at as they are written, each once however
//! many objects it becomes, and a value of the spec where it was given; what an expression brings was looked at there.

mod arguments;
mod looks;

use std::collections::BTreeSet;

use self::arguments::secret_argument;
use self::looks::{is_value, names_a_secret, secret_in};
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::lower::Library;
use crate::model::{Layer, Model, Service, Written};
use crate::source::Span;
use crate::value::Value;
use crate::yaml::{Yaml, YamlKind};

/// The kind of object that holds secrets and nothing else, and the fields it holds them in.
const SECRET: (&str, [&str; 2]) = ("Secret", ["data", "stringData"]);

const OUT_OF_GIT: &str = "let the service declare it, `secret NAME { generated KEY; }` or `provided KEY doc=\"…\"`, and change what \
     is written here wherever it is in use: Git keeps it";

/// Looks through all templates, and through the values of all services.
pub fn check_plain_secrets(model: &Model, library: &Library, findings: &mut Findings) {
    for document in library.templates().flat_map(|template| &template.documents) {
        look_into(document.written(), &mut Vec::new(), findings);
    }
    for service in &model.services {
        look_at_defaults(service, findings);
    }
    // What defaults give to many tenants is one mistake.
    let mut told = BTreeSet::new();
    for tenant in &model.tenants {
        for instance in &tenant.instances {
            instance.visit(&mut |instance| {
                let given = instance.parameters.iter().filter(|(_, given)| given.origin.layer != Layer::Standard);
                for (name, given) in given {
                    let found = look_at_value(name, &given.value, given.origin.span);
                    let inside = look_at_texts(name, &given.value, &model[instance.service]);
                    for finding in found.into_iter().chain(inside) {
                        if told.insert(finding.span) {
                            findings.push(finding.of(&tenant.name));
                        }
                    }
                }
            });
        }
    }
}

/// What a service gives itself, those it needs and those that need it.
fn look_at_defaults(service: &Service, findings: &mut Findings) {
    let defaults =
        service.parameters.iter().filter_map(|parameter| Some((&parameter.name, parameter.default.as_ref()?)));
    let handed_on = service.needs.iter().flat_map(|need| &need.settings);
    for (name, given) in defaults.chain(handed_on) {
        if let Written::Value(value) = &given.value {
            findings.extend(look_at_value(name, value, given.origin.span));
        }
    }
    for export in &service.exports {
        if let Written::Value(value) = &export.value.value {
            findings.extend(look_at_value(&export.name, value, export.value.span));
        }
    }
}

fn look_at_value(name: &str, value: &Value, span: Span) -> Option<Diagnostic> {
    match value {
        Value::Text(text) => look_at_text(&name.replace('_', "-"), text, span)
            .or_else(|| secret_argument(text).and_then(|(name, value)| look_at_text(name, value, span))),
        Value::List(list) => list.iter().find_map(|value| look_at_value(name, value, span)),
        _ => None,
    }
}

/// The texts of a block, each called as its name says; where the block lists keys, its texts say what they are.
fn look_at_texts(name: &str, value: &Value, service: &Service) -> Vec<Diagnostic> {
    let lists_keys = service.secrets.iter().any(|secret| secret.provided_by.as_deref() == Some(name));
    let texts = value.as_texts().into_iter().flatten();
    let placed = texts.filter_map(|(name, (text, span))| Some((name, text, (*span)?)));
    let look = if lists_keys { look_at_doc } else { look_at_text };
    placed.filter_map(|(name, text, span)| look(name, text, span)).collect()
}

/// What a key is said to be, which goes into a list for people: one long word with digits is the secret itself.
fn look_at_doc(name: &str, text: &str, span: Span) -> Option<Diagnostic> {
    if secret_in(text).is_none() && !is_value(text) {
        return None;
    }
    let message = format!("what stands here for `{name}` looks like the secret itself");
    Some(
        Diagnostic::new(&codes::PLAIN_SECRET, span, message)
            .here("everybody who can read this knows it")
            .help("say in words what it is and who knows it; people put the value into the secret store. Change what is written here wherever it is in use: Git keeps it"),
    )
}

/// A text and its name; its value is never said.
fn look_at_text(name: &str, text: &str, span: Span) -> Option<Diagnostic> {
    let (message, label) = match secret_in(text) {
        Some(what) => (format!("{what} stands in `{name}` in plain text"), "everybody who can read this knows it"),
        None if names_a_secret(name, text) => (
            format!("`{name}` is a secret, and its value stands here in plain text"),
            "everybody who can read this knows it",
        ),
        None => return None,
    };
    Some(Diagnostic::new(&codes::PLAIN_SECRET, span, message).here(label).help(OUT_OF_GIT))
}

/// A part of a template, with the keys on the way to it.
fn look_into<'y>(node: &'y Yaml, way: &mut Vec<&'y str>, findings: &mut Findings) {
    match &node.kind {
        YamlKind::Map(entries) => {
            if way.is_empty() && node.get("kind").and_then(Yaml::as_str) == Some(SECRET.0) {
                findings.extend(refuse_object(node));
                return;
            }
            // The value of a variable is called as its name says, not `value`.
            let named = node.get("name").and_then(Yaml::as_str);
            for (key, value) in entries {
                let key = key.as_str().unwrap_or_default();
                way.push(named.filter(|_| key == "value").unwrap_or(key));
                look_into(value, way, findings);
                way.pop();
            }
        }
        YamlKind::List(items) => items.iter().for_each(|item| look_into(item, way, findings)),
        YamlKind::String { text, .. } => {
            let name = way.last().copied().unwrap_or_default();
            findings.extend(look_at_text(name, text, node.span).or_else(|| look_at_settings(text, node.span)));
        }
        YamlKind::Null | YamlKind::Boolean(_) | YamlKind::Integer(_) | YamlKind::Float(_) => {}
    }
}

/// `--password=geheim` of a command, and the lines `password = geheim` of a file in a map of files.
fn look_at_settings(text: &str, span: Span) -> Option<Diagnostic> {
    text.lines().find_map(|line| {
        let (name, value) = line.split_once(['=', ':'])?;
        let name = name.trim().trim_start_matches('-').trim_matches(['"', '\'']);
        let value = value.trim().trim_end_matches([',', ';']).trim_matches(['"', '\'']);
        let is_setting = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
        let is_value = value.bytes().all(|byte| !matches!(byte, b'(' | b')' | b'$' | b'[' | b'{' | b'>' | b'<'));
        (is_setting && is_value).then(|| look_at_text(name, value, span))?
    })
}

/// Certificates of authorities are no secrets, and come from files that were looked at.
fn is_public(value: &Yaml) -> bool {
    let inside = value.as_str().and_then(|text| text.strip_prefix("{{")?.strip_suffix("}}")).map(str::trim);
    let is_path = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'));
    let is_endpoint = |path: &str| {
        let name = path.strip_prefix("platform.endpoints.").and_then(|rest| rest.strip_suffix(".ca"));
        name.is_some_and(is_path)
    };
    inside.is_some_and(|path| path == "namespace.authorities.certificates" || is_endpoint(path))
}

/// An object that is there to hold secrets holds none of ours: what is in it went through Git or the compiler.
fn refuse_object(object: &Yaml) -> Option<Diagnostic> {
    let field = SECRET.1.iter().find(|field| {
        let is_filled =
            |values: &Yaml| values.as_map().is_none_or(|entries| !entries.iter().all(|(_, value)| is_public(value)));
        object.get(field).is_some_and(is_filled)
    })?;
    let place = object.get(field).map_or(object.span, |values| values.span);
    let text = format!("a template writes the `{field}` of a `{}`", SECRET.0);
    Some(
        Diagnostic::new(&codes::PLAIN_SECRET, place, text)
            .here("it would lie in Git for everybody to read")
            .help("declare it in the service, `secret NAME { generated KEY; }` or `provided KEY doc=\"…\"`: the objects that fetch it come from there"),
    )
}
