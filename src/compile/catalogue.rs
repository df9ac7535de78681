//! The catalogue of services: what each takes, needs and gives, read from the declarations alone.
//!
//! It is read from the texts and not from the model: what a person looks up is what is written there, expressions and all,
//! and it can be looked up while the workspace around it does not compile.

use serde::Serialize;

use super::load;
use crate::diagnostic::Findings;
use crate::model::Layer;
use crate::resolve::{DataNode, Role, check_data_file};
use crate::source::{FileId, STANDARD_LIBRARY, Sources, World};
use crate::vocabulary::SERVICE_FILE;

/// A service as people use it. Texts are as they are written, so that expressions are seen; what is not said is `null`
/// or empty.
#[derive(Debug, Serialize)]
pub struct CatalogueService {
    pub name: String,
    pub summary: String,
    /// `standard`, or `workspace`.
    pub origin: &'static str,
    /// Whether it stands in the place of the standard service of its name.
    pub shadows: bool,
    /// The folder of its declaration and templates.
    pub folder: String,
    /// The name of a tenant's one instance, where services share it.
    pub shared: Option<String>,
    pub chart: Option<Chart>,
    pub parameters: Vec<CatalogueParameter>,
    pub needs: Vec<CatalogueNeed>,
    pub requires: Vec<Requirement>,
    pub egress: Vec<Opening>,
    pub secrets: Vec<CatalogueSecret>,
    pub volumes: Vec<CatalogueVolume>,
    pub images: Vec<Named>,
    pub exports: Vec<Named>,
    pub probes: Vec<String>,
    /// The Pod Security level it needs in place of `restricted`, and why.
    pub pod_security: Option<Lowered>,
}

/// A value that is set where the service is used.
#[derive(Debug, Serialize)]
pub struct CatalogueParameter {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub required: bool,
    pub default: Option<String>,
    /// The bounds of a number, quantity, range or duration.
    pub least: Option<String>,
    pub most: Option<String>,
    pub doc: String,
    /// Of an `enum`: what may be given.
    pub values: Vec<Documented>,
}

/// A word and what it means.
#[derive(Debug, Serialize)]
pub struct Documented {
    pub name: String,
    pub doc: String,
}

/// A name and what stands behind it.
#[derive(Debug, Serialize)]
pub struct Named {
    pub name: String,
    pub value: String,
}

/// Another service it is made with.
#[derive(Debug, Serialize)]
pub struct CatalogueNeed {
    pub service: String,
    pub name: String,
    /// When it is the tenant's one instance: a condition.
    pub shared: Option<String>,
    #[serde(rename = "if")]
    pub condition: Option<String>,
    pub settings: Vec<Named>,
}

/// What the cluster has to provide.
#[derive(Debug, Serialize)]
pub struct Requirement {
    pub name: String,
    pub version: Option<String>,
}

/// An endpoint of the platform that it reaches.
#[derive(Debug, Serialize)]
pub struct Opening {
    pub name: String,
    pub required: bool,
    #[serde(rename = "if")]
    pub condition: Option<String>,
}

/// A Secret, by its keys.
#[derive(Debug, Serialize)]
pub struct CatalogueSecret {
    pub name: String,
    #[serde(rename = "if")]
    pub condition: Option<String>,
    pub keys: Vec<SecretKey>,
    /// A parameter whose names are keys that people fill in, too.
    pub provided_by: Option<String>,
}

/// A key of a Secret.
#[derive(Debug, Serialize)]
pub struct SecretKey {
    pub name: String,
    /// `provided` by people, or `generated`.
    pub from: &'static str,
    pub doc: String,
}

/// A volume that outlives its pods.
#[derive(Debug, Serialize)]
pub struct CatalogueVolume {
    pub name: String,
    pub size: String,
    pub class: String,
    /// `once`, or `many`.
    pub access: String,
    #[serde(rename = "if")]
    pub condition: Option<String>,
}

/// The Helm chart it is installed by.
#[derive(Debug, Serialize)]
pub struct Chart {
    pub name: String,
    pub repository: Option<String>,
    pub version: Option<String>,
}

/// A lowered level, and why.
#[derive(Debug, Serialize)]
pub struct Lowered {
    pub level: String,
    pub reason: String,
}

/// The services of the standard library and of a workspace, sorted by name.
pub fn catalogue(world: &dyn World) -> Vec<CatalogueService> {
    let mut sources = Sources::new();
    // A declaration that cannot be read in full is shown as far as it can be; `check` says what is wrong with it.
    let mut findings = Findings::new();
    let loaded = load(world, &mut sources, &mut findings);
    let mut services = Vec::new();
    for spec in &loaded.specs {
        let Role::Service { name, folder, layer } = &spec.role else { continue };
        services.extend(read(spec.tree.file(), name, folder, *layer, &sources));
    }
    services.sort_by(|a, b| a.name.cmp(&b.name));
    services
}

fn read(file: FileId, name: &str, folder: &str, layer: Layer, sources: &Sources) -> Option<CatalogueService> {
    let form = check_data_file(file, sources, &SERVICE_FILE, &mut Findings::new());
    let service = form.children("service").next()?;
    let reading = Reading { sources };
    let is_standard = layer == Layer::Standard;
    let declared = format!("services/{name}/service.kdl");
    let named = |kind: &'static str, value: &'static str| {
        service.children(kind).map(move |node| reading.named(node, value)).collect()
    };
    Some(CatalogueService {
        name: name.to_owned(),
        summary: reading.text(service, "summary"),
        origin: if is_standard { "standard" } else { "workspace" },
        shadows: !is_standard && STANDARD_LIBRARY.iter().any(|(path, _)| *path == declared),
        folder: folder.to_owned(),
        shared: reading.maybe(service, "shared"),
        chart: service.children("chart").next().map(|chart| Chart {
            name: reading.first(chart),
            repository: reading.maybe(chart, "repository"),
            version: reading.maybe(chart, "version"),
        }),
        parameters: service.children("parameter").map(|node| reading.parameter(node)).collect(),
        needs: service.children("needs").map(|node| reading.need(node)).collect(),
        requires: service
            .children("requires")
            .map(|node| Requirement { name: reading.first(node), version: reading.maybe(node, "version") })
            .collect(),
        egress: service
            .children("egress")
            .map(|node| Opening {
                name: reading.first(node),
                required: node.boolean("required"),
                condition: reading.maybe(node, "if"),
            })
            .collect(),
        secrets: service.children("secret").map(|node| reading.secret(node)).collect(),
        volumes: service.children("volume").map(|node| reading.volume(node)).collect(),
        images: named("image", "reference"),
        exports: named("export", "value"),
        probes: service.children("probe").map(|node| reading.text(node, "url")).collect(),
        pod_security: service
            .children("pod-security")
            .next()
            .map(|node| Lowered { level: reading.first(node), reason: reading.text(node, "reason") }),
    })
}

/// Takes texts out of a declaration as they are written.
#[derive(Clone, Copy)]
struct Reading<'s> {
    sources: &'s Sources,
}

impl Reading<'_> {
    fn maybe(self, node: DataNode<'_>, name: &str) -> Option<String> {
        node.written(name, self.sources)
    }

    fn text(self, node: DataNode<'_>, name: &str) -> String {
        self.maybe(node, name).unwrap_or_default()
    }

    /// The first value behind the node's name.
    fn first(self, node: DataNode<'_>) -> String {
        node.first_argument().and_then(|name| self.maybe(node, name)).unwrap_or_default()
    }

    fn named(self, node: DataNode<'_>, value: &str) -> Named {
        Named { name: self.first(node), value: self.text(node, value) }
    }

    fn parameter(self, node: DataNode<'_>) -> CatalogueParameter {
        let value = |value| Documented { name: self.first(value), doc: self.text(value, "doc") };
        CatalogueParameter {
            name: self.first(node),
            kind: self.text(node, "type"),
            required: node.boolean("required"),
            default: self.maybe(node, "default"),
            least: self.maybe(node, "least"),
            most: self.maybe(node, "most"),
            doc: self.text(node, "doc"),
            values: node.children("value").map(value).collect(),
        }
    }

    fn need(self, node: DataNode<'_>) -> CatalogueNeed {
        let service = self.first(node);
        CatalogueNeed {
            name: self.maybe(node, "name").unwrap_or_else(|| service.clone()),
            service,
            shared: self.maybe(node, "shared"),
            condition: self.maybe(node, "if"),
            settings: node.open().map(|(name, value)| Named { name, value }).collect(),
        }
    }

    fn secret(self, node: DataNode<'_>) -> CatalogueSecret {
        let keys = |node: DataNode<'_>, from: &'static str| {
            let doc = self.text(node, "doc");
            node.texts("key")
                .into_iter()
                .map(move |name| SecretKey { name, from, doc: doc.clone() })
                .collect::<Vec<_>>()
        };
        CatalogueSecret {
            name: self.first(node),
            condition: self.maybe(node, "if"),
            keys: node
                .children("generated")
                .flat_map(|node| keys(node, "generated"))
                .chain(node.children("provided").flat_map(|node| keys(node, "provided")))
                .collect(),
            provided_by: self.maybe(node, "provided-by"),
        }
    }

    fn volume(self, node: DataNode<'_>) -> CatalogueVolume {
        CatalogueVolume {
            name: self.first(node),
            size: self.text(node, "size"),
            class: self.text(node, "class"),
            access: self.maybe(node, "access").unwrap_or_else(|| "once".to_owned()),
            condition: self.maybe(node, "if"),
        }
    }
}
