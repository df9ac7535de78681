//! From trees to the model: what was written becomes what is meant, or a finding.
//!
//! The way: every file is checked against the vocabulary ([`form`]), everything declared at the top gets its name, then
//! the platform, the clusters and the services are read, and last the tenants: their defaults merged, their tables read,
//! their expressions evaluated from the outside in. A thing with a fault is reported once and left out; what stands
//! beside it is still checked.

mod access;
mod bounds;
mod certificates;
mod chart;
mod cluster;
mod dev_cluster;
mod domains;
mod evaluate;
mod form;
mod images;
mod instance;
mod layers;
mod library;
mod names;
mod needs;
mod parameter;
mod platform;
mod pool;
mod reserved;
mod secret;
mod setting;
mod shared;
mod table;
mod tenant;
mod upkeep;
mod volume;
mod watch;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use self::form::{Form, check_file};
use self::names::Names;
use crate::diagnostic::{Diagnostic, Findings, codes, quoted};
use crate::model::{Layer, Model};
use crate::source::{FileId, Sources, Span, World};
use crate::syntax::Tree;
use crate::value::{Percentage, Version};
use crate::vocabulary::{NodeSpec, SERVICE_FILE, WORKSPACE};

/// A parsed spec file and what it is.
#[derive(Debug)]
pub struct SpecFile {
    pub tree: Tree,
    pub role: Role,
}

/// What a spec file is, by the place it lies in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// A file of the workspace, or of the standard library's own platform.
    Workspace(Layer),
    /// `services/<name>/service.kdl`, of the workspace or of the standard library.
    Service { name: String, folder: String, layer: Layer },
}

impl SpecFile {
    fn check(&self) -> (Form, Findings) {
        let mut findings = Findings::new();
        let words = match &self.role {
            Role::Workspace(_) => &WORKSPACE,
            Role::Service { .. } => &SERVICE_FILE,
        };
        let form = check_file(self.tree.nodes(), Span::file(self.tree.file()), words, &mut findings);
        (form, findings)
    }
}

/// What resolving works with.
struct Context<'a> {
    sources: &'a mut Sources,
    world: &'a dyn World,
    loaded: BTreeMap<String, FileId>,
    findings: Findings,
}

/// Checks all files and resolves them into the model; the findings are of all files at once.
pub fn resolve(files: &[SpecFile], sources: &mut Sources, world: &dyn World) -> (Model, Findings) {
    let mut context = Context { sources, world, loaded: BTreeMap::new(), findings: Findings::new() };
    let mut top = Top::default();
    let mut services = Vec::new();
    // Against the vocabulary each file is checked alone.
    let forms: Vec<(Form, Findings)> = files.par_iter().map(SpecFile::check).collect();
    for (file, (form, findings)) in files.iter().zip(forms) {
        let is_empty = findings.is_empty() && file.tree.nodes().next().is_none();
        context.findings.extend(findings);
        match &file.role {
            Role::Workspace(layer) => top.take(form, *layer),
            Role::Service { name, folder, layer } => {
                if is_empty {
                    context.findings.push(
                        Diagnostic::new(&codes::MISSING, form.head, "the file declares no service")
                            .help(format!("write `service {name} summary=\"…\"`; its templates lie beside it")),
                    );
                }
                services.push(library::ServiceFile { form, name: name.clone(), folder: folder.clone(), layer: *layer });
            }
        }
    }
    top.files.sort_by_key(|(form, layer)| {
        // Of two things of one name the first counts, and that is the one nearer to the root, not to `a`.
        let path = context.sources.file(form.head.file).path.as_str();
        (*layer != Layer::Standard, path.matches('/').count(), path != "stadtplan.kdl")
    });
    let mut platform = platform::read(&top, &mut context.findings);
    platform::stand_in_for_unnamed(&top, &services, &mut platform);
    certificates::read(&top, &mut platform, &mut context);
    let directory = platform::read_directory(&top, &mut context.findings);
    let (roles, mut role_names) = platform::read_roles(&top, &mut context.findings);
    let mut quotas = platform::read_quotas(&top, &mut context.findings);
    let (targets, target_names) = cluster::read_targets(&top, &mut context.findings);
    let (classes, mut class_names) = cluster::read_classes(&top, &target_names, &mut context.findings);
    let (clusters, mut cluster_names) = cluster::read_clusters(&top, &mut context.findings);
    let undeclared = undeclared_services(context.world);
    let (declared, mut service_names) = library::read_services(services, undeclared, &platform, &mut context.findings);
    let digests = images::read_digests(&top, context.world, &mut context.findings);
    let groups = access::Groups::load(directory.as_ref(), &mut context);
    let heights = shared::heights(&declared);
    Names::introduce([&mut cluster_names, &mut quotas.names, &mut role_names, &mut class_names, &mut service_names]);

    let names = tenant::Known {
        platform: &platform,
        clusters: &clusters,
        cluster_names,
        quotas: &quotas,
        role_names,
        class_names,
        classes: &classes,
        services: &declared,
        service_names,
        heights,
        groups,
    };
    let (mut tenants, tenant_names) = tenant::read_tenants(&top, &names, &mut context);
    domains::mark_own(&mut tenants, &platform);
    let dev_clusters = dev_cluster::read_dev_clusters(&top, &tenant_names, &names, &mut context.findings);
    let levels = platform::read_levels(&top, &mut context.findings);
    let waivers = platform::read_waivers(&top, &tenant_names, &mut context.findings);
    report_shadowed(files, &mut context);
    let standard = |span: Span| context.sources.file(span.file).path.starts_with("stdlib/");
    names.service_names.report_unused(|span| !standard(span), &mut context.findings);
    let pools: BTreeSet<(usize, usize)> =
        tenants.iter().filter_map(|tenant| Some((tenant.cluster.value.0, tenant.isolation.as_ref()?.pool?))).collect();
    pool::report_unused(&clusters, |cluster, pool| pools.contains(&(cluster, pool)), &mut context.findings);
    let model = Model {
        platform,
        directory,
        roles,
        clusters,
        classes,
        targets,
        services: declared,
        digests,
        tenants,
        dev_clusters,
        levels,
        waivers,
    };
    (model, context.findings)
}

/// The folders of the workspace that have templates and declare no service, which is reported with their files.
fn undeclared_services(world: &dyn World) -> BTreeSet<String> {
    let folder = |path: &String| {
        let (folder, file) = path.strip_prefix("services/")?.split_once('/')?;
        let is_yaml = file.rsplit_once('.').is_some_and(|(_, ending)| matches!(ending, "yaml" | "yml"));
        is_yaml.then(|| folder.to_owned())
    };
    let mut folders: BTreeSet<String> = world.files().iter().filter_map(folder).collect();
    folders.retain(|folder| {
        let declaration = format!("services/{folder}/service.kdl");
        let is_standard = crate::source::STANDARD_LIBRARY.iter().any(|(path, _)| *path == declaration);
        !is_standard && !world.files().contains(&declaration)
    });
    folders
}

/// Says which services of the standard library the workspace replaces.
fn report_shadowed(files: &[SpecFile], context: &mut Context<'_>) {
    let standard = crate::source::STANDARD_LIBRARY;
    for file in files {
        let Role::Service { name, folder, layer: Layer::Platform } = &file.role else { continue };
        let replaced = format!("{folder}/service.kdl");
        if standard.iter().any(|(path, _)| *path == replaced) {
            context.findings.push(
                Diagnostic::new(
                    &codes::SHADOWED,
                    Span::file(file.tree.file()),
                    format!("the workspace's service `{name}` takes the place of the standard one, the whole folder"),
                )
                .help("give it another name where both are meant; `lint shadowed allow` where it is on purpose"),
            );
        }
    }
}

/// The forms at the top of all files, with the layer of each.
#[derive(Default)]
struct Top {
    files: Vec<(Form, Layer)>,
}

impl Top {
    fn take(&mut self, form: Form, layer: Layer) {
        self.files.push((form, layer));
    }

    /// All nodes of a name, the standard library's first, then by file.
    fn nodes(&self, name: &'static str) -> impl Iterator<Item = (&Form, Layer)> {
        self.files.iter().flat_map(move |(file, layer)| file.children(name).map(move |form| (form, *layer)))
    }

    /// Names of a kind of thing. What a node declares that nobody knows may be one of them.
    fn names(&self, noun: &'static str) -> Names {
        let mut names = Names::new(noun);
        self.files.iter().flat_map(|(file, _)| &file.strangers).for_each(|name| names.leave_out(name.clone()));
        names
    }

    /// The one node of a name in the whole workspace; a second one is a finding.
    fn single(&self, name: &'static str, findings: &mut Findings) -> Option<&Form> {
        let mut nodes = self.nodes(name).map(|(form, _)| form);
        let first = nodes.next()?;
        for second in nodes {
            findings.push(
                Diagnostic::new(&codes::TWICE, second.head, format!("`{name}` is given twice"))
                    .here("given again here")
                    .also(first.head, "first given here")
                    .help("a workspace has one of it: keep one of the two"),
            );
        }
        Some(first)
    }
}

impl Context<'_> {
    /// Reads a file of the workspace that a node names; a file that cannot be read is a finding there.
    fn load(&mut self, path: &str, asked: Span) -> Option<FileId> {
        if let Some(file) = self.loaded.get(path) {
            return Some(*file);
        }
        let bytes = match crate::syntax::read_bytes(self.world, path) {
            Ok(bytes) => bytes,
            Err(fault) => {
                let others = self.world.files().iter().map(String::as_str).filter(|other| *other != path);
                let near = crate::diagnostic::did_you_mean(path, others).filter(|text| text.starts_with("did"));
                let finding = Diagnostic::new(&codes::FILE_ERROR, asked, fault.message).here("named here");
                self.findings.push(finding.help_if(near.or(fault.help)));
                return None;
            }
        };
        match crate::facts::decode(&bytes) {
            Ok(text) => {
                let file = self.sources.add(path, text);
                self.loaded.insert(path.to_owned(), file);
                Some(file)
            }
            Err(fault) => {
                let file = self.sources.add(path, String::from_utf8_lossy(&bytes));
                let span = fault.range.map_or(Span::file(file), |range| Span::new(file, range.start, range.end));
                let finding = Diagnostic::new(&codes::FILE_ERROR, span, format!("`{path}`: {}", fault.message));
                self.findings.push(finding.also(asked, "named here").help_if(fault.help));
                None
            }
        }
    }
}

/// A checked node of a data file of the library: values by name, children by kind.
#[derive(Debug)]
pub struct DataFile {
    form: Form,
}

/// A node of a [`DataFile`].
#[derive(Debug, Clone, Copy)]
pub struct DataNode<'f>(&'f Form);

/// Parses and checks a data file of the library that is not part of a spec.
pub fn check_data_file(file: FileId, sources: &Sources, spec: &'static NodeSpec, findings: &mut Findings) -> DataFile {
    let (tree, problems) = crate::syntax::parse(file, sources.file(file).text.clone());
    findings.extend(problems);
    let form = check_file(tree.nodes(), Span::file(file), spec, findings);
    let required = spec.children.iter().filter(|child| child.required).map(|child| child.node.name);
    let lacking: Vec<&str> = required.filter(|name| form.children(name).next().is_none()).collect();
    if !lacking.is_empty() {
        let text = format!("`{}` lacks {}", spec.name, quoted(lacking));
        let finding = Diagnostic::new(&codes::MISSING, Span::file(file), text);
        findings
            .push(finding.help("begin with a copy of the standard one: in a workspace it takes its place as a whole"));
    }
    DataFile { form }
}

impl DataFile {
    pub fn children(&self, name: &'static str) -> impl Iterator<Item = DataNode<'_>> {
        DataNode(&self.form).children(name)
    }
}

impl<'f> DataNode<'f> {
    pub fn children(self, name: &'static str) -> impl Iterator<Item = DataNode<'f>> {
        self.0.children(name).map(DataNode)
    }

    pub fn text(self, name: &str) -> Option<String> {
        platform::text(self.0, name)
    }

    pub fn texts(self, name: &str) -> Vec<String> {
        self.0.values(name).map(|given| given.value.to_string()).collect()
    }

    pub fn integer(self, name: &str) -> Option<i64> {
        self.0.integer(name).map(|given| given.value)
    }

    pub fn version(self, name: &str) -> Option<Version> {
        self.0.value(name)?.value.as_version().cloned()
    }

    /// The name of the first value behind the node's own name.
    pub fn first_argument(self) -> Option<&'static str> {
        self.0.spec.arguments.first().map(|argument| argument.name)
    }

    /// A value as it is written, an expression with its braces.
    pub fn written(self, name: &str, sources: &Sources) -> Option<String> {
        let given = self.0.given(name)?;
        match &given.written {
            form::Written::Value(value) => Some(value.to_string()),
            form::Written::Raw(raw) => Some(raw.text().to_owned()),
            form::Written::Scalar(_) => Some(form::without_quotes(sources.text(given.span))),
            form::Written::Faulty => None,
        }
    }

    /// Names of the user's own, each with its first value as it is written.
    pub fn open(self) -> impl Iterator<Item = (String, String)> {
        self.0.open.iter().filter_map(|entry| Some((entry.name.value.clone(), entry.values.first()?.text().to_owned())))
    }

    /// Whether it says so.
    pub fn boolean(self, name: &str) -> bool {
        self.0.boolean(name).unwrap_or(false)
    }

    pub fn percentage(self, name: &str) -> Option<Percentage> {
        self.0.value(name)?.value.as_percentage()
    }
}
