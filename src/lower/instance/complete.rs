//! Completes the objects of a service: a workload gets what the baseline fills in wherever it says nothing itself.
//!
//! Which kinds are workloads, and what is filled in where, is in `workloads.kdl`; the templates for it see the workload
//! as a record.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::Value as Expr;

use super::Bench;
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::expression::{Scope, record};
use crate::kinds::Kind as ObjectKind;
use crate::lower::Object;
use crate::lower::emit::{kind_of, name_of};
use crate::lower::images::unpinned;
use crate::lower::limits::check_limits;
use crate::lower::resources::settle_resources;
use crate::lower::workloads::{FillIn, Workload};
use crate::model::Service;
use crate::object::{Map, Node};
use crate::template;

impl Bench<'_> {
    /// Fills in what a workload or an ingress leaves out.
    pub(super) fn complete(
        &self,
        object: &mut Object,
        service: &Service,
        images: &BTreeSet<String>,
        scope: &Scope,
        findings: &mut Findings,
    ) {
        let Some(workload) = self.library.workloads.of(&object.node) else {
            if let Some(facts) = self.library.workloads.ingress(&object.node) {
                let scope = scope.child().with("ingress", facts.record(&object.node));
                self.fill_in(object, &facts.fill_ins, &scope, findings);
            }
            template::drop_nulls(&mut object.node);
            return;
        };
        self.check_images(object, workload, images, findings);
        let scope = scope
            .child()
            .with("skips", skips_record(service, name_of(&object.node)))
            .with("workload", self.workload_record(&object.node, workload));
        if let Some(pod) = workload.own_pod().and_then(|pod| object.node.at_mut(pod)) {
            settle_resources(pod, &self.library.workloads);
        }
        check_limits(object, workload, self.library, findings);
        self.fill_in(object, &workload.fill_ins, &scope, findings);
        template::drop_nulls(&mut object.node);
    }

    /// Merges in what the baseline has for an object of this kind.
    fn fill_in(&self, object: &mut Object, fill_ins: &[FillIn], scope: &Scope, findings: &mut Findings) {
        let kind = {
            let (api, kind) = kind_of(&object.node);
            self.library.kinds.get(api, kind)
        };
        for fill in fill_ins {
            let Some(id) = self.library.fill_in(&fill.file) else {
                let text = format!("there is no fill-in `{}`", fill.file);
                findings.push(Diagnostic::new(&codes::UNRESOLVED, object.asked, text));
                continue;
            };
            let mut fillers = Vec::new();
            for document in &self.library.template(id).documents {
                if let Err(problems) = document.instantiate(scope, &mut fillers) {
                    findings
                        .extend(problems.into_iter().map(|problem| problem.also(object.asked, "filled in for this")));
                }
            }
            for filler in fillers {
                let filler = below(&fill.at, filler.node);
                template::fill(&mut object.node, &filler, kind.map(ObjectKind::root));
            }
        }
    }

    /// A workload as the templates see it that complete or accompany it.
    pub(super) fn workload_record(&self, node: &Node, workload: &Workload) -> Expr {
        let (api, kind) = kind_of(node);
        let parts = &self.library.workloads.pods;
        let pod = workload.pod.as_ref().and_then(|pod| node.at(pod));
        let containers = pod.and_then(|pod| pod.at(&parts.containers)?.as_list());
        let unpinned = pod.map(|pod| unpinned(pod, parts)).unwrap_or_default();
        let ports = containers
            .unwrap_or_default()
            .iter()
            .flat_map(|container| container.at(&parts.ports).and_then(Node::as_list).unwrap_or_default())
            .map(|port| {
                let part = |path: &str| port.at(path).map_or_else(|| Expr::from(()), expression_of);
                record([
                    ("name", part("name")),
                    ("port", part(&parts.port_number)),
                    ("protocol", part(&parts.port_protocol)),
                ])
            });
        let labels = workload.pod.as_ref().and_then(|pod| node.at(pod)?.at(&parts.labels)?.as_map());
        // By their own keys: those of a record are spelled as names of an expression.
        let labels: BTreeMap<String, Expr> = labels
            .map(|labels| labels.entries.iter().map(|(key, value)| (key.to_string(), expression_of(value))).collect())
            .unwrap_or_default();
        record([
            ("kind", Expr::from(kind)),
            ("api_version", Expr::from(api)),
            ("name", Expr::from(name_of(node))),
            ("labels", Expr::from(labels)),
            ("ports", ports.collect::<Expr>()),
            ("unpinned", unpinned.into_iter().map(Expr::from).collect::<Expr>()),
        ])
    }
}

/// The checks that a service has an object skip, and why.
fn skips_record(service: &Service, object: &str) -> Expr {
    let skips = service
        .skips
        .iter()
        .filter(|skip| skip.objects.is_empty() || skip.objects.iter().any(|only| only == object))
        .enumerate();
    let records = skips.map(|(index, skip)| {
        record([
            ("number", Expr::from(index + 1)),
            ("check", Expr::from(skip.check.as_str())),
            ("reason", Expr::from(skip.reason.as_str())),
        ])
    });
    records.collect()
}

/// A node put below a dotted path.
fn below(path: &str, node: Node) -> Node {
    path.rsplit('.').filter(|key| !key.is_empty()).fold(node, |inner, key| {
        let mut map = Map::new();
        map.set(key, inner);
        Node::Map(map)
    })
}

/// A part of an object as an expression sees it.
fn expression_of(node: &Node) -> Expr {
    match node {
        Node::Null => Expr::from(()),
        Node::Boolean(flag) => Expr::from(*flag),
        Node::Integer(number) => Expr::from(*number),
        Node::Float(number) => Expr::from(*number),
        Node::String(text) => Expr::from(text.as_str()),
        Node::List(list) => list.iter().map(expression_of).collect(),
        Node::Map(map) => record(map.entries.iter().map(|(key, value)| (key.as_str(), expression_of(value)))),
    }
}
