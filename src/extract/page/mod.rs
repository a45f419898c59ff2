//! Whole HTML pages: what their head says, and where in them the article stands.

mod content;
mod facts;
mod json_ld;

pub use content::{container, holds_most, length, readable, whole};
pub use facts::{biography, read as facts};
