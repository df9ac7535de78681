//! References to container images: `docker.io/library/postgres:17.2@sha256:...`.
//!
//! The grammar is that of the distribution project. Whether a tag is there, and whether it may move, is for a check
//! to judge; here it is only told apart.

use std::fmt;
use std::ops::Range;

use compact_str::CompactString;

use crate::diagnostic::Fault;
use crate::value::words::{is_not_because, mend, shown};

/// An image by registry, path, tag and digest, kept as written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Image {
    text: CompactString,
    registry: Option<usize>,
    name_end: usize,
    tag: Option<Range<usize>>,
}

const WHAT: &str = "an image reference";

/// Where an image comes from that names no registry.
const DOCKER: &str = "docker.io";

impl Image {
    pub fn parse(text: &str) -> Result<Self, Fault> {
        mend(text, read, meant)
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The host it comes from, where it is said: `docker.io`.
    pub fn registry(&self) -> Option<&str> {
        self.registry.map(|end| &self.text[..end])
    }

    /// The path in its registry: `library/postgres`.
    pub fn path(&self) -> &str {
        &self.text[self.registry.map_or(0, |end| end + 1)..self.name_end]
    }

    pub fn tag(&self) -> Option<&str> {
        self.tag.clone().map(|range| &self.text[range])
    }

    /// Algorithm and digits: `sha256:...`.
    pub fn digest(&self) -> Option<&str> {
        self.text[self.name_end..].split_once('@').map(|(_, digest)| digest)
    }

    /// Whether it is sure to be the same image tomorrow.
    pub fn is_pinned(&self) -> bool {
        self.digest().is_some()
    }

    /// The image by the name that all its spellings share, without a digest: Docker's own registry and folder written out.
    pub fn canonical(&self) -> String {
        let registry = self.registry().unwrap_or(DOCKER);
        let folder = if registry == DOCKER && !self.path().contains('/') { "library/" } else { "" };
        let tag = self.tag().map_or(String::new(), |tag| format!(":{tag}"));
        format!("{registry}/{folder}{}{tag}", self.path())
    }

    /// The same image from a mirror: the registry is replaced, the rest stays.
    #[must_use]
    pub fn from_registry(&self, registry: &str) -> CompactString {
        let rest = &self.text[self.registry.map_or(0, |end| end + 1)..];
        CompactString::from(format!("{registry}/{rest}"))
    }
}

impl fmt::Display for Image {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

fn meant(text: &str) -> String {
    let bare = text.trim();
    let bare = bare.split_once("://").map_or(bare, |(_, rest)| rest);
    let (name, rest) = bare.split_at(name_end(bare));
    format!("{}{rest}", name.to_lowercase())
}

/// Where the name ends and tag or digest begin: a colon before the last slash belongs to a port.
fn name_end(text: &str) -> usize {
    let name = text.split('@').next().unwrap_or(text);
    let last = name.rfind('/').map_or(0, |at| at + 1);
    name[last..].find(':').map_or(name.len(), |at| last + at)
}

fn read(text: &str) -> Result<Image, Fault> {
    let refuse = |reason: String| is_not_because(text, WHAT, reason);
    if text.is_empty() {
        return Err(super::words::is_not(text, WHAT));
    }
    if let Some(at) = text.find("://") {
        return Err(refuse("it has no scheme".to_owned()).at(0..at + 3));
    }
    let name_end = name_end(text);
    let (name, rest) = text.split_at(name_end);
    let registry = name
        .split_once('/')
        .map(|(first, _)| first)
        .filter(|first| first.contains(['.', ':']) || *first == "localhost");
    if let Some(registry) = registry {
        let (host, port) = registry.split_once(':').map_or((registry, None), |(host, port)| (host, Some(port)));
        let good = host.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        });
        if !good || port.is_some_and(|port| super::words::digits(port, 5).is_none()) {
            return Err(refuse(format!("{} is not a registry", shown(registry))).at(0..registry.len()));
        }
    }
    let path_at = registry.map_or(0, |registry| registry.len() + 1);
    let mut at = path_at;
    for part in name[path_at..].split('/') {
        if let Some(reason) = bad_part(part) {
            return Err(refuse(reason).at(at..at + part.len()));
        }
        at += part.len() + 1;
    }
    if name.len() > 255 {
        return Err(refuse("its name has more than 255 characters".to_owned()));
    }
    let (tag, digest) = rest.split_once('@').map_or((rest, None), |(tag, digest)| (tag, Some(digest)));
    let tag = tag.strip_prefix(':').map(|tag| name_end + 1..name_end + 1 + tag.len());
    if let Some(range) = tag.clone() {
        let tag = &text[range.clone()];
        let good = tag.len() <= 128
            && tag.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '_')
            && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte));
        if !good {
            return Err(refuse(format!("{} is not a tag", shown(tag))).at(range));
        }
    }
    if let Some(digest) = digest {
        check_digest(text, digest, WHAT)?;
    }
    Ok(Image { text: text.into(), registry: registry.map(str::len), name_end, tag })
}

/// Lower-case letters and digits, with `.`, `_`, `__` or dashes between them.
fn bad_part(part: &str) -> Option<String> {
    if part.is_empty() {
        return Some("a part of its path is empty".to_owned());
    }
    if part.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Some(format!("there are capitals in {}", shown(part)));
    }
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = part.as_bytes();
    let alphabet = bytes.iter().all(|byte| inner(*byte) || b"._-".contains(byte));
    let ends = bytes.first().copied().is_some_and(inner) && bytes.last().copied().is_some_and(inner);
    let between = part
        .split(|character: char| character.is_ascii_alphanumeric())
        .all(|sign| matches!(sign, "" | "." | "_" | "__") || sign.bytes().all(|byte| byte == b'-'));
    if alphabet && ends && between { None } else { Some(format!("{} is not a part of a path", shown(part))) }
}

/// A digest alone: `sha256:...`.
pub(super) fn digest(text: &str) -> Result<CompactString, Fault> {
    mend(
        text,
        |text| check_digest(text, text, "a digest").map(|()| text.into()),
        |text| Some(text.trim().to_lowercase()),
    )
}

fn check_digest(text: &str, digest: &str, what: &str) -> Result<(), Fault> {
    let at = text.len() - digest.len()..text.len();
    let (algorithm, hex) = digest.split_once(':').unwrap_or(("", digest));
    let length = match algorithm {
        "sha256" => 64,
        "sha512" => 128,
        _ => return Err(is_not_because(text, what, "its digest does not begin with `sha256:`").at(at)),
    };
    if let Some((character, _)) = super::words::first_bad(hex, |character| matches!(character, '0'..='9' | 'a'..='f')) {
        let reason = format!("there is {} in its digest", super::words::shown_char(character));
        return Err(is_not_because(text, what, reason).at(at));
    }
    if hex.len() != length {
        return Err(
            is_not_because(text, what, format!("its digest has {} digits instead of {length}", hex.len())).at(at)
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (Option<String>, String, Option<String>, Option<String>) {
        let image = Image::parse(text).unwrap_or_else(|fault| panic!("{}", fault.message));
        let own = |text: Option<&str>| text.map(str::to_owned);
        (own(image.registry()), image.path().to_owned(), own(image.tag()), own(image.digest()))
    }

    #[test]
    fn registry_path_tag_and_digest_are_told_apart() {
        let digest = format!("sha256:{}", "0a".repeat(32));
        let text = format!("docker.io/erseco/alpine-moodle:v5.2.2@{digest}");
        let own = |text: &str| Some(text.to_owned());
        assert_eq!(
            parts(&text),
            (own("docker.io"), "erseco/alpine-moodle".to_owned(), own("v5.2.2"), Some(digest.clone()))
        );
        assert_eq!(parts("postgres"), (None, "postgres".to_owned(), None, None));
        assert_eq!(parts("localhost:5000/a/b:1"), (own("localhost:5000"), "a/b".to_owned(), own("1"), None));
        assert_eq!(parts(&format!("a/b@{digest}")), (None, "a/b".to_owned(), None, Some(digest)));
        assert_eq!(parts("ghcr.io/a__b/c-d.e:latest").2, own("latest"));
    }

    #[test]
    fn a_mirror_takes_the_place_of_the_registry() {
        let image = Image::parse("docker.io/a/b:1").unwrap();
        assert_eq!(image.from_registry("registry.krzn.example"), "registry.krzn.example/a/b:1");
        assert_eq!(Image::parse("a:1").unwrap().from_registry("r.example/mirror"), "r.example/mirror/a:1");
    }

    #[test]
    fn one_image_has_one_canonical_name() {
        let name = |text: &str| Image::parse(text).unwrap().canonical();
        assert_eq!(name("nextcloud:34"), "docker.io/library/nextcloud:34");
        assert_eq!(name("docker.io/library/nextcloud:34"), name("library/nextcloud:34"));
        assert_eq!(name(&format!("ghcr.io/a/b:1@sha256:{}", "0a".repeat(32))), "ghcr.io/a/b:1");
        assert_eq!(name("localhost:5000/a"), "localhost:5000/a");
    }

    #[test]
    fn a_digest_stands_alone_too() {
        assert!(digest(&format!("sha256:{}", "0a".repeat(32))).is_ok());
        assert_eq!(
            digest("sha256:0a").unwrap_err().message,
            "`sha256:0a` is not a digest: its digest has 2 digits instead of 64"
        );
        assert!(digest(&"0a".repeat(32)).is_err());
    }

    #[test]
    fn mistakes_are_named() {
        let fault = |text: &str| Image::parse(text).unwrap_err();
        assert_eq!(fault("docker.io/Nginx:1").suggestion.as_deref(), Some("docker.io/nginx:1"));
        assert_eq!(fault("docker://nginx:1").suggestion.as_deref(), Some("nginx:1"));
        assert!(fault("nginx@sha256:abc").message.contains("its digest has 3 digits instead of 64"));
        assert!(fault("nginx@md5:abc").message.contains("does not begin with `sha256:`"));
        assert_eq!(fault("nginx:a b").range, Some(6..9));
        for text in ["", ":1", "a//b", "a:", "a/b/", "-a", "a@", "a___b", "äpfel:1", "docker.io/:1"] {
            assert!(Image::parse(text).is_err(), "{text}");
        }
    }
}
