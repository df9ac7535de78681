//! From the model to objects: what each tenant and each cluster becomes, as bundles of Kubernetes objects.
//!
//! Every object comes from a template of the standard library or of the workspace; in here is only which template is
//! made for what, with which names in scope. The order of an instance is fixed: its own objects, what the baseline fills
//! in, companions, the footprint, and from it the objects of its namespace. Nothing is asked twice, so no fixpoint.

mod authorities;
mod chart;
mod claims;
mod cluster;
mod emit;
mod fleet;
mod footprint;
mod hosts;
mod images;
mod instance;
mod layers;
mod library;
mod limits;
mod management;
mod mounts;
mod namespace;
mod naming;
mod resources;
mod schedule;
mod secret;
mod snapshots;
mod storage;
mod tenant;
mod workloads;

pub use self::chart::chart_layer;
pub use self::claims::{ClaimsLock, PinnedClass};
pub use self::cluster::{ClusterGround, Grounds, declared_class, lower_cluster};
pub use self::footprint::{Footprint, Share};
pub use self::hosts::{PublicHost, WILDCARD, domain_of};
pub use self::layers::{InLayers, gather_layers};
pub use self::library::{Library, LibraryFile, ServiceTemplates};
pub use self::management::lower_management;
pub use self::mounts::{SingleWriter, VolumeUser};
pub use self::namespace::NamespaceUse;
pub use self::naming::{backing_namespace, bundle_name};
pub use self::secret::ProvidedValue;
pub use self::tenant::{LoweredTenant, lower_tenant};
pub use self::workloads::Workloads;

use crate::object::Node;
use crate::source::Span;

/// An object, and where it comes from.
#[derive(Debug)]
pub struct Object {
    pub node: Node,
    /// The template it was made from, by its place in the library.
    pub template: TemplateId,
    /// The document of that template.
    pub document: usize,
    /// The node of the spec that asked for it.
    pub asked: Span,
}

/// A template of the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TemplateId(pub u32);

/// Objects that stand in one file.
#[derive(Debug)]
pub struct BundleFile {
    pub name: String,
    pub objects: Vec<Object>,
}

impl BundleFile {
    /// Whether it is Fleet's own file, which lies beside manifests and is none.
    pub fn is_fleet(&self) -> bool {
        self.name == FLEET
    }
}

/// The name of the file in which a bundle says what it is.
const FLEET: &str = "fleet";

/// What is delivered as one: a folder with its files and what it waits for.
#[derive(Debug)]
pub struct Bundle {
    /// The folder below the output: `niederrhein-1/goch/tenant`.
    pub folder: String,
    pub files: Vec<BundleFile>,
}

impl Bundle {
    /// Adds objects under a file name; none makes no file.
    pub fn add(&mut self, name: impl Into<String>, objects: Vec<Object>) {
        if !objects.is_empty() {
            self.files.push(BundleFile { name: name.into(), objects });
        }
    }
}
