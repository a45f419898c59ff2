//! Articles and editions as documents: digests, feeds, pages.
