//! Limits below what is requested: the API server refuses such a pod, and the workload above it waits without a word.
//!
//! It is told at the limit in the template, also where expressions bring the amounts: that is where both stand together.
//! What a pod says for all of its containers is a limit to each of them, and they request no more together than it does.

use super::Object;
use super::footprint::{own, quantity, requested_together};
use super::library::Library;
use super::workloads::{Resources, Workload};
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
    let pod = workload.pod.as_ref().and_then(|at| Some((at, object.node.at(at)?)));
    if let Some((at, pod)) = pod {
        for list in [&parts.containers, &parts.init_containers] {
            let containers = pod.at(list).and_then(Node::as_list).unwrap_or_default();
            for (number, container) in containers.iter().enumerate() {
                let mut way: Vec<PathStep<'_>> = keys_of(at).chain(keys_of(list)).collect();
                way.push(PathStep::Index(number));
                compare(container, &way, &parts.requests, &parts.limits);
            }
        }
        let way: Vec<PathStep<'_>> = keys_of(at).collect();
        compare(pod, &way, &parts.own_requests, &parts.own_limits);
    }
    if let Some((at, resources)) = workload.resources.as_ref().and_then(|at| Some((at, object.node.at(at)?))) {
        let way: Vec<PathStep<'_>> = keys_of(at).collect();
        compare(resources, &way, "requests", "limits");
    }
    if let Some((at, pod)) = pod {
        check_shared(object, &keys_of(at).collect::<Vec<_>>(), pod, library, findings);
    }
}

/// Holds containers against what their pod says for all of them.
fn check_shared(object: &Object, at: &[PathStep<'_>], pod: &Node, library: &Library, findings: &mut Findings) {
    let parts = &library.workloads.pods;
    let (asked, bounds) = own(pod, &library.workloads);
    if asked.iter().chain(&bounds).all(Option::is_none) {
        return;
    }
    let place = |steps: &[PathStep<'_>], map: &str, name| {
        let steps = at.iter().chain(steps).copied().chain(keys_of(map)).chain([PathStep::Key(name)]);
        library.written_at(object, &steps.collect::<Vec<_>>())
    };
    let together = requested_together(pod, &library.workloads);
    for (at, name) in Resources::NAMES.into_iter().enumerate() {
        // Where the pod requests nothing itself, it requests what they do, and may not pass its limit.
        let own = asked[at].map(|asked| (asked, &parts.own_requests));
        let (given, map) = match own.or(bounds[at].map(|bound| (bound, &parts.own_limits))) {
            Some(given) if given.0 < together[at] => given,
            _ => continue,
        };
        let sum = together[at];
        let text = format!("the pod has {given} of `{name}` for its containers, and they request {sum} together");
        findings.push(
            Diagnostic::new(&codes::LIMIT_BELOW_REQUEST, place(&[], map, name), text)
                .here("less than they request")
                .also(object.asked, "in what this becomes")
                .help(format!("raise it to {sum} at least, or let the containers request less")),
        );
    }
    let containers = pod.at(&parts.containers).and_then(Node::as_list).unwrap_or_default();
    for (number, container) in containers.iter().enumerate() {
        for (name, bound) in Resources::NAMES.into_iter().zip(bounds) {
            let limit = container.at(&parts.limits).and_then(|limits| limits.at(name));
            let limit = limit.filter(|limit| **limit != Node::Null).map(|limit| quantity(Some(limit)));
            let (Some(limit), Some(bound)) = (limit, bound) else { continue };
            if limit > bound {
                let steps: Vec<PathStep<'_>> = keys_of(&parts.containers).chain([PathStep::Index(number)]).collect();
                let text = format!("the limit of `{name}` is {limit}, and that of the whole pod {bound}");
                findings.push(
                    Diagnostic::new(&codes::LIMIT_BELOW_REQUEST, place(&steps, &parts.limits, name), text)
                        .here("more than the pod may take")
                        .also(place(&[], &parts.own_limits, name), "the limit of the pod")
                        .also(object.asked, "in what this becomes")
                        .help("raise the limit of the pod, or lower this one"),
                );
            }
        }
    }
}
