//! Who mounts the volumes that one pod at a time can write, and how many pods that are.

use std::collections::BTreeMap;

use super::Object;
use super::emit::{kind_of, name_of};
use super::footprint::{Scales, is_suspended};
use super::library::Library;
use super::workloads::{Workload, Workloads};
use crate::model::Nodes;
use crate::object::Node;
use crate::source::Span;
use crate::template::{PathStep, keys_of};

/// A volume for one pod, and the workloads that mount it.
#[derive(Debug)]
pub struct SingleWriter {
    pub claim: String,
    pub users: Vec<VolumeUser>,
}

/// A workload that mounts a volume for one pod.
#[derive(Debug)]
pub struct VolumeUser {
    /// Its kind and name: `Deployment web`.
    pub name: String,
    /// How many of its pods there are at once, at most; none where somebody has to start them.
    pub pods: i64,
    /// Whether its pods end by themselves.
    pub ends: bool,
    /// Where that number is written; the workload itself where it writes none.
    pub counted: Span,
    /// How the rollout would have to be, where a new pod is started beside the old one: `spec.strategy.type: Recreate`.
    pub rolls_over: Option<String>,
    /// Where it mounts the volume.
    pub mounted: Span,
    pub asked: Span,
}

/// The volumes for one pod that something in a namespace mounts.
pub(super) fn single_writers<'o>(
    objects: impl Iterator<Item = &'o Object> + Clone,
    nodes: Option<&'o Nodes>,
    library: &'o Library,
) -> Vec<SingleWriter> {
    let facts = &library.workloads;
    let is_single = |object: &Object| facts.is_claim(&object.node) && !facts.claim.takes_many(&object.node);
    let claims = objects.clone().filter(|object| is_single(object)).map(|object| (name_of(&object.node), Vec::new()));
    let mut users: BTreeMap<&str, Vec<VolumeUser>> = claims.collect();
    if users.is_empty() {
        return Vec::new();
    }
    let scales = Scales::read(objects.clone(), nodes, facts);
    for object in objects {
        let Some(workload) = facts.of(&object.node) else { continue };
        for (at, claim) in mounted(&object.node, workload, facts) {
            if let Some(users) = users.get_mut(claim) {
                users.push(user(object, workload, at, &scales, library));
            }
        }
    }
    let mounted = users.into_iter().filter(|(_, users)| !users.is_empty());
    mounted.map(|(claim, users)| SingleWriter { claim: claim.to_owned(), users }).collect()
}

/// The claims that the pods of a workload mount, with the places of their volumes in the list.
fn mounted<'n>(object: &'n Node, workload: &Workload, facts: &'n Workloads) -> impl Iterator<Item = (usize, &'n str)> {
    let volumes = workload.pod.as_ref().and_then(|pod| object.at(pod)?.at(&facts.pods.volumes)?.as_list());
    let volumes = volumes.unwrap_or_default().iter().enumerate();
    volumes.filter_map(|(at, volume)| Some((at, volume.at(&facts.pods.claim_name)?.as_str()?)))
}

fn user(object: &Object, workload: &Workload, volume: usize, scales: &Scales<'_>, library: &Library) -> VolumeUser {
    let facts = &library.workloads;
    let node = &object.node;
    let (_, kind) = kind_of(node);
    let counted = match (scales.of(node), &workload.replicas) {
        (Some((by, scaler)), _) => written(by, &scaler.maximum, None, library),
        (None, Some(path)) if node.at(path).is_some() => written(object, path, None, library),
        _ => written(object, "", None, library),
    };
    let pods = if is_suspended(node, workload) { 0 } else { scales.running_pods(node, workload) };
    let surge = workload.surge.as_ref().filter(|_| scales.surge(node, workload) > 0);
    let rolls_over = surge.and_then(|surge| Some(format!("{}: {}", surge.strategy.as_ref()?, surge.none.as_ref()?)));
    let pod = workload.pod.as_deref().unwrap_or_default();
    let volumes = format!("{pod}.{}", facts.pods.volumes);
    VolumeUser {
        name: format!("{kind} {}", name_of(node)),
        pods,
        ends: workload.ends,
        counted,
        rolls_over,
        mounted: written(object, &volumes, Some(volume), library),
        asked: object.asked,
    }
}

/// Where the value at a dotted path, or an item of it, was written.
fn written(object: &Object, path: &str, index: Option<usize>, library: &Library) -> Span {
    library.written_at(object, &keys_of(path).chain(index.map(PathStep::Index)).collect::<Vec<_>>())
}
