//! The disk stage.
