//! Clusters, by the facts only they know, and the storage they offer.

use std::collections::BTreeMap;

use super::{TargetId, Unread, Upgrade};
use crate::source::{Span, Spanned};
use crate::value::{Cidr, Cron, Duration, Percentage, Quantity, Semver, Version, Window};

/// A cluster.
#[derive(Debug)]
pub struct Cluster {
    pub name: String,
    pub rancher_id: Option<String>,
    pub kubernetes: Option<Spanned<Semver>>,
    pub ingress: Option<Ingress>,
    pub network: Option<Network>,
    /// Those its tenants share.
    pub nodes: Option<Nodes>,
    pub pools: Vec<Pool>,
    /// Pools that are declared and not understood.
    pub unread_pools: Unread,
    pub longhorn: Option<Longhorn>,
    pub upgrade: Option<Upgrade>,
    pub provides: BTreeMap<String, Provided>,
    /// Operators that are provided in a line which is not understood.
    pub unread_operators: Unread,
    pub overcommit: Percentage,
    pub labels: BTreeMap<String, String>,
    pub span: Span,
}

impl Cluster {
    /// The nodes that pods may stand on: those of a pool, or those that its tenants share.
    pub fn nodes_of(&self, pool: Option<usize>) -> Option<&Nodes> {
        match pool {
            Some(pool) => self.pools.get(pool).map(|pool| &pool.nodes),
            None => self.nodes.as_ref(),
        }
    }

    /// Whether it says a fact about itself that services may require as they require operators; `None` is no such fact.
    pub fn says(&self, fact: &str) -> Option<bool> {
        match fact {
            "ingress" => Some(self.ingress.is_some()),
            "network" => Some(self.network.is_some()),
            _ => None,
        }
    }
}

/// Its ingress controller.
#[derive(Debug)]
pub struct Ingress {
    pub class: String,
    pub host_network: bool,
    /// Where its requests come from, where that is not the node network.
    pub from: Vec<Spanned<Cidr>>,
}

/// Its networks.
#[derive(Debug)]
pub struct Network {
    pub pods: Cidr,
    pub services: Cidr,
    pub nodes: Cidr,
}

/// Its workers.
#[derive(Debug)]
pub struct Nodes {
    pub count: i64,
    pub cpu: Quantity,
    pub memory: Quantity,
    pub pods: i64,
    pub spare: i64,
    pub span: Span,
}

/// Nodes that one tenant has for itself.
#[derive(Debug)]
pub struct Pool {
    pub name: String,
    pub nodes: Nodes,
    /// The disks on its nodes, by the rules of the cluster's Longhorn.
    pub longhorn: Option<Longhorn>,
    /// The Secret for its backups, where it is not that of the target.
    pub credentials: Option<String>,
    pub span: Span,
}

/// Its storage.
#[derive(Debug, Clone)]
pub struct Longhorn {
    pub disk: Quantity,
    pub reserved: Percentage,
    pub over_provisioning: Percentage,
    pub span: Span,
}

/// An operator that runs in it.
#[derive(Debug)]
pub struct Provided {
    pub version: Version,
    pub span: Span,
}

/// The noun of a reference to one; parameters of this kind are read by templates as the class's real name.
pub const STORAGE_CLASS: &str = "storage-class";

/// A kind of volume.
#[derive(Debug)]
pub struct StorageClass {
    pub name: String,
    pub replicas: i64,
    pub reclaim: String,
    pub locality: String,
    pub filesystem: String,
    /// How volumes with many writers are mounted, where the class says so: `soft` or `hard`.
    pub nfs: Option<String>,
    pub shared: bool,
    pub snapshots: Vec<Snapshot>,
    /// Whether each snapshot that is written is among them; one that is not understood is told where it stands.
    pub has_all_snapshots: bool,
    pub backups: Vec<Backup>,
    pub span: Span,
}

/// Snapshots inside the cluster.
#[derive(Debug)]
pub struct Snapshot {
    pub name: String,
    pub at: Cron,
    pub keep: i64,
    pub span: Span,
}

/// Backups outside the cluster.
#[derive(Debug)]
pub struct Backup {
    pub name: String,
    pub window: Spanned<Window>,
    pub keep: i64,
    pub target: TargetId,
    pub span: Span,
}

/// A place for backups.
#[derive(Debug)]
pub struct BackupTarget {
    pub name: String,
    pub url: String,
    pub credentials: String,
    pub poll_interval: Duration,
    pub span: Span,
}
