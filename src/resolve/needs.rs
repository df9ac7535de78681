//! Links services with those they need: each name is found, what is embedded gets all it asks for, and none needs itself.
//!
//! What embeds something that is not whole is not whole either, so nothing is made of it and nothing is told of what would
//! be missing in it.

use std::collections::BTreeMap;

use super::form::Form;
use super::library::{condition, written};
use super::names::Names;
use super::parameter::find_parameter;
use super::setting::read_setting;
use super::shared::may_share;
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::model::{Layer, Needs, Parameter, Service, ServiceId, Sourced};

/// Gives each service what its form says that it needs.
pub(super) fn link(services: &mut [Service], forms: &[&Form], names: &Names, findings: &mut Findings) {
    for (at, form) in forms.iter().enumerate() {
        let read = read_needs(form, services, names, findings);
        services[at].is_whole &= read.len() == form.children("needs").count();
        services[at].needs = read;
    }
    refuse_cycles(services, findings);
    refuse_incomplete_needs(services, findings);
    spread_faults(services);
}

fn read_needs(form: &Form, services: &[Service], names: &Names, findings: &mut Findings) -> Vec<Needs> {
    let mut taken = Names::new("need");
    let mut needs = Vec::new();
    for need in form.children("needs") {
        let Some(service) = need.name() else { continue };
        let Some(index) = names.find_exactly(&service, findings) else { continue };
        let name = need.text("name").unwrap_or_else(|| service.clone());
        if !taken.declare(&name, needs.len(), findings) {
            continue;
        }
        let mut settings = BTreeMap::new();
        let before = findings.len();
        for entry in &need.open {
            let Some(parameter) = find_parameter(&services[index], &entry.name, findings) else { continue };
            if let Some(written) = read_setting(entry, parameter, findings) {
                settings.insert(parameter.name.clone(), Sourced::new(written.value, written.span, Layer::Standard));
            }
        }
        let shared = need.given("shared").and_then(written);
        let shared = shared.filter(|shared| may_share(shared, need, &services[index], findings));
        let condition = condition(need);
        let is_faulty = findings.len() > before || settings.len() < need.open.len();
        needs.push(Needs {
            service: ServiceId(index),
            name: name.value,
            settings,
            shared,
            condition,
            is_faulty,
            span: need.head,
        });
    }
    needs
}

/// What is embedded gets its values from the `needs` alone: a required one that is not among them is given by nobody.
fn refuse_incomplete_needs(services: &mut [Service], findings: &mut Findings) {
    for at in 0..services.len() {
        let mut is_whole = true;
        // Of a shared one the tenant gives the values.
        for need in services[at].needs.iter().filter(|need| need.shared.is_none()) {
            let needed = &services[need.service.0];
            let is_lacking = |parameter: &&Parameter| {
                parameter.required && parameter.default.is_none() && !need.settings.contains_key(&parameter.name)
            };
            let lacking: Vec<&Parameter> = needed.parameters.iter().filter(is_lacking).collect();
            if lacking.is_empty() || !needed.is_whole || need.is_faulty {
                continue;
            }
            let text = format!("`needs {}` lacks the {}", needed.name, Parameter::count(&lacking));
            let finding = Diagnostic::new(&codes::MISSING, need.span, text).here("nobody else can give it");
            let required = |finding: Diagnostic, parameter: &&Parameter| finding.also(parameter.span, "required here");
            findings.push(lacking.iter().fold(finding, required).help(Parameter::way_to_give(&lacking)));
            is_whole = false;
        }
        services[at].is_whole &= is_whole;
    }
}

/// What embeds something that is not whole is not whole either.
fn spread_faults(services: &mut [Service]) {
    loop {
        let faulty = |at: &usize| {
            services[*at].is_whole && services[*at].needs.iter().any(|need| !services[need.service.0].is_whole)
        };
        let Some(at) = (0..services.len()).find(faulty) else { return };
        services[at].is_whole = false;
    }
}

/// A service that needs itself, over others or not, is cut there and reported.
fn refuse_cycles(services: &mut [Service], findings: &mut Findings) {
    for start in 0..services.len() {
        let mut path = vec![start];
        if find_cycle(services, start, start, &mut path) {
            let round = || path.iter().zip(path.iter().skip(1).chain([&start]));
            let way: Vec<&str> = path.iter().chain([&start]).map(|at| services[*at].name.as_str()).collect();
            let mut steps = round().filter_map(|(from, to)| {
                services[*from].needs.iter().find(|need| need.service.0 == *to).map(|need| need.span)
            });
            let span = steps.next().unwrap_or(services[start].span);
            let finding = Diagnostic::new(&codes::CYCLIC, span, format!("`{}` needs itself", services[start].name))
                .here(format!("by way of {}", way.join(" -> ")))
                .help("remove one of these `needs`: a service is embedded in the one that needs it, and none of them is the innermost");
            findings.push(steps.fold(finding, |finding, span| finding.also(span, "and so on here")));
            // Cut open, so that what else is on the way is not told the same; nothing is made of any of them.
            for at in &path {
                services[*at].is_whole = false;
            }
            services[start].needs.clear();
        }
    }
}

fn find_cycle(services: &[Service], start: usize, at: usize, path: &mut Vec<usize>) -> bool {
    for need in &services[at].needs {
        let next = need.service.0;
        if next == start {
            return true;
        }
        if !path.contains(&next) {
            path.push(next);
            if find_cycle(services, start, next, path) {
                return true;
            }
            path.pop();
        }
    }
    false
}
