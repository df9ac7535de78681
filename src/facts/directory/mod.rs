//! The groups of Active Directory, from an LDIF export.
//!
//! Kubernetes compares the name of a group byte for byte, the directory does not: a spec that spells a group otherwise
//! binds nobody, and nothing says so. The export knows the one true spelling. It also knows what was moved, which
//! groups carry no rights, and who is in them in the end.

mod find;
mod members;

use std::collections::BTreeMap;

use jiff::civil::Date;

pub use self::find::Match;
pub use self::members::Members;
use crate::diagnostic::{Diagnostic, codes, twice};
use crate::facts::ldif::{self, Attribute, Entry};
use crate::source::{FileId, Span, Spanned};
use crate::value::Dn;

/// A group as the export has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// As the directory spells it.
    pub dn: Dn,
    pub cn: String,
    /// Unique in its domain; it survives a move. Empty where the export leaves it out.
    pub sam_account_name: String,
    /// Bits, as the directory holds them; `None` where the export leaves them out.
    pub group_type: Option<i64>,
    /// Distinguished names of its direct members.
    pub members: Vec<String>,
    pub description: String,
    /// The line that names it.
    pub span: Span,
}

/// How far the members and the rights of a group reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Global,
    DomainLocal,
    Universal,
}

const SECURITY: i64 = 0x8000_0000;

impl Group {
    /// Whether it can carry rights; a distribution list cannot. An export without types says nothing against it.
    pub fn is_security_group(&self) -> bool {
        self.group_type.is_none_or(|bits| bits & SECURITY != 0)
    }

    /// Its scope, where the export says it.
    pub fn scope(&self) -> Option<Scope> {
        match self.group_type? & 0xe {
            2 => Some(Scope::Global),
            4 => Some(Scope::DomainLocal),
            8 => Some(Scope::Universal),
            _ => None,
        }
    }
}

/// All groups of an export, and the ways to find one.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    groups: Vec<Group>,
    by_dn: BTreeMap<String, usize>,
    by_normalized: BTreeMap<String, usize>,
    /// In lower case, since the directory does not tell cases apart.
    by_account: BTreeMap<String, usize>,
    newest: Option<Date>,
}

impl Directory {
    /// By the order of the export.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The last day on which something of it was changed, where the export says so: it cannot be older than that.
    pub fn newest_change(&self) -> Option<Date> {
        self.newest
    }

    /// Takes a group in; where its entry is there already, gives the place of that.
    fn add(&mut self, group: Group) -> Option<Span> {
        let normalized = group.dn.normalized();
        if let Some(first) = self.by_normalized.get(&normalized) {
            return Some(self.groups[*first].span);
        }
        let at = self.groups.len();
        self.by_dn.insert(group.dn.as_str().to_owned(), at);
        self.by_normalized.insert(normalized, at);
        if !group.sam_account_name.is_empty() {
            self.by_account.entry(group.sam_account_name.to_lowercase()).or_insert(at);
        }
        self.groups.push(group);
        None
    }
}

/// Reads an export.
pub fn read_directory(file: FileId, text: &str) -> (Directory, Vec<Diagnostic>) {
    let (entries, bad_lines) = ldif::read(text);
    let malformed = |range: std::ops::Range<usize>, message: String| {
        Diagnostic::new(&codes::MALFORMED_FILE, Span::new(file, range.start, range.end), message)
    };
    let mut findings: Vec<Diagnostic> = bad_lines
        .into_iter()
        .map(|bad| malformed(bad.range, format!("the export is not LDIF: {}", bad.message)))
        .collect();
    let mut directory = Directory::default();
    for entry in &entries {
        directory.newest = directory.newest.max(first(entry, "whenChanged").and_then(day));
        match read_group(file, entry) {
            Ok(Some(group)) => {
                let (name, span) = (group.dn.clone(), group.span);
                if let Some(first) = directory.add(group) {
                    findings.push(twice("group", first, Spanned::new(name.as_str(), span)));
                }
            }
            Ok(None) => {}
            Err(finding) => findings.push(*finding),
        }
        findings.extend(cut_members(file, entry));
    }
    if directory.groups.is_empty() && findings.is_empty() {
        let finding = malformed(0..0, "the export has no group in it".to_owned());
        findings.push(
            finding.help("an export has entries with `objectClass: group`; see `ldifde -r \"(objectClass=group)\"`"),
        );
    }
    (directory, findings)
}

fn attributes<'e, 't>(entry: &'e Entry<'t>, name: &'e str) -> impl Iterator<Item = &'e Attribute<'t>> {
    entry.attributes.iter().filter(move |attribute| attribute.name.eq_ignore_ascii_case(name))
}

fn first<'e>(entry: &'e Entry<'_>, name: &'e str) -> Option<&'e str> {
    attributes(entry, name).find_map(|attribute| attribute.value.as_str())
}

/// The group of an entry; `None` where it is something else.
fn read_group(file: FileId, entry: &Entry<'_>) -> Result<Option<Group>, Box<Diagnostic>> {
    let span = |attribute: &Attribute<'_>| Span::new(file, attribute.range.start, attribute.range.end);
    let malformed =
        |at: &Attribute<'_>, message: String| Box::new(Diagnostic::new(&codes::MALFORMED_FILE, span(at), message));
    let Some(head) = entry.attributes.iter().find(|attribute| !attribute.name.eq_ignore_ascii_case("version")) else {
        return Ok(None);
    };
    if !head.name.eq_ignore_ascii_case("dn") {
        // What `ldapsearch` writes behind the entries, and what a bad line already said.
        let known = ["search", "result", "ref"].iter().any(|name| head.name.eq_ignore_ascii_case(name));
        if known || entry.has_bad_line {
            return Ok(None);
        }
        return Err(malformed(head, format!("the entry begins with `{}`; expected `dn`", head.name)));
    }
    if let Some(change) = attributes(entry, "changetype").find(|change| change.value.as_str() != Some("add")) {
        return Err(malformed(
            change,
            "the file is a list of changes; expected an export, whose entries are all added".to_owned(),
        ));
    }
    let has_classes = attributes(entry, "objectClass").next().is_some();
    let is_group = attributes(entry, "objectClass")
        .any(|class| class.value.as_str().is_some_and(|class| class.eq_ignore_ascii_case("group")));
    // `-l cn,member` leaves the classes out; then the attributes of a group say what it is.
    let looks_like_group = attributes(entry, "groupType").chain(attributes(entry, "member")).next().is_some();
    if !is_group && (has_classes || !looks_like_group) {
        return Ok(None);
    }
    let Some(name) = head.value.as_str() else {
        return Err(malformed(head, "the name of the entry is not UTF-8".to_owned()));
    };
    let dn = Dn::parse(name).map_err(|fault| {
        let finding = malformed(head, fault.message);
        Box::new(finding.help_if(fault.help))
    })?;
    let group_type = match attributes(entry, "groupType").next() {
        None => None,
        Some(attribute) => match attribute.value.as_str().and_then(|text| text.trim().parse::<i64>().ok()) {
            Some(bits) => Some(bits),
            None => return Err(malformed(attribute, "the `groupType` is not a whole number".to_owned())),
        },
    };
    Ok(Some(Group {
        cn: first(entry, "cn").or(dn.common_name()).unwrap_or_default().to_owned(),
        sam_account_name: first(entry, "sAMAccountName").unwrap_or_default().to_owned(),
        group_type,
        members: attributes(entry, "member")
            .filter_map(|member| member.value.as_str())
            .filter(|member| !member.is_empty())
            .map(str::to_owned)
            .collect(),
        description: first(entry, "description").unwrap_or_default().to_owned(),
        span: span(head),
        dn,
    }))
}

/// The directory gives at most 1,500 members at once; an export that holds no more than that is a part of the truth.
fn cut_members(file: FileId, entry: &Entry<'_>) -> Option<Diagnostic> {
    let cut = attributes(entry, "member")
        .find(|member| member.options.to_ascii_lowercase().starts_with("range=") && !member.options.ends_with('*'))?;
    // The last piece of a list that was fetched in pieces ends with `*`.
    if attributes(entry, "member").any(|member| member.options.ends_with('*')) {
        return None;
    }
    let span = Span::new(file, cut.range.start, cut.range.end);
    let finding = Diagnostic::new(
        &codes::MALFORMED_FILE,
        span,
        format!("the list of members is cut off: `member;{}`", cut.options),
    );
    Some(
        finding.help("export the group with a tool that fetches all members, such as `Get-ADGroup -Properties member`"),
    )
}

/// The day of `20260301120000.0Z`.
fn day(text: &str) -> Option<Date> {
    let digits = text.get(..8).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    Date::new(digits[..4].parse().ok()?, digits[4..6].parse().ok()?, digits[6..].parse().ok()?).ok()
}

#[cfg(test)]
mod tests;
