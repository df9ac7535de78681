//! The workspace of a command: where it is, what is in it, and which day it is there.
//!
//! It is the nearest folder upwards with a `stadtplan.kdl`. The day comes from the command line, else from the last
//! commit, so that the same commit is judged alike tomorrow; a compile itself has no clock.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::exit::Exit;
use super::{Context, Failure};
use crate::source::{MemoryWorld, World};

/// The file that makes a folder a workspace.
pub(super) const ROOT_FILE: &str = "stadtplan.kdl";

/// An opened workspace.
#[derive(Debug)]
pub(super) struct Workspace {
    root: PathBuf,
    world: MemoryWorld,
}

impl Workspace {
    /// Opens the workspace of the command line, or the one of the current folder.
    pub(super) fn open(context: &Context, output: Option<&Path>, today: Option<&str>) -> Result<Self, Failure> {
        let start = context.workspace.as_deref().unwrap_or(Path::new("."));
        let start = start.canonicalize().map_err(|error| {
            Failure::new(Exit::Usage, format!("cannot open the folder `{}`: {error}", start.display()))
        })?;
        let root = start.ancestors().find(|folder| folder.join(ROOT_FILE).is_file()).ok_or_else(|| {
            let place =
                if context.workspace.is_some() { format!("in `{}`", start.display()) } else { "here".to_owned() };
            Failure::new(Exit::Usage, format!("no `{ROOT_FILE}` {place} or above")).help("`stadtplan init` makes one")
        })?;
        let _ = output;
        let mut world = MemoryWorld::default();
        world.today = today.map(str::to_owned).or_else(|| date_of_head(root));
        Ok(Workspace { root: root.to_owned(), world })
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn world(&self) -> &dyn World {
        &self.world
    }
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
