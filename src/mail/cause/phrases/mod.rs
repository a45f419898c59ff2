//! Words that say why a message was not taken, each with who was met writing them.
//!
//! The first row that occurs decides: who blames us comes before who blames the address, and what is exact before what
//! is vague. In lower case, with one blank between words; [`Words`] says what a text is before it is
//! compared. A row is added with a report that needs it, in `tests/fixtures/reports`.

mod address;
mod mailbox;
mod message;
mod passing;
mod us;

use super::Reason;
use super::words::Words;

/// Words, and what they say.
pub(super) struct Phrase {
    /// In lower case.
    pub(super) words: &'static str,
    /// Why the message was not taken.
    pub(super) reason: Reason,
    /// Whether that there is no such address is believed from whoever writes these words.
    pub(super) is_proof: bool,
}

/// What `words` say. `_met` is who was met writing them: for who wonders whether a row is still needed.
const fn says(words: &'static str, reason: Reason, _met: &str) -> Phrase {
    Phrase { words, reason, is_proof: false }
}

/// The same, by somebody who knows: the mail system itself about its own addresses or the DNS.
const fn proves(words: &'static str, reason: Reason, _met: &str) -> Phrase {
    Phrase { words, reason, is_proof: true }
}

/// In the order in which they are believed.
const TABLES: [&[Phrase]; 5] =
    [us::US, mailbox::MAILBOX, message::MESSAGE, address::ADDRESS, passing::PASSING];

/// What `words` say, by the first row that occurs in them.
pub(super) fn find(words: &Words) -> Option<&'static Phrase> {
    TABLES.into_iter().flatten().find(|phrase| words.have(phrase.words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_can_occur_and_stands_once() {
        let mut known = std::collections::HashSet::new();
        for phrase in TABLES.into_iter().flatten() {
            let words = phrase.words;
            assert_eq!(words, words.to_lowercase(), "{words}");
            assert!(Words::of(&format!("x {words} x")).have(words), "{words}");
            assert!(known.insert(words), "{words} stands twice");
        }
    }
}
