//! The operator's TOML file, read and checked; the only reader of the environment.

pub mod zones;
