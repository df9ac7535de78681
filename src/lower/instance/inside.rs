//! Nothing of a service leaves its namespace: the one wall between tenants that is proven for every object.

use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::lower::Object;
use crate::lower::emit::{kind_of, name_of};
use crate::model::Instance;
use crate::object::Node;
use crate::template::{PathStep, keys_of};

use super::Bench;

/// Where an object says in which namespace it is.
const NAMESPACE: &str = "metadata.namespace";

impl Bench<'_> {
    /// What a service becomes lies in the instance's own namespace: an object elsewhere, or of the whole cluster, would
    /// reach into other tenants.
    pub(super) fn stay_inside(&self, object: &Object, instance: &Instance, findings: &mut Findings) {
        let (api, kind) = kind_of(&object.node);
        let Some(schema) = self.library.kinds.get(api, kind) else { return };
        let namespace = object.node.at(NAMESPACE).and_then(Node::as_str);
        let (code, text) = match namespace {
            Some(namespace) if namespace != instance.namespace => (
                &codes::FOREIGN_NAMESPACE,
                format!("the `{kind}` `{}` goes into the namespace `{namespace}`", name_of(&object.node)),
            ),
            None if !schema.namespaced => {
                (&codes::CLUSTER_WIDE, format!("the `{kind}` `{}` belongs to the whole cluster", name_of(&object.node)))
            }
            _ => return,
        };
        let path: Vec<PathStep<'_>> = keys_of(NAMESPACE).collect();
        findings.push(
            Diagnostic::new(code, self.library.written_at(object, &path), text)
                .here(format!("the instance has `{}`", instance.namespace))
                .also(object.asked, "in what this becomes")
                .help("leave `namespace` out, and keep what the whole cluster needs in the workspace's `baseline/cluster/`"),
        );
    }
}
