//! A service that is a Helm chart: the bundle in which Fleet installs it, and what its pods take.
//!
//! Of a bundle with a chart Fleet installs the chart alone and leaves out every manifest beside it. So the objects that
//! the service has besides (secrets, routes, policies) stay in the instance's own bundle as in any other service, and the
//! chart follows in one of its own, which waits for that. Claims lie in the data layer, where no release can take them.

use minijinja::Value as Expr;

use super::emit::{Dress, emit};
use super::instance::{Bench, InstanceObjects};
use super::storage::ClaimMade;
use super::{Bundle, BundleFile, FLEET, Library, TemplateId};
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::expression::{Scope, record};
use crate::model::{Chart, ChartPods, Instance};
use crate::object::{Map, Node};
use crate::source::Span;
use crate::template::Document;
use crate::value::Quantity;

/// A chart with the values of an instance.
#[derive(Debug)]
pub(super) struct Release {
    /// The last part of its bundle's name and folder.
    pub layer: String,
    fields: Expr,
    values: Node,
    asked: Span,
}

/// Pods of a chart, and the real name of the class of their volumes.
#[derive(Debug)]
pub(super) struct PodsMade {
    pub pods: ChartPods,
    pub class: Option<String>,
}

/// Stands for the values until `fleet.yaml` is made: they are no expression, in which keys and nulls would not survive.
const VALUES: &str = "\u{1}values\u{1}";

/// The name under which templates see the nodes that a tenant has for itself.
const POOL: &str = "pool";

/// The name of the bundle of a chart beside that of its instance; what an instance needs may be a chart too.
pub fn chart_layer(instance: &str, name: &str) -> String {
    if instance == name { format!("{instance}-chart") } else { format!("{instance}-{name}-chart") }
}

impl Bench<'_> {
    /// Evaluates the values of a chart.
    pub(super) fn release(
        &self,
        instance: &Instance,
        chart: &Chart,
        scope: &Scope,
        made: &mut InstanceObjects,
        findings: &mut Findings,
    ) {
        self.check_digest(chart, findings);
        let templates = &self.library.service(instance.service).values;
        self.check_pool(chart, templates, instance.span, findings);
        let values = self.values(templates, scope, instance.span, findings);
        let (repository, archive) = chart.source(self.model.platform.charts.as_deref());
        let fields = record([
            ("release", Expr::from(instance.name.as_str())),
            ("name", Expr::from(chart.name.as_str())),
            ("repository", Expr::from(repository)),
            ("version", Expr::from(chart.version.as_str())),
            ("archive", Expr::from(archive)),
            ("digest", Expr::from(self.model.digests.of_chart(chart))),
            ("values", Expr::from(VALUES)),
        ]);
        made.releases.push(Release {
            layer: chart_layer(self.instance, &instance.name),
            fields,
            values,
            asked: instance.span,
        });
    }

    fn values(&self, templates: &[TemplateId], scope: &Scope, asked: Span, findings: &mut Findings) -> Node {
        let mut nodes = Vec::new();
        for id in templates {
            let template = self.library.template(*id);
            for document in &template.documents {
                if let Err(problems) = document.instantiate(scope, &mut nodes) {
                    findings.extend(problems.into_iter().map(|problem| problem.also(asked, "in what this becomes")));
                }
            }
            if nodes.len() > 1 {
                findings.push(
                    Diagnostic::new(&codes::TEMPLATE_ERROR, Span::file(template.file), "a chart has one map of values")
                        .here(format!("this gives {}", nodes.len()))
                        .also(asked, "in what this becomes")
                        .help("put them into one document, without `$for` at its top"),
                );
            }
        }
        nodes.into_iter().next().map_or_else(|| Node::Map(Map::new()), |instance| instance.node)
    }

    /// The baseline binds pods that it sees to the tenant's nodes; into a chart only its values reach.
    fn check_pool(&self, chart: &Chart, templates: &[TemplateId], asked: Span, findings: &mut Findings) {
        let Some(pool) = self.ground.pool() else { return };
        let documents = templates.iter().flat_map(|id| &self.library.template(*id).documents);
        let is_pool = |name: &str| name.split('.').next() == Some(POOL);
        if documents.flat_map(Document::names_used).any(|used| is_pool(&used.name)) {
            return;
        }
        let text = format!("the pods of the chart `{}` do not keep to the pool `{pool}`", chart.name);
        findings.push(
            Diagnostic::new(&codes::OUTSIDE_POOL, chart.span, text)
                .here("its values do not read `pool`")
                .also(asked, "on nodes of its own")
                .help(
                    "give the chart a node selector and a toleration in `values.yaml`, from `pool.key` and `pool.name`",
                ),
        );
    }

    fn check_digest(&self, chart: &Chart, findings: &mut Findings) {
        let known = self.model.digests.charts.get(&chart.reference());
        if let (Some(own), Some(known)) = (&chart.digest, known)
            && own.value != known.digest
        {
            let text = format!("the chart `{}` is pinned to another digest than `images` knows", chart.name);
            findings.push(
                Diagnostic::new(&codes::DIGEST_MISMATCH, own.span, text)
                    .here("said by the service")
                    .also(known.span, format!("{} on {}", known.digest, known.as_of))
                    .help(
                        "look up which of them is meant; a version that was published twice is a reason to look twice",
                    ),
            );
        }
    }

    /// What the pods of a chart take, as expressions see it: values repeat it, so the two cannot differ.
    pub(super) fn chart_pods(&self, instance: &Instance, made: &mut InstanceObjects, findings: &mut Findings) -> Expr {
        let mut records = Vec::new();
        for pods in &instance.footprints {
            let class = pods.storage.as_ref().map(|(_, class)| {
                let what = format!("{}/{}.{}", instance.namespace, instance.name, pods.name);
                let pin: ClaimMade = self.pin(&what, class.value, class.span, findings);
                let name = pin.class.clone();
                made.claims.push(pin);
                name
            });
            let text = |quantity: Quantity| Expr::from(quantity.to_string());
            let (least, most) = pods.replicas;
            records.push((
                pods.name.clone(),
                record([
                    ("replicas", record([("min", Expr::from(least)), ("max", Expr::from(most))])),
                    ("surge", Expr::from(pods.surge)),
                    ("cpu", text(pods.cpu)),
                    ("memory", text(pods.memory)),
                    ("cpu_limit", text(pods.cpu_limit)),
                    ("memory_limit", text(pods.memory_limit)),
                    ("storage", Expr::from(pods.storage.as_ref().map(|(size, _)| size.to_string()))),
                    ("class", Expr::from(class.as_deref())),
                ]),
            ));
            made.pods.push(PodsMade { pods: pods.clone(), class });
        }
        record(records)
    }
}

/// The bundle of a release.
pub(super) struct ReleaseBundle<'r> {
    pub folder: String,
    pub bundle_name: String,
    pub namespace: &'r str,
    pub depends_on: Vec<String>,
    pub scope: &'r Scope,
    pub library: &'r Library,
}

impl ReleaseBundle<'_> {
    pub(super) fn write(self, release: Release, findings: &mut Findings) -> Bundle {
        let fields = record([
            ("name", Expr::from(self.bundle_name)),
            ("layer", Expr::from("chart")),
            ("namespace", Expr::from(self.namespace)),
            ("depends_on", self.depends_on.into_iter().map(Expr::from).collect()),
            ("keep", Expr::from(false)),
        ]);
        let scope = self.scope.child().with("bundle", fields).with("chart", release.fields);
        let templates = &self.library.chart;
        let dress = Dress::default();
        let mut objects = emit(templates, dress.with(self.library, &scope, release.asked), findings);
        for object in &mut objects {
            put_values(&mut object.node, &release.values);
        }
        Bundle { folder: self.folder, files: vec![BundleFile { name: FLEET.to_owned(), objects }] }
    }
}

fn put_values(node: &mut Node, values: &Node) {
    match node {
        Node::String(text) if text.as_str() == VALUES => *node = values.clone(),
        Node::List(list) => list.iter_mut().for_each(|item| put_values(item, values)),
        Node::Map(map) => map.entries.iter_mut().for_each(|(_, value)| put_values(value, values)),
        _ => {}
    }
}
