//! Reads clusters, storage classes and backup targets.

use std::collections::BTreeMap;

use super::Top;
use super::form::Form;
use super::names::Names;
use super::platform::{STAND_IN, quantity, text};
use super::pool::read_pools;
use super::upkeep::read_upgrade;
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::model::{
    Backup, BackupTarget, Cluster, Ingress, Longhorn, Network, Nodes, Provided, Snapshot, StorageClass, TargetId,
};
use crate::source::Spanned;
use crate::value::{Cidr, Duration, Percentage, Value};

pub(super) fn read_clusters(top: &Top, findings: &mut Findings) -> (Vec<Cluster>, Names) {
    let mut clusters = Vec::new();
    let mut names = top.names("cluster");
    for (form, _) in top.nodes("cluster") {
        let Some(name) = names.of(form) else { continue };
        if !names.declare(&name, clusters.len(), findings) {
            continue;
        }
        clusters.push(read_cluster(form, name.value, findings));
    }
    (clusters, names)
}

fn read_cluster(form: &Form, name: String, findings: &mut Findings) -> Cluster {
    let mut provides = BTreeMap::new();
    let mut operators = Names::new("operator");
    for provided in form.children("provides") {
        let Some(operator) = operators.of(provided) else { continue };
        let Some(version) = provided.value("version").and_then(|version| version.value.as_version().cloned()) else {
            operators.leave_out(operator.value);
            continue;
        };
        if operators.declare(&operator, 0, findings) {
            provides.insert(operator.value, Provided { version, span: provided.head });
        }
    }
    if let (Some(longhorn), None) = (form.child("longhorn"), form.child("nodes")) {
        findings.push(
            Diagnostic::new(&codes::MISSING, form.head, format!("the cluster `{name}` has disks and no `nodes`"))
                .also(longhorn.head, "the disk of each node")
                .help("add `nodes COUNT cpu=… memory=… pods=…`: without them nothing can be proven about its disks"),
        );
    }
    if let (Some(ingress), None) = (form.child("ingress"), form.child("network"))
        && ingress.boolean("host-network") == Some(true)
        && ingress.values("from").next().is_none()
    {
        findings.push(
            Diagnostic::new(
                &codes::MISSING,
                form.head,
                format!("the cluster `{name}` lacks its `network`, and its ingress answers from node addresses"),
            )
            .also(ingress.head, "answers from node addresses")
            .help("network policies have to let those in: add `network pods=\"…\" services=\"…\" nodes=\"…\"`"),
        );
    }
    let longhorn = form.child("longhorn").and_then(|longhorn| {
        Some(Longhorn {
            disk: quantity(longhorn, "disk")?.value,
            reserved: read_reserved(longhorn, findings),
            over_provisioning: percentage(longhorn, "over-provisioning", 100),
            span: longhorn.head,
        })
    });
    let (pools, unread_pools) = read_pools(form, longhorn.as_ref(), findings);
    Cluster {
        name,
        rancher_id: text(form, "rancher-id").or_else(|| form.is_faulty("rancher-id").then(|| STAND_IN.to_owned())),
        kubernetes: form
            .value("kubernetes")
            .and_then(|given| Some(Spanned::new(given.value.as_semver().cloned()?, given.span))),
        ingress: form.child("ingress").and_then(|ingress| {
            let host_network = ingress.boolean("host-network").unwrap_or(false);
            Some(Ingress { class: text(ingress, "class")?, host_network, from: read_sources(ingress, findings) })
        }),
        network: form.child("network").and_then(|network| read_network(network, findings)),
        nodes: form
            .child("nodes")
            .and_then(|nodes| read_nodes(nodes, &NodeCount { setting: "count", noun: "nodes" }, findings)),
        unread_pools,
        pools,
        longhorn,
        upgrade: form.child("upgrade").and_then(|upgrade| read_upgrade(upgrade, form, findings)),
        provides,
        unread_operators: operators.into_unread(),
        overcommit: percentage(form, "overcommit", 100),
        labels: form
            .child("labels")
            .map(|labels| super::layers::read_labels(labels, findings))
            .unwrap_or_default()
            .into_iter()
            .map(|(key, value)| (key.value, value.value))
            .collect(),
        span: form.head,
    }
}

/// Where the requests of an ingress controller come from: what is said only counts where it stands on the host network.
fn read_sources(ingress: &Form, findings: &mut Findings) -> Vec<Spanned<Cidr>> {
    let given = ingress.values("from");
    let sources: Vec<_> = given
        .filter_map(|given| match given.value {
            Value::Cidr(network) => Some(Spanned::new(*network, given.span)),
            _ => None,
        })
        .collect();
    let may_be_there = ingress.boolean("host-network") == Some(true) || ingress.is_faulty("host-network");
    if let (Some(first), false) = (sources.first(), may_be_there) {
        findings.push(
            Diagnostic::new(&codes::NOT_ALLOWED_HERE, first.span, "`from` is for an ingress on the host network")
                .here("has no effect")
                .help("a controller in pods is known by its labels: remove `from`, or add `host-network=#true`"),
        );
    }
    sources
}

/// A part of a disk is at most all of it.
fn read_reserved(form: &Form, findings: &mut Findings) -> Percentage {
    let reserved = percentage(form, "reserved", 30);
    if reserved > Percentage::WHOLE {
        let span = form.value("reserved").map_or(form.head, |given| given.span);
        let text = format!("`reserved` is `{reserved}`, which is more than the whole disk");
        findings.push(Diagnostic::new(&codes::WRONG_KIND, span, text).help("it is a part of the disk: up to `100%`"));
    }
    reserved
}

/// How a node says how many machines there are.
pub(super) struct NodeCount {
    pub setting: &'static str,
    pub noun: &'static str,
}

pub(super) fn read_nodes(form: &Form, counted: &NodeCount, findings: &mut Findings) -> Option<Nodes> {
    let count = form.integer(counted.setting)?;
    // Left out it is one, also of one: that none is left then is said by what does not fit.
    let spare = form.integer("spare").unwrap_or(Spanned::new(1.min(count.value), form.head));
    if spare.value >= count.value && form.integer("spare").is_some() {
        findings.push(
            Diagnostic::new(
                &codes::WRONG_KIND,
                spare.span,
                format!("`spare` is {} of {} {}, which leaves none to work", spare.value, count.value, counted.noun),
            )
            .also(count.span, format!("{} nodes in all", count.value))
            .help("`spare` is how many nodes may fail at once"),
        );
        // What fits no nodes at all is not worth proving.
        return None;
    }
    Some(Nodes {
        count: count.value,
        cpu: quantity(form, "cpu")?.value,
        memory: quantity(form, "memory")?.value,
        pods: form.integer("pods")?.value,
        spare: spare.value,
        span: form.head,
    })
}

pub(super) fn read_targets(top: &Top, findings: &mut Findings) -> (Vec<BackupTarget>, Names) {
    let mut targets = Vec::new();
    let mut names = top.names("backup target");
    for (form, _) in top.nodes("backup-target") {
        let Some(name) = names.of(form) else { continue };
        if !names.declare(&name, targets.len(), findings) {
            continue;
        }
        targets.push(BackupTarget {
            name: name.value,
            url: text(form, "url").unwrap_or_default(),
            credentials: text(form, "credentials").unwrap_or_default(),
            poll_interval: form
                .value("poll-interval")
                .and_then(|given| given.value.as_duration())
                .unwrap_or(Duration::from_seconds(300)),
            span: form.head,
        });
    }
    (targets, names)
}

pub(super) fn read_classes(top: &Top, targets: &Names, findings: &mut Findings) -> (Vec<StorageClass>, Names) {
    let mut classes = Vec::new();
    let mut names = top.names("storage class");
    for (form, _) in top.nodes("storage-class") {
        let Some(name) = names.of(form) else { continue };
        if !names.declare(&name, classes.len(), findings) {
            continue;
        }
        let replicas = form.integer("replicas").unwrap_or(Spanned::new(1, form.head));
        let locality = form.text("locality").unwrap_or_else(|| Spanned::new("disabled".to_owned(), form.head));
        if locality.value == "strict-local" && replicas.value != 1 {
            findings.push(
                Diagnostic::new(
                    &codes::WRONG_KIND,
                    locality.span,
                    format!(
                        "`strict-local` keeps one copy, on the node of the pod, and `replicas` is {}",
                        replicas.value
                    ),
                )
                .also(replicas.span, "this many copies")
                .help("Longhorn refuses such a volume: set `replicas` to 1, or `locality` to `best-effort`"),
            );
        }
        let mut jobs = Names::new("schedule");
        let snapshots: Vec<Snapshot> =
            form.children("snapshot").filter_map(|snapshot| read_snapshot(snapshot, &mut jobs, findings)).collect();
        let backups: Vec<Backup> =
            form.children("backup").filter_map(|backup| read_backup(backup, targets, &mut jobs, findings)).collect();
        refuse_two_targets(&backups, findings);
        classes.push(StorageClass {
            name: name.value,
            replicas: replicas.value,
            reclaim: text(form, "reclaim").unwrap_or_else(|| "retain".to_owned()),
            locality: locality.value,
            filesystem: text(form, "filesystem").unwrap_or_else(|| "ext4".to_owned()),
            nfs: text(form, "nfs").or_else(|| form.is_faulty("nfs").then(|| STAND_IN.to_owned())),
            shared: form.boolean("shared").unwrap_or(true),
            has_all_snapshots: snapshots.len() == form.children("snapshot").count(),
            snapshots,
            backups,
            span: form.head,
        });
    }
    (classes, names)
}

/// A volume of Longhorn has one target, so a class has too.
fn refuse_two_targets(backups: &[Backup], findings: &mut Findings) {
    let Some((first, rest)) = backups.split_first() else { return };
    for other in rest.iter().filter(|other| other.target != first.target) {
        findings.push(
            Diagnostic::new(&codes::NOT_ALLOWED_HERE, other.span, "the backups of one storage class go to one target")
                .here("to another target")
                .also(first.span, "to the first one")
                .help("a volume of Longhorn has one backup target; make a class for each"),
        );
    }
}

fn read_snapshot(form: &Form, jobs: &mut Names, findings: &mut Findings) -> Option<Snapshot> {
    let name = form.name()?;
    let at = form.value("at")?.value.as_cron()?.clone();
    let keep = form.integer("keep")?.value;
    jobs.declare(&name, 0, findings).then(|| Snapshot { name: name.value, at, keep, span: form.head })
}

fn read_backup(form: &Form, targets: &Names, jobs: &mut Names, findings: &mut Findings) -> Option<Backup> {
    let name = form.name()?;
    let target = targets.find(&form.text("to")?, findings);
    let window = form.value("window")?;
    let window = Spanned::new(window.value.as_window()?, window.span);
    let keep = form.integer("keep")?.value;
    let declared = jobs.declare(&name, 0, findings);
    let target = TargetId(target?);
    declared.then_some(Backup { name: name.value, window, keep, target, span: form.head })
}

/// The networks of a cluster. An address is a pod's, a Service's or a node's: where two of them share some, packets to those
/// never arrive.
fn read_network(form: &Form, findings: &mut Findings) -> Option<Network> {
    let cidr = |name: &'static str| {
        let given = form.value(name)?;
        Some((name, Spanned::new(given.value.as_cidr()?, given.span)))
    };
    let [pods, services, nodes] = [cidr("pods")?, cidr("services")?, cidr("nodes")?];
    for ((first, one), (second, other)) in [(&pods, &services), (&pods, &nodes), (&services, &nodes)] {
        if one.value.contains(&other.value) || other.value.contains(&one.value) {
            let text = format!("`{}` of the {second} overlaps with `{}` of the {first}", other.value, one.value);
            let finding = Diagnostic::new(&codes::TWICE, other.span, text).also(one.span, format!("the {first}"));
            findings.push(
                finding.help(
                    "copy them from the cluster: its `cluster-cidr`, its `service-cidr`, and where its nodes are",
                ),
            );
        }
    }
    Some(Network { pods: pods.1.value, services: services.1.value, nodes: nodes.1.value })
}

fn percentage(form: &Form, name: &str, otherwise: u32) -> Percentage {
    form.value(name).and_then(|given| given.value.as_percentage()).unwrap_or(Percentage::new(otherwise))
}
