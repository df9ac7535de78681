//! The cases: each `tests/cases/<topic>/<name>.kdl` is a test of its own, compiled in memory through all stages.
//!
//! A case says what it expects in marks beside the lines (see `support/marks.rs`) and, where the output matters, in
//! parts below `out/`. Without marks it has to compile clean. A new case is a new file; there is no list to edit.
//! `cargo test --test cases shrink` runs those with `shrink` in their name, `UPDATE=1` writes the marks that would pass.

use std::fmt::Write as _;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use stadtplan::compile::{Compilation, compile};

#[path = "support/invariants.rs"]
mod invariants;
#[path = "support/marks.rs"]
mod marks;
#[path = "support/parts.rs"]
mod parts;
#[path = "support/reference.rs"]
mod reference;
#[path = "support/report.rs"]
mod report;
#[path = "support/repository.rs"]
mod repository;
#[path = "support/rewrite.rs"]
mod rewrite;

use marks::Mark;
use parts::Part;

const FOLDER: &str = "tests/cases";

fn main() -> ExitCode {
    let trials = repository::files(FOLDER)
        .into_iter()
        .filter(|path| !path.starts_with("_shared/"))
        .map(|path| Trial::test(path.trim_end_matches(".kdl").to_owned(), move || run(&path).map_err(Failed::from)))
        .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// Compiles a case and holds it against what it says of itself.
fn run(path: &str) -> Result<(), String> {
    let place = format!("{FOLDER}/{path}");
    let text = repository::text(&place);
    well_kept(path, &text)?;
    let parts = parts::split(&text);
    let world = parts::world(&parts);
    let options = parts::options(&parts);
    let compilation = compile(&world, &options);

    let mut faults = String::new();
    if let Err(difference) = compare_marks(&parts, &compilation) {
        if repository::update() {
            repository::write(&place, rewrite::join(&rewritten(&parts)?).as_bytes());
        } else {
            faults.push_str(&difference);
        }
    }
    for fault in
        compare_output(&parts, &compilation).into_iter().chain(invariants::broken(&world, &options, &compilation))
    {
        let _ = writeln!(faults, "{fault}");
    }
    for part in parts.iter().filter(|part| parts::extension(&part.path) == "kdl") {
        let agrees = String::from_utf8(part.bytes()).map_or(Ok(()), |text| reference::agrees_with_reference(&text));
        if let Err(fault) = agrees {
            let _ = writeln!(faults, "{}: {fault}", part.path);
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// A case is KDL in a topic's folder, and its first line says why it is there.
fn well_kept(path: &str, text: &str) -> Result<(), String> {
    if parts::extension(path) != "kdl" || path.matches('/').count() != 1 {
        return Err(format!("{path}: a case is a file `<topic>/<name>.kdl`"));
    }
    let why = text.lines().next().and_then(|line| line.strip_prefix("// ")).unwrap_or_default();
    if why.split_whitespace().count() < 3 || why.starts_with("use: ") {
        return Err(format!("{path}: the first line has to say why the case exists, as `// why …`"));
    }
    Ok(())
}

fn compare_marks(parts: &[Part], compilation: &Compilation) -> Result<(), String> {
    let marks = marks::read(parts)?;
    let found = report::findings(compilation);
    let (missing, unexpected) = marks::differences(&marks, &found);
    if missing.is_empty() && unexpected.is_empty() {
        return Ok(());
    }
    let mut text = String::new();
    list(&mut text, "expected and not found", &missing);
    list(&mut text, "found and not expected", &unexpected);
    if let Ok(rewritten) = rewritten(parts) {
        let lines = rewrite::join(&rewritten);
        let marks: Vec<&str> = lines.lines().filter(|line| line.contains("//~") || line.contains("#~")).collect();
        list(&mut text, "the marks that UPDATE=1 would write", &marks);
    }
    Err(text)
}

/// The parts with the marks that would pass.
fn rewritten(parts: &[Part]) -> Result<Vec<Part>, String> {
    let earlier: Vec<Mark> = marks::read(parts).unwrap_or_default();
    let bare = rewrite::stripped(parts);
    let found = report::findings(&compile(&parts::world(&bare), &parts::options(&bare)));
    for in_place in [true, false] {
        let written = rewrite::written(&bare, &found, &earlier, in_place);
        let compiled = report::findings(&compile(&parts::world(&written), &parts::options(&written)));
        let agrees = |marks: &[Mark]| marks::differences(marks, &compiled) == (Vec::new(), Vec::new());
        if marks::read(&written).is_ok_and(|marks| agrees(&marks)) {
            return Ok(written);
        }
    }
    Err("the marks change what the file says: write them by hand".into())
}

/// A part `//- out/a/b.yaml` gives lines that the file has to have, in this order; a path that ends in `/` stands for
/// all files below it, and the word `absent` says that there is no such file.
fn compare_output(parts: &[Part], compilation: &Compilation) -> Vec<String> {
    let mut faults = Vec::new();
    for part in parts.iter().filter(|part| part.is_expected()) {
        let path = part.path.trim_start_matches("out/");
        let below = |written: &str| written == path || path.ends_with('/') && written.starts_with(path);
        let files = compilation.output.iter().flat_map(|tree| &tree.files).filter(|(written, _)| below(written));
        let text: String = files.map(|(_, file)| String::from_utf8_lossy(&file.bytes).into_owned()).collect();
        if part.words.iter().any(|word| word == "absent") {
            if !text.is_empty() {
                faults.push(format!("{path} is written and should be absent"));
            }
            continue;
        }
        let mut lines = text.lines();
        for expected in part.text.lines().filter(|line| !line.trim().is_empty()) {
            if !lines.any(|line| line.trim() == expected.trim()) {
                faults
                    .push(format!("{path} lacks `{}` (or has it in another order); it reads\n{text}", expected.trim()));
                break;
            }
        }
    }
    faults
}

fn list(text: &mut String, title: &str, lines: &[impl std::fmt::Display]) {
    if !lines.is_empty() {
        let _ = writeln!(text, "{title}:");
    }
    for line in lines {
        let _ = writeln!(text, "    {line}");
    }
}
