//! The template stage.
