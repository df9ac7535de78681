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

/// The name of a tenant's store of secrets; stores have one name in the whole cluster, beside those of the platform.
pub(super) fn secret_store_name(tenant: &str) -> String {
    format!("tenant-{tenant}")
}

/// The namespace in the management cluster that holds a project's bindings. From Rancher 2.12 it is made of the cluster's
/// id and the project's name; before, it was the project's name.
pub fn backing_namespace(rancher: Option<&Version>, cluster_id: &str, project: &str) -> String {
    match rancher {
        Some(version) if version.minor() >= (2, 12) => shortened(format!("{cluster_id}-{project}").to_lowercase()),
        _ => project.to_owned(),
    }
}

/// Over 63 characters Rancher cuts and adds a part of the digest, so that all are 63 long; a cut never ends in a `-`.
fn shortened(name: String) -> String {
    const LIMIT: usize = 63;
    const KEPT: usize = 57;
    if name.len() <= LIMIT {
        return name;
    }
    let digest = hexadecimal(&Sha256::digest(name.as_bytes()));
    let clean = name.as_bytes()[KEPT - 1].is_ascii_alphanumeric();
    let kept = if clean { KEPT } else { KEPT - 1 };
    format!("{}-{}", &name[..kept], &digest[..LIMIT - 1 - kept])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(project: &str) -> String {
        let version = Version::parse("2.14").expect("a version");
        backing_namespace(Some(&version), "c-m-abcd1234", project)
    }

    #[test]
    fn a_name_of_63_characters_stays() {
        let project = format!("p-{}", "x".repeat(48));
        assert_eq!(of(&project), format!("c-m-abcd1234-{project}"));
    }

    #[test]
    fn a_longer_name_is_cut_to_63_with_a_digest() {
        let name = of(&format!("p-{}", "x".repeat(49)));
        assert_eq!(name.len(), 63);
        assert_eq!(&name[..58], format!("c-m-abcd1234-p-{}-", "x".repeat(42)));
    }

    #[test]
    fn a_cut_that_would_end_in_a_hyphen_is_one_shorter() {
        let name = of(&format!("p-{}-{}", "x".repeat(41), "y".repeat(12)));
        assert_eq!(name.len(), 63);
        assert_eq!(&name[..57], format!("c-m-abcd1234-p-{}-", "x".repeat(41)));
        assert_ne!(&name[57..58], "-");
    }

    #[test]
    fn before_2_12_it_is_the_project() {
        let version = Version::parse("2.11").expect("a version");
        assert_eq!(backing_namespace(Some(&version), "c-m-abcd1234", "p-goch"), "p-goch");
    }
}
