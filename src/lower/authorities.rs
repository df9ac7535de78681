//! Whom the services of a namespace trust beside the public authorities: those that sign for the endpoints they reach.
//!
//! One list for a namespace, since programs take one file and a certificate of the house is as good for one of its
//! servers as for the next. Templates see it as `namespace.authorities`, `none` where nothing is signed by the house.

use std::collections::BTreeSet;

use minijinja::Value as Expr;
use sha2::{Digest, Sha256};

use crate::expression::record;
use crate::model::{Instance, Platform};
use crate::object::hexadecimal;

/// As many bytes of a digest tell two lists apart.
const DIGEST: usize = 4;

/// The certificates that an instance and those inside it need.
pub(super) fn authorities(instance: Option<&Instance>, platform: &Platform) -> Expr {
    let mut certificates = BTreeSet::new();
    if let Some(instance) = instance {
        add(instance, platform, &mut certificates);
    }
    if certificates.is_empty() {
        return Expr::from(());
    }
    let certificates: String = certificates.into_iter().collect();
    let digest = hexadecimal(&Sha256::digest(&certificates)[..DIGEST]);
    record([
        ("certificates", Expr::from(certificates)),
        // For programs that read the file at their start: a changed one starts them anew.
        ("digest", Expr::from(digest)),
    ])
}

fn add<'p>(instance: &Instance, platform: &'p Platform, certificates: &mut BTreeSet<&'p str>) {
    let reached = instance.egress.iter().filter_map(|name| platform.endpoints.get(name));
    certificates.extend(reached.flat_map(|endpoint| endpoint.ca.iter().map(String::as_str)));
    instance.needs.iter().for_each(|need| add(&need.instance, platform, certificates));
}
