//! What the platform's `logging` stands on: in each cluster its operator, and secrets that bring the passwords.
//!
//! Without them no object is made for it: tenants would believe that their logs are kept.

use super::Fleet;
use super::operators::lacks_operator;
use super::secrets::{LEAST, no_store};
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::model::{Cluster, LOGGING, Logging, Requires};
use crate::value::Version;

pub(super) fn check(fleet: &Fleet<'_>, findings: &mut Findings) {
    let platform = &fleet.model.platform;
    let Some(logging) = &platform.logging else { return };
    let logged = fleet.tenants.iter().filter(|(_, lowered)| !lowered.namespaces.is_empty());
    let mut clusters: Vec<_> = logged.map(|(tenant, _)| tenant.cluster.value).collect();
    clusters.sort_unstable();
    clusters.dedup();
    let mut needed = vec![(LOGGING.to_owned(), None)];
    match &platform.secrets {
        Some(store) => needed.push((store.operator.clone(), Version::parse(LEAST).ok())),
        None if clusters.is_empty() => {}
        None => findings.push(
            no_store(platform, "its `logging` needs them").also(logging.span, "each tenant has a password of its own"),
        ),
    }
    for cluster in clusters.into_iter().map(|id| &fleet.model[id]) {
        for (operator, version) in &needed {
            let required = Requires { operator: operator.clone(), version: version.clone(), span: logging.span };
            findings.extend(without_operator(cluster, &required, logging));
        }
    }
}

fn without_operator(cluster: &Cluster, required: &Requires, logging: &Logging) -> Option<Diagnostic> {
    let text = lacks_operator(cluster, required)?;
    let operator = &required.operator;
    Some(
        Diagnostic::new(&codes::MISSING_OPERATOR, cluster.span, text)
            .here("needed for the logs of its tenants")
            .also(logging.span, "asked for here")
            .help(format!("add `provides {operator} version=\"…\"` to it once the operator runs there")),
    )
}
