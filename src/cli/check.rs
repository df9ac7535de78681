//! `stadtplan check`: compile, report, write nothing.

use clap::Args;

use super::compiling::{Compiling, compile_workspace, has_errors, print_report};
use super::exit::Exit;
use super::workspace::Workspace;
use super::{Context, Failure};

/// Prove the whole fleet and report what is wrong; writes nothing
#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 no errors, 1 errors found, 2 wrong usage or no workspace

Examples:
  stadtplan check
  stadtplan check --tenant goch
  stadtplan check --format json | jq '.findings[].message'")]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) compiling: Compiling,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<Exit, Failure> {
    let options = &arguments.compiling;
    let workspace = Workspace::open(context, None, options.today.as_deref())?;
    let problems = workspace.problems();
    let compilation = compile_workspace(context, workspace.world(), options, true)?;
    print_report(context, options, &compilation, &problems, None)?;
    Ok(if problems.is_empty() && !has_errors(&compilation) { Exit::Clean } else { Exit::Findings })
}
