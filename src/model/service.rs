//! Services as they are declared: what they take, what they need, what they become.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Chart, ServiceFootprint, ServiceId, Sourced, Unread};
use crate::diagnostic::quoted;
use crate::expression::Scalar;
use crate::source::{Span, Spanned};
use crate::value::{Kind, Value, Version};

/// A declared service; its templates lie in its folder.
#[derive(Debug)]
pub struct Service {
    pub name: String,
    pub summary: String,
    /// The name of the one instance that a tenant has of it, where others may share it.
    pub shared: Option<Spanned<String>>,
    /// The folder of its templates: `stdlib/services/moodle`, or one of the workspace.
    pub folder: String,
    pub parameters: Vec<Parameter>,
    pub needs: Vec<Needs>,
    pub requires: Vec<Requires>,
    pub secrets: Vec<Secret>,
    pub images: Vec<Image>,
    pub volumes: Vec<ServiceVolume>,
    pub probes: Vec<Probe>,
    pub egress: Vec<Egress>,
    /// Endpoints that it would take and the platform does not have.
    pub forgone: Vec<String>,
    pub exports: Vec<Export>,
    pub skips: Vec<Skip>,
    pub pod_security: Option<PodSecurity>,
    pub chart: Option<Chart>,
    /// What the pods of the chart take.
    pub footprints: Vec<ServiceFootprint>,
    /// Whether it belongs to the standard library.
    pub is_standard: bool,
    /// Whether all of it was understood. What is not whole is reported where it is declared; nothing is made of it.
    pub is_whole: bool,
    /// The parameters that are declared and were not understood.
    pub unread: Unread,
    pub span: Span,
}

/// A value that users of a service set.
#[derive(Debug)]
pub struct Parameter {
    pub name: String,
    pub kind: Kind,
    pub bounds: Bounds,
    pub required: bool,
    pub default: Option<Sourced<Written>>,
    pub doc: String,
    /// What is said where its default holds.
    pub warnings: Vec<ParameterWarning>,
    /// What a value that was given is refused for.
    pub refusals: Vec<ParameterWarning>,
    pub span: Span,
}

impl Parameter {
    /// Some of them by name: "parameters `a` and `b`".
    pub fn count(some: &[&Parameter]) -> String {
        let noun = if some.len() == 1 { "parameter" } else { "parameters" };
        format!("{noun} {}", quoted(some.iter().map(|parameter| &parameter.name)))
    }

    /// How they are given, and what each is for.
    pub fn way_to_give(some: &[&Parameter]) -> String {
        let explained =
            some.iter().map(
                |Parameter { name, doc, .. }| {
                    if doc.is_empty() { format!("`{name}=…`") } else { format!("`{name}=…`: {doc}") }
                },
            );
        format!("add {}", explained.collect::<Vec<_>>().join("; "))
    }
}

/// What a value is held to beyond its kind; both ends are allowed.
#[derive(Debug, Default)]
pub struct Bounds {
    pub least: Option<Value>,
    pub most: Option<Value>,
}

/// What is said of a default that gives less than people expect, or of a value that does not go with the rest.
#[derive(Debug)]
pub struct ParameterWarning {
    pub text: Spanned<Written>,
    pub condition: Condition,
    pub help: Option<String>,
}

/// A value before its instance is known.
#[derive(Debug, Clone)]
pub enum Written {
    Value(Value),
    Scalar(Arc<Scalar>),
    /// Names and their texts, each with its place.
    Texts(BTreeMap<String, Spanned<Written>>),
}

/// Whether a part is there: `if="{{ … }}"`; it is where nothing is written.
pub type Condition = Option<Spanned<Written>>;

/// A service that is embedded or shared.
#[derive(Debug)]
pub struct Needs {
    pub service: ServiceId,
    /// The name it is read by.
    pub name: String,
    pub settings: BTreeMap<String, Sourced<Written>>,
    /// Whether it is the tenant's one instance; embedded where nothing is written.
    pub shared: Option<Spanned<Written>>,
    pub condition: Condition,
    /// Whether a value in it was not understood.
    pub is_faulty: bool,
    pub span: Span,
}

/// An operator the cluster has to provide.
#[derive(Debug)]
pub struct Requires {
    pub operator: String,
    pub version: Option<Version>,
    pub span: Span,
}

/// A Secret whose values come from the platform's store.
#[derive(Debug)]
pub struct Secret {
    pub name: String,
    pub generated: Vec<GeneratedKey>,
    pub provided: Vec<ProvidedKey>,
    /// The parameter, as expressions spell it, that names more of them.
    pub provided_by: Option<String>,
    pub condition: Condition,
    pub span: Span,
}

/// A key whose value is made up once and kept.
#[derive(Debug)]
pub struct GeneratedKey {
    pub name: String,
    pub length: i64,
}

/// A key whose value people fill in.
#[derive(Debug)]
pub struct ProvidedKey {
    pub name: String,
    pub doc: String,
}

/// A container image.
#[derive(Debug)]
pub struct Image {
    pub name: String,
    pub reference: Spanned<Written>,
    pub span: Span,
}

/// A volume that outlives the service's pods.
#[derive(Debug)]
pub struct ServiceVolume {
    pub name: String,
    pub size: Spanned<Written>,
    pub class: Spanned<Written>,
    pub access: Option<Spanned<Written>>,
    pub condition: Condition,
    pub span: Span,
}

/// An address that monitoring looks at.
#[derive(Debug)]
pub struct Probe {
    pub url: Spanned<Written>,
    pub condition: Condition,
}

/// An opening out of the namespace.
#[derive(Debug)]
pub struct Egress {
    pub endpoint: String,
    pub condition: Condition,
}

/// What a needing service may read.
#[derive(Debug)]
pub struct Export {
    pub name: String,
    pub value: Spanned<Written>,
}

/// A linter's check that is waived by name.
#[derive(Debug)]
pub struct Skip {
    pub check: String,
    pub reason: String,
    pub objects: Vec<String>,
}

/// Pod Security instead of `restricted`.
#[derive(Debug)]
pub struct PodSecurity {
    pub level: String,
    pub reason: String,
    pub span: Span,
}
