//! The least and the most that a parameter takes: read from its declaration, held against every value it is given.
//!
//! No pods, a port of 70000 or a volume of ten bytes are of the right kind and make no sense. Without bounds the fault
//! would come up in a template, or only in the cluster, and be blamed on what the user never wrote.

use super::evaluate::Place;
use super::form::{Form, Given, Written as Read};
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::model::{Bounds, Parameter, Sourced, Written};
use crate::source::Span;
use crate::value::{Kind, Quantity, Range, Style, Value};

/// Reads `least=…` and `most=…` as the kind of their parameter; the ends of a range are counts.
pub(super) fn read_bounds(form: &Form, kind: &Kind, findings: &mut Findings) -> Bounds {
    let kind = match kind {
        Kind::Integer { .. } | Kind::Quantity | Kind::Duration => Some(kind),
        Kind::Range => Some(&Kind::COUNT),
        _ => None,
    };
    let mut end = |name: &'static str| {
        let Given { span, written: Read::Raw(raw) } = form.given(name)? else { return None };
        let Some(kind) = kind else {
            let text = format!("`{name}` is a bound of numbers");
            let help = "remove it, or declare an `integer`, a `quantity`, a `range` or a `duration`";
            findings.push(
                Diagnostic::new(&codes::NOT_ALLOWED_HERE, *span, text).here("bounds what is not counted").help(help),
            );
            return None;
        };
        match raw.read(name, kind, false, findings) {
            Read::Value(value) => Some(value),
            Read::Scalar(_) | Read::Raw(_) | Read::Faulty => None,
        }
    };
    let bounds = Bounds { least: end("least"), most: end("most") };
    if let (Some(least), Some(most)) = (&bounds.least, &bounds.most)
        && below(most, least)
    {
        let text = format!("`least` is `{least}` and `most` is `{most}`: no value is between them");
        findings.push(Diagnostic::new(&codes::WRONG_KIND, form.head, text).here("takes no value at all"));
    }
    bounds
}

/// A default that is no expression is held to the bounds where it stands, whether anybody uses it or not.
pub(super) fn refuse_default_out_of_bounds(parameter: &mut Parameter, findings: &mut Findings) {
    let Some(default) = &parameter.default else { return };
    let Written::Value(value) = &default.value else { return };
    if !is_within(parameter, value, default, parameter.span, findings) {
        parameter.default = None;
    }
}

/// Whether a value is within the bounds of its parameter; says so where it is not.
pub(super) fn is_within(
    parameter: &Parameter,
    value: &Value,
    written: &Sourced<Written>,
    asked: Span,
    findings: &mut Findings,
) -> bool {
    let Bounds { least, most } = &parameter.bounds;
    let (low, high) = ends(value);
    let fault = if let Some(least) = least.as_ref().filter(|least| below(&low, least)) {
        format!("less than `{least}`, the least there can be")
    } else if let Some(most) = most.as_ref().filter(|most| below(most, &high)) {
        format!("more than `{most}`, the most there can be")
    } else {
        return true;
    };
    let goes = if matches!(value, Value::Range(_)) { "goes to" } else { "is" };
    let text = format!("`{}`: `{value}` {goes} {fault}", parameter.name);
    let place = Place { name: &parameter.name, span: written.origin.span, asked };
    let mut finding = Diagnostic::new(&codes::WRONG_KIND, place.span, text).here("out of bounds");
    if let Some(meant) = with_unit(value, &parameter.bounds) {
        finding = finding.help(format!("did you mean `{meant}`?"));
        // An expression is mended by who wrote it.
        if matches!(written.value, Written::Value(_)) {
            finding = finding.fix(format!("write `\"{meant}\"`"), place.span, format!("\"{meant}\""));
        }
    }
    let finding = place.also(finding);
    let beside = parameter.span.file == place.span.file
        && (parameter.span.start..parameter.span.end).contains(&place.span.start);
    findings.push(if beside { finding } else { finding.also(parameter.span, "its bounds are declared here") });
    false
}

/// The lowest and the highest of what a value says.
fn ends(value: &Value) -> (Value, Value) {
    let count = |end: u32| Value::Integer(i64::from(end));
    match value {
        Value::Range(range) => (count(Range::minimum(*range)), count(Range::maximum(*range))),
        other => (other.clone(), other.clone()),
    }
}

/// Whether one is below the other, where they can be compared.
fn below(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Integer(one), Value::Integer(other)) => one < other,
        (Value::Quantity(one), Value::Quantity(other)) => one < other,
        (Value::Duration(one), Value::Duration(other)) => one < other,
        _ => false,
    }
}

/// `512` where at least `16Mi` are wanted: the number with the first unit that takes it over the least.
fn with_unit(value: &Value, bounds: &Bounds) -> Option<Quantity> {
    let (number, least) = (value.as_quantity()?, bounds.least.as_ref()?.as_quantity()?);
    let units = number.as_units().filter(|units| (1..=9_999).contains(units))?;
    if least.style() != Style::Binary {
        return None;
    }
    let most = bounds.most.as_ref().and_then(Value::as_quantity).unwrap_or(Quantity::BOUNDLESS);
    let with = |unit: &str| Quantity::parse(&format!("{units}{unit}")).ok();
    ["Mi", "Gi"].into_iter().filter_map(with).find(|meant| (least..=most).contains(meant))
}
