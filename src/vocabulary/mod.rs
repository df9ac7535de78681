//! The language, declared once as data: every node, what stands in it, of which kind, and one line on each.
//!
//! [`WORKSPACE`] lists what may stand at the top of a spec file, [`SERVICE_FILE`] what may stand in a `service.kdl`.
//! The shape checks and did-you-mean of `resolve` read these tables; nothing else spells the name of a node, except
//! the readers that turn a checked form into the model.

mod cluster;
mod images;
mod library;
mod platform;
mod tenant;
mod workloads;

use crate::value::Kind;

pub use self::library::SERVICE_FILE;
pub use self::tenant::{TENANT_DECLARATIONS, TENANT_USES};
pub use self::workloads::WORKLOADS_FILE;

/// A node of the language.
#[derive(Debug)]
pub struct NodeSpec {
    pub name: &'static str,
    pub doc: &'static str,
    /// The values behind the name, in order.
    pub arguments: &'static [Setting],
    /// `x=v` or a child `x v`: the same.
    pub settings: &'static [Setting],
    /// Nodes that stand inside.
    pub children: &'static [Child],
    /// What else may stand inside under a name of the user's own: labels, roles, parameters.
    pub open: Open,
}

/// One named value.
#[derive(Debug)]
pub struct Setting {
    pub name: &'static str,
    pub kind: Kind,
    pub arity: Arity,
    pub reading: Reading,
    pub doc: &'static str,
}

/// How the text of a value is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// As its kind; `{{ }}` is an error.
    Plain,
    /// As its kind, or with `{{ }}` in it and evaluated later.
    Evaluated,
    /// Kept as it is: a declaration beside it says of which kind it is.
    Raw,
}

/// How often a value is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arity {
    Required,
    Optional,
    /// One or more values behind one name.
    Many,
    /// Any number of values behind one name, also none.
    Any,
}

/// A node that may stand inside another.
#[derive(Debug)]
pub struct Child {
    pub node: &'static NodeSpec,
    /// Whether it may stand there more than once.
    pub repeated: bool,
    pub required: bool,
}

/// Names of the user's own inside a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// There are none.
    No,
    /// `name value`, each value a text: labels.
    Texts,
    /// `name value value…`: roles and their groups.
    Lists,
    /// Names that a declaration elsewhere explains: the parameters of a service, read as they are written.
    Declared,
}

impl NodeSpec {
    /// A node of this name and doc, with nothing in it yet; the tables fill in the rest.
    pub(crate) const fn new(name: &'static str, doc: &'static str) -> Self {
        NodeSpec { name, doc, arguments: &[], settings: &[], children: &[], open: Open::No }
    }

    pub fn setting(&self, name: &str) -> Option<&'static Setting> {
        self.settings.iter().find(|setting| setting.name == name)
    }

    pub fn child(&self, name: &str) -> Option<&'static Child> {
        self.children.iter().find(|child| child.node.name == name)
    }

    /// Every name that may stand inside, for did-you-mean.
    pub fn names_inside(&self) -> impl Iterator<Item = &'static str> + Clone {
        let settings = self.settings.iter().map(|setting| setting.name);
        settings.chain(self.children.iter().map(|child| child.node.name))
    }
}

/// A setting with all that is said of it; the functions below are its usual forms.
pub(crate) const fn setting(
    name: &'static str,
    kind: Kind,
    doc: &'static str,
    arity: Arity,
    reading: Reading,
) -> Setting {
    Setting { name, kind, arity, reading, doc }
}

pub(crate) const fn required(name: &'static str, kind: Kind, doc: &'static str) -> Setting {
    Setting { name, kind, arity: Arity::Required, reading: Reading::Plain, doc }
}

pub(crate) const fn optional(name: &'static str, kind: Kind, doc: &'static str) -> Setting {
    Setting { name, kind, arity: Arity::Optional, reading: Reading::Plain, doc }
}

pub(crate) const fn many(name: &'static str, kind: Kind, doc: &'static str) -> Setting {
    Setting { name, kind, arity: Arity::Many, reading: Reading::Plain, doc }
}

/// As [`optional`], and `{{ }}` may stand in it.
pub(crate) const fn evaluated(name: &'static str, kind: Kind, doc: &'static str) -> Setting {
    Setting { name, kind, arity: Arity::Optional, reading: Reading::Evaluated, doc }
}

pub(crate) const fn once(node: &'static NodeSpec) -> Child {
    Child { node, repeated: false, required: false }
}

pub(crate) const fn repeated(node: &'static NodeSpec) -> Child {
    Child { node, repeated: true, required: false }
}

/// What may stand at the top of a spec file.
pub static WORKSPACE: NodeSpec = NodeSpec {
    children: &[
        once(&platform::PLATFORM),
        once(&platform::DIRECTORY),
        repeated(&platform::ROLE),
        repeated(&platform::QUOTA),
        repeated(&images::IMAGES),
        repeated(&platform::LINT),
        repeated(&platform::WAIVER),
        repeated(&cluster::CLUSTER),
        repeated(&cluster::STORAGE_CLASS),
        repeated(&cluster::BACKUP_TARGET),
        repeated(&tenant::DEFAULTS),
        repeated(&tenant::MUNICIPALITY),
        repeated(&tenant::CUSTOMER),
        repeated(&tenant::DEV_CLUSTER),
    ],
    ..NodeSpec::new("workspace", "a workspace: every `*.kdl` below the folder of `stadtplan.kdl`")
};

/// The names of the nodes in which a node of this name may stand, each once.
pub fn places_of(name: &str) -> Vec<&'static str> {
    let mut places = Vec::new();
    for root in [&WORKSPACE, &SERVICE_FILE] {
        collect_places(root, name, &mut places);
    }
    places
}

fn collect_places(node: &'static NodeSpec, name: &str, places: &mut Vec<&'static str>) {
    if node.child(name).is_some() && !places.contains(&node.name) {
        places.push(node.name);
    }
    for child in node.children {
        collect_places(child.node, name, places);
    }
}

/// A number of things.
pub(crate) const COUNT: Kind = Kind::COUNT;

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(node: &'static NodeSpec, check: &mut dyn FnMut(&'static NodeSpec)) {
        check(node);
        for child in node.children {
            visit(child.node, check);
        }
    }

    #[test]
    fn every_name_is_explained_and_means_one_thing_where_it_stands() {
        for root in [&WORKSPACE, &SERVICE_FILE, &WORKLOADS_FILE] {
            visit(root, &mut |node| {
                assert!(!node.doc.is_empty(), "{} has no doc", node.name);
                assert!(node.settings.iter().all(|setting| !setting.doc.is_empty()), "{}", node.name);
                let mut names: Vec<_> = node.names_inside().collect();
                names.sort_unstable();
                let all = names.len();
                names.dedup();
                assert_eq!(names.len(), all, "{} declares a name twice", node.name);
            });
        }
    }
}
