//! Merges what the defaults give with what the tenant says: the nearest wins, by name, each value replaced whole.

use std::collections::BTreeMap;

use super::form::{Form, OpenEntry, RawValue, Written};
use crate::diagnostic::{Diagnostic, Findings, codes, did_you_mean};
use crate::model::{Layer, Sourced};
use crate::source::{Span, Spanned};
use crate::value::{Kind, Quantity};

/// What a tenant uses, before anything is looked up or evaluated.
#[derive(Debug, Clone, Default)]
pub(super) struct Uses {
    pub services: BTreeMap<String, ServiceUse>,
    pub access: BTreeMap<String, AccessUse>,
    pub labels: BTreeMap<String, (Spanned<String>, Layer)>,
    pub volumes: BTreeMap<String, (VolumeUse, Layer)>,
}

/// A service that is asked for.
#[derive(Debug, Clone)]
pub(super) struct ServiceUse {
    pub service: Spanned<String>,
    pub name: Spanned<String>,
    pub for_each: Option<Spanned<String>>,
    pub settings: BTreeMap<String, (OpenEntry, Layer)>,
    pub quota: BTreeMap<&'static str, Sourced<Quantity>>,
    pub span: Span,
    pub layer: Layer,
}

/// A role that is given to groups.
#[derive(Debug, Clone)]
pub(super) struct AccessUse {
    pub role: Spanned<String>,
    pub groups: Vec<RawValue>,
    pub layer: Layer,
}

/// A volume that is asked for.
#[derive(Debug, Clone)]
pub(super) struct VolumeUse {
    pub name: Spanned<String>,
    pub size: Spanned<Quantity>,
    pub class: Spanned<String>,
    pub shared: bool,
    pub span: Span,
}

impl Uses {
    /// Reads what one block uses; a name twice in one block is a finding.
    /// What a tenant shares goes by the name under which it is shared.
    pub(super) fn read<'n>(
        form: &Form,
        layer: Layer,
        shared_name: &dyn Fn(&str) -> Option<&'n str>,
        findings: &mut Findings,
    ) -> Self {
        let mut uses = Uses::default();
        for service in form.children("service") {
            let Some(kind) = service.name() else { continue };
            // A name that was not understood is reported, and is not the service's; so is a table.
            if service.is_faulty("name") || service.is_faulty("for-each") {
                continue;
            }
            let own_name = || shared_name(&kind.value).map_or_else(|| kind.value.clone(), str::to_owned);
            let name = service.text("name").unwrap_or_else(|| Spanned::new(own_name(), kind.span));
            let settings =
                service.open.iter().map(|entry| (entry.name.value.clone(), (entry.clone(), layer))).collect();
            if let Some(first) = uses.services.get(&name.value) {
                findings.push(
                    Diagnostic::new(
                        &codes::DUPLICATE_NAME,
                        name.span,
                        format!("there are two instances named `{}` here", name.value),
                    )
                    .here("asked for again here")
                    .also(first.name.span, "first asked for here")
                    .help(format!("give one of them a name of its own: `service {} name=…`", kind.value)),
                );
                continue;
            }
            let for_each = service.text("for-each");
            let used = ServiceUse {
                service: kind,
                name,
                for_each,
                settings,
                quota: service.child("quota").map(|quota| read_quota(quota, layer)).unwrap_or_default(),
                span: service.head,
                layer,
            };
            uses.services.insert(used.name.value.clone(), used);
        }
        for entry in form.child("access").map(|access| access.open.as_slice()).unwrap_or_default() {
            let used = AccessUse { role: entry.name.clone(), groups: entry.values.clone(), layer };
            uses.access.insert(entry.name.value.clone(), used);
        }
        if let Some(labels) = form.child("labels") {
            let read = read_labels(labels, findings);
            uses.labels = read.into_iter().map(|(key, value)| (key.value, (value, layer))).collect();
        }
        let mut names = super::names::Names::new("volume");
        for volume in form.children("volume") {
            let (Some(name), Some(size), Some(class)) =
                (volume.name(), super::platform::quantity(volume, "size"), volume.text("class"))
            else {
                continue;
            };
            if names.declare(&name, 0, findings) {
                let shared = volume.text("access").is_some_and(|access| access.value == "many");
                let used = VolumeUse { name, size, class, shared, span: volume.head };
                uses.volumes.insert(used.name.value.clone(), (used, layer));
            }
        }
        uses
    }

    /// Lays a nearer layer over this one.
    pub(super) fn overlay(&mut self, nearer: Uses, findings: &mut Findings) {
        for (name, over) in nearer.services {
            match self.services.get_mut(&name) {
                None => {
                    self.services.insert(name, over);
                }
                Some(under) if under.service.value != over.service.value => findings.push(
                    Diagnostic::new(
                        &codes::DUPLICATE_NAME,
                        over.name.span,
                        format!(
                            "the instance `{name}` is a `{}` here and a `{}` in the defaults",
                            over.service.value, under.service.value
                        ),
                    )
                    .here("another service under the same name")
                    .also(under.span, "from the defaults")
                    .help(format!("give it a name of its own, or take the other away: `without service {name}`")),
                ),
                Some(under) => {
                    under.settings.extend(over.settings);
                    under.quota.extend(over.quota);
                    under.for_each = over.for_each.or(under.for_each.take());
                    under.span = over.span;
                    under.layer = over.layer;
                }
            }
        }
        self.access.extend(nearer.access);
        self.labels.extend(nearer.labels);
        self.volumes.extend(nearer.volumes);
    }

    /// Takes away what `without` names; taking away nothing is a finding, unless what was meant may be among what is not
    /// understood.
    pub(super) fn take_away(&mut self, without: &Form, is_whole: bool, findings: &mut Findings) {
        let (Some(what), Some(name)) = (without.text("what"), without.text("name")) else { return };
        let key = name.value.as_str();
        let removed = match what.value.as_str() {
            "service" => self.services.remove(key).is_some(),
            "access" => self.access.remove(key).is_some(),
            "label" => self.labels.remove(key).is_some(),
            _ => self.volumes.remove(key).is_some(),
        };
        if !removed && is_whole {
            let known: Vec<&String> = match what.value.as_str() {
                "service" => self.services.keys().collect(),
                "access" => self.access.keys().collect(),
                "label" => self.labels.keys().collect(),
                _ => self.volumes.keys().collect(),
            };
            let text = format!("the defaults give no {} `{key}` to take away", what.value);
            findings.push(
                Diagnostic::new(&codes::NEEDLESS_WITHOUT, name.span, text)
                    .here("takes away nothing")
                    .help("remove the line")
                    .help_if(did_you_mean(key, known.into_iter().map(String::as_str))),
            );
        }
    }
}

/// The quota that a use gives the namespace of its service.
fn read_quota(form: &Form, layer: Layer) -> BTreeMap<&'static str, Sourced<Quantity>> {
    let amount = |name| Some((name, super::platform::quantity(form, name)?));
    let pods = form.integer("pods").map(|pods| ("pods", pods.map(Quantity::from_count)));
    let given = ["cpu", "memory", "storage"].into_iter().filter_map(amount).chain(pods);
    given.map(|(name, given)| (name, Sourced::new(given.value, given.span, layer))).collect()
}

/// The labels of a block: texts that a label can hold.
pub(super) fn read_labels(form: &Form, findings: &mut Findings) -> Vec<(Spanned<String>, Spanned<String>)> {
    let mut labels = Vec::new();
    for entry in &form.open {
        let Written::Value(value) = entry.values[0].read(&entry.name.value, &Kind::LabelValue, false, findings) else {
            continue;
        };
        labels.push((entry.name.clone(), Spanned::new(value.to_string(), entry.values[0].span)));
    }
    labels
}
