//! Reads what a tenant has for itself: the pools of a cluster, and which tenant asks for which.
//!
//! A pool is known by its place in its cluster, since two clusters may use one name. That it belongs to one tenant alone
//! is proven later, when all tenants are known.

use super::cluster::{NodeCount, read_nodes};
use super::form::Form;
use super::names::Names;
use super::platform::{quantity, text};
use crate::diagnostic::{Diagnostic, Findings, codes, did_you_mean, nearest};
use crate::model::{Cluster, Isolation, Longhorn, Pool, Unread};

/// The pools of a cluster, and those that are not understood; its Longhorn says by which rules their disks
/// are filled.
pub(super) fn read_pools(cluster: &Form, longhorn: Option<&Longhorn>, findings: &mut Findings) -> (Vec<Pool>, Unread) {
    let mut names = Names::new("pool");
    let mut pools = Vec::new();
    for form in cluster.children("pool") {
        let Some(name) = names.of(form) else { continue };
        let count = NodeCount { setting: "nodes", noun: "nodes of the pool" };
        if !names.declare(&name, pools.len(), findings) {
            continue;
        }
        let Some(nodes) = read_nodes(form, &count, findings) else {
            names.leave_out(name.value);
            continue;
        };
        let disk = quantity(form, "disk");
        match (&disk, longhorn, cluster.child("longhorn")) {
            (Some(disk), None, None) => findings.push(
                Diagnostic::new(&codes::MISSING, cluster.head, "the cluster has a pool with disks and no `longhorn`")
                    .also(disk.span, "the disk of each node")
                    .help("add `longhorn disk=…`: it says how much of a disk is reserved and promised"),
            ),
            (None, Some(longhorn), _) if !form.is_faulty("disk") => findings.push(
                Diagnostic::new(&codes::MISSING, form.head, format!("the pool `{}` has no `disk`", name.value))
                    .here("the volumes of its tenant lie on its own nodes")
                    .also(longhorn.span, "the cluster stores volumes with Longhorn")
                    .help("add `disk=\"…\"`, the size of Longhorn's disk on each of its nodes"),
            ),
            _ => {}
        }
        pools.push(Pool {
            name: name.value,
            nodes,
            longhorn: disk.zip(longhorn).map(|(disk, rules)| Longhorn { disk: disk.value, span: disk.span, ..*rules }),
            credentials: text(form, "credentials"),
            span: form.head,
        });
    }
    (pools, names.into_unread())
}

/// What a tenant says it has for itself; the pool has to be one of its cluster.
pub(super) fn read_isolation(
    form: &Form,
    at: usize,
    clusters: &[Cluster],
    findings: &mut Findings,
) -> Option<Isolation> {
    let cluster = &clusters[at];
    let monitoring = form.boolean("monitoring").unwrap_or(false);
    let isolation = |pool| Isolation { pool, monitoring, span: form.head };
    let whole = form.given("whole");
    if let Some(word) = form.text("whole").filter(|word| word.value != "cluster") {
        // The name of a pool is what stands there where `pool=` was forgotten.
        let named = format!("pool={}", word.value);
        let is_pool = cluster.pools.iter().any(|pool| pool.name == word.value);
        let finding = Diagnostic::new(
            &codes::WRONG_KIND,
            word.span,
            format!("`{}` does not say from what the tenant is isolated", word.value),
        )
        .here("`cluster`, or `pool=NAME`");
        findings.push(if is_pool && form.given("pool").is_none() {
            finding.help(format!("write `isolation {named}` for the nodes of that pool")).fix(
                format!("write `{named}`"),
                word.span,
                named,
            )
        } else {
            finding.help("write `isolation pool=NAME` for nodes of its own, or `isolation cluster` for a whole cluster")
        });
        return None;
    }
    match (whole, form.text("pool")) {
        (Some(whole), Some(pool)) => {
            findings.push(
                Diagnostic::new(&codes::NOT_ALLOWED_HERE, form.head, "the isolation is a pool and a whole cluster")
                    .also(whole.span, "a whole cluster")
                    .also(pool.span, "a pool of it")
                    .help("keep one of them"),
            );
            None
        }
        (Some(_), None) => Some(isolation(None)),
        (None, None) if form.is_faulty("pool") => None,
        (None, None) => {
            findings.push(
                Diagnostic::new(&codes::MISSING, form.head, "the isolation does not say from what").help(
                    "write `isolation pool=NAME` for nodes of its own, or `isolation cluster` for a whole cluster",
                ),
            );
            None
        }
        (None, Some(name)) => {
            let found = cluster.pools.iter().position(|pool| pool.name == name.value);
            if found.is_none() && !cluster.unread_pools.may_hold(&name.value) {
                let text = format!("the cluster `{}` has no pool `{}`", cluster.name, name.value);
                let elsewhere = clusters
                    .iter()
                    .flat_map(|other| other.pools.iter().map(move |pool| (other, pool)))
                    .find(|(_, pool)| pool.name == name.value);
                let known = cluster.pools.iter().map(|pool| pool.name.as_str());
                let finding = Diagnostic::new(&codes::UNRESOLVED, name.span, text).here("not declared");
                let finding = match (elsewhere, nearest(&name.value, known.clone())) {
                    (Some((other, pool)), _) => finding.also(pool.span, format!("a pool of `{}`", other.name)).help(
                        format!("move the tenant to the cluster `{}`, or declare the pool in its own", other.name),
                    ),
                    (None, Some(near)) => finding
                        .also(cluster.span, "the tenant's cluster")
                        .help_if(did_you_mean(&name.value, known))
                        .fix(format!("write `{near}`"), name.span, near),
                    (None, None) => finding
                        .also(cluster.span, "the tenant's cluster")
                        .help(format!("add `pool {} nodes=… cpu=… memory=… pods=… disk=…` to it", name.value)),
                };
                findings.push(finding);
            }
            Some(isolation(Some(found?)))
        }
    }
}

/// Says of every pool that no tenant asked for it: its nodes take no other's pods.
pub(super) fn report_unused(clusters: &[Cluster], is_used: impl Fn(usize, usize) -> bool, findings: &mut Findings) {
    for (at, cluster) in clusters.iter().enumerate() {
        for (_, pool) in cluster.pools.iter().enumerate().filter(|(number, _)| !is_used(at, *number)) {
            let text = format!("no tenant of `{}` has the pool `{}` for itself", cluster.name, pool.name);
            findings.push(
                Diagnostic::new(&codes::UNUSED_DEFINITION, pool.span, text).here("its nodes stand empty").help(
                    format!(
                        "give it to a tenant with `isolation pool={}`, or count its nodes among the shared ones",
                        pool.name
                    ),
                ),
            );
        }
    }
}
