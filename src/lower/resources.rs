//! What a container asks for, made consistent before the baseline fills in the rest.
//!
//! A limit without a request is a request of the same size: the API server says so too, but only after the baseline would
//! have given the container a request of its own. And a request above the usual limit raises the limit, or the API
//! server would refuse the pod. Nor may the usual limit pass what the pod says for all of its containers.

use std::collections::BTreeMap;

use minijinja::Value as Expr;

use super::footprint::{own, quantity};
use super::workloads::{ContainerDefaults, PodParts, Resources, Workloads};
use crate::expression::record;
use crate::object::{Map, Node, keys};
use crate::value::Quantity;

/// Settles the containers of a pod template.
pub(super) fn settle_resources(pod: &mut Node, facts: &Workloads) {
    let (_, shared) = own(pod, facts);
    for path in [&facts.pods.containers, &facts.pods.init_containers] {
        if let Some(Node::List(containers)) = pod.at_mut(path) {
            for container in containers {
                settle_container(container, shared, &facts.pods, &facts.defaults);
            }
        }
    }
}

fn settle_container(
    container: &mut Node,
    shared: [Option<Quantity>; 3],
    parts: &PodParts,
    defaults: &ContainerDefaults,
) {
    for (at, name) in Resources::NAMES.into_iter().enumerate() {
        let usual = defaults.limits.list()[at];
        let written = |path: &str| container.at(path).and_then(|map| map.at(name)).cloned();
        match (written(&parts.requests), written(&parts.limits)) {
            (None, Some(limit)) if limit != Node::Null => put(container, &parts.requests, name, limit),
            (Some(request), None) if !usual.is_zero() && quantity(Some(&request)) > usual => {
                put(container, &parts.limits, name, request);
            }
            (request, None) => {
                // What the whole pod may take is written, or the usual limit would be more.
                let Some(shared) = shared[at].filter(|shared| *shared < usual) else { continue };
                let text = |amount: Quantity| Node::String(amount.to_string().into());
                put(container, &parts.limits, name, text(shared));
                if request.is_none() {
                    put(container, &parts.requests, name, text(defaults.requests.list()[at].min(shared)));
                }
            }
            _ => {}
        }
    }
}

/// Sets a key in the map at a path, which is made where it is not there.
fn put(node: &mut Node, path: &str, key: &str, value: Node) {
    let inner = keys(path).try_fold(node, |node, step| {
        let map = node.as_map_mut()?;
        if map.get(step).is_none() {
            map.set(step, Node::Map(Map::new()));
        }
        map.get_mut(step)
    });
    if let Some(map) = inner.and_then(Node::as_map_mut) {
        map.set(key, value);
    }
}

/// What a container gets that says nothing, as templates write it.
pub(super) fn defaults_record(defaults: &ContainerDefaults) -> Expr {
    let map = |resources: &Resources| {
        let given = resources.named().filter(|(_, amount)| !amount.is_zero());
        // Not a record, whose names are spelled as expressions can write them.
        Expr::from(given.map(|(name, amount)| (name, amount.to_string())).collect::<BTreeMap<_, _>>())
    };
    record([("requests", map(&defaults.requests)), ("limits", map(&defaults.limits))])
}
