//! The fill-in: a baseline gives what a workload leaves out and never overwrites what it says.
//!
//! Maps merge, and what is present wins. A list that is present stays, also an empty one; only lists whose items have a
//! name of their own are entered. An explicit `null` blocks the fill-in below it; [`drop_nulls`] removes it at the end. Of
//! fields that exclude each other, one that is present keeps all others out.

use crate::object::{Map, Node};

/// What has to be known about the kinds of objects that are filled.
#[derive(Debug, Clone, Copy)]
pub struct FillRules<'r> {
    /// Lists that are entered: the name of the field and the key by which its items are known.
    pub keyed_lists: &'r [(&'r str, &'r str)],
    /// Fields that are taken whole: one that is present is not entered.
    pub whole: &'r [&'r str],
    /// Groups of fields of which an object has one.
    pub either_or: &'r [&'r [&'r str]],
}

/// The rules for Kubernetes' own workloads.
pub const KUBERNETES: FillRules<'static> = FillRules {
    keyed_lists: &[
        ("containers", "name"),
        ("initContainers", "name"),
        ("volumes", "name"),
        ("volumeMounts", "mountPath"),
    ],
    whole: &["strategy", "updateStrategy", "selector", "labelSelector"],
    either_or: &[
        &["exec", "grpc", "httpGet", "tcpSocket"],
        &["minAvailable", "maxUnavailable"],
        &[
            "configMap",
            "csi",
            "downwardAPI",
            "emptyDir",
            "ephemeral",
            "hostPath",
            "image",
            "nfs",
            "persistentVolumeClaim",
            "projected",
            "secret",
        ],
        &["value", "valueFrom"],
    ],
};

/// Adds to `target` what `filler` has and `target` leaves out.
pub fn fill(target: &mut Node, filler: &Node, rules: &FillRules<'_>) {
    if let (Node::Map(target), Node::Map(filler)) = (target, filler) {
        fill_map(target, filler, rules);
    }
}

fn fill_map(target: &mut Map, filler: &Map, rules: &FillRules<'_>) {
    // Judged before anything is added, so that the filler's own fields do not exclude each other.
    let excluded: Vec<&str> = rules
        .either_or
        .iter()
        .filter(|group| group.iter().any(|field| target.get(field).is_some()))
        .flat_map(|group| group.iter().copied())
        .collect();
    for (key, from) in &filler.entries {
        let list_key = list_key(key, rules);
        match target.get_mut(key) {
            Some(Node::Map(below)) if !rules.whole.contains(&key.as_str()) => {
                if let Node::Map(from) = from {
                    fill_map(below, from, rules);
                }
            }
            Some(Node::List(items)) if list_key.is_some() && !items.is_empty() => {
                if let (Node::List(from), Some(list_key)) = (from, list_key) {
                    fill_list(items, from, list_key, rules);
                }
            }
            Some(_) => {}
            None if excluded.contains(&key.as_str()) => {}
            None => {
                if let Some(node) = graft(from, list_key, rules) {
                    // Metadata is read first wherever it stands, so it is written first.
                    let at = if key == "metadata" { 0 } else { target.entries.len() };
                    target.entries.insert(at, (key.clone(), node));
                }
            }
        }
    }
}

fn list_key<'r>(field: &str, rules: &FillRules<'r>) -> Option<&'r str> {
    rules.keyed_lists.iter().find(|(name, _)| *name == field).map(|(_, key)| *key)
}

/// A nameless item of the filler applies to each item; one with a name to the item of that name, else it is added.
fn fill_list(items: &mut Vec<Node>, filler: &[Node], list_key: &str, rules: &FillRules<'_>) {
    let mut added = Vec::new();
    for from in filler {
        let name = from.at(list_key);
        let mut met = name.is_none();
        for item in items.iter_mut().filter(|item| name.is_none() || item.at(list_key) == name) {
            fill(item, from, rules);
            met = true;
        }
        if !met {
            added.extend(graft(from, None, rules));
        }
    }
    items.extend(added);
}

/// The part of the filler that stands by itself, for a place where the target has nothing: without the nameless items,
/// which are only said about others.
fn graft(filler: &Node, list_key: Option<&str>, rules: &FillRules<'_>) -> Option<Node> {
    match filler {
        Node::Null => None,
        Node::List(items) => {
            let named = items.iter().filter(|item| list_key.is_none_or(|key| item.at(key).is_some()));
            let grafted: Vec<Node> = named.filter_map(|item| graft(item, None, rules)).collect();
            (items.is_empty() || !grafted.is_empty()).then_some(Node::List(grafted))
        }
        Node::Map(map) => {
            let entries = map.entries.iter();
            let entries: Vec<_> = entries
                .filter_map(|(key, from)| Some((key.clone(), graft(from, self::list_key(key, rules), rules)?)))
                .collect();
            (map.is_empty() || !entries.is_empty()).then_some(Node::Map(Map { entries }))
        }
        scalar => Some(scalar.clone()),
    }
}

/// Removes every explicit `null`.
pub fn drop_nulls(node: &mut Node) {
    match node {
        Node::Map(map) => {
            map.entries.retain(|(_, below)| *below != Node::Null);
            map.entries.iter_mut().for_each(|(_, below)| drop_nulls(below));
        }
        Node::List(items) => {
            items.retain(|item| *item != Node::Null);
            items.iter_mut().for_each(drop_nulls);
        }
        _ => {}
    }
}
