//! `stadtplan explain`: the page of a finding, or the list of all.

use clap::Args;

use super::exit::Exit;
use super::{Context, Failure, terminal};
use crate::{explain, render};

/// Say what a finding means, why it matters and how to mend it
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  stadtplan explain                   every code with one line
  stadtplan explain duplicate-host    its page")]
pub(super) struct Arguments {
    /// The code of a finding, as it stands between the brackets; without it, all codes are listed
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<Exit, Failure> {
    let canvas = &context.terminal.out;
    let text = match &arguments.code {
        None => render::code_list(explain::list(), canvas),
        Some(name) => {
            let code = explain::find(name).map_err(|meant| unknown(name, meant))?;
            render::page(code, canvas)
        }
    };
    terminal::print(&text)?;
    Ok(Exit::Clean)
}

fn unknown(name: &str, meant: Option<&str>) -> Failure {
    let failure = Failure::new(Exit::Usage, format!("there is no finding with the code `{name}`"));
    match meant {
        Some(meant) => failure.help(format!("did you mean `{meant}`?")),
        None => failure.help("`stadtplan explain` lists all codes"),
    }
}
