//! Tenants kept apart: nobody else on the nodes that a tenant has for itself, and no way from one tenant's pods to
//! another's by the door that is meant for the ingress.

use std::collections::BTreeMap;

use super::Fleet;
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::model::{Cluster, Platform, Tenant};

pub(super) fn check(fleet: &Fleet<'_>, findings: &mut Findings) {
    let mut by_cluster: BTreeMap<usize, Vec<&Tenant>> = BTreeMap::new();
    for (tenant, _) in fleet.tenants {
        by_cluster.entry(tenant.cluster.value.0).or_default().push(tenant);
    }
    for (at, tenants) in by_cluster {
        let cluster = &fleet.model.clusters[at];
        check_pools(cluster, &tenants, findings);
        check_whole(cluster, &tenants, findings);
    }
    for cluster in &fleet.model.clusters {
        check_openings(cluster, findings);
    }
    check_endpoints(&fleet.model.platform, findings);
}

/// A pool belongs to one tenant; every further one is told who has it already.
fn check_pools(cluster: &Cluster, tenants: &[&Tenant], findings: &mut Findings) {
    let mut owners = BTreeMap::new();
    for tenant in tenants {
        let Some(isolation) = &tenant.isolation else { continue };
        let Some(pool) = isolation.pool.map(|pool| &cluster.pools[pool]) else { continue };
        let Some((owner, first)) = owners.get(&pool.name) else {
            owners.insert(&pool.name, (tenant, isolation));
            continue;
        };
        findings.push(
            Diagnostic::new(
                &codes::SHARED_ISOLATION,
                isolation.span,
                format!("`{}` and `{}` both have the pool `{}` for themselves", owner.name, tenant.name, pool.name),
            )
            .here("the second to claim it")
            .also(first.span, format!("it belongs to `{}`", owner.name))
            .also(pool.span, "the pool")
            .help(format!(
                "declare a pool of its own in `{}`: `pool {} nodes=… cpu=… memory=… pods=… disk=…`",
                cluster.name, tenant.name
            ))
            .of(&tenant.name),
        );
    }
}

/// Who has a whole cluster shares it with nobody.
fn check_whole(cluster: &Cluster, tenants: &[&Tenant], findings: &mut Findings) {
    for tenant in tenants {
        let Some(isolation) = tenant.isolation.as_ref().filter(|isolation| isolation.pool.is_none()) else { continue };
        let others: Vec<&&Tenant> = tenants.iter().filter(|other| other.name != tenant.name).collect();
        let Some(other) = others.first() else { continue };
        let live = match others.len() - 1 {
            0 => "lives".to_owned(),
            more => format!("and {more} more live"),
        };
        findings.push(
            Diagnostic::new(
                &codes::SHARED_ISOLATION,
                isolation.span,
                format!(
                    "`{}` has the cluster `{}` for itself, and `{}` {live} on it",
                    tenant.name, cluster.name, other.name
                ),
            )
            .here("claims a whole cluster")
            .also(other.cluster.origin.span, format!("`{}` lives on it too", other.name))
            .also(cluster.span, "the cluster")
            .help(format!(
                "give it nodes of its own instead (`pool {0} …` in the cluster, `isolation pool={0}` here), or move it to \
                 another cluster",
                tenant.name
            ))
            .of(&tenant.name),
        );
    }
}

/// An endpoint is a service that somebody runs; a range that holds much of the internet is none.
fn check_endpoints(platform: &Platform, findings: &mut Findings) {
    for (name, endpoint) in &platform.endpoints {
        for network in &endpoint.networks {
            // The largest private range is 10.0.0.0/8.
            if network.prefix_len() < 8 {
                let text = format!("the endpoint `{name}` opens the way to `{network}`");
                findings.push(
                    Diagnostic::new(&codes::OPEN_EGRESS, endpoint.span, text)
                        .here("everywhere, for all that use it")
                        .help("name in `to` the addresses that the service answers from"),
                );
            }
        }
    }
}

/// An address of the pod network in the opening for the ingress is that of a node; a range of them holds pods.
fn check_openings(cluster: &Cluster, findings: &mut Findings) {
    let (Some(ingress), Some(network)) = (&cluster.ingress, &cluster.network) else { return };
    for from in &ingress.from {
        let overlaps = from.value.contains(&network.pods) || network.pods.contains(&from.value);
        if overlaps && from.value.prefix_len() < from.value.max_prefix_len() {
            findings.push(
                Diagnostic::new(
                    &codes::OPEN_NETWORK,
                    from.span,
                    format!("the opening for the ingress of `{}` takes in pods: `{}`", cluster.name, from.value),
                )
                .here("not only nodes")
                .help(format!(
                    "name the node's own address in each range: `kubectl get nodes -o \
                     jsonpath='{{.items[*].spec.podCIDR}}'` lists the ranges, and the address is the first of each, as in \
                     `{}/{}`",
                    from.value.network(),
                    from.value.max_prefix_len()
                )),
            );
        }
    }
}
