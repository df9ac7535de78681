//! The vocabulary stage.
