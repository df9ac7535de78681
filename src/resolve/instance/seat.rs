//! Fills the seat of one instance: what it needs is embedded or shared, then each part of its service is evaluated.

use std::collections::BTreeMap;

use minijinja::Value as Object;

use super::{Rooms, Settings};
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::expression::Scope;
use crate::model::reserved;
use crate::model::scope::{self, spelled};
use crate::model::{Exports, Instance, Need, Service, ServiceId, Use, Written};
use crate::resolve::chart::read_pods;
use crate::resolve::evaluate::{Place, evaluate_written};
use crate::resolve::tenant::Known;
use crate::source::{Span, Spanned};
use crate::value::{Kind, Value};

/// The place of an instance: its namespace, and who asked for it.
pub(in crate::resolve) struct Seat<'s> {
    pub namespace: String,
    /// The tenant's instance, whatever is embedded in it.
    pub instance: &'s str,
    pub asked: Span,
    /// The use as it is written, which may be the one of many tenants or rows.
    pub used: Span,
    pub rooms: &'s Rooms<'s>,
    pub known: &'s Known<'s>,
}

/// What is to be laid out on a seat.
pub(super) struct Asked<'a> {
    pub service: ServiceId,
    pub name: &'a str,
    pub settings: &'a Settings,
    /// Who needs it.
    pub uses: Vec<Use>,
    /// The `needs` that embeds it, which alone gives it values.
    pub need: Option<Span>,
}

impl Seat<'_> {
    /// `outer` is what the values that were given see; the defaults of the service also see the parameters above.
    pub(super) fn fill(
        &self,
        asked: Asked<'_>,
        outer: &Scope,
        base: &Scope,
        findings: &mut Findings,
    ) -> Option<(Instance, Exports)> {
        let Asked { service: id, name, settings, uses, need } = asked;
        let service = &self.known.services[id.0];
        let itself = scope::service(name, service, &self.namespace);
        let given_scope = outer.child().with("service", itself.clone());
        let class = |name: &str| Object::from(name);
        let mut scope = base.child().with("service", itself);
        scope.set("uses", scope::uses(&uses, self.known.services, &class));
        let parameters = self.read_parameters(service, settings, need, &given_scope, &mut scope, findings)?;
        self.refuse(service, &parameters, &scope, findings)?;
        if !service.is_whole {
            return None;
        }

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
                let asked = Asked {
                    service: need.service,
                    name: &need.name,
                    settings: &need.settings,
                    uses: vec![used],
                    need: Some(need.span),
                };
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
                instance.volumes.push(self.read_volume(volume, service, scope, findings)?);
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
            let find_class =
                |class: &Spanned<String>, findings: &mut Findings| self.find_class(class, service, None, findings);
            instance.footprints.push(read_pods(footprint, scope, self.asked, find_class, findings)?);
        }
        for image in &service.images {
            if let Written::Scalar(_) = image.reference.value {
                let before = findings.len();
                let place = Place { name: &image.name, span: image.reference.span, asked: self.asked };
                let reference = evaluate_written(&image.reference.value, &Kind::Image, scope, &place, findings);
                if findings.len() > before {
                    return None;
                }
                instance.images.insert(image.name.clone(), reference.map(|reference| reference.to_string()));
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
            let value = evaluate_written(&export.value.value, &Kind::Text, scope, &place, findings);
            if findings.len() > before {
                return None;
            }
            exports.insert(spelled(&export.name), value.map(|value| value.to_string()));
        }
        Some(exports)
    }

    /// Whether a condition holds; `usual` where nothing is written.
    pub(super) fn holds(
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
    pub(in crate::resolve) fn demand(
        &self,
        name: &str,
        written: &Spanned<Written>,
        kind: &Kind,
        scope: &Scope,
        findings: &mut Findings,
    ) -> Option<Value> {
        let before = findings.len();
        let place = Place { name, span: written.span, asked: self.asked };
        let value = evaluate_written(&written.value, kind, scope, &place, findings);
        if value.is_none() && findings.len() == before {
            let text = format!("`{name}`: expected {}, found none", kind.describe());
            findings.push(place.also(Diagnostic::new(&codes::WRONG_KIND, written.span, text).here("gives none")));
        }
        value
    }
}
