//! How long a fleet takes, from 46 to 2,000 tenants, and what the same work costs without a compiler.
//!
//! `cargo bench --bench fleet` measures the stages in memory. Growth is linear where the tenants per second stay the same.
//! `cargo bench --bench fleet -- figures` runs the real binary and prints the figures that are promised (`support/figures.rs`).
//! `cargo bench --bench fleet -- generate 2000 DIR` writes a fleet to look at or to measure by hand; the peak of
//! memory is told by `/usr/bin/time -f "%M KB" target/release/stadtplan -C DIR build`.

#![expect(clippy::disallowed_methods, reason = "a benchmark writes and reads real files")]

#[path = "support/figures.rs"]
mod figures;
#[path = "support/generate.rs"]
mod generate;

use std::path::Path;
use std::{env, fs};

use divan::Bencher;
use divan::counter::ItemsCount;
use rayon::prelude::*;
use stadtplan::check::prove_objects;
use stadtplan::compile::{Loaded, Options, compile, load};
use stadtplan::diagnostic::Findings;
use stadtplan::kinds::Kinds;
use stadtplan::lower::{Bundle, ClaimsLock, Grounds, Library, lower_cluster, lower_tenant};
use stadtplan::model::Model;
use stadtplan::output::{OutputTree, arrange};
use stadtplan::resolve::resolve;
use stadtplan::source::{MemoryWorld, Sources};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The model user, a state, and all there might ever be.
const TENANTS: [usize; 3] = [46, 500, 2000];

/// Rounds of the table of figures, so many that some of them are undisturbed.
const ROUNDS: usize = 9;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["generate", tenants, folder] => {
            let tenants = tenants.parse().expect("the number of tenants is a number");
            write_all(Path::new(folder), &generate::fleet(tenants));
        }
        ["figures"] => {
            figures::print("examples/krzn", &Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/krzn"), ROUNDS);
            for tenants in TENANTS {
                let workspace = figures::folder();
                write_all(workspace.path(), &generate::fleet(tenants));
                figures::print(&format!("{tenants} tenants"), workspace.path(), ROUNDS);
            }
        }
        _ => divan::main(),
    }
}

/// Decoding and parsing every file.
#[divan::bench(args = TENANTS, sample_count = 10, sample_size = 1)]
fn parsing(bencher: Bencher<'_, '_>, tenants: usize) {
    let world = MemoryWorld::new(generate::fleet(tenants));
    bencher.counter(ItemsCount::new(tenants)).bench(|| load(&world, &mut Sources::new(), &mut Findings::new()));
}

/// From trees to the model.
#[divan::bench(args = TENANTS, sample_count = 10, sample_size = 1)]
fn resolving(bencher: Bencher<'_, '_>, tenants: usize) {
    let world = MemoryWorld::new(generate::fleet(tenants));
    bencher
        .counter(ItemsCount::new(tenants))
        .with_inputs(|| parsed(&world))
        .bench_refs(|(loaded, sources)| resolve(&loaded.specs, sources, &world));
}

/// From the model to objects.
#[divan::bench(args = TENANTS, sample_count = 10, sample_size = 1)]
fn lowering(bencher: Bencher<'_, '_>, tenants: usize) {
    let ground = Ground::lay(tenants);
    bencher.counter(ItemsCount::new(tenants)).bench(|| ground.lower());
}

/// Every object against the schema of its kind, each shape for the first time.
#[divan::bench(args = TENANTS, sample_count = 10, sample_size = 1)]
fn proving(bencher: Bencher<'_, '_>, tenants: usize) {
    let bundles = Ground::lay(tenants).lower();
    bencher.counter(ItemsCount::new(tenants)).with_inputs(|| Ground::lay(tenants)).bench_refs(|ground| {
        let findings = bundles.par_iter().flat_map_iter(|bundle| &bundle.files).map(|file| {
            let mut findings = Findings::new();
            prove_objects(file, &ground.library, &mut findings);
            findings.len()
        });
        assert_eq!(findings.sum::<usize>(), 0, "a generated fleet is without fault");
    });
}

/// From objects to the files of the tree, with their digests.
#[divan::bench(args = TENANTS, sample_count = 10, sample_size = 1)]
fn arranging(bencher: Bencher<'_, '_>, tenants: usize) {
    let ground = Ground::lay(tenants);
    bencher.counter(ItemsCount::new(tenants)).with_inputs(|| ground.lower()).bench_values(|bundles| {
        let arranged = |bundle: Bundle| {
            let mut buffer = Vec::new();
            bundle.files.iter().map(|file| arrange(&bundle.folder, file, &mut buffer)).collect::<Vec<_>>()
        };
        let files: Vec<_> = bundles.into_par_iter().flat_map_iter(arranged).collect();
        OutputTree::new(files, [])
    });
}

/// All stages without a disk.
#[divan::bench(args = TENANTS, sample_count = 10, sample_size = 1)]
fn compiling(bencher: Bencher<'_, '_>, tenants: usize) {
    let world = MemoryWorld::new(generate::fleet(tenants));
    bencher.counter(ItemsCount::new(tenants)).bench(|| {
        let compilation = compile(&world, &Options::default());
        let findings: Vec<&str> =
            compilation.findings.iter().take(5).map(|finding| finding.diagnostic.message.as_str()).collect();
        assert!(compilation.output.is_some(), "the generated fleet does not compile: {findings:#?}");
        compilation
    });
}

fn parsed(world: &MemoryWorld) -> (Loaded, Sources) {
    let mut sources = Sources::new();
    let loaded = load(world, &mut sources, &mut Findings::new());
    (loaded, sources)
}

/// All that tenants are lowered with.
struct Ground {
    model: Model,
    library: Library,
    grounds: Grounds,
}

impl Ground {
    fn lay(tenants: usize) -> Self {
        let world = MemoryWorld::new(generate::fleet(tenants));
        let (loaded, mut sources) = parsed(&world);
        let (model, mut findings) = resolve(&loaded.specs, &mut sources, &world);
        let library = Library::load(&loaded.library, &model, Kinds::standard(), &sources, &mut findings);
        let pins = ClaimsLock::default();
        let mut grounds = Grounds::default();
        for cluster in &model.clusters {
            grounds.add(lower_cluster(cluster, &model, &library, &pins, &mut findings).0);
        }
        Ground { model, library, grounds }
    }

    fn lower(&self) -> Vec<Bundle> {
        let pins = ClaimsLock::default();
        let tenants = self.model.tenants.par_iter();
        tenants
            .flat_map_iter(|tenant| {
                let ground = self.grounds.of(tenant);
                lower_tenant(tenant, &self.model, &self.library, ground, &pins, &mut Findings::new()).bundles
            })
            .collect()
    }
}

fn write_all(root: &Path, files: &[(String, Vec<u8>)]) {
    for (path, bytes) in files {
        let place = root.join(path);
        fs::create_dir_all(place.parent().unwrap_or(root)).expect("the folder can be written to");
        fs::write(place, bytes).expect("the folder can be written to");
    }
}
