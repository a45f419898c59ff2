//! `courant demo`: a made-up publication at work, from its articles to the digests in an inbox.

pub mod content;
pub mod readers;
