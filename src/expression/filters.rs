//! The closed list of what expressions can call, and the environment that holds it.
//!
//! A filter is data here, name and purpose, so that messages, completion and the reference page tell the same list. What
//! is not on it is refused when the expression is compiled.

use std::cmp::Ordering;
use std::sync::LazyLock;

use minijinja::value::{Kwargs, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, UndefinedBehavior, Value, filters, functions};
use sha2::{Digest, Sha256};

use super::scalar::as_text;
use super::strict::{COMPARISONS, CONDITION, JOINED};
use super::{describe, lists};
use crate::object::hexadecimal;
use crate::value::Version;

/// Every filter, with what it is for.
pub const FILTERS: [(&str, &str); 24] = [
    ("default", "the value, or the argument where it is none"),
    ("field", "the field of each item of a list"),
    ("first", "the first item of a list"),
    ("integer", "the number that a text spells"),
    ("join", "the items of a list as one text, with a separator between them"),
    ("json", "the value as JSON text"),
    ("largest", "the largest item of a list, number or quantity; of a field of the items where one is named"),
    ("last", "the last item of a list"),
    ("length", "how many items or characters there are"),
    ("lower", "the text in lower case"),
    ("replace", "the text with every occurrence of the first argument replaced by the second"),
    ("round_up", "the number or quantity, up to a multiple of the argument"),
    (
        "short",
        "the text, cut to a length where it is longer, with a digest in place of the rest so that it stays unique",
    ),
    ("slug", "the text as a DNS label: lower case, umlauts spelled out, `-` for all the rest"),
    ("sort", "the list in order"),
    ("split", "the pieces of a text between a separator"),
    ("spread", "a number from 0 to before the argument, always the same for the same text"),
    ("string", "a number or a boolean as text"),
    ("sum", "the items of a list together, numbers or quantities; a field of the items where one is named"),
    ("trim", "the text without blanks around it"),
    ("unique", "the list without repetitions"),
    ("upper", "the text in upper case"),
    ("values", "the values of a map, in the order of its names"),
    ("version_at_least", "whether a version is the one of the argument or a later one"),
];

/// Every test, `x is none`, with what it asks.
pub const TESTS: [(&str, &str); 6] = [
    ("boolean", "is it true or false"),
    ("integer", "is it a whole number"),
    ("list", "is it a list"),
    ("map", "is it a map"),
    ("none", "is it unset"),
    ("string", "is it text"),
];

/// Every function.
pub(super) const FUNCTIONS: [(&str, &str); 1] = [("range", "the whole numbers from the first to before the second")];

/// No expression of a spec needs more; one that does stops with a finding.
const FUEL: u64 = 50_000;

/// The environment in which all expressions are compiled and evaluated.
pub(super) fn environment() -> &'static Environment<'static> {
    static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(build);
    &ENVIRONMENT
}

fn build() -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_debug(true);
    environment.set_fuel(Some(FUEL));
    environment.add_filter("default", default);
    environment.add_filter("field", lists::field);
    environment.add_filter("first", filters::first);
    environment.add_filter("integer", integer);
    environment.add_filter("join", join);
    environment.add_filter("json", json);
    environment.add_filter("largest", lists::largest);
    environment.add_filter("last", filters::last);
    environment.add_filter("length", filters::length);
    environment.add_filter("lower", |value: &Value| Ok(text("lower", value)?.to_lowercase()));
    environment
        .add_filter("replace", |value: &Value, from: &str, to: &str| Ok(text("replace", value)?.replace(from, to)));
    environment.add_filter("round_up", lists::round_up);
    environment.add_filter("short", |value: &Value, length: usize| short(text("short", value)?, length));
    environment.add_filter("slug", |value: &Value| text("slug", value).map(slug));
    environment.add_filter("sort", sort);
    environment.add_filter("split", |value: &Value, separator: &str| {
        Ok(text("split", value)?.split(separator).map(Value::from).collect::<Value>())
    });
    environment.add_filter("spread", |value: &Value, count: i64| lists::spread(text("spread", value)?, count));
    environment.add_filter("string", string);
    environment.add_filter("sum", lists::sum);
    environment.add_filter("trim", |value: &Value| Ok(text("trim", value)?.trim().to_owned()));
    environment.add_filter("unique", filters::unique);
    environment.add_filter("upper", |value: &Value| Ok(text("upper", value)?.to_uppercase()));
    environment.add_filter("values", lists::values);
    environment.add_filter("version_at_least", version_at_least);
    environment.add_test("boolean", |value: &Value| value.kind() == ValueKind::Bool);
    environment.add_test("integer", |value: &Value| value.is_integer());
    environment.add_test("list", |value: &Value| matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable));
    environment.add_test("map", |value: &Value| value.kind() == ValueKind::Map);
    environment.add_test("none", |value: &Value| is_unset(value));
    environment.add_test("string", |value: &Value| value.kind() == ValueKind::String);
    environment.add_function("range", functions::range);
    for (sign, filter) in COMPARISONS {
        environment.add_filter(filter, move |left: &Value, right: &Value| compare(sign, left, right));
    }
    environment.add_filter(CONDITION, condition);
    environment.add_filter(JOINED, joined);
    environment
}

fn refuse(message: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}

/// A comparison of two values of one kind; with none anything is equal or not.
fn compare(sign: &str, left: &Value, right: &Value) -> Result<bool, Error> {
    if left.is_undefined() || right.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    let is_equality = matches!(sign, "==" | "!=");
    let has_none = left.is_none() || right.is_none();
    let alike = left.kind() == right.kind()
        || (matches!(left.kind(), ValueKind::Seq | ValueKind::Iterable)
            && matches!(right.kind(), ValueKind::Seq | ValueKind::Iterable));
    let ordered = matches!(left.kind(), ValueKind::Number | ValueKind::String);
    if !(is_equality && has_none || alike && (is_equality || ordered)) {
        return Err(refuse(if alike {
            format!("{} has no order, so `{sign}` cannot compare two of them", describe(left))
        } else {
            format!("{} is compared with {} here", describe(left), describe(right))
        }));
    }
    let order = left.cmp(right);
    Ok(match sign {
        "==" => left == right,
        "!=" => left != right,
        "<" => order == Ordering::Less,
        "<=" => order != Ordering::Greater,
        ">" => order == Ordering::Greater,
        _ => order != Ordering::Less,
    })
}

fn condition(value: &Value) -> Result<Value, Error> {
    match value.kind() {
        ValueKind::Bool => Ok(value.clone()),
        ValueKind::Undefined => Err(Error::from(ErrorKind::UndefinedError)),
        _ => Err(refuse(format!("a condition is a boolean, this is {}", describe(value)))),
    }
}

/// An operand of `~` as our own texts write it; minijinja would write `True` and `None`.
fn joined(value: &Value) -> Result<Value, Error> {
    if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    match as_text(value) {
        Ok(_) if value.kind() == ValueKind::String => Ok(value.clone()),
        Ok(text) => Ok(Value::from(text.as_str())),
        Err(kind) => Err(refuse(format!("`~` joins texts, this is {kind}"))),
    }
}

/// The text a filter works on; minijinja's own filters would turn none into `None` first.
fn text<'v>(filter: &str, value: &'v Value) -> Result<&'v str, Error> {
    if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    value.as_str().ok_or_else(|| refuse(format!("`{filter}` takes text, this is {}", describe(value))))
}

/// None, or an entry of a map that was asked for by `map["key"]` and is not there.
fn is_unset(value: &Value) -> bool {
    value.is_none() || value.is_undefined()
}

fn default(value: &Value, other: &Value) -> Value {
    if is_unset(value) { other.clone() } else { value.clone() }
}

fn join(value: &Value, separator: Option<&str>) -> Result<String, Error> {
    if value.kind() == ValueKind::String {
        return Err(refuse("`join` takes a list, this is a string".to_owned()));
    }
    let mut joined = String::new();
    for (at, item) in value.try_iter()?.enumerate() {
        if at > 0 {
            joined.push_str(separator.unwrap_or_default());
        }
        let item = as_text(&item).map_err(|kind| refuse(format!("`join` joins texts, item {} is {kind}", at + 1)))?;
        joined.push_str(&item);
    }
    Ok(joined)
}

fn integer(value: &Value) -> Result<Value, Error> {
    if value.is_integer() {
        return Ok(value.clone());
    }
    let parsed = value.as_str().and_then(|text| text.trim().parse::<i64>().ok());
    parsed.map(Value::from).ok_or_else(|| match value.as_str() {
        Some(text) => refuse(format!("`{text}` is not a whole number")),
        None => refuse(format!("`integer` reads text, this is {}", describe(value))),
    })
}

fn string(value: &Value) -> Result<Value, Error> {
    match as_text(value) {
        Ok(text) => Ok(Value::from(text.as_str())),
        Err(kind) => Err(refuse(format!("`string` writes a number or a boolean, this is {kind}"))),
    }
}

fn json(value: &Value) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| refuse(format!("this cannot be written as JSON: {error}")))
}

fn sort(state: &State<'_, '_>, value: Value, kwargs: Kwargs) -> Result<Value, Error> {
    let mut kinds = value.try_iter()?.map(|item| item.kind());
    let first = kinds.next();
    if kinds.any(|kind| Some(kind) != first) {
        return Err(refuse("`sort` needs items of one kind".to_owned()));
    }
    filters::sort(state, value, kwargs)
}

/// Two or three numbers on both sides: what a product adds behind its numbers, as in `v1.34.5+rke2r1`, is left aside.
fn version_at_least(value: &Value, least: &str) -> Result<bool, Error> {
    let read = |text: &str| {
        let numbers = text.split(['-', '+']).next().unwrap_or(text);
        Version::parse(numbers).map_err(|fault| refuse(fault.message))
    };
    Ok(read(text("version_at_least", value)?)? >= read(least)?)
}

/// As many digits of the digest as two texts of one fleet will hardly share.
const DIGEST_LENGTH: usize = 8;

fn short(text: &str, length: usize) -> Result<String, Error> {
    if length <= DIGEST_LENGTH {
        return Err(refuse(format!("`short` takes a length over {DIGEST_LENGTH}, this is {length}")));
    }
    if text.chars().count() <= length {
        return Ok(text.to_owned());
    }
    let digest = hexadecimal(&Sha256::digest(text.as_bytes())[..DIGEST_LENGTH / 2]);
    let kept: String = text.chars().take(length - DIGEST_LENGTH - 1).collect();
    Ok(format!("{kept}-{digest}"))
}

fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            'ä' => slug.push_str("ae"),
            'ö' => slug.push_str("oe"),
            'ü' => slug.push_str("ue"),
            'ß' => slug.push_str("ss"),
            'a'..='z' | '0'..='9' => slug.push(letter),
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}
