//! What no sum shows: pods whose number nobody says, what a runtime adds to each, things that no quota names, and an
//! autoscaler whose numbers contradict each other.
//!
//! A sum that leaves something out looks like one that is complete, so each of these is a finding where it is written.

use super::{Census, Source};
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::lower::Object;
use crate::lower::emit::{kind_of, name_of};
use crate::lower::library::Library;
use crate::lower::workloads::{Autoscaler, Resources};
use crate::object::Node;
use crate::source::Span;
use crate::template::{PathStep, keys_of};

impl Census<'_> {
    /// Tells what it cannot count.
    pub(in crate::lower) fn check(&self, library: &Library, findings: &mut Findings) {
        for (object, scaler) in &self.scales.list {
            findings.extend(upside_down(object, scaler, library));
        }
        for entry in &self.entries {
            let Source::Object(object) = entry.source else { continue };
            let Some(workload) = self.facts.of(&object.node) else { continue };
            if workload.each_node && self.scales.nodes.is_none() {
                findings.push(on_unknown_nodes(object));
            }
            let Some((at, pod)) = workload.pod.as_ref().and_then(|at| Some((at, object.node.at(at)?))) else {
                continue;
            };
            let place = |path: Vec<PathStep<'_>>| {
                let path: Vec<PathStep<'_>> = keys_of(at).chain(path).collect();
                library.written_at(object, &path)
            };
            self.check_runtime(object, pod, place, findings);
            self.check_names(object, pod, place, findings);
        }
    }

    fn check_runtime(
        &self,
        object: &Object,
        pod: &Node,
        place: impl Fn(Vec<PathStep<'_>>) -> Span,
        findings: &mut Findings,
    ) {
        let parts = &self.facts.pods;
        let Some(runtime) = pod.at(&parts.runtime).and_then(Node::as_str) else { return };
        if pod.at(&parts.overhead).is_none() {
            let text = format!("what the runtime `{runtime}` takes beside the containers of each pod is not known");
            findings.push(
                Diagnostic::new(&codes::UNCOUNTED, place(keys_of(&parts.runtime).collect()), text)
                    .here("adds the overhead of its RuntimeClass")
                    .also(object.asked, "in what this becomes")
                    .help("write that overhead beside it, as `overhead`; `{}` where the RuntimeClass has none"),
            );
        }
    }

    /// Holds what containers, and the pod for all of them, ask for against what quotas name.
    fn check_names(
        &self,
        object: &Object,
        pod: &Node,
        place: impl Fn(Vec<PathStep<'_>>) -> Span,
        findings: &mut Findings,
    ) {
        let parts = &self.facts.pods;
        let mut check = |holder: &Node, way: &[PathStep<'_>], maps: [&str; 2]| {
            let mut told: Vec<&str> = Vec::new();
            for map in maps {
                let asked = holder.at(map).and_then(Node::as_map);
                for (name, _) in asked.iter().flat_map(|asked| &asked.entries) {
                    if Resources::NAMES.contains(&name.as_str()) || told.contains(&name.as_str()) {
                        continue;
                    }
                    told.push(name);
                    let path = way.iter().copied().chain(keys_of(map)).chain([PathStep::Key(name)]);
                    let text = format!("`{name}` is in no quota and in no sum");
                    findings.push(
                        Diagnostic::new(&codes::UNCOUNTED, place(path.collect()), text)
                            .here("not counted")
                            .also(object.asked, "in what this becomes")
                            .help("see that the nodes have enough of it, and waive this with the reason"),
                    );
                }
            }
        };
        check(pod, &[], [&parts.own_requests, &parts.own_limits]);
        for path in [&parts.containers, &parts.init_containers] {
            let containers = pod.at(path).and_then(Node::as_list).unwrap_or_default();
            for (number, container) in containers.iter().enumerate() {
                let way: Vec<PathStep<'_>> = keys_of(path).chain([PathStep::Index(number)]).collect();
                check(container, &way, [&parts.requests, &parts.limits]);
            }
        }
    }
}

fn on_unknown_nodes(object: &Object) -> Diagnostic {
    let ((_, kind), name) = (kind_of(&object.node), name_of(&object.node));
    let text = format!("how many pods the {kind} `{name}` has cannot be counted: its cluster names no nodes");
    Diagnostic::new(&codes::UNCOUNTED, object.asked, text)
        .here("becomes a pod on each node, and is counted as one")
        .help("say `nodes` in the cluster")
}

/// An autoscaler that keeps more pods than it may have.
fn upside_down(object: &Object, scaler: &Autoscaler, library: &Library) -> Option<Diagnostic> {
    let number = |path: &str| object.node.at(path).and_then(Node::as_integer);
    let (least, most) = (number(&scaler.minimum)?, number(&scaler.maximum).or(scaler.most)?);
    if least <= most {
        return None;
    }
    let place = |path: &str| library.written_at(object, &keys_of(path).collect::<Vec<_>>());
    let text = format!("`{}` is {least}, and `{}` is {most}", scaler.minimum, scaler.maximum);
    Some(
        Diagnostic::new(&codes::WRONG_FIELD, place(&scaler.minimum), text)
            .here("more than the largest number")
            .also(place(&scaler.maximum), "the largest")
            .also(object.asked, "in what this becomes")
            .help("raise the largest number of pods, or lower the least"),
    )
}
