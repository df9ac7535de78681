//! The command line: one file per command, and what they share.
//!
//! A command returns how it ended, or a [`Failure`] where it could not begin. Failures are written here, in the format
//! that was asked for, so that a pipeline reads JSON also when the command line itself was wrong.

mod build;

mod check;

mod compiling;

mod completions;

mod exit;

mod explain;

mod init;

mod new;

mod progress;

mod services;

mod terminal;

mod workspace;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::builder::styling::{AnsiColor, Style, Styles};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Parser, Subcommand};

use self::exit::Exit;
use self::terminal::{Colour, Terminal};
use crate::render::{self, Format, Problem};

const STYLES: Styles = Styles::styled()
    .header(Style::new().bold())
    .usage(Style::new().bold())
    .literal(AnsiColor::Cyan.on_default())
    .placeholder(Style::new())
    .error(AnsiColor::Red.on_default().bold());

/// Compiles a compact spec of municipal tenants into checked Kubernetes manifests
#[derive(Debug, Parser)]
#[command(
    name = "stadtplan",
    version,
    styles = STYLES,
    disable_help_subcommand = true,
    after_help = "Examples:
  stadtplan init                                    a workspace that compiles
  stadtplan new municipality goch --ags 05154016    a tenant in one line
  stadtplan check                                   prove the fleet, write nothing
  stadtplan build                                   write the manifests to `out/`
  stadtplan services                                what tenants can have
  stadtplan explain duplicate-host                  what a finding means and how to mend it"
)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,

    /// A folder of the workspace; the nearest `stadtplan.kdl` above it counts [default: the current one]
    #[arg(short = 'C', long, global = true, value_name = "DIR", help_heading = "Global options")]
    workspace: Option<PathBuf>,

    /// When to use colour: `auto`, `always` or `never`; `auto` honours `NO_COLOR`
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "WHEN",
        default_value_t,
        hide_possible_values = true,
        help_heading = "Global options"
    )]
    color: Colour,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Arguments),
    New(new::Arguments),
    Check(check::Arguments),
    Build(build::Arguments),
    Explain(explain::Arguments),
    Services(services::Arguments),
    Completions(completions::Arguments),
}

/// Why a command could not do its work.
#[derive(Debug)]
struct Failure {
    exit: Exit,
    problem: Problem,
}

impl Failure {
    fn new(exit: Exit, message: impl Into<String>) -> Self {
        Failure { exit, problem: Problem { message: message.into(), help: None } }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.problem.help = Some(help.into());
        self
    }
}

/// What every command is given.
#[derive(Debug)]
struct Context {
    terminal: Terminal,
    workspace: Option<PathBuf>,
}

/// Runs the command of a command line, the program's name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let line = match CommandLine::try_parse_from(&arguments) {
        Ok(line) => line,
        Err(error) => return refuse(&advise(error), asked_format(&arguments)).into(),
    };
    let context = Context { terminal: Terminal::new(line.color), workspace: line.workspace };
    let (format, result) = match line.command {
        Command::Init(arguments) => (Format::Human, init::run(&context, &arguments)),
        Command::New(arguments) => (Format::Human, new::run(&context, &arguments)),
        Command::Check(arguments) => (arguments.compiling.format.into(), check::run(&context, &arguments)),
        Command::Build(arguments) => (arguments.compiling.format.into(), build::run(&context, &arguments)),
        Command::Explain(arguments) => (Format::Human, explain::run(&context, &arguments)),
        Command::Services(arguments) => (arguments.format.into(), services::run(&context, &arguments)),
        Command::Completions(arguments) => (Format::Human, completions::run::<CommandLine>(&arguments)),
    };
    let exit = result.unwrap_or_else(|failure| {
        report_failure(&context.terminal, &failure.problem, format);
        failure.exit
    });
    exit.into()
}

fn report_failure(terminal: &Terminal, problem: &Problem, format: Format) {
    let text = render::failure(problem, format, &terminal.error);
    match format {
        // Where not even this can be written, the exit code still says it.
        Format::Json => drop(terminal::print(&text)),
        Format::Human | Format::Short => terminal::print_error(&text),
    }
}

/// A folder behind a command is what other tools take for the place to work in.
fn advise(mut error: clap::Error) -> clap::Error {
    let place = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(word))
            if error.kind() == ErrorKind::UnknownArgument && Path::new(word).metadata().is_ok() =>
        {
            format!("a workspace is named with `-C {word}`")
        }
        _ => return error,
    };
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![place.into()]));
    error
}

/// Help and version as they were asked for; a wrong command line as a failure.
fn refuse(error: &clap::Error, format: Format) -> Exit {
    let terminal = Terminal::new(Colour::Auto);
    let styled = error.render();
    if !error.use_stderr() {
        let text = if terminal.out.colour { styled.ansi().to_string() } else { styled.to_string() };
        return terminal::print(&text).map_or_else(|failure| failure.exit, |()| Exit::Clean);
    }
    match format {
        Format::Json => {
            let text = styled.to_string();
            let message = text.trim_start_matches("error: ").lines().next().unwrap_or_default().to_owned();
            let tips = match error.get(ContextKind::Suggested) {
                Some(ContextValue::StyledStrs(tips)) => tips.as_slice(),
                _ => &[],
            };
            let tip =
                tips.first().map_or("`stadtplan --help` lists commands and options".to_owned(), ToString::to_string);
            let help = Some(tip);
            report_failure(&terminal, &Problem { message, help }, format);
        }
        Format::Human | Format::Short => {
            let text = if terminal.error.colour { styled.ansi().to_string() } else { styled.to_string() };
            terminal::print_error(&text);
        }
    }
    Exit::Usage
}

/// The format that a command line asks for, read without understanding the rest of it.
fn asked_format(arguments: &[OsString]) -> Format {
    let words: Vec<_> = arguments.iter().map(|argument| argument.to_string_lossy()).collect();
    let asked = words.iter().enumerate().find_map(|(at, word)| match word.strip_prefix("--format") {
        Some("") => words.get(at + 1).map(AsRef::as_ref),
        Some(rest) => rest.strip_prefix('='),
        None => None,
    });
    if asked == Some("json") { Format::Json } else { Format::Human }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn the_format_is_known_even_when_the_rest_is_wrong() {
        let line = |words: &[&str]| asked_format(&words.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(line(&["stadtplan", "chekc", "--format", "json"]), Format::Json);
        assert_eq!(line(&["stadtplan", "check", "--format=json", "--wrong"]), Format::Json);
        assert_eq!(line(&["stadtplan", "check", "--format"]), Format::Human);
    }
}
