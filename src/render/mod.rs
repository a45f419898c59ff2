//! Articles and editions as documents: digests, feeds, pages.

pub mod feed;
pub mod wire;
pub mod xml;
