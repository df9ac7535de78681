//! Lists the files of `stdlib/` as Rust data, so that the binary carries its standard library.

#![expect(clippy::disallowed_methods, reason = "a build script reads the folder it is built from")]

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("stdlib");
    println!("cargo::rerun-if-changed=stdlib");
    println!("cargo::rerun-if-changed=src/build.rs");
    let mut list = String::from("&[\n");
    for entry in walkdir::WalkDir::new(&root).sort_by_file_name() {
        let entry = entry?;
        if !entry.file_type().is_file() {
            continue;
        }
        let name = entry.path().strip_prefix(&root)?.to_str().ok_or("a file name under stdlib/ is not UTF-8")?;
        let path = entry.path().to_str().ok_or("a path of the checkout is not UTF-8")?;
        writeln!(list, "    ({name:?}, include_str!({path:?})),")?;
    }
    list.push_str("]\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("stdlib.rs"), list)?;
    Ok(())
}
