//! What a setting means: one variant for each type, and the one canonical text of each.
//!
//! Large types are boxed: a fleet holds many values, and most of them are short.

use std::collections::BTreeMap;
use std::fmt;

use compact_str::CompactString;
use ipnet::IpNet;
use jiff::civil::Date;

use crate::source::Span;
use crate::value::{
    Ags, Cron, Dn, Duration, GroupName, HostName, Image, Percentage, Quantity, Range, Semver, Url, Version, Window,
};

/// A value that was checked.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A text, a path or a time zone.
    Text(CompactString),
    Integer(i64),
    Boolean(bool),
    /// A DNS label, a choice, a reference, a label or a key.
    Name(CompactString),
    HostName(HostName),
    Ags(Ags),
    Quantity(Quantity),
    Percentage(Percentage),
    Duration(Duration),
    Cron(Box<Cron>),
    Window(Window),
    Cidr(IpNet),
    Dn(Box<Dn>),
    Group(Box<GroupName>),
    Image(Box<Image>),
    Semver(Box<Semver>),
    Version(Box<Version>),
    Url(Url),
    Date(Date),
    Range(Range),
    List(Vec<Value>),
    /// Names and their texts.
    Texts(Box<Texts>),
}

/// Names and their texts, sorted; each text with its place where it was written down and not handed on.
pub type Texts = BTreeMap<CompactString, (CompactString, Option<Span>)>;

macro_rules! getters {
    ($($getter:ident, $variant:ident -> $type:ty;)*) => {
        $(
            pub fn $getter(&self) -> Option<&$type> {
                if let Value::$variant(value) = self { Some(value) } else { None }
            }
        )*
    };
}

macro_rules! copy_getters {
    ($($getter:ident, $variant:ident -> $type:ty;)*) => {
        $(
            pub fn $getter(&self) -> Option<$type> {
                if let Value::$variant(value) = self { Some(*value) } else { None }
            }
        )*
    };
}

impl Value {
    getters! {
        as_host_name, HostName -> HostName;
        as_ags, Ags -> Ags;
        as_cron, Cron -> Cron;
        as_dn, Dn -> Dn;
        as_group, Group -> GroupName;
        as_image, Image -> Image;
        as_semver, Semver -> Semver;
        as_version, Version -> Version;
        as_url, Url -> Url;
    }

    copy_getters! {
        as_integer, Integer -> i64;
        as_boolean, Boolean -> bool;
        as_quantity, Quantity -> Quantity;
        as_percentage, Percentage -> Percentage;
        as_duration, Duration -> Duration;
        as_window, Window -> Window;
        as_cidr, Cidr -> IpNet;
        as_date, Date -> Date;
        as_range, Range -> Range;
    }

    /// The text of everything that is kept as it was written.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Text(text) | Value::Name(text) => Some(text),
            Value::HostName(name) => Some(name.as_str()),
            Value::Ags(key) => Some(key.as_str()),
            Value::Dn(name) => Some(name.as_str()),
            Value::Group(name) => Some(name.as_str()),
            Value::Image(image) => Some(image.as_str()),
            Value::Semver(version) => Some(version.as_str()),
            Value::Version(version) => Some(version.as_str()),
            Value::Url(url) => Some(url.as_str()),
            Value::Cron(schedule) => Some(schedule.as_str()),
            _ => None,
        }
    }

    pub fn as_texts(&self) -> Option<&Texts> {
        if let Value::Texts(texts) = self { Some(texts) } else { None }
    }

    pub fn as_list(&self) -> Option<&[Value]> {
        if let Value::List(list) = self { Some(list) } else { None }
    }

    /// The canonical text.
    pub fn render(&self) -> String {
        self.to_string()
    }

    /// The canonical text as it stands in a spec, without quotes: booleans have a `#` there.
    pub fn source(&self) -> String {
        match self {
            Value::Boolean(value) => format!("#{value}"),
            other => other.to_string(),
        }
    }
}

/// The canonical text; the elements of a list with commas between them.
impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(text) = self.as_str() {
            return out.write_str(text);
        }
        match self {
            Value::Integer(value) => value.fmt(out),
            Value::Boolean(value) => value.fmt(out),
            Value::Quantity(value) => value.fmt(out),
            Value::Percentage(value) => value.fmt(out),
            Value::Duration(value) => value.fmt(out),
            Value::Window(value) => value.fmt(out),
            Value::Cidr(value) => value.fmt(out),
            Value::Date(value) => value.fmt(out),
            Value::Range(value) => value.fmt(out),
            Value::List(list) => {
                for (at, value) in list.iter().enumerate() {
                    if at > 0 {
                        out.write_str(", ")?;
                    }
                    value.fmt(out)?;
                }
                Ok(())
            }
            Value::Texts(texts) => {
                for (at, (name, (text, _))) in texts.iter().enumerate() {
                    let comma = if at > 0 { ", " } else { "" };
                    write!(out, "{comma}{name}={text}")?;
                }
                Ok(())
            }
            // The rest is text and was written above.
            _ => Ok(()),
        }
    }
}
