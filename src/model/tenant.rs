//! Tenants and what they use, laid out: one instance per service or table row, every parameter evaluated.

use std::collections::BTreeMap;

use super::{ClassId, ClusterId, RoleId, ServiceId, Sourced};
use crate::source::{Span, Spanned};
use crate::value::{Ags, Date, Quantity, Value};

/// The kinds of tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TenantKind {
    Municipality,
    Customer,
}

impl TenantKind {
    pub fn name(self) -> &'static str {
        match self {
            TenantKind::Municipality => "municipality",
            TenantKind::Customer => "customer",
        }
    }
}

/// A municipality or a customer.
#[derive(Debug)]
pub struct Tenant {
    pub kind: TenantKind,
    pub name: String,
    pub ags: Option<Spanned<Ags>>,
    pub title: String,
    pub domain: Sourced<String>,
    pub cluster: Sourced<ClusterId>,
    pub quota: Quota,
    pub access: Vec<Access>,
    pub labels: BTreeMap<String, Sourced<String>>,
    pub volumes: Vec<Volume>,
    /// Sorted by name.
    pub instances: Vec<Instance>,
    /// The head of its node.
    pub span: Span,
}

/// How much a tenant may use.
#[derive(Debug, Clone)]
pub struct Quota {
    pub name: String,
    pub cpu: Sourced<Quantity>,
    pub memory: Sourced<Quantity>,
    pub storage: Sourced<Quantity>,
    pub pods: Sourced<i64>,
}

/// A role and the groups that have it.
#[derive(Debug)]
pub struct Access {
    pub role: RoleId,
    pub groups: Vec<Group>,
}

/// An Active Directory group.
#[derive(Debug, Clone)]
pub struct Group {
    pub name: String,
    /// Its DN, byte for byte as the directory spells it.
    pub dn: String,
    pub origin: super::Origin,
}

impl Group {
    /// The subject Rancher writes into RBAC for the members of the group; compared byte for byte.
    pub fn principal(&self) -> String {
        format!("activedirectory_group://{}", self.dn)
    }
}

/// A volume of a tenant or an instance.
#[derive(Debug, Clone)]
pub struct Volume {
    pub name: String,
    pub size: Sourced<Quantity>,
    pub class: Sourced<ClassId>,
    /// Whether several nodes write at once.
    pub shared: bool,
    pub span: Span,
}

/// A service of a tenant.
#[derive(Debug)]
pub struct Instance {
    pub name: String,
    pub service: ServiceId,
    /// The namespace it lives in, with those it needs.
    pub namespace: String,
    /// By the name expressions use.
    pub parameters: BTreeMap<String, Sourced<Value>>,
    pub volumes: Vec<Volume>,
    pub needs: Vec<Need>,
    /// What it exports to the service that needs it, by the name expressions use.
    pub exports: BTreeMap<String, String>,
    pub probes: Vec<String>,
    /// The row of the table it was made from: its cells by the name expressions use.
    pub row: Option<BTreeMap<String, Option<Value>>>,
    /// Where the tenant, or its defaults, ask for it.
    pub span: Span,
}

/// An instance inside another.
#[derive(Debug)]
pub struct Need {
    /// The name it is read by.
    pub name: String,
    pub instance: Instance,
}

/// A development cluster.
#[derive(Debug)]
pub struct DevCluster {
    pub name: String,
    pub tenant: String,
    pub distribution: String,
    pub version: String,
    pub nodes: i64,
    pub until: Spanned<Date>,
    pub span: Span,
}
