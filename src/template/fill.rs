//! The fill-in: a baseline gives what a workload leaves out and never overwrites what it says.
//!
//! Maps merge, and what is present wins. A list that is present stays, also an empty one; only lists whose items have a
//! name of their own are entered. An explicit `null` blocks the fill-in below it; [`drop_nulls`] removes it at the end. Of
//! fields that exclude each other, one that is present keeps all others out.

use crate::kinds::Place;
use crate::object::{Map, Node};

/// Adds to `target` what `filler` has and `target` leaves out. `place` is the target's in the schema of its kind; where
/// the schema says nothing, maps merge and all else stays as it is.
pub fn fill(target: &mut Node, filler: &Node, place: Option<Place<'_>>) {
    if let (Node::Map(target), Node::Map(filler)) = (target, filler) {
        fill_map(target, filler, place);
    }
}

fn fill_map(target: &mut Map, filler: &Map, place: Option<Place<'_>>) {
    // Judged before anything is added, so that the filler's own fields do not exclude each other.
    let choices = place.map_or(&[][..], Place::choices);
    let taken = choices.iter().filter(|choice| choice.fields.iter().any(|field| target.get(field).is_some()));
    let excluded: Vec<&str> =
        taken.flat_map(|choice| &*choice.fields).map(compact_str::CompactString::as_str).collect();
    for (key, from) in &filler.entries {
        let below = place.and_then(|place| place.field(key));
        match target.get_mut(key) {
            Some(Node::Map(map)) if !below.is_some_and(Place::is_whole) => {
                if let Node::Map(from) = from {
                    fill_map(map, from, below);
                }
            }
            Some(Node::List(items)) if !items.is_empty() => {
                if let (Node::List(from), Some(list_key)) = (from, list_key(below)) {
                    fill_list(items, from, list_key, below.and_then(Place::items));
                }
            }
            Some(_) => {}
            None if excluded.contains(&key.as_str()) => {}
            None => {
                if let Some(node) = graft(from, below) {
                    // Metadata is read first wherever it stands, so it is written first.
                    let at = if key == "metadata" { 0 } else { target.entries.len() };
                    target.entries.insert(at, (key.clone(), node));
                }
            }
        }
    }
}

/// The one field that tells the items of a list apart, where it is one.
fn list_key(place: Option<Place<'_>>) -> Option<&str> {
    match place?.list_key() {
        [key] => Some(&key.field),
        _ => None,
    }
}

/// A nameless item of the filler applies to each item; one with a name to the item of that name, else it is added.
fn fill_list(items: &mut Vec<Node>, filler: &[Node], list_key: &str, place: Option<Place<'_>>) {
    let mut added = Vec::new();
    for from in filler {
        let name = from.at(list_key);
        let mut met = name.is_none();
        for item in items.iter_mut().filter(|item| name.is_none() || item.at(list_key) == name) {
            fill(item, from, place);
            met = true;
        }
        if !met {
            added.extend(graft(from, place));
        }
    }
    items.extend(added);
}

/// The part of the filler that stands by itself, for a place where the target has nothing: without the nameless items,
/// which are only said about others.
fn graft(filler: &Node, place: Option<Place<'_>>) -> Option<Node> {
    match filler {
        Node::Null => None,
        Node::List(items) => {
            let key = list_key(place);
            let below = place.and_then(Place::items);
            let named = items.iter().filter(|item| key.is_none_or(|key| item.at(key).is_some()));
            let grafted: Vec<Node> = named.filter_map(|item| graft(item, below)).collect();
            (items.is_empty() || !grafted.is_empty()).then_some(Node::List(grafted))
        }
        Node::Map(map) => {
            let below = |key: &str| place.and_then(|place| place.field(key));
            let entries = map.entries.iter();
            let entries: Vec<_> =
                entries.filter_map(|(key, from)| Some((key.clone(), graft(from, below(key))?))).collect();
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
