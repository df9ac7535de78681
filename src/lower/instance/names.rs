//! The names that the templates of a service see: itself, its parameters, its images, what it reads of others, its volumes.
//!
//! Whatever is put in scope here is listed in `model/reserved.rs`, so that no service declares a parameter of that name.

use std::collections::BTreeMap;

use minijinja::Value as Expr;

use super::{Bench, InstanceObjects};
use crate::diagnostic::Findings;
use crate::expression::{Scope, record};
use crate::lower::emit::{HASH, emit};
use crate::lower::images::Pulled;
use crate::model::reserved;
use crate::model::scope::{self, spelled};
use crate::model::{ClassId, Instance, STORAGE_CLASS};
use crate::value::Kind;

impl Bench<'_> {
    /// Puts the instance's own names in scope, and makes its claims.
    pub(super) fn name_instance(
        &self,
        instance: &Instance,
        scope: &mut Scope,
        made: &mut InstanceObjects,
        findings: &mut Findings,
    ) {
        let service = &self.model[instance.service];
        let text = Expr::from;
        let host = scope::optional(instance.parameters.get("host").map(|host| &host.value));
        scope.set(
            "service",
            record([
                ("name", text(instance.name.as_str())),
                ("service", text(service.name.as_str())),
                ("namespace", text(instance.namespace.as_str())),
                ("host", host),
            ]),
        );
        scope.set("hash", HASH);
        self.name_parameters(instance, scope, made, findings);
        self.name_images(instance, scope, made, findings);
        let footprints = self.chart_pods(instance, made, findings);
        scope.set("footprints", footprints);
        for (name, exports) in &instance.reads {
            reserved::declare(scope, name, scope::exports(exports.as_ref()));
        }
        let class = |name: &str| {
            let id = self.model.classes.iter().position(|class| class.name == name).map(ClassId);
            Expr::from(id.map(|id| self.ground.class(id)))
        };
        scope.set("uses", scope::uses(&instance.uses, &self.model.services, &class));
        self.name_volumes(instance, scope, made, findings);
        debug_assert!(
            scope.names().iter().all(|name| {
                let is_declared = service.parameters.iter().any(|parameter| spelled(&parameter.name) == *name);
                is_declared || instance.reads.contains_key(name.as_str()) || reserved::meaning(name).is_some()
            }),
            "a name in scope that `model/reserved.rs` does not list: {:?}",
            scope.names()
        );
    }

    /// Its parameters; one that chooses a storage class has the name of that class in the cluster.
    fn name_parameters(
        &self,
        instance: &Instance,
        scope: &mut Scope,
        made: &mut InstanceObjects,
        findings: &mut Findings,
    ) {
        let service = &self.model[instance.service];
        for parameter in &service.parameters {
            let name = spelled(&parameter.name);
            let given = instance.parameters.get(&name);
            let value = match (&parameter.kind, given) {
                (Kind::Reference(STORAGE_CLASS), Some(chosen)) => {
                    self.parameter_class(&name, chosen, instance, made, findings)
                }
                _ => scope::optional(given.map(|given| &given.value)),
            };
            reserved::declare(scope, &name, value);
        }
    }

    /// Its images as they are pulled, whole and in parts.
    fn name_images(&self, instance: &Instance, scope: &mut Scope, made: &mut InstanceObjects, findings: &mut Findings) {
        let service = &self.model[instance.service];
        let pulled: Vec<_> = service
            .images
            .iter()
            .map(|image| {
                let chosen = instance.image(image);
                (image.name.as_str(), chosen.map(|reference| self.pulled(image, &reference, instance, findings)))
            })
            .collect();
        let text_of = |image: &Option<Pulled>| Expr::from(image.as_ref().map(|image| image.text.as_str()));
        let parts_of =
            |image: &Option<Pulled>| image.as_ref().map_or_else(|| Expr::from(()), |image| image.parts.clone());
        scope.set("images", record(pulled.iter().map(|(name, image)| (*name, text_of(image)))));
        scope.set("image_parts", record(pulled.iter().map(|(name, image)| (*name, parts_of(image)))));
        made.images.extend(pulled.into_iter().filter_map(|(_, image)| Some(image?.text)));
    }

    /// Its volumes, and their claims are made.
    fn name_volumes(
        &self,
        instance: &Instance,
        scope: &mut Scope,
        made: &mut InstanceObjects,
        findings: &mut Findings,
    ) {
        let service = &self.model[instance.service];
        // A volume that is switched off is none.
        let mut volumes: BTreeMap<String, Expr> =
            service.volumes.iter().map(|volume| (spelled(&volume.name), Expr::from(()))).collect();
        for volume in &instance.volumes {
            let place = self.place_of_choice(volume, instance, service);
            let claim = self.claim(volume, &instance.namespace, place, findings);
            volumes.insert(spelled(&volume.name), claim.record.clone());
            made.claims.push(claim.made);
            let scope = scope.child().with("volume", claim.record);
            made.data.extend(emit(&self.library.volume, self.with(&scope, volume.span), findings));
        }
        scope.set("volumes", Expr::from(volumes));
    }
}
