//! What the platform keeps in a cluster for each of its tenants, beside their own bundles: where logs go, who is alarmed.
//!
//! It lies in namespaces of the platform, so no tenant changes it, and in bundles of the platform, so nothing of a
//! tenant waits for it: a password that nobody has filled in yet must hold up logs and no more. A tenant that goes takes
//! it along.

use std::collections::BTreeMap;

use minijinja::Value as Expr;

use super::cluster::ClusterGround;
use super::emit::{Dress, emit, name_of};
use super::fleet::{BundleSpec, add_fleet};
use super::library::Library;
use super::secret::ProvidedValue;
use super::tenant::LoweredTenant;
use super::{Bundle, BundleFile, Object};
use crate::diagnostic::Findings;
use crate::expression::{Scope, record};
use crate::model::{Cluster, LOGGING, Tenant};
use crate::object::Node;

/// The objects of a tenant in each layer.
pub type InLayers = Vec<(String, Vec<Object>)>;

/// What is fetched from the tenant's own place in the vault, though it is not of a service.
struct Credential {
    name: String,
    path: String,
}

const KEY: &str = "password";
const DOC: &str = "the password of the user that writes the tenant's logs";

impl Credential {
    /// The password that logs are written with. No instance has a name that begins with `_`.
    fn of_logs(tenant: &Tenant) -> Self {
        Credential { name: format!("{LOGGING}-{}", tenant.name), path: format!("{}/_platform/{LOGGING}", tenant.name) }
    }

    fn record(&self) -> Expr {
        record([
            ("name", Expr::from(self.name.as_str())),
            ("path", Expr::from(self.path.as_str())),
            ("key", Expr::from(KEY)),
        ])
    }

    /// Listed for people to fill in where something fetches it.
    fn listed(self, layers: &InLayers) -> Option<ProvidedValue> {
        let mut objects = layers.iter().flat_map(|(_, objects)| objects);
        let object = objects.find(|object| name_of(&object.node) == self.name)?;
        let namespace = object.node.at("metadata.namespace").and_then(Node::as_str).unwrap_or_default().to_owned();
        let (key, doc) = (KEY.to_owned(), DOC.to_owned());
        Some(ProvidedValue { path: self.path, key, service: LOGGING.to_owned(), namespace, doc })
    }
}

/// Makes a tenant's objects in the layers of its cluster; `scope` knows the tenant and its namespaces.
pub(super) fn lower_layers(
    tenant: &Tenant,
    library: &Library,
    scope: &Scope,
    dress: &Dress,
    findings: &mut Findings,
) -> (InLayers, Vec<ProvidedValue>) {
    let credential = Credential::of_logs(tenant);
    let probes = tenant
        .probes()
        .into_iter()
        .map(|probed| record([("instance", Expr::from(probed.instance)), ("url", Expr::from(probed.address))]));
    let scope = scope.child().with("logs", credential.record()).with("probes", probes.collect::<Expr>());
    let layers = library
        .cluster_tenants
        .iter()
        .map(|(layer, templates)| (layer.clone(), emit(templates, dress.with(library, &scope, tenant.span), findings)));
    let layers: InLayers = layers.filter(|(_, objects)| !objects.is_empty()).collect();
    let provided = credential.listed(&layers).into_iter().collect();
    (layers, provided)
}

/// Puts what the tenants of a cluster have in its layers into one bundle for each layer, with a file for each tenant.
pub fn gather_layers<'t>(
    cluster: &Cluster,
    ground: &ClusterGround,
    library: &Library,
    tenants: impl Iterator<Item = (&'t Tenant, &'t mut LoweredTenant)>,
    findings: &mut Findings,
) -> Vec<Bundle> {
    let mut layers: BTreeMap<String, Vec<BundleFile>> = BTreeMap::new();
    for (tenant, lowered) in tenants {
        for (layer, objects) in std::mem::take(&mut lowered.in_layers) {
            layers.entry(layer).or_default().push(BundleFile { name: tenant.name.clone(), objects });
        }
    }
    let bundles = layers.into_iter().map(|(layer, files)| {
        let mut bundle = Bundle { folder: format!("{}/_platform/{layer}", cluster.name), files };
        let spec = BundleSpec {
            cluster: &cluster.name,
            owner: "platform",
            layer: &layer,
            depends_on: Vec::new(),
            namespace: None,
            // None of it is data: what is not wanted any more goes.
            keep: false,
        };
        add_fleet(&mut bundle, &spec, &ground.scope, library, cluster.span, findings);
        bundle
    });
    bundles.collect()
}
