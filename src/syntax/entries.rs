//! From scalars to arguments and properties, with their type annotations.
//!
//! Whatever goes wrong in a node's line is reported once and the line is read on, so that a mistake in one setting
//! does not hide the others.

use super::messages::{self, Role};
use super::parser::{Parser, narrow};
use super::scanner::{Scalar, Trouble};
use super::text::Form;
use super::tree::{AnnotationData, EntryData, NONE};
use super::{chars, scanner::Scanner};

impl Parser<'_> {
    /// Reads a node from behind its name to its end, or to the `{` of its children.
    pub(super) fn entries(&mut self, node: u32, indent: u32) {
        self.scanner.node_space();
        if self.scanner.peek() == b'=' {
            self.equals_behind_node();
        }
        loop {
            let at = self.scanner.at;
            match self.scanner.peek() {
                b'}' => return,
                b'#' if self.scanner.hash_comment() => {}
                b'"' | b'#' => self.entry(node, false),
                byte if chars::class(byte) & chars::WORD != 0 => self.entry(node, false),
                b'{' if !self.scanner.is_scalar_start() => return self.open_block(node, indent),
                b'/' if self.scanner.byte(at + 1) == b'-' => {
                    self.scanner.at += 2;
                    self.scanner.line_space();
                    let is_block = self.scanner.peek() == b'{' && !self.scanner.is_scalar_start();
                    if is_block {
                        return self.open_disabled(node, indent);
                    }
                    if self.scanner.is_scalar_start() || self.scanner.peek() == b'(' {
                        self.previous.broken = true;
                        self.entry(node, true);
                    } else {
                        self.slashdash_of_nothing(at);
                    }
                }
                _ if self.scanner.terminator() => return,
                b'=' => self.stray_equals(),
                _ if self.scanner.is_scalar_start() || self.scanner.peek() == b'(' => self.entry(node, false),
                _ => self.step_over(),
            }
        }
    }

    /// Reads an argument or a property, and the white space behind it.
    pub(super) fn entry(&mut self, node: u32, disabled: bool) {
        let start = self.scanner.at;
        if start == self.previous.end && !self.previous.broken && self.glued(node) {
            return;
        }
        let mut annotation = NONE;
        if self.scanner.peek() == b'(' {
            annotation = self.annotation();
            self.scanner.node_space();
            if !self.scanner.is_scalar_start() {
                let end = self.annotations.last().map_or(start, |it| it.end as usize);
                self.report_no_value(start, end);
                return;
            }
        }
        let (scalar, trouble) = self.scanner.scalar(false);
        self.scanner.node_space();
        self.entry_from(node, annotation, scalar, trouble, disabled);
    }

    fn report_no_value(&mut self, start: usize, end: usize) {
        let slash = self.scanner.at;
        let finding = if self.scanner.peek() == b'/' && self.scanner.byte(slash + 1) == b'-' {
            self.scanner.at += 2;
            messages::slashdash_inside(self.scanner.span(slash, slash + 2), "between a type annotation and its value")
        } else {
            messages::annotation_of_nothing(self.scanner.span(start, end), "a value")
        };
        self.scanner.report(finding);
    }

    /// Goes on behind the first scalar of an argument or property.
    pub(super) fn entry_from(
        &mut self,
        node: u32,
        annotation: u32,
        scalar: Scalar,
        trouble: Option<Trouble>,
        disabled: bool,
    ) {
        if self.scanner.peek() != b'=' {
            self.report_value(scalar, trouble);
            self.push_entry(node, None, scalar, annotation, disabled);
            return;
        }
        if let Some(annotation) = self.annotations.get(annotation as usize).copied() {
            let span = self.scanner.span(annotation.start as usize, annotation.end as usize);
            let finding = messages::annotation_before_name(span);
            self.scanner.report(finding);
        }
        let (mut name, mut trouble) = (scalar, trouble);
        while let Some((next, next_trouble)) = self.property(node, name, trouble, disabled) {
            (name, trouble) = (next, next_trouble);
        }
    }

    /// Reads a property from its `=` on. Where the value turns out to be the name of the next property, the first has
    /// no value and the name is handed back.
    fn property(
        &mut self,
        node: u32,
        name: Scalar,
        trouble: Option<Trouble>,
        disabled: bool,
    ) -> Option<(Scalar, Option<Trouble>)> {
        self.report_name(name, trouble, Role::PropertyName);
        let equals = self.scanner.at;
        self.scanner.at += 1;
        let mut apart = self.scanner.node_space();
        while self.scanner.peek() == b'=' {
            let second = self.scanner.at;
            self.scanner.at += 1;
            self.scanner.junk.push((second, second + 1));
            let finding =
                messages::second_equals(self.scanner.span(equals, equals + 1), self.scanner.span(second, second + 1));
            self.scanner.report(finding);
            apart = self.scanner.node_space();
        }
        let mut annotation = NONE;
        if self.scanner.peek() == b'(' {
            let start = self.scanner.at;
            annotation = self.annotation();
            self.scanner.node_space();
            if !self.scanner.is_scalar_start() {
                let end = self.annotations.last().map_or(start, |it| it.end as usize);
                self.report_no_value(start, end);
                self.push_entry(node, Some(name), missing(end), NONE, disabled);
                return None;
            }
        } else if self.scanner.peek() == b'/' && self.scanner.byte(self.scanner.at + 1) == b'-' {
            let slash = self.scanner.at;
            self.scanner.at += 2;
            let span = self.scanner.span(slash, slash + 2);
            self.scanner.report(messages::slashdash_inside(span, "between a property and its value"));
            self.scanner.node_space();
            if !self.scanner.is_scalar_start() {
                self.push_entry(node, Some(name), missing(equals + 1), NONE, disabled);
                return None;
            }
        } else if !self.scanner.is_scalar_start() {
            self.missing_value(node, name, equals, disabled);
            return None;
        }
        let (mut value, mut value_trouble) = self.scanner.scalar(false);
        let behind = value.end;
        if self.scanner.at == behind && self.scanner.peek() == b'=' && value.form == Form::Bare && !apart {
            let number = self.scanner.number_before_name(value.start, behind);
            self.scanner.at = number.unwrap_or(behind);
            if number.is_some() {
                (value.form, value.broken, value_trouble) = (Form::Number, false, None);
            } else {
                self.scanner.rest_of_word(false);
                value.broken = true;
                value_trouble = Some(Trouble::Reserved(behind));
            }
            value.end = self.scanner.at;
        }
        self.scanner.node_space();
        let is_next_name = apart && annotation == NONE && value.form == Form::Bare && value_trouble.is_none();
        if is_next_name && self.scanner.peek() == b'=' {
            self.missing_value(node, name, equals, disabled);
            return Some((value, None));
        }
        self.report_value(value, value_trouble);
        self.push_entry(node, Some(name), value, annotation, disabled);
        None
    }

    fn missing_value(&mut self, node: u32, name: Scalar, equals: usize, disabled: bool) {
        let raw = &self.scanner.text[name.start..name.end];
        let finding = messages::missing_value(
            self.scanner.span(name.start, name.end),
            self.scanner.span(equals, equals + 1),
            raw,
        );
        self.scanner.report(finding);
        self.push_entry(node, Some(name), missing(equals + 1), NONE, disabled);
    }

    fn push_entry(&mut self, node: u32, name: Option<Scalar>, value: Scalar, annotation: u32, disabled: bool) {
        let entry = narrow(self.entries.len());
        self.entries.push(EntryData {
            name_start: name.map_or(0, |name| narrow(name.start)),
            name_end: name.map_or(0, |name| narrow(name.end)),
            value_start: narrow(value.start),
            value_end: narrow(value.end),
            annotation,
            next: NONE,
            name_form: name.map_or(Form::Bare, |name| name.form),
            value_form: value.form,
            broken: value.broken,
            disabled,
        });
        self.previous = value;
        let node = &mut self.nodes[node as usize];
        match self.entries.get_mut(node.last_entry as usize) {
            Some(last) => last.next = entry,
            None => node.first_entry = entry,
        }
        node.last_entry = entry;
    }

    fn report_value(&mut self, value: Scalar, trouble: Option<Trouble>) {
        if let Some(trouble) = trouble {
            let span = self.scanner.span(value.start, value.end);
            let raw = &self.scanner.text[value.start..value.end];
            self.scanner.report(messages::trouble(trouble, Role::Value, span, raw));
        }
    }

    /// Reads a type annotation with its parentheses; the scanner stands at the `(`.
    pub(super) fn annotation(&mut self) -> u32 {
        let start = self.scanner.at;
        self.scanner.at += 1;
        self.scanner.fresh = false;
        self.scanner.node_space();
        let slash = self.scanner.at;
        let slashdash = self.scanner.peek() == b'/' && self.scanner.byte(slash + 1) == b'-';
        if slashdash {
            self.scanner.at += 2;
            let span = self.scanner.span(slash, slash + 2);
            self.scanner.report(messages::slashdash_inside(span, "inside a type annotation"));
        }
        let mut name = slashdash.then(|| missing(self.scanner.at));
        if self.scanner.is_scalar_start() {
            let (scalar, trouble) = self.scanner.scalar(true);
            self.report_name(scalar, trouble, Role::Annotation);
            name = Some(scalar);
        }
        let end = self.scanner.at;
        self.scanner.node_space();
        if self.scanner.peek() == b')' {
            self.scanner.at += 1;
            if name.is_none() {
                let finding = messages::empty_annotation(self.scanner.span(start, self.scanner.at));
                self.scanner.report(finding);
            }
        } else {
            self.scanner.at = end;
            let finding = messages::unclosed_annotation(self.scanner.span(start, start + 1));
            self.scanner.report(finding);
        }
        let name = name.unwrap_or_else(|| missing(end));
        self.annotations.push(AnnotationData {
            start: narrow(start),
            end: narrow(self.scanner.at),
            name_start: narrow(name.start),
            name_end: narrow(name.end),
            name_form: name.form,
        });
        self.previous.broken = true;
        narrow(self.annotations.len() - 1)
    }

    /// A value that begins where the one before it ends; true where it was dealt with as something else.
    fn glued(&mut self, node: u32) -> bool {
        let (at, previous) = (self.scanner.at, self.previous);
        if self.scanner.peek() == b',' && !continues_word(&self.scanner, at + 1) {
            self.scanner.at += 1;
            self.scanner.junk.push((at, at + 1));
            let finding = messages::comma(self.scanner.span(at, at + 1));
            self.scanner.report(finding);
            self.previous.broken = true;
            self.previous.end = self.scanner.at;
            self.scanner.node_space();
            return true;
        }
        if previous.form == Form::Quoted && self.close_earlier(node) {
            return true;
        }
        let behind = self.scanner.text[at..].chars().take(16);
        let behind: String = behind.take_while(|it| !chars::is_space(*it) && !chars::is_line_break(*it)).collect();
        let before = &self.scanner.text[previous.start..previous.end];
        let end = at + self.scanner.character(at).map_or(1, char::len_utf8);
        let finding = messages::missing_space(self.scanner.span(at, end), before, &behind);
        self.scanner.report(finding);
        false
    }

    /// In `title="Stadt Goch ags="05154"` the string seems to end at the quote that opens the next one: goes back to
    /// where it should have been closed.
    fn close_earlier(&mut self, node: u32) -> bool {
        let Scalar { start, end, .. } = self.previous;
        let last = self.nodes[node as usize].last_entry as usize;
        let Some(entry) = self.entries.get_mut(last).filter(|entry| entry.value_end == narrow(end)) else {
            return false;
        };
        let content = &self.scanner.text[start + 1..end - 1];
        let Some(before_equals) = content.strip_suffix('=') else { return false };
        let Some(blank) = before_equals.rfind(' ').filter(|blank| *blank > 0) else { return false };
        let name = &before_equals[blank + 1..];
        if name.is_empty() || !name.chars().all(chars::is_word) || chars::starts_number(name.as_bytes()) {
            return false;
        }
        let content_end = start + 1 + before_equals[..blank].trim_end().len();
        entry.value_end = narrow(content_end);
        entry.value_form = Form::Unclosed;
        entry.broken = true;
        self.previous.end = content_end;
        self.previous.broken = true;
        let finding = messages::quote_too_late(self.scanner.span(start, end), content_end);
        self.scanner.report(finding);
        self.scanner.at = content_end;
        self.scanner.node_space();
        true
    }

    fn equals_behind_node(&mut self) {
        let Scalar { start, end, .. } = self.previous;
        let equals = self.scanner.at;
        self.scanner.at += 1;
        self.scanner.node_space();
        let finding = messages::equals_behind_node(
            self.scanner.span(start, end),
            self.scanner.span(equals, equals + 1),
            &self.scanner.text[start..end],
        );
        self.scanner.report(finding);
        self.previous.broken = true;
    }

    /// A `=` with no name before it: skipped with the value that is glued to it.
    fn stray_equals(&mut self) {
        let at = self.scanner.at;
        self.scanner.at += 1;
        let finding = messages::equals_without_name(self.scanner.span(at, at + 1));
        self.scanner.report(finding);
        if self.scanner.is_scalar_start() {
            let start = self.scanner.at;
            let (value, _) = self.scanner.scalar(false);
            self.scanner.junk.push((start, value.end));
        }
        self.previous.broken = true;
        self.scanner.node_space();
    }

    fn slashdash_of_nothing(&mut self, at: usize) {
        let what = match self.scanner.peek() {
            b'}' => "`}`",
            b';' => "`;`",
            b'/' => "another `/-`",
            _ if self.scanner.is_at_end() => "the end of the file",
            _ => "something else",
        };
        let finding = messages::slashdash_of_nothing(self.scanner.span(at, at + 2), what);
        self.scanner.report(finding);
    }

    /// Reports and skips a character that has no meaning in a node.
    pub(super) fn step_over(&mut self) {
        let at = self.scanner.at;
        let end = at + self.scanner.character(at).map_or(1, char::len_utf8);
        self.scanner.at = end.min(self.scanner.bytes.len());
        self.scanner.junk.push((at, self.scanner.at));
        let finding = messages::bracket(self.scanner.span(at, self.scanner.at), &self.scanner.text[at..end]);
        self.scanner.report(finding);
        self.previous.broken = true;
        self.previous.end = self.scanner.at;
        self.scanner.node_space();
    }
}

/// The value that is not there, behind its `=`.
fn missing(at: usize) -> Scalar {
    Scalar { start: at, end: at, form: Form::Bare, broken: true }
}

fn continues_word(scanner: &Scanner<'_>, at: usize) -> bool {
    scanner.character(at).is_some_and(chars::is_word)
}
