//! What a scalar's value is held to: ranges, lists of words, formats and patterns.
//!
//! A format is one line of [`FORMATS`]: its name in the schemas, what it expects in words, and a function. They are
//! the grammars that Kubernetes' own validation applies to strings and that its published schemas leave out.

use std::fmt::Write as _;

use regex_lite::Regex;

use super::formats::FORMATS;
use super::schema::Base;
use crate::object::{Node, Text};

/// A scalar and what its value is held to.
#[derive(Debug)]
pub(crate) struct Leaf {
    pub(crate) base: Base,
    pub(crate) rules: Box<[Rule]>,
}

#[derive(Debug)]
pub(crate) enum Rule {
    /// One of these strings.
    Word(Box<[Text]>),
    /// An integer between these, both included.
    Range {
        least: i64,
        most: i64,
    },
    /// A string of so many characters.
    Length {
        least: usize,
        most: usize,
    },
    Format(&'static Format),
    /// A pattern as a custom resource definition gives it.
    Pattern(Box<Regex>),
}

/// A grammar of strings.
#[derive(Debug)]
pub(crate) struct Format {
    pub(crate) name: &'static str,
    /// What is expected, to stand after "expected".
    pub(crate) expected: &'static str,
    pub(crate) holds: fn(&str) -> bool,
}

pub(crate) fn format_named(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

impl Base {
    pub(crate) fn takes(self, node: &Node) -> bool {
        match self {
            Base::String => matches!(node, Node::String(_)),
            Base::Integer => matches!(node, Node::Integer(_)),
            Base::Number => matches!(node, Node::Integer(_) | Node::Float(_)),
            Base::IntegerOrString => matches!(node, Node::Integer(_) | Node::String(_)),
        }
    }

    pub(crate) fn expected(self) -> &'static str {
        match self {
            Base::String => "a string",
            Base::Integer => "an integer",
            Base::Number => "a number",
            Base::IntegerOrString => "an integer or a string",
        }
    }
}

impl Leaf {
    /// The first rule that the value breaks; a value of another kind breaks none.
    pub(crate) fn broken(&self, node: &Node) -> Option<&Rule> {
        self.rules.iter().find(|rule| !rule.holds(node))
    }

    /// As [`Leaf::broken`], of a key.
    pub(crate) fn broken_text(&self, text: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| !rule.holds_text(text))
    }

    /// Whether kind and value are as they have to be.
    pub(crate) fn holds(&self, node: &Node) -> bool {
        self.base.takes(node) && self.broken(node).is_none()
    }

    /// What is expected, in words.
    pub(crate) fn expected(&self) -> String {
        let mut words = String::new();
        for rule in &self.rules {
            let _ = write!(words, "{}{}", if words.is_empty() { "" } else { ", and " }, rule.expected());
        }
        match self.base {
            Base::IntegerOrString if self.rules.len() > 1 => words.replace(", and ", " or "),
            _ if words.is_empty() => self.base.expected().to_owned(),
            _ => words,
        }
    }
}

impl Rule {
    fn holds(&self, node: &Node) -> bool {
        match (self, node) {
            (Rule::Range { least, most }, Node::Integer(number)) => (*least..=*most).contains(number),
            #[expect(clippy::cast_precision_loss, reason = "a bound of a schema is far below 2^53")]
            (Rule::Range { least, most }, Node::Float(number)) => *number >= *least as f64 && *number <= *most as f64,
            (rule, Node::String(text)) => rule.holds_text(text),
            _ => true,
        }
    }

    fn holds_text(&self, text: &str) -> bool {
        match self {
            Rule::Range { .. } => true,
            Rule::Word(words) => words.iter().any(|word| word == text),
            Rule::Length { least, most } => {
                (*least..=*most).contains(&if text.is_ascii() { text.len() } else { text.chars().count() })
            }
            Rule::Format(format) => (format.holds)(text),
            Rule::Pattern(pattern) => pattern.is_match(text),
        }
    }

    /// How many characters a string may have, where the rule says so.
    pub(crate) fn longest(&self) -> Option<usize> {
        match self {
            Rule::Length { most, .. } if *most < usize::MAX => Some(*most),
            Rule::Format(format) => match format.name {
                "dns-label" | "service-name" | "label-value" => Some(63),
                "dns-name" | "config-key" => Some(253),
                "port-name" => Some(15),
                _ => None,
            },
            _ => None,
        }
    }

    pub(crate) fn expected(&self) -> String {
        match self {
            Rule::Word(words) => match &**words {
                [only] => format!("`{only}`"),
                [most @ .., last] => {
                    let most: Vec<String> = most.iter().map(|word| format!("`{word}`")).collect();
                    format!("{} or `{last}`", most.join(", "))
                }
                [] => "no value at all".to_owned(),
            },
            Rule::Range { least, most: i64::MAX } => format!("an integer of at least {least}"),
            Rule::Range { least: i64::MIN, most } => format!("an integer of at most {most}"),
            Rule::Range { least, most } => format!("an integer from {least} to {most}"),
            Rule::Length { least, most: usize::MAX } => format!("at least {least} characters"),
            Rule::Length { least: 0, most } => format!("at most {most} characters"),
            Rule::Length { least, most } => format!("{least} to {most} characters"),
            Rule::Format(format) => format.expected.to_owned(),
            Rule::Pattern(pattern) => format!("a string that matches `{}`", pattern.as_str()),
        }
    }
}
