//! What the tests share.

pub mod app;
pub mod article;
pub mod odd;
pub mod served;
