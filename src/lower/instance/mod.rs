//! What one service of a tenant becomes: its own objects, what the baseline fills in, and the companions of its workloads.
//!
//! [`Bench::lower`] is the whole way, step by step: the names its templates see (`names`), its objects and what they
//! leave out (`complete`), the proof that they stay where they belong (`inside`), then what is made beside them.

mod complete;
mod inside;
mod names;

use std::collections::BTreeSet;

use minijinja::Value as Expr;

use super::chart::{PodsMade, Release};
use super::cluster::ClusterGround;
use super::emit::{Dress, Surroundings, emit, emit_completed};
use super::library::Library;
use super::secret::{ProvidedValue, path_of, provided_values, secret_record};
use super::storage::ClaimMade;
use super::{ClaimsLock, Object};
use crate::diagnostic::Findings;
use crate::expression::{Scope, record};
use crate::model::{Instance, Model, ServiceId};
use crate::source::Span;

/// The objects of an instance, by how they are kept.
#[derive(Debug, Default)]
pub(super) struct InstanceObjects {
    pub instance: Vec<Object>,
    pub data: Vec<Object>,
    /// What people fill in for what is kept: nothing else waits for people.
    pub keys: Vec<Object>,
    pub claims: Vec<ClaimMade>,
    pub provided: Vec<ProvidedValue>,
    pub store_readers: Vec<StoreReader>,
    /// The images that services declare, as pods name them.
    pub images: BTreeSet<String>,
    /// Charts, each in a bundle of its own.
    pub releases: Vec<Release>,
    /// What their pods take.
    pub pods: Vec<PodsMade>,
}

/// A service whose templates read the tenant's secret store themselves.
#[derive(Debug)]
pub struct StoreReader {
    pub service: ServiceId,
    pub place: Span,
    pub asked: Span,
}

/// What instances are lowered with.
#[derive(Clone, Copy)]
pub(super) struct Bench<'b> {
    pub model: &'b Model,
    pub library: &'b Library,
    pub ground: &'b ClusterGround,
    pub pins: &'b ClaimsLock,
    pub tenant: &'b str,
    /// The instance that is lowered, with those inside it.
    pub instance: &'b str,
    /// What its objects carry.
    pub dress: &'b Dress,
    /// Where the tenant says on which nodes it is.
    pub nodes_said: Span,
    /// Whether that is not understood.
    pub is_misplaced: bool,
}

impl Bench<'_> {
    /// Lowers an instance and those embedded in it; `scope` knows the tenant, the namespace and the row.
    pub(super) fn lower(
        &self,
        instance: &Instance,
        scope: &Scope,
        made: &mut InstanceObjects,
        findings: &mut Findings,
    ) {
        for need in &instance.needs {
            self.lower(&need.instance, scope, made, findings);
        }
        let service = &self.model[instance.service];
        let mut inner = scope.child();
        self.name_instance(instance, &mut inner, made, findings);
        let templates = self.library.service(instance.service);
        let [mut own, mut data] = [&templates.instance, &templates.data].map(|templates| {
            emit_completed(templates, self.with(&inner, instance.span), findings, |object, findings| {
                self.complete(object, service, &made.images, &inner, findings);
            })
        });
        for object in own.iter().chain(&data) {
            self.stay_inside(object, instance, findings);
        }
        let reads = |object: &Object| self.library.store_read_by(object.template, object.document);
        if let Some(place) = own.iter().chain(&data).find_map(reads) {
            made.store_readers.push(StoreReader { service: instance.service, place, asked: instance.span });
        }
        self.add_secrets(instance, &inner, [&mut own, &mut data], made, findings);
        self.add_probes(instance, &inner, &mut own, findings);
        // A chart without a footprint is a finding already.
        if let Some(chart) = service.chart.as_ref().filter(|_| !instance.footprints.is_empty()) {
            self.release(instance, chart, &inner, made, findings);
        }
        let companions = self.companions(own.iter().chain(&data), &inner, findings);
        own.extend(companions);
        made.instance.append(&mut own);
        made.data.append(&mut data);
    }

    /// Adds what brings the service's Secrets into the namespace.
    fn add_secrets(
        &self,
        instance: &Instance,
        scope: &Scope,
        [own, data]: [&mut Vec<Object>; 2],
        made: &mut InstanceObjects,
        findings: &mut Findings,
    ) {
        let service = &self.model[instance.service];
        let is_kept = !self.library.service(instance.service).data.is_empty();
        for secret in instance.secrets_of(service) {
            let path = path_of(self.tenant, self.instance, &secret.name);
            let scope = scope.child().with("secret", secret_record(secret, &path, instance, is_kept));
            let objects = emit(&self.library.secret, self.with(&scope, secret.span), findings);
            let before = made.provided.len();
            made.provided.extend(provided_values(secret, &path, service, instance));
            // What is kept after its service needs its Secret as long. Every instance waits until the data is ready, and
            // no secret is ready before people have filled it in, so those of them stand apart.
            match (is_kept, made.provided.len() > before) {
                (false, _) => own.extend(objects),
                (true, false) => data.extend(objects),
                (true, true) => made.keys.extend(objects),
            }
        }
    }

    /// Adds what asks from outside whether the service answers.
    fn add_probes(&self, instance: &Instance, scope: &Scope, objects: &mut Vec<Object>, findings: &mut Findings) {
        for (name, address) in instance.named_probes() {
            let named = record([("name", Expr::from(name)), ("url", Expr::from(address))]);
            let scope = scope.child().with("probe", named);
            objects.extend(emit(&self.library.probe, self.with(&scope, instance.span), findings));
        }
    }

    /// What stands beside each workload whose pods no operator makes.
    fn companions<'o>(
        &self,
        objects: impl Iterator<Item = &'o Object>,
        scope: &Scope,
        findings: &mut Findings,
    ) -> Vec<Object> {
        let mut companions = Vec::new();
        for object in objects {
            let workload = self.library.workloads.of(&object.node).filter(|workload| workload.own_pod().is_some());
            let Some(workload) = workload else { continue };
            let scope = scope.child().with("workload", self.workload_record(&object.node, workload));
            companions.extend(emit(&self.library.workload, self.with(&scope, object.asked), findings));
        }
        companions
    }

    fn with<'s>(&'s self, scope: &'s Scope, asked: Span) -> Surroundings<'s> {
        self.dress.with(self.library, scope, asked)
    }
}
