//! The parameters of an instance: what it was given, and the defaults of its service for the rest.

use std::collections::BTreeMap;

use minijinja::Value as Object;

use super::Settings;
use super::seat::Seat;
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::expression::Scope;
use crate::model::reserved;
use crate::model::scope::{self, spelled};
use crate::model::{DefaultWarning, Instance, Layer, Parameter, STORAGE_CLASS, Service, Sourced};
use crate::resolve::bounds::is_within;
use crate::resolve::evaluate::{Place, evaluate_written};
use crate::source::{Span, Spanned};
use crate::value::{Kind, Value};

impl Seat<'_> {
    /// Every parameter in the order of the declaration; each is in scope for the ones below it.
    pub(super) fn read_parameters(
        &self,
        service: &Service,
        settings: &Settings,
        need: Option<Span>,
        given_scope: &Scope,
        scope: &mut Scope,
        findings: &mut Findings,
    ) -> Option<BTreeMap<String, Sourced<Value>>> {
        let mut parameters = BTreeMap::new();
        let mut complete = true;
        let mut lacking = Vec::new();
        for parameter in &service.parameters {
            let (written, names) = match (settings.get(&parameter.name), &parameter.default) {
                (Some(given), _) => (Some(given), given_scope),
                // A default may read any of the parameters, also one whose declaration is not understood.
                (None, default) => (default.as_ref().filter(|_| service.unread.is_empty()), &*scope),
            };
            let before = findings.len();
            let value = written.and_then(|written| {
                let place = Place { name: &parameter.name, span: written.origin.span, asked: self.asked };
                evaluate_written(&written.value, &parameter.kind, names, &place, findings)
            });
            let value = value.filter(|value| match (&parameter.kind, value.as_str(), written) {
                (Kind::Reference(STORAGE_CLASS), Some(class), Some(written)) => {
                    let class = Spanned::new(class.to_owned(), written.origin.span);
                    let is_default = !settings.contains_key(&parameter.name);
                    self.find_class(&class, service, is_default.then_some(parameter), findings).is_some()
                }
                _ => true,
            });
            let value = value.filter(|value| {
                written.is_none_or(|written| is_within(parameter, value, written, self.asked, findings))
            });
            let name = spelled(&parameter.name);
            if let (Some(value), Some(written)) = (value, written) {
                reserved::declare(scope, &name, scope::value(&value));
                parameters.insert(name, Sourced { value, origin: written.origin });
            } else if parameter.kind.each().is_some() && written.is_none() && !parameter.required {
                // A block that is not given has nothing in it: templates need not ask.
                let empty = Value::Texts(Box::default());
                scope.set(name.as_str(), scope::value(&empty));
                parameters.insert(name, Sourced::new(empty, parameter.span, Layer::Standard));
            } else {
                let faulty = findings.len() > before;
                complete &= !faulty;
                if !faulty && parameter.required && parameter.default.is_none() {
                    lacking.push(parameter);
                }
                reserved::declare(scope, &name, Object::from(()));
            }
        }
        if !lacking.is_empty() {
            findings.push(self.lacks(service, &lacking, need));
            return None;
        }
        complete.then_some(parameters)
    }

    fn lacks(&self, service: &Service, lacking: &[&Parameter], need: Option<Span>) -> Diagnostic {
        let text = format!("the service `{}` lacks its {}", service.name, Parameter::count(lacking));
        let place = need.unwrap_or(self.used);
        let finding = Diagnostic::new(&codes::MISSING, place, text).here("asked for here");
        let finding = if self.asked == place { finding } else { finding.also(self.asked, "for this one") };
        let required = |finding: Diagnostic, parameter: &&Parameter| finding.also(parameter.span, "required here");
        lacking.iter().fold(finding, required).help(Parameter::way_to_give(lacking))
    }

    /// Says what does not go with the rest, of values that somebody gave: of each the first thing.
    pub(super) fn refuse(
        &self,
        service: &Service,
        parameters: &BTreeMap<String, Sourced<Value>>,
        scope: &Scope,
        findings: &mut Findings,
    ) -> Option<()> {
        let before = findings.len();
        for parameter in service.parameters.iter().filter(|parameter| !parameter.refusals.is_empty()) {
            let is_default = |given: &Sourced<Value>| {
                parameter.default.as_ref().is_some_and(|default| default.origin.span == given.origin.span)
            };
            let given = parameters.get(&spelled(&parameter.name)).filter(|given| !is_default(given));
            // A block that nobody gave is there all the same, and has nothing in it.
            let Some(given) = given.filter(|given| given.origin.span != parameter.span) else { continue };
            for refusal in &parameter.refusals {
                if !self.holds("if", refusal.condition.as_ref(), true, scope, findings)? {
                    continue;
                }
                let text = self.demand("refuse", &refusal.text, &Kind::Line, scope, findings)?;
                let place = Place { name: &parameter.name, span: given.origin.span, asked: self.asked };
                let message = format!("`{}`: {text}", parameter.name);
                let finding = Diagnostic::new(&codes::WRONG_KIND, place.span, message).help_if(refusal.help.clone());
                findings.push(place.also(finding));
                break;
            }
        }
        (findings.len() == before).then_some(())
    }

    /// What is said of a parameter that nobody gave: who gave it knows what it means.
    pub(super) fn read_warnings(
        &self,
        parameter: &Parameter,
        instance: &mut Instance,
        scope: &Scope,
        findings: &mut Findings,
    ) -> Option<()> {
        let given = instance.parameters.get(&spelled(&parameter.name));
        if given.is_some_and(|given| given.origin.layer != Layer::Standard) {
            return Some(());
        }
        for warning in &parameter.warnings {
            if self.holds("if", warning.condition.as_ref(), true, scope, findings)? {
                let text = self.demand("warn", &warning.text, &Kind::Line, scope, findings)?;
                instance.warnings.push(DefaultWarning {
                    parameter: parameter.name.clone(),
                    text: text.to_string(),
                    help: warning.help.clone(),
                    span: warning.text.span,
                });
            }
        }
        Some(())
    }
}
