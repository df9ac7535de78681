//! Reads the Secrets that a service declares: keys that are made up once, and keys that people fill in.
//!
//! A key stands once in its Secret, whoever fills it; a Secret without keys would wait for nothing.

use super::form::Form;
use super::platform::text;
use crate::diagnostic::{Diagnostic, Findings, codes, did_you_mean, twice};
use crate::model::scope::spelled;
use crate::model::{Condition, GeneratedKey, Parameter, ProvidedKey, Secret};
use crate::source::{Span, Spanned};
use crate::value::Kind;

/// Letters and digits in a made up value unless its length is given: more than anyone tries out.
const LENGTH: i64 = 32;

pub(super) fn read_secret(
    form: &Form,
    name: String,
    condition: Condition,
    provided_by: Option<String>,
    findings: &mut Findings,
) -> Secret {
    let span = form.head;
    let mut secret = Secret { name, generated: Vec::new(), provided: Vec::new(), provided_by, condition, span };
    let mut taken: Vec<(String, Span)> = Vec::new();
    for node in form.children("generated") {
        let length = node.integer("length").map_or(LENGTH, |length| length.value);
        let names = take_keys(node, &mut taken, findings);
        secret.generated.extend(names.into_iter().map(|name| GeneratedKey { name, length }));
    }
    for node in form.children("provided") {
        let doc = text(node, "doc").unwrap_or_default();
        let names = take_keys(node, &mut taken, findings);
        secret.provided.extend(names.into_iter().map(|name| ProvidedKey { name, doc: doc.clone() }));
    }
    let asks = form.children("generated").chain(form.children("provided")).next().is_some()
        || form.given("provided-by").is_some();
    if !asks {
        findings.push(
            Diagnostic::new(&codes::MISSING, form.head, format!("the secret `{}` has no keys", secret.name))
                .here("nothing stands in it")
                .help("write `generated KEY` for a value that is made up, `provided KEY doc=\"…\"` for one that people know"),
        );
    }
    secret
}

/// The parameter whose names are keys, as expressions spell it.
pub(super) fn find_texts(by: &Spanned<String>, parameters: &[Parameter], findings: &mut Findings) -> Option<String> {
    let found = parameters.iter().find(|parameter| parameter.name == by.value);
    if found.is_some_and(|parameter| parameter.kind == Kind::Texts) {
        return Some(spelled(&by.value));
    }
    let texts = parameters.iter().filter(|parameter| parameter.kind == Kind::Texts);
    let text = format!("`{}` is no parameter of the kind `texts`", by.value);
    let finding = Diagnostic::new(&codes::UNRESOLVED, by.span, text)
        .here("its names would be the keys")
        .help_if(did_you_mean(&by.value, texts.map(|parameter| parameter.name.as_str())));
    findings.push(found.into_iter().fold(finding, |finding, found| finding.also(found.span, "declared here")));
    None
}

/// The keys of one node that were not there before.
fn take_keys(node: &Form, taken: &mut Vec<(String, Span)>, findings: &mut Findings) -> Vec<String> {
    let mut names = Vec::new();
    for given in node.values("key") {
        let name = given.value.to_string();
        if let Some((_, first)) = taken.iter().find(|(known, _)| *known == name) {
            findings.push(twice("in this secret,", *first, Spanned::new(&name, given.span)));
            continue;
        }
        taken.push((name.clone(), given.span));
        names.push(name);
    }
    names
}
