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
        given_scope: &Scope,
        scope: &mut Scope,
        findings: &mut Findings,
    ) -> Option<BTreeMap<String, Sourced<Value>>> {
        let mut parameters = BTreeMap::new();
        let mut complete = true;
        for parameter in &service.parameters {
            let (written, names) = match (settings.get(&parameter.name), &parameter.default) {
                (Some(given), _) => (Some(given), given_scope),
                (None, default) => (default.as_ref(), &*scope),
            };
            let before = findings.len();
            let value = written.and_then(|written| {
                let place = Place { name: &parameter.name, span: written.origin.span, asked: self.asked };
                evaluate_written(&written.value, &parameter.kind, names, &place, findings)
            });
            let value = value.filter(|value| match (&parameter.kind, value.as_str(), written) {
                (Kind::Reference(STORAGE_CLASS), Some(class), Some(written)) => {
                    self.find_class(&Spanned::new(class.to_owned(), written.origin.span), findings).is_some()
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
            } else if parameter.kind == Kind::Texts && written.is_none() && !parameter.required {
                // A block that is not given has nothing in it: templates need not ask.
                let empty = Value::Texts(Box::default());
                scope.set(name.as_str(), scope::value(&empty));
                parameters.insert(name, Sourced::new(empty, parameter.span, Layer::Standard));
            } else {
                let faulty = findings.len() > before;
                complete &= !faulty;
                if !faulty && parameter.required {
                    complete = false;
                    findings.push(self.lacks(service, &parameter.name, parameter.span, &parameter.doc));
                }
                reserved::declare(scope, &name, Object::from(()));
            }
        }
        complete.then_some(parameters)
    }

    fn lacks(&self, service: &Service, parameter: &str, declared: Span, doc: &str) -> Diagnostic {
        let text = format!("the service `{}` lacks its parameter `{parameter}`", service.name);
        let explained = if doc.is_empty() { String::new() } else { format!(": {doc}") };
        let finding = Diagnostic::new(&codes::MISSING, self.used, text).here("asked for here");
        let finding = if self.asked == self.used { finding } else { finding.also(self.asked, "for this one") };
        finding.also(declared, "required here").help(format!("add `{parameter}=…`{explained}"))
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
                let text = self.demand("warn", &warning.text, &Kind::Text, scope, findings)?;
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
