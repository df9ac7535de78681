//! Lays out a tenant's services: one instance for each use or table row, its parameters evaluated, what it needs inside.

use std::collections::BTreeMap;

use minijinja::Value as Object;

use super::form::Written as Read;
use super::layers::{ServiceUse, Uses};
use super::library::find_parameter;
use super::table::{Tables, cells};
use super::tenant::{Known, Place, evaluate, single_writer};
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::expression::Scope;
use crate::facts::table::{Row, Table};
use crate::model::scope::{self, spelled};
use crate::model::{
    ClassId, Instance, Layer, Need, Origin, STORAGE_CLASS, Service, ServiceId, ServiceVolume, Sourced, Volume, Written,
};
use crate::source::{Span, Spanned};
use crate::value::{Kind, Value};

/// The rooms an instance is laid out in: its tenant, what is in scope, what there is.
pub(super) struct Rooms<'r> {
    pub tenant: &'r Spanned<String>,
    /// The tenant's own node: who asks, where the defaults do the asking.
    pub head: Span,
    pub scope: &'r Scope,
    pub known: &'r Known<'r>,
    pub tables: &'r Tables,
}

/// Values for parameters, before they are evaluated.
type Settings = BTreeMap<String, Sourced<Written>>;

/// All instances of a tenant, sorted by name.
pub(super) fn read_instances(uses: &Uses, rooms: &Rooms<'_>, findings: &mut Findings) -> Vec<Instance> {
    let mut instances: Vec<Instance> = Vec::new();
    for used in uses.services.values() {
        let Some(index) = rooms.known.service_names.find(&used.service, findings) else { continue };
        let service = &rooms.known.services[index];
        let before = findings.len();
        let settings = read_settings(used, service, findings);
        if findings.len() > before {
            continue;
        }
        let Some(for_each) = &used.for_each else {
            instances.extend(rooms.lay_out(ServiceId(index), used, &settings, used.name.value.clone(), None, findings));
            continue;
        };
        let table = rooms.tables.names.find(for_each, findings);
        let Some(table) = table.map(|index| &rooms.tables.list[index]) else { continue };
        for row in &table.rows {
            let name = format!("{}-{}", used.name.value, row.id.value);
            instances.extend(rooms.lay_out(ServiceId(index), used, &settings, name, Some((table, row)), findings));
        }
    }
    instances.sort_by(|a, b| a.name.cmp(&b.name));
    instances
}

/// The values a use gives, each for a parameter the service has.
fn read_settings(used: &ServiceUse, service: &Service, findings: &mut Findings) -> Settings {
    let mut settings = Settings::new();
    for (entry, layer) in used.settings.values() {
        let Some(parameter) = find_parameter(service, &entry.name, findings) else { continue };
        let raw = &entry.values[0];
        let written = match raw.read(&parameter.name, &parameter.kind, true, findings) {
            Read::Value(value) => Written::Value(value),
            Read::Scalar(scalar) => Written::Scalar(scalar),
            Read::Raw(_) | Read::Faulty => continue,
        };
        settings.insert(parameter.name.clone(), Sourced::new(written, raw.span, *layer));
    }
    settings
}

impl Rooms<'_> {
    fn lay_out(
        &self,
        id: ServiceId,
        used: &ServiceUse,
        settings: &Settings,
        name: String,
        row: Option<(&Table, &Row)>,
        findings: &mut Findings,
    ) -> Option<Instance> {
        let row_cells = row.map(|(table, row)| cells(table, row));
        let mut scope = self.scope.child();
        if let Some(cells) = &row_cells {
            let fields = cells.iter().map(|(name, value)| (name.as_str(), scope::optional(value.as_ref())));
            scope.set("row", crate::expression::record(fields));
        }
        let asked = if used.layer == Layer::Defaults { self.head } else { used.span };
        let seat = Seat {
            namespace: format!("{}-{name}", self.tenant.value),
            // A row of a table is the nearer place to look at than the use that is made for all of them.
            asked: row.map_or(asked, |(_, row)| row.span),
            used: used.span,
            known: self.known,
        };
        let mut instance = seat.fill(id, name, settings, &scope, &scope, findings)?;
        instance.row = row_cells;
        Some(instance)
    }
}

/// The place of an instance: its namespace, and who asked for it.
struct Seat<'s> {
    namespace: String,
    asked: Span,
    /// The use as it is written, which may be the one of many tenants or rows.
    used: Span,
    known: &'s Known<'s>,
}

impl Seat<'_> {
    /// `outer` is what the values that were given see; the defaults of the service also see the parameters above.
    fn fill(
        &self,
        id: ServiceId,
        name: String,
        settings: &Settings,
        outer: &Scope,
        base: &Scope,
        findings: &mut Findings,
    ) -> Option<Instance> {
        let service = &self.known.services[id.0];
        let itself =
            [("name", name.as_str()), ("service", service.name.as_str()), ("namespace", self.namespace.as_str())];
        let itself = crate::expression::record(itself.map(|(key, text)| (key, Object::from(text))));
        let given_scope = outer.child().with("service", itself.clone());
        let mut scope = base.child().with("service", itself);
        let parameters = self.read_parameters(service, settings, &given_scope, &mut scope, findings)?;

        let mut needs = Vec::new();
        for need in &service.needs {
            let inner = self.fill(need.service, need.name.clone(), &need.settings, &scope, base, findings)?;
            let exports = inner.exports.iter().map(|(name, text)| (name.as_str(), Object::from(text.as_str())));
            scope.set(spelled(&need.name), crate::expression::record(exports));
            needs.push(Need { name: need.name.clone(), instance: inner });
        }
        let volumes = service
            .volumes
            .iter()
            .map(|volume| self.read_volume(volume, &scope, findings))
            .collect::<Option<Vec<_>>>()?;
        let mut exports = BTreeMap::new();
        for export in &service.exports {
            let place = Place { name: &export.name, span: export.value.span, asked: self.asked };
            let value = read(&export.value.value, &Kind::Text, &scope, &place, findings)?;
            exports.insert(spelled(&export.name), value.to_string());
        }
        let mut probes = Vec::new();
        for probe in &service.probes {
            let place = Place { name: "probe", span: probe.span, asked: self.asked };
            probes.push(read(&probe.value, &Kind::Url, &scope, &place, findings)?.to_string());
        }
        Some(Instance {
            name,
            service: id,
            namespace: self.namespace.clone(),
            parameters,
            volumes,
            needs,
            exports,
            probes,
            row: None,
            span: self.asked,
        })
    }

    /// Every parameter in the order of the declaration; each is in scope for the ones below it.
    fn read_parameters(
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
                read(&written.value, &parameter.kind, names, &place, findings)
            });
            let value = value.filter(|value| match (&parameter.kind, value.as_str(), written) {
                (Kind::Reference(STORAGE_CLASS), Some(class), Some(written)) => {
                    self.find_class(&Spanned::new(class.to_owned(), written.origin.span), findings).is_some()
                }
                _ => true,
            });
            let name = spelled(&parameter.name);
            if let (Some(value), Some(written)) = (value, written) {
                scope.set(name.as_str(), scope::value(&value));
                parameters.insert(name, Sourced { value, origin: written.origin });
            } else {
                let faulty = findings.len() > before;
                complete &= !faulty;
                if !faulty && parameter.required {
                    complete = false;
                    findings.push(self.lacks(service, &parameter.name, parameter.span, &parameter.doc));
                }
                scope.set(name.as_str(), Object::from(()));
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

    fn read_volume(&self, volume: &ServiceVolume, scope: &Scope, findings: &mut Findings) -> Option<Volume> {
        let size_place = Place { name: "size", span: volume.size.span, asked: self.asked };
        let size = read(&volume.size.value, &Kind::Quantity, scope, &size_place, findings)?;
        let class_kind = Kind::Reference(STORAGE_CLASS);
        let class_place = Place { name: "class", span: volume.class.span, asked: self.asked };
        let class = read(&volume.class.value, &class_kind, scope, &class_place, findings)?;
        let class = Spanned::new(class.to_string(), volume.class.span);
        let index = self.find_class(&class, findings)?;
        let shared = match &volume.access {
            None => false,
            Some(access) => {
                let kind = Kind::Enum(&["once", "many"]);
                let place = Place { name: "access", span: access.span, asked: self.asked };
                read(&access.value, &kind, scope, &place, findings)?.to_string() == "many"
            }
        };
        let declared = &self.known.classes[index];
        if shared && !declared.shared {
            let name = Spanned::new(volume.name.clone(), volume.span);
            findings.push(single_writer(&name, declared, self.asked));
        }
        Some(Volume {
            name: volume.name.clone(),
            size: Sourced { value: size.as_quantity()?, origin: standard(volume.size.span) },
            class: Sourced { value: ClassId(index), origin: standard(volume.class.span) },
            shared,
            span: volume.span,
        })
    }

    /// A class that a service of the standard library names has to be declared by the workspace.
    fn find_class(&self, class: &Spanned<String>, findings: &mut Findings) -> Option<usize> {
        let found = self.known.class_names.get(&class.value);
        if found.is_none() {
            let mut scratch = Findings::new();
            self.known.class_names.find(class, &mut scratch);
            findings
                .extend(scratch.into_iter().map(|diagnostic| diagnostic.also(self.asked, "needed by this service")));
        }
        found
    }
}

/// Set by the declaration of the service.
fn standard(span: Span) -> Origin {
    Origin { span, layer: Layer::Standard }
}

fn read(written: &Written, kind: &Kind, names: &Scope, place: &Place<'_>, findings: &mut Findings) -> Option<Value> {
    match written {
        Written::Value(value) => Some(value.clone()),
        Written::Scalar(scalar) => evaluate(scalar, kind, names, place, findings),
    }
}
