//! Where articles come from, and what is new there.
