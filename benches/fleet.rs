//! How long a fleet takes, from 46 to 2,000 tenants, and what the same work costs without a compiler.
//!
//! `cargo bench --bench fleet` measures the stages in memory and whole builds on disk with the real binary. A build from
//! nothing is read against `files::written_plainly` (the same files by a plain writer), an unchanged rebuild
//! against `files::read_and_hashed`. Growth is linear where the time per tenant, given as items, stays the same.
//! `target/release/deps/fleet-* generate 2000 DIR` writes a fleet to look at or to measure by hand.

#![expect(clippy::disallowed_methods, reason = "a benchmark writes and reads real files")]

#[path = "support/generate.rs"]
mod generate;

use std::path::Path;
use std::{env, fs};

use divan::Bencher;
use divan::counter::ItemsCount;
use stadtplan::compile::{Compilation, Options, compile};
use stadtplan::source::MemoryWorld;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The model user, a state, and all there might ever be.
const TENANTS: [usize; 3] = [46, 500, 2000];

fn main() {
    let arguments: Vec<String> = env::args().collect();
    if let [_, command, tenants, folder] = arguments.as_slice()
        && command == "generate"
    {
        let tenants = tenants.parse().expect("the number of tenants is a number");
        write_all(Path::new(folder), &generate::fleet(tenants));
        return;
    }
    divan::main();
}

/// All stages without a disk.
#[divan::bench(args = TENANTS, sample_count = 10, sample_size = 1)]
fn compile_in_memory(bencher: Bencher<'_, '_>, tenants: usize) {
    let world = MemoryWorld::new(generate::fleet(tenants));
    bencher.counter(ItemsCount::new(tenants)).bench(|| compiled(&world));
}

/// What happens to files, with and without a compiler.
mod files {
    use std::fs;
    use std::path::Path;
    use std::process::{Command, Stdio};

    use divan::Bencher;
    use divan::counter::{BytesCount, ItemsCount};
    use sha2::{Digest as _, Sha256};
    use stadtplan::source::MemoryWorld;
    use tempfile::TempDir;

    use super::{TENANTS, compiled, generate, write_all};

    /// The real binary, from nothing.
    #[divan::bench(args = TENANTS, sample_count = 10, sample_size = 1)]
    fn built_from_nothing(bencher: Bencher<'_, '_>, tenants: usize) {
        let workspace = workspace(tenants);
        bencher.counter(ItemsCount::new(tenants)).with_inputs(folder).bench_values(|out| {
            build(workspace.path(), out.path());
            out
        });
    }

    /// The real binary, where nothing has changed.
    #[divan::bench(args = TENANTS, sample_count = 10, sample_size = 1)]
    fn built_again(bencher: Bencher<'_, '_>, tenants: usize) {
        let (workspace, out) = (workspace(tenants), folder());
        build(workspace.path(), out.path());
        bencher.counter(ItemsCount::new(tenants)).bench(|| build(workspace.path(), out.path()));
    }

    /// Only writing the files that a build writes.
    #[divan::bench(args = TENANTS, sample_count = 10, sample_size = 1)]
    fn written_plainly(bencher: Bencher<'_, '_>, tenants: usize) {
        let files = output(tenants);
        bencher.counter(size(&files)).with_inputs(folder).bench_values(|out| {
            write_all(out.path(), &files);
            out
        });
    }

    /// Only reading and hashing the files that a build wrote.
    #[divan::bench(args = TENANTS, sample_count = 10, sample_size = 1)]
    fn read_and_hashed(bencher: Bencher<'_, '_>, tenants: usize) {
        let (files, out) = (output(tenants), folder());
        write_all(out.path(), &files);
        let paths: Vec<_> = files.iter().map(|(path, _)| out.path().join(path)).collect();
        bencher.counter(size(&files)).bench(|| {
            paths.iter().fold(0_u8, |mixed, path| {
                let bytes = fs::read(path).expect("the file was written just now");
                mixed ^ Sha256::digest(bytes)[0]
            })
        });
    }

    fn output(tenants: usize) -> Vec<(String, Vec<u8>)> {
        let compilation = compiled(&MemoryWorld::new(generate::fleet(tenants)));
        let tree = compilation.output.expect("a generated fleet compiles");
        tree.files.into_iter().map(|(path, file)| (path, file.bytes)).collect()
    }

    fn workspace(tenants: usize) -> TempDir {
        let folder = folder();
        write_all(folder.path(), &generate::fleet(tenants));
        folder
    }

    /// A folder on the disk that holds the build, not in memory as `/tmp` may be.
    fn folder() -> TempDir {
        tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("the folder of the build can be written to")
    }

    fn build(workspace: &Path, out: &Path) {
        let status = Command::new(env!("CARGO_BIN_EXE_stadtplan"))
            .arg("-C")
            .arg(workspace)
            .args(["build", "--format", "short", "--out"])
            .arg(out)
            .env("NO_COLOR", "1")
            .stdout(Stdio::null())
            .status()
            .expect("the binary was built for this benchmark");
        assert!(status.success(), "the build of a generated fleet ended with {status}");
    }

    fn size(files: &[(String, Vec<u8>)]) -> BytesCount {
        BytesCount::new(files.iter().map(|(_, bytes)| bytes.len()).sum::<usize>())
    }
}

fn compiled(world: &MemoryWorld) -> Compilation {
    let compilation = compile(world, &Options::default());
    let findings: Vec<&str> =
        compilation.findings.iter().take(5).map(|finding| finding.diagnostic.message.as_str()).collect();
    assert!(compilation.output.is_some(), "the generated fleet does not compile: {findings:#?}");
    compilation
}

fn write_all(root: &Path, files: &[(String, Vec<u8>)]) {
    for (path, bytes) in files {
        let place = root.join(path);
        fs::create_dir_all(place.parent().unwrap_or(root)).expect("the folder can be written to");
        fs::write(place, bytes).expect("the folder can be written to");
    }
}
