//! The kinds stage.
