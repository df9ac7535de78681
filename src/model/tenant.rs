//! Tenants and what they use, laid out: one instance per service or table row, every parameter evaluated.

use std::collections::BTreeMap;

use super::{ChartPods, ClassId, ClusterId, Image, RoleId, Secret, Service, ServiceId, Sourced, Written};
use crate::source::{Span, Spanned};
use crate::value::{Ags, Date, Quantity, Value};

/// The kinds of tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TenantKind {
    Municipality,
    Customer,
}

impl TenantKind {
    pub fn name(self) -> &'static str {
        match self {
            TenantKind::Municipality => "municipality",
            TenantKind::Customer => "customer",
        }
    }
}

/// A municipality or a customer.
#[derive(Debug)]
pub struct Tenant {
    pub kind: TenantKind,
    pub name: String,
    pub ags: Option<Spanned<Ags>>,
    pub title: String,
    pub domain: Sourced<String>,
    /// Whether nobody else has a name in its domain: then it may take any.
    pub has_own_domain: bool,
    pub cluster: Sourced<ClusterId>,
    pub isolation: Option<Isolation>,
    /// Whether it asks to be isolated in words that are not understood; on which nodes it is, nobody knows then.
    pub is_misplaced: bool,
    pub quota: Quota,
    pub access: Vec<Access>,
    pub labels: BTreeMap<String, Sourced<String>>,
    pub volumes: Vec<Volume>,
    /// Sorted by name.
    pub instances: Vec<Instance>,
    /// The head of its node.
    pub span: Span,
}

/// An address of a tenant that monitoring looks at.
#[derive(Debug)]
pub struct Probed<'t> {
    /// The tenant's instance that says it, or has it inside.
    pub instance: &'t str,
    /// Whether one inside it says so.
    pub is_inside: bool,
    /// Of what looks there.
    pub name: String,
    pub address: &'t str,
}

impl Tenant {
    /// The addresses that monitoring looks at.
    pub fn probes(&self) -> Vec<Probed<'_>> {
        fn collect<'t>(one: &'t Instance, instance: &'t str, is_inside: bool, probes: &mut Vec<Probed<'t>>) {
            let own = one.named_probes();
            probes.extend(own.map(|(name, address)| Probed { instance, is_inside, name, address }));
            one.needs.iter().for_each(|need| collect(&need.instance, instance, true, probes));
        }
        let mut probes = Vec::new();
        self.instances.iter().for_each(|instance| collect(instance, &instance.name, false, &mut probes));
        probes
    }
}

/// What a tenant has for itself.
#[derive(Debug)]
pub struct Isolation {
    /// The pool by its place among those of the cluster; without one it is the whole cluster.
    pub pool: Option<usize>,
    /// Whether the platform's monitoring reaches its pods.
    pub monitoring: bool,
    pub span: Span,
}

/// How much a tenant may use.
#[derive(Debug, Clone)]
pub struct Quota {
    pub name: String,
    pub cpu: Sourced<Quantity>,
    pub memory: Sourced<Quantity>,
    pub storage: Sourced<Quantity>,
    pub pods: Sourced<i64>,
    /// Which of these the tenant or its defaults say over those of the quota that is named.
    pub over: Vec<&'static str>,
}

/// A role and the groups that have it.
#[derive(Debug)]
pub struct Access {
    pub role: RoleId,
    pub groups: Vec<Group>,
}

/// An Active Directory group.
#[derive(Debug, Clone)]
pub struct Group {
    pub name: String,
    /// Its DN, byte for byte as the directory spells it.
    pub dn: String,
    pub origin: super::Origin,
}

impl Group {
    /// The subject Rancher writes into RBAC for the members of the group; compared byte for byte.
    pub fn principal(&self) -> String {
        format!("activedirectory_group://{}", self.dn)
    }
}

/// A volume of a tenant or an instance.
#[derive(Debug, Clone)]
pub struct Volume {
    pub name: String,
    pub size: Sourced<Quantity>,
    pub class: Sourced<ClassId>,
    /// Whether several nodes write at once.
    pub shared: bool,
    pub span: Span,
}

/// A service of a tenant.
#[derive(Debug)]
pub struct Instance {
    pub name: String,
    pub service: ServiceId,
    /// The namespace it lives in, with those it needs.
    pub namespace: String,
    /// By the name expressions use.
    pub parameters: BTreeMap<String, Sourced<Value>>,
    pub volumes: Vec<Volume>,
    /// Those embedded in it.
    pub needs: Vec<Need>,
    /// What it reads of each service it needs, embedded or shared, by the name expressions use; `None` where the need
    /// is switched off.
    pub reads: BTreeMap<String, Option<Exports>>,
    /// The shared services it needs: instances of the tenant beside it.
    pub shares: Vec<ServiceId>,
    /// Who needs it: all that share it, or the one it is embedded in.
    pub uses: Vec<Use>,
    pub probes: Vec<String>,
    /// The endpoints it reaches.
    pub egress: Vec<String>,
    /// The images that its parameters choose, by name; the others are as the service says.
    pub images: BTreeMap<String, Option<String>>,
    /// Which of the service's secrets are there, by their place in it.
    pub secrets: Vec<usize>,
    /// What the pods of its chart take.
    pub footprints: Vec<ChartPods>,
    /// What is said of its defaults.
    pub warnings: Vec<DefaultWarning>,
    /// The row of the table it was made from: its cells by the name expressions use.
    pub row: Option<BTreeMap<String, Option<Value>>>,
    /// What its namespace may use, by `cpu`, `memory`, `storage` and `pods`, where the spec says it.
    pub quota: BTreeMap<&'static str, Sourced<Quantity>>,
    /// Where the tenant, or its defaults, ask for it.
    pub span: Span,
}

/// What an instance goes without, because a parameter was not given.
#[derive(Debug)]
pub struct DefaultWarning {
    /// The parameter as it is written.
    pub parameter: String,
    pub text: String,
    pub help: Option<String>,
    /// Where the service says it.
    pub span: Span,
}

impl Instance {
    /// Acts on it and on all that is embedded in it.
    pub fn visit<'m>(&'m self, act: &mut dyn FnMut(&'m Instance)) {
        act(self);
        self.needs.iter().for_each(|need| need.instance.visit(act));
    }

    /// The secrets of its service that are there.
    pub fn secrets_of<'s>(&self, service: &'s Service) -> impl Iterator<Item = &'s Secret> {
        self.secrets.iter().filter_map(|at| service.secrets.get(*at))
    }

    /// The addresses that monitoring looks at, each with the name of what looks: its own, with a number from the second on.
    pub fn named_probes(&self) -> impl Iterator<Item = (String, &str)> {
        self.probes.iter().enumerate().map(|(number, address)| {
            let name = if number == 0 { self.name.clone() } else { format!("{}-{number}", self.name) };
            (name, address.as_str())
        })
    }

    /// The image that an instance runs under a name of its service; `None` where a parameter leaves it out.
    pub fn image<'i>(&'i self, image: &'i Image) -> Option<std::borrow::Cow<'i, str>> {
        match &image.reference.value {
            Written::Value(reference) => Some(reference.to_string().into()),
            Written::Scalar(_) | Written::Texts(_) => Some(self.images.get(&image.name)?.as_deref()?.into()),
        }
    }
}

/// What one service exports to those that need it, by the name expressions use; `None` where it has no value.
pub type Exports = BTreeMap<String, Option<String>>;

/// A service that needs another, as that one sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Use {
    /// The tenant's instance that it is, or is embedded in.
    pub instance: String,
    pub namespace: String,
    /// Its own name there.
    pub name: String,
    pub service: ServiceId,
    /// By the name expressions use, those that are set.
    pub parameters: BTreeMap<String, Value>,
}

/// An instance inside another.
#[derive(Debug)]
pub struct Need {
    /// The name it is read by.
    pub name: String,
    pub instance: Instance,
}

/// A development cluster.
#[derive(Debug)]
pub struct DevCluster {
    pub name: String,
    pub tenant: String,
    pub distribution: String,
    pub version: String,
    pub nodes: i64,
    pub until: Spanned<Date>,
    pub span: Span,
}
