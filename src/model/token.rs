//! Signed names: what a link or a bounce address carries so that nobody can make one up.
//!
//! A token names a purpose and two rows, and is signed with the installation's key (HMAC-SHA-256, cut to
//! 128 bits). It is written in lower-case base32, which survives mail programs that change the case of an
//! address and needs no escaping in a URL or in quoted-printable. A link in a digest works for ever; what
//! expires names its moment or a row that goes.

use std::fmt;
use std::time::Duration;

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::edition::EditionId;
use super::newsletter::NewsletterId;
use super::subscriber::{AddressChangeId, EmailAddress, PrivateFeedId, SubscriberId};
use super::time::Timestamp;

/// How long a [personal](Token::Personal) link holds.
pub const LINK_HOLDS: Duration = Duration::from_hours(24);

/// How many characters every token has.
pub const LENGTH: usize = 47;

const PAYLOAD_BYTES: usize = 13;
const MAC_BYTES: usize = 16;

/// The installation's secret, made once and kept in the database.
#[derive(Clone)]
pub struct Key([u8; 32]);

/// What a token stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// Confirms a subscription.
    Confirm(SubscriberId, NewsletterId),
    /// Ends or changes a subscription: the link in every digest.
    Subscription(SubscriberId, NewsletterId),
    /// Opens the editions and articles of a private newsletter while the subscription is active: the links in its digests.
    Reader(SubscriberId, NewsletterId),
    /// The address of a reader's own feed of a private newsletter, which opens its articles too, while there is its row.
    Feed(SubscriberId, PrivateFeedId),
    /// Names a delivery in its envelope sender (VERP).
    Bounce(EditionId, SubscriberId),
    /// Shows and changes what is known about a subscriber, until a moment: the link in a mail that they asked for.
    Personal(SubscriberId, Timestamp),
    /// Confirms a new address, once.
    NewAddress(SubscriberId, AddressChangeId),
    /// Keeps the old address in place of a new one, once.
    OldAddress(SubscriberId, AddressChangeId),
    /// Keeps a subscription of which its reader was asked whether they still want it.
    Keep(SubscriberId, NewsletterId),
    /// When a form was sent to who fills it.
    Moment(Timestamp),
    /// Lets who asks for newsletters in a crowd go on: of which address that is ([`Key::print`]), and from when on it holds
    /// without work.
    Turn(i64, Timestamp),
}

impl Key {
    /// The key made of these bytes.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The token, signed.
    pub fn sign(&self, token: Token) -> String {
        let mut bytes = [0; PAYLOAD_BYTES + MAC_BYTES];
        let payload = token.payload();
        bytes[..PAYLOAD_BYTES].copy_from_slice(&payload);
        bytes[PAYLOAD_BYTES..].copy_from_slice(&self.mac(&payload)[..MAC_BYTES]);
        BASE32_NOPAD.encode(&bytes).to_ascii_lowercase()
    }

    /// What `text` stands for, if it was signed with this key. Takes the same time whatever is wrong with it.
    pub fn verify(&self, text: &str) -> Option<Token> {
        if text.len() != LENGTH {
            return None;
        }
        let bytes = BASE32_NOPAD.decode(text.to_ascii_uppercase().as_bytes()).ok()?;
        let (payload, mac) = bytes.split_at_checked(PAYLOAD_BYTES)?;
        let is_ours = bool::from(self.mac(payload)[..MAC_BYTES].ct_eq(mac));
        if is_ours { Token::from_payload(payload) } else { None }
    }

    /// A hash that only this installation can make: what is left of an address that asked to be forgotten.
    pub fn hash(&self, text: &str) -> Vec<u8> {
        let mut labelled = b"address:".to_vec();
        labelled.extend_from_slice(text.as_bytes());
        self.mac(&labelled).to_vec()
    }

    /// What tells an address from others within a token: 48 bits of its hash.
    pub fn print(&self, address: &EmailAddress) -> i64 {
        row(&self.hash(&address.key())[..6])
    }

    /// A `urn:uuid:` (RFC 9562, version 8) that depends only on this installation and on `name`: what is removed and
    /// made again has the id that feed readers know.
    pub fn uuid(&self, name: &str) -> String {
        let hash = self.hash(name);
        let mut bytes: [u8; 16] = std::array::from_fn(|index| hash[index]);
        bytes[6] = bytes[6] & 0x0f | 0x80;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let hex = data_encoding::HEXLOWER.encode(&bytes);
        format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }

    /// What this installation, and no other, answers to a word that somebody sends in the place of a token.
    pub fn countersign(&self, word: &str) -> String {
        let mut labelled = b"countersign:".to_vec();
        labelled.extend_from_slice(word.as_bytes());
        data_encoding::HEXLOWER.encode(&self.mac(&labelled)[..MAC_BYTES])
    }

    /// The MAC of a message, which begins with what it is for.
    pub(super) fn mac(&self, message: &[u8]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(message);
        mac.finalize().into_bytes().into()
    }
}

/// The signature of a message by a secret that its receiver gave: HMAC with SHA-256, in small hexadecimal letters.
pub fn signature(secret: &str, message: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(message);
    data_encoding::HEXLOWER.encode(&mac.finalize().into_bytes())
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(secret)")
    }
}

impl Token {
    fn payload(self) -> [u8; PAYLOAD_BYTES] {
        let (purpose, first, second) = match self {
            Self::Confirm(subscriber, newsletter) => (b'c', subscriber.0, newsletter.0),
            Self::Subscription(subscriber, newsletter) => (b's', subscriber.0, newsletter.0),
            Self::Reader(subscriber, newsletter) => (b'r', subscriber.0, newsletter.0),
            Self::Feed(subscriber, feed) => (b'f', subscriber.0, feed.0),
            Self::Bounce(edition, subscriber) => (b'b', edition.0, subscriber.0),
            Self::Personal(subscriber, until) => (b'p', subscriber.0, until.as_unix()),
            Self::NewAddress(subscriber, change) => (b'n', subscriber.0, change.0),
            Self::OldAddress(subscriber, change) => (b'o', subscriber.0, change.0),
            Self::Keep(subscriber, newsletter) => (b'k', subscriber.0, newsletter.0),
            Self::Moment(moment) => (b'm', 0, moment.as_unix()),
            Self::Turn(print, from) => (b't', print, from.as_unix()),
        };
        let mut payload = [purpose; PAYLOAD_BYTES];
        payload[1..7].copy_from_slice(&first.to_be_bytes()[2..]);
        payload[7..].copy_from_slice(&second.to_be_bytes()[2..]);
        payload
    }

    fn from_payload(payload: &[u8]) -> Option<Self> {
        let (first, second) = (row(payload.get(1..7)?), row(payload.get(7..13)?));
        match payload.first()? {
            b'c' => Some(Self::Confirm(SubscriberId(first), NewsletterId(second))),
            b's' => Some(Self::Subscription(SubscriberId(first), NewsletterId(second))),
            b'r' => Some(Self::Reader(SubscriberId(first), NewsletterId(second))),
            b'f' => Some(Self::Feed(SubscriberId(first), PrivateFeedId(second))),
            b'b' => Some(Self::Bounce(EditionId(first), SubscriberId(second))),
            b'p' => Some(Self::Personal(SubscriberId(first), Timestamp::from_unix(second))),
            b'n' => Some(Self::NewAddress(SubscriberId(first), AddressChangeId(second))),
            b'o' => Some(Self::OldAddress(SubscriberId(first), AddressChangeId(second))),
            b'k' => Some(Self::Keep(SubscriberId(first), NewsletterId(second))),
            b'm' => Some(Self::Moment(Timestamp::from_unix(second))),
            b't' => Some(Self::Turn(first, Timestamp::from_unix(second))),
            _ => None,
        }
    }
}

fn row(bytes: &[u8]) -> i64 {
    bytes.iter().fold(0, |number, byte| number << 8 | i64::from(*byte))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TOKENS: [Token; 11] = [
        Token::Confirm(SubscriberId(1), NewsletterId(2)),
        Token::Subscription(SubscriberId(281_474_976_710_655), NewsletterId(7)),
        Token::Reader(SubscriberId(1), NewsletterId(2)),
        Token::Feed(SubscriberId(1), PrivateFeedId(2)),
        Token::Bounce(EditionId(3), SubscriberId(1_000_000)),
        Token::Personal(SubscriberId(5), Timestamp::from_unix(1_772_434_800)),
        Token::NewAddress(SubscriberId(5), AddressChangeId(9)),
        Token::OldAddress(SubscriberId(5), AddressChangeId(9)),
        Token::Keep(SubscriberId(5), NewsletterId(9)),
        Token::Moment(Timestamp::from_unix(1_772_434_800)),
        Token::Turn(281_474_976_710_655, Timestamp::from_unix(1_772_434_800)),
    ];

    #[test]
    fn a_token_is_read_back_in_either_case() {
        let key = Key::new([7; 32]);
        for token in TOKENS {
            let text = key.sign(token);
            assert_eq!(text.len(), LENGTH);
            assert_eq!(key.verify(&text), Some(token));
            assert_eq!(key.verify(&text.to_ascii_uppercase()), Some(token));
        }
    }

    #[test]
    fn an_altered_token_or_one_of_another_installation_is_refused() {
        let text = Key::new([7; 32]).sign(TOKENS[0]);
        assert_eq!(Key::new([8; 32]).verify(&text), None);
        for index in 0..LENGTH {
            let other = if text.as_bytes()[index] == b'a' { "b" } else { "a" };
            let mut altered = text.clone();
            altered.replace_range(index..=index, other);
            assert_eq!(Key::new([7; 32]).verify(&altered), None, "{index}");
        }
        assert_eq!(Key::new([7; 32]).verify(""), None);
        assert_eq!(Key::new([7; 32]).verify("ä".repeat(30).as_str()), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn no_forged_token_is_accepted(
            which in 0..TOKENS.len(),
            changes in prop::collection::vec((0..LENGTH, "[a-zA-Z2-7=]"), 1..6),
            made_up in "[a-z2-7]{47}",
        ) {
            let key = Key::new([7; 32]);
            let text = key.sign(TOKENS[which]);
            let mut altered = text.clone();
            for (index, letter) in changes {
                altered.replace_range(index..=index, &letter);
            }
            if altered.to_ascii_lowercase() != text {
                prop_assert_eq!(key.verify(&altered), None);
            }
            prop_assert_eq!(key.verify(&made_up), None);
            // The purpose and the rows of one token, with the signature of another.
            let other = key.sign(TOKENS[(which + 1) % TOKENS.len()]);
            prop_assert_eq!(key.verify(&format!("{}{}", &text[..24], &other[24..])), None);
        }
    }
}
