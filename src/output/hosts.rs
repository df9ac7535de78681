//! The list of public host names, for those who look after the DNS: what has to point where.
//!
//! One CSV at the root of the tree, sorted by zone: the nearest domain that is a tenant's or the platform's own. It lies
//! in no bundle and is no YAML, so nothing applies it.

use std::collections::BTreeSet;

use super::csv::write_row;

/// Its name at the root of the tree.
pub const HOSTS_LIST: &str = "hosts.csv";

const HEAD: [&str; 5] = ["zone", "host", "cluster", "tenant", "service"];

/// A public name, and where it has to lead.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListedHost<'h> {
    pub zone: &'h str,
    /// One that begins with `*.` stands for all names right below a domain.
    pub host: &'h str,
    pub cluster: &'h str,
    /// Empty where it is the platform's own.
    pub tenant: &'h str,
    pub service: &'h str,
}

/// The zone of a host: the longest of the domains that it lies in, else what is behind its first label.
pub fn zone_of<'h>(host: &'h str, domains: &BTreeSet<&str>) -> &'h str {
    let parents = || host.match_indices('.').map(|(at, _)| &host[at + 1..]);
    let own = std::iter::once(host).chain(parents()).find(|name| domains.contains(name));
    own.or_else(|| parents().next()).unwrap_or(host)
}

/// The list as a file; `None` where nothing is public.
pub fn list_hosts(hosts: &BTreeSet<ListedHost<'_>>) -> Option<Vec<u8>> {
    if hosts.is_empty() {
        return None;
    }
    let mut text = String::new();
    write_row(&HEAD, &mut text);
    for host in hosts {
        write_row(&[host.zone, host.host, host.cluster, host.tenant, host.service], &mut text);
    }
    Some(text.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_the_nearest_domain_that_somebody_has() {
        let domains = BTreeSet::from(["krzn.example", "goch.krzn.example"]);
        assert_eq!(zone_of("www.goch.krzn.example", &domains), "goch.krzn.example");
        assert_eq!(zone_of("*.goch.krzn.example", &domains), "goch.krzn.example");
        assert_eq!(zone_of("goch.krzn.example", &domains), "goch.krzn.example");
        assert_eq!(zone_of("a.b.krzn.example", &domains), "krzn.example");
        assert_eq!(zone_of("www.lippe.example", &domains), "lippe.example");
    }

    #[test]
    fn lines_are_sorted_by_zone_and_nothing_makes_no_file() {
        let of = |zone, host| ListedHost { zone, host, cluster: "one", tenant: "goch", service: "web" };
        let list = list_hosts(&BTreeSet::from([of("b.example", "a.b.example"), of("a.example", "z.a.example")]));
        let text = String::from_utf8(list.unwrap()).unwrap();
        let expected = "zone,host,cluster,tenant,service\na.example,z.a.example,one,goch,web\nb.example,a.b.example,one,goch,web\n";
        assert_eq!(text, expected);
        assert!(list_hosts(&BTreeSet::new()).is_none());
    }
}
