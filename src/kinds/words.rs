//! Types in words, as the files of `stdlib/kinds/` write them: `list 1.. of core.v1.Container by name`.
//!
//! ```text
//! string | integer | number | boolean | any | int-or-string | quantity | port | a format such as dns-label
//! integer 1..65535          a range; of a string or a format its length: dns-name ..52
//! enum Always Never         one of these words; "" is the empty one
//! list of TYPE by a b=c     a list whose items are told apart by these fields, with what they default to
//! set of TYPE               a list in which nothing stands twice
//! map of TYPE by FORMAT within N bytes
//! core.v1.PodSpec, Name     a definition of Kubernetes, a type named above it in the same file
//! never WHY                 a field that exists and that a manifest must not set
//! ```

use std::sync::Arc;

use super::library::Definition;
use super::rules::{Leaf, Rule, format_named};
use super::schema::{Base, Choice, List, ListKey, MapOf, Schema};
use crate::object::Text;

/// Finds what a name stands for.
pub(crate) trait Names {
    /// A type that the same file has named.
    fn local(&self, name: &str) -> Option<Schema>;
    /// A definition of the Kubernetes API.
    fn definition(&self, name: &str) -> Option<&'static Definition>;
}

/// Reads a type; the error says what was found and what was expected.
pub(crate) fn parse_type(text: &str, names: &dyn Names) -> Result<Schema, String> {
    let mut words = Words { rest: text.trim(), names };
    let schema = words.schema()?;
    match words.next() {
        None => Ok(schema),
        Some(word) => Err(format!("`{word}` is left over at the end of the type `{text}`")),
    }
}

/// Reads the field names of `one of` and `at most one of`: groups divided by commas.
pub(crate) fn parse_choices(text: &str, required: bool) -> Vec<Choice> {
    text.split(',')
        .map(|group| Choice { fields: group.split_whitespace().map(Text::from).collect(), required })
        .collect()
}

/// A lower and an upper bound, where given.
type Bounds = (Option<i64>, Option<i64>);

struct Words<'t, 'n> {
    rest: &'t str,
    names: &'n dyn Names,
}

impl<'t> Words<'t, '_> {
    fn next(&mut self) -> Option<&'t str> {
        let word = self.peek()?;
        self.rest = self.rest[word.len()..].trim_start();
        Some(word)
    }

    fn peek(&self) -> Option<&'t str> {
        self.rest.split_ascii_whitespace().next()
    }

    /// Takes the word where it comes next.
    fn take(&mut self, word: &str) -> bool {
        let found = self.peek() == Some(word);
        if found {
            self.next();
        }
        found
    }

    fn expect(&mut self, word: &str) -> Result<(), String> {
        match self.next() {
            Some(found) if found == word => Ok(()),
            Some(found) => Err(format!("found `{found}`, expected `{word}`")),
            None => Err(format!("the type ends where `{word}` was expected")),
        }
    }

    fn schema(&mut self) -> Result<Schema, String> {
        let word = self.next().ok_or("the type is empty")?;
        Ok(match word {
            "any" => Schema::Any,
            "never" => Schema::Never(Arc::from(std::mem::take(&mut self.rest))),
            "boolean" => Schema::Boolean,
            "string" => self.leaf(Base::String, Vec::new())?,
            "integer" => self.leaf(Base::Integer, Vec::new())?,
            "number" => self.leaf(Base::Number, Vec::new())?,
            "int-or-string" => self.leaf(Base::IntegerOrString, Vec::new())?,
            "port" => self.leaf(Base::Integer, vec![port_range()])?,
            "port-or-name" => self.leaf(Base::IntegerOrString, vec![port_range(), format_rule("port-name")?])?,
            "int-or-percent" => {
                let range = Rule::Range { least: 0, most: i64::MAX };
                self.leaf(Base::IntegerOrString, vec![range, format_rule("percent")?])?
            }
            "enum" => self.words_allowed()?,
            "list" | "set" => self.list(word == "set")?,
            "map" => self.map()?,
            name => self.named(name)?,
        })
    }

    fn named(&mut self, name: &str) -> Result<Schema, String> {
        if let Some(format) = format_named(name) {
            return self.leaf(Base::String, vec![Rule::Format(format)]);
        }
        if let Some(schema) = self.names.local(name) {
            return Ok(schema);
        }
        if let Some(definition) = self.names.definition(name) {
            return Ok(Schema::Defined(definition));
        }
        Err(format!("`{name}` is no type, no format and no definition"))
    }

    /// A scalar, with the range that may follow it.
    fn leaf(&mut self, base: Base, mut rules: Vec<Rule>) -> Result<Schema, String> {
        if let Some((least, most)) = self.range()? {
            rules.push(match base {
                Base::Integer | Base::Number | Base::IntegerOrString => {
                    Rule::Range { least: least.unwrap_or(i64::MIN), most: most.unwrap_or(i64::MAX) }
                }
                Base::String => Rule::Length { least: size(least, 0), most: size(most, usize::MAX) },
            });
        }
        if rules.is_empty() {
            return Ok(Schema::Plain(base));
        }
        Ok(Schema::Leaf(Arc::new(Leaf { base, rules: rules.into() })))
    }

    fn words_allowed(&mut self) -> Result<Schema, String> {
        let mut words: Vec<Text> = Vec::new();
        while let Some(word) = self.next() {
            words.push(if word == "\"\"" { Text::default() } else { word.into() });
        }
        if words.is_empty() {
            return Err("`enum` has no words after it".to_owned());
        }
        Ok(Schema::Leaf(Arc::new(Leaf { base: Base::String, rules: Box::new([Rule::Word(words.into())]) })))
    }

    fn list(&mut self, is_set: bool) -> Result<Schema, String> {
        let (least, most) = self.range()?.unwrap_or_default();
        self.expect("of")?;
        let items = self.schema()?;
        let mut keys = Vec::new();
        if self.take("by") {
            while let Some(key) = self.next() {
                let (field, default) = key.split_once('=').map_or((key, None), |(field, word)| (field, Some(word)));
                keys.push(ListKey { field: field.into(), default: default.map(Text::from) });
            }
            if keys.is_empty() {
                return Err("`by` has no field after it".to_owned());
            }
        }
        let list = List { items, keys: keys.into(), is_set, least: size(least, 0), most: size(most, usize::MAX) };
        Ok(Schema::List(Arc::new(list)))
    }

    fn map(&mut self) -> Result<Schema, String> {
        self.expect("of")?;
        let values = self.schema()?;
        let mut map = MapOf { values, keys: None, most_bytes: None };
        if self.take("by") {
            let name = self.next().ok_or("`by` has no format after it")?;
            map.keys = Some(Arc::new(Leaf { base: Base::String, rules: Box::new([format_rule(name)?]) }));
        }
        if self.take("within") {
            let bytes = self.next().unwrap_or_default();
            map.most_bytes = Some(bytes.parse().map_err(|_| format!("`{bytes}` is no number of bytes"))?);
            self.expect("bytes")?;
        }
        Ok(Schema::Map(Arc::new(map)))
    }

    /// `1..5`, `1..`, `..5` or nothing.
    fn range(&mut self) -> Result<Option<Bounds>, String> {
        let Some((least, most)) = self.peek().and_then(|word| word.split_once("..")) else { return Ok(None) };
        let number = |text: &str| match text {
            "" => Ok(None),
            digits => digits.parse().map(Some).map_err(|_| format!("`{digits}` is no bound of a range")),
        };
        let range = (number(least)?, number(most)?);
        self.next();
        Ok(Some(range))
    }
}

fn port_range() -> Rule {
    Rule::Range { least: 1, most: 65_535 }
}

fn format_rule(name: &str) -> Result<Rule, String> {
    format_named(name).map(Rule::Format).ok_or_else(|| format!("`{name}` is no format"))
}

fn size(bound: Option<i64>, otherwise: usize) -> usize {
    bound.and_then(|bound| usize::try_from(bound).ok()).unwrap_or(otherwise)
}
