//! Lays out a tenant's services: one instance for each use or table row, its parameters evaluated, what it needs inside;
//! then the services that those share, one of each.

use std::collections::BTreeMap;

use minijinja::Value as Object;

use super::bounds::is_within;
use super::chart::read_pods;
use super::layers::{ServiceUse, Uses};
use super::library::find_parameter;
use super::setting::{evaluate_texts, read_setting};
use super::shared::Demands;
use super::table::{Tables, cells};
use super::tenant::{Known, Place, evaluate, single_writer};
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::expression::Scope;
use crate::facts::table::{Row, Table};
use crate::model::reserved;
use crate::model::scope::{self, spelled};
use crate::model::{
    ClassId, DefaultWarning, Exports, Instance, Layer, Need, Origin, Parameter, STORAGE_CLASS, Service, ServiceId,
    ServiceVolume, Sourced, Use, Volume, Written,
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
    let mut configured = BTreeMap::new();
    let first = findings.len();
    for used in uses.services.values() {
        let Some(index) = rooms.known.service_names.find(&used.service, findings) else { continue };
        let service = &rooms.known.services[index];
        let before = findings.len();
        let settings = read_settings(used, service, findings);
        if service.shared.is_some() {
            refuse_second(used, service, findings);
            let sound = findings.len() == before;
            configured.insert(ServiceId(index), (used, sound.then_some(settings)));
            continue;
        }
        if findings.len() > before {
            continue;
        }
        let Some(for_each) = &used.for_each else {
            instances.extend(rooms.lay_out(ServiceId(index), used, &settings, &used.name.value, None, findings));
            continue;
        };
        let table = rooms.tables.names.find(for_each, findings);
        let Some(table) = table.map(|index| &rooms.tables.list[index]) else { continue };
        for row in &table.rows {
            let name = format!("{}-{}", used.name.value, row.id.value);
            instances.extend(rooms.lay_out(ServiceId(index), used, &settings, &name, Some((table, row)), findings));
        }
    }
    rooms.lay_out_shared(uses, &mut configured, &mut instances, findings);
    // What could not be laid out may be what shares a service, so nothing is called unused beside an error.
    if findings.len() == first {
        for (used, _) in configured.values().filter(|(used, _)| used.layer == Layer::Tenant) {
            let text = format!("nothing in the tenant shares the service `{}`", used.service.value);
            findings.push(
                Diagnostic::new(&codes::UNUSED_DEFINITION, used.span, text)
                    .here("set up and never made")
                    .help("remove it, or let a service of the tenant need it; it is made where one does"),
            );
        }
    }
    instances.sort_by(|a, b| a.name.cmp(&b.name));
    instances
}

/// What a tenant says of the services it shares; without settings where they are faulty.
type Configured<'u> = BTreeMap<ServiceId, (&'u ServiceUse, Option<Settings>)>;

/// A shared service is there once, so a use of it gives it no other name and no table.
fn refuse_second(used: &ServiceUse, service: &Service, findings: &mut Findings) {
    let Some(shared) = &service.shared else { return };
    let mut refuse = |span, text: String, label: &str| {
        findings.push(
            Diagnostic::new(&codes::NOT_ALLOWED_HERE, span, text)
                .here(label)
                .also(shared.span, "one for each tenant")
                .help(format!("write `service {}` with its settings alone", service.name)),
        );
    };
    if used.name.value != shared.value {
        let text = format!("the tenant's one `{}` is named `{}`", service.name, shared.value);
        refuse(used.name.span, text, "another name");
    }
    if let Some(for_each) = &used.for_each {
        refuse(for_each.span, format!("a tenant has one `{}`", service.name), "one for each row");
    }
}

/// The values a use gives, each for a parameter the service has.
fn read_settings(used: &ServiceUse, service: &Service, findings: &mut Findings) -> Settings {
    let mut settings = Settings::new();
    for (entry, layer) in used.settings.values() {
        let Some(parameter) = find_parameter(service, &entry.name, findings) else { continue };
        let Some(written) = read_setting(entry, parameter, findings) else { continue };
        settings.insert(parameter.name.clone(), Sourced::new(written.value, written.span, *layer));
    }
    settings
}

impl Rooms<'_> {
    fn lay_out(
        &self,
        id: ServiceId,
        used: &ServiceUse,
        settings: &Settings,
        name: &str,
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
            instance: name,
            // A row of a table is the nearer place to look at than the use that is made for all of them.
            asked: row.map_or(asked, |(_, row)| row.span),
            used: used.span,
            rooms: self,
            known: self.known,
        };
        let asked = Asked { service: id, name, settings, uses: Vec::new() };
        let (mut instance, _) = seat.fill(asked, &scope, &scope, findings)?;
        instance.row = row_cells;
        instance.quota = used.quota.clone();
        Some(instance)
    }

    /// Lays out the services that the instances share, each once, with all who need it in sight.
    fn lay_out_shared(
        &self,
        uses: &Uses,
        configured: &mut Configured<'_>,
        instances: &mut Vec<Instance>,
        findings: &mut Findings,
    ) {
        let mut demands = Demands::default();
        for instance in &*instances {
            demands.note(&instance.name, instance, &self.known.heights);
        }
        while let Some((id, demand)) = demands.take() {
            let service = &self.known.services[id.0];
            let Some(name) = service.shared.as_ref().map(|name| name.value.clone()) else { continue };
            let taken = uses.services.get(&name).filter(|used| used.service.value != service.name);
            if let Some(taken) = taken {
                findings.push(
                    Diagnostic::new(
                        &codes::DUPLICATE_NAME,
                        taken.name.span,
                        format!("the instance `{name}` has the name of the `{}` that the tenant shares", service.name),
                    )
                    .here("the same name")
                    .also(demand.asked, "needs the shared one")
                    .help("give the instance a name of its own: `service … name=…`"),
                );
                continue;
            }
            let configured = configured.remove(&id);
            let (used, settings) = match &configured {
                None => (None, &Settings::new()),
                Some((used, Some(settings))) => (Some(*used), settings),
                Some((_, None)) => continue,
            };
            let own = used.filter(|used| used.layer == Layer::Tenant);
            let seat = Seat {
                namespace: format!("{}-{name}", self.tenant.value),
                instance: &name,
                asked: own.map_or(demand.asked, |used| used.span),
                used: used.map_or(demand.asked, |used| used.span),
                rooms: self,
                known: self.known,
            };
            let asked = Asked { service: id, name: &name, settings, uses: demand.uses };
            if let Some((mut server, _)) = seat.fill(asked, self.scope, self.scope, findings) {
                server.quota = used.map(|used| used.quota.clone()).unwrap_or_default();
                demands.note(&name, &server, &self.known.heights);
                instances.push(server);
            }
        }
    }
}

/// The place of an instance: its namespace, and who asked for it.
struct Seat<'s> {
    namespace: String,
    /// The tenant's instance, whatever is embedded in it.
    instance: &'s str,
    asked: Span,
    /// The use as it is written, which may be the one of many tenants or rows.
    used: Span,
    rooms: &'s Rooms<'s>,
    known: &'s Known<'s>,
}

/// What is to be laid out on a seat.
struct Asked<'a> {
    service: ServiceId,
    name: &'a str,
    settings: &'a Settings,
    /// Who needs it.
    uses: Vec<Use>,
}

impl Seat<'_> {
    /// `outer` is what the values that were given see; the defaults of the service also see the parameters above.
    fn fill(
        &self,
        asked: Asked<'_>,
        outer: &Scope,
        base: &Scope,
        findings: &mut Findings,
    ) -> Option<(Instance, Exports)> {
        let Asked { service: id, name, settings, uses } = asked;
        let service = &self.known.services[id.0];
        let itself = scope::service(name, service, &self.namespace);
        let given_scope = outer.child().with("service", itself.clone());
        let class = |name: &str| Object::from(name);
        let mut scope = base.child().with("service", itself);
        scope.set("uses", scope::uses(&uses, self.known.services, &class));
        let parameters = self.read_parameters(service, settings, &given_scope, &mut scope, findings)?;

        let mut instance = Instance {
            name: name.to_owned(),
            service: id,
            namespace: self.namespace.clone(),
            parameters,
            volumes: Vec::new(),
            needs: Vec::new(),
            reads: BTreeMap::new(),
            shares: Vec::new(),
            uses,
            probes: Vec::new(),
            egress: Vec::new(),
            images: BTreeMap::new(),
            secrets: Vec::new(),
            footprints: Vec::new(),
            warnings: Vec::new(),
            row: None,
            quota: BTreeMap::new(),
            span: self.asked,
        };
        self.fill_needs(service, &mut instance, &mut scope, base, findings)?;
        self.fill_parts(service, &mut instance, &scope, findings)?;
        let exports = self.read_exports(service, &scope, findings)?;
        Some((instance, exports))
    }

    /// Embeds what it needs, and notes what it shares; what those export is in scope for the rest.
    fn fill_needs(
        &self,
        service: &Service,
        instance: &mut Instance,
        scope: &mut Scope,
        base: &Scope,
        findings: &mut Findings,
    ) -> Option<()> {
        for need in &service.needs {
            let name = spelled(&need.name);
            let exports = if !self.holds("if", need.condition.as_ref(), true, scope, findings)? {
                None
            } else if self.holds("shared", need.shared.as_ref(), false, scope, findings)? {
                let server = &self.known.services[need.service.0];
                instance.shares.push(need.service);
                Some(self.read_exports(server, &self.shared_scope(server), findings)?)
            } else {
                let parameters = instance.parameters.iter().map(|(name, value)| (name.clone(), value.value.clone()));
                let used = Use {
                    instance: self.instance.to_owned(),
                    namespace: self.namespace.clone(),
                    name: instance.name.clone(),
                    service: instance.service,
                    parameters: parameters.collect(),
                };
                let asked =
                    Asked { service: need.service, name: &need.name, settings: &need.settings, uses: vec![used] };
                let (inner, exports) = self.fill(asked, scope, base, findings)?;
                instance.needs.push(Need { name: need.name.clone(), instance: inner });
                Some(exports)
            };
            reserved::declare(scope, &name, scope::exports(exports.as_ref()));
            instance.reads.insert(name, exports);
        }
        Some(())
    }

    /// The parts of the service that are there, evaluated.
    fn fill_parts(
        &self,
        service: &Service,
        instance: &mut Instance,
        scope: &Scope,
        findings: &mut Findings,
    ) -> Option<()> {
        for volume in &service.volumes {
            if self.holds("if", volume.condition.as_ref(), true, scope, findings)? {
                instance.volumes.push(self.read_volume(volume, scope, findings)?);
            }
        }
        for probe in &service.probes {
            if self.holds("if", probe.condition.as_ref(), true, scope, findings)? {
                let url = self.demand("probe", &probe.url, &Kind::Url, scope, findings)?;
                instance.probes.push(url.to_string());
            }
        }
        for egress in &service.egress {
            if self.holds("if", egress.condition.as_ref(), true, scope, findings)? {
                instance.egress.push(egress.endpoint.clone());
            }
        }
        for (at, secret) in service.secrets.iter().enumerate() {
            if self.holds("if", secret.condition.as_ref(), true, scope, findings)? {
                instance.secrets.push(at);
            }
        }
        for parameter in &service.parameters {
            self.read_warnings(parameter, instance, scope, findings)?;
        }
        for footprint in &service.footprints {
            let find_class = |class: &Spanned<String>, findings: &mut Findings| self.find_class(class, findings);
            instance.footprints.push(read_pods(footprint, scope, self.asked, find_class, findings)?);
        }
        for image in &service.images {
            if let Written::Scalar(_) = image.reference.value {
                let before = findings.len();
                let place = Place { name: &image.name, span: image.reference.span, asked: self.asked };
                let reference = read(&image.reference.value, &Kind::Image, scope, &place, findings);
                if findings.len() > before {
                    return None;
                }
                instance.images.insert(image.name.clone(), reference.map(|reference| reference.to_string()));
            }
        }
        Some(())
    }

    /// What is said of a parameter that nobody gave: who gave it knows what it means.
    fn read_warnings(
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

    /// What the exports of a shared service see, wherever they are read.
    fn shared_scope(&self, service: &Service) -> Scope {
        let name = service.shared.as_ref().map_or(service.name.as_str(), |name| name.value.as_str());
        let namespace = format!("{}-{name}", self.rooms.tenant.value);
        self.rooms.scope.child().with("service", scope::service(name, service, &namespace))
    }

    fn read_exports(&self, service: &Service, scope: &Scope, findings: &mut Findings) -> Option<Exports> {
        let mut exports = Exports::new();
        for export in &service.exports {
            let before = findings.len();
            let place = Place { name: &export.name, span: export.value.span, asked: self.asked };
            let value = read(&export.value.value, &Kind::Text, scope, &place, findings);
            if findings.len() > before {
                return None;
            }
            exports.insert(spelled(&export.name), value.map(|value| value.to_string()));
        }
        Some(exports)
    }

    /// Whether a condition holds; `usual` where nothing is written.
    fn holds(
        &self,
        name: &str,
        condition: Option<&Spanned<Written>>,
        usual: bool,
        scope: &Scope,
        findings: &mut Findings,
    ) -> Option<bool> {
        let Some(condition) = condition else { return Some(usual) };
        self.demand(name, condition, &Kind::Boolean, scope, findings)?.as_boolean()
    }

    /// A value that has to be there.
    fn demand(
        &self,
        name: &str,
        written: &Spanned<Written>,
        kind: &Kind,
        scope: &Scope,
        findings: &mut Findings,
    ) -> Option<Value> {
        let before = findings.len();
        let place = Place { name, span: written.span, asked: self.asked };
        let value = read(&written.value, kind, scope, &place, findings);
        if value.is_none() && findings.len() == before {
            let text = format!("`{name}`: expected {}, found none", kind.describe());
            findings.push(place.also(Diagnostic::new(&codes::WRONG_KIND, written.span, text).here("gives none")));
        }
        value
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
                parameters.insert(name, Sourced { value: empty, origin: standard(parameter.span) });
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

    fn read_volume(&self, volume: &ServiceVolume, scope: &Scope, findings: &mut Findings) -> Option<Volume> {
        let size = self.demand("size", &volume.size, &Kind::Quantity, scope, findings)?;
        let class = self.demand("class", &volume.class, &Kind::Reference(STORAGE_CLASS), scope, findings)?;
        let class = Spanned::new(class.to_string(), volume.class.span);
        let index = self.find_class(&class, findings)?;
        let shared = match &volume.access {
            None => false,
            Some(access) => {
                let kind = Kind::Enum(&["once", "many"]);
                self.demand("access", access, &kind, scope, findings)?.to_string() == "many"
            }
        };
        let declared = &self.known.classes[index];
        if shared && !declared.shared {
            let name = Spanned::new(volume.name.clone(), volume.span);
            // One for a use, though a table may make many of it: its line is where another class is chosen.
            let finding = single_writer(&name, declared, self.used);
            findings.push(if self.asked == self.used { finding } else { finding.also(self.asked, "for this one") });
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

pub(super) fn read(
    written: &Written,
    kind: &Kind,
    names: &Scope,
    place: &Place<'_>,
    findings: &mut Findings,
) -> Option<Value> {
    match written {
        Written::Value(value) => Some(value.clone()),
        Written::Scalar(scalar) => evaluate(scalar, kind, names, place, findings),
        Written::Texts(texts) => evaluate_texts(texts, names, place, findings),
    }
}
