//! Where each bundle's files are, and their bytes: the one place that names paths of the output.

use super::{join, yaml};
use crate::lower::Bundle;
use crate::object::Node;

/// The files of a bundle: path and bytes.
pub fn arrange(bundle: Bundle) -> impl Iterator<Item = (String, Vec<u8>)> {
    let folder = bundle.folder;
    bundle.files.into_iter().map(move |file| {
        let nodes: Vec<Node> = file.objects.into_iter().map(|object| object.node).collect();
        (join(&folder, &format!("{}.yaml", file.name)), yaml::write_documents(&nodes))
    })
}

/// The folder that has a lock of its own for a tenant.
pub fn tenant_folder(cluster: &str, tenant: &str) -> String {
    join(cluster, tenant)
}
