//! What a tenant becomes: namespaces with quotas, access and network; claims and databases; a bundle for each service.

use std::collections::BTreeMap;

use minijinja::Value as Expr;
use rayon::prelude::*;

use super::chart::{PodsMade, Release, ReleaseBundle};
use super::cluster::{BundleSpec, ClusterGround, add_fleet};
use super::emit::{Dress, emit};
use super::footprint::{Census, Extent, Footprint, Share};
use super::hosts::{PublicHost, add_hosts};
use super::instance::{Bench, ClaimMade, InstanceObjects, StoreReader};
use super::library::Library;
use super::mounts::{SingleWriter, single_writers};
use super::naming::{backing_namespace, bundle_name, project_name, secret_store_name};
use super::secret::ProvidedValue;
use super::snapshots::{classes_inside, classes_of, namespace_snapshots};
use super::{Bundle, ClaimsLock, Object};
use crate::diagnostic::Findings;
use crate::expression::{Scope, record};
use crate::model::scope::{self, TenantHead, TenantRest};
use crate::model::{Cluster, Instance, Model, PodSecurity, Sourced, Tenant, lacks};
use crate::object::Text;
use crate::source::Span;
use crate::value::Quantity;

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
    /// What templates read of it, for the objects of the management cluster.
    pub scope: Scope,
}

/// A namespace and what it can ask for.
#[derive(Debug)]
pub struct NamespaceUse {
    pub name: String,
    /// At most: the largest number of pods of what is scaled, and rollouts.
    pub most: Footprint,
    /// What each of its objects adds to that; only where the spec says what they may use together.
    pub shares: Vec<Share>,
    /// What the spec says that it may use, by `cpu`, `memory`, `storage` and `pods`.
    pub own_quota: BTreeMap<&'static str, Sourced<Quantity>>,
    /// At the least number of pods.
    pub least: Footprint,
    pub largest_pod: Footprint,
    /// The volumes for one pod that something mounts.
    pub single_writers: Vec<SingleWriter>,
    /// What its volumes take of the disks, with all their copies.
    pub on_disk: Quantity,
    /// The quota: the footprint and its headroom, and what the spec says instead.
    pub quota: Footprint,
    pub asked: Span,
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
    let bench = Bench {
        model,
        library,
        ground,
        pins,
        tenant: &tenant.name,
        instance: "",
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
        scope: scope.clone(),
    };
    let mut namespace_files = Vec::new();
    let mut data = making.bundle("data");

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
        lowered.claims.extend(one.claims);
        lowered.provided.extend(one.provided);
        lowered.store_readers.extend(one.store_readers);
        namespace_files.push(one.namespace_file);
        data.add(one.instance.namespace.as_str(), one.data);
        instances.push((one.bundle, one.instance, one.releases));
    }

    let mut base = making.bundle("tenant");
    let namespaces: Expr = lowered.namespaces.iter().map(|namespace| Expr::from(namespace.name.as_str())).collect();
    let whole = scope.child().with("namespaces", namespaces);
    base.add(
        tenant.name.clone() + "-all",
        emit(&library.tenant, library, &whole, &making.dress(None), tenant.span, findings),
    );
    for (name, objects) in namespace_files {
        base.add(name, objects);
    }
    add_hosts(base.files.iter().flat_map(|file| &file.objects), None, library, &mut lowered.hosts);
    let has_data = !data.files.is_empty();
    making.finish(base, "tenant", Vec::new(), None, &mut lowered.bundles, findings);
    making.finish(data, "data", vec!["tenant"], None, &mut lowered.bundles, findings);
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
    data: Vec<Object>,
    namespace_file: (String, Vec<Object>),
    namespace: NamespaceUse,
    claims: Vec<ClaimMade>,
    provided: Vec<ProvidedValue>,
    hosts: Vec<PublicHost>,
    store_readers: Vec<StoreReader>,
    releases: Vec<Release>,
    findings: Findings,
}

/// A tenant while it is made.
struct Making<'m> {
    tenant: &'m Tenant,
    model: &'m Model,
    library: &'m Library,
    ground: &'m ClusterGround,
    cluster: &'m Cluster,
    scope: &'m Scope,
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
            Bench { instance: &instance.name, ..*bench }.lower(instance, &inner, &dress, &mut made, &mut findings);
        }
        let all = made.instance.iter().chain(&made.data);
        let mut hosts = Vec::new();
        add_hosts(all.clone(), Some(instance), self.library, &mut hosts);
        let asking = (all, made.pods.as_slice());
        let (namespace, namespace_file) = self.namespace(&instance.namespace, Some(instance), asking, &mut findings);
        let mut bundle = self.bundle(&instance.name);
        bundle.add(instance.name.as_str(), made.instance);
        LoweredInstance {
            instance,
            bundle,
            data: made.data,
            namespace_file,
            namespace,
            claims: made.claims,
            provided: made.provided,
            hosts,
            store_readers: made.store_readers,
            releases: made.releases,
            findings,
        }
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
    fn dress(&self, instance: Option<&Instance>) -> Dress {
        let prefix = &self.model.platform.label_prefix;
        let mut labels = vec![
            (Text::const_new("app.kubernetes.io/managed-by"), Text::const_new("stadtplan")),
            (Text::from(format!("{prefix}/tenant")), Text::from(self.tenant.name.as_str())),
        ];
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
            objects.extend(emit(&self.library.volume, self.library, &scope, &dress, volume.span, findings));
            claims.push(claim.made);
        }
        (objects, claims)
    }

    /// The objects of a namespace itself, with the quota that its other objects ask for.
    fn namespace<'o>(
        &'o self,
        name: &str,
        instance: Option<&Instance>,
        (objects, charts): (impl Iterator<Item = &'o Object> + Clone, &'o [PodsMade]),
        findings: &mut Findings,
    ) -> (NamespaceUse, (String, Vec<Object>)) {
        let facts = &self.library.workloads;
        let census = Census::new(objects.clone(), charts, facts);
        let most = census.footprint(Extent::Most);
        let largest_pod = census.largest_pod();
        let own_quota = instance.map(|instance| instance.quota.clone()).unwrap_or_default();
        let derived = most.with_headroom(facts.headroom, &census.one_more_pod(), census.largest_claim());
        let quota = with_own(derived, &own_quota);
        let asked = instance.map_or(self.tenant.span, |instance| instance.span);
        let fields = self.namespace_fields(name, instance).into_iter().chain([("quota", quota_record(&quota))]);
        let scope = self.scope.child().with("namespace", record(fields));
        let dress = Dress { namespace: Some(Text::from(name)), ..self.dress(instance) };
        let made = emit(&self.library.namespace, self.library, &scope, &dress, asked, findings);
        let namespace = NamespaceUse {
            name: name.to_owned(),
            most,
            shares: if own_quota.is_empty() { Vec::new() } else { census.shares() },
            own_quota,
            least: census.footprint(Extent::Least),
            largest_pod,
            single_writers: single_writers(objects, self.library),
            on_disk: census.on_disk(&self.ground.class_objects),
            quota,
            asked,
        };
        (namespace, (name.to_owned(), made))
    }

    /// What templates read of a namespace before its quota is known.
    fn namespace_fields(&self, name: &str, instance: Option<&Instance>) -> [(&'static str, Expr); 9] {
        let security = instance.and_then(|instance| self.pod_security(instance));
        let optional = |text: Option<&str>| Expr::from(text);
        let classes = instance.map_or_else(|| classes_of(&self.tenant.volumes), classes_inside);
        let (snapshots, kept) = namespace_snapshots(&classes, self.model);
        [
            ("name", Expr::from(name)),
            ("instance", optional(instance.map(|instance| instance.name.as_str()))),
            ("service", optional(instance.map(|instance| self.model[instance.service].name.as_str()))),
            ("pod_security", Expr::from(security.map_or("restricted", |security| security.level.as_str()))),
            ("pod_security_reason", optional(security.map(|security| security.reason.as_str()))),
            ("snapshots", snapshots),
            ("snapshots_kept", Expr::from(kept)),
            ("egress", self.egress(instance)),
            ("kube_api", Expr::from(instance.is_some_and(asks_kube_api))),
        ]
    }

    /// Whether the instance, or one inside it, lacks what it cannot be made without.
    fn is_lacking(&self, instance: &Instance) -> bool {
        !lacks(instance, self.cluster, self.model).is_empty()
            || instance.needs.iter().any(|need| self.is_lacking(&need.instance))
    }

    /// The least strict level that the instance or one it needs asks for.
    fn pod_security(&self, instance: &Instance) -> Option<&PodSecurity> {
        let own = self.model[instance.service].pod_security.as_ref();
        let needed = instance.needs.iter().filter_map(|need| self.pod_security(&need.instance));
        own.into_iter().chain(needed).max_by_key(|security| security.level == "privileged")
    }

    fn egress(&self, instance: Option<&Instance>) -> Expr {
        let mut names = Vec::new();
        if let Some(instance) = instance {
            egress_names(instance, &mut names);
        }
        names.sort_unstable();
        names.dedup();
        names
            .into_iter()
            .filter_map(|name| {
                let endpoint = self.model.platform.endpoints.get(name)?;
                let networks: Expr = endpoint.networks.iter().map(|network| Expr::from(network.to_string())).collect();
                Some(record([("name", Expr::from(name)), ("networks", networks), ("port", Expr::from(endpoint.port))]))
            })
            .collect()
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

fn asks_kube_api(instance: &Instance) -> bool {
    let own = instance.egress.iter().any(|name| name == crate::model::KUBE_API);
    own || instance.needs.iter().any(|need| asks_kube_api(&need.instance))
}

fn egress_names<'n>(instance: &'n Instance, names: &mut Vec<&'n str>) {
    names.extend(instance.egress.iter().map(String::as_str));
    for need in &instance.needs {
        egress_names(&need.instance, names);
    }
}

/// A derived quota, with what the spec says in place of it.
fn with_own(derived: Footprint, own: &BTreeMap<&'static str, Sourced<Quantity>>) -> Footprint {
    let said = |name: &str, derived: Quantity| own.get(name).map_or(derived, |given| given.value);
    Footprint {
        cpu_requests: said("cpu", derived.cpu_requests),
        memory_requests: said("memory", derived.memory_requests),
        storage: said("storage", derived.storage),
        pods: own.get("pods").and_then(|given| given.value.as_units()).unwrap_or(derived.pods),
        ..derived
    }
}

fn quota_record(quota: &Footprint) -> Expr {
    record([
        ("cpu_requests", Expr::from(quota.cpu_requests.to_string())),
        ("memory_requests", Expr::from(quota.memory_requests.to_string())),
        ("ephemeral_requests", Expr::from(quota.ephemeral_requests.to_string())),
        ("cpu_limits", Expr::from(quota.cpu_limits.to_string())),
        ("memory_limits", Expr::from(quota.memory_limits.to_string())),
        ("storage", Expr::from(quota.storage.to_string())),
        ("pods", Expr::from(quota.pods)),
        ("claims", Expr::from(quota.claims)),
    ])
}

/// The `fleet.yaml` of a bundle.
pub(super) fn fleet_file(
    spec: &BundleSpec<'_>,
    scope: &Scope,
    library: &Library,
    asked: Span,
    findings: &mut Findings,
) -> Vec<Object> {
    let layer = match (spec.owner, spec.namespace, spec.layer) {
        ("platform", ..) => "platform",
        ("management", ..) => "management",
        (_, Some(_), _) => "instance",
        (_, None, layer @ ("tenant" | "data")) => layer,
        // Of a tenant, on the management cluster.
        _ => "management",
    };
    let fields = record([
        ("name", Expr::from(bundle_name(spec.cluster, spec.owner, spec.layer))),
        ("layer", Expr::from(layer)),
        ("namespace", Expr::from(spec.namespace)),
        ("depends_on", spec.depends_on.iter().map(|name| Expr::from(name.as_str())).collect()),
        ("keep", Expr::from(spec.keep)),
    ]);
    let scope = scope.child().with("bundle", fields);
    emit(&library.fleet, library, &scope, &Dress::default(), asked, findings)
}
