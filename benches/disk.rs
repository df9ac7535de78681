//! What writing a tree costs beside the least that it can cost: the same bytes written plainly, or read and hashed.
//!
//! A tree of 2,000 tenants with 54,000 objects, once in 2,000 files and once in 20,000. The plain writer and reader run
//! on all cores too. Folders are removed at the very end, because ext4 creates files many times slower after a mass
//! deletion; they lie where `TMPDIR` says.
#![expect(clippy::disallowed_methods, reason = "the plain writer and reader go to the disk themselves")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use divan::Bencher;
use divan::counter::BytesCount;
use rayon::prelude::*;
use stadtplan::disk::{Options, build};
use stadtplan::output::{OutputTree, digest};
use tempfile::TempDir;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const TENANTS: usize = 2_000;
const BYTES: usize = 40_000_000;
const FILES_OF_A_TENANT: [usize; 2] = [1, 10];

/// The folders of all runs.
static FOLDERS: Mutex<Vec<TempDir>> = Mutex::new(Vec::new());

fn main() {
    divan::main();
    FOLDERS.lock().expect("no run has panicked").clear();
}

#[divan::bench(args = FILES_OF_A_TENANT, sample_count = 10)]
fn write_plainly(bencher: Bencher, files: usize) {
    let tree = tree(files, 0);
    bencher.counter(BytesCount::new(BYTES)).with_inputs(folder).bench_local_values(|folder| plain(&folder, &tree));
}

#[divan::bench(args = FILES_OF_A_TENANT, sample_count = 10)]
fn build_from_nothing(bencher: Bencher, files: usize) {
    let tree = tree(files, 0);
    bencher.counter(BytesCount::new(BYTES)).with_inputs(folder).bench_local_values(|folder| written(&folder, &tree));
}

#[divan::bench(args = FILES_OF_A_TENANT, sample_count = 10)]
fn read_and_hash(bencher: Bencher, files: usize) {
    let (folder, tree) = (folder(), tree(files, 0));
    written(&folder, &tree);
    bencher.counter(BytesCount::new(BYTES)).bench_local(|| {
        tree.files
            .par_iter()
            .all(|(path, file)| digest(&fs::read(folder.join(path)).expect("it was just written")) == file.digest)
    });
}

#[divan::bench(args = FILES_OF_A_TENANT, sample_count = 10)]
fn build_unchanged(bencher: Bencher, files: usize) {
    let (folder, tree) = (folder(), tree(files, 0));
    written(&folder, &tree);
    bencher.counter(BytesCount::new(BYTES)).bench_local(|| written(&folder, &tree));
}

#[divan::bench(args = FILES_OF_A_TENANT, sample_count = 4)]
fn build_all_changed(bencher: Bencher, files: usize) {
    let folder = folder();
    let mut trees = [tree(files, 0), tree(files, 1)];
    written(&folder, &trees[0]);
    bencher.counter(BytesCount::new(BYTES)).bench_local(|| {
        trees.swap(0, 1);
        written(&folder, &trees[0]);
    });
}

#[divan::bench(args = FILES_OF_A_TENANT, sample_count = 10)]
fn digests(bencher: Bencher, files: usize) {
    bencher
        .counter(BytesCount::new(BYTES))
        .with_inputs(|| contents(files, 0))
        .bench_local_values(|files| OutputTree::new(files, []));
}

fn written(folder: &Path, tree: &OutputTree) {
    build(folder, tree, &Options::default()).expect("nothing stands in the way");
}

fn plain(folder: &Path, tree: &OutputTree) {
    let folders: BTreeSet<&Path> = tree.files.keys().filter_map(|path| Path::new(path).parent()).collect();
    folders.into_par_iter().for_each(|it| fs::create_dir_all(folder.join(it)).expect("nothing stands in the way"));
    tree.files.par_iter().for_each(|(path, file)| {
        fs::write(folder.join(path), &file.bytes).expect("nothing stands in the way");
    });
}

fn folder() -> PathBuf {
    let folder = tempfile::tempdir().expect("the folder for temporary files can be written");
    let path = folder.path().to_owned();
    FOLDERS.lock().expect("no run has panicked").push(folder);
    path
}

fn tree(files: usize, round: usize) -> OutputTree {
    OutputTree::new(
        contents(files, round),
        (0..TENANTS).map(|tenant| format!("cluster-{}/tenant-{tenant}", tenant % 2)),
    )
}

fn contents(files: usize, round: usize) -> Vec<(String, Vec<u8>)> {
    let file = |tenant: usize, number: usize| {
        let path = format!("cluster-{}/tenant-{tenant}/service-{}/objects-{number}.yaml", tenant % 2, number % 3);
        let line = format!("name: tenant-{tenant}-{number}-{round}\n");
        (path, line.repeat(BYTES / TENANTS / files / line.len()).into_bytes())
    };
    (0..TENANTS).flat_map(|tenant| (0..files).map(move |number| file(tenant, number))).collect()
}
