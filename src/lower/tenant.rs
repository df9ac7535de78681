//! What a tenant becomes: namespaces with quotas, access and network; claims and databases; a bundle for each service.
//!
//! Its instances are made side by side and put together in their order; `namespace` says what each one lies in, `fleet`
//! in which order the bundles are delivered.

use minijinja::Value as Expr;
use rayon::prelude::*;

use super::chart::{Release, ReleaseBundle};
use super::cluster::ClusterGround;
use super::emit::{Dress, emit};
use super::fleet::{BundleSpec, add_fleet};
use super::hosts::{PublicHost, add_hosts};
use super::instance::{Bench, InstanceObjects, StoreReader};
use super::layers::{InLayers, lower_layers};
use super::library::Library;
use super::namespace::NamespaceUse;
use super::naming::{backing_namespace, bundle_name, project_name, secret_store_name};
use super::secret::ProvidedValue;
use super::storage::ClaimMade;
use super::{Bundle, ClaimsLock, Object};
use crate::diagnostic::Findings;
use crate::expression::{Scope, record};
use crate::model::scope::{self, TenantHead, TenantRest};
use crate::model::{Cluster, Instance, Model, Tenant, lacks};
use crate::object::Text;

/// A tenant's bundles, and what the fleet has to know of it.
#[derive(Debug)]
pub struct LoweredTenant {
    pub bundles: Vec<Bundle>,
    pub namespaces: Vec<NamespaceUse>,
    pub claims: Vec<ClaimMade>,
    /// What people have to put into the vault for it.
    pub provided: Vec<ProvidedValue>,
    /// Under which names it is reached from outside.
    pub hosts: Vec<PublicHost>,
    /// Who needs its secret store beside the services that declare a secret.
    pub store_readers: Vec<StoreReader>,
    /// What the platform keeps for it in the layers of its cluster.
    pub in_layers: InLayers,
    /// What templates read of it, for the objects of the management cluster.
    pub scope: Scope,
}

/// Lowers a tenant on the ground of its cluster.
pub fn lower_tenant(
    tenant: &Tenant,
    model: &Model,
    library: &Library,
    ground: &ClusterGround,
    pins: &ClaimsLock,
    findings: &mut Findings,
) -> LoweredTenant {
    let cluster = &model[tenant.cluster.value];
    let scope = ground.scope.child().with("tenant", tenant_record(tenant, cluster, model));
    let making = Making { tenant, model, library, ground, cluster, scope: &scope };
    let dress = making.dress(None);
    let bench = Bench {
        model,
        library,
        ground,
        pins,
        tenant: &tenant.name,
        instance: "",
        dress: &dress,
        nodes_said: tenant.isolation.as_ref().map_or(tenant.span, |isolation| isolation.span),
        is_misplaced: tenant.is_misplaced,
    };

    let mut lowered = LoweredTenant {
        bundles: Vec::new(),
        namespaces: Vec::new(),
        claims: Vec::new(),
        provided: Vec::new(),
        hosts: Vec::new(),
        store_readers: Vec::new(),
        in_layers: Vec::new(),
        scope: scope.clone(),
    };
    let mut namespace_files = Vec::new();
    let mut data = making.bundle("data");
    let mut keys = making.bundle("keys");

    if !tenant.volumes.is_empty() {
        let (objects, claims) = making.own_volumes(&bench, findings);
        lowered.claims.extend(claims);
        let own = (objects.iter(), [].as_slice());
        let (namespace, file) = making.namespace(&tenant.name, None, own, findings);
        lowered.namespaces.push(namespace);
        namespace_files.push(file);
        data.add(tenant.name.as_str(), objects);
    }
    let mut instances = Vec::new();
    for one in tenant.instances.par_iter().map(|instance| making.instance(instance, &bench)).collect::<Vec<_>>() {
        findings.extend(one.findings);
        lowered.hosts.extend(one.hosts);
        lowered.namespaces.push(one.namespace);
        lowered.claims.extend(one.made.claims);
        lowered.provided.extend(one.made.provided);
        lowered.store_readers.extend(one.made.store_readers);
        namespace_files.push(one.namespace_file);
        data.add(one.instance.namespace.as_str(), one.made.data);
        keys.add(one.instance.namespace.as_str(), one.made.keys);
        instances.push((one.bundle, one.instance, one.made.releases));
    }

    let mut base = making.bundle("tenant");
    let namespaces: Expr = lowered.namespaces.iter().map(|namespace| Expr::from(namespace.name.as_str())).collect();
    let whole = scope.child().with("namespaces", namespaces);
    let (in_layers, provided) = lower_layers(tenant, library, &whole, &dress, findings);
    lowered.in_layers = in_layers;
    lowered.provided.extend(provided);
    base.add(tenant.name.clone() + "-all", emit(&library.tenant, dress.with(library, &whole, tenant.span), findings));
    for (name, objects) in namespace_files {
        base.add(name, objects);
    }
    add_hosts(base.files.iter().flat_map(|file| &file.objects), None, library, &mut lowered.hosts);
    let has_data = !data.files.is_empty();
    making.finish(base, "tenant", Vec::new(), None, &mut lowered.bundles, findings);
    making.finish(data, "data", vec!["tenant"], None, &mut lowered.bundles, findings);
    making.finish(keys, "keys", vec!["tenant"], None, &mut lowered.bundles, findings);
    for (bundle, instance, releases) in instances {
        let depends = if has_data { vec!["tenant", "data"] } else { vec!["tenant"] };
        let before = if bundle.files.is_empty() { depends.clone() } else { vec![instance.name.as_str()] };
        for release in releases {
            lowered.bundles.push(making.chart_bundle(release, instance, &before, findings));
        }
        making.finish(bundle, &instance.name, depends, Some(&instance.namespace), &mut lowered.bundles, findings);
    }
    lowered
}

fn tenant_record(tenant: &Tenant, cluster: &Cluster, model: &Model) -> Expr {
    let ags = tenant.ags.as_ref().map(|ags| ags.value.to_string());
    let head = TenantHead {
        name: &tenant.name,
        kind: tenant.kind.name(),
        ags: ags.as_deref(),
        title: &tenant.title,
        domain: Some(&tenant.domain.value),
    };
    let project = project_name(&tenant.name);
    let id = cluster.rancher_id.as_deref();
    let backing =
        id.map_or_else(|| project.clone(), |id| backing_namespace(model.platform.rancher.as_ref(), id, &project));
    let rest = TenantRest {
        quota: &tenant.quota,
        has_own_domain: tenant.has_own_domain,
        isolation: tenant.isolation.as_ref(),
        labels: &tenant.labels,
        access: &tenant.access,
        roles: &model.roles,
        rancher_id: id,
        project: &project,
        project_namespace: &backing,
        secret_store: &secret_store_name(&tenant.name),
    };
    scope::tenant(head, rest)
}

/// An instance as objects. Those of a tenant are made at once, and put together in their order.
struct LoweredInstance<'m> {
    instance: &'m Instance,
    bundle: Bundle,
    /// What else it makes: all but its own objects.
    made: InstanceObjects,
    namespace_file: (String, Vec<Object>),
    namespace: NamespaceUse,
    hosts: Vec<PublicHost>,
    findings: Findings,
}

/// A tenant while it is made.
pub(super) struct Making<'m> {
    pub tenant: &'m Tenant,
    pub model: &'m Model,
    pub library: &'m Library,
    pub ground: &'m ClusterGround,
    pub cluster: &'m Cluster,
    pub scope: &'m Scope,
}

impl<'m> Making<'m> {
    /// Everything of an instance, but what says in which order the bundles are delivered.
    fn instance(&self, instance: &'m Instance, bench: &Bench<'_>) -> LoweredInstance<'m> {
        let mut findings = Findings::new();
        let dress = self.dress(Some(instance));
        let namespace = record(self.namespace_fields(&instance.namespace, Some(instance)));
        let mut inner = self.scope.child().with("namespace", namespace);
        // Also what is embedded sees the row it is made for.
        if let Some(row) = &instance.row {
            inner.set("row", record(row.iter().map(|(name, value)| (name.as_str(), scope::optional(value.as_ref())))));
        }
        let mut made = InstanceObjects::default();
        if !self.is_lacking(instance) {
            let bench = Bench { instance: &instance.name, dress: &dress, ..*bench };
            bench.lower(instance, &inner, &mut made, &mut findings);
        }
        let all = made.instance.iter().chain(&made.data);
        let mut hosts = Vec::new();
        add_hosts(all.clone(), Some(instance), self.library, &mut hosts);
        let asking = (all, made.pods.as_slice());
        let (namespace, namespace_file) = self.namespace(&instance.namespace, Some(instance), asking, &mut findings);
        let mut bundle = self.bundle(&instance.name);
        bundle.add(instance.name.as_str(), std::mem::take(&mut made.instance));
        LoweredInstance { instance, bundle, made, namespace_file, namespace, hosts, findings }
    }

    fn bundle(&self, layer: &str) -> Bundle {
        Bundle { folder: format!("{}/{}/{layer}", self.ground.name, self.tenant.name), files: Vec::new() }
    }

    /// The bundle of a chart, which waits for the instance's own objects.
    fn chart_bundle(&self, release: Release, instance: &Instance, before: &[&str], findings: &mut Findings) -> Bundle {
        let named = |layer: &str| bundle_name(&self.cluster.name, &self.tenant.name, layer);
        ReleaseBundle {
            folder: self.bundle(&release.layer).folder,
            bundle_name: named(&release.layer),
            namespace: &instance.namespace,
            depends_on: before.iter().map(|layer| named(layer)).collect(),
            scope: self.scope,
            library: self.library,
        }
        .write(release, findings)
    }

    /// The labels of everything that belongs to the tenant, or to one of its services.
    pub(super) fn dress(&self, instance: Option<&Instance>) -> Dress {
        let prefix = &self.model.platform.label_prefix;
        let mut labels = self.library.workloads.labels.clone();
        labels.push((Text::from(format!("{prefix}/tenant")), Text::from(self.tenant.name.as_str())));
        if let Some(instance) = instance {
            labels.push((Text::from(format!("{prefix}/instance")), Text::from(instance.name.as_str())));
        }
        let own = self.tenant.labels.iter();
        labels
            .extend(own.map(|(key, value)| (Text::from(format!("{prefix}/{key}")), Text::from(value.value.as_str()))));
        Dress { namespace: instance.map(|instance| Text::from(instance.namespace.as_str())), labels }
    }

    fn own_volumes(&self, bench: &Bench<'_>, findings: &mut Findings) -> (Vec<Object>, Vec<ClaimMade>) {
        let dress = Dress { namespace: Some(Text::from(self.tenant.name.as_str())), ..self.dress(None) };
        let mut objects = Vec::new();
        let mut claims = Vec::new();
        for volume in &self.tenant.volumes {
            let claim = bench.claim(volume, &self.tenant.name, volume.class.origin.span, findings);
            let scope = self.scope.child().with("volume", claim.record);
            objects.extend(emit(&self.library.volume, dress.with(self.library, &scope, volume.span), findings));
            claims.push(claim.made);
        }
        (objects, claims)
    }

    /// Whether the instance, or one inside it, lacks what it cannot be made without.
    fn is_lacking(&self, instance: &Instance) -> bool {
        !lacks(instance, self.cluster, self.model).is_empty()
            || instance.needs.iter().any(|need| self.is_lacking(&need.instance))
    }

    /// Writes `fleet.yaml` and hands the bundle over, unless it is empty.
    fn finish(
        &self,
        mut bundle: Bundle,
        layer: &str,
        depends: Vec<&str>,
        namespace: Option<&str>,
        bundles: &mut Vec<Bundle>,
        findings: &mut Findings,
    ) {
        if bundle.files.is_empty() {
            return;
        }
        let named = |layer: &str| bundle_name(&self.cluster.name, &self.tenant.name, layer);
        let spec = BundleSpec {
            cluster: &self.cluster.name,
            owner: &self.tenant.name,
            layer,
            depends_on: depends.into_iter().map(named).collect(),
            namespace,
            keep: namespace.is_none(),
        };
        add_fleet(&mut bundle, &spec, self.scope, self.library, self.tenant.span, findings);
        bundles.push(bundle);
    }
}
