//! Lays out a tenant's services: one instance for each use or table row, its parameters evaluated, what it needs inside;
//! then the services that those share, one of each.
//!
//! Here is which instances there are; `seat` fills one of them, `parameters` gives it its values.

mod parameters;
mod seat;

use std::collections::BTreeMap;

use self::seat::Asked;
pub(super) use self::seat::Seat;
use super::layers::{ServiceUse, Uses};
use super::parameter::find_parameter;
use super::setting::read_setting;
use super::shared::Demands;
use super::table::{Tables, cells};
use super::tenant::Known;
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::expression::Scope;
use crate::facts::table::{Row, Table};
use crate::model::{Instance, Layer, Service, ServiceId, Sourced, Written, scope};
use crate::source::{Span, Spanned};

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
    for used in uses.services.values() {
        let Some(index) = rooms.known.service_names.find_exactly(&used.service, findings) else { continue };
        let service = &rooms.known.services[index];
        let settings = read_settings(used, service, findings);
        if service.shared.is_some() {
            let before = findings.len();
            refuse_second(used, service, findings);
            let settings = settings.filter(|_| findings.len() == before);
            configured.insert(ServiceId(index), (used, settings));
            continue;
        }
        let Some(settings) = settings else { continue };
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
    for (used, _) in configured.values().filter(|(used, _)| used.layer == Layer::Tenant) {
        let text = format!("nothing in the tenant shares the service `{}`", used.service.value);
        findings.push(
            Diagnostic::new(&codes::UNUSED_DEFINITION, used.span, text)
                .here("set up and never made")
                .help("remove it, or let a service of the tenant need it; it is made where one does"),
        );
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

/// Looks up what the services of a tenant are and take, where it is not known what they would see.
pub(super) fn check_uses(uses: &Uses, known: &Known<'_>, findings: &mut Findings) {
    for used in uses.services.values() {
        if let Some(index) = known.service_names.find_exactly(&used.service, findings) {
            read_settings(used, &known.services[index], findings);
        }
    }
}

/// The values a use gives, each for a parameter the service has; nothing where one of them is not understood.
fn read_settings(used: &ServiceUse, service: &Service, findings: &mut Findings) -> Option<Settings> {
    let mut settings = Settings::new();
    let before = findings.len();
    for (entry, layer) in used.settings.values() {
        let parameter = find_parameter(service, &entry.name, findings);
        let read = parameter.and_then(|parameter| Some((parameter, read_setting(entry, parameter, findings)?)));
        settings.extend(
            read.map(|(parameter, written)| {
                (parameter.name.clone(), Sourced::new(written.value, written.span, *layer))
            }),
        );
    }
    // One that was told where it stands is not among them, and is no finding here.
    (findings.len() == before && settings.len() == used.settings.len()).then_some(settings)
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
        let asked = Asked { service: id, name, settings, uses: Vec::new(), need: None };
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
            let asked = Asked { service: id, name: &name, settings, uses: demand.uses, need: None };
            if let Some((mut server, _)) = seat.fill(asked, self.scope, self.scope, findings) {
                server.quota = used.map(|used| used.quota.clone()).unwrap_or_default();
                demands.note(&name, &server, &self.known.heights);
                instances.push(server);
            }
        }
    }
}
