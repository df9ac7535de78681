//! Damaged input: every case and example, cut short, with a line dropped or doubled, with a brace gone.
//!
//! None of it may panic or point outside a file. Time is bounded by the amount of work, not by a clock: of all the
//! damages there are, every [`STRIDE`]-th is compiled, from a different offset in each file, so that all kinds of damage
//! and all places of the language are met. `ROBUSTNESS=1` compiles each, `ROBUSTNESS=13` every 13th.
//! `tests/readers.rs` reads them all.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;
use stadtplan::compile::{Options, compile};
use stadtplan::source::MemoryWorld;

use crate::support::parts::{self, Part};
use crate::support::{invariants, repository, workspaces};

/// Every how many damages one is compiled. A prime, so that it does not march in step with lines.
const STRIDE: usize = 401;

/// Of a file over this size a cut is made at every 61st byte only.
const LARGE: usize = 4096;

/// The most files and the most bytes of an example that is damaged; a fleet only repeats what a small one says.
const LARGEST_EXAMPLE: usize = 40_000;

#[test]
fn no_damage_to_a_case_or_an_example_makes_the_compiler_panic_or_point_outside() {
    let stride = std::env::var_os("ROBUSTNESS")
        .map_or(STRIDE, |stride| stride.to_string_lossy().parse().expect("`ROBUSTNESS` is a number from 1"));
    let workspaces: Vec<Workspace> = cases().chain(examples()).collect();
    let work: Vec<(&Workspace, usize, Damage)> = workspaces
        .iter()
        .enumerate()
        .flat_map(|(offset, workspace)| {
            let damages = damages(&workspace.parts).into_iter().skip(offset % stride).step_by(stride);
            damages.map(move |(at, damage)| (workspace, at, damage))
        })
        .collect();
    let faults: Vec<String> = work
        .par_iter()
        .filter_map(|(workspace, at, damage)| {
            let world = workspace.damaged(*at, *damage);
            let fault = match catch_unwind(AssertUnwindSafe(|| compile(&world, &Options::default()))) {
                Err(_) => "panics".to_owned(),
                Ok(compilation) => invariants::places(&compilation).into_iter().next()?,
            };
            Some(format!("{}, {} with {damage:?}: {fault}", workspace.name, workspace.parts[*at].path))
        })
        .collect();
    assert!(
        faults.is_empty(),
        "{} of {} damages:\n{}",
        faults.len(),
        work.len(),
        faults[..faults.len().min(20)].join("\n")
    );
}

/// A case or an example.
pub(crate) struct Workspace {
    pub(crate) name: String,
    /// The files that are damaged, one at a time.
    pub(crate) parts: Vec<Part>,
    /// The files they need, which stay whole.
    shared: Vec<Part>,
}

impl Workspace {
    fn damaged(&self, at: usize, damage: Damage) -> MemoryWorld {
        let whole = self.shared.iter().chain(&self.parts).map(|part| (part.path.clone(), part.bytes()));
        let damaged = (self.parts[at].path.clone(), damage.apply(&self.parts[at].bytes()));
        // Of two files with one path the later counts.
        MemoryWorld::new(whole.chain([damaged]))
    }
}

/// What is done to the bytes of one file.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Damage {
    CutAt(usize),
    LineDropped(usize),
    LineDoubled(usize),
    ByteDropped(usize),
}

impl Damage {
    pub(crate) fn apply(self, bytes: &[u8]) -> Vec<u8> {
        let lines = || bytes.split_inclusive(|byte| *byte == b'\n').enumerate();
        match self {
            Damage::CutAt(at) => bytes[..at].to_vec(),
            Damage::ByteDropped(at) => [&bytes[..at], &bytes[at + 1..]].concat(),
            Damage::LineDropped(gone) => {
                lines().filter(|(at, _)| *at != gone).flat_map(|(_, line)| line).copied().collect()
            }
            Damage::LineDoubled(twice) => lines()
                .flat_map(|(at, line)| std::iter::repeat_n(line, 1 + usize::from(at == twice)))
                .flatten()
                .copied()
                .collect(),
        }
    }
}

/// Every damage to every file of a workspace, with the number of the file.
pub(crate) fn damages(parts: &[Part]) -> Vec<(usize, Damage)> {
    let mut all = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let bytes = part.bytes();
        let step = if bytes.len() > LARGE { 61 } else { 1 };
        all.extend((0..bytes.len()).step_by(step).map(|cut| (at, Damage::CutAt(cut))));
        let lines = bytes.split_inclusive(|byte| *byte == b'\n').count();
        all.extend((0..lines).flat_map(|line| [(at, Damage::LineDropped(line)), (at, Damage::LineDoubled(line))]));
        let braces = bytes.iter().enumerate().filter(|(_, byte)| matches!(byte, b'{' | b'}' | b'"'));
        all.extend(braces.map(|(brace, _)| (at, Damage::ByteDropped(brace))));
    }
    all
}

pub(crate) fn cases() -> impl Iterator<Item = Workspace> {
    let paths = repository::files("tests/cases").into_iter().filter(|path| !path.starts_with("_shared/"));
    paths.map(|name| {
        let mut parts = parts::split(&repository::text(&format!("tests/cases/{name}")));
        let shared = parts::used(&parts);
        parts.retain(|part| !part.is_expected());
        Workspace { name, parts, shared }
    })
}

/// The examples of a size to be compiled some hundred times.
pub(crate) fn examples() -> impl Iterator<Item = Workspace> {
    let read = |name: String| Workspace { parts: workspaces::parts(&name), name, shared: Vec::new() };
    let size = |parts: &[Part]| parts.iter().map(|part| part.text.len()).sum::<usize>();
    workspaces::names().into_iter().map(read).filter(move |workspace| size(&workspace.parts) <= LARGEST_EXAMPLE)
}
