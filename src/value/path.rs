//! Paths of files in the workspace, and time zones, which look like them.
//!
//! A path is relative, uses `/`, and never leaves the workspace: a spec must mean the same on every machine.

use compact_str::CompactString;

use crate::diagnostic::Fault;
use crate::value::words::{first_bad, is_not, is_not_because, mend, shown_char};

const WHAT: &str = "a path in the workspace";

/// Reads a path: `directory/groups.ldif`.
pub(crate) fn parse(text: &str) -> Result<CompactString, Fault> {
    mend(text, read, meant)
}

fn read(text: &str) -> Result<CompactString, Fault> {
    let fault = if text.is_empty() {
        is_not(text, WHAT)
    } else if let Some((character, at)) = first_bad(text, |character| !character.is_control() && character != '\\') {
        is_not_because(text, WHAT, format!("there is {} in it", shown_char(character))).at(at)
    } else if text.starts_with('/') || text.as_bytes().get(1) == Some(&b':') {
        is_not_because(text, WHAT, "it begins at the root of a disk")
    } else if text.starts_with('~') {
        is_not_because(text, WHAT, "it begins in somebody's home")
    } else if text.split('/').any(|part| part == "..") {
        is_not_because(text, WHAT, "`..` could lead out of it")
    } else if text.split('/').any(|part| part.is_empty() || part == ".") {
        is_not_because(text, WHAT, "one of its parts is empty or `.`")
    } else {
        return Ok(text.into());
    };
    Err(fault)
}

fn meant(text: &str) -> Option<String> {
    if text.starts_with(['/', '\\']) {
        return None;
    }
    let parts: Vec<&str> = text.split(['/', '\\']).filter(|part| !part.is_empty() && *part != ".").collect();
    Some(parts.join("/"))
}

/// Reads an IANA time zone by its shape: `Europe/Berlin`, `UTC`.
pub(crate) fn time_zone(text: &str) -> Result<CompactString, Fault> {
    let part = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_uppercase())
            && part.len() <= 30
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-+".contains(&byte))
    };
    let known = text == "UTC" || text.contains('/') && text.split('/').count() <= 3 && text.split('/').all(part);
    if known {
        return Ok(text.into());
    }
    let fault = is_not(text, "a time zone")
        .help("a name of the IANA list with its continent, such as `Europe/Berlin`, or `UTC`");
    match text.to_uppercase().as_str() {
        "CET" | "CEST" | "MEZ" | "MESZ" | "BERLIN" | "EUROPE/BERLIN" => Err(fault.suggest("Europe/Berlin")),
        "GMT" | "Z" | "UTC" => Err(fault.suggest("UTC")),
        _ => Err(fault),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_inside_the_workspace_are_read() {
        assert!(parse("directory/groups.ldif").is_ok() && parse("Schulen Goch.csv").is_ok() && parse("a/..b").is_ok());
    }

    #[test]
    fn paths_that_lead_out_are_refused() {
        for text in ["", "/etc/passwd", "../a", "a/../b", "C:/a", "~/a", "a//b", "./a", "a/", "a\0b"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert_eq!(parse("schools\\kleve.csv").unwrap_err().suggestion.as_deref(), Some("schools/kleve.csv"));
        assert_eq!(parse("./a").unwrap_err().suggestion.as_deref(), Some("a"));
    }

    #[test]
    fn time_zones_have_their_continent() {
        assert!(
            time_zone("Europe/Berlin").is_ok()
                && time_zone("UTC").is_ok()
                && time_zone("America/Argentina/Ushuaia").is_ok()
        );
        assert_eq!(time_zone("MEZ").unwrap_err().suggestion.as_deref(), Some("Europe/Berlin"));
        assert!(time_zone("Berlin").is_err() && time_zone("europe/berlin").is_err() && time_zone("").is_err());
    }
}
