//! Messages, the relay that takes them, and what is reported of them.

pub mod cause;
mod dkim;
mod header;
pub mod imap;
pub mod inbox;
pub mod message;
pub mod mould;
pub mod relay;
pub mod reply;
pub mod report;
pub mod server;
mod transfer;
