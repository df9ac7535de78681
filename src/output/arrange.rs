//! Where each bundle's files are, and their bytes: the one place that names paths of the output.

use super::{join, yaml};
use crate::lower::Bundle;

/// The files of a bundle: path and bytes.
pub fn arrange(bundle: Bundle) -> impl Iterator<Item = (String, Vec<u8>)> {
    let folder = bundle.folder;
    // Files are written into one buffer after the other: a file's own bytes then are as many as it has and no more.
    let mut buffer = Vec::new();
    bundle.files.into_iter().map(move |file| {
        buffer.clear();
        yaml::write_documents(file.objects.iter().map(|object| &object.node), &mut buffer);
        (join(&folder, &format!("{}.yaml", file.name)), buffer.clone())
    })
}

/// The folder that has a lock of its own for a tenant.
pub fn tenant_folder(cluster: &str, tenant: &str) -> String {
    join(cluster, tenant)
}
