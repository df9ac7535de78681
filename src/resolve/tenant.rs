//! Reads tenants: defaults merged with what each says, evaluated from the outside in.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::access::{Groups, read_access};
use super::evaluate::{Place, evaluate};
use super::form::{Form, Written};
use super::instance::{Rooms, check_uses, read_instances};
use super::layers::Uses;
use super::names::Names;
use super::platform::Quotas;
use super::pool::read_isolation;
use super::table::{Tables, read_tables};
use super::volume::read_volume;
use super::{Context, Top};
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::expression::Scope;
use crate::model::scope::{self, TenantHead};
use crate::model::{
    Cluster, ClusterId, Layer, Platform, Quota, Service, Sourced, StorageClass, Tenant, TenantKind, Volume,
};
use crate::source::Spanned;
use crate::value::{Kind, Quantity};
use crate::vocabulary::TENANT_DECLARATIONS;

/// What tenants refer to.
pub(super) struct Known<'a> {
    pub platform: &'a Platform,
    pub clusters: &'a [Cluster],
    pub cluster_names: Names,
    pub quotas: &'a Quotas,
    pub role_names: Names,
    pub class_names: Names,
    pub classes: &'a [StorageClass],
    pub services: &'a [Service],
    pub service_names: Names,
    /// By service: see [`super::shared::heights`].
    pub heights: Vec<usize>,
    pub groups: Groups,
}

impl Known<'_> {
    /// The name of the one instance of a service that a tenant shares.
    fn shared_name(&self, service: &str) -> Option<&str> {
        let service = &self.services[self.service_names.get(service)?];
        service.shared.as_ref().map(|name| name.value.as_str())
    }
}

/// A `defaults` block, read once for all its tenants.
struct Defaults<'f> {
    form: &'f Form,
    uses: Uses,
}

/// All tenants, sorted by name. A tenant without a cluster or a quota is reported and left out.
pub(super) fn read_tenants(top: &Top, known: &Known<'_>, context: &mut Context<'_>) -> (Vec<Tenant>, Names) {
    let defaults = read_defaults(top, known, &mut context.findings);
    let is_unread = top.nodes("defaults").any(|(form, _)| form.name().is_none());
    let outer = Scope::new().with("platform", scope::platform(known.platform));
    let cluster_scopes: Vec<Scope> =
        known.clusters.iter().map(|cluster| outer.child().with("cluster", scope::cluster(cluster))).collect();
    let mut names = top.names("tenant");
    let mut readings = Vec::new();
    for spec in TENANT_DECLARATIONS {
        for (form, _) in top.nodes(spec.name) {
            let Some(name) = names.of(form) else { continue };
            if !names.declare(&name, readings.len(), &mut context.findings) {
                continue;
            }
            let before = context.findings.len();
            let tables = read_tables(form, context);
            context.findings.name_tenant(before, &name.value);
            let kind = if spec.name == "municipality" { TenantKind::Municipality } else { TenantKind::Customer };
            let defaults = defaults.get(spec.name);
            let may_have_defaults = is_unread && defaults.is_none();
            let scopes = &cluster_scopes;
            readings.push(Reading { form, name, kind, defaults, may_have_defaults, tables, known, scopes });
        }
    }
    // Beyond its tables a tenant is read alone, so every core reads some; what they find keeps the order of the spec.
    let read: Vec<(Option<Tenant>, Findings)> = readings.par_iter().map(Reading::read).collect();
    let mut tenants = Vec::new();
    for (tenant, findings) in read {
        tenants.extend(tenant);
        context.findings.extend(findings);
    }
    tenants.sort_by(|a, b| a.name.cmp(&b.name));
    (tenants, names)
}

fn read_defaults<'f>(top: &'f Top, known: &Known<'_>, findings: &mut Findings) -> BTreeMap<String, Defaults<'f>> {
    let mut blocks: BTreeMap<String, Defaults<'f>> = BTreeMap::new();
    for (form, _) in top.nodes("defaults") {
        let Some(kind) = form.name() else { continue };
        if let Some(first) = blocks.get(&kind.value) {
            let second = Spanned::new(kind.value.as_str(), form.head);
            findings.push(crate::diagnostic::twice("`defaults` for", first.form.head, second));
            continue;
        }
        let uses = Uses::read(form, Layer::Defaults, &|service| known.shared_name(service), findings);
        blocks.insert(kind.value, Defaults { form, uses });
    }
    blocks
}

/// One tenant while it is read.
struct Reading<'r> {
    form: &'r Form,
    name: Spanned<String>,
    kind: TenantKind,
    defaults: Option<&'r Defaults<'r>>,
    /// Whether a block of defaults is not understood: it may be this one's.
    may_have_defaults: bool,
    tables: Tables,
    known: &'r Known<'r>,
    scopes: &'r [Scope],
}

impl Reading<'_> {
    fn read(&self) -> (Option<Tenant>, Findings) {
        let mut findings = Findings::new();
        let tenant = self.read_parts(&mut findings);
        findings.name_tenant(0, &self.name.value);
        (tenant, findings)
    }

    fn read_parts(&self, findings: &mut Findings) -> Option<Tenant> {
        let form = self.form;
        let cluster = self.read_cluster(findings);
        let quota = self.read_quota(findings);

        let mut uses = self.defaults.map(|defaults| defaults.uses.clone()).unwrap_or_default();
        let own = Uses::read(form, Layer::Tenant, &|service| self.known.shared_name(service), findings);
        let is_whole = !self.may_have_defaults
            && uses.services.values().all(|used| self.known.service_names.has(&used.service.value))
            && uses.access.values().all(|used| self.known.role_names.has(&used.role.value));
        for without in form.children("without") {
            uses.take_away(without, is_whole, findings);
        }
        uses.overlay(own, findings);

        let Some(cluster) = cluster else {
            // What needs no cluster to be judged is judged all the same.
            self.read_volumes(&uses, findings);
            check_uses(&uses, self.known, findings);
            return None;
        };
        let isolation = form
            .child("isolation")
            .and_then(|isolation| read_isolation(isolation, cluster.value.0, self.known.clusters, findings));
        let ags = form.value("ags").and_then(|given| Some(Spanned::new(given.value.as_ags()?.clone(), given.span)));
        let title = form.text("title").map_or_else(|| self.name.value.clone(), |title| title.value);
        let ags_text = ags.as_ref().map(|ags| ags.value.to_string());
        let mut head = TenantHead {
            name: &self.name.value,
            kind: self.kind.name(),
            ags: ags_text.as_deref(),
            title: &title,
            domain: None,
        };
        let outer = &self.scopes[cluster.value.0];
        let domain = self.read_domain(&outer.child().with("tenant", head.object()), findings);
        head.domain = Some(&domain.value);
        let scope = outer.child().with("tenant", head.object());

        let access = read_access(&uses, &scope, self.known, form.head, findings);
        let labels = uses
            .labels
            .iter()
            .map(|(key, (value, layer))| (key.clone(), Sourced::new(value.value.clone(), value.span, *layer)))
            .collect();
        let volumes = self.read_volumes(&uses, findings);
        let rooms =
            Rooms { tenant: &self.name, head: form.head, scope: &scope, known: self.known, tables: &self.tables };
        let instances = read_instances(&uses, &rooms, findings);
        self.tables.names.report_unused(|_| true, findings);
        Some(Tenant {
            kind: self.kind,
            name: self.name.value.clone(),
            ags,
            domain,
            // Known when all of them are.
            has_own_domain: false,
            title: title.clone(),
            cluster,
            is_misplaced: isolation.is_none() && form.child("isolation").is_some(),
            isolation,
            quota: quota?,
            access,
            labels,
            volumes,
            instances,
            span: form.head,
        })
    }

    /// The forms a setting is looked for in, the nearest first.
    fn layers(&self) -> impl Iterator<Item = (&Form, Layer)> {
        let defaults = self.defaults.map(|defaults| (defaults.form, Layer::Defaults));
        std::iter::once((self.form, Layer::Tenant)).chain(defaults)
    }

    fn read_cluster(&self, findings: &mut Findings) -> Option<Sourced<ClusterId>> {
        let Some((form, layer)) = self.layers().find(|(form, _)| form.given("cluster").is_some()) else {
            findings.extend(self.lacks("cluster", "cluster NAME"));
            return None;
        };
        let name = form.text("cluster")?;
        let index = self.known.cluster_names.find(&name, findings)?;
        Some(Sourced::new(ClusterId(index), name.span, layer))
    }

    fn lacks(&self, what: &str, line: &str) -> Option<Diagnostic> {
        let kind = self.kind.name();
        let text = format!("the {kind} `{}` has no {what}", self.name.value);
        let diagnostic = Diagnostic::new(&codes::MISSING, self.form.head, text);
        match self.defaults {
            Some(defaults) => Some(
                diagnostic
                    .because_of(defaults.form.head, format!("its defaults give no {what} either"))
                    .help(format!("add `{line}` to it or to the defaults")),
            ),
            None if self.may_have_defaults => None,
            None => {
                Some(diagnostic.help(format!("add `{line}` to it, or to `defaults {kind} {{ … }}` for all of them")))
            }
        }
    }

    fn read_quota(&self, findings: &mut Findings) -> Option<Quota> {
        // A quota by name drops what stands behind it; figures before it lie over its own.
        let blocks: Vec<(&Form, Layer)> =
            self.layers().filter_map(|(form, layer)| Some((form.child("quota")?, layer))).collect();
        let Some(base) = blocks.iter().position(|(block, _)| block.given("name").is_some()) else {
            findings.extend(match blocks.first() {
                None => self.lacks("quota", "quota NAME"),
                Some((block, _)) => Some(
                    Diagnostic::new(&codes::MISSING, block.head, "the quota names no base")
                        .here("figures only")
                        .help("name a declared quota first: `quota small memory=\"96Gi\"`"),
                ),
            });
            return None;
        };
        let (named, base_layer) = blocks[base];
        let name = named.text("name")?;
        let declared = &self.known.quotas.list[self.known.quotas.names.find(&name, findings)?];
        let over = &blocks[..=base];
        let figure = |setting: &str, own: &Spanned<Quantity>| {
            over.iter()
                .find_map(|(block, layer)| {
                    let given = super::platform::quantity(block, setting)?;
                    Some(Sourced::new(given.value, given.span, *layer))
                })
                .unwrap_or(Sourced::new(own.value, own.span, base_layer))
        };
        let pods = over
            .iter()
            .find_map(|(block, layer)| {
                let given = block.integer("pods")?;
                Some(Sourced::new(given.value, given.span, *layer))
            })
            .unwrap_or(Sourced::new(declared.pods.value, declared.pods.span, base_layer));
        let is_over = |setting: &&str| over.iter().any(|(block, _)| block.given(setting).is_some());
        Some(Quota {
            name: declared.name.clone(),
            over: ["cpu", "memory", "storage", "pods"].into_iter().filter(is_over).collect(),
            cpu: figure("cpu", &declared.cpu),
            memory: figure("memory", &declared.memory),
            storage: figure("storage", &declared.storage),
            pods,
        })
    }

    fn read_domain(&self, scope: &Scope, findings: &mut Findings) -> Sourced<String> {
        let own = || {
            let text = format!("{}.{}", self.name.value, self.known.platform.domain);
            Sourced::new(text, self.name.span, Layer::Standard)
        };
        let Some((given, layer)) = self.layers().find_map(|(form, layer)| Some((form.given("domain")?, layer))) else {
            return own();
        };
        let value = match &given.written {
            Written::Value(value) => Some(value.to_string()),
            Written::Scalar(scalar) => {
                let place = Place { name: "domain", span: given.span, asked: self.form.head };
                evaluate(scalar, &Kind::HostName, scope, &place, findings).map(|value| value.to_string())
            }
            Written::Raw(_) | Written::Faulty => None,
        };
        value.map_or_else(own, |value| Sourced::new(value, given.span, layer))
    }

    fn read_volumes(&self, uses: &Uses, findings: &mut Findings) -> Vec<Volume> {
        uses.volumes.values().filter_map(|(volume, layer)| read_volume(volume, *layer, self.known, findings)).collect()
    }
}
