//! Messages, and the relay that takes them.
