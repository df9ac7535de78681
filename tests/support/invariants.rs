//! What holds for every compile whatever its input: asserted on each case and each example.
//!
//! Places lie inside their files, the same input gives the same result in any file order, an error means that nothing
//! is written, what is written reads back, messages keep the house style, and an offered fix mends its finding.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};
use stadtplan::compile::{Compilation, Options, compile};
use stadtplan::diagnostic::{Diagnostic, Fix, Severity};
use stadtplan::render::{Canvas, Format, Report, render};
use stadtplan::source::{FileError, MemoryWorld, Span, World};

use super::parts::extension;
use super::report;

/// Everything that does not hold, in words; empty when all is well.
pub(crate) fn broken(world: &MemoryWorld, options: &Options, compilation: &Compilation) -> Vec<String> {
    let mut faults = places(compilation);
    faults.extend(same_again(world, options, compilation));
    faults.extend(outcome(compilation));
    faults.extend(output(compilation));
    faults.extend(rendering(compilation));
    faults.extend(order(compilation));
    for finding in &compilation.findings {
        faults.extend(wording(&finding.diagnostic));
        faults.extend(mends(world, options, compilation, &finding.diagnostic));
    }
    faults
}

/// Findings whose places lie outside their files or inside a character.
pub(crate) fn places(compilation: &Compilation) -> Vec<String> {
    let count = compilation.sources.iter().count();
    let outside = |span: Span| {
        if span.file.0 as usize >= count {
            return true;
        }
        // `get` refuses what is out of order, out of bounds or inside a character.
        compilation.sources.file(span.file).text.get(span.range()).is_none()
    };
    let mut faults = Vec::new();
    for finding in &compilation.findings {
        let diagnostic = &finding.diagnostic;
        let edits = diagnostic.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
        let spans =
            std::iter::once(diagnostic.span).chain(diagnostic.others.iter().map(|label| label.span)).chain(edits);
        for span in spans.filter(|span| outside(*span)) {
            faults
                .push(format!("{}: `{}` points outside its file: {span:?}", diagnostic.code.name, diagnostic.message));
        }
    }
    faults
}

/// The same input twice, and in another file order, gives the same findings and the same bytes.
fn same_again(world: &MemoryWorld, options: &Options, compilation: &Compilation) -> Vec<String> {
    let mut names = world.files().to_vec();
    names.reverse();
    let mut faults = Vec::new();
    let again = [
        ("a second compile", compile(world, options)),
        ("the files in another order", compile(&Reordered { world, names }, options)),
    ];
    for (what, other) in &again {
        if report::short(compilation) != report::short(other) {
            faults.push(format!("{what} gives other findings:\n{}", report::short(other)));
        }
        if compilation.output.as_ref().map(|tree| &tree.files) != other.output.as_ref().map(|tree| &tree.files) {
            faults.push(format!("{what} gives other output"));
        }
    }
    faults
}

/// An error and an output tree exclude each other.
fn outcome(compilation: &Compilation) -> Option<String> {
    let errors = compilation.findings.iter().any(|finding| finding.severity == Severity::Error);
    match (errors, &compilation.output) {
        (true, Some(_)) => Some("there is an error and still an output tree".into()),
        (false, None) => Some("there is no error and still no output tree".into()),
        _ => None,
    }
}

/// What is written has honest digests and paths that every machine can hold, and reads back.
fn output(compilation: &Compilation) -> Vec<String> {
    let mut faults = Vec::new();
    let mut folded: BTreeMap<String, &str> = BTreeMap::new();
    for (path, file) in compilation.output.iter().flat_map(|tree| &tree.files) {
        if Sha256::digest(&file.bytes)[..] != file.digest {
            faults.push(format!("{path}: the digest is not the one of its bytes"));
        }
        if path.split('/').any(|part| matches!(part, "" | "." | "..")) || path.contains(['\\', ':']) {
            faults.push(format!("{path}: not a path to write to"));
        }
        if let Some(other) = folded.insert(path.to_lowercase(), path) {
            faults.push(format!("{path} and {other} are one file where case does not count"));
        }
        if extension(path) == "yaml" {
            faults.extend(reads_back(path, &file.bytes));
        }
    }
    faults
}

/// Errors come before warnings, and among them the workspace's own files before the standard library's.
fn order(compilation: &Compilation) -> Option<String> {
    let rank = |at: usize| {
        let finding = &compilation.findings[at];
        let path = &compilation.sources.file(finding.diagnostic.span.file).path;
        (finding.severity != Severity::Error, path.starts_with("stdlib/"))
    };
    let ranks: Vec<_> = (0..compilation.findings.len()).map(rank).collect();
    (!ranks.is_sorted()).then(|| format!("the findings stand in another order:\n{}", report::short(compilation)))
}

/// Each form of the report can be drawn, ends in a line break and names every finding.
fn rendering(compilation: &Compilation) -> Vec<String> {
    let Compilation { sources, findings, counts, .. } = compilation;
    let report = Report { sources, findings, counts: *counts, limit: None, problems: &[], outcome: None };
    let mut faults = Vec::new();
    for format in [Format::Human, Format::Short, Format::Json] {
        let text = render(&report, format, &Canvas::PLAIN);
        if !text.is_empty() && !text.ends_with('\n') {
            faults.push(format!("the {format:?} report does not end in a line break"));
        }
        for code in findings.iter().map(|finding| finding.diagnostic.code.name) {
            if !text.contains(code) {
                faults.push(format!("the {format:?} report does not name {code}"));
            }
        }
    }
    faults
}

fn reads_back(path: &str, bytes: &[u8]) -> Option<String> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Some(format!("{path}: not UTF-8")) };
    match serde_saphyr::from_multiple::<serde_json::Value>(text) {
        Ok(documents) if documents.iter().all(serde_json::Value::is_object) => None,
        Ok(_) => Some(format!("{path}: a document is not a mapping")),
        Err(error) => Some(format!("{path}: does not read back: {error}")),
    }
}

/// Messages begin in lower case, end without a full stop and say more than that something is not valid.
fn wording(diagnostic: &Diagnostic) -> Vec<String> {
    let said = std::iter::once(("message", &diagnostic.message))
        .chain(diagnostic.help.iter().map(|text| ("help", text)))
        .chain(diagnostic.notes.iter().map(|text| ("note", text)))
        .chain(diagnostic.others.iter().map(|label| ("label", &label.text)))
        .chain(Some(&diagnostic.label).filter(|text| !text.is_empty()).map(|text| ("label", text)))
        .chain(diagnostic.fix.iter().map(|fix| ("fix", &fix.title)));
    let mut faults = Vec::new();
    for (what, text) in said {
        let fault = if text.is_empty() {
            "is empty"
        } else if text.starts_with(|first: char| first.is_ascii_uppercase() && !starts_with_acronym(text)) {
            "starts with a capital"
        } else if text.ends_with('.') || text.trim() != text {
            "ends with a full stop or has white space around it"
        } else if text.split_whitespace().any(|word| word.eq_ignore_ascii_case("invalid")) {
            "says `invalid` instead of what was found and expected"
        } else if what != "note" && text.contains('\n') {
            // A note may be a table; everything else has to fit into a line of a list.
            "has several lines"
        } else {
            continue;
        };
        faults.push(format!("{}: the {what} `{text}` {fault}", diagnostic.code.name));
    }
    faults
}

/// `AGS`, `KDL` and `YAML` keep their capitals, also as the first word.
fn starts_with_acronym(text: &str) -> bool {
    let word = text.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
    word.len() > 1 && word.chars().skip(1).all(|letter| !letter.is_lowercase())
        || word == "Kubernetes"
        || word == "Longhorn"
}

/// The offered change of text, carried out, makes the finding go away and leaves a file that can be read.
fn mends(world: &MemoryWorld, options: &Options, compilation: &Compilation, diagnostic: &Diagnostic) -> Option<String> {
    let fix = diagnostic.fix.as_ref()?;
    let mended = compile(&mended(world, compilation, fix)?, options);
    let same = |other: &Compilation| {
        other.findings.iter().filter(|found| found.diagnostic.message == diagnostic.message).count()
    };
    let unreadable =
        |other: &Compilation| other.findings.iter().filter(|found| found.diagnostic.code.name == "bad-syntax").count();
    if same(&mended) >= same(compilation) {
        return Some(format!("the fix `{}` does not mend `{}`", fix.title, diagnostic.message));
    }
    (unreadable(&mended) > unreadable(compilation))
        .then(|| format!("the fix `{}` breaks the file:\n{}", fix.title, report::short(&mended)))
}

/// The workspace with the edits of a fix; none where it edits a file that is not of the workspace.
fn mended(world: &MemoryWorld, compilation: &Compilation, fix: &Fix) -> Option<MemoryWorld> {
    let mut edits: Vec<_> = fix.edits.iter().collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for edit in edits {
        let file = compilation.sources.file(edit.span.file);
        let text = texts.entry(file.path.clone()).or_insert_with(|| file.text.to_string());
        text.get(edit.span.range())?;
        text.replace_range(edit.span.range(), &edit.text);
    }
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for name in world.files() {
        files.insert(name.clone(), world.read(name).ok()?);
    }
    for (path, text) in texts {
        *files.get_mut(&path)? = text.into_bytes();
    }
    let mut changed = MemoryWorld::new(files);
    changed.today.clone_from(&world.today);
    Some(changed)
}

/// The same files, listed in another order.
struct Reordered<'w> {
    world: &'w MemoryWorld,
    names: Vec<String>,
}

impl World for Reordered<'_> {
    fn files(&self) -> &[String] {
        &self.names
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        self.world.read(path)
    }

    fn today(&self) -> Option<&str> {
        self.world.today()
    }
}
