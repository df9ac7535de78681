//! Services that a tenant has once and others share: a database server for all its schools.
//!
//! A `needs` that says so embeds nothing: it names the tenant's one instance of the service, in a namespace of its own.
//! That instance is laid out last, when everyone who needs it is known; so what it exports is read before it is there,
//! and may name only itself, the tenant, the cluster and the platform.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::form::Form;
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::model::scope::spelled;
use crate::model::{Instance, Service, ServiceId, Use, Written};
use crate::source::{Span, Spanned};
use crate::value::Value;

/// What an export of a shared service may read.
const KNOWN_TO_EXPORTS: [&str; 4] = ["service", "tenant", "cluster", "platform"];

/// Whether a `needs` may say `shared` of a service; says so where it may not.
pub(super) fn may_share(shared: &Spanned<Written>, need: &Form, service: &Service, findings: &mut Findings) -> bool {
    if service.shared.is_none() {
        let text = format!("the service `{}` is not one that a tenant shares", service.name);
        findings.push(
            Diagnostic::new(&codes::NOT_ALLOWED_HERE, shared.span, text)
                .here("asks for the tenant's one instance")
                .also(service.span, "declared without `shared NAME`")
                .help(
                    "leave `shared` out to embed it, or let the service say its name among shared ones: `shared NAME`",
                ),
        );
        return false;
    }
    if let (Written::Value(Value::Boolean(true)), Some(entry)) = (&shared.value, need.open.first()) {
        let name = &entry.name;
        let text = format!("a shared `{}` takes no `{}` from one that needs it", service.name, name.value);
        findings.push(
            Diagnostic::new(&codes::NOT_ALLOWED_HERE, name.span, text)
                .here("one of many")
                .also(shared.span, "it is shared")
                .help(format!(
                    "the tenant or its defaults set it for all: `service {} {}=…`",
                    service.name, name.value
                )),
        );
    }
    true
}

/// Two shared services of one name could never stand in one tenant.
pub(super) fn refuse_doubly_shared(services: &mut [Service], findings: &mut Findings) {
    let mut taken: BTreeMap<String, Span> = BTreeMap::new();
    for service in services {
        let Some(name) = &service.shared else { continue };
        let Some(first) = taken.get(&name.value) else {
            taken.insert(name.value.clone(), name.span);
            continue;
        };
        let text = format!("the service `{}` is shared under the name `{}` of another", service.name, name.value);
        findings.push(
            Diagnostic::new(&codes::DUPLICATE_NAME, name.span, text)
                .here("named again here")
                .also(*first, "first named here")
                .help("give one of them another name"),
        );
        service.shared = None;
    }
}

/// What a shared service exports is read where it is needed, and there its parameters are not known yet.
pub(super) fn refuse_own_names_in_exports(service: &mut Service, findings: &mut Findings) {
    if service.shared.is_none() {
        return;
    }
    for export in &mut service.exports {
        let mut is_sound = true;
        let Written::Scalar(scalar) = &export.value.value else { continue };
        for used in scalar.names_used() {
            let root = used.name.split('.').next().unwrap_or_default();
            if KNOWN_TO_EXPORTS.contains(&root) {
                continue;
            }
            let parameter = service.parameters.iter().find(|parameter| spelled(&parameter.name) == root);
            let is_need = service.needs.iter().any(|need| spelled(&need.name) == root);
            let what = match parameter {
                Some(_) => "a parameter of the shared service itself",
                None if is_need => "what the shared service itself needs",
                None if ["row", "uses"].contains(&root) => "what one instance alone knows",
                // An unknown name is explained where it is evaluated.
                None => continue,
            };
            let text = format!("the export `{}` reads `{root}`, {what}", export.name);
            let finding = Diagnostic::new(&codes::NOT_ALLOWED_HERE, used.span, text)
                .here("not known where it is needed")
                .help("an export of a shared service reads `service`, `tenant`, `cluster` and `platform` only");
            findings.push(parameter.into_iter().fold(finding, |finding, own| finding.also(own.span, "declared here")));
            is_sound = false;
        }
        // Said once here, and not again wherever it is read.
        if !is_sound {
            export.value.value = Written::Value(Value::Text("".into()));
        }
    }
}

/// How many services hang below each: one that needs another is larger than it.
pub(super) fn heights(services: &[Service]) -> Vec<usize> {
    fn height(services: &[Service], at: usize, known: &mut [Option<usize>]) -> usize {
        if let Some(height) = known[at] {
            return height;
        }
        // A circle was reported and cut; should one be left, it ends here.
        known[at] = Some(0);
        let below = services[at].needs.iter().map(|need| height(services, need.service.0, known) + 1).max();
        let height = below.unwrap_or(0);
        known[at] = Some(height);
        height
    }
    let mut known = vec![None; services.len()];
    (0..services.len()).map(|at| height(services, at, &mut known)).collect()
}

/// A shared service that is asked for, by all who need it.
#[derive(Debug)]
pub(super) struct Demand {
    pub uses: Vec<Use>,
    /// The first that asked.
    pub asked: Span,
}

/// What a tenant's instances ask of the services they share.
#[derive(Debug, Default)]
pub(super) struct Demands {
    waiting: BTreeMap<(Reverse<usize>, ServiceId), Demand>,
}

impl Demands {
    /// Notes what an instance shares, with those inside it.
    pub(super) fn note(&mut self, top: &str, instance: &Instance, heights: &[usize]) {
        for shared in &instance.shares {
            let parameters = instance.parameters.iter().map(|(name, value)| (name.clone(), value.value.clone()));
            let used = Use {
                instance: top.to_owned(),
                namespace: instance.namespace.clone(),
                name: instance.name.clone(),
                service: instance.service,
                parameters: parameters.collect(),
            };
            let key = (Reverse(heights[shared.0]), *shared);
            let demand = self.waiting.entry(key).or_insert(Demand { uses: Vec::new(), asked: instance.span });
            if demand.uses.last() != Some(&used) {
                demand.uses.push(used);
            }
        }
        for need in &instance.needs {
            self.note(top, &need.instance, heights);
        }
    }

    /// The next to be laid out: one that nothing still waiting can ask for again.
    pub(super) fn take(&mut self) -> Option<(ServiceId, Demand)> {
        let ((_, service), mut demand) = self.waiting.pop_first()?;
        demand.uses.sort_by(|a, b| (&a.instance, &a.name, a.service).cmp(&(&b.instance, &b.name, b.service)));
        Some((service, demand))
    }
}
