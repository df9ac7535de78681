//! What is proven about the fleet: rules that read the model and what was lowered, and return findings.
//!
//! A rule changes nothing and knows nothing of levels or waivers; those are applied in `compile`. One file per family.

mod budget;
mod classes;
mod clusters;
mod defaults;
mod delivery;
mod domains;
mod hosts;
mod identity;
mod images;
mod isolation;
mod monitoring;
mod names;
mod objects;
mod operators;
mod plain_secrets;
mod platform;
mod provided;
mod quotas;
mod secrets;
mod volumes;
mod waivers;

pub use self::delivery::check_delivery;
pub use self::objects::{prove_apart, prove_objects, prove_unique};
pub use self::plain_secrets::check_plain_secrets;
pub use self::waivers::{WaiverUse, check_waivers};

use crate::diagnostic::{Diagnostic, Findings, Level};
use crate::lower::{Grounds, LoweredTenant, Workloads};
use crate::model::{Model, Tenant};

/// What the rules read.
#[derive(Debug)]
pub struct Fleet<'f> {
    pub model: &'f Model,
    /// What lowering knows about kinds of object and about clusters.
    pub facts: &'f Workloads,
    /// Every tenant and what it became.
    pub tenants: &'f [(&'f Tenant, &'f LoweredTenant)],
    /// What each cluster gets once.
    pub grounds: &'f Grounds,
    /// Whether there are errors already: what could not be read may be what uses a thing.
    pub is_faulty: bool,
}

/// Whether a finding is an error unless the workspace weighs it otherwise.
pub fn is_error(finding: &Diagnostic) -> bool {
    finding.code.level == Level::Deny
}

/// Applies the rules about names, which need nothing that is lowered.
pub fn check_names(model: &Model, facts: &Workloads, findings: &mut Findings) {
    names::check(model, facts, findings);
}

/// Applies every rule about the fleet as a whole.
pub fn check_fleet(fleet: &Fleet<'_>, findings: &mut Findings) {
    identity::check(fleet, findings);
    isolation::check(fleet, findings);
    operators::check(fleet, findings);
    monitoring::check(fleet, findings);
    secrets::check(fleet, findings);
    platform::check(fleet, findings);
    provided::check(fleet, findings);
    quotas::check(fleet, findings);
    clusters::check(fleet, findings);
    hosts::check(fleet, findings);
    domains::check(fleet, findings);
    images::check(fleet, findings);
    defaults::check(fleet, findings);
    volumes::check(fleet, findings);
    classes::check(fleet, findings);
}
