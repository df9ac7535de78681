//! What a cluster gets once: storage classes, jobs for their snapshots and backups, targets, and the ground on which its
//! tenants are lowered.

use std::collections::BTreeMap;

use minijinja::Value as Expr;

use super::claims::ClaimsLock;
use super::emit::{Dress, HASH, emit, name_of};
use super::fleet::{BundleSpec, add_fleet};
use super::hosts::{PublicHost, add_hosts};
use super::library::Library;
use super::resources::defaults_record;
use super::schedule::{daily, slots};
use super::{Bundle, Object};
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::expression::{Scope, record};
use crate::model::{BackupTarget, ClassId, Cluster, Model, Pool, StorageClass, Tenant, scope};
use crate::object::Node;
use crate::value::names::{self, Limit};
use crate::value::place_of;

/// The layer that the storage classes belong to, behind its number.
const STORAGE: &str = "storage";

/// Layers that stay when nothing says them any more: what tenants are kept apart by, and what their data lies on. A plan that
/// nobody wants must not go on upgrading nodes.
const LASTING: [&str; 2] = ["policies", STORAGE];

/// What tenants stand on: the shared nodes of a cluster, or a pool of it.
#[derive(Debug)]
pub struct ClusterGround {
    /// The cluster's name.
    pub name: String,
    /// The pool, where it is one.
    pool: Option<String>,
    /// Platform, cluster and pool.
    pub scope: Scope,
    /// The real names of the storage classes, by [`ClassId`].
    pub classes: Vec<String>,
    /// The storage classes as objects, those of today and those still pinned, by name.
    pub class_objects: BTreeMap<String, Node>,
    /// What the platform's own objects make public; kept with the shared ground.
    pub hosts: Vec<PublicHost>,
    /// The jobs of each class, by [`ClassId`]: the snapshots' names, and the slots of each backup.
    jobs: Vec<ClassJobs>,
}

#[derive(Debug, Default, Clone)]
struct ClassJobs {
    always: Vec<String>,
    slots: Vec<Vec<String>>,
}

impl ClusterGround {
    pub fn class(&self, id: ClassId) -> &str {
        self.classes.get(id.0).map_or("", String::as_str)
    }

    /// The pool of nodes that it is, where it is not all of the cluster.
    pub fn pool(&self) -> Option<&str> {
        self.pool.as_deref()
    }

    /// What a claim is pinned to: the class as it is declared, and the pool on whose disks it lies.
    pub fn pin_of(&self, declared: &str) -> String {
        self.pool.as_ref().map_or_else(|| declared.to_owned(), |pool| format!("{declared}{AT_POOL}{pool}"))
    }

    /// The snapshots of a class.
    pub fn snapshots_of(&self, id: ClassId) -> &[String] {
        self.jobs.get(id.0).map_or(&[], |jobs| &jobs.always)
    }

    /// The backups of a claim: one slot of each that its class has.
    pub fn backups_of(&self, id: ClassId, claim: &str) -> impl Iterator<Item = &str> {
        let backups = self.jobs.get(id.0).map_or(&[][..], |jobs| &jobs.slots);
        backups.iter().filter_map(move |slots| Some(slots.get(place_of(claim, slots.len()))?.as_str()))
    }
}

/// Between a class and a pool in what a claim is pinned to.
const AT_POOL: char = '@';

/// The class, as it is declared, of what a claim is pinned to.
pub fn declared_class(pin: &str) -> &str {
    pin.split(AT_POOL).next().unwrap_or(pin)
}

/// The grounds of all clusters.
#[derive(Debug, Default)]
pub struct Grounds(Vec<Vec<ClusterGround>>);

impl Grounds {
    /// Adds those of the next cluster: the shared one first.
    pub fn add(&mut self, of_cluster: Vec<ClusterGround>) {
        self.0.push(of_cluster);
    }

    /// What a tenant stands on.
    pub fn of(&self, tenant: &Tenant) -> &ClusterGround {
        let pool = tenant.isolation.as_ref().and_then(|isolation| isolation.pool);
        &self.0[tenant.cluster.value.0][pool.map_or(0, |pool| pool + 1)]
    }

    /// The shared ground of each cluster.
    pub fn shared(&self) -> impl Iterator<Item = &ClusterGround> {
        self.0.iter().map(|of_cluster| &of_cluster[0])
    }
}

/// Lowers what a cluster gets once, and lays the grounds for its tenants: the shared one, then that of each pool.
pub fn lower_cluster(
    cluster: &Cluster,
    model: &Model,
    library: &Library,
    pins: &ClaimsLock,
    findings: &mut Findings,
) -> (Vec<ClusterGround>, Vec<Bundle>) {
    let outer = Scope::new()
        .with("platform", scope::platform(&model.platform))
        .with("cluster", scope::cluster(cluster))
        .with("container_defaults", defaults_record(&library.workloads.defaults));
    let base = outer.child().with("pool", scope::pool(None, &model.platform));
    let dress = Dress { namespace: None, labels: library.workloads.labels.clone() };

    let mut class_objects = Vec::new();
    let mut grounds = Vec::new();
    for pool in std::iter::once(None).chain(cluster.pools.iter().map(Some)) {
        let scope = outer.child().with("pool", scope::pool(pool, &model.platform));
        let mut classes = Vec::new();
        for class in &model.classes {
            let named = scope.child().with("class", class_record(class, pool, model)).with("hash", HASH);
            let objects = emit(&library.class, dress.with(library, &named, class.span), findings);
            classes.push(objects.first().map_or_else(String::new, |object| name_of(&object.node).to_owned()));
            class_objects.extend(objects);
        }
        let pool = pool.map(|pool| pool.name.clone());
        let (class_objects, hosts, jobs) = (BTreeMap::new(), Vec::new(), Vec::new());
        grounds.push(ClusterGround { name: cluster.name.clone(), pool, scope, classes, class_objects, hosts, jobs });
    }
    let today = grounds.iter().flat_map(|ground| &ground.classes).cloned().collect::<Vec<_>>();
    class_objects.extend(pinned_classes(cluster, pins, &today, library, model));

    let mut jobs = Vec::new();
    let mut records = Vec::new();
    for class in &model.classes {
        let (of_class, more) = class_jobs(class, model, findings);
        jobs.push(of_class);
        records.extend(more);
    }
    let once = base
        .child()
        .with("jobs", records.into_iter().collect::<Expr>())
        .with("targets", targets(cluster, model).collect::<Expr>())
        .with("pools", cluster.pools.iter().map(|pool| scope::pool(Some(pool), &model.platform)).collect::<Expr>())
        .with("classes", today.iter().map(String::as_str).map(Expr::from).collect::<Expr>())
        .with("hash", HASH);

    let by_name: BTreeMap<String, Node> =
        class_objects.iter().map(|object| (name_of(&object.node).to_owned(), object.node.clone())).collect();
    for ground in &mut grounds {
        ground.class_objects.clone_from(&by_name);
        ground.jobs.clone_from(&jobs);
    }
    let mut bundles = Vec::new();
    let mut class_objects = Some(class_objects);
    for (layer, templates) in &library.cluster {
        let mut bundle = Bundle { folder: format!("{}/_platform/{layer}", cluster.name), files: Vec::new() };
        for template in templates {
            bundle.add(library.name(*template), emit(&[*template], dress.with(library, &once, cluster.span), findings));
        }
        if layer.ends_with(STORAGE) {
            bundle.add("classes", class_objects.take().unwrap_or_default());
        }
        if !bundle.files.is_empty() {
            let fleet = BundleSpec {
                cluster: &cluster.name,
                owner: "platform",
                layer,
                depends_on: Vec::new(),
                namespace: None,
                keep: LASTING.iter().any(|part| layer.ends_with(part)),
            };
            add_fleet(&mut bundle, &fleet, &base, library, cluster.span, findings);
            bundles.push(bundle);
        }
    }
    if let Some(shared) = grounds.first_mut() {
        let objects = bundles.iter().flat_map(|bundle| &bundle.files).flat_map(|file| &file.objects);
        add_hosts(objects, None, library, &mut shared.hosts);
    }
    (grounds, bundles)
}

fn class_record(class: &StorageClass, pool: Option<&Pool>, model: &Model) -> Expr {
    // A volume of Longhorn has one target, given when it is made.
    let target = class.backups.first().map(|backup| target_name(&model[backup.target], pool));
    record([
        ("name", Expr::from(class.name.as_str())),
        ("replicas", Expr::from(class.replicas)),
        ("reclaim", Expr::from(class.reclaim.as_str())),
        ("locality", Expr::from(class.locality.as_str())),
        ("filesystem", Expr::from(class.filesystem.as_str())),
        ("nfs", Expr::from(class.nfs.as_deref())),
        ("shared", Expr::from(class.shared)),
        ("target", Expr::from(target)),
    ])
}

/// Classes that are still pinned by a claim and are not what they were: they stay as they were.
fn pinned_classes(
    cluster: &Cluster,
    pins: &ClaimsLock,
    today: &[String],
    library: &Library,
    model: &Model,
) -> Vec<Object> {
    let Some(template) = library.class.first() else { return Vec::new() };
    pins.classes_of(&cluster.name)
        .filter(|pinned| !today.contains(&pinned.name))
        .map(|pinned| Object {
            node: pinned.object.clone(),
            template: *template,
            document: 0,
            asked: model.platform.span,
        })
        .collect()
}

fn class_jobs(class: &StorageClass, model: &Model, findings: &mut Findings) -> (ClassJobs, Vec<Expr>) {
    let mut jobs = ClassJobs::default();
    let mut records = Vec::new();
    let mut add = |name: &str, task: &str, cron: String, keep: i64, target: Option<&str>| {
        records.push(record([
            ("name", Expr::from(name)),
            ("task", Expr::from(task)),
            ("cron", Expr::from(cron)),
            ("keep", Expr::from(keep)),
            ("class", Expr::from(class.name.as_str())),
            ("group", Expr::from(class.name.as_str())),
            ("target", Expr::from(target)),
        ]));
    };
    for snapshot in &class.snapshots {
        let name = format!("{}-{}", class.name, snapshot.name);
        too_long(&name, snapshot.span, findings);
        add(&name, "snapshot", snapshot.at.to_string(), snapshot.keep, None);
        jobs.always.push(name);
    }
    for backup in &class.backups {
        let starts = slots(backup.window.value, &model.platform.time_zone.value);
        if starts.is_empty() {
            findings.push(
                Diagnostic::new(
                    &codes::NARROW_WINDOW,
                    backup.window.span,
                    format!("no minute of the window `{}` lies in it all year", backup.window.value),
                )
                .here("too narrow")
                .also(model.platform.time_zone.span, "the zone whose summer time moves it")
                .help("make the window longer than the difference between summer and winter time"),
            );
        }
        let target = model[backup.target].name.as_str();
        let mut names = Vec::new();
        for (slot, minute) in starts.into_iter().enumerate() {
            let name = format!("{}-{}-{slot:02}", class.name, backup.name);
            if slot == 0 {
                too_long(&name, backup.span, findings);
            }
            add(&name, "backup", daily(minute), backup.keep, Some(target));
            names.push(name);
        }
        jobs.slots.push(names);
    }
    (jobs, records)
}

fn too_long(name: &str, span: crate::source::Span, findings: &mut Findings) {
    if let Err(fault) = names::fits(name, Limit::LONGHORN) {
        findings.push(
            Diagnostic::new(&codes::NAME_TOO_LONG, span, fault.message)
                .here("its name is composed of the class's and the schedule's")
                .help_if(fault.help),
        );
    }
}

/// Backup targets; each cluster has a folder of its own in each, because two clusters on one URL see each other's backups.
/// So has each pool: a folder beside the cluster's and not in it, so that rights to one are no rights to the other.
fn targets<'m>(cluster: &'m Cluster, model: &'m Model) -> impl Iterator<Item = Expr> + 'm {
    let pools = std::iter::once(None).chain(cluster.pools.iter().map(Some));
    pools.flat_map(move |pool| {
        model.targets.iter().map(move |target| {
            let (place, query) = target.url.split_once('?').map_or((target.url.as_str(), None), |(a, b)| (a, Some(b)));
            let slash = if place.ends_with('/') { "" } else { "/" };
            let query = query.map_or(String::new(), |query| format!("?{query}"));
            let folder = pool.map_or_else(|| cluster.name.clone(), |pool| format!("{}.{}", cluster.name, pool.name));
            let own = pool.and_then(|pool| pool.credentials.as_deref());
            record([
                ("name", Expr::from(target_name(target, pool))),
                ("url", Expr::from(format!("{place}{slash}{folder}/{query}"))),
                ("credentials", Expr::from(own.unwrap_or(&target.credentials))),
                ("poll_interval", Expr::from(target.poll_interval.in_go())),
            ])
        })
    })
}

fn target_name(target: &BackupTarget, pool: Option<&Pool>) -> String {
    pool.map_or_else(|| target.name.clone(), |pool| format!("{}-{}", target.name, pool.name))
}
