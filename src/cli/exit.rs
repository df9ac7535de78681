//! The exit codes, in one place: scripts and pipelines depend on them.

use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// Done, and nothing was found.
    Clean,
    /// Errors were found, or the command could not do its work.
    Findings,
    /// The command line, or the place it was called in, makes no sense.
    Usage,
    /// `build --check`: what is committed is not what would be generated.
    Differs,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(match exit {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::Differs => 3,
        })
    }
}
