//! Every object against the schema of its kind. A finding points at the line of the template that wrote the part, and at
//! the node of the spec that asked for the object.

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::kinds::{FLEET_FILE, Kind, Problem, Step};
use crate::lower::{Bundle, BundleFile, Library, Object};
use crate::model::{ClusterId, Model, Tenant};
use crate::object::Node;
use crate::source::Span;
use crate::template::PathStep;

/// Proves the objects of a file.
pub fn prove_objects(file: &BundleFile, library: &Library, findings: &mut Findings) {
    for object in &file.objects {
        let problems = match kind_of(file, object, library) {
            Ok(kind) => library.proofs.prove(u64::from(object.template.0), kind, &object.node),
            Err(problem) => vec![problem],
        };
        findings.extend(explain_all(problems, object, library));
    }
}

/// What is filled in from a wrong value is wrong as well: of the same problem in two places, one inside the other, the
/// inner one was written.
fn explain_all(problems: Vec<Problem>, object: &Object, library: &Library) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = problems.into_iter().map(|problem| explain(problem, object, library)).collect();
    if found.len() > 1 {
        let what = |finding: &Diagnostic| finding.message.rsplit_once("` of `").map(|(_, what)| what.to_owned());
        let places: Vec<_> = found.iter().map(|finding| (finding.span, what(finding))).collect();
        found.retain(|finding| {
            let own = (finding.span, what(finding));
            let is_inside = |other: &Span| {
                *other != own.0 && own.0.file == other.file && own.0.start <= other.start && other.end <= own.0.end
            };
            own.1.is_none() || !places.iter().any(|(other, what)| *what == own.1 && is_inside(other))
        });
    }
    found
}

/// Proves that nothing is made twice: two objects of one kind and name would overwrite each other in turn.
pub fn prove_unique(bundles: &[Bundle], library: &Library, findings: &mut Findings) {
    let files = || bundles.iter().flat_map(|bundle| &bundle.files).filter(|file| !file.is_fleet());
    let count = files().map(|file| file.objects.len()).sum();
    let mut seen: FxHashMap<Identity<'_>, &Object> = FxHashMap::with_capacity_and_hasher(count, FxBuildHasher);
    for object in files().flat_map(|file| &file.objects) {
        let metadata = object.node.at("metadata").unwrap_or(&Node::Null);
        let root = |key| text(&object.node, key);
        let identity = (root("apiVersion"), root("kind"), text(metadata, "namespace"), text(metadata, "name"));
        let Some(first) = seen.insert(identity, object) else { continue };
        let (_, kind, namespace, name) = identity;
        let place = if namespace.is_empty() { String::new() } else { format!(" in the namespace `{namespace}`") };
        findings.push(
            Diagnostic::new(
                &codes::DUPLICATE_OBJECT,
                library.written_at(object, &[]),
                format!("the `{kind}` `{name}` is made twice{place}"),
            )
            .here("made here")
            .also(library.written_at(first, &[]), "and here")
            .also(object.asked, "in what this becomes")
            .help("give one of them another name; in a workspace's own `baseline/` a file replaces the one of the same path"),
        );
    }
}

/// Proves that the platform's own objects are in no tenant's namespace, and make none: there the tenant's own bundles would
/// write the same object in turn, and nobody would see which comes last.
pub fn prove_apart(bundles: &[Bundle], cluster: ClusterId, model: &Model, library: &Library, findings: &mut Findings) {
    let tenants = model.tenants.iter().filter(|tenant| tenant.cluster.value == cluster);
    let own = tenants.clone().map(|tenant| (tenant.name.as_str(), tenant));
    let all = tenants.flat_map(|tenant| tenant.instances.iter().map(move |one| (one.namespace.as_str(), tenant)));
    let namespaces: FxHashMap<&str, &Tenant> = own.chain(all).collect();
    let files = bundles.iter().flat_map(|bundle| &bundle.files).filter(|file| !file.is_fleet());
    for object in files.flat_map(|file| &file.objects) {
        let metadata = object.node.at("metadata").unwrap_or(&Node::Null);
        let (kind, name) = (text(&object.node, "kind"), text(metadata, "name"));
        let namespace = if kind == NAMESPACE { name } else { text(metadata, "namespace") };
        // A tenant that takes the cluster's own is told so.
        let own = namespaces.get(namespace).filter(|_| !library.workloads.is_reserved(namespace));
        let Some(tenant) = own else { continue };
        let message =
            format!("the platform makes the `{kind}` `{name}` in the namespace `{namespace}`, which is a tenant's");
        findings.push(
            Diagnostic::new(&codes::FOREIGN_NAMESPACE, library.written_at(object, &[]), message)
                .here("in a layer of the cluster")
                .also(tenant.span, format!("the namespace belongs to `{}`", tenant.name))
                .also(object.asked, "in what this becomes")
                .help("what belongs into the namespaces of tenants is made in `baseline/namespace/`"),
        );
    }
}

fn text<'n>(node: &'n Node, key: &str) -> &'n str {
    node.as_map().and_then(|map| map.get(key)).and_then(Node::as_str).unwrap_or_default()
}

/// The kind whose objects are namespaces themselves.
const NAMESPACE: &str = "Namespace";

/// What tells an object from all others: version, kind, namespace and name.
type Identity<'o> = (&'o str, &'o str, &'o str, &'o str);

fn kind_of<'l>(file: &BundleFile, object: &Object, library: &'l Library) -> Result<&'l Kind, Problem> {
    if file.is_fleet() {
        let (version, kind) = FLEET_FILE;
        return library.kinds.get(version, kind).ok_or_else(|| library.kinds.unknown(version, kind));
    }
    library.kinds.of(&object.node)
}

#[cold]
fn explain(problem: Problem, object: &Object, library: &Library) -> Diagnostic {
    let span = place(&problem, object, library);
    Diagnostic::new(problem.code, span, problem.message)
        .also(object.asked, "in what this becomes")
        .help_if(problem.help)
}

/// Where the part was written: in the template, as near as it can be told.
fn place(problem: &Problem, object: &Object, library: &Library) -> Span {
    let path: Vec<PathStep<'_>> = problem
        .path
        .iter()
        .map(|step| match step {
            Step::Key(key) => PathStep::Key(key),
            Step::Index(at) => PathStep::Index(*at),
        })
        .collect();
    if *problem.code == codes::UNKNOWN_FIELD
        && let Some(document) = library.document(object)
    {
        return document.key_span_of(&path);
    }
    library.written_at(object, &path)
}
