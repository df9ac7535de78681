//! LDIF (RFC 2849) as entries of attributes that know their place.
//!
//! Lines are unfolded, base64 is decoded and comments are dropped; what an attribute means is decided elsewhere. A line
//! that cannot be read is a finding, and reading goes on with the next.

use std::ops::Range;

use base64ct::{Base64Unpadded, Encoding};

/// One `name: value` of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attribute<'t> {
    /// Without its options: `member` of `member;range=0-1499`.
    pub(super) name: &'t str,
    pub(super) options: &'t str,
    pub(super) value: Content,
    /// The bytes of the value as it stands in the file.
    pub(super) range: Range<usize>,
}

/// What stands behind the colon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    Text(String),
    /// Bytes that are not a text, such as a SID.
    Bytes,
}

impl Content {
    pub(super) fn as_str(&self) -> Option<&str> {
        if let Content::Text(text) = self { Some(text) } else { None }
    }
}

/// The attributes between two empty lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Entry<'t> {
    pub(super) attributes: Vec<Attribute<'t>>,
    /// A line of it could not be read.
    pub(super) has_bad_line: bool,
}

/// A line that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BadLine {
    pub(super) range: Range<usize>,
    pub(super) message: String,
}

/// Reads all entries.
pub(super) fn read(text: &str) -> (Vec<Entry<'_>>, Vec<BadLine>) {
    let mut entries = Vec::new();
    let mut faults = Vec::new();
    let mut entry = Entry::default();
    for line in logical_lines(text) {
        let raw = &text[line.clone()];
        if raw.is_empty() {
            if !entry.attributes.is_empty() {
                entries.push(std::mem::take(&mut entry));
            }
        } else if raw.starts_with(' ') {
            faults.push(BadLine {
                range: line,
                message: "the line continues another, and there is none before it".to_owned(),
            });
        } else if !raw.starts_with('#') {
            match attribute(raw, line.start) {
                Ok(attribute) => entry.attributes.push(attribute),
                Err(message) => {
                    entry.has_bad_line = true;
                    faults.push(BadLine { range: line, message });
                }
            }
        }
    }
    if !entry.attributes.is_empty() {
        entries.push(entry);
    }
    (entries, faults)
}

/// Each line together with those that continue it, without the last line break; an empty range for an empty line.
fn logical_lines(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = text.len() - text.trim_start_matches('\u{feff}').len();
    std::iter::from_fn(move || {
        if at >= text.len() {
            return None;
        }
        let start = at;
        let mut end;
        loop {
            let next = text[at..].find('\n').map_or(text.len(), |offset| at + offset + 1);
            end = start + text[start..next].trim_end_matches(['\n', '\r']).len();
            at = next;
            // An empty line ends an entry and is continued by nothing.
            if end == start || !text[at..].starts_with(' ') {
                return Some(start..end);
            }
        }
    })
}

fn attribute(raw: &str, start: usize) -> Result<Attribute<'_>, String> {
    let Some((description, rest)) = raw.split_once(':') else {
        return Err("the line is no `name: value`".to_owned());
    };
    let (name, options) = description.split_once(';').unwrap_or((description, ""));
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte)) {
        return Err("the line does not begin with the name of an attribute".to_owned());
    }
    let (encoded, value) = match rest.as_bytes().first() {
        Some(b':') => (true, &rest[1..]),
        Some(b'<') => return Err("the value lies in another file, which is not read".to_owned()),
        _ => (false, rest),
    };
    let value = value.trim_start_matches(' ');
    let at = start + raw.len() - value.len();
    let range = at..start + raw.len();
    let value = unfolded(value);
    let value = if encoded {
        let bytes = base64(&value).ok_or("the value is not base64")?;
        String::from_utf8(bytes).map_or(Content::Bytes, Content::Text)
    } else {
        Content::Text(value)
    };
    Ok(Attribute { name, options, value, range })
}

/// Without the line breaks and the one blank behind each.
fn unfolded(value: &str) -> String {
    let mut lines = value.split('\n').map(|line| line.trim_end_matches('\r'));
    let mut out = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        out.push_str(line.strip_prefix(' ').unwrap_or(line));
    }
    out
}

/// The bytes that base64 stands for; padding may be missing, blanks at the end do not count.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    Base64Unpadded::decode_vec(text.trim_end().trim_end_matches('=')).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values(text: &str) -> Vec<(String, String)> {
        let (entries, faults) = read(text);
        assert_eq!(faults, []);
        let attributes = entries.into_iter().flat_map(|entry| entry.attributes);
        attributes
            .map(|attribute| (attribute.name.to_owned(), attribute.value.as_str().unwrap_or("-").to_owned()))
            .collect()
    }

    #[test]
    fn lines_are_unfolded_and_decoded() {
        let text = "version: 1\r\n\r\n# a comment\r\n  that goes on\r\ndn: CN=a,\r\n OU=b\r\ncn:: TcO8\r\n bGxlcg==\r\nempty:\r\n";
        let expected = [("version", "1"), ("dn", "CN=a,OU=b"), ("cn", "Müller"), ("empty", "")];
        assert_eq!(values(text), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(read(text).0.len(), 2);
    }

    #[test]
    fn values_know_their_bytes() {
        let text = "dn: CN=a,\n OU=b\ncn:: TcO8\n";
        let entry = &read(text).0[0];
        assert_eq!(&text[entry.attributes[0].range.clone()], "CN=a,\n OU=b");
        assert_eq!(&text[entry.attributes[1].range.clone()], "TcO8");
    }

    #[test]
    fn bytes_that_are_no_text_are_kept_apart() {
        assert_eq!(read("objectSid:: AQUAAAAAAAUVAAAA/////w==").0[0].attributes[0].value, Content::Bytes);
    }

    #[test]
    fn bad_lines_are_found_and_reading_goes_on() {
        let text = " lost\ndn CN=a\ncn:: ???\nphoto:< file:///x\n: x\ncn: ok\n";
        let (entries, faults) = read(text);
        assert_eq!(faults.len(), 5);
        assert_eq!(entries[0].attributes.len(), 1);
        assert_eq!(&text[faults[1].range.clone()], "dn CN=a");
    }

    proptest! {
        #![proptest_config(proptest::test_runner::Config { failure_persistence: None, ..Default::default() })]

        #[test]
        fn no_text_makes_it_panic(text in "([a-c:;< =ü\n\r#]|: |:: ){0,60}") {
            let (entries, faults) = read(&text);
            for attribute in entries.iter().flat_map(|entry| &entry.attributes) {
                prop_assert!(text.get(attribute.range.clone()).is_some());
            }
            for fault in faults {
                prop_assert!(text.get(fault.range).is_some());
            }
        }
    }
}
