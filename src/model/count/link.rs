//! The links that are counted: each names an edition and an article, and no subscriber.

use data_encoding::BASE32_NOPAD;
use subtle::ConstantTimeEq;

use crate::model::article::ArticleId;
use crate::model::edition::EditionNumber;
use crate::model::newsletter::NewsletterId;
use crate::model::shape::GroupId;
use crate::model::token::Key;

const PAYLOAD_BYTES: usize = 19;
const MAC_BYTES: usize = 16;

/// How many characters the token of a link has.
const LENGTH: usize = (PAYLOAD_BYTES + MAC_BYTES) / 5 * 8;

/// What a link is counted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The newsletter whose edition it is.
    pub newsletter: NewsletterId,
    /// The edition.
    pub number: EditionNumber,
}

impl Holder {
    /// No edition: a page of the archive.
    pub const ARCHIVE: Self = Self { newsletter: NewsletterId(0), number: EditionNumber::own(0) };
}

/// Where a link leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// An article where the publication has it.
    Original(ArticleId),
    /// An article's page here.
    Page(ArticleId),
    /// Nowhere that a reader goes: only machines see the link.
    Hidden,
}

/// A link that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountedLink {
    /// What it is counted for.
    pub holder: Holder,
    /// Where it leads.
    pub target: Target,
}

impl CountedLink {
    /// Its token, signed: the same whoever is sent it. What it says is masked, so that it looks like any other.
    pub fn sign(self, key: &Key) -> String {
        let payload = self.payload();
        let mac = key.mac(&payload);
        let mac = &mac[..MAC_BYTES];
        let mut bytes = masked(&payload, mac, key);
        bytes.extend_from_slice(mac);
        BASE32_NOPAD.encode(&bytes).to_ascii_lowercase()
    }

    /// The link of a token, if it was signed with this key. Takes the same time whatever is wrong with it.
    pub fn verify(text: &str, key: &Key) -> Option<Self> {
        if text.len() != LENGTH {
            return None;
        }
        let bytes = BASE32_NOPAD.decode(text.to_ascii_uppercase().as_bytes()).ok()?;
        let (payload, mac) = bytes.split_at_checked(PAYLOAD_BYTES)?;
        let payload = masked(payload, mac, key);
        let is_ours = bool::from(key.mac(&payload)[..MAC_BYTES].ct_eq(mac));
        if is_ours { Self::from_payload(&payload) } else { None }
    }

    /// The purposes are none of a [`Token`](crate::model::token::Token)'s, whose payloads are shorter.
    fn payload(self) -> [u8; PAYLOAD_BYTES] {
        let (purpose, article) = match self.target {
            Target::Original(article) => (b'l', article.0),
            Target::Page(article) => (b'k', article.0),
            Target::Hidden => (b'h', 0),
        };
        let Holder { newsletter, number } = self.holder;
        let mut payload = [purpose; PAYLOAD_BYTES];
        payload[1..5].copy_from_slice(&newsletter.0.to_be_bytes()[4..]);
        payload[5..9].copy_from_slice(&number.group.0.to_be_bytes()[4..]);
        payload[9..13].copy_from_slice(&number.number.to_be_bytes()[4..]);
        payload[13..].copy_from_slice(&article.to_be_bytes()[2..]);
        payload
    }

    fn from_payload(payload: &[u8]) -> Option<Self> {
        let number = |from: usize, to: usize| -> Option<i64> {
            Some(payload.get(from..to)?.iter().fold(0, |number, byte| number << 8 | i64::from(*byte)))
        };
        let article = ArticleId(number(13, 19)?);
        let target = match payload.first()? {
            b'l' => Target::Original(article),
            b'k' => Target::Page(article),
            b'h' => Target::Hidden,
            _ => return None,
        };
        let edition = EditionNumber { group: GroupId(number(5, 9)?), number: number(9, 13)? };
        Some(Self { holder: Holder { newsletter: NewsletterId(number(1, 5)?), number: edition }, target })
    }
}

/// A payload under a mask that only who has the key can make for its MAC; masked twice it is itself.
fn masked(payload: &[u8], mac: &[u8], key: &Key) -> Vec<u8> {
    let mask = key.mac(&[b"mask:", mac].concat());
    payload.iter().zip(mask).map(|(byte, mask)| byte ^ mask).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::subscriber::SubscriberId;
    use crate::model::token::Token;

    fn link(target: Target) -> CountedLink {
        let number = EditionNumber { group: GroupId(3), number: 4_000_000_000 };
        CountedLink { holder: Holder { newsletter: NewsletterId(7), number }, target }
    }

    #[test]
    fn a_link_is_read_back_in_either_case() {
        let key = Key::new([7; 32]);
        for target in
            [Target::Original(ArticleId(281_474_976_710_655)), Target::Page(ArticleId(1)), Target::Hidden]
        {
            let text = link(target).sign(&key);
            assert_eq!(text.len(), LENGTH);
            assert_eq!(CountedLink::verify(&text, &key), Some(link(target)));
            assert_eq!(CountedLink::verify(&text.to_ascii_uppercase(), &key), Some(link(target)));
            assert_eq!(CountedLink::verify(&text, &Key::new([8; 32])), None);
            assert_eq!(key.verify(&text), None, "no way out of a subscription");
        }
        let token = key.sign(Token::Subscription(SubscriberId(1), NewsletterId(1)));
        assert_eq!(CountedLink::verify(&token, &key), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn no_forged_link_is_accepted(
            changes in prop::collection::vec((0..LENGTH, "[a-zA-Z2-7=]"), 1..6),
            made_up in "[a-z2-7]{56}",
        ) {
            let key = Key::new([7; 32]);
            let text = link(Target::Page(ArticleId(12))).sign(&key);
            let mut altered = text.clone();
            for (index, letter) in changes {
                altered.replace_range(index..=index, &letter);
            }
            if altered.to_ascii_lowercase() != text {
                prop_assert_eq!(CountedLink::verify(&altered, &key), None);
            }
            prop_assert_eq!(CountedLink::verify(&made_up, &key), None);
        }
    }
}
