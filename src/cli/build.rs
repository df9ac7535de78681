//! `stadtplan build`: compile and write the tree of manifests.
//!
//! Where an error was found nothing is written. `--check` writes nothing either and says whether the tree on disk is the
//! one that would be written. Where the receipt of the last build still holds, nothing is compiled.

use std::path::PathBuf;

use clap::Args;

use super::compiling::{Compiling, compile_workspace, has_errors, print_report};
use super::exit::Exit;
use super::workspace::{Workspace, told};
use super::{Context, Failure, progress};
use crate::compile::{CLAIMS_LOCK, Compilation};
use crate::disk;
use crate::output::{OutputTree, SECRETS_LIST};
use crate::render::{Outcome, count, thousands};

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
    let mut problems = workspace.problems();
    // What a comparison says, and what is done by force or for one tenant, is never taken from an earlier build.
    let plain = !arguments.check && !arguments.force && options.tenant.is_none() && problems.is_empty();
    // Where the system does not say which program this is, every build compiles.
    let tool = if plain { disk::digest_of_tool().ok() } else { None };
    let place = tool.map(|tool| disk::Place { tool, root: workspace.root(), out: workspace.output() });
    if let Some(receipt) = place.and_then(|place| place.receipt(workspace.world())) {
        return tell_unchanged(context, &workspace, &receipt, arguments);
    }
    let world = disk::Observed::new(workspace.world());
    let compilation = compile_workspace(context, &world, options, false)?;
    // What could not be read may have been a tenant; a tree without it would remove the tenant's files.
    let tree = compilation.output.as_ref().filter(|_| problems.is_empty() && !has_errors(&compilation));
    let Some(tree) = tree else {
        print_report(context, options, &compilation, &problems, None)?;
        return Ok(Exit::Findings);
    };
    let written = write(context, &workspace, tree, compilation.claims_lock.as_deref(), arguments);
    let outcome = written.map_err(|faults| problems.extend(faults.iter().map(told))).ok();
    if let Some(place) = place
        && outcome.is_some()
        && compilation.findings.is_empty()
    {
        // Where it cannot be kept, in a workspace that may only be read say, the next build compiles again.
        let _ = place.keep(&world, tree, compilation.counts);
    }
    let differs = arguments.check && outcome.as_ref().is_some_and(disk::Outcome::differs);
    if let Some(outcome) = &outcome {
        problems.extend(outcome.refused.iter().map(|refusal| told(&disk::Problem::Refused(refusal.clone()))));
    }
    let outcome = outcome.map(|outcome| {
        let folder = shown(&workspace, arguments);
        let left_to_do = tell_provided(compilation.counts.provided, &folder, arguments);
        Outcome { left_to_do, ..describe(outcome, &folder, arguments) }
    });
    print_report(context, options, &compilation, &problems, outcome.as_ref())?;
    Ok(match outcome {
        Some(_) if differs => Exit::Differs,
        Some(_) => Exit::Clean,
        None => Exit::Findings,
    })
}

/// The report of a build that had nothing to do.
fn tell_unchanged(
    context: &Context,
    workspace: &Workspace,
    receipt: &disk::Receipt,
    arguments: &Arguments,
) -> Result<Exit, Failure> {
    let compilation = Compilation { counts: receipt.counts, ..Compilation::default() };
    let folder = shown(workspace, arguments);
    let left_to_do = tell_provided(receipt.counts.provided, &folder, arguments);
    let outcome = disk::Outcome { unchanged: receipt.files, ..disk::Outcome::default() };
    let outcome = Outcome { left_to_do, ..describe(outcome, &folder, arguments) };
    print_report(context, &arguments.compiling, &compilation, &[], Some(&outcome))?;
    Ok(Exit::Clean)
}

fn write(
    context: &Context,
    workspace: &Workspace,
    tree: &OutputTree,
    pins: Option<&str>,
    arguments: &Arguments,
) -> Result<disk::Outcome, Vec<disk::Problem>> {
    let options = disk::Options {
        root: Some(workspace.root().to_owned()),
        force: arguments.force,
        check: arguments.check,
        tenant: arguments.compiling.tenant.clone(),
        pins: pins.map(|text| (CLAIMS_LOCK.to_owned(), text.to_owned())),
    };
    progress::while_doing(&context.terminal, "writing", || disk::build(workspace.output(), tree, &options))
}

/// The output folder as people know it: relative to the workspace where it lies in it.
fn shown(workspace: &Workspace, arguments: &Arguments) -> String {
    let inside = workspace.output().strip_prefix(workspace.root());
    let given = arguments.out.as_deref().or(inside.ok()).unwrap_or(workspace.output());
    given.display().to_string()
}

/// How many values people have to put into the vault, and where they are listed; whether they are there already only the
/// vault knows.
fn tell_provided(number: usize, folder: &str, arguments: &Arguments) -> Option<String> {
    if number == 0 || arguments.check {
        return None;
    }
    let tenant = arguments.compiling.tenant.as_deref().unwrap_or("*");
    let values = count(number, "value");
    let (are, each) = if number == 1 { ("is", "it") } else { ("are", "each") };
    Some(format!(
        "{values} of secrets {are} for people to fill in; `{folder}/*/{tenant}/{SECRETS_LIST}` says where {each} goes"
    ))
}

/// What a build did, or would do, in one sentence and as lists.
fn describe(outcome: disk::Outcome, folder: &str, arguments: &Arguments) -> Outcome {
    let compared = arguments.check;
    let tree_differs = disk::Outcome { pinned: false, ..outcome.clone() }.differs();
    let of = arguments.compiling.tenant.as_ref().map_or_else(String::new, |tenant| format!(" of `{tenant}`"));
    let files = |number: usize| count(number, "file");
    let changed = outcome.written.len() + outcome.removed.len();
    let sentence = if compared && tree_differs {
        // What is refused stands above, each with its own way out.
        let way = if outcome.refused.is_empty() { "; `stadtplan build` makes it so" } else { "" };
        format!("`{folder}` is not what would be generated{way}")
    } else if changed == 0 && outcome.locks.is_empty() && of.is_empty() {
        format!("`{folder}` is up to date: {}", files(outcome.unchanged))
    } else if changed == 0 && outcome.locks.is_empty() {
        // What tenants share, such as the projects of the management cluster, is written by a build of all.
        format!(
            "the folder{of} in `{folder}` is up to date: {}; what tenants share was not looked at",
            files(outcome.unchanged)
        )
    } else if changed == 0 {
        format!(
            "`{folder}` is up to date: {}; renewed {}",
            files(outcome.unchanged),
            count(outcome.locks.len(), "lock")
        )
    } else {
        let mut parts = vec![format!("wrote {}{of} to `{folder}`", files(outcome.written.len()))];
        if !outcome.removed.is_empty() {
            parts.push(format!("removed {}", thousands(outcome.removed.len())));
        }
        if outcome.unchanged > 0 {
            parts.push(format!("{} unchanged", thousands(outcome.unchanged)));
        }
        parts.join(", ")
    };
    let pins = match (outcome.pinned, compared) {
        (false, _) => String::new(),
        (true, false) => format!("; `{CLAIMS_LOCK}` has new pins, commit it too"),
        (true, true) => format!("; `{CLAIMS_LOCK}` is not what would be written"),
    };
    let mended = if outcome.mended && !compared { "completed a build that was interrupted; " } else { "" };
    Outcome {
        sentence: format!("{mended}{sentence}{pins}"),
        left_to_do: None,
        written: outcome.written,
        removed: outcome.removed,
        unchanged: outcome.unchanged,
        compared,
    }
}
