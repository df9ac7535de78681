//! Distinguished names by RFC 4514: `CN=GG_K8S_KLEVE_Entwickler,OU=Gruppen,DC=krzn,DC=example`.
//!
//! The directory compares names without regard to case, blanks after commas or the choice of escapes; Kubernetes
//! compares the same name byte for byte. So a name keeps its spelling, has a [`Dn::normalized`] form to look it up
//! by, and knows how Active Directory would write it: a group bound under any other spelling binds nobody.

use std::fmt;
use std::ops::Range;

use compact_str::CompactString;

use crate::diagnostic::Fault;
use crate::value::slug::compose;
use crate::value::words::{is_not, is_not_because, mend, shown, shown_char};

/// A distinguished name, as spelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dn {
    text: CompactString,
    parts: Vec<Part>,
}

/// A relative name: one attribute, or several with `+` between them.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    start: usize,
    attributes: Vec<(CompactString, String)>,
    normalized: String,
}

const WHAT: &str = "a distinguished name";

impl Dn {
    pub fn parse(text: &str) -> Result<Self, Fault> {
        mend(text, Dn::read, meant)
    }

    fn read(text: &str) -> Result<Self, Fault> {
        if text.trim().is_empty() {
            return Err(is_not(text, WHAT).help("write for instance `OU=Gruppen,DC=krzn,DC=example`"));
        }
        let mut parts = Vec::new();
        let mut at = 0;
        loop {
            let (part, end) = read_part(text, at)?;
            parts.push(part);
            if end == text.len() {
                return Ok(Dn { text: text.into(), parts });
            }
            at = end + 1;
        }
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The form by which two spellings of one name are equal.
    pub fn normalized(&self) -> String {
        let parts: Vec<&str> = self.parts.iter().map(|part| part.normalized.as_str()).collect();
        parts.join(",")
    }

    /// Whether the directory would take both for the same entry.
    pub fn is_same_entry(&self, other: &Dn) -> bool {
        self.parts.len() == other.parts.len()
            && self.parts.iter().zip(&other.parts).all(|(ours, theirs)| ours.normalized == theirs.normalized)
    }

    /// The name of what holds it; `None` at the top.
    pub fn parent(&self) -> Option<Dn> {
        let next = self.parts.get(1)?.start;
        let parts = self.parts[1..].iter().map(|part| Part { start: part.start - next, ..part.clone() }).collect();
        Some(Dn { text: self.text[next..].into(), parts })
    }

    /// Whether it lies somewhere below a base; a base is not below itself.
    pub fn is_below(&self, base: &Dn) -> bool {
        let (ours, theirs) = (self.parts.iter().rev(), base.parts.iter().rev());
        self.parts.len() > base.parts.len()
            && ours.zip(theirs).all(|(ours, theirs)| ours.normalized == theirs.normalized)
    }

    /// The value of the first `CN` in its first part.
    pub fn common_name(&self) -> Option<&str> {
        self.first("CN")
    }

    /// The value of an attribute in its first part.
    pub fn first(&self, kind: &str) -> Option<&str> {
        let part = self.parts.first()?;
        part.attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case(kind)).map(|(_, value)| value.as_str())
    }

    /// The domain that its `DC` parts name: `krzn.example`.
    pub fn domain(&self) -> String {
        let labels =
            self.parts.iter().flat_map(|part| &part.attributes).filter(|(name, _)| name.eq_ignore_ascii_case("DC"));
        labels.map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(".")
    }

    /// The same name as Active Directory spells it: types in capitals, no blanks, only the escapes that are needed.
    /// The case of values stays, since only an export knows it.
    pub fn as_active_directory_writes(&self) -> String {
        let part = |part: &Part| {
            let attribute = |(name, value): &(CompactString, String)| {
                let known = ["CN", "OU", "DC", "O", "C", "L", "ST", "STREET", "UID"]
                    .into_iter()
                    .find(|known| name.eq_ignore_ascii_case(known));
                format!("{}={}", known.unwrap_or(name), escaped(value))
            };
            part.attributes.iter().map(attribute).collect::<Vec<_>>().join("+")
        };
        self.parts.iter().map(part).collect::<Vec<_>>().join(",")
    }

    /// How Active Directory would write it, where that is not how it is written here.
    pub fn other_spelling(&self) -> Option<String> {
        let theirs = self.as_active_directory_writes();
        // Whether `=` is escaped differs between its interfaces.
        if theirs == self.text.replace("\\=", "=") { None } else { Some(theirs) }
    }
}

impl fmt::Display for Dn {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

/// A value with the escapes it needs in a distinguished name.
pub fn escaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let last = value.chars().count().saturating_sub(1);
    for (at, character) in value.chars().enumerate() {
        match character {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => out.extend(['\\', character]),
            '#' if at == 0 => out.push_str("\\#"),
            ' ' if at == 0 || at == last => out.push_str("\\ "),
            '\0'..='\u{1f}' | '\u{7f}' => out.extend(format!("\\{:02X}", u32::from(character)).chars()),
            _ => out.push(character),
        }
    }
    out
}

/// Reads a relative name; gives it and the place of the comma behind it, or the end.
fn read_part(text: &str, start: usize) -> Result<(Part, usize), Fault> {
    let mut attributes = Vec::new();
    let mut at = start;
    loop {
        let (kind, value_at) = read_kind(text, at, start)?;
        let (value, end) = read_value(text, value_at)?;
        attributes.push((kind, value));
        at = end + 1;
        if text.as_bytes().get(end) != Some(&b'+') {
            let mut normalized: Vec<String> = attributes
                .iter()
                .map(|(kind, value)| format!("{}={}", kind.to_lowercase(), escaped(&folded(value))))
                .collect();
            normalized.sort();
            let start = start + (text[start..].len() - text[start..].trim_start_matches(' ').len());
            return Ok((Part { start, attributes, normalized: normalized.join("+") }, end));
        }
    }
}

/// The type before the `=`, and where its value begins.
fn read_kind(text: &str, at: usize, part: usize) -> Result<(CompactString, usize), Fault> {
    let rest = &text[at..];
    let end = rest.find(['=', ',', '+', ';', '\\']).unwrap_or(rest.len());
    let kind = rest[..end].trim_matches(' ');
    if !rest[end..].starts_with('=') {
        let piece = rest[..rest.find([',', '+']).unwrap_or(rest.len())].trim_matches(' ');
        let fault = if piece.is_empty() {
            is_not_because(text, WHAT, "there is nothing between two commas, or at its end")
        } else {
            is_not_because(text, WHAT, format!("{} is no `type=value`", shown(piece)))
        };
        let fault = fault.at(at..at + end);
        if at == 0 {
            return Err(fault);
        }
        return Err(if piece.is_empty() { fault } else { fault.help("a comma inside a name is written `\\,`") });
    }
    let word = kind.starts_with(|first: char| first.is_ascii_alphabetic())
        && kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let number = kind.contains('.') && kind.split('.').all(|arc| super::words::digits(arc, 10).is_some());
    if !word && !number {
        let reason = format!("{} is no type of an attribute", shown(kind));
        return Err(is_not_because(text, WHAT, reason).at(part..at + end));
    }
    Ok((kind.into(), at + end + 1))
}

/// A comma in somebody's name, such as `CN=Müller, Anna,OU=...`: escaped, once.
fn meant(text: &str) -> Option<String> {
    let at = Dn::read(text).err()?.range?.start.checked_sub(1)?;
    let comma = text.get(at..)?.starts_with(',');
    if comma { Some(format!("{}\\{}", &text[..at], &text[at..])) } else { None }
}

/// The value with its escapes resolved, and where it ends.
fn read_value(text: &str, at: usize) -> Result<(String, usize), Fault> {
    let mut bytes: Vec<u8> = Vec::new();
    // Blanks at the end do not count, unless they were escaped.
    let mut kept = 0;
    let mut rest = text[at..].char_indices().map(|(offset, character)| (at + offset, character)).peekable();
    while rest.next_if(|(_, character)| *character == ' ').is_some() {}
    if rest.peek().is_some_and(|(_, character)| *character == '#') {
        return read_hexadecimal(text, at);
    }
    while let Some((place, character)) = rest.next() {
        match character {
            ',' | '+' => return finish(text, at..place, bytes, kept),
            '\\' => {
                let (escaped, length) = read_escape(text, place)?;
                bytes.extend_from_slice(escaped);
                if let Some(byte) = hexadecimal(&text[place + 1..]) {
                    bytes.push(byte);
                }
                kept = bytes.len();
                for _ in 0..length {
                    rest.next();
                }
            }
            '"' | ';' | '<' | '>' | '\0' => {
                let reason = format!("{} has to be escaped", shown_char(character));
                let fault = is_not_because(text, WHAT, reason).at(place..place + character.len_utf8());
                return Err(if character == '\0' { fault } else { fault.help(format!("write `\\{character}`")) });
            }
            ' ' => bytes.push(b' '),
            _ => {
                bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                kept = bytes.len();
            }
        }
    }
    finish(text, at..text.len(), bytes, kept)
}

fn finish(text: &str, at: Range<usize>, mut bytes: Vec<u8>, kept: usize) -> Result<(String, usize), Fault> {
    bytes.truncate(kept);
    let end = at.end;
    if bytes.is_empty() {
        return Err(is_not_because(text, WHAT, "a value is empty").at(at));
    }
    match String::from_utf8(bytes) {
        Ok(value) => Ok((value, end)),
        Err(_) => Err(is_not_because(text, WHAT, "its escaped bytes are not UTF-8").at(at)),
    }
}

/// What a backslash stands for besides a byte in hexadecimal, and how many characters it takes.
fn read_escape(text: &str, place: usize) -> Result<(&'static [u8], usize), Fault> {
    let rest = &text[place + 1..];
    if hexadecimal(rest).is_some() {
        return Ok((b"", 2));
    }
    let known: &[(char, &'static [u8])] = &[
        ('"', b"\""),
        ('+', b"+"),
        (',', b","),
        (';', b";"),
        ('<', b"<"),
        ('>', b">"),
        ('\\', b"\\"),
        (' ', b" "),
        ('#', b"#"),
        ('=', b"="),
    ];
    let Some(next) = rest.chars().next() else {
        return Err(is_not_because(text, WHAT, "it ends with a backslash").at(place..place + 1));
    };
    if let Some((_, bytes)) = known.iter().find(|(character, _)| *character == next) {
        return Ok((bytes, 1));
    }
    let end = place + 1 + next.len_utf8();
    let reason = format!("{} is no escape", shown(&text[place..end]));
    Err(is_not_because(text, WHAT, reason).at(place..end).help("a backslash itself is written `\\\\`"))
}

fn hexadecimal(text: &str) -> Option<u8> {
    let pair = text.get(..2).filter(|pair| pair.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u8::from_str_radix(pair, 16).ok()
}

/// `#04024869`: a value in its encoded form, which is kept as it is.
fn read_hexadecimal(text: &str, at: usize) -> Result<(String, usize), Fault> {
    let end = text[at..].find([',', '+']).map_or(text.len(), |end| at + end);
    let value = text[at..end].trim_matches(' ');
    let pairs = &value[1..];
    if pairs.is_empty() || !pairs.len().is_multiple_of(2) || !pairs.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let fault = is_not_because(text, WHAT, format!("{} is no value in hexadecimal", shown(value))).at(at..end);
        return Err(fault.help("a `#` that begins a name is written `\\#`"));
    }
    Ok((value.to_owned(), end))
}

/// Case does not count, nor how many blanks there are, nor how an umlaut is composed.
fn folded(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for character in compose(value).chars().flat_map(char::to_lowercase) {
        if character != ' ' || !out.ends_with(' ') {
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests;
