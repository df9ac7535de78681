//! What people and systems outside the clusters get: the objects of Nagios, and the list of public hosts.
//!
//! Both are of the whole fleet and lie at the root of the tree, where nothing applies them.

use std::collections::{BTreeMap, BTreeSet};

use crate::lower::{Grounds, LoweredTenant};
use crate::model::{Model, Tenant};
use crate::output::nagios::{Check, Host, Watched, write_base, write_tenant};
use crate::output::{HOSTS_LIST, ListedHost, list_hosts, zone_of};

/// As the platform says that it watches.
const NAGIOS: &str = "nagios";

/// Paths and bytes of all of them.
pub(super) fn files(model: &Model, grounds: &Grounds, tenants: &[(&Tenant, &LoweredTenant)]) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    if let Some(list) = list_hosts(&public_hosts(model, grounds, tenants)) {
        files.push((HOSTS_LIST.to_owned(), list));
    }
    if model.platform.monitoring.iter().any(|name| name == NAGIOS) {
        files.push(write_base(&model.platform.contact_group));
        let watched = watched(model, tenants).into_iter();
        files.extend(watched.filter(|one| !one.hosts.is_empty()).map(|one| write_tenant(&one)));
    }
    files
}

fn public_hosts<'m>(
    model: &'m Model,
    grounds: &'m Grounds,
    tenants: &'m [(&'m Tenant, &'m LoweredTenant)],
) -> BTreeSet<ListedHost<'m>> {
    let own = tenants.iter().map(|(tenant, _)| tenant.domain.value.as_str());
    let domains: BTreeSet<&str> = own.chain([model.platform.domain.as_str()]).collect();
    let listed = |host: &'m str, cluster, tenant, service| {
        let zone = zone_of(host, &domains);
        ListedHost { zone, host, cluster, tenant, service }
    };
    let of_platform = grounds.shared().flat_map(|ground| ground.hosts.iter().map(move |host| (ground, host)));
    let of_platform = of_platform.filter_map(|(ground, host)| Some((host.name.as_deref()?, ground.name.as_str())));
    let mut hosts: BTreeSet<_> = of_platform.map(|(host, cluster)| listed(host, cluster, "", "")).collect();
    for (tenant, lowered) in tenants {
        let cluster = model[tenant.cluster.value].name.as_str();
        hosts.extend(lowered.hosts.iter().filter_map(|host| {
            let service = host.instance.as_deref().unwrap_or_default();
            Some(listed(host.name.as_deref()?, cluster, &tenant.name, service))
        }));
    }
    hosts
}

/// What Nagios watches, tenant by tenant. A host is defined once: by whose it is, else by the first that looks at it.
fn watched<'w>(model: &'w Model, tenants: &[(&'w Tenant, &LoweredTenant)]) -> Vec<Watched<'w>> {
    let mut owners: BTreeMap<String, &str> = BTreeMap::new();
    for (tenant, lowered) in tenants {
        let names = lowered.hosts.iter().filter_map(|host| host.name.as_deref());
        owners.extend(names.map(|name| (name.to_owned(), tenant.name.as_str())));
    }
    let each = tenants.iter().map(|(tenant, lowered)| {
        let mut hosts: BTreeMap<String, Host> = BTreeMap::new();
        let mut left_out = BTreeSet::new();
        for host in lowered.hosts.iter().filter_map(|host| host.name.as_deref()) {
            if host.contains('*') {
                left_out.insert(format!("{host} (it stands for many names)"));
            } else {
                hosts.entry(host.to_owned()).or_default();
            }
        }
        for probed in tenant.probes() {
            let (host, check) = match read_address(probed.address, lowered) {
                Ok(read) => read,
                Err(reason) => {
                    left_out.insert(format!("{} ({reason})", probed.address));
                    continue;
                }
            };
            let is_foreign = *owners.entry(host.clone()).or_insert(&tenant.name) != tenant.name;
            // At one host no two have the same name.
            let name = if probed.is_inside { format!("{} {}", probed.instance, probed.name) } else { probed.name };
            let name = if is_foreign { format!("{} {name}", tenant.name) } else { name };
            let known = hosts.entry(host).or_default();
            known.is_foreign = is_foreign;
            known.checks.push(Check { name, ..check });
        }
        let cluster = &model[tenant.cluster.value].name;
        Watched { tenant: &tenant.name, title: &tenant.title, cluster, hosts, left_out: left_out.into_iter().collect() }
    });
    each.collect()
}

fn read_address(address: &str, lowered: &LoweredTenant) -> Result<(String, Check), &'static str> {
    let url = url::Url::parse(address).map_err(|_| "not an address")?;
    let tls = match url.scheme() {
        "https" => true,
        "http" => false,
        _ => return Err("not of the web"),
    };
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else { return Err("without a host") };
    // A name that only a cluster knows: of a service, or of one and its namespace.
    let mut labels = host.split('.').skip(1);
    let is_inside = labels.next().is_none_or(|second| lowered.namespaces.iter().any(|one| one.name == second));
    if is_inside {
        return Err("a name inside the cluster");
    }
    let path = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    Ok((host.to_owned(), Check { name: String::new(), tls, port, path }))
}
