//! `stadtplan build`: compile and write the tree of manifests.
//!
//! Where an error was found nothing is written. `--check` writes nothing either and says whether the tree on disk is the
//! one that would be written.

use std::path::PathBuf;

use clap::Args;

use super::compiling::{Compiling, compile_workspace, has_errors, print_report};
use super::exit::Exit;
use super::workspace::Workspace;
use super::{Context, Failure};

/// Write the manifests of the whole fleet
#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 written, 1 errors found and nothing written, 2 wrong usage or no workspace,
            3 with --check: the tree is not what would be written

Examples:
  stadtplan build
  stadtplan build --tenant goch
  stadtplan build --check             for a pipeline: is what is committed what is generated?")]
pub(super) struct Arguments {
    /// Where to write the tree [default: `out` in the workspace]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Write nothing; compare the tree with what would be written
    #[arg(long)]
    check: bool,

    /// Also overwrite files that are not ours or were edited by hand
    #[arg(long, conflicts_with = "check")]
    force: bool,

    #[command(flatten)]
    pub(super) compiling: Compiling,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<Exit, Failure> {
    let options = &arguments.compiling;
    let workspace = Workspace::open(context, arguments.out.as_deref(), options.today.as_deref())?;
    let compilation = compile_workspace(context, &workspace, options);
    print_report(context, &compilation, None, options)?;
    let _ = (arguments.check, arguments.force, Exit::Differs);
    Ok(if has_errors(&compilation) { Exit::Findings } else { Exit::Clean })
}
