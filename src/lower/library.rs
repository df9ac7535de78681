//! The templates a compile works with: the baseline and the services, each parsed once.
//!
//! The folders of `baseline/` say what a template is made for. A file of the workspace's own `baseline/` takes the place of
//! the standard one of the same path.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::workloads::{Workloads, read_workloads};
use super::{Object, TemplateId};
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::kinds::{Kinds, Proofs};
use crate::model::{Model, ServiceId};
use crate::source::{FileId, Sources, Span};
use crate::template::{Document, PathStep, Template, parse};

/// All templates, by what they are made for.
#[derive(Debug)]
pub struct Library {
    templates: Vec<Named>,
    pub class: Vec<TemplateId>,
    /// By layer: `20-storage`.
    pub cluster: BTreeMap<String, Vec<TemplateId>>,
    /// Layers of a cluster that have something for each of its tenants: `30-logging`.
    pub cluster_tenants: BTreeMap<String, Vec<TemplateId>>,
    pub management: BTreeMap<String, ManagementLayer>,
    pub bootstrap: Vec<TemplateId>,
    pub tenant: Vec<TemplateId>,
    pub namespace: Vec<TemplateId>,
    pub volume: Vec<TemplateId>,
    pub secret: Vec<TemplateId>,
    pub probe: Vec<TemplateId>,
    pub workload: Vec<TemplateId>,
    /// The `fleet.yaml` of a chart.
    pub chart: Vec<TemplateId>,
    pub fleet: Vec<TemplateId>,
    fill_in: BTreeMap<String, TemplateId>,
    /// By [`ServiceId`].
    services: Vec<ServiceTemplates>,
    pub workloads: Workloads,
    pub kinds: Kinds,
    pub proofs: Proofs,
}

/// A template and what is known of it before it is made into objects.
#[derive(Debug)]
struct Named {
    /// Its file's name, without the ending.
    name: String,
    template: Template,
    /// For each document: whether it reads `hash`, so that its objects have to be digested.
    hashed: Vec<bool>,
    /// For each document: where it reads the tenant's secret store.
    store: Vec<Option<Span>>,
}

/// A layer of what the management cluster gets: templates made for each of the tenants, clusters and so on.
#[derive(Debug, Default)]
pub struct ManagementLayer {
    /// Made once, in a file of the template's name; such a layer waits for none, and none for it.
    pub once: Vec<TemplateId>,
    pub tenants: Vec<TemplateId>,
    /// Whether each tenant has a bundle of its own there.
    pub is_apart: bool,
    pub clusters: Vec<TemplateId>,
    pub dev_clusters: Vec<TemplateId>,
}

impl ManagementLayer {
    fn first(&self) -> Option<TemplateId> {
        [&self.once, &self.tenants, &self.clusters, &self.dev_clusters].into_iter().find_map(|of| of.first().copied())
    }
}

/// What a service becomes.
#[derive(Debug, Default)]
pub struct ServiceTemplates {
    /// What can be rebuilt.
    pub instance: Vec<TemplateId>,
    /// What must not be lost.
    pub data: Vec<TemplateId>,
    /// The values of the chart that it is.
    pub values: Vec<TemplateId>,
}

/// A file of the library that was read: its path and text.
#[derive(Debug)]
pub struct LibraryFile {
    /// Below the library: `baseline/volume/claim.yaml`.
    pub path: String,
    pub file: FileId,
}

impl Library {
    /// Parses the baseline and the templates of the services in the model.
    pub fn load(
        files: &[LibraryFile],
        model: &Model,
        kinds: Kinds,
        sources: &Sources,
        findings: &mut Findings,
    ) -> Self {
        let mut library = Library {
            templates: Vec::new(),
            class: Vec::new(),
            cluster: BTreeMap::new(),
            cluster_tenants: BTreeMap::new(),
            management: BTreeMap::new(),
            bootstrap: Vec::new(),
            tenant: Vec::new(),
            namespace: Vec::new(),
            volume: Vec::new(),
            secret: Vec::new(),
            probe: Vec::new(),
            workload: Vec::new(),
            chart: Vec::new(),
            fleet: Vec::new(),
            fill_in: BTreeMap::new(),
            services: model.services.iter().map(|_| ServiceTemplates::default()).collect(),
            workloads: Workloads::default(),
            kinds,
            proofs: Proofs::new(),
        };
        let folders: BTreeMap<&str, usize> =
            model.services.iter().enumerate().map(|(index, service)| (service.folder.as_str(), index)).collect();
        let in_use = model.services_in_use();
        // The standard library is proven on its own, so of its services only those are read that something is made of.
        let is_read = |folder: &str| {
            let service = folders.get(folder).or_else(|| folders.get(folder.strip_suffix("/data")?));
            service.is_none_or(|at| !model.services[*at].is_standard || in_use.contains(&ServiceId(*at)))
        };
        let parse = |LibraryFile { path, file }: &LibraryFile| {
            let (folder, _) = path.rsplit_once('/')?;
            (is_yaml(path) && is_read(folder)).then(|| Named::parse(path, *file, sources))
        };
        let parsed: Vec<_> = files.par_iter().map(parse).collect();
        for (LibraryFile { path, file }, parsed) in files.iter().zip(parsed) {
            if path == "baseline/workloads.kdl" {
                library.workloads = read_workloads(*file, sources, findings);
                continue;
            }
            let Some((named, problems)) = parsed else { continue };
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            let service = folders
                .get(folder)
                .map(|index| (*index, false))
                .or_else(|| Some((*folders.get(folder.strip_suffix("/data")?)?, true)));
            if service.is_none() && !path.starts_with("baseline/") {
                let declared = folders.keys().find(|known| folder.starts_with(&format!("{known}/")));
                if let Some(known) = declared {
                    let text = format!("a template in `{folder}` is never used");
                    findings.push(
                        Diagnostic::new(&codes::NOT_ALLOWED_HERE, Span::file(*file), text)
                            .help(format!("templates lie in `{known}` itself or in its `data`")),
                    );
                }
                continue;
            }
            findings.extend(problems);
            let id = TemplateId(u32::try_from(library.templates.len()).unwrap_or(u32::MAX));
            library.templates.push(named);
            match service {
                Some((index, false)) if is_values(name) && model.services[index].chart.is_some() => {
                    library.services[index].values.push(id);
                }
                Some((index, false)) => library.services[index].instance.push(id),
                Some((index, true)) => library.services[index].data.push(id),
                None => library.place(folder, name, id, Span::file(*file), findings),
            }
        }
        library
    }

    fn place(&mut self, folder: &str, name: &str, id: TemplateId, file: Span, findings: &mut Findings) {
        let parts: Vec<&str> = folder.split('/').skip(1).collect();
        match parts.as_slice() {
            [] if name == "bootstrap.yaml" => self.bootstrap.push(id),
            ["class"] => self.class.push(id),
            ["tenant"] => self.tenant.push(id),
            ["namespace"] => self.namespace.push(id),
            ["volume"] => self.volume.push(id),
            ["secret"] => self.secret.push(id),
            ["probe"] => self.probe.push(id),
            ["workload"] => self.workload.push(id),
            ["chart"] => self.chart.push(id),
            ["fleet"] => self.fleet.push(id),
            ["fill-in"] => {
                self.fill_in.insert(name.to_owned(), id);
            }
            ["cluster", layer, rest @ ..] if matches!(rest, [] | [EACH_TENANT]) => {
                let of = [&self.cluster, &self.cluster_tenants][usize::from(rest.is_empty())];
                let other = of.get(*layer).and_then(|of| of.first());
                findings.extend(other.map(|other| self.mixed_layer(layer, *other, file)));
                let of = if rest.is_empty() { &mut self.cluster } else { &mut self.cluster_tenants };
                of.entry((*layer).to_owned()).or_default().push(id);
            }
            ["management", layer, rest @ ..]
                if matches!(rest, [] | [EACH_TENANT | APART | EACH_CLUSTER | EACH_DEV_CLUSTER]) =>
            {
                let is_apart = matches!(rest, [APART]);
                let of = self.management.get(*layer).filter(|of| of.is_apart != is_apart);
                let other = of.and_then(ManagementLayer::first);
                findings.extend(other.map(|other| self.mixed_layer(layer, other, file)));
                let of = self.management.entry((*layer).to_owned()).or_default();
                of.is_apart = is_apart;
                match rest {
                    [EACH_CLUSTER] => of.clusters.push(id),
                    [EACH_DEV_CLUSTER] => of.dev_clusters.push(id),
                    [_, ..] => of.tenants.push(id),
                    [] => of.once.push(id),
                }
            }
            _ => findings.push(
                Diagnostic::new(
                    &codes::NOT_ALLOWED_HERE,
                    file,
                    format!("nothing is made from templates in `{folder}`"),
                )
                .help("the folders of `baseline/` say what a template is made for; the standard library shows them"),
            ),
        }
    }

    /// A layer is one bundle or a bundle for each tenant, and in a cluster made once or for each tenant.
    fn mixed_layer(&self, layer: &str, other: TemplateId, file: Span) -> Diagnostic {
        let text = format!("the layer `{layer}` is made in two ways");
        Diagnostic::new(&codes::NOT_ALLOWED_HERE, file, text)
            .also(Span::file(self.template(other).file), "beside this")
            .help("put the one or the other into a layer of its own")
    }

    pub fn templates(&self) -> impl Iterator<Item = &Template> {
        self.templates.iter().map(|named| &named.template)
    }

    pub fn template(&self, id: TemplateId) -> &Template {
        &self.templates[id.0 as usize].template
    }

    /// The document that an object was made from.
    pub fn document(&self, object: &Object) -> Option<&Document> {
        self.template(object.template).documents.get(object.document)
    }

    /// Where a part of an object was written, as near as its template can tell.
    pub fn written_at(&self, object: &Object, path: &[PathStep<'_>]) -> Span {
        self.document(object).map_or(object.asked, |document| document.span_of(path))
    }

    /// The name of its file, without the ending.
    pub fn name(&self, id: TemplateId) -> &str {
        &self.templates[id.0 as usize].name
    }

    /// Whether a document of a template may put the digest of an object into it.
    pub(super) fn is_hashed(&self, id: TemplateId, document: usize) -> bool {
        self.templates[id.0 as usize].hashed[document]
    }

    /// Where a document of a template reads the tenant's secret store.
    pub(super) fn store_read_by(&self, id: TemplateId, document: usize) -> Option<Span> {
        self.templates[id.0 as usize].store[document]
    }

    pub fn service(&self, id: ServiceId) -> &ServiceTemplates {
        &self.services[id.0]
    }

    pub fn fill_in(&self, file: &str) -> Option<TemplateId> {
        self.fill_in.get(file).copied()
    }
}

impl Named {
    fn parse(path: &str, file: FileId, sources: &Sources) -> (Self, Vec<Diagnostic>) {
        let (template, problems) = parse(file, &sources.file(file).text);
        let name = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".yaml").to_owned();
        let hashed = |document: &Document| document.names_used().iter().any(|used| used.name == "hash");
        let hashed = template.documents.iter().map(hashed).collect();
        let store = template.documents.iter().map(store_read_by).collect();
        (Named { name, template, hashed, store }, problems)
    }
}

/// The folder of templates that are made for each tenant.
const EACH_TENANT: &str = "each-tenant";
const APART: &str = "each-tenant-apart";
const EACH_CLUSTER: &str = "each-cluster";
const EACH_DEV_CLUSTER: &str = "each-dev-cluster";

fn is_yaml(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| ending == "yaml" || ending == "yml")
}

fn store_read_by(document: &Document) -> Option<Span> {
    document.names_used().into_iter().find(|used| used.name == "tenant.secret_store").map(|used| used.span)
}

/// Whether a file beside a chart's declaration holds its values.
fn is_values(name: &str) -> bool {
    name == "values.yaml"
}
