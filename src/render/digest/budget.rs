//! How much of an edition a mail can hold.

use crate::model::{slot, token};
use crate::render::letter::Letter;

/// The HTML part, encoded as quoted-printable; Gmail cuts off what is beyond about 100 kB.
pub(super) const HTML_BYTES: usize = 89_000;

/// The text part, encoded likewise; both together with their headers stay under 150 kB.
pub(super) const TEXT_BYTES: usize = 50_000;

/// How long summaries may be, in graphemes: the first with which the digest fits counts.
const SUMMARY_STEPS: [usize; 4] = [320, 200, 120, 60];

/// What a digest shows of its edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Share {
    /// How long a summary may be, in graphemes.
    pub summary: usize,
    /// How many articles there are, from the first on.
    pub articles: usize,
}

/// The letter with the largest share of `articles` that fits a mail: first with shorter summaries, then with fewer
/// articles, though never without the lead.
pub(super) fn largest_that_fits<E>(
    articles: usize,
    letter: impl Fn(Share) -> Result<Letter, E>,
) -> Result<Letter, E> {
    for summary in SUMMARY_STEPS {
        let whole = letter(Share { summary, articles })?;
        if fits(&whole) {
            return Ok(whole);
        }
    }
    let [.., summary] = SUMMARY_STEPS;
    let mut kept = letter(Share { summary, articles: articles.min(1) })?;
    let (mut fewest, mut too_many) = (1, articles);
    while fewest + 1 < too_many {
        let middle = usize::midpoint(fewest, too_many);
        let candidate = letter(Share { summary, articles: middle })?;
        if fits(&candidate) {
            (kept, fewest) = (candidate, middle);
        } else {
            too_many = middle;
        }
    }
    Ok(kept)
}

fn fits(letter: &Letter) -> bool {
    encoded_len(&letter.html) <= HTML_BYTES && encoded_len(&letter.text) <= TEXT_BYTES
}

/// How many bytes `text` has at most as quoted-printable with CRLF, tokens in their slots.
pub(super) fn encoded_len(text: &str) -> usize {
    let marks = text.matches([slot::TOKEN, slot::READER]).count();
    let bytes: usize = text.bytes().map(encoded_byte).sum();
    let bytes = bytes - marks * 3 * slot::TOKEN.len_utf8() + marks * token::LENGTH;
    // A line holds at least 73 bytes before a soft break, which is three more.
    bytes + bytes / 73 * 3
}

fn encoded_byte(byte: u8) -> usize {
    match byte {
        b'\n' => 2,
        b'=' => 3,
        b' '..=b'~' => 1,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(bytes: usize) -> Letter {
        let empty = String::new();
        Letter { subject: empty.clone(), preheader: empty.clone(), html: "x".repeat(bytes), text: empty }
    }

    fn share(articles: usize, size: impl Fn(Share) -> usize) -> Share {
        let seen = std::cell::Cell::new(None);
        largest_that_fits(articles, |share| {
            let letter = letter(size(share));
            if fits(&letter) {
                seen.set(seen.get().max(Some((share.articles, share.summary))));
            }
            Ok::<_, ()>(letter)
        })
        .unwrap();
        let (articles, summary) = seen.get().unwrap_or_default();
        Share { summary, articles }
    }

    #[test]
    fn summaries_are_shortened_before_articles_are_left_out() {
        let size = |share: Share| share.articles * (400 + share.summary);
        for (articles, expected) in [
            (1, Share { summary: 320, articles: 1 }),
            (100, Share { summary: 320, articles: 100 }),
            (130, Share { summary: 200, articles: 130 }),
            (180, Share { summary: 60, articles: 180 }),
            (1_000, Share { summary: 60, articles: 185 }),
        ] {
            assert_eq!(share(articles, size), expected, "{articles} articles");
        }
    }

    #[test]
    fn a_slot_counts_as_the_token_that_fills_it() {
        assert_eq!(encoded_len("abc"), 3);
        assert_eq!(encoded_len("a=ü\n"), 1 + 3 + 6 + 2);
        assert_eq!(encoded_len(&slot::TOKEN.to_string()), token::LENGTH);
        assert_eq!(encoded_len(&slot::READER.to_string()), token::LENGTH);
    }
}
