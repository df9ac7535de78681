//! Whose the names below a domain are: below its own domain a tenant may take any host, so nobody else's may lie there.
//!
//! A domain that another tenant's domain lies in, that several tenants have, or in which the platform itself is reached
//! belongs to none of them alone. Its tenants have the hosts that the spec gives them, and no others.

use rustc_hash::FxHashMap;

use crate::model::scope::host_of;
use crate::model::{Platform, Tenant};

/// Marks the tenants that have their domain for themselves.
pub(super) fn mark_own(tenants: &mut [Tenant], platform: &Platform) {
    let mut owners: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for (at, tenant) in tenants.iter().enumerate() {
        owners.entry(tenant.domain.value.clone()).or_default().push(at);
    }
    let mut is_own = vec![true; tenants.len()];
    let mut take = |name: &str, of: Option<usize>| {
        for domain in and_above(name) {
            for other in owners.get(domain).into_iter().flatten().filter(|other| Some(**other) != of) {
                is_own[*other] = false;
            }
        }
    };
    for (at, tenant) in tenants.iter().enumerate() {
        take(&tenant.domain.value, Some(at));
    }
    take(&platform.domain, None);
    let endpoints = platform.endpoints.values().map(|endpoint| host_of(&endpoint.url));
    let vault = platform.secrets.iter().map(|secrets| host_of(&secrets.vault));
    let logging = platform.logging.iter().map(|logging| logging.host.as_str());
    let registry = platform.registry.iter().map(|registry| host_of(registry));
    for host in endpoints.chain(vault).chain(logging).chain(registry) {
        take(host, None);
    }
    for (tenant, is_own) in tenants.iter_mut().zip(is_own) {
        tenant.has_own_domain = is_own;
    }
}

/// A name and the domains it lies in.
fn and_above(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(name), |name| name.split_once('.').map(|(_, above)| above))
}
