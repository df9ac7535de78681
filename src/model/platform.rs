//! The platform, its directory, its roles and what it waives.

use std::collections::BTreeMap;

use super::RancherBackup;
use crate::diagnostic::Code;
use crate::source::{Span, Spanned};
use crate::value::{Cidr, Date, Dn, Duration, Version};

/// The platform all tenants live on.
#[derive(Debug)]
pub struct Platform {
    pub name: String,
    pub domain: String,
    pub label_prefix: String,
    pub time_zone: Spanned<String>,
    pub registry: Option<String>,
    /// Where charts are mirrored.
    pub charts: Option<String>,
    pub rancher: Option<Version>,
    pub rancher_backup: Option<RancherBackup>,
    pub delivery: Option<Delivery>,
    pub secrets: Option<Secrets>,
    pub monitoring: Vec<String>,
    /// Whom Nagios tells.
    pub contact_group: String,
    pub logging: Option<Logging>,
    pub endpoints: BTreeMap<String, Endpoint>,
    pub span: Span,
}

/// The Git repository the tree is delivered from.
#[derive(Debug)]
pub struct Delivery {
    pub repository: String,
    pub branch: String,
    /// What paths in it begin with: `out/`, or nothing where the tree is the repository itself.
    pub root: String,
}

/// The store that secrets come from.
#[derive(Debug)]
pub struct Secrets {
    /// The operator that brings them into a namespace, where it is understood.
    pub operator: Option<String>,
    pub vault: String,
    pub mount: String,
    pub auth: String,
    pub role: String,
    pub ca: Option<String>,
    pub span: Span,
}

/// The operator that brings logs there, as clusters say that they provide it.
pub const LOGGING: &str = "logging";

/// The store that logs go to.
#[derive(Debug)]
pub struct Logging {
    pub host: String,
    pub port: i64,
    pub scheme: String,
    /// How the indices and the users of all tenants begin.
    pub index_prefix: String,
    pub user_prefix: String,
    pub ca: Option<String>,
    pub span: Span,
}

/// A shared service outside the tenants' namespaces.
#[derive(Debug)]
pub struct Endpoint {
    pub url: String,
    pub networks: Vec<Cidr>,
    pub port: i64,
    /// Certificates of the authority that signed its own, in PEM; none where a public one did.
    pub ca: Vec<String>,
    pub span: Span,
}

/// The Active Directory.
#[derive(Debug)]
pub struct Directory {
    pub base: Dn,
    pub group_base: Option<Dn>,
    pub export: Option<Spanned<String>>,
    pub max_age: Option<Duration>,
    pub span: Span,
}

/// A set of rights.
#[derive(Debug)]
pub struct Role {
    pub name: String,
    pub project_role: String,
    pub cluster_role: String,
    pub restores: bool,
    pub span: Span,
}

/// A finding that is accepted for a time.
#[derive(Debug)]
pub struct Waiver {
    pub code: Spanned<&'static Code>,
    pub reason: String,
    pub owner: String,
    pub until: Spanned<Date>,
    pub tenant: Option<String>,
}
