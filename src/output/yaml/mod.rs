//! The one style of YAML: block style, two spaces, lists level with their key as `kubectl` writes them.
//!
//! The writer is our own because the strings are what matters. `serde_yaml` and every fork of it leave `on`, `no`, `y`,
//! `1_000` and `0X1f` without quotes: of 308 tricky strings 26 come back as something else from Kubernetes' own reader,
//! so that `FEATURE: on` in a `ConfigMap` is refused by the API server. [`scalar`] decides how a string is
//! written, `tests/witness` holds it against that reader, and a manifest costs a quarter of what it would there.

mod scalar;

use std::io::Write as _;

use crate::object::{Map, Node};

/// A key that is longer than this is written as an explicit key (`? `): readers give up looking for the colon of a
/// plain or quoted one after 1024 characters.
const LONGEST_SIMPLE_KEY: usize = 1000;

/// Writes one document.
pub fn write(node: &Node, out: &mut Vec<u8>) {
    match node {
        Node::Map(map) if !map.is_empty() => write_map(map, 0, out),
        Node::List(list) if !list.is_empty() => write_list(list, 0, out),
        Node::String(text) => {
            scalar::write_inline(text, out);
            out.push(b'\n');
        }
        _ => {
            write_scalar(node, 0, out);
            out.push(b'\n');
        }
    }
}

/// Writes documents, with `---` between them.
pub fn write_documents<'n>(nodes: impl IntoIterator<Item = &'n Node>, out: &mut Vec<u8>) {
    for (at, node) in nodes.into_iter().enumerate() {
        if at > 0 {
            out.extend_from_slice(b"---\n");
        }
        write(node, out);
    }
}

/// Writes the entries of a map; the first where the line stands, the others at `indent`.
fn write_map(map: &Map, indent: usize, out: &mut Vec<u8>) {
    for (at, (key, value)) in map.entries.iter().enumerate() {
        if at > 0 {
            pad(indent, out);
        }
        write_key(key, indent, out);
        match value {
            Node::Map(map) if !map.is_empty() => {
                out.extend_from_slice(b":\n");
                pad(indent + 2, out);
                write_map(map, indent + 2, out);
            }
            Node::List(list) if !list.is_empty() => {
                out.extend_from_slice(b":\n");
                pad(indent, out);
                write_list(list, indent, out);
            }
            scalar => {
                out.extend_from_slice(b": ");
                write_scalar(scalar, indent + 2, out);
                out.push(b'\n');
            }
        }
    }
}

/// Writes the items of a list; the first where the line stands, the others at `indent`.
fn write_list(list: &[Node], indent: usize, out: &mut Vec<u8>) {
    for (at, item) in list.iter().enumerate() {
        if at > 0 {
            pad(indent, out);
        }
        out.extend_from_slice(b"- ");
        match item {
            Node::Map(map) if !map.is_empty() => write_map(map, indent + 2, out),
            Node::List(list) if !list.is_empty() => write_list(list, indent + 2, out),
            scalar => {
                write_scalar(scalar, indent + 2, out);
                out.push(b'\n');
            }
        }
    }
}

fn write_key(key: &str, indent: usize, out: &mut Vec<u8>) {
    let start = out.len();
    scalar::write_inline(key, out);
    if out.len() - start > LONGEST_SIMPLE_KEY {
        out.truncate(start);
        out.extend_from_slice(b"? ");
        scalar::write_inline(key, out);
        out.push(b'\n');
        pad(indent, out);
    }
}

/// Writes what has no entries or items of its own; `indent` is that of the lines of a literal block.
fn write_scalar(node: &Node, indent: usize, out: &mut Vec<u8>) {
    match node {
        Node::Null => out.extend_from_slice(b"null"),
        Node::Boolean(true) => out.extend_from_slice(b"true"),
        Node::Boolean(false) => out.extend_from_slice(b"false"),
        Node::Integer(number) => write_integer(*number, out),
        Node::Float(number) => write_float(*number, out),
        Node::String(text) => scalar::write_value(text, out, |out| pad(indent, out)),
        Node::List(_) => out.extend_from_slice(b"[]"),
        Node::Map(_) => out.extend_from_slice(b"{}"),
    }
}

fn write_integer(number: i64, out: &mut Vec<u8>) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    let mut rest = number.unsigned_abs();
    loop {
        at -= 1;
        let digit = (rest % 10) as u8;
        digits[at] = b'0' + digit;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[at..]);
}

/// Writes a number so that YAML 1.1 reads it as one too: `1.0e+21`, with a dot and a sign.
fn write_float(number: f64, out: &mut Vec<u8>) {
    if number.is_nan() {
        out.extend_from_slice(b".nan");
        return;
    }
    if number.is_infinite() {
        out.extend_from_slice(if number > 0.0 { b".inf" } else { b"-.inf" });
        return;
    }
    let digits = format!("{number:?}");
    // Writing into a `Vec` cannot fail.
    let _ = match digits.split_once('e') {
        Some((mantissa, exponent)) => {
            let dot = if mantissa.contains('.') { "" } else { ".0" };
            let sign = if exponent.starts_with('-') { "" } else { "+" };
            write!(out, "{mantissa}{dot}e{sign}{exponent}")
        }
        None => out.write_all(digits.as_bytes()),
    };
}

fn pad(indent: usize, out: &mut Vec<u8>) {
    static SPACES: [u8; 64] = [b' '; 64];
    let mut rest = indent;
    while rest > SPACES.len() {
        out.extend_from_slice(&SPACES);
        rest -= SPACES.len();
    }
    out.extend_from_slice(&SPACES[..rest]);
}

#[cfg(test)]
mod tests;
