//! What is said of a name that the vocabulary does not have in its place: where it stands, or which one was meant.

use crate::diagnostic::{Code, Diagnostic, codes, did_you_mean, nearest};
use crate::source::Spanned;
use crate::vocabulary::{NodeSpec, SERVICE_FILE, WORKSPACE, places_of};

/// A node that the language has, and not in this place; none where a name that belongs here is as near.
pub(super) fn misplaced(name: &Spanned<String>, spec: &NodeSpec) -> Option<Diagnostic> {
    if nearest(&name.value, spec.names_inside()).is_some() {
        return None;
    }
    let places = places_of(&name.value);
    if places.is_empty() {
        return None;
    }
    let stands = places.iter().copied().map(describe_place).collect::<Vec<_>>().join(", ");
    let text = format!("`{}` does not stand {}", name.value, describe_place(spec.name));
    let finding = Diagnostic::new(&codes::NOT_ALLOWED_HERE, name.span, text).here(format!("it stands {stands}"));
    let help = match places.as_slice() {
        [place] if spec.names_inside().any(|inside| inside == *place) => {
            Some(format!("write it inside the braces: `{place} … {{ {} … }}`", name.value))
        }
        places if places.contains(&SERVICE_FILE.name) => Some(format!(
            "a {0} is declared in `services/NAME/service.kdl`; inside a tenant or `defaults` a line `{0} NAME` uses it",
            name.value
        )),
        _ => None,
    };
    Some(finding.help_if(help))
}

fn describe_place(node: &str) -> String {
    match node {
        node if node == WORKSPACE.name => "at the top of a file".to_owned(),
        node if node == SERVICE_FILE.name => "at the top of a `service.kdl`".to_owned(),
        node => format!("in `{node}`"),
    }
}

pub(super) fn unknown(code: &'static Code, what: &str, name: &Spanned<String>, spec: &NodeSpec) -> Diagnostic {
    let place = describe_place(spec.name);
    let with_colon = name.value.strip_suffix(':').map(|bare| {
        format!("no `:` stands behind a name: write `{bare} …`; what belongs to a node stands in its braces")
    });
    let diagnostic = Diagnostic::new(code, name.span, format!("there is no {what} `{}` {place}", name.value))
        .here("not known here")
        .help_if(did_you_mean(&name.value, spec.names_inside()))
        .help_if(with_colon);
    match nearest(&name.value, spec.names_inside()) {
        Some(known) => diagnostic.fix(format!("write `{known}`"), name.span, known),
        None => diagnostic,
    }
}

pub(super) fn did_you_mean_setting(spec: &NodeSpec) -> String {
    match spec.settings.first() {
        Some(first) => format!("its settings have names: `{}=…`", first.name),
        None => format!("what belongs to it stands in braces: `{} {{ … }}`", spec.name),
    }
}
