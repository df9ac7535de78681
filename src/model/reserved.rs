//! The names that expressions and templates find in scope without anyone declaring them.
//!
//! What a service declares stands in the same scope, so it may take none of them: the one would hide the other, and
//! which of the two was meant nobody would say. Lowering asserts that all names it puts in scope are listed here.

use minijinja::Value;

use crate::expression::Scope;

/// Each name as an expression writes it, and what it is.
const NAMES: [(&str, &str); 21] = [
    ("cluster", "the cluster"),
    ("container_defaults", "what a container gets that says nothing"),
    ("footprints", "what the pods of a chart take"),
    ("hash", "the digest of an object"),
    ("image_parts", "the parts of an image's name"),
    ("images", "the service's images"),
    ("instance", "the instance that a service is needed by"),
    ("namespace", "the namespace"),
    ("platform", "the platform"),
    ("pool", "the nodes a tenant has for itself"),
    ("probe", "an address that is watched"),
    ("range", "a function"),
    ("row", "the row of a table"),
    ("secret", "one of the service's secrets"),
    ("service", "the instance itself"),
    ("skips", "the checks of linters that are waived"),
    ("tenant", "the tenant"),
    ("uses", "those who need the service"),
    ("volume", "one of the service's volumes"),
    ("volumes", "the service's volumes"),
    ("workload", "an object that makes pods"),
];

/// What a name in scope means, if it is the language's own.
pub fn meaning(name: &str) -> Option<&'static str> {
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, meaning)| *meaning)
}

/// Puts what a service declares in scope; what may not have its name was refused, and must not break templates as well.
pub fn declare(scope: &mut Scope, name: &str, value: Value) {
    if meaning(name).is_none() {
        scope.set(name, value);
    }
}
