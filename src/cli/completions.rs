//! `stadtplan completions`: the script that teaches a shell the commands.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::exit::Exit;
use super::{Failure, terminal};

/// Write the completion script of a shell to the standard output
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  stadtplan completions bash > ~/.local/share/bash-completion/completions/stadtplan
  stadtplan completions zsh > ~/.zfunc/_stadtplan
  stadtplan completions fish > ~/.config/fish/completions/stadtplan.fish")]
pub(super) struct Arguments {
    /// bash, elvish, fish, powershell or zsh
    #[arg(value_enum, hide_possible_values = true)]
    shell: Shell,
}

pub(super) fn run<Line: CommandFactory>(arguments: &Arguments) -> Result<Exit, Failure> {
    // Written to memory first: the generator panics when its reader goes away.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Line::command(), "stadtplan", &mut script);
    terminal::print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Clean)
}
