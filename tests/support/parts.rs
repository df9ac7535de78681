//! Several files in one text: how cases and explain pages write a whole workspace down.
//!
//! A line `//- path` starts a file; what stands before the first such line is `stadtplan.kdl`. Words after the path
//! change the bytes: `latin-1`, `crlf`, `bom`. A part below `out/` is not read by the compiler but expected of it.
//! The comments at the top direct the run: `// use: minimal` adds a shared file of `tests/cases/_shared`, `// today: 2026-11-23` sets
//! the day, `// tenant: goch` narrows the compile.

use stadtplan::compile::Options;
use stadtplan::source::MemoryWorld;

use super::repository;

/// One file of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    /// The line that started it, without its line break; none for what stands before the first.
    pub(crate) header: Option<String>,
    pub(crate) path: String,
    pub(crate) words: Vec<String>,
    pub(crate) text: String,
}

impl Part {
    /// Whether the compiler is to give this, not to read it.
    pub(crate) fn is_expected(&self) -> bool {
        self.path.starts_with("out/")
    }

    /// What the compiler reads.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let has = |word: &str| self.words.iter().any(|found| found == word);
        let text = if has("crlf") { self.text.replace('\n', "\r\n") } else { self.text.clone() };
        let mut bytes = if has("latin-1") {
            text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')).collect()
        } else {
            text.into_bytes()
        };
        if has("bom") {
            bytes.splice(0..0, *b"\xef\xbb\xbf");
        }
        bytes
    }
}

/// Splits a text into its files.
pub(crate) fn split(text: &str) -> Vec<Part> {
    split_as(text, "stadtplan.kdl")
}

/// The workspace that the files of a text make, with the shared files it uses.
pub(crate) fn world(parts: &[Part]) -> MemoryWorld {
    let own = parts.iter().filter(|part| !part.is_expected()).cloned();
    let files = used(parts).into_iter().chain(own).map(|part| (part.path.clone(), part.bytes()));
    let mut world = MemoryWorld::new(files);
    world.today = directive(parts, "today");
    world
}

/// The shared files that the comments at the top ask for.
pub(crate) fn used(parts: &[Part]) -> Vec<Part> {
    directive(parts, "use").unwrap_or_default().split_whitespace().flat_map(shared).collect()
}

/// What the comments at the top ask of the compile.
pub(crate) fn options(parts: &[Part]) -> Options {
    Options { tenant: directive(parts, "tenant"), ..Options::default() }
}

/// The files of `tests/cases/_shared/<name>.kdl`.
pub(crate) fn shared(name: &str) -> Vec<Part> {
    let opening = if name == "minimal" { "platform.kdl".into() } else { format!("{name}.kdl") };
    let mut parts = split_as(&repository::text(&format!("tests/cases/_shared/{name}.kdl")), &opening);
    parts.retain(|part| part.header.is_some() || has_content(&part.text));
    parts
}

/// What stands after the last dot of a file's name.
pub(crate) fn extension(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, extension)| extension)
}

fn split_as(text: &str, opening: &str) -> Vec<Part> {
    let mut parts = vec![Part { header: None, path: opening.to_owned(), words: Vec::new(), text: String::new() }];
    for line in text.split_inclusive('\n') {
        if let Some(rest) = line.strip_prefix("//- ") {
            let mut words = rest.split_whitespace().map(str::to_owned);
            parts.push(Part {
                header: Some(line.trim_end_matches('\n').to_owned()),
                path: words.next().unwrap_or_default(),
                words: words.collect(),
                text: String::new(),
            });
        } else if let Some(part) = parts.last_mut() {
            part.text.push_str(line);
        }
    }
    // A text that names its root file itself has only directions before it.
    if parts.iter().skip(1).any(|part| part.path == parts[0].path) && !has_content(&parts[0].text) {
        "about.kdl".clone_into(&mut parts[0].path);
    }
    parts
}

fn has_content(text: &str) -> bool {
    text.lines().any(|line| !line.trim().is_empty() && !line.trim_start().starts_with("//"))
}

/// The value of a comment `// name: value` among the comments that open the text.
fn directive(parts: &[Part], name: &str) -> Option<String> {
    let opening = parts.first()?.text.lines().take_while(|line| line.starts_with("//") || line.trim().is_empty());
    opening
        .filter_map(|line| line.strip_prefix("// ")?.strip_prefix(name)?.strip_prefix(": "))
        .map(|value| value.trim().to_owned())
        .next()
}
