//! Names that others derive too, so they have to be derived exactly: bundles and Rancher's namespaces.

use sha2::{Digest, Sha256};

use crate::object::hexadecimal;
use crate::value::Version;

/// The name of a bundle: unique in the whole workspace.
pub fn bundle_name(cluster: &str, owner: &str, layer: &str) -> String {
    format!("{cluster}-{owner}-{layer}")
}

/// The name of a tenant's project in Rancher.
pub(super) fn project_name(tenant: &str) -> String {
    format!("p-{tenant}")
}

/// The namespace in the management cluster that holds a project's bindings. From Rancher 2.12 it is made of the cluster's
/// id and the project's name, cut and hashed over 63 characters; before, it was the project's name.
pub fn backing_namespace(rancher: Option<&Version>, cluster_id: &str, project: &str) -> String {
    const LIMIT: usize = 63;
    const SUFFIX: usize = 6;
    let composed = match rancher {
        Some(version) if version.minor() >= (2, 12) => format!("{cluster_id}-{project}").to_lowercase(),
        _ => return project.to_owned(),
    };
    if composed.len() < LIMIT {
        return composed;
    }
    let digest = Sha256::digest(composed.as_bytes());
    let suffix = hexadecimal(&digest[..3]);
    let kept = composed[..LIMIT - SUFFIX].trim_end_matches(['-', '.']);
    format!("{}-{}", &kept[..kept.len().min(LIMIT - SUFFIX - 1)], &suffix[..5])
}
