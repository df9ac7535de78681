//! Reads development clusters: short-lived ones, each for a tenant and with a day on which it is to go.

use super::Top;
use super::names::Names;
use super::tenant::Known;
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::model::DevCluster;
use crate::source::Spanned;

/// Development clusters, each for a tenant.
pub(super) fn read_dev_clusters(
    top: &Top,
    tenants: &Names,
    known: &Known<'_>,
    findings: &mut Findings,
) -> Vec<DevCluster> {
    let mut names = Names::new("development cluster");
    let mut list = Vec::new();
    for (form, _) in top.nodes("dev-cluster") {
        let Some(name) = form.name() else { continue };
        if !names.declare(&name, list.len(), findings) {
            continue;
        }
        // Both are clusters of one name to Rancher, and the later would take over the other.
        if let Some(taken) = known.cluster_names.get(&name.value) {
            findings.push(
                Diagnostic::new(
                    &codes::DUPLICATE_NAME,
                    name.span,
                    format!("there is a cluster named `{}`", name.value),
                )
                .here("a development cluster of the same name")
                .also(known.clusters[taken].span, "declared here")
                .help("give the development cluster another name"),
            );
            continue;
        }
        let Some(owner) = form.text("for") else { continue };
        let Some(tenant) = tenants.meant(&owner, findings) else { continue };
        let (Some(distribution), Some(version), Some(until)) =
            (form.text("distribution"), form.text("version"), form.value("until"))
        else {
            continue;
        };
        let Some(date) = until.value.as_date() else { continue };
        // A version says by its suffix what it is a version of.
        if !version.value.contains(&format!("+{}", distribution.value)) {
            findings.push(
                Diagnostic::new(
                    &codes::WRONG_KIND,
                    version.span,
                    format!("`{}` is no version of {}", version.value, distribution.value),
                )
                .here("another distribution's")
                .also(distribution.span, "asked for here")
                .help("as in `v1.34.5+k3s1` and `v1.34.5+rke2r1`"),
            );
            continue;
        }
        list.push(DevCluster {
            name: name.value,
            tenant: tenant.to_owned(),
            distribution: distribution.value,
            version: version.value,
            nodes: form.integer("nodes").map_or(1, |nodes| nodes.value),
            until: Spanned::new(date, until.span),
            span: form.head,
        });
    }
    list
}
