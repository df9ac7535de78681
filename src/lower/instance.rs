//! What one service of a tenant becomes: its own objects, what the baseline fills in, and the companions of its workloads.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::Value as Expr;

use super::chart::{PodsMade, Release};
use super::cluster::{ClusterGround, declared_class};
use super::emit::{Dress, HASH, emit, emit_unfinished, kind_of, name_of, settle};
use super::images::{Pulled, unpinned};
use super::library::Library;
use super::limits::check_limits;
use super::resources::settle_resources;
use super::secret::{ProvidedValue, path_of, provided_values, secret_record};
use super::workloads::{FillIn, Workload};
use super::{ClaimsLock, Object};
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::expression::{Scope, record};
use crate::kinds::Kind as ObjectKind;
use crate::model::reserved;
use crate::model::scope::{self, spelled};
use crate::model::{ClassId, Instance, Layer, Model, STORAGE_CLASS, Service, ServiceId, Sourced, StorageClass, Volume};
use crate::object::{Map, Node};
use crate::source::Span;
use crate::template::{self, PathStep};
use crate::value::{Kind, Value};

/// The objects of an instance, by how they are kept.
#[derive(Debug, Default)]
pub(super) struct InstanceObjects {
    pub instance: Vec<Object>,
    pub data: Vec<Object>,
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

/// A claim and the class it is made with.
#[derive(Debug)]
pub struct ClaimMade {
    /// `cluster/namespace/claim`.
    pub key: String,
    /// The class, and the pool where it lies on one.
    pub declared: String,
    pub class: String,
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
        dress: &Dress,
        made: &mut InstanceObjects,
        findings: &mut Findings,
    ) {
        for need in &instance.needs {
            self.lower(&need.instance, scope, dress, made, findings);
        }
        let service = &self.model[instance.service];
        let mut inner = scope.child();
        self.name_instance(instance, service, &mut inner, made, dress, findings);
        let templates = self.library.service(instance.service);
        let mut own = emit_unfinished(&templates.instance, self.library, &inner, dress, instance.span, findings);
        let mut data = emit_unfinished(&templates.data, self.library, &inner, dress, instance.span, findings);
        for object in own.iter_mut().chain(&mut data) {
            self.complete(object, service, &made.images, &inner, findings);
            // What is filled in is a part of what cannot change.
            settle(object, self.library);
            self.stay_inside(object, instance, findings);
        }
        let reads = |object: &Object| self.library.store_read_by(object.template, object.document);
        if let Some(place) = own.iter().chain(&data).find_map(reads) {
            made.store_readers.push(StoreReader { service: instance.service, place, asked: instance.span });
        }
        for secret in instance.secrets_of(service) {
            let path = path_of(self.tenant, self.instance, &secret.name);
            let scope = inner.child().with("secret", secret_record(secret, &path, instance));
            let objects = emit(&self.library.secret, self.library, &scope, dress, secret.span, findings);
            made.provided.extend(provided_values(secret, &path, service, instance));
            // What is kept after its service needs its Secret as long.
            if templates.data.is_empty() { own.extend(objects) } else { data.extend(objects) }
        }
        for (number, probe) in instance.probes.iter().enumerate() {
            let name = if number == 0 { instance.name.clone() } else { format!("{}-{number}", instance.name) };
            let named = record([("name", Expr::from(name)), ("url", Expr::from(probe.as_str()))]);
            let scope = inner.child().with("probe", named);
            own.extend(emit(&self.library.probe, self.library, &scope, dress, instance.span, findings));
        }
        // A chart without a footprint is a finding already.
        if let Some(chart) = service.chart.as_ref().filter(|_| !instance.footprints.is_empty()) {
            self.release(instance, chart, &inner, made, findings);
        }
        let mut companions = Vec::new();
        for object in own.iter().chain(&data) {
            if let Some(workload) =
                self.library.workloads.of(&object.node).filter(|workload| workload.own_pod().is_some())
            {
                let scope = inner.child().with("workload", self.workload_record(&object.node, workload));
                companions.extend(emit(&self.library.workload, self.library, &scope, dress, object.asked, findings));
            }
        }
        own.extend(companions);
        made.instance.append(&mut own);
        made.data.append(&mut data);
    }

    /// Puts the instance's own names in scope, and makes its claims.
    fn name_instance(
        &self,
        instance: &Instance,
        service: &Service,
        scope: &mut Scope,
        made: &mut InstanceObjects,
        dress: &Dress,
        findings: &mut Findings,
    ) {
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
        for parameter in &service.parameters {
            let name = spelled(&parameter.name);
            let given = instance.parameters.get(&name);
            let value = match (&parameter.kind, given) {
                (Kind::Reference(STORAGE_CLASS), Some(chosen)) => {
                    self.chosen_class(&name, chosen, instance, made, findings)
                }
                _ => scope::optional(given.map(|given| &given.value)),
            };
            reserved::declare(scope, &name, value);
        }
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
        // A volume that is switched off is none.
        let mut volumes: BTreeMap<String, Expr> =
            service.volumes.iter().map(|volume| (spelled(&volume.name), Expr::from(()))).collect();
        for volume in &instance.volumes {
            let place = self.class_chosen(volume, instance, service);
            let claim = self.claim(volume, &instance.namespace, place, findings);
            volumes.insert(spelled(&volume.name), claim.record.clone());
            made.claims.push(claim.made);
            let scope = scope.child().with("volume", claim.record);
            made.data.extend(emit(&self.library.volume, self.library, &scope, dress, volume.span, findings));
        }
        scope.set("volumes", Expr::from(volumes));
        debug_assert!(
            scope.names().iter().all(|name| {
                let is_declared = service.parameters.iter().any(|parameter| spelled(&parameter.name) == *name);
                is_declared || instance.reads.contains_key(name.as_str()) || reserved::meaning(name).is_some()
            }),
            "a name in scope that `model/reserved.rs` does not list: {:?}",
            scope.names()
        );
    }

    /// The real name of the class that a parameter chooses. What an operator makes with it is pinned as a claim is;
    /// where a volume of the service takes the same class, its claim is pinned already.
    fn chosen_class(
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
        let pin = self.pinned(&what, id, chosen.origin.span, findings);
        let class = Expr::from(pin.class.as_str());
        made.claims.push(pin);
        class
    }

    /// Where the class of a service's volume was chosen: the value that somebody gave its parameter, else the use of the
    /// service. The line of the service itself is seldom what has to be changed.
    fn class_chosen(&self, volume: &Volume, instance: &Instance, service: &Service) -> Span {
        let class = self.model[volume.class.value].name.as_str();
        let parameters = service.parameters.iter().filter(|parameter| parameter.kind == Kind::Reference(STORAGE_CLASS));
        let mut given = parameters.filter_map(|parameter| instance.parameters.get(&spelled(&parameter.name)));
        given
            .find(|given| given.origin.layer != Layer::Standard && given.value.as_str() == Some(class))
            .map_or(instance.span, |given| given.origin.span)
    }

    /// The class that something stands on: the one it was made with, else the one of today.
    pub(super) fn pinned(&self, what: &str, id: ClassId, place: Span, findings: &mut Findings) -> ClaimMade {
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
        let made = self.pinned(&format!("{namespace}/{}", volume.name), id, place, findings);
        let snapshots = self.ground.snapshots_of(id).iter().map(String::as_str).map(Expr::from).collect::<Expr>();
        let backups = self.ground.backups_of(id, &made.key).map(Expr::from).collect::<Expr>();
        let mode = if volume.shared { "ReadWriteMany" } else { "ReadWriteOnce" };
        let record = record([
            ("name", Expr::from(volume.name.as_str())),
            ("size", Expr::from(volume.size.value.to_string())),
            ("class", Expr::from(made.class.as_str())),
            ("access_mode", Expr::from(mode)),
            ("snapshots", snapshots),
            ("backups", backups),
        ]);
        Claim { record, made }
    }

    /// What a service becomes lies in the instance's own namespace: an object elsewhere, or of the whole cluster, would
    /// reach into other tenants.
    fn stay_inside(&self, object: &Object, instance: &Instance, findings: &mut Findings) {
        let (api, kind) = kind_of(&object.node);
        let Some(schema) = self.library.kinds.get(api, kind) else { return };
        let namespace = object.node.at("metadata.namespace").and_then(Node::as_str);
        let (code, text) = match namespace {
            Some(namespace) if namespace != instance.namespace => (
                &codes::FOREIGN_NAMESPACE,
                format!("the `{kind}` `{}` goes into the namespace `{namespace}`", name_of(&object.node)),
            ),
            None if !schema.namespaced => {
                (&codes::CLUSTER_WIDE, format!("the `{kind}` `{}` belongs to the whole cluster", name_of(&object.node)))
            }
            _ => return,
        };
        let document = self.library.template(object.template).documents.get(object.document);
        let path = [PathStep::Key("metadata"), PathStep::Key("namespace")];
        findings.push(
            Diagnostic::new(code, document.map_or(object.asked, |document| document.span_of(&path)), text)
                .here(format!("the instance has `{}`", instance.namespace))
                .also(object.asked, "in what this becomes")
                .help("leave `namespace` out, and keep what the whole cluster needs in the workspace's `baseline/cluster/`"),
        );
    }

    /// Fills in what a workload or an ingress leaves out.
    fn complete(
        &self,
        object: &mut Object,
        service: &Service,
        images: &BTreeSet<String>,
        scope: &Scope,
        findings: &mut Findings,
    ) {
        let Some(workload) = self.library.workloads.of(&object.node) else {
            if let Some(facts) = self.library.workloads.ingress(&object.node) {
                let scope = scope.child().with("ingress", facts.record(&object.node));
                self.fill_in(object, &facts.fill_ins, &scope, findings);
            }
            template::drop_nulls(&mut object.node);
            return;
        };
        if let Some(pod) = workload.pod.as_ref().and_then(|path| object.node.at(path)) {
            let document = self.library.template(object.template).documents.get(object.document);
            let place = |list: &str, number: usize| {
                let at = workload.pod.iter().flat_map(|path| path.split('.')).chain(list.split('.'));
                let mut path: Vec<PathStep<'_>> = at.map(PathStep::Key).collect();
                path.extend([PathStep::Index(number), PathStep::Key(&self.library.workloads.pods.image)]);
                document.map_or(object.asked, |document| document.span_of(&path))
            };
            self.check_images(pod, images, place, object.asked, findings);
        }
        let name = name_of(&object.node);
        let skips = service
            .skips
            .iter()
            .filter(|skip| skip.objects.is_empty() || skip.objects.iter().any(|only| only == name))
            .enumerate()
            .map(|(index, skip)| {
                record([
                    ("number", Expr::from(index + 1)),
                    ("check", Expr::from(skip.check.as_str())),
                    ("reason", Expr::from(skip.reason.as_str())),
                ])
            });
        let scope = scope
            .child()
            .with("skips", skips.collect::<Expr>())
            .with("workload", self.workload_record(&object.node, workload));
        if let Some(pod) = workload.own_pod().and_then(|pod| object.node.at_mut(pod)) {
            settle_resources(pod, &self.library.workloads);
        }
        let document = self.library.template(object.template).documents.get(object.document);
        check_limits(object, workload, &self.library.workloads.pods, document, findings);
        self.fill_in(object, &workload.fill_ins, &scope, findings);
        template::drop_nulls(&mut object.node);
    }

    /// Merges in what the baseline has for an object of this kind.
    fn fill_in(&self, object: &mut Object, fill_ins: &[FillIn], scope: &Scope, findings: &mut Findings) {
        let kind = {
            let (api, kind) = kind_of(&object.node);
            self.library.kinds.get(api, kind)
        };
        for fill in fill_ins {
            let Some(id) = self.library.fill_in(&fill.file) else {
                let text = format!("there is no fill-in `{}`", fill.file);
                findings.push(Diagnostic::new(&codes::UNRESOLVED, object.asked, text));
                continue;
            };
            let mut fillers = Vec::new();
            for document in &self.library.template(id).documents {
                if let Err(problems) = document.instantiate(scope, &mut fillers) {
                    findings
                        .extend(problems.into_iter().map(|problem| problem.also(object.asked, "filled in for this")));
                }
            }
            for filler in fillers {
                let filler = below(&fill.at, filler.node);
                template::fill(&mut object.node, &filler, kind.map(ObjectKind::root));
            }
        }
    }

    fn workload_record(&self, node: &Node, workload: &Workload) -> Expr {
        let (api, kind) = kind_of(node);
        let parts = &self.library.workloads.pods;
        let pod = workload.pod.as_ref().and_then(|pod| node.at(pod));
        let containers = pod.and_then(|pod| pod.at(&parts.containers)?.as_list());
        let unpinned = pod.map(|pod| unpinned(pod, parts)).unwrap_or_default();
        let ports = containers
            .unwrap_or_default()
            .iter()
            .flat_map(|container| container.at(&parts.ports).and_then(Node::as_list).unwrap_or_default())
            .map(|port| {
                let part = |path: &str| port.at(path).map_or_else(|| Expr::from(()), expression_of);
                record([
                    ("name", part("name")),
                    ("port", part(&parts.port_number)),
                    ("protocol", part(&parts.port_protocol)),
                ])
            });
        let labels = workload.pod.as_ref().and_then(|pod| node.at(pod)?.at(LABELS)?.as_map());
        // By their own keys: those of a record are spelled as names of an expression.
        let labels: BTreeMap<String, Expr> = labels
            .map(|labels| labels.entries.iter().map(|(key, value)| (key.to_string(), expression_of(value))).collect())
            .unwrap_or_default();
        record([
            ("kind", Expr::from(kind)),
            ("api_version", Expr::from(api)),
            ("name", Expr::from(name_of(node))),
            ("labels", Expr::from(labels)),
            ("ports", ports.collect::<Expr>()),
            ("unpinned", unpinned.into_iter().map(Expr::from).collect::<Expr>()),
        ])
    }
}

/// Where the labels of a pod template are.
const LABELS: &str = "metadata.labels";

/// A claim as templates see it, and what is remembered of it.
pub(super) struct Claim {
    pub record: Expr,
    pub made: ClaimMade,
}

/// A node put below a dotted path.
fn below(path: &str, node: Node) -> Node {
    path.rsplit('.').filter(|key| !key.is_empty()).fold(node, |inner, key| {
        let mut map = Map::new();
        map.set(key, inner);
        Node::Map(map)
    })
}

/// A part of an object as an expression sees it.
fn expression_of(node: &Node) -> Expr {
    match node {
        Node::Null => Expr::from(()),
        Node::Boolean(flag) => Expr::from(*flag),
        Node::Integer(number) => Expr::from(*number),
        Node::Float(number) => Expr::from(*number),
        Node::String(text) => Expr::from(text.as_str()),
        Node::List(list) => list.iter().map(expression_of).collect(),
        Node::Map(map) => record(map.entries.iter().map(|(key, value)| (key.as_str(), expression_of(value)))),
    }
}
