//! The fleet as it is meant: typed, with every reference resolved and every default applied.
//!
//! Nothing in here is "not known yet": references are indices, values are of their kinds, instances of a table are laid
//! out one by one. Each value a person can set keeps its [`Origin`]: the place and the layer that won.

mod chart;
mod cluster;
mod images;
mod lack;
mod platform;
pub mod reserved;
pub mod scope;
mod service;
mod tenant;
mod unread;
mod upkeep;

pub use self::chart::{Chart, ChartPods, ServiceFootprint};
pub use self::cluster::{
    Backup, BackupTarget, Cluster, Ingress, Longhorn, Network, Nodes, Pool, Provided, STORAGE_CLASS, Snapshot,
    StorageClass,
};
pub use self::images::{Digests, KnownDigest};
pub use self::lack::{KUBE_API, Lack, lacks};
pub use self::platform::{Delivery, Directory, Endpoint, LOGGING, Logging, Platform, Role, Secrets, Waiver};
pub use self::service::{
    Bounds, Condition, Egress, Export, GeneratedKey, Image, Needs, Parameter, ParameterWarning, PodSecurity, Probe,
    ProvidedKey, Requires, Secret, Service, ServiceVolume, Skip, Written,
};
pub use self::tenant::{
    Access, DefaultWarning, DevCluster, Exports, Group, Instance, Isolation, Need, Probed, Quota, Tenant, TenantKind,
    Use, Volume,
};
pub use self::unread::Unread;
pub use self::upkeep::{RancherBackup, SYSTEM_UPGRADE, Upgrade};

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Level;
use crate::source::{Span, Spanned};

/// The layer that set a value; a later one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// The standard library, or the service's own default.
    Standard,
    /// The platform's files.
    Platform,
    /// A `defaults` block.
    Defaults,
    /// The tenant itself.
    Tenant,
}

/// Who set a value, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    pub span: Span,
    pub layer: Layer,
}

/// A value and who set it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sourced<T> {
    pub value: T,
    pub origin: Origin,
}

impl<T> Sourced<T> {
    pub fn new(value: T, span: Span, layer: Layer) -> Self {
        Sourced { value, origin: Origin { span, layer } }
    }

    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Sourced<U> {
        Sourced { value: change(self.value), origin: self.origin }
    }
}

macro_rules! index {
    ($($(#[$doc:meta])* $name:ident -> $field:ident: $type:ty;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name(pub usize);

            impl std::ops::Index<$name> for Model {
                type Output = $type;

                fn index(&self, id: $name) -> &$type {
                    &self.$field[id.0]
                }
            }
        )*
    };
}

index! {
    /// A cluster of the model.
    ClusterId -> clusters: Cluster;
    /// A storage class of the model.
    ClassId -> classes: StorageClass;
    /// A backup target of the model.
    TargetId -> targets: BackupTarget;
    /// A role of the model.
    RoleId -> roles: Role;
    /// A service of the model.
    ServiceId -> services: Service;
}

/// The whole fleet.
#[derive(Debug)]
pub struct Model {
    pub platform: Platform,
    pub directory: Option<Directory>,
    pub roles: Vec<Role>,
    pub clusters: Vec<Cluster>,
    pub classes: Vec<StorageClass>,
    pub targets: Vec<BackupTarget>,
    pub services: Vec<Service>,
    pub digests: Digests,
    /// Sorted by name.
    pub tenants: Vec<Tenant>,
    pub dev_clusters: Vec<DevCluster>,
    /// The levels the workspace sets, by code.
    pub levels: BTreeMap<&'static str, Spanned<Level>>,
    pub waivers: Vec<Waiver>,
}

impl Model {
    /// The services that something is made of.
    pub fn services_in_use(&self) -> BTreeSet<ServiceId> {
        let mut services = BTreeSet::new();
        for instance in self.tenants.iter().flat_map(|tenant| &tenant.instances) {
            instance.visit(&mut |instance| services.extend([instance.service]));
        }
        services
    }
}
