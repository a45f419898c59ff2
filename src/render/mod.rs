//! Articles and editions as documents: digests, feeds, pages.

pub mod accent;
pub mod confirmation;
pub mod digest;
pub mod feed;
pub mod inbox;
pub mod letter;
pub mod opml;
pub mod page;
mod recording;
pub mod sources;
pub mod wire;
pub mod xml;
