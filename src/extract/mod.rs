//! What a source gave, made an article: cleaned, safe, dated.
