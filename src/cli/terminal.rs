//! The two streams: what they can show, and writing to them.
//!
//! Results go to the standard output, also findings, since they are what `check` is for; progress and failures go to
//! the standard error. A reader that goes away, as `head` does, is not an error.

use std::io::{self, IsTerminal as _, Write as _};

use clap::ValueEnum;

use super::Failure;
use super::exit::Exit;
use crate::render::Canvas;

/// When to use colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Colour {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Also into files and pipes.
    Always,
    Never,
}

/// What the two streams can show.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terminal {
    pub(super) out: Canvas,
    pub(super) error: Canvas,
    /// Whether somebody may be watching the standard error.
    pub(super) watched: bool,
}

impl Terminal {
    pub(super) fn new(colour: Colour) -> Self {
        Terminal {
            out: canvas(colour, io::stdout().is_terminal()),
            error: canvas(colour, io::stderr().is_terminal()),
            watched: io::stderr().is_terminal() && !is_dumb(),
        }
    }
}

/// Writes to the standard output.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(Exit::Findings, format!("cannot write to the standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes to the standard error; where even that fails there is nobody left to tell.
pub(super) fn print_error(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

fn canvas(colour: Colour, is_terminal: bool) -> Canvas {
    let colour = match colour {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => is_terminal && variable("NO_COLOR").is_none() && !is_dumb(),
    };
    if !is_terminal {
        return Canvas { colour, ..Canvas::PLAIN };
    }
    let width = terminal_size::terminal_size().map_or(Canvas::PLAIN.width, |(width, _)| usize::from(width.0));
    Canvas { width: width.max(40), unicode: speaks_unicode(), colour }
}

/// Whether the locale is UTF-8: the first of the three variables that is set decides, as in the C library.
fn speaks_unicode() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(variable);
    locale.is_some_and(|locale| locale.to_ascii_lowercase().replace('-', "").contains("utf8")) && !is_dumb()
}

fn is_dumb() -> bool {
    variable("TERM").is_some_and(|kind| kind == "dumb")
}

/// An environment variable that is set and not empty.
fn variable(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the command line is where the environment is read")]
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
