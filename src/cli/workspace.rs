//! The workspace of a command: where it is, what is in it, and which day it is there.
//!
//! The day comes from the command line, else from the last commit, so that the same commit is judged alike tomorrow; a
//! compile itself has no clock.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::exit::Exit;
use super::{Context, Failure};
use crate::disk::{self, DiskWorld, MANIFEST};
use crate::render::Problem;

/// Where the tree is written unless `--out` says otherwise.
const OUTPUT: &str = "out";

/// An opened workspace.
#[derive(Debug)]
pub(super) struct Workspace {
    world: DiskWorld,
    output: PathBuf,
}

impl Workspace {
    /// Opens the workspace of the command line, or the one of the current folder. `output` is where the tree is
    /// written, as the command line says it.
    pub(super) fn open(context: &Context, output: Option<&Path>, today: Option<&str>) -> Result<Self, Failure> {
        let start = context.workspace.as_deref().unwrap_or(Path::new("."));
        let unreadable = |error| format!("cannot open the folder `{}`: {error}", start.display());
        start.metadata().map_err(|error| Failure::new(Exit::Usage, unreadable(error)))?;
        let root = disk::find_root(start).ok_or_else(|| {
            let place =
                context.workspace.as_ref().map_or("here".to_owned(), |start| format!("in `{}`", start.display()));
            Failure::new(Exit::Usage, format!("no `{MANIFEST}` {place} or above")).help("`stadtplan init` makes one")
        })?;
        let output = output.map(|output| std::path::absolute(output).unwrap_or_else(|_| output.to_owned()));
        let output = output.unwrap_or_else(|| root.join(OUTPUT));
        judge_output(&root, &output)?;
        let mut world = DiskWorld::open(&root, &output)
            .map_err(|problem| Failure { exit: Exit::Usage, problem: told(&problem) })?;
        world.today = today.map(str::to_owned).or_else(|| date_of_head(&root));
        world.is_today_named = today.is_some();
        Ok(Workspace { world, output })
    }

    pub(super) fn root(&self) -> &Path {
        self.world.root()
    }

    /// The folder the tree is written to.
    pub(super) fn output(&self) -> &Path {
        &self.output
    }

    pub(super) fn world(&self) -> &DiskWorld {
        &self.world
    }

    /// What is in the workspace and cannot be read. None of it is passed over: it may have been a tenant.
    pub(super) fn problems(&self) -> Vec<Problem> {
        let inside = |problem: &disk::Problem| told(&problem.clone().relative_to(self.world.root()));
        self.world.problems().iter().map(inside).collect()
    }
}

/// Refuses an output folder that takes a part of the spec away: what lies in it is not read.
fn judge_output(root: &Path, output: &Path) -> Result<(), Failure> {
    let refuse =
        |text: String| Err(Failure::new(Exit::Usage, text).help("give the output a folder of its own: `--out out`"));
    let is_spec = |path: &Path| path.extension().is_some_and(|ending| ending == "kdl");
    let shown = output.display();
    // Also where it is written with `..` or reached by a link.
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if real(root).starts_with(real(output)) {
        return refuse(format!("the output folder `{shown}` would hold the workspace itself"));
    }
    if is_spec(output) {
        return refuse(format!("the output `{shown}` is a spec file"));
    }
    let names = output.read_dir().into_iter().flatten().flatten();
    match names.map(|entry| entry.path()).find(|path| is_spec(path)) {
        Some(spec) if real(output).starts_with(real(root)) => {
            let name = spec.file_name().unwrap_or_default().to_string_lossy().into_owned();
            refuse(format!("the output folder `{shown}` holds the spec file `{name}`"))
        }
        _ => Ok(()),
    }
}

/// A problem of the disk in the words of a report.
pub(super) fn told(problem: &disk::Problem) -> Problem {
    Problem { message: problem.message(), help: problem.help().map(str::to_owned) }
}

/// The date of the last commit; `None` without Git, a repository or a commit.
fn date_of_head(root: &Path) -> Option<String> {
    let log = Command::new("git")
        .args(["log", "-1", "--format=%cs"])
        .current_dir(root)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let date = String::from_utf8(log.stdout).ok()?.trim().to_owned();
    (log.status.success() && !date.is_empty()).then_some(date)
}
