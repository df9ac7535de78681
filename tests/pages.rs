//! The explain pages: the first KDL block of each gives exactly its code, the second gives nothing.
//!
//! So page, documentation and first test of a code are one file. A block that declares no platform is compiled with
//! the shared one of the cases, so that a page shows only what it is about.

use std::fmt::Write as _;

use stadtplan::compile::compile;
use stadtplan::diagnostic::{Code, codes};

use crate::support::parts::{self, Part};
use crate::support::{invariants, report};

const HEADINGS: [&str; 4] = ["## What it means", "## Why it matters", "## Example", "## How to fix"];

#[test]
fn every_page_has_the_fixed_headings_with_text_below_them() {
    let mut faults = String::new();
    for code in codes::ALL {
        let found: Vec<&str> = lines_outside_of_blocks(code.page).filter(|line| line.starts_with('#')).collect();
        let expected: Vec<String> =
            std::iter::once(format!("# {}", code.name)).chain(HEADINGS.map(str::to_owned)).collect();
        if found != expected {
            let _ = writeln!(faults, "{}: has the headings {found:?} and not {expected:?}", code.name);
            continue;
        }
        for heading in HEADINGS {
            if section(code.page, heading).trim().is_empty() {
                let _ = writeln!(faults, "{}: `{heading}` is empty", code.name);
            }
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn every_example_on_a_page_gives_its_code_and_nothing_else() {
    let mut faults = String::new();
    for code in codes::ALL {
        match block(code, "## Example") {
            Err(fault) => faults.push_str(&fault),
            Ok(text) => {
                let (found, short, broken) = compiled(&text);
                if found.is_empty() || found.iter().any(|name| *name != code.name) {
                    let _ = writeln!(faults, "{}: the example gives {found:?}\n{short}", code.name);
                }
                for fault in broken {
                    let _ = writeln!(faults, "{}: {fault}", code.name);
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn every_mended_example_on_a_page_is_clean() {
    let mut faults = String::new();
    for code in codes::ALL {
        match block(code, "## How to fix") {
            Err(fault) => faults.push_str(&fault),
            Ok(text) => {
                let (found, short, _) = compiled(&text);
                if !found.is_empty() {
                    let _ = writeln!(faults, "{}: the mended example gives {found:?}\n{short}", code.name);
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

/// The codes a block gives, the findings as text, and what does not hold of every compile.
fn compiled(block: &str) -> (Vec<&'static str>, String, Vec<String>) {
    let mut parts: Vec<Part> = parts::split(block);
    if !parts.iter().any(|part| part.text.lines().any(|line| line.starts_with("platform "))) {
        parts.extend(parts::shared("minimal"));
    }
    let (world, options) = (parts::world(&parts), parts::options(&parts));
    let compilation = compile(&world, &options);
    let found = report::findings(&compilation).iter().map(|found| found.code).collect();
    (found, report::short(&compilation), invariants::broken(&world, &options, &compilation))
}

/// The one KDL block below a heading.
fn block(code: &Code, heading: &str) -> Result<String, String> {
    let section = section(code.page, heading);
    let mut blocks = section.split("```kdl\n").skip(1);
    match (blocks.next().and_then(|rest| rest.split_once("```")), blocks.next()) {
        (Some((block, _)), None) => Ok(block.to_owned()),
        _ => Err(format!("{}: `{heading}` has to have one ```kdl block\n", code.name)),
    }
}

/// The text between a heading and the next of its rank.
fn section<'p>(page: &'p str, heading: &str) -> &'p str {
    let Some((_, rest)) = page.split_once(&format!("{heading}\n")) else { return "" };
    rest.split("\n## ").next().unwrap_or(rest)
}

fn lines_outside_of_blocks(page: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    page.lines().filter(move |line| {
        let fence = line.starts_with("```");
        inside ^= fence;
        !inside && !fence
    })
}
