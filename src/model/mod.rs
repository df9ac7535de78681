//! The model stage.
