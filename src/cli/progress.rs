//! A sign of life on the standard error, for work that takes longer than a second, while somebody is watching.

use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use super::terminal::{Terminal, print_error};

/// How long work may take before it says anything.
const PATIENCE: Duration = Duration::from_secs(1);

/// Does the work; says what is going on where it takes long.
pub(super) fn while_doing<T>(terminal: &Terminal, what: &str, work: impl FnOnce() -> T) -> T {
    if !terminal.watched {
        return work();
    }
    let (working, done) = channel::<()>();
    let frames: &[char] =
        if terminal.error.unicode { &['⠋', '⠙', '⠸', '⠴', '⠦', '⠇'] } else { &['-', '\\', '|', '/'] };
    std::thread::scope(|scope| {
        scope.spawn(move || turn(what, frames, &done));
        // The other end goes when the work ends, also by a panic, and the wheel stops.
        let _working = working;
        work()
    })
}

fn turn(what: &str, frames: &[char], done: &Receiver<()>) {
    if done.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
        return;
    }
    for frame in frames.iter().cycle() {
        print_error(&format!("\r{frame} {what} "));
        if done.recv_timeout(Duration::from_millis(125)) != Err(RecvTimeoutError::Timeout) {
            break;
        }
    }
    print_error("\r\u{1b}[K");
}
