//! The background loops: each a step, repeated until there is no work.
