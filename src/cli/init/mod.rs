//! `stadtplan init`: a workspace that compiles, to be changed from there.
//!
//! The files are the ones beside this one; they are compiled as a test.

use std::path::{Path, PathBuf};

use clap::Args;

use super::exit::Exit;
use super::new::files::{NewFile, write_new};
use super::{Context, Failure, terminal};
use crate::disk::MANIFEST;

/// Make a workspace that compiles
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  stadtplan init                 in the current folder
  stadtplan init mandanten       in a new folder")]
pub(super) struct Arguments {
    /// Where to make it; the folder is made where it does not exist
    #[arg(value_name = "DIR")]
    directory: Option<PathBuf>,
}

/// The files of a new workspace.
pub(super) fn files() -> Vec<NewFile> {
    vec![
        NewFile { path: "stadtplan.kdl".to_owned(), text: include_str!("stadtplan.kdl").to_owned() },
        NewFile { path: "municipalities/goch.kdl".to_owned(), text: include_str!("goch.kdl").to_owned() },
    ]
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<Exit, Failure> {
    let directory = arguments.directory.as_deref().or(context.workspace.as_deref()).unwrap_or(Path::new("."));
    if directory.join(MANIFEST).symlink_metadata().is_ok() {
        let message = format!("{} is a workspace already", shown(directory));
        return Err(Failure::new(Exit::Findings, message).help("`stadtplan check` proves it"));
    }
    write_new(directory, &files())?;
    let mut text = format!("made {} a workspace:\n", shown(directory));
    for file in files() {
        text.extend(["  ", &file.path, "\n"]);
    }
    text.push_str("\n`stadtplan check` proves it, `stadtplan build` writes the manifests to `out/`\n");
    terminal::print(&text)?;
    Ok(Exit::Clean)
}

fn shown(directory: &Path) -> String {
    if directory == Path::new(".") { "this folder".to_owned() } else { format!("`{}`", directory.display()) }
}
