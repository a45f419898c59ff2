//! What readers and feed readers reach over HTTP.

pub mod documents;
pub mod inbox;
