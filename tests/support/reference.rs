//! The `kdl` crate as a witness: what our reader accepts has to mean the same to the official one.
//!
//! Documents are compared value by value: names, type annotations, strings, numbers by their value, arguments in their
//! order, properties with the last one winning, children in their order.

use std::collections::BTreeMap;
use std::sync::Arc;

use stadtplan::source::FileId;
use stadtplan::syntax::{self, Node, Nodes, ScalarKind};

/// What a document says, free of how it is written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Meaning {
    pub(crate) annotation: Option<String>,
    pub(crate) name: String,
    pub(crate) arguments: Vec<Scalar>,
    pub(crate) properties: BTreeMap<String, Scalar>,
    pub(crate) children: Vec<Meaning>,
}

/// A value with its type annotation.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scalar {
    pub(crate) annotation: Option<String>,
    pub(crate) value: Atom,
}

#[derive(Debug, Clone)]
pub(crate) enum Atom {
    String(String),
    Integer(i128),
    Float(f64),
    Boolean(bool),
    Null,
}

impl PartialEq for Atom {
    #[expect(clippy::cast_precision_loss, reason = "a whole number is compared to a float only as that float")]
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Atom::String(one), Atom::String(two)) => one == two,
            (Atom::Integer(one), Atom::Integer(two)) => one == two,
            (Atom::Float(one), Atom::Float(two)) => one == two || (one.is_nan() && two.is_nan()),
            // Without a distinction between whole and other numbers in KDL, `1e3` and `1000` are the same.
            (Atom::Integer(whole), Atom::Float(float)) | (Atom::Float(float), Atom::Integer(whole)) => {
                *whole as f64 == *float
            }
            (Atom::Boolean(one), Atom::Boolean(two)) => one == two,
            (Atom::Null, Atom::Null) => true,
            _ => false,
        }
    }
}

/// Whether the `kdl` crate reads an accepted text as we do. A text that we refuse is not compared.
pub(crate) fn agrees_with_reference(text: &str) -> Result<(), String> {
    let Ok(ours) = our_meaning(text) else { return Ok(()) };
    let theirs = reference_meaning(text)?;
    if ours == theirs { Ok(()) } else { Err(format!("we read\n{ours:#?}\nthe reference reads\n{theirs:#?}")) }
}

/// What we read; the findings where there are any.
pub(crate) fn our_meaning(text: &str) -> Result<Vec<Meaning>, Vec<String>> {
    let (tree, findings) = syntax::parse(FileId(0), Arc::from(text));
    if findings.is_empty() {
        Ok(ours(tree.nodes()))
    } else {
        Err(findings.into_iter().map(|finding| format!("{:?} {}", finding.span.range(), finding.message)).collect())
    }
}

/// What the `kdl` crate reads.
pub(crate) fn reference_meaning(text: &str) -> Result<Vec<Meaning>, String> {
    let document = kdl::KdlDocument::parse_v2(text).map_err(|error| format!("the reference refuses it: {error:?}"))?;
    Ok(theirs(&document))
}

fn ours(nodes: Nodes<'_>) -> Vec<Meaning> {
    nodes.map(our_node).collect()
}

fn our_node(node: Node<'_>) -> Meaning {
    let mut arguments = Vec::new();
    let mut properties = BTreeMap::new();
    for entry in node.entries() {
        let value = entry.value();
        let atom = match value.kind() {
            ScalarKind::String => Atom::String(value.text().into_owned()),
            ScalarKind::Number => number(value.raw()),
            ScalarKind::Boolean(boolean) => Atom::Boolean(boolean),
            ScalarKind::Null => Atom::Null,
            ScalarKind::NotFinite => Atom::Float(match value.raw() {
                "#inf" => f64::INFINITY,
                "#-inf" => f64::NEG_INFINITY,
                _ => f64::NAN,
            }),
            ScalarKind::Broken => panic!("a broken value without a finding: {}", value.raw()),
        };
        let scalar = Scalar { annotation: entry.type_annotation_name().map(Into::into), value: atom };
        match entry.name() {
            Some(name) => {
                properties.insert(name.value.into_owned(), scalar);
            }
            None => arguments.push(scalar),
        }
    }
    Meaning {
        annotation: node.type_annotation_name().map(Into::into),
        name: node.name().into_owned(),
        arguments,
        properties,
        children: node.children().map(ours).unwrap_or_default(),
    }
}

fn number(raw: &str) -> Atom {
    let plain = raw.replace('_', "");
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, plain.strip_prefix('+').unwrap_or(&plain)),
    };
    let radix = match digits.get(..2) {
        Some("0x") => 16,
        Some("0o") => 8,
        Some("0b") => 2,
        _ => 10,
    };
    let whole = if radix == 10 { digits } else { &digits[2..] };
    match i128::from_str_radix(whole, radix) {
        Ok(number) => Atom::Integer(sign * number),
        Err(_) => Atom::Float(plain.parse().unwrap_or_else(|_| panic!("`{raw}` is no number"))),
    }
}

fn theirs(document: &kdl::KdlDocument) -> Vec<Meaning> {
    document.nodes().iter().map(their_node).collect()
}

fn their_node(node: &kdl::KdlNode) -> Meaning {
    let mut arguments = Vec::new();
    let mut properties = BTreeMap::new();
    for entry in node.entries() {
        let value = match entry.value() {
            kdl::KdlValue::String(text) => Atom::String(text.clone()),
            kdl::KdlValue::Integer(number) => Atom::Integer(*number),
            kdl::KdlValue::Float(number) => Atom::Float(*number),
            kdl::KdlValue::Bool(boolean) => Atom::Boolean(*boolean),
            kdl::KdlValue::Null => Atom::Null,
        };
        let scalar = Scalar { annotation: entry.ty().map(|it| it.value().to_owned()), value };
        match entry.name() {
            Some(name) => {
                properties.insert(name.value().to_owned(), scalar);
            }
            None => arguments.push(scalar),
        }
    }
    Meaning {
        annotation: node.ty().map(|it| it.value().to_owned()),
        name: node.name().value().to_owned(),
        arguments,
        properties,
        children: node.children().map(theirs).unwrap_or_default(),
    }
}
