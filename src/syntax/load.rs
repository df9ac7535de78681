//! Reads a file of the workspace as text, with the one set of words for what can go wrong.

use super::{MAXIMUM_BYTES, decode};
use crate::diagnostic::Fault;
use crate::source::{FileError, World};

/// The text of a file; a fault names the file and the reason.
pub fn read_text(world: &dyn World, path: &str) -> Result<String, Fault> {
    decode(read_bytes(world, path)?).map_err(|fault| Fault { message: format!("`{path}`: {}", fault.message), ..fault })
}

/// The bytes of a file; a fault names the file and the reason.
pub fn read_bytes(world: &dyn World, path: &str) -> Result<Vec<u8>, Fault> {
    world.read(path).map_err(|error| refuse(path, &error))
}

fn refuse(path: &str, error: &FileError) -> Fault {
    match error {
        FileError::NotFound => Fault::new(format!("there is no file `{path}` in the workspace"))
            .help("paths are relative to the folder of `stadtplan.kdl`"),
        FileError::Unreadable(reason) => Fault::new(format!("the file `{path}` cannot be read: {reason}")),
        FileError::TooLarge { bytes } => {
            Fault::new(format!("the file `{path}` has {bytes} bytes, and at most {MAXIMUM_BYTES} are read"))
                .help("split it; a spec is many small files")
        }
    }
}
