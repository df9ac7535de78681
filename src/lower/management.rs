//! What the management cluster gets: projects, bindings, and a Git repository for each cluster and each tenant.
//!
//! A layer is one bundle, with a file for each tenant or cluster, or it is a bundle for each tenant alone: what is refused
//! there holds up nobody else. A cluster without an id in Rancher has no projects; without a platform `delivery` there is
//! nothing to deliver.

use minijinja::Value as Expr;
use rayon::prelude::*;

use super::cluster::Grounds;
use super::emit::{Dress, emit};
use super::fleet::{BundleSpec, add_fleet};
use super::library::Library;
use super::naming::bundle_name;
use super::tenant::LoweredTenant;
use super::{Bundle, BundleFile, Object, TemplateId};
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::expression::{Scope, record};
use crate::model::{DevCluster, Model, Tenant, scope};
use crate::value::names::{self, Limit};

/// Lowers the management cluster's layers and the bootstrap file.
pub fn lower_management(
    model: &Model,
    library: &Library,
    grounds: &Grounds,
    tenants: &[(&Tenant, &LoweredTenant)],
    findings: &mut Findings,
) -> Vec<Bundle> {
    let dress = Dress { namespace: None, labels: library.workloads.labels.clone() };
    let base = Scope::new().with("platform", scope::platform(&model.platform));
    let mut bundles = Vec::new();
    let mut before: Option<String> = None;
    for (layer, templates) in &library.management {
        let mut bundle = Bundle { folder: format!("management/{layer}"), files: Vec::new() };
        for template in &templates.once {
            let objects = emit(&[*template], dress.with(library, &base, model.platform.span), findings);
            bundle.add(library.name(*template), objects);
        }
        let each_tenant = if templates.is_apart { [].as_slice() } else { &templates.tenants };
        for (tenant, objects) in made_for_tenants(each_tenant, library, tenants, &dress, findings) {
            bundle.add(tenant.name.as_str(), objects);
        }
        if templates.is_apart {
            for (tenant, objects) in made_for_tenants(&templates.tenants, library, tenants, &dress, findings) {
                let apart = Apart { layer, tenant, after: before.as_deref(), base: &base };
                bundles.extend(apart.bundle(objects, model, library, findings));
            }
        }
        for (cluster, ground) in model.clusters.iter().zip(grounds.shared()) {
            let owned = tenants.iter().filter(|(tenant, _)| model[tenant.cluster.value].name == cluster.name);
            let names: Expr = owned.map(|(tenant, _)| Expr::from(tenant.name.as_str())).collect();
            let scope = ground.scope.child().with("tenants", names);
            bundle.add(
                cluster.name.as_str(),
                emit(&templates.clusters, dress.with(library, &scope, cluster.span), findings),
            );
        }
        for dev_cluster in &model.dev_clusters {
            let scope = base.child().with("dev_cluster", dev_cluster_record(dev_cluster));
            let objects = emit(&templates.dev_clusters, dress.with(library, &scope, dev_cluster.span), findings);
            bundle.add(dev_cluster.name.as_str(), objects);
        }
        if bundle.files.is_empty() {
            continue;
        }
        let spec = BundleSpec {
            cluster: &model.platform.name,
            owner: "management",
            layer,
            depends_on: before.iter().filter(|_| templates.once.is_empty()).cloned().collect(),
            namespace: None,
            keep: true,
        };
        add_fleet(&mut bundle, &spec, &base, library, model.platform.span, findings);
        // The first layer is what the others stand on. They do not wait for each other: a repository is ready when all that
        // it delivers is, and so one tenant in trouble would hold up all.
        if templates.once.is_empty() && before.is_none() {
            before = Some(bundle_name(&model.platform.name, "management", layer));
        }
        bundles.push(bundle);
    }
    if !bundles.is_empty() {
        let clusters: Expr = model.clusters.iter().map(|cluster| Expr::from(cluster.name.as_str())).collect();
        let scope =
            base.child().with("clusters", clusters).with("management", record([("path", Expr::from("management"))]));
        let objects = emit(&library.bootstrap, dress.with(library, &scope, model.platform.span), findings);
        if !objects.is_empty() {
            let files = vec![BundleFile { name: "bootstrap".to_owned(), objects }];
            bundles.push(Bundle { folder: String::new(), files });
        }
    }
    bundles
}

/// The objects that templates make for each tenant.
fn made_for_tenants<'t>(
    templates: &[TemplateId],
    library: &Library,
    tenants: &[(&'t Tenant, &LoweredTenant)],
    dress: &Dress,
    findings: &mut Findings,
) -> Vec<(&'t Tenant, Vec<Object>)> {
    let emitted: Vec<_> = tenants
        .par_iter()
        .map(|(tenant, lowered)| {
            let mut findings = Findings::new();
            let names: Expr = lowered.namespaces.iter().map(|namespace| Expr::from(namespace.name.as_str())).collect();
            let scope = lowered.scope.child().with("namespaces", names);
            let objects = emit(templates, dress.with(library, &scope, tenant.span), &mut findings);
            (*tenant, objects, findings)
        })
        .collect();
    emitted
        .into_iter()
        .map(|(tenant, objects, found)| {
            findings.extend(found);
            (tenant, objects)
        })
        .collect()
}

/// A bundle of a layer that a tenant has for itself.
struct Apart<'a> {
    layer: &'a str,
    tenant: &'a Tenant,
    after: Option<&'a str>,
    base: &'a Scope,
}

impl Apart<'_> {
    /// A tenant that goes takes it along: an object that has to stay says so itself.
    fn bundle(self, objects: Vec<Object>, model: &Model, library: &Library, findings: &mut Findings) -> Option<Bundle> {
        let Apart { layer, tenant, after, base } = self;
        let mut bundle = Bundle { folder: format!("management/{layer}/{}", tenant.name), files: Vec::new() };
        bundle.add(tenant.name.as_str(), objects);
        if bundle.files.is_empty() {
            return None;
        }
        let spec = BundleSpec {
            cluster: &model.platform.name,
            owner: &tenant.name,
            layer,
            depends_on: after.map(str::to_owned).into_iter().collect(),
            namespace: None,
            keep: false,
        };
        let name = bundle_name(spec.cluster, spec.owner, spec.layer);
        if let Err(fault) = names::fits(&name, Limit::BUNDLE) {
            let finding = Diagnostic::new(&codes::NAME_TOO_LONG, tenant.span, fault.message)
                .here("put together from the names of the platform, the tenant and the layer");
            findings.push(finding.help_if(fault.help).of(&tenant.name));
            return None;
        }
        add_fleet(&mut bundle, &spec, base, library, tenant.span, findings);
        Some(bundle)
    }
}

fn dev_cluster_record(dev_cluster: &DevCluster) -> Expr {
    record([
        ("name", Expr::from(dev_cluster.name.as_str())),
        ("tenant", Expr::from(dev_cluster.tenant.as_str())),
        ("distribution", Expr::from(dev_cluster.distribution.as_str())),
        ("version", Expr::from(dev_cluster.version.as_str())),
        ("nodes", Expr::from(dev_cluster.nodes)),
        ("until", Expr::from(dev_cluster.until.value.to_string())),
    ])
}
