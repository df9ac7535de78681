//! What a cluster or the platform says of itself that nothing made for it would ever notice: a Kubernetes that does not know
//! the policies by which tenants are kept apart, and an operator or an endpoint whose name is missed by a letter.
//!
//! What they are needed for is left out where they are not there. So a slip of the pen would take the snapshots or the mail of
//! a whole cluster away, and nobody would be told. A name that is like no other is a fact of somebody's own services.

use super::Fleet;
use crate::diagnostic::{Diagnostic, Findings, codes, nearest};
use crate::model::Cluster;

pub(super) fn check(fleet: &Fleet<'_>, findings: &mut Findings) {
    refuse_misspelt_endpoints(fleet, findings);
    let required = fleet.model.services.iter().flat_map(|service| &service.requires).map(|one| one.operator.as_str());
    let known: Vec<&str> = fleet.facts.operators.iter().map(String::as_str).chain(required).collect();
    for cluster in &fleet.model.clusters {
        findings.extend(too_old(cluster, fleet));
        for (name, provided) in cluster.provides.iter().filter(|(name, _)| !known.contains(&name.as_str())) {
            let others = known.iter().copied().filter(|known| !cluster.provides.contains_key(*known));
            let Some(meant) = nearest(name, others) else { continue };
            let text = format!("nothing asks for an operator `{name}`");
            let finding = Diagnostic::new(&codes::UNKNOWN_OPERATOR, provided.span, text)
                .here("what it is for is left out")
                .help(format!("did you mean `{meant}`?"));
            findings.push(finding);
        }
    }
}

fn refuse_misspelt_endpoints(fleet: &Fleet<'_>, findings: &mut Findings) {
    let services = &fleet.model.services;
    for (name, endpoint) in &fleet.model.platform.endpoints {
        let is_asked = services.iter().flat_map(|service| &service.egress).any(|egress| egress.endpoint == *name);
        let forgone = services.iter().flat_map(|service| &service.forgone).map(String::as_str);
        let Some(meant) = nearest(name, forgone).filter(|_| !is_asked) else { continue };
        let text = format!("no service asks for an endpoint `{name}`");
        let finding = Diagnostic::new(&codes::UNKNOWN_ENDPOINT, endpoint.span, text)
            .here("the way to it is opened for nobody")
            .help(format!("did you mean `{meant}`?"));
        findings.push(finding);
    }
}

fn too_old(cluster: &Cluster, fleet: &Fleet<'_>) -> Option<Diagnostic> {
    let (least, runs) = (fleet.facts.least_kubernetes.as_ref()?, cluster.kubernetes.as_ref()?);
    if runs.value.minor() >= least.minor() {
        return None;
    }
    let text = format!(
        "the cluster `{}` runs Kubernetes {}, and at least {least} is needed",
        cluster.name,
        runs.value.as_str()
    );
    Some(
        Diagnostic::new(&codes::OLD_KUBERNETES, runs.span, text)
            .here("does not know the policies that keep tenants apart")
            .help(format!("upgrade the cluster to {least} or later first, then say so here")),
    )
}
