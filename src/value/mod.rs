//! The values of the language: what a setting can be, parsed exactly and kept as a type of its own.
//!
//! A [`Kind`] is the declared kind of a setting, a [`Lexeme`] what stands in the text, a [`Value`] what it means.
//! [`Kind::parse`] is the one way from the second to the third; it reads the raw text of a number, never a float. It
//! returns a [`Fault`], to which the caller adds the place. One file per kind: its type, its parser, its canonical
//! form, and the mistakes people make with it.

mod ags;
mod cidr;
mod cron;
mod date;
mod dns;
mod duration;
mod group;
mod host;
mod image;
mod integer;
mod kind;
mod label;
mod moment;
pub mod names;
mod path;
mod percentage;
mod place;
mod quantity;
mod range;
mod repository;
mod slug;
mod typed;
mod url;
mod version;
mod window;
mod words;

pub mod dn;

pub use self::ags::Ags;
pub use self::cron::Cron;
pub use self::dn::Dn;
pub use self::duration::Duration;
pub use self::group::GroupName;
pub use self::host::HostName;
pub use self::image::Image;
pub use self::kind::Kind;
pub use self::percentage::Percentage;
pub use self::place::place_of;
pub use self::quantity::{Quantity, Style};
pub use self::range::Range;
pub use self::slug::slug;
pub use self::typed::{Texts, Value};
pub use self::url::Url;
pub use self::version::{Semver, Version};
pub use self::window::Window;
pub use crate::diagnostic::Fault;
pub use ipnet::IpNet as Cidr;
pub use jiff::civil::Date;

/// What stands in the text, before its kind is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lexeme<'t> {
    /// A string, quoted or bare, with its escapes resolved.
    Text(&'t str),
    /// A number as it was written: `8`, `0x1f`, `1_000`, `2.10`, `05154016`.
    Number(&'t str),
    /// `#true` or `#false`.
    Boolean(bool),
    /// `#null`, `#inf`, `#-inf` or `#nan`, as written.
    Keyword(&'t str),
    /// Something that is not KDL, already reported by the parser: `10Gi`, `true`. It is read as the text it looks
    /// like, so that the rest of the file is still checked.
    Broken(&'t str),
}
