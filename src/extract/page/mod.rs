//! Whole HTML pages: what their head says, and where in them the article stands.

mod content;
mod facts;
mod json_ld;

pub use content::find as content;
pub use facts::{biography, read as facts};
