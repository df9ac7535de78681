//! From scalars to nodes: blocks, and what stands between them.
//!
//! Blocks are kept on a stack of our own, so that no text can exhaust the stack of the thread. Where braces do not
//! match, a file is read a second time and the indentation says where a brace is missing; of the two readings the one
//! with fewer findings is believed.

use std::sync::Arc;

use super::chars;
use super::messages::{self, Role};
use super::scanner::{Scalar, Scanner, Trouble};
use super::text::Form;
use super::tree::{AnnotationData, EntryData, NONE, NodeData, Tree};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};

/// What tells where a block ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blocks {
    ByBraces,
    ByIndentation,
}

/// Reads a file in one go.
pub(super) fn run(file: FileId, text: &str, blocks: Blocks) -> Parser<'_> {
    let mut parser = Parser {
        scanner: Scanner::new(file, text),
        // A guess at the text of a spec: arenas that grow copy what they hold.
        nodes: Vec::with_capacity(text.len() / 32),
        entries: Vec::with_capacity(text.len() / 16),
        annotations: Vec::new(),
        first: NONE,
        frames: vec![Frame {
            kind: FrameKind::Root,
            owner: NONE,
            parent: NONE,
            tail: NONE,
            open: 0,
            indent: NONE,
            depth: 0,
        }],
        blocks,
        unmatched: 0,
        junk_before: false,
        previous: Scalar { start: 0, end: 0, form: Form::Bare, broken: true },
    };
    parser.document();
    parser
}

/// The tree of a file that is too large to be read: all of it is junk.
pub(super) fn refuse(file: FileId, text: Arc<str>) -> (Tree, Vec<Diagnostic>) {
    let finding = messages::too_large(Span::file(file), text.len());
    let junk = vec![(0, narrow(text.len()))];
    let tree = Tree { file, text, first: NONE, nodes: Vec::new(), entries: Vec::new(), annotations: Vec::new(), junk };
    (tree, vec![finding])
}

pub(super) struct Parser<'t> {
    pub(super) scanner: Scanner<'t>,
    pub(super) nodes: Vec<NodeData>,
    pub(super) entries: Vec<EntryData>,
    pub(super) annotations: Vec<AnnotationData>,
    first: u32,
    pub(super) frames: Vec<Frame>,
    pub(super) blocks: Blocks,
    /// Braces without their partner.
    pub(super) unmatched: usize,
    /// The line began with what is no node: the block behind it is no mistake of its own.
    junk_before: bool,
    /// The name or value read last.
    pub(super) previous: Scalar,
}

/// An open block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) kind: FrameKind,
    /// The node that has the block.
    pub(super) owner: u32,
    /// The node that the children are linked to; none where they are not reachable.
    pub(super) parent: u32,
    /// The last child so far.
    pub(super) tail: u32,
    /// The `{`.
    pub(super) open: usize,
    /// How far the line is indented that the owner starts; none where it is not the first on its line.
    pub(super) indent: u32,
    pub(super) depth: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FrameKind {
    Root,
    Children,
    /// A second block of the same node: reported, its nodes are children like the first's.
    Second,
    /// Commented out by `/-`.
    Disabled,
    /// A `{` without a node: reported, its nodes belong to the block around it.
    Nameless,
}

impl Parser<'_> {
    pub(super) fn is_unbalanced(&self) -> bool {
        self.unmatched > 0 && !self.scanner.swallowed
    }

    /// Whether this reading takes no more mistakes than the other, where each unmatched brace counts as one.
    pub(super) fn explains_better_than(&self, other: &Self) -> bool {
        self.scanner.findings.len() <= other.scanner.findings.len() + other.unmatched.saturating_sub(1)
    }

    pub(super) fn finish(self, text: Arc<str>) -> (Tree, Vec<Diagnostic>) {
        let Scanner { file, mut findings, junk, .. } = self.scanner;
        findings.sort_by_key(|finding| finding.span);
        let tree = Tree {
            file,
            text,
            first: self.first,
            nodes: self.nodes,
            entries: self.entries,
            annotations: self.annotations,
            junk: junk.into_iter().map(|(start, end)| (narrow(start), narrow(end))).collect(),
        };
        (tree, findings)
    }

    fn document(&mut self) {
        loop {
            let quiet = std::mem::take(&mut self.junk_before);
            let lead = self.scanner.at;
            self.scanner.line_space();
            let at = self.scanner.at;
            match self.scanner.peek() {
                b'}' => self.close_brace(),
                b'{' if !self.scanner.is_scalar_start() => {
                    self.open_nameless(quiet);
                }
                b';' => {
                    self.scanner.at += 1;
                    self.scanner.fresh = false;
                    let finding = messages::stray_semicolon(self.scanner.span(at, at + 1));
                    self.scanner.report(finding);
                }
                b'/' if self.scanner.byte(at + 1) == b'-' => self.slashdash_node(lead),
                _ if self.scanner.is_at_end() => break,
                _ => {
                    let indent = self.indent();
                    self.node(lead, indent, false);
                }
            }
        }
        self.end_of_file();
    }

    /// How far the line is indented if nothing but white space stands before this place.
    pub(super) fn indent(&self) -> u32 {
        if self.scanner.fresh { narrow(self.scanner.at - self.scanner.line_start) } else { NONE }
    }

    fn slashdash_node(&mut self, lead: usize) {
        let indent = self.indent();
        let slash = self.scanner.at;
        self.scanner.at += 2;
        self.scanner.fresh = false;
        self.scanner.line_space();
        let what = match self.scanner.peek() {
            b'}' => "`}`",
            b'{' => "a block without a node",
            b';' => "`;`",
            b'/' => "another `/-`",
            _ if self.scanner.is_at_end() => "the end of the file",
            _ => return self.node(lead, indent, true),
        };
        let finding = messages::slashdash_of_nothing(self.scanner.span(slash, slash + 2), what);
        self.scanner.report(finding);
    }

    fn node(&mut self, lead: usize, indent: u32, disabled: bool) {
        if self.blocks == Blocks::ByIndentation && indent != NONE {
            self.close_up_to(indent);
        }
        let start = self.scanner.at;
        let mut annotation = NONE;
        if self.scanner.peek() == b'(' {
            annotation = self.annotation();
            self.scanner.node_space();
            let slashdash = self.scanner.peek() == b'/' && self.scanner.byte(self.scanner.at + 1) == b'-';
            if slashdash || !self.scanner.is_scalar_start() {
                let end = self.annotations.last().map_or(start, |it| it.end as usize);
                let finding = messages::annotation_of_nothing(self.scanner.span(start, end), "the name of a node");
                self.scanner.report(finding);
                return;
            }
        }
        if !self.scanner.is_scalar_start() {
            self.unexpected();
            return;
        }
        let (name, trouble) = self.scanner.scalar(false);
        self.report_name(name, trouble, Role::NodeName);
        let node = self.push_node(lead, name, annotation, disabled);
        self.entries(node, indent);
    }

    pub(super) fn push_node(&mut self, lead: usize, name: Scalar, annotation: u32, disabled: bool) -> u32 {
        let node = narrow(self.nodes.len());
        self.nodes.push(NodeData {
            lead: narrow(lead),
            name_start: narrow(name.start),
            name_end: narrow(name.end),
            annotation,
            first_entry: NONE,
            last_entry: NONE,
            first_child: NONE,
            next: NONE,
            open: NONE,
            close: NONE,
            name_form: name.form,
            disabled,
        });
        self.previous = name;
        if let Some(frame) = self.frames.last_mut() {
            if frame.tail != NONE {
                self.nodes[frame.tail as usize].next = node;
            } else if frame.parent != NONE {
                self.nodes[frame.parent as usize].first_child = node;
            } else if self.first == NONE && frame.depth == 0 {
                self.first = node;
            }
            frame.tail = node;
        }
        node
    }

    /// Reports what cannot start a node and skips it, to the end of the line or the next brace.
    fn unexpected(&mut self) {
        let start = self.scanner.at;
        self.scanner.fresh = false;
        let mut first = start;
        loop {
            let byte = self.scanner.peek();
            let is_comment = byte == b'/' && matches!(self.scanner.byte(self.scanner.at + 1), b'/' | b'*');
            if self.scanner.is_at_end() || is_comment || chars::class(byte) & (chars::BREAK | chars::CONTROL) != 0 {
                break;
            }
            if matches!(byte, b';' | b'{' | b'}') {
                break;
            }
            match self.scanner.character(self.scanner.at) {
                Some(character) if !chars::is_line_break(character) && !chars::is_disallowed(character) => {
                    self.scanner.at += character.len_utf8();
                }
                _ => break,
            }
            if first == start {
                first = self.scanner.at;
            }
        }
        let end = start + self.scanner.text[start..self.scanner.at].trim_end_matches(chars::is_space).len();
        self.scanner.at = end;
        self.scanner.junk.push((start, end));
        let finding = messages::unexpected(self.scanner.span(start, end), &self.scanner.text[start..first]);
        self.scanner.report(finding);
        self.scanner.node_space();
        if self.scanner.peek() == b';' {
            self.scanner.terminator();
        }
        self.junk_before = true;
    }

    /// Reports a name that is not one.
    pub(super) fn report_name(&mut self, name: Scalar, trouble: Option<Trouble>, role: Role) {
        let is_string = !matches!(name.form, Form::Number | Form::Keyword);
        if trouble.is_none() && is_string {
            return;
        }
        let span = self.scanner.span(name.start, name.end);
        let raw = &self.scanner.text[name.start..name.end];
        let finding = match trouble {
            Some(trouble) => messages::trouble(trouble, role, span, raw),
            None => messages::not_a_name(role, span, raw),
        };
        self.scanner.report(finding);
    }
}

/// Places and indices as the tree keeps them; a file is at most 8 MiB.
pub(super) fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
