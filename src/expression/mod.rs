//! The expression stage.
