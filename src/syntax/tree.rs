//! The tree of one file: what was written, every byte of it, with a place for everything.
//!
//! Nodes and entries lie in flat arenas in the order of the text and point at each other by index; names and values
//! are places in the text and cost nothing until they are read. The views [`Node`], [`Entry`] and
//! [`Value`](super::Value) are small and `Copy`. What is commented out by `/-` is in the tree as well, so that nothing
//! is lost, but no view leads there.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::text::Form;
use super::value::Value;
use super::{pieces, text};
use crate::source::{FileId, Span, Spanned};

/// "There is none" in an index.
pub(super) const NONE: u32 = u32::MAX;

#[derive(Debug, Clone, Copy)]
pub(super) struct NodeData {
    /// Where the white space and the comments before the node begin.
    pub(super) lead: u32,
    pub(super) name_start: u32,
    pub(super) name_end: u32,
    pub(super) annotation: u32,
    pub(super) first_entry: u32,
    pub(super) last_entry: u32,
    pub(super) first_child: u32,
    pub(super) next: u32,
    /// The `{`.
    pub(super) open: u32,
    /// Behind the `}`, or where it was missed.
    pub(super) close: u32,
    pub(super) name_form: Form,
    pub(super) disabled: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct EntryData {
    /// Empty for an argument.
    pub(super) name_start: u32,
    pub(super) name_end: u32,
    pub(super) value_start: u32,
    pub(super) value_end: u32,
    pub(super) annotation: u32,
    pub(super) next: u32,
    pub(super) name_form: Form,
    pub(super) value_form: Form,
    pub(super) broken: bool,
    pub(super) disabled: bool,
}

/// A type annotation with its parentheses.
#[derive(Debug, Clone, Copy)]
pub(super) struct AnnotationData {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) name_start: u32,
    pub(super) name_end: u32,
    pub(super) name_form: Form,
}

/// A file as it was written.
#[derive(Debug)]
pub struct Tree {
    pub(super) file: FileId,
    pub(super) text: Arc<str>,
    pub(super) first: u32,
    pub(super) nodes: Vec<NodeData>,
    pub(super) entries: Vec<EntryData>,
    pub(super) annotations: Vec<AnnotationData>,
    /// What could not be read, already reported.
    pub(super) junk: Vec<(u32, u32)>,
}

impl Tree {
    pub fn file(&self) -> FileId {
        self.file
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The nodes at the top of the file.
    pub fn nodes(&self) -> Nodes<'_> {
        Nodes { tree: self, next: self.first }
    }

    /// Every byte of the file, as consecutive pieces.
    pub fn pieces(&self) -> Vec<pieces::Piece> {
        pieces::pieces(self)
    }

    pub(super) fn span(&self, start: u32, end: u32) -> Span {
        Span { file: self.file, start, end }
    }

    pub(super) fn slice(&self, start: u32, end: u32) -> &str {
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The name between the parentheses of a type annotation.
    fn annotation_name(&self, index: u32) -> Option<Cow<'_, str>> {
        let data = self.annotations.get(index as usize)?;
        Some(text::resolve(self.slice(data.name_start, data.name_end), data.name_form))
    }

    fn annotation(&self, index: u32) -> Option<Span> {
        let data = self.annotations.get(index as usize)?;
        Some(self.span(data.start, data.end))
    }
}

/// A node: a name, its arguments and properties, its children.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    tree: &'t Tree,
    index: u32,
}

impl<'t> Node<'t> {
    pub fn name(self) -> Cow<'t, str> {
        let data = self.data();
        text::resolve(self.tree.slice(data.name_start, data.name_end), data.name_form)
    }

    pub fn name_span(self) -> Span {
        let data = self.data();
        self.tree.span(data.name_start, data.name_end)
    }

    /// The whole node with its children.
    pub fn span(self) -> Span {
        let end = if self.data().open == NONE { self.head_end() } else { self.data().close.max(self.head_end()) };
        self.tree.span(self.start(), end)
    }

    /// From the name to the last argument or property.
    pub fn head_span(self) -> Span {
        self.tree.span(self.start(), self.head_end())
    }

    /// Arguments and properties, as they were written.
    pub fn entries(self) -> Entries<'t> {
        Entries { tree: self.tree, next: self.data().first_entry }
    }

    /// The children; nothing where there is no `{`.
    pub fn children(self) -> Option<Nodes<'t>> {
        let data = self.data();
        (data.open != NONE).then_some(Nodes { tree: self.tree, next: data.first_child })
    }

    /// The children's block with its braces.
    pub fn children_span(self) -> Option<Span> {
        let data = self.data();
        (data.open != NONE).then(|| self.tree.span(data.open, data.close))
    }

    /// The type annotation before the name, with its parentheses.
    pub fn type_annotation(self) -> Option<Span> {
        self.tree.annotation(self.data().annotation)
    }

    /// The type that the annotation before the name names.
    pub fn type_annotation_name(self) -> Option<Cow<'t, str>> {
        self.tree.annotation_name(self.data().annotation)
    }

    /// The comments above the node, with their marks: `// …`, `/* … */`.
    pub fn leading_comments(self) -> impl Iterator<Item = (Span, &'t str)> {
        let end = self.start();
        let lead = self.data().lead.min(end);
        pieces::comments(self.tree, lead as usize..end as usize)
    }

    /// The comment behind the node on its last line.
    pub fn trailing_comment(self) -> Option<(Span, &'t str)> {
        pieces::comment_behind(self.tree, self.span().end as usize)
    }

    fn start(self) -> u32 {
        self.type_annotation().map_or(self.data().name_start, |span| span.start)
    }

    fn head_end(self) -> u32 {
        let data = self.data();
        self.tree.entries.get(data.last_entry as usize).map_or(data.name_end, |entry| entry.value_end)
    }

    fn data(self) -> &'t NodeData {
        &self.tree.nodes[self.index as usize]
    }
}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Node");
        shown.field("name", &self.name()).field("entries", &self.entries());
        if let Some(children) = self.children() {
            shown.field("children", &children);
        }
        shown.finish()
    }
}

/// Nodes in the order of the text.
#[derive(Clone)]
pub struct Nodes<'t> {
    tree: &'t Tree,
    next: u32,
}

impl<'t> Iterator for Nodes<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        while let Some(data) = self.tree.nodes.get(self.next as usize) {
            let node = Node { tree: self.tree, index: self.next };
            self.next = data.next;
            if !data.disabled {
                return Some(node);
            }
        }
        None
    }
}

impl fmt::Debug for Nodes<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.clone()).finish()
    }
}

/// An argument or a property.
#[derive(Clone, Copy)]
pub struct Entry<'t> {
    tree: &'t Tree,
    data: &'t EntryData,
}

impl<'t> Entry<'t> {
    /// The name of a property; nothing for an argument.
    pub fn name(self) -> Option<Spanned<Cow<'t, str>>> {
        let EntryData { name_start, name_end, name_form, .. } = *self.data;
        (name_start != name_end).then(|| {
            let name = text::resolve(self.tree.slice(name_start, name_end), name_form);
            Spanned::new(name, self.tree.span(name_start, name_end))
        })
    }

    pub fn value(self) -> Value<'t> {
        Value::new(self.tree, self.data)
    }

    /// From the name, the annotation or the value to the end of the value.
    pub fn span(self) -> Span {
        let mut start = self.data.value_start;
        if let Some(annotation) = self.type_annotation() {
            start = start.min(annotation.start);
        }
        if self.data.name_start != self.data.name_end {
            start = start.min(self.data.name_start);
        }
        self.tree.span(start, self.data.value_end)
    }

    /// The type annotation of the value, with its parentheses.
    pub fn type_annotation(self) -> Option<Span> {
        self.tree.annotation(self.data.annotation)
    }

    /// The type that the annotation of the value names.
    pub fn type_annotation_name(self) -> Option<Cow<'t, str>> {
        self.tree.annotation_name(self.data.annotation)
    }
}

impl fmt::Debug for Entry<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.tree.text.get(self.span().range()).unwrap_or_default())
    }
}

/// Arguments and properties in the order of the text.
#[derive(Clone)]
pub struct Entries<'t> {
    tree: &'t Tree,
    next: u32,
}

impl<'t> Iterator for Entries<'t> {
    type Item = Entry<'t>;

    fn next(&mut self) -> Option<Entry<'t>> {
        while let Some(data) = self.tree.entries.get(self.next as usize) {
            self.next = data.next;
            if !data.disabled {
                return Some(Entry { tree: self.tree, data });
            }
        }
        None
    }
}

impl fmt::Debug for Entries<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.clone()).finish()
    }
}

impl Tree {
    /// The places of all names, values, annotations and unreadable parts, in the order of the text.
    pub(super) fn leaves(&self) -> Vec<(Range<usize>, pieces::PieceKind)> {
        use pieces::PieceKind;
        let range = |start: u32, end: u32| start as usize..end as usize;
        let names = self.nodes.iter().map(|node| (range(node.name_start, node.name_end), PieceKind::NodeName));
        let keys = self.entries.iter().map(|entry| (range(entry.name_start, entry.name_end), PieceKind::EntryName));
        let values = self.entries.iter().map(|entry| (range(entry.value_start, entry.value_end), PieceKind::Value));
        let annotations = self.annotations.iter().map(|it| (range(it.start, it.end), PieceKind::Annotation));
        let junk = self.junk.iter().map(|(start, end)| (range(*start, *end), PieceKind::Junk));
        let mut leaves: Vec<_> = names
            .chain(keys)
            .chain(values)
            .chain(annotations)
            .chain(junk)
            .filter(|(range, _)| !range.is_empty())
            .collect();
        leaves.sort_by_key(|(range, _)| range.start);
        leaves
    }
}
