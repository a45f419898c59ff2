//! What the tests share.

pub mod app;
pub mod article;
pub mod imap;
pub mod installation;
pub mod names;
pub mod odd;
pub mod served;
