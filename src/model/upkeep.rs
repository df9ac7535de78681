//! What keeps clusters and their Rancher going: upgrades of Kubernetes, backups of Rancher.

use crate::source::Span;
use crate::value::{Cron, Window};

/// The operator that upgrades nodes, as clusters say that they provide it.
pub const SYSTEM_UPGRADE: &str = "system-upgrade";

/// How a cluster is upgraded that Rancher did not provision.
#[derive(Debug)]
pub struct Upgrade {
    pub window: Window,
    /// None where each day is one.
    pub days: Vec<String>,
    /// How many workers at once.
    pub workers: i64,
    /// `rke2` or `k3s`.
    pub distribution: &'static str,
    pub span: Span,
}

/// How Rancher itself is backed up.
#[derive(Debug)]
pub struct RancherBackup {
    pub bucket: String,
    pub endpoint: String,
    pub region: Option<String>,
    pub folder: Option<String>,
    pub credentials: String,
    pub encryption: String,
    pub at: Cron,
    pub keep: i64,
}
