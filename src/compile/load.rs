//! Reads a workspace and the standard library: which file is what, decoded and parsed.
//!
//! A file of the workspace takes the place of the standard library's file of the same path, in `services/` a whole
//! folder at a time.

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Fault, Findings, codes};
use crate::lower::LibraryFile;
use crate::model::Layer;
use crate::resolve::{Role, SpecFile};
use crate::source::{FileId, STANDARD_LIBRARY, Sources, Span, World};
use crate::syntax;

/// The spec at the root of every workspace.
pub const MANIFEST: &str = "stadtplan.kdl";

/// The committed file that pins claims to their storage classes.
pub const CLAIMS_LOCK: &str = "claims.lock";

/// What was read.
#[derive(Debug, Default)]
pub struct Loaded {
    pub specs: Vec<SpecFile>,
    /// Templates and data of the library, the workspace's in the place of the standard ones. Sorted by path.
    pub library: Vec<LibraryFile>,
    /// `CustomResourceDefinitions` of the workspace's clusters.
    pub crds: Vec<FileId>,
    pub claims: Option<FileId>,
}

/// What a file of the workspace or of the library is.
enum Part {
    Spec(Role),
    Library,
    Crds,
    Claims,
    /// Read only where something names it: a table, an export.
    Other,
}

/// Reads everything; a file that cannot be read is a finding, and the rest is read all the same.
pub fn load(world: &dyn World, sources: &mut Sources, findings: &mut Findings) -> Loaded {
    let mut own: Vec<(&String, Part)> =
        world.files().iter().map(|path| (path, classify(path, Layer::Platform))).collect();
    // Whatever order the files are listed in, they are read in this one.
    own.sort_by_key(|(path, _)| *path);
    let shadowed: BTreeSet<&str> = own
        .iter()
        .filter(|(_, part)| matches!(part, Part::Spec(Role::Service { .. })))
        .filter_map(|(path, _)| path.strip_suffix("service.kdl"))
        .collect();
    let paths: BTreeSet<&str> = own.iter().map(|(path, _)| path.as_str()).collect();

    let mut loaded = Loaded::default();
    let mut specs: Vec<(FileId, Role)> = Vec::new();
    for (path, text) in STANDARD_LIBRARY {
        let replaced = path.starts_with("baseline/") && paths.contains(path);
        let shadowed = shadowed.iter().any(|folder| path.starts_with(folder));
        if replaced || shadowed || path.starts_with("kinds/") {
            continue;
        }
        let place = |path: &str| format!("stdlib/{path}");
        match classify(path, Layer::Standard) {
            Part::Spec(role) => specs.push((sources.add(place(path), *text), role)),
            Part::Library => {
                let file = sources.add(place(path), *text);
                loaded.library.push(LibraryFile { path: (*path).to_owned(), file });
            }
            Part::Crds | Part::Claims | Part::Other => {}
        }
    }

    let texts: Vec<_> = own
        .par_iter()
        .map(|(path, part)| (!matches!(part, Part::Other)).then(|| syntax::read_text(world, path)))
        .collect();
    for ((path, part), text) in own.into_iter().zip(texts) {
        let text = match text {
            None => continue,
            Some(Ok(text)) => text,
            Some(Err(fault)) => {
                findings.push(unreadable(world, path, fault, sources));
                continue;
            }
        };
        let file = sources.add(path.as_str(), text);
        match part {
            Part::Spec(role) => specs.push((file, role)),
            Part::Library => loaded.library.push(LibraryFile { path: path.clone(), file }),
            Part::Crds => loaded.crds.push(file),
            Part::Claims => loaded.claims = Some(file),
            Part::Other => {}
        }
    }
    if !paths.contains(MANIFEST) {
        let file = sources.add(MANIFEST, "");
        let text = format!("there is no file `{MANIFEST}`");
        findings.push(Diagnostic::new(&codes::FILE_ERROR, Span::file(file), text).help("`stadtplan init` makes one"));
    }
    report_undeclared(&loaded.library, &paths, sources, findings);
    loaded.library.sort_by(|a, b| a.path.cmp(&b.path));

    let sources = &*sources;
    let trees: Vec<_> = specs
        .into_par_iter()
        .map(|(file, role)| {
            let (tree, problems) = syntax::parse(file, sources.file(file).text.clone());
            (SpecFile { tree, role }, problems)
        })
        .collect();
    for (spec, problems) in trees {
        findings.extend(problems);
        loaded.specs.push(spec);
    }
    loaded
}

/// Templates in a folder without a declaration would never be used.
fn report_undeclared(library: &[LibraryFile], paths: &BTreeSet<&str>, sources: &Sources, findings: &mut Findings) {
    let mut folders = BTreeSet::new();
    // A standard file of the same path is another one.
    let is_own = |read: &&LibraryFile| paths.contains(read.path.as_str()) && sources.file(read.file).path == read.path;
    for LibraryFile { path, file } in library.iter().filter(is_own) {
        let Some(name) = path.strip_prefix("services/").and_then(|rest| rest.split('/').next()) else { continue };
        if paths.contains(format!("services/{name}/service.kdl").as_str()) || !folders.insert(name) {
            continue;
        }
        let text = format!("the folder `services/{name}` has templates and no `service.kdl`");
        let declaration = format!("services/{name}/service.kdl");
        let help = if STANDARD_LIBRARY.iter().any(|(path, _)| *path == declaration) {
            "a standard service is replaced as a whole: copy all of its files, or give yours another name".to_owned()
        } else {
            format!("declare the service there: `service {name} summary=\"…\"`")
        };
        findings.push(Diagnostic::new(&codes::MISSING, Span::file(*file), text).help(help));
    }
}

/// A file that is no text is pointed at where it stops being one.
fn unreadable(world: &dyn World, path: &str, fault: Fault, sources: &mut Sources) -> Diagnostic {
    let bytes = fault.range.as_ref().and_then(|_| world.read(path).ok()).unwrap_or_default();
    let file = sources.add(path, String::from_utf8_lossy(&bytes));
    let span = fault.range.map_or(Span::file(file), |range| {
        // What is shown has a character of three bytes in the place of what is none.
        let start = String::from_utf8_lossy(&bytes[..range.start.min(bytes.len())]).len();
        Span::new(file, start, start + char::REPLACEMENT_CHARACTER.len_utf8())
    });
    Diagnostic::new(&codes::FILE_ERROR, span, fault.message).help_if(fault.help)
}

/// What a file is, by its path below the workspace or the standard library.
fn classify(path: &str, layer: Layer) -> Part {
    if path == CLAIMS_LOCK {
        return Part::Claims;
    }
    if let Some(("services", rest)) = path.split_once('/') {
        return match rest.split_once('/') {
            Some((name, "service.kdl")) => {
                Part::Spec(Role::Service { name: name.to_owned(), folder: format!("services/{name}"), layer })
            }
            Some(_) if is_yaml(path) => Part::Library,
            _ if is_kdl(path) => Part::Spec(Role::Workspace(layer)),
            _ => Part::Other,
        };
    }
    if path.starts_with("baseline/") {
        return Part::Library;
    }
    if path.starts_with("crds/") && is_yaml(path) {
        return Part::Crds;
    }
    if is_kdl(path) { Part::Spec(Role::Workspace(layer)) } else { Part::Other }
}

fn is_yaml(path: &str) -> bool {
    has_ending(path, &["yaml", "yml"])
}

fn is_kdl(path: &str) -> bool {
    has_ending(path, &["kdl"])
}

fn has_ending(path: &str, endings: &[&str]) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
}
