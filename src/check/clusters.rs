//! Clusters that hold what is put on them, also when nodes fail: pods, processors, memory and disks.
//!
//! What is proven: what all workloads request at the least fits the nodes that are left when the spare ones fail; the
//! largest pod fits a node; copies of volumes fit the disks and have nodes of their own. That the quotas together stay
//! below what is promised is a warning: a quota is a ceiling, not a use.
//!
//! All of it is proven site by site: the shared nodes of a cluster with those who share them, each pool with its tenant.

use super::Fleet;
use super::budget::{Budget, exceeded, limits_text, sheet, sums_text};
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::lower::{Footprint, LoweredTenant, declared_class};
use crate::model::{Cluster, Longhorn, Model, Nodes, StorageClass, Tenant};
use crate::value::{Percentage, Quantity};

pub(super) fn check(fleet: &Fleet<'_>, findings: &mut Findings) {
    for (at, cluster) in fleet.model.clusters.iter().enumerate() {
        for site in sites(at, cluster, fleet) {
            let Some(nodes) = site.nodes.filter(|_| !site.tenants.is_empty()) else { continue };
            site.check_requests(nodes, findings);
            site.check_quotas(nodes, findings);
            site.check_largest_pod(nodes, findings);
            site.check_copies(nodes, findings);
            if let Some(longhorn) = site.longhorn {
                site.check_disks(nodes, longhorn, findings);
            }
        }
    }
}

/// Nodes, their disks, and those who live on them.
struct Site<'s> {
    /// What it is in a message.
    name: String,
    cluster: &'s Cluster,
    nodes: Option<&'s Nodes>,
    longhorn: Option<&'s Longhorn>,
    tenants: Vec<(&'s Tenant, &'s LoweredTenant)>,
    model: &'s Model,
}

/// The sites of a cluster: what its tenants share, and each pool.
fn sites<'s>(at: usize, cluster: &'s Cluster, fleet: &Fleet<'s>) -> Vec<Site<'s>> {
    let site = |name, nodes, longhorn, pool: Option<usize>| {
        let here = |tenant: &Tenant| {
            let own = tenant.isolation.as_ref().and_then(|isolation| isolation.pool);
            tenant.cluster.value.0 == at && own == pool
        };
        let tenants = fleet.tenants.iter().copied().filter(|(tenant, _)| here(tenant)).collect();
        Site { name, cluster, nodes, longhorn, tenants, model: fleet.model }
    };
    let shared = site(format!("`{}`", cluster.name), cluster.nodes.as_ref(), cluster.longhorn.as_ref(), None);
    let pools = cluster.pools.iter().enumerate().map(|(number, pool)| {
        let name = format!("the pool `{}` of `{}`", pool.name, cluster.name);
        site(name, Some(&pool.nodes), pool.longhorn.as_ref(), Some(number))
    });
    std::iter::once(shared).chain(pools).collect()
}

/// A thing that nodes have, how much of it each has, and how much is taken.
type Part<Of> = (&'static str, Quantity, fn(&Of) -> Quantity);

impl Site<'_> {
    /// What each tenant takes, by a part of its namespaces' footprints.
    fn rows(&self, part: impl Fn(&Footprint) -> Quantity) -> Vec<(&str, Quantity)> {
        let of = |lowered: &LoweredTenant| {
            Quantity::checked_sum(lowered.namespaces.iter().map(|namespace| part(&namespace.least))).unwrap_or_default()
        };
        self.tenants.iter().map(|(tenant, lowered)| (tenant.name.as_str(), of(lowered))).collect()
    }

    fn check_requests(&self, nodes: &Nodes, findings: &mut Findings) {
        let left = nodes.count - nodes.spare;
        let parts: [Part<Footprint>; 3] = [
            ("cpu", nodes.cpu, |footprint| footprint.cpu_requests),
            ("memory", nodes.memory, |footprint| footprint.memory_requests),
            ("pods", Quantity::from_count(nodes.pods), |footprint| Quantity::from_count(footprint.pods)),
        ];
        let columns = exceeded(parts.iter().map(|(what, each, part)| {
            let limit = each.checked_mul(left).unwrap_or(*each);
            (*what, Budget { rows: self.rows(part), limit, limit_name: "allocatable" })
        }));
        if columns.is_empty() {
            return;
        }
        let (sums, limits) = (sums_text(&columns), limits_text(&columns));
        let name = &self.name;
        let enough = columns.iter().map(|(what, budget)| {
            let each = parts.iter().find(|(known, ..)| known == what).map(|(_, each, _)| *each)?;
            Some(budget.holders(each)? + i128::from(nodes.spare))
        });
        let text =
            format!("the tenants of {name} request {sums}, and {left} of its {} nodes have {limits}", nodes.count);
        findings.push(
            Diagnostic::new(&codes::CLUSTER_FULL, nodes.span, text)
                .here(format!("{} may fail at once", nodes.spare))
                .note(sheet("what each tenant requests at the least", &columns))
                .help(format!("{}, move tenants to another cluster, or ask for less", more_nodes(enough))),
        );
    }

    fn check_quotas(&self, nodes: &Nodes, findings: &mut Findings) {
        let share = self.cluster.overcommit;
        let parts: [Part<Tenant>; 2] = [
            ("cpu", nodes.cpu, |tenant| readable(tenant.quota.cpu.value)),
            ("memory", nodes.memory, |tenant| readable(tenant.quota.memory.value)),
        ];
        let columns = exceeded(parts.iter().filter_map(|(what, each, part)| {
            let limit = each.checked_mul(nodes.count)?.checked_percent(share)?;
            let rows = self.tenants.iter().map(|(tenant, _)| (tenant.name.as_str(), part(tenant))).collect();
            Some((*what, Budget { rows, limit, limit_name: "promised" }))
        }));
        if columns.is_empty() {
            return;
        }
        let (name, sums, limits) = (&self.name, sums_text(&columns), limits_text(&columns));
        let all = |what: &str| {
            let each = parts.iter().find(|(known, ..)| *known == what).map(|(_, each, _)| *each)?;
            Some((each, each.checked_mul(nodes.count)?))
        };
        let enough = columns.iter().map(|(what, budget)| budget.holders(all(what)?.0.checked_percent(share)?));
        let honest = columns.iter().filter_map(|(what, budget)| budget.percent_of(all(what)?.1)).max();
        let honest =
            honest.map_or_else(|| "`overcommit` honestly".to_owned(), |share| format!("`overcommit \"{share}\"`"));
        let text =
            format!("the quotas of the tenants of {name} are {sums} together, and {share} of what it has is {limits}");
        findings.push(
            Diagnostic::new(&codes::OVERCOMMITTED, self.cluster.span, text)
                .here("promises more than it says")
                .also(nodes.span, "what it has")
                .note(sheet("the tenants' quotas", &columns))
                .help(format!("lower quotas, {}, or say {honest}", more_nodes(enough))),
        );
    }

    fn check_largest_pod(&self, nodes: &Nodes, findings: &mut Findings) {
        for (tenant, lowered) in &self.tenants {
            for namespace in &lowered.namespaces {
                let pod = &namespace.largest_pod;
                let over = [("cpu", pod.cpu_requests, nodes.cpu), ("memory", pod.memory_requests, nodes.memory)]
                    .into_iter()
                    .find(|(_, asked, has)| asked > has);
                if let Some((what, asked, has)) = over {
                    findings.push(
                        Diagnostic::new(
                            &codes::POD_TOO_LARGE,
                            namespace.asked,
                            format!(
                                "a pod in `{}` requests {asked} of {what}, and no node has more than {has}",
                                namespace.name
                            ),
                        )
                        .here("never started")
                        .also(nodes.span, format!("the nodes of {}", self.name))
                        .help("ask for less, or for larger nodes")
                        .of(&tenant.name),
                    );
                }
            }
        }
    }

    fn check_copies(&self, nodes: &Nodes, findings: &mut Findings) {
        for class in self.used_classes().filter(|class| class.replicas > nodes.count) {
            findings.push(
                Diagnostic::new(
                    &codes::TOO_FEW_NODES,
                    class.span,
                    format!(
                        "the storage class `{}` keeps {} copies, and {} has {} nodes",
                        class.name, class.replicas, self.name, nodes.count
                    ),
                )
                .here("each copy needs a node of its own")
                .also(nodes.span, "the nodes it has")
                .help("keep fewer copies, or add nodes"),
            );
        }
    }

    /// The declared classes that volumes in the cluster are made with.
    fn used_classes(&self) -> impl Iterator<Item = &StorageClass> {
        self.model.classes.iter().filter(|class| {
            self.tenants
                .iter()
                .any(|(_, lowered)| lowered.claims.iter().any(|claim| declared_class(&claim.declared) == class.name))
        })
    }

    fn check_disks(&self, nodes: &Nodes, longhorn: &Longhorn, findings: &mut Findings) {
        let of = |lowered: &LoweredTenant| {
            Quantity::checked_sum(lowered.namespaces.iter().map(|namespace| namespace.on_disk))
        };
        let rows = self
            .tenants
            .iter()
            .map(|(tenant, lowered)| (tenant.name.as_str(), of(lowered).unwrap_or_default()))
            .collect();
        let Some(limit) = schedulable(nodes.count, longhorn) else { return };
        let budget = Budget { rows, limit, limit_name: "disks" };
        if budget.is_exceeded() {
            let name = &self.name;
            let one = budget.percent_of(limit).and_then(|share| longhorn.disk.checked_percent(share));
            let larger = one.zip(Quantity::parse("1Gi").ok()).map_or_else(
                || "add disks".to_owned(),
                |(disk, step)| format!("make the disks `{}`", disk.round_up_to(step)),
            );
            let nodes_enough = schedulable(1, longhorn).and_then(|each| budget.holders(each));
            let nodes_enough = more_nodes(std::iter::once(nodes_enough));
            findings.push(
                Diagnostic::new(
                    &codes::DISKS_FULL,
                    longhorn.span,
                    format!(
                        "the copies of all volumes of {name} are {}, and its disks hold {}",
                        budget.sum_text(),
                        budget.limit_text()
                    ),
                )
                .here(format!(
                    "{} of each disk is reserved, {} of the rest is promised",
                    longhorn.reserved, longhorn.over_provisioning
                ))
                .also(nodes.span, "the nodes it has")
                .note(budget.table("sizes of volumes times their copies"))
                .help(format!("{larger} each, {nodes_enough}, keep fewer copies, or ask for smaller volumes")),
            );
        }
    }
}

/// The way out by more nodes: as many as all that is too little needs.
fn more_nodes(enough: impl Iterator<Item = Option<i128>>) -> String {
    let most = enough.collect::<Option<Vec<_>>>().and_then(|counts| counts.into_iter().max());
    most.map_or_else(|| "add nodes".to_owned(), |count| format!("add nodes ({count} would do)"))
}

/// What Longhorn gives away: of each disk what is not reserved, times the over-provisioning.
fn schedulable(nodes: i64, longhorn: &Longhorn) -> Option<Quantity> {
    let free = Percentage::new(100_u32.saturating_sub(longhorn.reserved.percent()));
    let all = longhorn.disk.checked_mul(nodes)?;
    all.checked_percent(free)?.checked_percent(longhorn.over_provisioning)
}

/// A quota that could not be read is reported already and promises nothing.
fn readable(quota: Quantity) -> Quantity {
    if quota == Quantity::BOUNDLESS { Quantity::ZERO } else { quota }
}
