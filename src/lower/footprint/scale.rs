//! How many pods of a workload there are at once: what it says, what scales it, what a rollout adds, how its runs overlap.

use super::Extent;
use crate::lower::Object;
use crate::lower::emit::{kind_of, name_of};
use crate::lower::workloads::{Autoscaler, Surge, Workload, Workloads};
use crate::model::Nodes;
use crate::object::Node;

/// What the numbers of pods of a namespace depend on: what scales its workloads, and the nodes they may stand on.
#[derive(Debug)]
pub(in crate::lower) struct Scales<'o> {
    pub(super) list: Vec<(&'o Object, &'o Autoscaler)>,
    pub(super) nodes: Option<&'o Nodes>,
}

impl<'o> Scales<'o> {
    pub(in crate::lower) fn read(
        objects: impl Iterator<Item = &'o Object>,
        nodes: Option<&'o Nodes>,
        facts: &'o Workloads,
    ) -> Self {
        let list = objects.filter_map(|object| Some((object, facts.autoscaler(&object.node)?)));
        Scales { list: list.collect(), nodes }
    }

    /// What scales an object: its target has to be of the object's kind and name, in whatever version of its group.
    pub(in crate::lower) fn of(&self, object: &Node) -> Option<(&'o Object, &'o Autoscaler)> {
        let (api, kind) = kind_of(object);
        self.list.iter().copied().find(|(by, scaler)| {
            let text = |path: &str| by.node.at(path).and_then(Node::as_str);
            text(&scaler.target) == Some(name_of(object))
                && text(&scaler.target_kind).or(scaler.default_kind.as_deref()) == Some(kind)
                && text(&scaler.target_api).is_none_or(|target| group(target) == group(api))
        })
    }

    /// How many of its pods can exist at once, or run at the least.
    pub(super) fn pods(&self, object: &Node, workload: &Workload, extent: Extent) -> i64 {
        match extent {
            Extent::Most => self.running_pods(object, workload).saturating_add(self.surge(object, workload)),
            Extent::Least if is_suspended(object, workload) => 0,
            Extent::Least => self.replicas(object, workload, extent),
        }
    }

    /// How many of its pods run at once at most, when nothing is rolled out.
    pub(in crate::lower) fn running_pods(&self, object: &Node, workload: &Workload) -> i64 {
        let runs = workload.runs.as_ref().map_or(1, |runs| {
            let said = object.at(&runs.at);
            let word = said.and_then(Node::as_str);
            let listed = runs.when.iter().find(|(known, _)| Some(known.as_str()) == word).map(|(_, count)| *count);
            listed.or(said.and_then(Node::as_integer)).unwrap_or(runs.default)
        });
        self.lasting_pods(object, workload).saturating_mul(runs)
    }

    /// How many pods a rollout adds.
    pub(in crate::lower) fn surge(&self, object: &Node, workload: &Workload) -> i64 {
        let replicas = self.lasting_pods(object, workload);
        workload.surge.as_ref().map_or(0, |surge| surge_of(object, surge, replicas))
    }

    /// How many of its pods have a volume of their own that stays, at most.
    pub(super) fn lasting_pods(&self, object: &Node, workload: &Workload) -> i64 {
        self.replicas(object, workload, Extent::Most)
    }

    fn replicas(&self, object: &Node, workload: &Workload, extent: Extent) -> i64 {
        if workload.each_node {
            // Which nodes there are is said by the cluster; where it does not, that is a finding.
            return self.nodes.map_or(1, |nodes| match extent {
                Extent::Most => nodes.count,
                Extent::Least => nodes.count - nodes.spare,
            });
        }
        let number = |path: &Option<String>| path.as_ref().and_then(|path| object.at(path)?.as_integer());
        let declared = number(&workload.replicas);
        let scaled = self.of(object).and_then(|(by, scaler)| {
            let at = |path: &str| by.node.at(path).and_then(Node::as_integer);
            match extent {
                // What stands in the object is what there is until the autoscaler has seen it.
                Extent::Most => at(&scaler.maximum).or(scaler.most).max(declared),
                Extent::Least => Some(at(&scaler.minimum).unwrap_or(scaler.least)),
            }
        });
        let bound = number(&workload.at_most).unwrap_or(i64::MAX);
        scaled.or(declared).unwrap_or(1).min(bound)
    }
}

/// Whether nothing of it is started until somebody asks.
pub(in crate::lower) fn is_suspended(object: &Node, workload: &Workload) -> bool {
    workload.suspended.as_ref().and_then(|path| object.at(path)) == Some(&Node::Boolean(true))
}

/// What a rollout adds to so many pods; a part of a pod is one more.
fn surge_of(object: &Node, surge: &Surge, replicas: i64) -> i64 {
    let strategy = surge.strategy.as_ref().and_then(|path| object.at(path)?.as_str());
    if strategy.is_some() && strategy == surge.none.as_deref() {
        return 0;
    }
    match surge.at.as_ref().and_then(|path| object.at(path)) {
        Some(Node::Integer(number)) => *number,
        Some(Node::String(text)) => share_of(text, replicas),
        _ => share_of(&surge.default, replicas),
    }
}

/// `25%` of a number, rounded up, or the number that is written.
fn share_of(text: &str, replicas: i64) -> i64 {
    let Some(percent) = text.strip_suffix('%') else { return text.parse().unwrap_or(0) };
    let percent: i64 = percent.parse().unwrap_or(0);
    let hundredths = replicas.saturating_mul(percent);
    hundredths.div_euclid(100) + i64::from(hundredths.rem_euclid(100) > 0)
}

/// The group of an apiVersion.
fn group(api: &str) -> &str {
    api.split_once('/').map_or("", |(group, _)| group)
}
