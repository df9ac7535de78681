//! The `fleet.yaml` of a bundle: under which name Fleet delivers it, what it waits for, and whether it may be removed.

use minijinja::Value as Expr;

use super::emit::{Dress, emit};
use super::library::Library;
use super::naming::bundle_name;
use super::{Bundle, BundleFile, FLEET};
use crate::diagnostic::Findings;
use crate::expression::{Scope, record};
use crate::source::Span;

/// What `fleet.yaml` says of a bundle.
pub(super) struct BundleSpec<'b> {
    pub cluster: &'b str,
    pub owner: &'b str,
    pub layer: &'b str,
    pub depends_on: Vec<String>,
    pub namespace: Option<&'b str>,
    pub keep: bool,
}

/// Puts its `fleet.yaml` into a bundle.
pub(super) fn add_fleet(
    bundle: &mut Bundle,
    spec: &BundleSpec<'_>,
    scope: &Scope,
    library: &Library,
    asked: Span,
    findings: &mut Findings,
) {
    let layer = match (spec.owner, spec.namespace, spec.layer) {
        ("platform", ..) => "platform",
        ("management", ..) => "management",
        (_, Some(_), _) => "instance",
        (_, None, layer @ ("tenant" | "data" | "keys")) => layer,
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
    let objects = emit(&library.fleet, Dress::default().with(library, &scope, asked), findings);
    if !objects.is_empty() {
        bundle.files.insert(0, BundleFile { name: FLEET.to_owned(), objects });
    }
}
