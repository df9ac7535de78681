//! The explain stage.
