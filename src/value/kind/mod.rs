//! The declared kind of a setting, and the one way from what stands in the text to what it means.
//!
//! A kind is plain data, so that the vocabulary can be a table of constants and a service can declare its own
//! parameters in the same words. Texts that look like numbers (keys, versions, dates) refuse bare numbers: `05154016`
//! would lose its zero and `2.10` its last digit on the way through any reader that is not ours.

use compact_str::CompactString;

use crate::diagnostic::{Fault, nearest, quoted};
use crate::value::words::{first_bad, is_not, is_not_because, is_unseen, mend, shown, shown_char};
use crate::value::{
    Ags, Cron, Dn, Duration, GroupName, HostName, Image, Lexeme, Percentage, Quantity, Range, Semver, Url, Value,
    Version, Window,
};
use crate::value::{cidr, date, dns, image, integer, label, moment, path, repository};

/// What a setting has to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Text,
    /// A text that people read in one line of something else, so it is never empty.
    Line,
    /// Names of the user's own, each with a text: `env { LOG_LEVEL info }`.
    Texts,
    Integer {
        minimum: i64,
        maximum: i64,
    },
    Boolean,
    DnsLabel,
    HostName,
    Ags,
    Quantity,
    Percentage,
    Duration,
    Cron,
    Window,
    Cidr,
    Dn,
    /// A group of the directory: its distinguished name or its account name.
    GroupName,
    Image,
    /// What an image or a chart is known by for ever: `sha256:…`.
    Digest,
    /// Three numbers: `v1.34.5+rke2r1`.
    Semver,
    /// Two or three numbers: `2.14`.
    Version,
    Url,
    /// A URL of one of these schemes that paths are put behind.
    Address(&'static [&'static str]),
    Date,
    /// A time of a day with its difference from UTC.
    Moment,
    Range,
    TimeZone,
    LabelKey,
    LabelValue,
    SecretKey,
    EnvName,
    /// An absolute path, in a container or on a host.
    Path,
    /// A folder of a container in whose place a volume can be put.
    Folder,
    /// Names of the user's own, each with such a folder.
    Folders,
    /// A branch of a Git repository.
    Branch,
    /// A folder below the root of a repository or a store.
    RepositoryFolder,
    /// One of a closed list that the language knows.
    Enum(&'static [&'static str]),
    /// One of a closed list that a service declares.
    OneOf(Vec<String>),
    /// The name of something declared; the noun says of what.
    Reference(&'static str),
    /// Several of a kind.
    List(&'static Kind),
}

/// The kinds that a service or a table can name, by their names.
static NAMED: [(&str, Kind); 31] = [
    ("ags", Kind::Ags),
    ("boolean", Kind::Boolean),
    ("cidr", Kind::Cidr),
    ("cron", Kind::Cron),
    ("date", Kind::Date),
    ("dn", Kind::Dn),
    ("dns-label", Kind::DnsLabel),
    ("duration", Kind::Duration),
    ("enum", Kind::OneOf(Vec::new())),
    ("env-name", Kind::EnvName),
    ("folder", Kind::Folder),
    ("folders", Kind::Folders),
    ("group", Kind::GroupName),
    ("host-name", Kind::HostName),
    ("image", Kind::Image),
    ("integer", Kind::INTEGER),
    ("label-key", Kind::LabelKey),
    ("label-value", Kind::LabelValue),
    ("line", Kind::Line),
    ("moment", Kind::Moment),
    ("path", Kind::Path),
    ("percentage", Kind::Percentage),
    ("quantity", Kind::Quantity),
    ("range", Kind::Range),
    ("semver", Kind::Semver),
    ("text", Kind::Text),
    ("texts", Kind::Texts),
    ("time-zone", Kind::TimeZone),
    ("url", Kind::Url),
    ("version", Kind::Version),
    ("window", Kind::Window),
];

impl Kind {
    /// Any whole number.
    pub const INTEGER: Kind = Kind::Integer { minimum: i64::MIN, maximum: i64::MAX };
    /// A number of things, which may be none.
    pub const COUNT: Kind = Kind::Integer { minimum: 0, maximum: i32::MAX as i64 };

    /// The names of the kinds that a service or a table can declare.
    pub fn names() -> impl Iterator<Item = &'static str> + Clone {
        NAMED.iter().map(|(name, _)| *name)
    }

    /// The kind of this name; an `enum` has no values yet.
    pub fn by_name(name: &str) -> Option<Kind> {
        NAMED.iter().find(|(known, _)| *known == name).map(|(_, kind)| kind.clone())
    }

    /// What each text is, where it is a block of names and texts.
    pub fn each(&self) -> Option<Kind> {
        match self {
            Kind::Texts => Some(Kind::Text),
            Kind::Folders => Some(Kind::Folder),
            _ => None,
        }
    }

    /// Its name, as `type=` takes it.
    pub fn name(&self) -> &'static str {
        match self {
            Kind::Integer { .. } => "integer",
            Kind::Enum(_) | Kind::OneOf(_) => "enum",
            Kind::SecretKey => "secret-key",
            Kind::Address(_) => "url",
            Kind::Branch => "branch",
            Kind::RepositoryFolder => "repository-folder",
            Kind::Reference(noun) => noun,
            Kind::List(element) => element.name(),
            _ => NAMED.iter().find(|(_, kind)| kind == self).map_or("text", |(name, _)| name),
        }
    }

    /// What it is, with its article and an example.
    pub fn describe(&self) -> String {
        match self {
            Kind::Integer { minimum: i64::MIN, maximum: i64::MAX } => "a whole number".to_owned(),
            Kind::Integer { minimum, maximum } if *maximum >= i64::from(i32::MAX) => {
                format!("a whole number from {minimum}")
            }
            Kind::Integer { minimum, maximum } => format!("a whole number from {minimum} to {maximum}"),
            Kind::Address(schemes) => format!("a URL, such as `{}://krzn.example`", schemes[0]),
            Kind::Enum(names) => format!("one of {}", quoted(*names)),
            Kind::OneOf(names) => format!("one of {}", quoted(names)),
            Kind::Reference(noun) => format!("the name of a {noun}"),
            Kind::List(element) => format!("a list; each of it is {}", element.describe()),
            _ => self.described().to_owned(),
        }
    }

    /// Something of this kind, as it may be written.
    pub fn example(&self) -> String {
        let described = self.describe();
        // The last piece of code in the description is the example.
        described.split('`').rev().nth(1).unwrap_or("…").to_owned()
    }

    fn described(&self) -> &'static str {
        match self {
            Kind::Texts => "a block of names and texts, such as `{ LOG_LEVEL info }`",
            Kind::Folders => "a block of names and folders, such as `{ cache \"/app/cache\" }`",
            Kind::Line => "a line of text",
            Kind::Boolean => "`#true` or `#false`",
            Kind::DnsLabel => "a DNS label, such as `goch`",
            Kind::HostName => "a host name, such as `moodle.goch.example`",
            Kind::Ags => "a municipality key of 8 digits, or 5 for a Kreis, such as `05154016`",
            Kind::Quantity => "a Kubernetes quantity, such as `16Gi`",
            Kind::Percentage => "a percentage, such as `30%`",
            Kind::Duration => "a duration, such as `14d`",
            Kind::Cron => "a cron schedule of five fields, such as `15 1 * * *`",
            Kind::Window => "a time window, such as `22:00-04:00`",
            Kind::Cidr => "a network, such as `10.42.0.0/16`",
            Kind::Dn => "a distinguished name, such as `OU=Gruppen,DC=krzn,DC=example`",
            Kind::GroupName => "the name of a group of the directory, such as `GG_K8S_GOCH_Admins`",
            Kind::Image => "an image reference, such as `docker.io/library/postgres:17.2`",
            Kind::Digest => "a digest: `sha256:` and 64 hexadecimal digits",
            Kind::Semver => "a semantic version, such as `1.30.0`",
            Kind::Version => "a version, such as `2.14`",
            Kind::Url => "a URL, such as `https://git.example/repository.git`",
            Kind::Date => "a date, such as `2027-03-31`",
            Kind::Moment => "a moment, such as `2026-11-22T13:55:00+01:00`",
            Kind::Range => "a range, such as `2..8`",
            Kind::TimeZone => "a time zone, such as `Europe/Berlin`",
            Kind::LabelKey => "a label's key, such as `site`",
            Kind::LabelValue => "a label's value, such as `kamp-lintfort`",
            Kind::SecretKey => "the name of a secret's key, such as `password`",
            Kind::EnvName => "the name of an environment variable, such as `DB_HOST`",
            Kind::Path => "an absolute path, such as `/data`",
            Kind::Folder => "a folder of the container, such as `/data`",
            Kind::Branch => "the name of a branch, such as `main`",
            Kind::RepositoryFolder => "a folder below the root, such as `out`",
            _ => "a text",
        }
    }

    /// Reads what stands in the text.
    pub fn parse(&self, lexeme: Lexeme<'_>) -> Result<Value, Fault> {
        match (self, lexeme) {
            (Kind::List(element), _) => element.parse(lexeme).map(|value| Value::List(vec![value])),
            (Kind::Boolean, Lexeme::Boolean(value)) => Ok(Value::Boolean(value)),
            (Kind::Boolean, Lexeme::Broken(raw)) => boolean(raw).map_err(|fault| match fault.suggestion.clone() {
                Some(meant) => fault.suggest(format!("#{meant}")),
                None => fault,
            }),
            (Kind::Integer { minimum, maximum }, Lexeme::Number(raw) | Lexeme::Broken(raw)) => {
                integer::parse(raw, *minimum, *maximum).map(Value::Integer)
            }
            (Kind::Quantity, Lexeme::Number(raw)) => self.parse_text(raw),
            (Kind::Boolean | Kind::Integer { .. }, Lexeme::Text(text)) => {
                let fault = Fault::new(format!("{} is a text; expected {}", shown(text), self.describe()));
                Err(match self.parse_plain(text) {
                    Ok(value) => fault.suggest(value.source()),
                    Err(_) => fault,
                })
            }
            (_, Lexeme::Text(text) | Lexeme::Broken(text)) => self.parse_text(text),
            (_, Lexeme::Number(raw)) => Err(self.refuse_number(raw)),
            (_, Lexeme::Boolean(value)) => {
                let written = if value { "#true" } else { "#false" };
                Err(Fault::new(format!("`{written}` is a boolean; expected {}", self.describe())))
            }
            (_, Lexeme::Keyword("#null")) => {
                Err(Fault::new(format!("`#null` is no value; expected {}", self.describe()))
                    .help("leave the setting out instead"))
            }
            (_, Lexeme::Keyword(raw)) => {
                Err(Fault::new(format!("{} is no value here; expected {}", shown(raw), self.describe())))
            }
        }
    }

    /// Reads a text from where there are no quotes that tell texts from numbers: a cell of a table.
    pub fn parse_plain(&self, text: &str) -> Result<Value, Fault> {
        match self {
            Kind::Boolean => boolean(text),
            Kind::Integer { minimum, maximum } => {
                let digits = text.strip_prefix('-').unwrap_or(text);
                if digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.is_empty() {
                    return integer::parse(text, *minimum, *maximum).map(Value::Integer);
                }
                let fault = is_not(text, "a whole number");
                // `1.200` is how German spreadsheets write twelve hundred; it could be a decimal as well, so it is only said.
                let tidy = text.trim();
                Err(if tidy != text && self.parse_plain(tidy).is_ok() {
                    fault.suggest(tidy)
                } else {
                    fault.help("digits only, without points or blanks between them")
                })
            }
            Kind::List(element) => element.parse_plain(text).map(|value| Value::List(vec![value])),
            _ => self.parse_text(text),
        }
    }

    /// Whether a text stands in a spec without quotes: numbers and booleans do.
    pub fn is_bare(&self, text: &str) -> bool {
        match self {
            Kind::Boolean | Kind::Integer { .. } => true,
            Kind::Quantity => text.bytes().all(|byte| byte.is_ascii_digit()),
            Kind::List(element) => element.is_bare(text),
            _ => false,
        }
    }

    fn parse_text(&self, text: &str) -> Result<Value, Fault> {
        Ok(match self {
            Kind::Text => Value::Text(visible(text)?),
            Kind::Line => Value::Text(line(text)?),
            Kind::Texts | Kind::Folders => return Err(is_not(text, self.described())),
            Kind::Boolean | Kind::Integer { .. } | Kind::List(_) => Value::Text(text.into()),
            Kind::DnsLabel => Value::Name(dns::parse(text)?),
            Kind::HostName => Value::HostName(HostName::parse(text)?),
            Kind::Ags => Value::Ags(Ags::parse(text)?),
            Kind::Quantity => Value::Quantity(Quantity::parse(text)?),
            Kind::Percentage => Value::Percentage(Percentage::parse(text)?),
            Kind::Duration => Value::Duration(Duration::parse(text)?),
            Kind::Cron => Value::Cron(Box::new(Cron::parse(text)?)),
            Kind::Window => Value::Window(Window::parse(text)?),
            Kind::Cidr => Value::Cidr(cidr::parse(text)?),
            Kind::Dn => Value::Dn(Box::new(Dn::parse(text)?)),
            Kind::GroupName => Value::Group(Box::new(GroupName::parse(text)?)),
            Kind::Image => Value::Image(Box::new(Image::parse(text)?)),
            Kind::Digest => Value::Text(image::digest(text)?),
            Kind::Semver => Value::Semver(Box::new(Semver::parse(text)?)),
            Kind::Version => Value::Version(Box::new(Version::parse(text)?)),
            Kind::Url => Value::Url(Url::parse(text)?),
            Kind::Address(schemes) => Value::Url(Url::parse_address(text, schemes)?),
            Kind::Date => Value::Date(date::parse(text)?),
            Kind::Moment => Value::Text(moment::parse(text)?),
            Kind::Range => Value::Range(Range::parse(text)?),
            Kind::TimeZone => Value::Text(path::time_zone(text)?),
            Kind::LabelKey => Value::Name(label::key(text)?),
            Kind::LabelValue => Value::Name(label::value(text)?),
            Kind::SecretKey => Value::Name(label::secret_key(text)?),
            Kind::EnvName => Value::Name(label::environment(text)?),
            Kind::Path => Value::Text(path::parse(text)?),
            Kind::Folder => Value::Text(path::folder(text)?),
            Kind::Branch => Value::Text(repository::branch(text)?),
            Kind::RepositoryFolder => Value::Text(repository::folder(text)?),
            Kind::Enum(names) => Value::Name(one_of(text, names.iter().copied())?),
            Kind::OneOf(names) => Value::Name(one_of(text, names.iter().map(String::as_str))?),
            Kind::Reference(noun) => Value::Name(dns::reference(text, noun)?),
        })
    }

    /// A bare number where a text is wanted: the raw text in quotes is the offer, where it is one that is taken.
    fn refuse_number(&self, raw: &str) -> Fault {
        let fault = Fault::new(format!("{} is a number; expected {}", shown(raw), self.describe()));
        match self.parse_text(raw) {
            Ok(_) => fault.suggest(raw),
            Err(as_text) => match as_text.suggestion {
                Some(meant) => fault.suggest(meant),
                None => fault,
            },
        }
    }
}

/// A text without what a terminal obeys or nobody sees; it may have several lines.
fn visible(text: &str) -> Result<CompactString, Fault> {
    let is_fine = |character: char| matches!(character, '\n' | '\t') || !is_unseen(character);
    match first_bad(text, is_fine) {
        None => Ok(text.into()),
        Some((character, _)) => {
            let reason = format!("there is {} in it", shown_char(character));
            Err(is_not_because(text, "a text for people", reason).help("leave out characters that cannot be seen"))
        }
    }
}

/// A text that stands in one line and says something.
fn line(text: &str) -> Result<CompactString, Fault> {
    let read = |text: &str| {
        let what = "a line of text";
        let text = visible(text)?;
        if text.is_empty() {
            Err(is_not(&text, what))
        } else if text.contains(['\n', '\t']) {
            Err(is_not_because(&text, what, "there are line breaks or tabs in it"))
        } else if text.trim() != text {
            Err(is_not_because(&text, what, "it begins or ends with a blank"))
        } else {
            Ok(text)
        }
    };
    mend(text, read, |text| Some(text.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty()))
}

fn boolean(text: &str) -> Result<Value, Fault> {
    match text.to_lowercase().as_str() {
        "true" => Ok(Value::Boolean(true)),
        "false" => Ok(Value::Boolean(false)),
        "ja" | "yes" | "wahr" | "on" | "1" | "x" => Err(is_not(text, "a boolean").suggest("true")),
        "nein" | "no" | "falsch" | "off" | "0" => Err(is_not(text, "a boolean").suggest("false")),
        _ => Err(is_not(text, "a boolean").help("write `true` or `false`")),
    }
}

fn one_of<'n>(text: &str, names: impl Iterator<Item = &'n str> + Clone) -> Result<CompactString, Fault> {
    if names.clone().any(|name| name == text) {
        return Ok(text.into());
    }
    let mut all = names.clone();
    let fault = Fault::new(match (all.next(), all.next()) {
        (Some(only), None) => format!("{} is not `{only}`, and nothing else is possible", shown(text)),
        _ => format!("{} is none of {}", shown(text), quoted(names.clone())),
    });
    Err(match nearest(text, names) {
        Some(name) => fault.suggest(name),
        None => fault,
    })
}

#[cfg(test)]
mod tests;
