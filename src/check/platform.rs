//! What settings of the platform and its clusters stand on: an operator in each cluster, secrets for passwords.
//!
//! `logging`, `monitoring grafana` and `upgrade` make no object where their operator is not there: people would believe
//! that logs are kept, services shown and nodes upgraded.

use super::Fleet;
use super::operators::without_operator;
use super::secrets::{LEAST, no_store};
use crate::diagnostic::{Diagnostic, Findings};
use crate::model::{Cluster, LOGGING, Requires, SYSTEM_UPGRADE};
use crate::value::Version;

/// What the platform says, and what a cluster has to provide for it.
pub(super) const DASHBOARDS: (&str, &str) = ("grafana", "monitoring");

pub(super) fn check(fleet: &Fleet<'_>, findings: &mut Findings) {
    let platform = &fleet.model.platform;
    for cluster in &fleet.model.clusters {
        let Some(upgrade) = &cluster.upgrade else { continue };
        let required = Requires { operator: SYSTEM_UPGRADE.to_owned(), version: None, span: upgrade.span };
        findings.extend(lacking(cluster, &required, "its upgrades"));
    }
    let used = fleet.tenants.iter().filter(|(_, lowered)| !lowered.namespaces.is_empty());
    let mut clusters: Vec<_> = used.map(|(tenant, _)| tenant.cluster.value).collect();
    clusters.sort_unstable();
    clusters.dedup();
    if platform.monitoring.iter().any(|name| name == DASHBOARDS.0) {
        let required = Requires { operator: DASHBOARDS.1.to_owned(), version: None, span: platform.span };
        for id in &clusters {
            findings.extend(lacking(&fleet.model[*id], &required, "the dashboards of its tenants"));
        }
    }
    let Some(logging) = &platform.logging else { return };
    let mut needed = vec![(LOGGING.to_owned(), None)];
    match &platform.secrets {
        Some(store) => needed.extend(store.operator.clone().map(|operator| (operator, Version::parse(LEAST).ok()))),
        None if clusters.is_empty() => {}
        None => findings.push(
            no_store(platform, "its `logging` needs them").also(logging.span, "each tenant has a password of its own"),
        ),
    }
    for cluster in clusters.into_iter().map(|id| &fleet.model[id]) {
        for (operator, version) in &needed {
            let required = Requires { operator: operator.clone(), version: version.clone(), span: logging.span };
            findings.extend(lacking(cluster, &required, "the logs of its tenants"));
        }
    }
}

fn lacking(cluster: &Cluster, required: &Requires, what: &str) -> Option<Diagnostic> {
    let finding = without_operator(cluster, required)?.here(format!("needed for {what}"));
    Some(finding.also(required.span, "asked for here"))
}
