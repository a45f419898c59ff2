//! What a source gave, made an article: cleaned, safe, dated.

mod bound;
pub mod date;
pub mod text;
