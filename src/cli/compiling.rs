//! What `check` and `build` have in common: their options, the compile, and the report of it.

use std::mem::ManuallyDrop;

use clap::{Args, ValueEnum};

use super::exit::Exit;
use super::{Context, Failure, progress, terminal};
use crate::compile::{Compilation, Options, compile};
use crate::diagnostic::{Severity, did_you_mean};
use crate::render::{FIRST, Format, Outcome, Problem, Report, render};
use crate::source::World;

// No doc comment here: it would become the text of the commands that these options are part of.
#[derive(Debug, Args)]
pub(super) struct Compiling {
    /// Report, and for `build` write, only what concerns this tenant; the whole fleet is still proven
    #[arg(long, value_name = "NAME")]
    pub(super) tenant: Option<String>,

    /// The form of the findings: `human`, `short` (one line each) or `json` (one document)
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, hide_possible_values = true)]
    pub(super) format: FormatChoice,

    /// The day on which dated facts are judged, as YYYY-MM-DD [default: the date of the last commit]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(super) today: Option<String>,

    /// Draw all findings, not only the first fifty
    #[arg(long)]
    pub(super) all: bool,
}

/// The form in which findings are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum FormatChoice {
    #[default]
    Human,
    Short,
    Json,
}

impl From<FormatChoice> for Format {
    fn from(choice: FormatChoice) -> Self {
        match choice {
            FormatChoice::Human => Format::Human,
            FormatChoice::Short => Format::Short,
            FormatChoice::Json => Format::Json,
        }
    }
}

/// Compiles the workspace, with a sign of life where it takes long. A tenant that is not there is no tenant without
/// findings.
pub(super) fn compile_workspace(
    context: &Context,
    world: &dyn World,
    options: &Compiling,
    only_proofs: bool,
) -> Result<ManuallyDrop<Compilation>, Failure> {
    let compiled = Options { tenant: options.tenant.clone(), only_proofs };
    let compilation = progress::while_doing(&context.terminal, "compiling", || compile(world, &compiled));
    // The process ends with the command, and the system takes its memory back faster than piece by piece.
    let compilation = ManuallyDrop::new(compilation);
    // Where the spec has errors the tenant may be what they are about.
    let Some(tenant) = &options.tenant else { return Ok(compilation) };
    if compilation.tenants.contains(tenant) || has_errors(&compilation) {
        return Ok(compilation);
    }
    let failure = Failure::new(Exit::Usage, format!("the workspace has no tenant `{tenant}`"));
    let names = compilation.tenants.iter().map(String::as_str);
    Err(match did_you_mean(tenant, names).filter(|help| help.starts_with("did")) {
        Some(help) => failure.help(help),
        None => failure.help("`--tenant` takes the name behind `municipality` or `customer`"),
    })
}

/// Writes the report to the standard output.
pub(super) fn print_report(
    context: &Context,
    options: &Compiling,
    compilation: &Compilation,
    problems: &[Problem],
    outcome: Option<&Outcome>,
) -> Result<(), Failure> {
    let report = Report {
        sources: &compilation.sources,
        findings: &compilation.findings,
        counts: compilation.counts,
        limit: (!options.all).then_some(FIRST),
        problems,
        outcome,
    };
    terminal::print(&render(&report, options.format.into(), &context.terminal.out))
}

/// Whether an error was found.
pub(super) fn has_errors(compilation: &Compilation) -> bool {
    compilation.findings.iter().any(|finding| finding.severity == Severity::Error)
}

fn date(text: &str) -> Result<String, String> {
    match text.parse::<jiff::civil::Date>() {
        // Also `20260131` is a date to the parser; one way to write it is enough.
        Ok(date) if date.to_string() == text => Ok(text.to_owned()),
        _ => Err("expected a date as `2026-12-31`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_in_one_way() {
        assert!(date("2026-02-28").is_ok());
        for wrong in ["2026-02-30", "20260228", "28.02.2026", "2026-2-8", "2026-02-28T10:00:00", ""] {
            assert!(date(wrong).is_err(), "{wrong}");
        }
    }
}
