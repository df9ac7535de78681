//! Writes marks into a case: what `UPDATE=1` does.

use std::fmt::Write as _;

use super::marks::{Mark, sigil};
use super::parts::{Part, extension};
use super::report::Found;

/// The files without their marks; a line of nothing but marks goes away.
pub(crate) fn stripped(parts: &[Part]) -> Vec<Part> {
    let mut parts = parts.to_vec();
    for part in &mut parts {
        let Some(sigil) = sigil(&part.path) else { continue };
        part.text = part.text.split_inclusive('\n').filter_map(|line| strip_line(line, sigil)).collect();
    }
    parts
}

/// The files with marks for these findings: on their lines where `in_place` and the file has comments at the end of
/// lines, at the end of the first file otherwise. Texts of earlier marks that still hold are kept.
pub(crate) fn written(parts: &[Part], found: &[Found], earlier: &[Mark], in_place: bool) -> Vec<Part> {
    let mut parts = parts.to_vec();
    let mut apart = String::new();
    for found in found {
        let kept = earlier.iter().find(|mark| mark.says(found) && !mark.text.is_empty());
        let text = kept.map_or(found.message.as_str(), |mark| mark.text.as_str());
        let mark = format!("{} {}: {text}", found.severity, found.code);
        let part = parts.iter_mut().find(|part| in_place && part.path == found.path);
        match part.and_then(|part| Some((trailing_sigil(&part.path)?, part))) {
            Some((sigil, part)) => add_to_line(&mut part.text, found.line, &format!(" {sigil} {mark}")),
            None => drop(writeln!(apart, "//~@ {}:{} {mark}", found.path, found.line)),
        }
    }
    // What was said of the ways out is kept where it still holds.
    for detail in earlier.iter().filter(|mark| mark.is_detail()) {
        let Some((path, line)) = found.iter().find_map(|found| place_of(detail, found)) else { continue };
        let mark = format!("{}: {}", detail.severity, detail.text);
        let part = parts.iter_mut().find(|part| in_place && part.path == path);
        match part.and_then(|part| Some((trailing_sigil(&part.path)?, part))) {
            Some((sigil, part)) => add_to_line(&mut part.text, line, &format!(" {sigil} {mark}")),
            None => drop(writeln!(apart, "//~@ {path}:{line} {mark}")),
        }
    }
    if !apart.is_empty() && !parts[0].text.ends_with('\n') && !parts[0].text.is_empty() {
        parts[0].text.push('\n');
    }
    parts[0].text.push_str(&apart);
    parts
}

/// Where a mark about a way out or another place belongs, if it holds for a finding wherever that is now.
fn place_of(detail: &Mark, found: &Found) -> Option<(String, usize)> {
    if detail.severity == "help" {
        return found.help.contains(&detail.text).then(|| (found.path.clone(), found.line));
    }
    let shown = found.others.iter().find(|other| other.text.contains(&detail.text))?;
    Some((shown.path.clone(), shown.line))
}

/// The text that was split into these files.
pub(crate) fn join(parts: &[Part]) -> String {
    let mut text = String::new();
    for part in parts {
        if let Some(header) = &part.header {
            text.push_str(header);
            text.push('\n');
        }
        text.push_str(&part.text);
    }
    text
}

fn strip_line(line: &str, sigil: &str) -> Option<String> {
    let Some(at) = line.find(sigil) else { return Some(line.to_owned()) };
    let kept = line[..at].trim_end();
    let line_break = if line.ends_with('\n') { "\n" } else { "" };
    (!kept.is_empty()).then(|| format!("{kept}{line_break}"))
}

fn add_to_line(text: &mut String, line: usize, addition: &str) {
    let start = text.split_inclusive('\n').take(line - 1).map(str::len).sum::<usize>();
    let end = text[start..].find('\n').map_or(text.len(), |length| start + length);
    text.insert_str(end, addition);
}

/// As [`sigil`], for files that take a comment at the end of any line.
fn trailing_sigil(path: &str) -> Option<&'static str> {
    sigil(path).filter(|_| extension(path) != "ldif")
}
