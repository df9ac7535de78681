//! Stadtplan compiles a compact KDL spec of municipal tenants into checked Kubernetes manifests.
//!
//! This page is the map of the house. A compile walks the modules below from top to bottom; each stage has one
//! type, and a module imports only modules above it (`tests/tidy.rs` refuses the first edge that points down):
//!
//! `Source` --[`syntax`]--> `Tree` --[`resolve`]--> `Model` --[`lower`]--> `Objects` --[`output`]--> `OutputTree`
//! --[`disk`]--> files
//!
//! [`check`] reads the model, the objects and the output tree and returns findings; it changes nothing.
//! Levels and waivers are applied once, in [`compile`]. Only `disk` and `cli` touch files, clock, terminal or
//! environment; all the rest sees the [`source::World`] trait.

// What was written, where, and how we talk about it.
pub mod source;

pub mod diagnostic;

pub mod value;

pub mod object;

pub mod facts;

// From bytes to a typed model of the fleet.
pub mod syntax;

pub mod vocabulary;

pub mod expression;

pub mod model;

pub mod resolve;

// From the model to manifests.
pub mod yaml;

pub mod kinds;

pub mod template;

pub mod lower;

pub mod output;

// What is proven about them, and the whole way in one call.
pub mod check;

pub mod compile;

pub mod explain;

// The shells: the only rooms with a door to the outside.
pub mod render;

pub mod disk;

pub mod cli;
