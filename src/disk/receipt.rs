//! The receipt of a build: what it read and what it left, by which the next one knows that there is nothing to do.
//!
//! A compile is a function of the tool and of what it is told of the workspace, and of nothing else. Where both are what
//! they were, and the tree is byte for byte the one that was left, a build would write what is there already. A receipt is
//! only given for a build without a finding, since findings have to be said each time, and only asked by a plain `build`:
//! `check` and `build --check` always compile. It lies in a folder that ignores itself in Git; losing it costs one compile.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;

use super::existing;
use crate::compile::Counts;
use crate::object::hexadecimal;
use crate::output::lock::lock_files;
use crate::output::{self, Digest, OutputTree};
use crate::source::{FileError, World};

/// The folder of the workspace in which it lies; hidden, so no compile reads it.
const FOLDER: &str = ".stadtplan";
const NAME: &str = "receipt.json";

/// A workspace that remembers what it was asked and what it said.
#[derive(Debug)]
pub struct Observed<'w, W> {
    world: &'w W,
    told: Mutex<BTreeMap<String, Digest>>,
}

impl<'w, W: World> Observed<'w, W> {
    pub fn new(world: &'w W) -> Self {
        Observed { world, told: Mutex::default() }
    }
}

impl<W: World> World for Observed<'_, W> {
    fn files(&self) -> &[String] {
        self.world.files()
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        let answer = self.world.read(path);
        let digest = digest_of(&answer);
        self.told.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), digest);
        answer
    }

    fn today(&self) -> Option<&str> {
        self.world.today()
    }
}

/// What a build read and what it left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The tool, the place of the output, the day, the names of all files and the content of those that were read.
    inputs: String,
    /// The paths of the files that were read.
    read: Vec<String>,
    /// The tree with its locks.
    tree: String,
    /// How many files it has, without the locks.
    pub files: usize,
    pub counts: Counts,
}

/// Where a receipt is of use: one tool, one workspace, one output folder.
#[derive(Debug, Clone, Copy)]
pub struct Place<'p> {
    /// The digest of the tool itself: another one may write another tree.
    pub tool: Digest,
    pub root: &'p Path,
    pub out: &'p Path,
}

impl Place<'_> {
    /// The receipt of the last build, where it still holds: a build now would change nothing.
    pub fn receipt(&self, world: &dyn World) -> Option<Receipt> {
        let text = fs::read(self.root.join(FOLDER).join(NAME)).ok()?;
        // Also where an older tool wrote it in another form.
        let receipt: Receipt = serde_json::from_slice(&text).ok()?;
        let (inputs, tree) = rayon::join(
            || {
                let told = receipt.read.par_iter().map(|path| (path.clone(), digest_of(&world.read(path)))).collect();
                self.inputs(world, &told)
            },
            || existing::digests(self.out).map(|files| digest_of_tree(&files)),
        );
        (inputs == receipt.inputs && tree.ok()? == receipt.tree).then_some(receipt)
    }

    /// Keeps the receipt of a build that wrote this tree.
    pub fn keep<W: World>(&self, world: &Observed<'_, W>, tree: &OutputTree, counts: Counts) -> io::Result<()> {
        let told = world.told.lock().unwrap_or_else(PoisonError::into_inner);
        let locks = lock_files(tree).into_iter().map(|(path, bytes)| (path, output::digest(&bytes)));
        let all = tree.files.iter().map(|(path, file)| (path.clone(), file.digest)).chain(locks).collect();
        let receipt = Receipt {
            inputs: self.inputs(world, &told),
            read: told.keys().cloned().collect(),
            tree: digest_of_tree(&all),
            files: tree.files.len(),
            counts,
        };
        let folder = self.root.join(FOLDER);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(".gitignore"), "*\n")?;
        let mut file = NamedTempFile::new_in(&folder)?;
        file.write_all(&serde_json::to_vec(&receipt)?)?;
        file.persist(folder.join(NAME))?;
        Ok(())
    }

    /// The digest of all that a compile depends on.
    fn inputs(&self, world: &dyn World, told: &BTreeMap<String, Digest>) -> String {
        let mut hash = Sha256::new_with_prefix(self.tool);
        let mut add = |bytes: &[u8]| {
            hash.update(bytes.len().to_le_bytes());
            hash.update(bytes);
        };
        add(self.out.as_os_str().as_encoded_bytes());
        add(world.today().unwrap_or_default().as_bytes());
        world.files().iter().for_each(|path| add(path.as_bytes()));
        for (path, digest) in told {
            add(path.as_bytes());
            add(digest);
        }
        hexadecimal(&hash.finalize())
    }
}

/// The digest of this very program; an error where the system does not say which file that is.
pub fn digest_of_tool() -> io::Result<Digest> {
    let path: PathBuf = std::env::current_exe()?;
    Ok(output::digest(&fs::read(path)?))
}

/// What was said, be it bytes or a reason why there are none.
fn digest_of(answer: &Result<Vec<u8>, FileError>) -> Digest {
    match answer {
        Ok(bytes) => output::digest(bytes),
        Err(error) => output::digest(format!("{error:?}").as_bytes()),
    }
}

fn digest_of_tree(files: &BTreeMap<String, Digest>) -> String {
    let mut hash = Sha256::new();
    for (path, digest) in files {
        hash.update(path.len().to_le_bytes());
        hash.update(path);
        hash.update(digest);
    }
    hexadecimal(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::{Options, build};
    use crate::source::MemoryWorld;

    const SPEC: (&str, &str) = ("stadtplan.kdl", "platform p");

    /// What somebody does to a tree.
    type Touch = fn(&Path) -> io::Result<()>;

    /// A workspace with a built tree and the receipt of it.
    struct Built {
        folder: tempfile::TempDir,
        out: PathBuf,
    }

    impl Built {
        fn new() -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let out = folder.path().join("out");
            let tree = OutputTree::new(
                vec![("a.yaml".to_owned(), b"a: 1\n".to_vec()), ("c/t/b.yaml".to_owned(), b"b: 2\n".to_vec())],
                ["c/t".to_owned()],
            );
            build(&out, &tree, &Options::default()).expect("a build");
            let built = Built { folder, out };
            let world = MemoryWorld::new([SPEC, ("notes.md", "nobody reads this")]);
            let observed = Observed::new(&world);
            observed.read(SPEC.0).expect("the spec");
            built.place(1).keep(&observed, &tree, Counts { tenants: 7, ..Counts::default() }).expect("a receipt");
            built
        }

        fn place(&self, tool: u8) -> Place<'_> {
            Place { tool: [tool; 32], root: self.folder.path(), out: &self.out }
        }

        fn holds(&self, tool: u8, files: &[(&str, &str)], today: Option<&str>) -> bool {
            let mut world = MemoryWorld::new(files.iter().copied());
            world.today = today.map(str::to_owned);
            self.place(tool).receipt(&world).is_some()
        }
    }

    #[test]
    fn it_holds_while_nothing_has_changed_and_no_longer() {
        let built = Built::new();
        let notes = ("notes.md", "changed, but never read");
        assert!(built.holds(1, &[SPEC, notes], None));
        assert!(!built.holds(2, &[SPEC, notes], None), "another tool");
        assert!(!built.holds(1, &[SPEC, notes], Some("2026-01-01")), "another day");
        assert!(!built.holds(1, &[("stadtplan.kdl", "platform q"), notes], None), "another spec");
        assert!(!built.holds(1, &[notes], None), "no spec");
        assert!(!built.holds(1, &[SPEC], None), "a name less");
        assert!(!built.holds(1, &[SPEC, notes, ("new.kdl", "")], None), "a name more");
        let elsewhere = Place { out: built.folder.path(), ..built.place(1) };
        assert_eq!(elsewhere.receipt(&MemoryWorld::new([SPEC, notes])), None, "another output");
    }

    #[test]
    fn a_tree_that_anybody_touched_is_built_anew() {
        let world = MemoryWorld::new([SPEC, ("notes.md", "")]);
        let touch: [(&str, Touch); 6] = [
            ("edited", |out| fs::write(out.join("a.yaml"), "a: 2\n")),
            ("removed", |out| fs::remove_file(out.join("a.yaml"))),
            ("foreign", |out| fs::write(out.join("c/mine.txt"), "")),
            ("lock", |out| fs::write(out.join("c/t/stadtplan.lock"), "")),
            ("unfinished", |out| fs::create_dir(out.join(existing::UNFINISHED))),
            ("gone", |out| fs::remove_dir_all(out)),
        ];
        for (name, touch) in touch {
            let built = Built::new();
            let receipt = built.place(1).receipt(&world).expect("a receipt");
            assert_eq!((receipt.files, receipt.counts.tenants), (2, 7));
            touch(&built.out).expect(name);
            assert_eq!(built.place(1).receipt(&world), None, "{name}");
        }
    }

    #[test]
    fn a_receipt_that_cannot_be_read_is_none() {
        let built = Built::new();
        let path = built.folder.path().join(FOLDER).join(NAME);
        fs::write(path, "{\"inputs\": 1}").expect("written");
        assert!(!built.holds(1, &[SPEC, ("notes.md", "")], None));
    }
}
