//! Signed names of ours in a mail: in the address that it came to, and in the header of the mail that came back.

use super::mail::Mail;
use crate::model::token::LENGTH;

/// How many names of a mail are looked at: each costs a hash.
const MAX_TOKENS: usize = 32;

/// Fields with the address that a mail came to, as it was in the envelope.
const ADDRESSEES: &[&str] = &[
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-delivered-to",
    "to",
    "cc",
    "x-rcpt-to",
];

/// Fields of the mail that came back in which a name of ours stands.
const RETURNED: &[&str] = &[
    "return-path",
    "x-envelope-from",
    "x-envelope-sender",
    "sender",
    "message-id",
    "list-unsubscribe",
    "original-mail-from",
    "x-hmxmroriginalrecipient",
];

/// The names, those of the address first. Anybody can write one: each has to be verified.
pub(super) fn find(mail: &Mail) -> Vec<String> {
    let addressees = ADDRESSEES.iter().flat_map(|name| mail.all(name));
    let returned = RETURNED.iter().flat_map(|name| mail.returned.iter().filter(move |(own, _)| own == name));
    let feedback = mail.feedback.as_deref().into_iter();
    let mut found = Vec::new();
    for value in addressees.chain(returned.map(|(_, value)| value.as_str())).chain(feedback) {
        for token in tokens(value) {
            if found.len() < MAX_TOKENS && !found.contains(&token) {
                found.push(token);
            }
        }
    }
    found
}

/// Whether a mail came to an address that `List-Unsubscribe` named.
pub(super) fn is_to_unsubscribe(mail: &Mail) -> bool {
    ADDRESSEES.iter().flat_map(|name| mail.all(name)).any(|value| {
        let words: Vec<_> = value.split(|c: char| !c.is_ascii_alphanumeric()).collect();
        words.windows(2).any(|pair| pair[0].eq_ignore_ascii_case("u") && is_token(pair[1]))
    })
}

/// Whether an address is one that we name in a mail, in a form that we write: the envelope sender, the address that
/// unsubscribes; or `fbl`, to which a provider's feedback loop writes. Whether we signed it is not asked.
pub fn is_ours(address: &str, domain: &str) -> bool {
    let Some((local, at)) = address.rsplit_once('@') else { return false };
    let local = local.to_ascii_lowercase();
    let name = local.strip_prefix("b-").or_else(|| local.strip_prefix("u-"));
    at.eq_ignore_ascii_case(domain) && (local == "fbl" || name.is_some_and(is_token))
}

/// Words of the length and the letters of a signed name.
fn tokens(value: &str) -> impl Iterator<Item = String> {
    value
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| is_token(word))
        .map(str::to_ascii_lowercase)
}

fn is_token(word: &str) -> bool {
    word.len() == LENGTH
        && word.bytes().all(|byte| byte.is_ascii_alphabetic() || (b'2'..=b'7').contains(&byte))
}
