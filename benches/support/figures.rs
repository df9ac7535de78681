//! The figures that are promised, as one table: what the real binary takes beside the least that the same files can cost.
//!
//! Every round measures each thing once, one after the other, so that all of them see the same machine and the same disk; the
//! table shows the best and the middle round. The plain writer and reader know nothing but paths and bytes: folders are
//! made once each, parents first, then the files are written or read, by one thread and by all cores.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

/// The times of one thing in every round.
struct Times {
    what: &'static str,
    /// What it is held against: the name of another row.
    against: Option<&'static str>,
    rounds: Vec<Duration>,
}

const WRITE: &str = "only write, all cores";
const READ: &str = "only read and hash, all cores";

/// Measures a workspace and prints its table.
#[expect(clippy::print_stdout, reason = "the table is what this is for")]
pub(crate) fn print(name: &str, workspace: &Path, rounds: usize) {
    // Folders stay until the end, because ext4 creates files many times slower after a mass deletion.
    let folders = folder();
    let built = folders.path().join("built");
    stadtplan(workspace, &["build", "--out"], Some(&built));
    let files = files_of(&built);
    let mut table: Vec<Times> = [
        ("only write, one thread", None),
        (WRITE, None),
        ("build from nothing", Some(WRITE)),
        ("only read and hash, one thread", None),
        (READ, None),
        ("build again, by its receipt", Some(READ)),
        ("build --check, compiled anew", Some(READ)),
        ("check", None),
    ]
    .map(|(what, against)| Times { what, against, rounds: Vec::new() })
    .into();
    for round in 0..rounds {
        let place = |what: &str| folders.path().join(format!("{what}-{round}"));
        let mut timed = table.iter_mut();
        let mut time = |act: &mut dyn FnMut()| {
            let start = Instant::now();
            act();
            let taken = start.elapsed();
            timed.next().expect("the table has a row for each").rounds.push(taken);
        };
        time(&mut || write_by_one(&place("one"), &files));
        time(&mut || write_by_all(&place("all"), &files));
        time(&mut || stadtplan(workspace, &["build", "--out"], Some(&place("build"))));
        time(&mut || files.iter().for_each(|(path, _)| read_and_hash(&built.join(path))));
        time(&mut || files.par_iter().for_each(|(path, _)| read_and_hash(&built.join(path))));
        // In the folder that was built last: the receipt is of that one.
        time(&mut || stadtplan(workspace, &["build", "--out"], Some(&place("build"))));
        time(&mut || stadtplan(workspace, &["build", "--check", "--out"], Some(&place("build"))));
        time(&mut || stadtplan(workspace, &["check"], None));
    }

    let bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    println!("{name}: {} objects, {} files, {} KB", objects(&files), files.len(), bytes / 1000);
    let best: Vec<(&str, Duration)> =
        table.iter().map(|row| (row.what, *row.rounds.iter().min().expect("there are rounds"))).collect();
    for (row, (what, fastest)) in table.iter_mut().zip(&best) {
        row.rounds.sort();
        let middle = row.rounds[row.rounds.len() / 2];
        let base = best.iter().find(|(other, _)| Some(*other) == row.against);
        let times = base.map_or(String::new(), |(other, base)| {
            format!("  {:.1} times `{other}`", fastest.as_secs_f64() / base.as_secs_f64())
        });
        println!("  {what:32} best {:8.1} ms, middle {:8.1} ms{times}", milliseconds(*fastest), milliseconds(middle));
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The real binary. What it prints is not looked at.
fn stadtplan(workspace: &Path, arguments: &[&str], out: Option<&Path>) {
    let status = Command::new(env!("CARGO_BIN_EXE_stadtplan"))
        .arg("-C")
        .arg(workspace)
        .args(arguments)
        .args(out)
        .args(["--format", "short"])
        .stdout(Stdio::null())
        .status()
        .expect("the binary was built for this benchmark");
    assert!(status.success(), "`stadtplan {arguments:?}` ended with {status}");
}

/// Every file below a folder: its path in it, and its bytes.
fn files_of(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter();
    entries
        .map(|entry| entry.expect("the folder was written just now"))
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).expect("it lies in the folder").to_owned();
            (path, fs::read(entry.path()).expect("the file was written just now"))
        })
        .collect()
}

/// Documents that say their kind; `fleet.yaml` says none and is no object.
fn objects(files: &[(PathBuf, Vec<u8>)]) -> usize {
    let kinds = |bytes: &[u8]| bytes.split(|byte| *byte == b'\n').filter(|line| line.starts_with(b"kind: ")).count();
    files.iter().map(|(_, bytes)| kinds(bytes)).sum()
}

fn write_by_one(out: &Path, files: &[(PathBuf, Vec<u8>)]) {
    for folder in folders_of(files) {
        fs::create_dir(out.join(folder)).expect("the folder can be written to");
    }
    for (path, bytes) in files {
        fs::write(out.join(path), bytes).expect("the folder can be written to");
    }
}

fn write_by_all(out: &Path, files: &[(PathBuf, Vec<u8>)]) {
    let mut folders: Vec<&Path> = folders_of(files).into_iter().collect();
    folders.sort_by_key(|folder| folder.components().count());
    for level in folders.chunk_by(|a, b| a.components().count() == b.components().count()) {
        level.par_iter().for_each(|folder| fs::create_dir(out.join(folder)).expect("the folder can be written to"));
    }
    files.par_iter().for_each(|(path, bytes)| fs::write(out.join(path), bytes).expect("the folder can be written to"));
}

/// All folders that files lie in, parents first; the root is the empty path.
fn folders_of(files: &[(PathBuf, Vec<u8>)]) -> BTreeSet<&Path> {
    files.iter().flat_map(|(path, _)| path.ancestors().skip(1)).collect()
}

fn read_and_hash(path: &Path) {
    let bytes = fs::read(path).expect("the file was written just now");
    std::hint::black_box(Sha256::digest(bytes));
}

/// A folder on the disk that holds the build, not in memory as `/tmp` may be.
pub(crate) fn folder() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("the folder of the build can be written to")
}
