//! Names that a service cannot give to what it declares: the language's own, and one for two things.
//!
//! A parameter `tenant` would hide the tenant in every template, a parameter `name` could never be set, and one called as
//! a need is hidden by what that exports. None of it would be noticed where it is written, so it is refused there.

use std::collections::BTreeMap;

use super::form::Form;
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::expression::is_name;
use crate::model::reserved;
use crate::model::scope::spelled;
use crate::source::{Span, Spanned};
use crate::value::Kind;
use crate::vocabulary::{NodeSpec, SERVICE_FILE, TENANT_USES};

/// Refuses names of parameters and needs in the declaration of a service.
pub(super) fn refuse_reserved(form: &Form, service: &str, findings: &mut Findings) {
    let mut parameters: BTreeMap<String, Span> = BTreeMap::new();
    for name in form.children("parameter").filter_map(Form::name) {
        if let Some(why) = taken(&name.value).or_else(|| is_setting(&name.value)) {
            let help = format!("call it by what it says, such as `{service}-{}`", name.value);
            findings.push(refused("parameter", &name, &why).help(help));
        }
        parameters.insert(name.value, name.span);
    }
    for need in form.children("needs") {
        // A text that can be no service's name is told as such where it is looked up.
        let service = need.name().filter(|name| Kind::DnsLabel.parse_plain(&name.value).is_ok());
        let Some(name) = need.text("name").or(service) else { continue };
        if let Some(why) = taken(&name.value) {
            let help = "give what is needed another name to be read by: `needs … name=…`";
            findings.push(refused("need", &name, &why).help(help));
        } else if let Some(parameter) = parameters.get(&name.value) {
            let text = format!("a parameter and a need are both named `{}`", name.value);
            findings.push(
                Diagnostic::new(&codes::DUPLICATE_NAME, name.span, text)
                    .here("hides the parameter")
                    .also(*parameter, "the parameter")
                    .help("rename the parameter, or give what is needed another name to be read by: `needs … name=…`"),
            );
        }
    }
}

fn refused(what: &str, name: &Spanned<String>, why: &str) -> Diagnostic {
    Diagnostic::new(&codes::RESERVED_NAME, name.span, format!("no {what} can be named `{}`", name.value)).here(why)
}

/// What an expression would read by this name instead.
fn taken(name: &str) -> Option<String> {
    let name = spelled(name);
    if let Some(meaning) = reserved::meaning(&name) {
        return Some(format!("expressions read {meaning} by this name"));
    }
    let starts_with_digit = name.starts_with(|first: char| first.is_ascii_digit());
    match is_name(&name) {
        true => None,
        false if starts_with_digit => Some("expressions read a number there".to_owned()),
        false => Some("a word of expressions themselves".to_owned()),
    }
}

/// Whether who uses or needs the service says something else by this name.
fn is_setting(name: &str) -> Option<String> {
    let used = TENANT_USES.iter().find(|child| child.node.name == "service").map(|child| child.node);
    let declared = SERVICE_FILE.child("service").and_then(|service| service.node.child("needs"));
    let places: [Option<&NodeSpec>; 2] = [used, declared.map(|child| child.node)];
    let mut settings = places.into_iter().flatten().filter_map(|node| Some((node.name, node.setting(name)?)));
    settings.next().map(|(node, setting)| format!("`{name}=` of `{node}` says something else: {}", setting.doc))
}
