//! What the tests share.

pub mod article;
