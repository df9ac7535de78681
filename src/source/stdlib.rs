//! The standard library as the binary carries it.
//!
//! `build.rs` lists the files of `stdlib/`; this is the one place that includes the list. Services, baselines and the
//! schemas of kinds all read it from here, by path.

/// Every file of `stdlib/`: its path below it, with `/`, and its text. Sorted by path.
pub(crate) static STANDARD_LIBRARY: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/stdlib.rs"));
