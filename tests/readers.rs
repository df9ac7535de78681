//! Damaged files again, every damage there is, and each reader alone: cheap enough for all of them.
//!
//! A reader may not panic, nor may what it gave when somebody looks at it: names, values, places. Whatever points into the
//! file has to point at whole characters of it, and the tree of a spec may not lose a byte.

use std::panic::catch_unwind;
use std::sync::Arc;

use rayon::prelude::*;
use stadtplan::diagnostic::Diagnostic;
use stadtplan::facts;
use stadtplan::facts::directory::read_directory;
use stadtplan::facts::table::read_table;
use stadtplan::kinds::Kinds;
use stadtplan::lower::ClaimsLock;
use stadtplan::output::lock::Lock;
use stadtplan::source::{FileId, Span, Spanned};
use stadtplan::syntax::{self, Nodes, decode};
use stadtplan::template::{self, PathStep};
use stadtplan::value::{GroupName, Kind};

use crate::robustness::{Workspace, cases, damages, examples};
use crate::support::parts::extension;

const FILE: FileId = FileId(0);

#[test]
fn no_damage_to_a_file_makes_its_reader_panic_or_point_outside() {
    let workspaces: Vec<Workspace> = cases().chain(examples()).collect();
    let faults: Vec<String> = workspaces
        .par_iter()
        .flat_map_iter(|Workspace { name, parts, .. }| {
            damages(parts).into_iter().map(move |(at, damage)| (name, &parts[at], damage))
        })
        .filter_map(|(name, part, damage)| {
            let bytes = damage.apply(&part.bytes());
            let read = catch_unwind(|| match extension(&part.path) {
                "kdl" => spec(&bytes),
                "csv" => table(&bytes),
                "ldif" => export(&bytes),
                "yaml" => yaml(&part.path, &bytes),
                "lock" => lock(&bytes),
                _ => Ok(()),
            });
            let fault = read.unwrap_or_else(|_| Err("panics".to_owned())).err()?;
            Some(format!("{name}, {} with {damage:?}: {fault}", part.path))
        })
        .collect();
    assert!(faults.is_empty(), "{} damages:\n{}", faults.len(), faults[..faults.len().min(20)].join("\n"));
}

fn spec(bytes: &[u8]) -> Result<(), String> {
    let Ok(text) = decode(bytes.to_vec()) else { return Ok(()) };
    let (tree, findings) = syntax::parse(FILE, Arc::from(text.as_str()));
    all_inside(&text, &findings)?;
    let kept: usize = tree.pieces().iter().map(|piece| piece.span.range().len()).sum();
    if kept != text.len() {
        return Err(format!("keeps {kept} of {} bytes", text.len()));
    }
    nodes(&text, tree.nodes())
}

/// Everything that can be asked of a node.
fn nodes(text: &str, list: Nodes<'_>) -> Result<(), String> {
    for node in list {
        let of_node = [node.name_span(), node.span(), node.head_span()];
        let optional = [node.children_span(), node.type_annotation()].into_iter().flatten();
        let comments = node.leading_comments().chain(node.trailing_comment()).map(|(span, _)| span);
        of_node.into_iter().chain(optional).chain(comments).try_for_each(|span| inside(text, span))?;
        let _ = (node.name(), node.type_annotation_name());
        for entry in node.entries() {
            let value = entry.value();
            let whole = value.text();
            let letters: Vec<usize> = whole.char_indices().map(|(at, _)| at).chain([whole.len()]).collect();
            let parts = letters.windows(2).map(|pair| value.span_of(pair[0]..pair[1]));
            let named = entry.name().map(|name| name.span);
            let optional = [named, entry.type_annotation(), value.content_span()].into_iter().flatten();
            [entry.span(), value.span()]
                .into_iter()
                .chain(optional)
                .chain(parts)
                .try_for_each(|it| inside(text, it))?;
            let _ = (value.kind(), value.is_quoted(), value.glued_comment(), entry.type_annotation_name());
            value.with_lexeme(|_| ());
        }
        if let Some(children) = node.children() {
            nodes(text, children)?;
        }
    }
    Ok(())
}

/// A table with the columns that its own first line names.
fn table(bytes: &[u8]) -> Result<(), String> {
    let Ok(text) = facts::decode(bytes) else { return Ok(()) };
    let header = text.lines().next().unwrap_or_default();
    let names = header.split([';', ',', '\t']).map(|name| name.trim_matches(['"', ' ']));
    let here = Span::file(FILE);
    let mut columns: Vec<_> =
        names.filter(|name| *name != "id").map(|name| (Spanned::new(name, here), Kind::Text)).collect();
    columns.push((Spanned::new("id", here), Kind::DnsLabel));
    let (table, findings) = read_table(FILE, &text, here, &columns);
    all_inside(&text, &findings)?;
    for row in &table.rows {
        let cells = row.cells.iter().flatten().map(|cell| cell.span);
        [row.span, row.id.span].into_iter().chain(cells).try_for_each(|span| inside(&text, span))?;
        if table.row(&row.id.value) != Some(row) {
            return Err(format!("does not find the row `{}`", row.id.value));
        }
    }
    Ok(())
}

fn export(bytes: &[u8]) -> Result<(), String> {
    let Ok(text) = facts::decode(bytes) else { return Ok(()) };
    let (directory, findings) = read_directory(FILE, &text);
    all_inside(&text, &findings)?;
    for group in directory.groups() {
        inside(&text, group.span)?;
        directory.find(&GroupName::Dn(group.dn.clone()));
        let _ = (directory.effective_members(group), directory.containers(group), group.scope());
    }
    Ok(())
}

/// Read as a template, whatever it is, and as definitions of kinds where it lies among them.
fn yaml(path: &str, bytes: &[u8]) -> Result<(), String> {
    let Ok(text) = decode(bytes.to_vec()) else { return Ok(()) };
    if path.starts_with("crds/") {
        all_inside(&text, &Kinds::standard().add_crds(FILE, &text))?;
    }
    let (template, findings) = template::parse(FILE, &text);
    all_inside(&text, &findings)?;
    for document in &template.documents {
        let path = [PathStep::Key("spec"), PathStep::Index(1), PathStep::Key("name")];
        let places = [document.span(), document.span_of(&path), document.key_span_of(&path)];
        let names = document.names_used();
        places.into_iter().chain(names.iter().map(|used| used.span)).try_for_each(|span| inside(&text, span))?;
    }
    Ok(())
}

/// Read as both kinds of lock. What is understood is written and read as the same.
fn lock(bytes: &[u8]) -> Result<(), String> {
    if let Ok(lock) = Lock::parse(bytes)
        && Lock::parse(&lock.to_bytes()).ok().as_ref() != Some(&lock)
    {
        return Err("is not written as it was read".to_owned());
    }
    let Ok(text) = decode(bytes.to_vec()) else { return Ok(()) };
    let (pins, findings) = ClaimsLock::parse(FILE, &text);
    all_inside(&text, &findings)?;
    let written = pins.write();
    if ClaimsLock::parse(FILE, &written).0.write() != written {
        return Err("is not written as it was read".to_owned());
    }
    Ok(())
}

fn all_inside(text: &str, findings: &[Diagnostic]) -> Result<(), String> {
    findings
        .iter()
        .try_for_each(|finding| inside(text, finding.span).map_err(|it| format!("{}: {it}", finding.message)))
}

fn inside(text: &str, span: Span) -> Result<(), String> {
    let range = span.range();
    text.get(range.clone()).map(|_| ()).ok_or_else(|| format!("{range:?} are not whole characters of the file"))
}
