//! Messages, and the relay that takes them.

pub mod cause;
mod dkim;
mod header;
pub mod inbox;
pub mod message;
pub mod mould;
pub mod relay;
pub mod reply;
mod transfer;
