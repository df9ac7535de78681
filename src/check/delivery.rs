//! A tenant that is too large for Fleet to list.
//!
//! Fleet lists every object of a tenant in the status of one, and what the API server stores of one has a limit. Beyond it
//! the status stays what it was, without a word to whoever waits for it.

use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::lower::Bundle;
use crate::model::{Model, Tenant};

/// An entry takes some 290 bytes and etcd takes 1.5 MiB: with so many there is room for what goes wrong with them.
const MOST_OBJECTS: usize = 4000;

/// Counts what a tenant is delivered as.
pub fn check_delivery(tenant: &Tenant, bundles: &[Bundle], model: &Model, findings: &mut Findings) {
    let files = bundles.iter().flat_map(|bundle| &bundle.files).filter(|file| !file.is_fleet());
    let count: usize = files.map(|file| file.objects.len()).sum();
    if model.platform.delivery.is_none() || count <= MOST_OBJECTS {
        return;
    }
    let text = format!("`{}` becomes {count} objects, and Fleet has room to list {MOST_OBJECTS}", tenant.name);
    findings.push(
        Diagnostic::new(&codes::CROWDED_REPOSITORY, tenant.span, text)
            .here("each is listed in the status of one object")
            .help("give a part of its services to a tenant of its own"),
    );
}
