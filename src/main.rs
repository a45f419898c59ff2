//! Starts Courant.

fn main() {}
