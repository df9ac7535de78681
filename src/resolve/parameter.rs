//! Reads the parameters that a service declares: of which kind each is, its default, its bounds and what is said of it.

use super::bounds::{read_bounds, refuse_default_out_of_bounds};
use super::form::{Form, Given, Written as Read};
use super::library::{condition, written};
use super::names::Names;
use super::platform::text;
use crate::diagnostic::{Diagnostic, Findings, codes, did_you_mean};
use crate::model::{Layer, Parameter, ParameterWarning, STORAGE_CLASS, Service, Sourced, Unread, Written};
use crate::source::Spanned;
use crate::value::Kind;

/// What a `warn` or a `refuse` says, and when.
fn read_warning(form: &Form) -> Option<ParameterWarning> {
    let said = form.given("text").and_then(written)?;
    // When it is said is always written; what is not understood is not said at all.
    let condition = condition(form)?;
    Some(ParameterWarning { text: said, condition: Some(condition), help: text(form, "help") })
}

/// The parameters that a service declares, and those of them that are not understood.
pub(super) fn read_parameters(form: &Form, findings: &mut Findings) -> (Vec<Parameter>, Unread) {
    let mut names = Names::new("parameter");
    let mut parameters = Vec::new();
    for declared in form.children("parameter") {
        let Some(name) = names.of(declared) else { continue };
        if !names.declare(&name, parameters.len(), findings) {
            continue;
        }
        match read_parameter(declared, &name.value, findings) {
            Some(parameter) => parameters.push(parameter),
            None => names.leave_out(name.value),
        }
    }
    (parameters, names.into_unread())
}

fn read_parameter(form: &Form, name: &str, findings: &mut Findings) -> Option<Parameter> {
    let kind = read_kind(&form.text("type")?, form, "value", findings)?;
    let default = match form.given("default") {
        Some(Given { span, written: Read::Raw(raw) }) => match raw.read(name, &kind, true, findings) {
            Read::Value(value) => Some(Sourced::new(Written::Value(value), *span, Layer::Standard)),
            Read::Scalar(scalar) => Some(Sourced::new(Written::Scalar(scalar), *span, Layer::Standard)),
            Read::Raw(_) | Read::Faulty => None,
        },
        _ => None,
    };
    let mut parameter = Parameter {
        name: name.to_owned(),
        bounds: read_bounds(form, &kind, findings),
        kind,
        required: form.boolean("required").unwrap_or(false),
        default,
        doc: text(form, "doc").unwrap_or_default(),
        warnings: form.children("warn").filter_map(read_warning).collect(),
        refusals: form.children("refuse").filter_map(read_warning).collect(),
        span: form.head,
    };
    refuse_default_out_of_bounds(&mut parameter, findings);
    Some(parameter)
}

/// The kind that a `type` names; an `enum` takes its values from the children.
pub(super) fn read_kind(name: &Spanned<String>, form: &Form, values: &str, findings: &mut Findings) -> Option<Kind> {
    if name.value == "enum" {
        let mut allowed: Vec<String> =
            form.children(values).filter_map(|value| value.name().map(|name| name.value)).collect();
        allowed.extend(form.values("values").map(|given| given.value.to_string()));
        if allowed.is_empty() {
            findings.push(
                Diagnostic::new(&codes::MISSING, form.head, "an `enum` has no values")
                    .help(format!("list them inside: `{{ {values} small; {values} large }}`")),
            );
            return None;
        }
        return Some(Kind::OneOf(allowed));
    }
    if name.value == STORAGE_CLASS {
        return Some(Kind::Reference(STORAGE_CLASS));
    }
    let kind = Kind::by_name(&name.value);
    if kind.is_none() {
        findings.push(
            Diagnostic::new(&codes::UNRESOLVED, name.span, format!("there is no type `{}`", name.value))
                .here("not a kind of value")
                .help_if(did_you_mean(&name.value, Kind::names().chain([STORAGE_CLASS]))),
        );
    }
    kind
}

/// The parameter of a service by name; says so where there is none.
pub(super) fn find_parameter<'s>(
    service: &'s Service,
    name: &Spanned<String>,
    findings: &mut Findings,
) -> Option<&'s Parameter> {
    let found = service.parameters.iter().find(|parameter| parameter.name == name.value);
    if found.is_none() && !service.unread.may_hold(&name.value) {
        let known = service.parameters.iter().map(|parameter| parameter.name.as_str());
        let text = format!("the service `{}` has no parameter `{}`", service.name, name.value);
        let mut diagnostic = Diagnostic::new(&codes::UNKNOWN_PROPERTY, name.span, text)
            .here("not a parameter")
            .help_if(did_you_mean(&name.value, known.clone()));
        if let Some(near) = crate::diagnostic::nearest(&name.value, known) {
            diagnostic = diagnostic.fix(format!("write `{near}`"), name.span, near);
        }
        findings.push(diagnostic);
    }
    found
}
