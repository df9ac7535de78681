//! The `stadtplan` binary: hands the command line to [`stadtplan::cli`] and exits with its code.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    stadtplan::cli::run(std::env::args_os())
}
