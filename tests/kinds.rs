//! Keeps `stdlib/kinds/kubernetes.yaml` equal to the Kubernetes API that `k8s-openapi` describes.
//!
//! The crate is large and only knows shapes, so it stays out of the compiler: this test writes what the compiler needs
//! of it, one block for each definition, and fails when the committed file says something else. `UPDATE=1 cargo test
//! --test kinds` writes it anew. What the API's description leaves out stands in `refined.yaml` beside it, by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use k8s_openapi::schemars::{JsonSchema, SchemaGenerator};
use k8s_openapi::{NamespaceResourceScope, Resource};
use serde_json::Value;

/// One kind of the API, as the file lists it.
struct BuiltIn {
    api_version: &'static str,
    kind: &'static str,
    namespaced: bool,
    definition: String,
}

fn built_in<T: Resource + JsonSchema>(generator: &mut SchemaGenerator) -> BuiltIn {
    generator.subschema_for::<T>();
    BuiltIn {
        api_version: T::API_VERSION,
        kind: T::KIND,
        namespaced: std::any::type_name::<T::Scope>() == std::any::type_name::<NamespaceResourceScope>(),
        definition: T::schema_name().into_owned(),
    }
}

macro_rules! kinds {
    ($generator:ident: $($group:ident::$version:ident::{$($kind:ident),* $(,)?};)*) => {
        vec![$($(built_in::<k8s_openapi::api::$group::$version::$kind>(&mut $generator)),*),*]
    };
}

/// The kinds that people write; what only the cluster writes (endpoints, events, leases of nodes) is left out.
fn generated() -> String {
    let mut generator = SchemaGenerator::default();
    let mut kinds = kinds![generator:
        admissionregistration::v1::{
            MutatingWebhookConfiguration, ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding,
            ValidatingWebhookConfiguration,
        };
        apps::v1::{DaemonSet, Deployment, ReplicaSet, StatefulSet};
        autoscaling::v2::{HorizontalPodAutoscaler};
        batch::v1::{CronJob, Job};
        coordination::v1::{Lease};
        core::v1::{
            ConfigMap, LimitRange, Namespace, PersistentVolume, PersistentVolumeClaim, Pod, PodTemplate, ResourceQuota,
            Secret, Service, ServiceAccount,
        };
        discovery::v1::{EndpointSlice};
        networking::v1::{Ingress, IngressClass, NetworkPolicy};
        node::v1::{RuntimeClass};
        policy::v1::{PodDisruptionBudget};
        rbac::v1::{ClusterRole, ClusterRoleBinding, Role, RoleBinding};
        scheduling::v1::{PriorityClass};
        storage::v1::{CSIDriver, StorageClass, VolumeAttributesClass};
    ];
    kinds.push(
        built_in::<k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition>(
            &mut generator,
        ),
    );
    kinds.push(built_in::<k8s_openapi::kube_aggregator::pkg::apis::apiregistration::v1::APIService>(&mut generator));
    kinds.sort_by_key(|kind| (kind.api_version, kind.kind));

    let roots: BTreeSet<&str> = kinds.iter().map(|kind| kind.definition.as_str()).collect();
    let definitions: BTreeMap<String, Value> = generator.take_definitions(true).into_iter().collect();
    let blocks = reachable_blocks(&roots, &definitions);

    let mut text = String::from(
        "# The kinds of the Kubernetes 1.34 API, written by `UPDATE=1 cargo test --test kinds`. Do not edit it: what it\n\
         # leaves out is said in refined.yaml. Each block is a definition; `!` marks what an object must have.\n\
         \nkinds:\n",
    );
    for kind in &kinds {
        let scope = if kind.namespaced { "namespaced" } else { "cluster" };
        let _ = writeln!(text, "  {} {}: {scope} {}", kind.api_version, kind.kind, short(&kind.definition));
    }
    for block in blocks.values() {
        text.push('\n');
        text.push_str(block);
    }
    text
}

/// The blocks of all definitions that the kinds need, by their short names. A status is no part of a manifest.
fn reachable_blocks(roots: &BTreeSet<&str>, definitions: &BTreeMap<String, Value>) -> BTreeMap<String, String> {
    let mut blocks = BTreeMap::new();
    let mut waiting: Vec<String> = roots.iter().map(|&root| root.to_owned()).collect();
    while let Some(name) = waiting.pop() {
        let short_name = short(&name);
        if blocks.contains_key(&short_name) {
            continue;
        }
        let definition = &definitions[&name];
        let required: BTreeSet<&str> =
            definition["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let mut block = format!("{short_name}:\n");
        for (field, schema) in definition["properties"].as_object().into_iter().flatten() {
            let is_root = roots.contains(name.as_str());
            if is_root && matches!(field.as_str(), "apiVersion" | "kind" | "status") {
                continue;
            }
            let mark = if required.contains(field.as_str()) { "!" } else { "" };
            let _ = writeln!(block, "  {field}{mark}: {}", expression(schema, definitions, &mut waiting));
        }
        blocks.insert(short_name, block);
    }
    blocks
}

/// The type of a field in the words of the file.
fn expression(schema: &Value, definitions: &BTreeMap<String, Value>, waiting: &mut Vec<String>) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.trim_start_matches("#/$defs/");
        return match name.rsplit('.').next().unwrap_or(name) {
            "Quantity" => "quantity".to_owned(),
            "IntOrString" => "int-or-string".to_owned(),
            "Time" | "MicroTime" => "time".to_owned(),
            _ if definitions[name]["properties"].is_object() => {
                waiting.push(name.to_owned());
                short(name)
            }
            _ => "any".to_owned(),
        };
    }
    match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("string"), Some("byte")) => "base64".to_owned(),
        (Some("array"), _) => format!("list of {}", expression(&schema["items"], definitions, waiting)),
        (Some("object"), _) => match &schema["additionalProperties"] {
            Value::Null => "any".to_owned(),
            values => format!("map of {}", expression(values, definitions, waiting)),
        },
        (Some(simple @ ("string" | "boolean" | "integer" | "number")), _) => simple.to_owned(),
        _ => "any".to_owned(),
    }
}

/// `io.k8s.api.core.v1.PodSpec` without what all names share.
fn short(name: &str) -> String {
    let parts: Vec<&str> = name.split('.').collect();
    parts[parts.len().saturating_sub(3)..].join(".")
}

#[test]
fn the_committed_kinds_are_those_of_the_api() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("stdlib/kinds/kubernetes.yaml");
    let fresh = generated();
    if std::env::var_os("UPDATE").is_some() {
        #[expect(clippy::disallowed_methods, reason = "a test that keeps a committed file fresh has to write it")]
        std::fs::write(&path, &fresh).expect("the file can be written");
    }
    #[expect(clippy::disallowed_methods, reason = "a test reads the committed file")]
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == fresh,
        "stdlib/kinds/kubernetes.yaml is stale; run `UPDATE=1 cargo test --test kinds` and commit it"
    );
}
