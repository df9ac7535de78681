//! Where each bundle's files are, and their bytes: the one place that names paths of the output.

use super::{join, yaml};
use crate::lower::BundleFile;

/// A file of the bundle in a folder: path and bytes. The buffer is kept from file to file, so that a file's own bytes are
/// as many as it has and no more.
pub fn arrange(folder: &str, file: &BundleFile, buffer: &mut Vec<u8>) -> (String, Vec<u8>) {
    buffer.clear();
    yaml::write_documents(file.objects.iter().map(|object| &object.node), buffer);
    (join(folder, &format!("{}.yaml", file.name)), buffer.clone())
}

/// The folder that has a lock of its own for a tenant.
pub fn tenant_folder(cluster: &str, tenant: &str) -> String {
    join(cluster, tenant)
}
