//! Every object against the schema of its kind. A finding points at the line of the template that wrote the part, and at
//! the node of the spec that asked for the object.

use crate::diagnostic::{Diagnostic, Findings};
use crate::kinds::{FLEET_FILE, Kind, Problem, Step};
use crate::lower::{BundleFile, Library, Object};
use crate::source::Span;
use crate::template::PathStep;

/// Proves the objects of a file.
pub fn prove_objects(file: &BundleFile, library: &Library, findings: &mut Findings) {
    for object in &file.objects {
        let problems = match kind_of(file, object, library) {
            Ok(kind) => library.proofs.prove(u64::from(object.template.0), kind, &object.node),
            Err(problem) => vec![problem],
        };
        findings.extend(problems.into_iter().map(|problem| explain(problem, object, library)));
    }
}

fn kind_of<'l>(file: &BundleFile, object: &Object, library: &'l Library) -> Result<&'l Kind, Problem> {
    if file.name == "fleet" {
        let (version, kind) = FLEET_FILE;
        return library.kinds.get(version, kind).ok_or_else(|| library.kinds.unknown(version, kind));
    }
    library.kinds.of(&object.node)
}

#[cold]
fn explain(problem: Problem, object: &Object, library: &Library) -> Diagnostic {
    let span = place(&problem, object, library);
    Diagnostic::new(problem.code, span, problem.message)
        .also(object.asked, "in what this becomes")
        .help_if(problem.help)
}

/// Where the part was written: in the template, as near as it can be told.
fn place(problem: &Problem, object: &Object, library: &Library) -> Span {
    let path: Vec<PathStep<'_>> = problem
        .path
        .iter()
        .map(|step| match step {
            Step::Key(key) => PathStep::Key(key),
            Step::Index(at) => PathStep::Index(*at),
        })
        .collect();
    match library.template(object.template).documents.get(object.document) {
        Some(document) if problem.code.name == "unknown-field" => document.key_span_of(&path),
        Some(document) => document.span_of(&path),
        None => object.asked,
    }
}
