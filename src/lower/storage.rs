//! What an instance stores: with which storage class each volume is made, and whether it still can be.
//!
//! A claim never changes its class, so what was made with one keeps it (see `claims`); another choice in the spec is a
//! finding at the place where somebody made it.

use minijinja::Value as Expr;

use super::cluster::declared_class;
use super::instance::{Bench, InstanceObjects};
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::expression::record;
use crate::model::scope::spelled;
use crate::model::{ClassId, Instance, Layer, STORAGE_CLASS, Service, Sourced, StorageClass, Volume};
use crate::source::Span;
use crate::value::{Kind, Value};

/// A claim and the class it is made with.
#[derive(Debug)]
pub struct ClaimMade {
    /// `cluster/namespace/claim`.
    pub key: String,
    /// The class, and the pool where it lies on one.
    pub declared: String,
    pub class: String,
}

/// A claim as templates see it, and what is remembered of it.
pub(super) struct Claim {
    pub record: Expr,
    pub made: ClaimMade,
}

impl Bench<'_> {
    /// The real name of the class that a parameter chooses. What an operator makes with it is pinned as a claim is;
    /// where a volume of the service takes the same class, its claim is pinned already.
    pub(super) fn parameter_class(
        &self,
        parameter: &str,
        chosen: &Sourced<Value>,
        instance: &Instance,
        made: &mut InstanceObjects,
        findings: &mut Findings,
    ) -> Expr {
        let is_chosen = |class: &StorageClass| chosen.value.as_str() == Some(class.name.as_str());
        let Some(id) = self.model.classes.iter().position(is_chosen).map(ClassId) else { return Expr::from(()) };
        if let Some(volume) = instance.volumes.iter().find(|volume| volume.class.value == id) {
            let key = format!("{}/{}/{}", self.ground.name, instance.namespace, volume.name);
            return Expr::from(self.pins.pinned(&key).map_or(self.ground.class(id), |(_, class, _)| class));
        }
        // A service that makes no data itself only hands the choice on.
        if self.library.service(instance.service).data.is_empty() {
            return Expr::from(self.ground.class(id));
        }
        let what = format!("{}/{}.{parameter}", instance.namespace, instance.name);
        let pin = self.pin(&what, id, chosen.origin.span, findings);
        let class = Expr::from(pin.class.as_str());
        made.claims.push(pin);
        class
    }

    /// Where the class of a service's volume was chosen: the value that somebody gave its parameter, else the use of the
    /// service. The line of the service itself is seldom what has to be changed.
    pub(super) fn place_of_choice(&self, volume: &Volume, instance: &Instance, service: &Service) -> Span {
        let class = self.model[volume.class.value].name.as_str();
        let parameters = service.parameters.iter().filter(|parameter| parameter.kind == Kind::Reference(STORAGE_CLASS));
        let mut given = parameters.filter_map(|parameter| instance.parameters.get(&spelled(&parameter.name)));
        given
            .find(|given| given.origin.layer != Layer::Standard && given.value.as_str() == Some(class))
            .map_or(instance.span, |given| given.origin.span)
    }

    /// The class that something stands on: the one it was made with, else the one of today.
    pub(super) fn pin(&self, what: &str, id: ClassId, place: Span, findings: &mut Findings) -> ClaimMade {
        let declared = self.ground.pin_of(&self.model[id].name);
        let key = format!("{}/{what}", self.ground.name);
        let class = match self.pins.pinned(&key) {
            Some((pinned, class, span)) => {
                let moves = declared_class(pinned) == declared_class(&declared);
                // On which nodes it is, one line says for all that the tenant stores.
                let place = if moves { self.nodes_said } else { place };
                if pinned != declared && !(moves && self.is_misplaced) {
                    let text = format!("`{what}` was made with the class `{pinned}` and cannot change to `{declared}`");
                    let finding = Diagnostic::new(&codes::PINNED_CLAIM, place, text);
                    let finding = if moves {
                        finding.here("the same class on the disks of other nodes").help(
                            "leave the tenant on the nodes it is on, or give the volume another name and move the data",
                        )
                    } else {
                        finding
                            .here("another class")
                            .help(format!("keep `{pinned}`, or give the volume another name and move the data"))
                    };
                    findings.push(span.into_iter().fold(finding, |finding, span| finding.also(span, "pinned here")));
                }
                class.to_owned()
            }
            None => self.ground.class(id).to_owned(),
        };
        ClaimMade { key, declared, class }
    }

    /// The claim of a volume: pinned to the class it was made with, and with its jobs.
    pub(super) fn claim(&self, volume: &Volume, namespace: &str, place: Span, findings: &mut Findings) -> Claim {
        let id: ClassId = volume.class.value;
        let made = self.pin(&format!("{namespace}/{}", volume.name), id, place, findings);
        let snapshots = self.ground.snapshots_of(id).iter().map(String::as_str).map(Expr::from).collect::<Expr>();
        let backups = self.ground.backups_of(id, &made.key).map(Expr::from).collect::<Expr>();
        let record = record([
            ("name", Expr::from(volume.name.as_str())),
            ("size", Expr::from(volume.size.value.to_string())),
            ("class", Expr::from(made.class.as_str())),
            ("access_mode", Expr::from(self.library.workloads.claim.mode(volume.shared))),
            ("snapshots", snapshots),
            ("backups", backups),
        ]);
        Claim { record, made }
    }
}
