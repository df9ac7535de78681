//! The Secrets of a service: the places of their values in the vault, and the objects that bring them into the namespace.
//!
//! What people fill in lies at `<tenant>/<instance>/<secret>`, one property for each key. What is made up lies one step
//! deeper, a place for each key: the operator refuses to write beside values that people put there, and people who
//! replace the whole entry would erase what was made up. So the two never share a place, no two writers do, and a rule of
//! the vault can tell by the depth alone what the cluster may create.

use std::collections::BTreeMap;

use minijinja::Value as Expr;

use crate::expression::record;
use crate::model::{Instance, Secret, Service};

/// A value that people have to put into the vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvidedValue {
    /// Below the mount.
    pub path: String,
    pub key: String,
    pub service: String,
    pub namespace: String,
    pub doc: String,
}

/// What people have to fill in of a Secret.
pub(super) fn provided_values<'s>(
    secret: &'s Secret,
    path: &'s str,
    service: &'s Service,
    instance: &'s Instance,
) -> impl Iterator<Item = ProvidedValue> + 's {
    provided_keys(secret, instance).map(|(key, doc)| ProvidedValue {
        path: path.to_owned(),
        key: key.to_owned(),
        service: service.name.clone(),
        namespace: instance.namespace.clone(),
        doc: doc.to_owned(),
    })
}

/// The keys that people fill in, with what they are: those of the service, and those that its user adds.
fn provided_keys<'s>(secret: &'s Secret, instance: &'s Instance) -> impl Iterator<Item = (&'s str, &'s str)> {
    let given = secret.provided_by.as_ref().and_then(|name| instance.parameters.get(name));
    let texts = given.and_then(|given| given.value.as_texts()).into_iter().flatten();
    let added = texts.map(|(name, (doc, _))| (name.as_str(), doc.as_str()));
    let declared = secret.provided.iter().map(|key| (key.name.as_str(), key.doc.as_str()));
    let is_new = |name: &str| {
        !secret.provided.iter().any(|key| key.name == name) && !secret.generated.iter().any(|key| key.name == name)
    };
    declared.chain(added.filter(move |(name, _)| is_new(name)))
}

/// The place of a Secret in the vault, below the mount.
pub(super) fn path_of(tenant: &str, instance: &str, secret: &str) -> String {
    format!("{tenant}/{instance}/{secret}")
}

/// A Secret as templates see it.
pub(super) fn secret_record(secret: &Secret, path: &str, instance: &Instance, is_kept: bool) -> Expr {
    let text = Expr::from;
    let made = |name: &str| format!("{path}/{name}");
    let generated = secret.generated.iter().map(|key| {
        record([
            ("key", text(key.name.as_str())),
            ("length", Expr::from(key.length)),
            ("path", Expr::from(made(&key.name))),
        ])
    });
    let provided = provided_keys(secret, instance)
        .map(|(key, doc)| record([("key", text(key)), ("doc", text(doc)), ("path", text(path))]));
    // One generator makes values of one length.
    let mut lengths: BTreeMap<i64, Vec<&str>> = BTreeMap::new();
    for key in &secret.generated {
        lengths.entry(key.length).or_default().push(&key.name);
    }
    let generators = lengths.into_iter().map(|(length, keys)| {
        let items = keys.iter().map(|key| record([("key", text(key)), ("path", Expr::from(made(key)))]));
        record([
            ("name", Expr::from(format!("{}-{length}", secret.name))),
            ("length", Expr::from(length)),
            ("keys", keys.iter().map(|key| text(key)).collect()),
            ("items", items.collect::<Expr>()),
        ])
    });
    record([
        ("name", text(secret.name.as_str())),
        ("path", text(path)),
        ("generated", generated.collect::<Expr>()),
        ("provided", provided.collect::<Expr>()),
        ("generators", generators.collect::<Expr>()),
        // Whether it belongs to what stays when the service is taken away.
        ("kept", Expr::from(is_kept)),
    ])
}
