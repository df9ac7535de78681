//! Probes that nothing makes: a platform that watches its services, and a cluster that has no operator to do it.
//!
//! The templates leave a probe out where it would lie dead, so without a word here everybody would believe that a service
//! is watched until it fails and nobody is called.

use std::collections::BTreeMap;

use super::Fleet;
use super::platform::DASHBOARDS;
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::model::{ClusterId, Instance};

/// What the platform says, and what a cluster has to provide for it.
const WATCHES: (&str, &str) = ("prometheus", "monitoring");

pub(super) fn check(fleet: &Fleet<'_>, findings: &mut Findings) {
    let (word, operator) = WATCHES;
    let says = |word: &str| fleet.model.platform.monitoring.iter().any(|name| name == word);
    // Dashboards need the same operator, and without it they are an error already.
    if !says(word) || says(DASHBOARDS.0) {
        return;
    }
    let mut unwatched: BTreeMap<ClusterId, (usize, &Instance)> = BTreeMap::new();
    for (tenant, _) in fleet.tenants {
        let cluster = tenant.cluster.value;
        let runs = &fleet.model[cluster];
        if runs.provides.contains_key(operator) || runs.unread_operators.may_hold(operator) {
            continue;
        }
        for instance in &tenant.instances {
            instance.visit(&mut |instance| {
                if !instance.probes.is_empty() {
                    unwatched.entry(cluster).or_insert((0, instance)).0 += instance.probes.len();
                }
            });
        }
    }
    for (cluster, (count, first)) in unwatched {
        let cluster = &fleet.model[cluster];
        let probes = if count == 1 { "one probe is" } else { &format!("{count} probes are") };
        let text = format!("the cluster `{}` provides no `{operator}`, so {probes} left out", cluster.name);
        findings.push(
            Diagnostic::new(&codes::UNWATCHED_SERVICE, cluster.span, text)
                .here("nobody is told when a service on it fails")
                .also(first.span, "to be watched, as the first of them")
                .also(fleet.model.platform.span, format!("the platform says `monitoring {word}`"))
                .help(format!(
                    "add `provides {operator} version=\"…\"` to it once the operator runs there; where something else \
                     watches it, `lint unwatched-service allow`"
                )),
        );
    }
}
