//! The disk: the workspace as a compile sees it, and the tree as it is written.
//!
//! Besides the command line this is the only room with a door to the file system. [`DiskWorld`] reads, [`build`] writes;
//! what goes wrong on the way is a [`Problem`], which always says which file it was and what was being done.
#![expect(clippy::disallowed_methods, reason = "this is the room that touches files for all the others")]

mod existing;
mod pin;
mod problem;
mod receipt;
mod room;
mod world;
mod write;

pub use self::problem::{Problem, State};
pub use self::receipt::{Observed, Place, Receipt, digest_of_tool};
pub use self::world::{DiskWorld, MANIFEST, find_root};
pub use self::write::{Options, Outcome, build};

#[cfg(test)]
mod tests;
