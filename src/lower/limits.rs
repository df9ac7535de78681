//! Limits below what is requested: the API server refuses such a pod, and the workload above it waits without a word.
//!
//! It is told at the limit in the template, also where expressions bring the amounts: that is where both stand together.

use super::Object;
use super::footprint::quantity;
use super::library::Library;
use super::workloads::Workload;
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::object::Node;
use crate::template::{PathStep, keys_of};

/// Compares what the containers of an object, or the pods that its operator makes, request with their limits.
pub(super) fn check_limits(object: &Object, workload: &Workload, library: &Library, findings: &mut Findings) {
    let parts = &library.workloads.pods;
    let mut compare = |holder: &Node, way: &[PathStep<'_>], requests: &str, limits: &str| {
        let asked = holder.at(requests).and_then(Node::as_map);
        for (name, request) in asked.iter().flat_map(|map| &map.entries) {
            let Some(limit) = holder.at(limits).and_then(Node::as_map).and_then(|map| map.get(name)) else { continue };
            if *limit == Node::Null || quantity(Some(request)) <= quantity(Some(limit)) {
                continue;
            }
            let mut path = way.to_vec();
            path.extend(keys_of(limits));
            path.push(PathStep::Key(name));
            let (request, limit) = (quantity(Some(request)), quantity(Some(limit)));
            findings.push(
                Diagnostic::new(
                    &codes::LIMIT_BELOW_REQUEST,
                    library.written_at(object, &path),
                    format!("the limit of `{name}` is {limit}, and {request} are requested"),
                )
                .here("less than the request")
                .also(object.asked, "in what this becomes")
                .help("raise the limit to the request at least, or request less"),
            );
        }
    };
    if let Some((at, pod)) = workload.pod.as_ref().and_then(|at| Some((at, object.node.at(at)?))) {
        for list in [&parts.containers, &parts.init_containers] {
            let containers = pod.at(list).and_then(Node::as_list).unwrap_or_default();
            for (number, container) in containers.iter().enumerate() {
                let mut way: Vec<PathStep<'_>> = keys_of(at).chain(keys_of(list)).collect();
                way.push(PathStep::Index(number));
                compare(container, &way, &parts.requests, &parts.limits);
            }
        }
    }
    if let Some((at, resources)) = workload.resources.as_ref().and_then(|at| Some((at, object.node.at(at)?))) {
        let way: Vec<PathStep<'_>> = keys_of(at).collect();
        compare(resources, &way, "requests", "limits");
    }
}
