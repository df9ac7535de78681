//! Reads what watches the services and where their logs go.
//!
//! What one of several watchers alone reads is refused where that one is not named: it would be said and not heard.

use super::form::Form;
use super::platform::text;
use crate::diagnostic::{Diagnostic, Findings, codes, twice};
use crate::model::Logging;
use crate::source::Spanned;

/// What watches the services, and whom Nagios tells.
pub(super) fn read_monitoring(form: &Form, findings: &mut Findings) -> (Vec<String>, String) {
    let mut by: Vec<Spanned<String>> = Vec::new();
    for given in form.values("by") {
        let name = given.map(ToString::to_string);
        match by.iter().find(|known| known.value == name.value) {
            Some(first) => findings.push(twice("in `monitoring`,", first.span, Spanned::new(&name.value, name.span))),
            None => by.push(name),
        }
    }
    let mut contact_group = "admins".to_owned();
    if let Some(given) = form.text("contact-group") {
        if !by.iter().any(|by| by.value == "nagios") && !form.is_faulty("by") {
            findings.push(
                Diagnostic::new(&codes::NOT_ALLOWED_HERE, given.span, "`contact-group` is for `nagios` alone")
                    .here("nobody reads it")
                    .also(form.head, "watched without `nagios`")
                    .help("add `nagios` behind `monitoring`, or leave it out"),
            );
        } else if is_nagios_name(&given.value) {
            contact_group = given.value;
        } else {
            findings.push(
                Diagnostic::new(
                    &codes::WRONG_KIND,
                    given.span,
                    format!("`{}` cannot be the name of a contact group", given.value),
                )
                .here("not a name")
                .help("letters, digits, blanks inside and `-`, `_`, `.`, `:`, `@` are what Nagios takes"),
            );
        }
    }
    (by.into_iter().map(|by| by.value).collect(), contact_group)
}

/// Whether Nagios takes a name: others it refuses with all its configuration.
fn is_nagios_name(name: &str) -> bool {
    let inside = |character: char| character.is_alphanumeric() || " -_.:@".contains(character);
    !name.is_empty() && name.trim() == name && name.chars().all(inside)
}

pub(super) fn read_logging(form: &Form, platform: &str) -> Logging {
    Logging {
        host: text(form, "host").unwrap_or_default(),
        port: form.integer("port").map_or(9200, |port| port.value),
        scheme: text(form, "scheme").unwrap_or_else(|| "https".to_owned()),
        index_prefix: text(form, "index-prefix").unwrap_or_else(|| platform.to_owned()),
        user_prefix: text(form, "user-prefix").unwrap_or_else(|| platform.to_owned()),
        ca: text(form, "ca"),
        span: form.head,
    }
}
