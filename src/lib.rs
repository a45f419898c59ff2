//! Courant: a publication's articles, as digests in inboxes and as feeds in readers.
//!
//! The modules, from the top layer to the bottom one; a module uses only what is below it
//! (`docs/architecture.md`, kept by `tests/it/layers.rs`).
//!
//! ```text
//! cli
//! daemon
//! jobs · web
//! source · store · render · mail
//! config · extract
//! model
//! ```

pub mod cli;
pub mod config;
pub mod daemon;
pub mod dns;
pub mod extract;
pub mod jobs;
pub mod mail;
pub mod model;
pub mod render;
pub mod source;
pub mod store;
pub mod web;
