//! What every kind of object may hold, and the proof that an emitted object holds nothing else.
//!
//! [`Kinds`] is the registry: the kinds of Kubernetes and the custom resources of the standard library, read lazily from
//! `stdlib/kinds/`, and those that a workspace's `crds/` adds; the nearest wins. [`prove`] holds an object against its
//! [`Kind`]; [`Proofs`] remembers, by template and shape, what was proven, and then looks only at the values that
//! have rules of their own. A [`Place`] is the schema's side of a fill-in: which lists may be entered, what excludes what.

mod compact;
mod crd;
mod formats;
mod library;
mod problems;
mod proofs;
mod prove;
mod rules;
mod schema;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rustc_hash::FxHashMap;

pub use self::proofs::Proofs;
pub use self::prove::prove;
pub use self::schema::{Choice, ListKey, Place};

use self::library::{LIBRARY, Library, StandardKind};
use self::rules::{Leaf, Rule};
use self::schema::{Base, Object, Schema};
use crate::diagnostic::{Code, Diagnostic, codes, nearest};
use crate::object::{Node, Text};
use crate::source::FileId;

/// The pseudo-kind of Fleet's own file, which lies beside manifests and is none.
pub const FLEET_FILE: (&str, &str) = ("fleet.cattle.io/v1alpha1", "fleet.yaml");

/// The kinds that a workspace knows.
#[derive(Debug)]
pub struct Kinds {
    /// By kind, then by `apiVersion`: a message about one names the other.
    entries: FxHashMap<Text, BTreeMap<Text, Entry>>,
}

#[derive(Debug)]
enum Entry {
    Standard(&'static StandardKind),
    Own(Kind),
}

/// A kind of object.
#[derive(Debug)]
pub struct Kind {
    pub api_version: Text,
    pub kind: Text,
    /// Whether its objects lie in a namespace.
    pub namespaced: bool,
    root: Schema,
    /// Tells kinds apart that bear one name, as a workspace's own and the standard library's may.
    id: u64,
}

/// A step from an object into its parts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Key(Text),
    Index(usize),
}

/// What is wrong with an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The part at fault; of something missing the part that lacks it, so that the path always leads somewhere.
    pub path: Vec<Step>,
    pub code: &'static Code,
    pub message: String,
    pub help: Option<String>,
}

impl Kinds {
    /// The kinds of the standard library.
    pub fn standard() -> Self {
        let mut kinds = Kinds { entries: FxHashMap::default() };
        for kind in &LIBRARY.kinds {
            kinds.entries.entry(kind.kind.clone()).or_default().insert(kind.api_version.clone(), Entry::Standard(kind));
        }
        kinds
    }

    /// Adds the kinds of a cluster's own custom resource definitions, as `kubectl get crds -o yaml` gives them.
    pub fn add_crds(&mut self, file: FileId, text: &str) -> Vec<Diagnostic> {
        let (kinds, findings) = crd::read(file, text);
        self.add(kinds);
        findings
    }

    /// Adds kinds in the compact notation of `stdlib/kinds/`.
    pub fn add_compact(&mut self, file: FileId, text: &str) -> Vec<Diagnostic> {
        let (kinds, findings) = compact::read(file, text);
        self.add(kinds);
        findings
    }

    fn add(&mut self, kinds: Vec<Kind>) {
        for kind in kinds {
            self.entries.entry(kind.kind.clone()).or_default().insert(kind.api_version.clone(), Entry::Own(kind));
        }
    }

    pub fn get(&self, api_version: &str, kind: &str) -> Option<&Kind> {
        Some(match self.entries.get(kind)?.get(api_version)? {
            Entry::Standard(standard) => standard.get(),
            Entry::Own(kind) => kind,
        })
    }

    /// The kind that an object says it is of, or what is wrong with what it says.
    pub fn of(&self, object: &Node) -> Result<&Kind, Problem> {
        let Some(map) = object.as_map() else {
            let message = format!("an object is {}, expected a map", object.describe());
            return Err(Problem { path: Vec::new(), code: &codes::WRONG_FIELD, message, help: None });
        };
        let word = |key: &'static str| match map.get(key) {
            Some(Node::String(text)) => Ok(text.as_str()),
            None | Some(Node::Null) => {
                let message = format!("an object has no `{key}`");
                let help = Some("an object begins with `apiVersion: …` and `kind: …`".to_owned());
                Err(Problem { path: Vec::new(), code: &codes::MISSING, message, help })
            }
            Some(other) => {
                let message = format!("`{key}` is {}, expected a string", other.describe());
                Err(Problem { path: vec![Step::Key(key.into())], code: &codes::WRONG_FIELD, message, help: None })
            }
        };
        let (api_version, kind) = (word("apiVersion")?, word("kind")?);
        self.get(api_version, kind).ok_or_else(|| self.unknown(api_version, kind))
    }

    /// What to say of a kind that has no schema.
    pub fn unknown(&self, api_version: &str, kind: &str) -> Problem {
        let message = format!("there is no schema for the kind `{kind}` of `{api_version}`");
        let (key, help) = match self.entries.get(kind) {
            Some(versions) => {
                let near = nearest(api_version, versions.keys().map(Text::as_str));
                let version = near.or_else(|| versions.keys().next().map(Text::as_str)).unwrap_or_default();
                ("apiVersion", format!("`{kind}` is known in `{version}`"))
            }
            None => match nearest(kind, self.names().map(|(_, kind)| kind)) {
                Some(name) => ("kind", format!("did you mean `{name}`?")),
                None => ("kind", "put its CustomResourceDefinition into the workspace's `crds/`".to_owned()),
            },
        };
        Problem { path: vec![Step::Key(key.into())], code: &codes::UNKNOWN_KIND, message, help: Some(help) }
    }

    /// Every kind there is: `apiVersion` and kind, sorted by kind.
    pub fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs =
            self.entries.iter().flat_map(|(kind, versions)| versions.keys().map(move |version| (version, kind)));
        let mut names: Vec<_> = pairs.map(|(version, kind)| (version.as_str(), kind.as_str())).collect();
        names.sort_unstable_by_key(|(version, kind)| (*kind, *version));
        names.into_iter()
    }
}

impl Kind {
    /// A kind of object with its metadata; `object` holds the fields beside them.
    fn rooted(api_version: Text, kind: Text, namespaced: bool, name: Schema, mut object: Object) -> Self {
        let only = |word: &Text| {
            let rules = Box::new([Rule::Word(Box::new([word.clone()]))]);
            Schema::Leaf(Arc::new(Leaf { base: Base::String, rules }))
        };
        let metadata = Schema::Object(Arc::new(metadata(&kind, namespaced, name)));
        let status = Schema::Never(Arc::from("the cluster writes it"));
        let (choices, open) = (std::mem::take(&mut object.choices).into_vec(), object.open);
        let mut fields = object.into_fields();
        fields.push(("status".into(), status, false));
        fields.push(("apiVersion".into(), only(&api_version), true));
        fields.push(("kind".into(), only(&kind), true));
        fields.push(("metadata".into(), metadata, true));
        Kind::plain(api_version, kind, namespaced, Object::new(fields, choices, open))
    }

    /// A kind that is exactly these fields.
    fn plain(api_version: Text, kind: Text, namespaced: bool, object: Object) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        Kind { api_version, kind, namespaced, root: Schema::Object(Arc::new(object)), id }
    }

    /// The schema's root, to walk it beside an object.
    pub fn root(&self) -> Place<'_> {
        Place(&self.root)
    }

    /// The place at the end of a path.
    pub fn place(&self, path: &[Step]) -> Option<Place<'_>> {
        path.iter().try_fold(self.root(), |place, step| match step {
            Step::Key(key) => place.field(key),
            Step::Index(_) => place.items(),
        })
    }
}

/// The fields that tell the items of the list at a path apart; empty where it is no list or is replaced as a whole.
pub fn list_key<'k>(kind: &'k Kind, path: &[Step]) -> &'k [ListKey] {
    kind.place(path).map_or(&[], Place::list_key)
}

/// A path as people write it: `spec.containers[0].image`, `metadata.labels["app.kubernetes.io/name"]`.
pub fn display_path(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        let _ = match step {
            Step::Index(at) => write!(text, "[{at}]"),
            Step::Key(key) if key.contains(['.', '/', ' ', '[', '"']) || key.is_empty() => write!(text, "[{key:?}]"),
            Step::Key(key) if text.is_empty() => write!(text, "{key}"),
            Step::Key(key) => write!(text, ".{key}"),
        };
    }
    text
}

/// The metadata of a kind: as all have them, with its own grammar of names and its scope.
fn metadata(kind: &Text, namespaced: bool, name: Schema) -> Object {
    let common = Library::metadata();
    let mut fields: Vec<(Text, Schema, bool)> =
        common.fields.iter().map(|field| (field.name.clone(), field.schema.clone(), false)).collect();
    fields.push(("name".into(), name, true));
    let declared = common.field("namespace").map_or(Schema::Any, |field| field.schema.clone());
    let why = || Arc::from(format!("`{kind}` belongs to the whole cluster, to no namespace"));
    let namespace = if namespaced { declared } else { Schema::Never(why()) };
    fields.push(("namespace".into(), namespace, namespaced));
    Object::new(fields, Vec::new(), false)
}
