//! What the management cluster gets: projects, bindings, and one Git repository for each cluster.
//!
//! A cluster without an id in Rancher has no projects; without a platform `delivery` there is nothing to deliver.

use minijinja::Value as Expr;
use rayon::prelude::*;

use super::cluster::Grounds;
use super::emit::{Dress, emit};
use super::fleet::{BundleSpec, add_fleet};
use super::library::Library;
use super::tenant::LoweredTenant;
use super::{Bundle, BundleFile};
use crate::diagnostic::Findings;
use crate::expression::{Scope, record};
use crate::model::{DevCluster, Model, Tenant, scope};

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
        let known = tenants.par_iter().filter(|(tenant, _)| model[tenant.cluster.value].rancher_id.is_some());
        let emitted: Vec<_> = known
            .map(|(tenant, lowered)| {
                let mut findings = Findings::new();
                let objects = emit(&templates.tenants, dress.with(library, &lowered.scope, tenant.span), &mut findings);
                (tenant.name.as_str(), objects, findings)
            })
            .collect();
        for (name, objects, found) in emitted {
            bundle.add(name, objects);
            findings.extend(found);
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
        // What is made once stands for itself: a repository with a tenant in trouble must not hold up a backup.
        if templates.once.is_empty() {
            before = Some(super::bundle_name(&model.platform.name, "management", layer));
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
