//! All tests but the cases and those of single commands, in one binary: each more is linked again and run after the others.

mod backups;
mod databases;
mod examples;
mod pages;
mod readers;
mod robustness;
mod slips;
mod tidy;

mod support {
    pub(crate) mod invariants;
    pub(crate) mod marks;
    pub(crate) mod parts;
    pub(crate) mod report;
    pub(crate) mod repository;
    pub(crate) mod snapshots;
    pub(crate) mod workspaces;
}
