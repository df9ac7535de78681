//! Blocks: where they open, where they close, and where a brace is missing or too many.
//!
//! A missing brace is noticed only at the end of the file. Who forgot it is told by the indentation: a node that stands
//! no further in than the owner of the block cannot be in it. That reading is only tried on files whose braces do not
//! match, and only believed where it needs no more findings.

use std::ops::Range;

use super::parser::{Blocks, Frame, FrameKind, Parser, narrow};
use super::scanner::Scalar;
use super::text::Form;
use super::tree::NONE;
use super::{MAXIMUM_DEPTH, chars, messages};
use crate::diagnostic::Diagnostic;
use crate::source::Span;

impl Parser<'_> {
    /// Opens the block of a node; the scanner stands at its `{`.
    pub(super) fn open_block(&mut self, node: u32, indent: u32) {
        self.nodes[node as usize].open = narrow(self.scanner.at);
        self.nodes[node as usize].close = narrow(self.scanner.bytes.len());
        self.open(FrameKind::Children, node, node, NONE, indent);
    }

    /// Opens a block that `/-` comments out.
    pub(super) fn open_disabled(&mut self, node: u32, indent: u32) {
        self.open(FrameKind::Disabled, node, NONE, NONE, indent);
    }

    pub(super) fn open_nameless(&mut self, quiet: bool) {
        let at = self.scanner.at;
        let Some(around) = self.frames.last().copied() else { return };
        if !quiet && around.kind != FrameKind::Nameless {
            let finding = messages::block_of_nothing(self.scanner.span(at, at + 1));
            self.scanner.report(finding);
        }
        let indent = self.indent();
        self.scanner.at += 1;
        self.scanner.fresh = false;
        self.frames.push(Frame { kind: FrameKind::Nameless, open: at, indent, ..around });
    }

    fn open(&mut self, kind: FrameKind, owner: u32, parent: u32, tail: u32, indent: u32) {
        let open = self.scanner.at;
        self.scanner.at += 1;
        self.scanner.fresh = false;
        let depth = self.frames.last().map_or(0, |frame| frame.depth) + 1;
        if depth == MAXIMUM_DEPTH + 1 {
            let finding = messages::too_deep(self.scanner.span(open, open + 1));
            self.scanner.report(finding);
        }
        let parent = if depth > MAXIMUM_DEPTH { NONE } else { parent };
        let tail = if depth > MAXIMUM_DEPTH { NONE } else { tail };
        self.frames.push(Frame { kind, owner, parent, tail, open, indent, depth });
    }

    pub(super) fn close_brace(&mut self) {
        let at = self.scanner.at;
        let indent = self.indent();
        if self.blocks == Blocks::ByIndentation && indent != NONE && !self.close_to_brace(indent) {
            self.scanner.at += 1;
            self.scanner.fresh = false;
            self.stray_brace(at, at + 1, 1);
            return;
        }
        self.scanner.at += 1;
        self.scanner.fresh = false;
        if self.frames.len() == 1 {
            let mut count = 1;
            let mut end = self.scanner.at;
            loop {
                self.scanner.line_space();
                if self.scanner.peek() != b'}' {
                    break;
                }
                count += 1;
                self.scanner.at += 1;
                end = self.scanner.at;
            }
            self.stray_brace(at, end, count);
            return;
        }
        let Some(frame) = self.pop(self.scanner.at) else { return };
        if frame.kind != FrameKind::Nameless {
            self.behind_block(frame);
        }
    }

    fn stray_brace(&mut self, start: usize, end: usize, count: usize) {
        self.unmatched += 1;
        let finding = messages::stray_brace(self.scanner.span(start, end), count);
        self.scanner.report(finding);
    }

    /// Ends the innermost block at a place.
    fn pop(&mut self, end: usize) -> Option<Frame> {
        let frame = self.frames.pop()?;
        match frame.kind {
            FrameKind::Children => self.nodes[frame.owner as usize].close = narrow(end),
            FrameKind::Nameless => {
                if let Some(around) = self.frames.last_mut() {
                    around.tail = frame.tail;
                }
            }
            FrameKind::Root | FrameKind::Second | FrameKind::Disabled => {}
        }
        Some(frame)
    }

    /// Reads what stands behind the `}` of a node.
    fn behind_block(&mut self, frame: Frame) {
        let node = frame.owner;
        let mut reported = false;
        loop {
            self.scanner.node_space();
            let at = self.scanner.at;
            let block = self.scanner.span(frame.open, at);
            match self.scanner.peek() {
                b'}' => return,
                b'{' if self.nodes[node as usize].open == NONE => return self.open_block(node, frame.indent),
                b'{' => {
                    let first = self.nodes[node as usize].open as usize;
                    let finding =
                        messages::second_block(self.scanner.span(at, at + 1), self.scanner.span(first, first + 1));
                    self.scanner.report(finding);
                    let parent = if frame.kind == FrameKind::Disabled { NONE } else { frame.parent };
                    let tail = if parent == NONE { NONE } else { frame.tail };
                    return self.open(FrameKind::Second, node, parent, tail, frame.indent);
                }
                b'/' if self.scanner.byte(at + 1) == b'-' => {
                    self.scanner.at += 2;
                    self.scanner.line_space();
                    if self.scanner.peek() == b'{' {
                        return self.open_disabled(node, frame.indent);
                    }
                    let span = self.scanner.span(at, at + 2);
                    self.scanner.report(messages::slashdash_inside(span, "behind a block, except before another `{`"));
                    reported = true;
                }
                b'#' if self.scanner.hash_comment() => {}
                _ if self.scanner.terminator() => return,
                b'(' => {
                    self.report_behind_block(at..at + 1, block, &mut reported);
                    self.entry(node, false);
                }
                _ if self.scanner.is_scalar_start() => {
                    let (scalar, trouble) = self.scanner.scalar(false);
                    self.scanner.node_space();
                    let is_name = matches!(scalar.form, Form::Bare | Form::Quoted) && trouble.is_none();
                    if is_name && self.scanner.peek() != b'=' && self.nodes[node as usize].open != NONE && !reported {
                        return self.node_behind_block(scalar);
                    }
                    self.report_behind_block(at..scalar.end, block, &mut reported);
                    self.entry_from(node, NONE, scalar, trouble, false);
                }
                _ => self.step_over(),
            }
        }
    }

    fn report_behind_block(&mut self, range: Range<usize>, block: Span, reported: &mut bool) {
        if !std::mem::replace(reported, true) {
            let text = &self.scanner.text[block.range()];
            let brace = text.rfind('}').unwrap_or(0);
            let finding =
                messages::behind_block(self.scanner.span(range.start, range.end), block.part(brace..brace + 1));
            self.scanner.report(finding);
        }
    }

    /// A node that follows a `}` on its line.
    fn node_behind_block(&mut self, name: Scalar) {
        let raw = &self.scanner.text[name.start..name.end];
        let finding = messages::node_behind_block(self.scanner.span(name.start, name.end), raw);
        self.scanner.report(finding);
        let node = self.push_node(name.start, name, NONE, false);
        self.entries(node, NONE);
    }

    /// Closes the blocks that a node on a line so indented cannot be in.
    pub(super) fn close_up_to(&mut self, indent: u32) {
        while let Some(frame) = self.frames.last().filter(|frame| frame.indent != NONE && frame.indent >= indent) {
            let frame = *frame;
            self.close_early(frame);
        }
    }

    /// Closes the blocks above the one that a `}` so indented belongs to; false where it belongs to none.
    fn close_to_brace(&mut self, indent: u32) -> bool {
        let Some(innermost) = self.frames.last().filter(|frame| frame.indent != NONE) else { return true };
        if innermost.indent <= indent {
            return innermost.indent == indent;
        }
        let near = self.frames.iter().rev().take(MAXIMUM_DEPTH).position(|frame| frame.indent == indent);
        for _ in 0..near.unwrap_or(0) {
            if let Some(frame) = self.frames.last().copied() {
                self.close_early(frame);
            }
        }
        true
    }

    fn close_early(&mut self, frame: Frame) {
        let (line, at) = (self.scanner.line_start, self.scanner.at);
        self.pop(line);
        let end = at + self.scanner.character(at).map_or(0, char::len_utf8);
        let finding = self.unclosed(frame, self.scanner.span(at, end), 0);
        let brace = format!("{}}}\n", self.indentation(frame));
        self.scanner.report(finding.fix("close the block", self.scanner.span(line, line), brace));
    }

    /// The white space before the line that opens a block.
    fn indentation(&self, frame: Frame) -> String {
        let before = &self.scanner.text[..frame.open];
        let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
        let space = &line[..line.len() - line.trim_start_matches(chars::is_space).len()];
        // One that opens behind something else on its line has none of its own.
        let width = if frame.indent == NONE { space.len() } else { frame.indent as usize };
        space.get(..width).map_or_else(|| " ".repeat(width), str::to_owned)
    }

    pub(super) fn end_of_file(&mut self) {
        let end = self.scanner.bytes.len();
        let open = self.frames.len() - 1;
        if open > 0 && !self.scanner.swallowed {
            self.unmatched += open;
            if let Some(innermost) = self.frames.last().copied() {
                let finding = self.unclosed(innermost, self.scanner.span(end, end), open - 1);
                self.scanner.report(finding);
            }
        }
        while self.frames.len() > 1 {
            self.pop(end);
        }
    }

    fn unclosed(&self, frame: Frame, expected: Span, more: usize) -> Diagnostic {
        let owner = self.nodes.get(frame.owner as usize).filter(|_| frame.kind != FrameKind::Nameless);
        let name = owner.map(|node| &self.scanner.text[node.name_start as usize..node.name_end as usize]);
        messages::unclosed_block(self.scanner.span(frame.open, frame.open + 1), name, expected, more)
    }
}
