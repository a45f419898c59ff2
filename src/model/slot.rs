//! The places of a digest that differ from subscriber to subscriber.
//!
//! A digest is rendered and encoded once. Where a subscriber's own text goes, the rendering holds a marker: one
//! character of Unicode's private use that no article can hold, because [`clean`](is_marker) text has none.

/// The marker for a subscription's link token ([`super::token`]), in the HTML and in the text of a digest.
///
/// It stands in a URL, so that what is put there must be made of `A–Z a–z 0–9 - _` only.
pub const TOKEN: char = '\u{F0001}';

/// The marker for the token with which the reader of a private newsletter opens its pages: in a digest, in those pages and in
/// the reader's own feed. It stands in a URL, as [`TOKEN`] does.
pub const READER: char = '\u{F0004}';

/// The path, without leading slash, of something that a reader of a private newsletter opens; `rest` begins with a slash, or is
/// empty: its editions.
pub fn private_path(rest: &str) -> String {
    format!("private/{READER}{rest}")
}

/// The marker for the subscriber's address, in the To header.
pub const TO: char = '\u{F0002}';

/// The marker for the left side of the Message-ID.
pub const MESSAGE_ID: char = '\u{F0003}';

/// Whether a character is kept for markers, and so must be removed from whatever comes from outside.
pub const fn is_marker(character: char) -> bool {
    matches!(character, '\u{F0000}'..='\u{F00FF}')
}
