//! Messages, and the relay that takes them.

pub mod inbox;
