//! Templates that name the tenant's secret store where the platform has none: their objects would wait for ever.
//!
//! Secrets that a service declares are judged by what it declares. What a template writes itself, such as the password of
//! a database in two namespaces, shows only in the objects: so the template that reads the store is the one that needs it.

use super::Object;
use super::library::Library;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Instance, Model};

/// The name by which templates read it.
const STORE: &str = "tenant.secret_store";

/// What is wrong where an object of an instance names a store and there is none.
pub(super) fn missing<'o>(
    mut objects: impl Iterator<Item = &'o Object>,
    instance: &Instance,
    model: &Model,
    library: &Library,
) -> Option<Diagnostic> {
    if model.platform.secrets.is_some() {
        return None;
    }
    let place = objects.find_map(|object| {
        let document = library.template(object.template).documents.get(object.document)?;
        document.names_used().into_iter().find(|used| used.name == STORE).map(|used| used.span)
    })?;
    let platform = &model.platform;
    Some(
        Diagnostic::new(
            &codes::MISSING,
            platform.span,
            "the platform has no `secrets`, and what becomes of a service needs them",
        )
        .here("nothing says where secrets come from")
        .also(place, "read here")
        .also(instance.span, "asked for here")
        .help(format!("add `secrets external-secrets vault=\"https://vault.{}\"` to the platform", platform.domain)),
    )
}
