//! Single mails: those that one reader asked for, and that are no part of an edition.

use std::time::Duration;

use anyhow::Context as _;

use super::office::Office;
use crate::jobs::Settings;
use crate::jobs::mailing;
use crate::mail::mould::{Letter, Slots};
use crate::mail::relay::Envelope;
use crate::mail::reply::Reply;
use crate::model::delivery::Outcome;
use crate::model::subscriber::EmailAddress;
use crate::model::time::Timestamp;
use crate::render::letter;
use crate::store::Store;

/// How many are sent in one step.
const MOST: usize = 20;

/// After this many attempts a mail is given up: who wanted it asks again.
const ATTEMPTS: u32 = 8;

/// The pause after the first attempt; it doubles with each.
const PAUSE: Duration = Duration::from_mins(5);

/// What became of a mail.
pub(super) enum Handed {
    /// The relay has answered for it.
    Answered(Reply),
    /// The relay takes nothing now, whatever the mail.
    NoRelay(Reply),
}

/// How many may be asked for in one step where no more than `limit` may go.
pub(super) fn most(limit: usize) -> anyhow::Result<i64> {
    Ok(i64::try_from(MOST.min(limit))?)
}

/// When a mail is tried again after this attempt came to nothing for now; `None`: no more.
pub(super) fn next_attempt(outcome: Outcome, attempt: u32, now: Timestamp) -> Option<Timestamp> {
    let may_be_tried = matches!(outcome, Outcome::Deferred | Outcome::Unknown) && attempt + 1 < ATTEMPTS;
    may_be_tried.then(|| now + PAUSE * (1 << attempt.min(10)))
}

/// The mail to `to` with this text. `name` tells it from all others that are made at the same moment.
pub(super) fn letter(
    store: &Store,
    settings: &Settings,
    (to, name): (&EmailAddress, &str),
    (text, language): (&letter::Letter, &str),
    now: Timestamp,
) -> anyhow::Result<Letter> {
    let mould = mailing::plain(settings, text, language, now)?;
    let hash = store.key().hash(&format!("{name} {}", now.as_unix()));
    let message_id = data_encoding::HEXLOWER.encode(&hash[..16]);
    let mut letter = Letter::default();
    mould.cut(&Slots { to, message_id: &message_id, token: "", reader: "" }, &mut letter)?;
    Ok(letter)
}

/// Hands a mail over, and counts it where the relay may have only so many. Bounces of it come to an address of their own:
/// they name no delivery.
pub(super) async fn hand_over(
    store: &Store,
    settings: &Settings,
    office: &Office,
    (to, letter): (&EmailAddress, &Letter),
    now: Timestamp,
) -> anyhow::Result<Handed> {
    let sender = format!("bounces@{}", mailing::sending(settings)?.bounce_domain);
    let sender = sender.parse().context("the bounce domain makes no address")?;
    let envelope = Envelope::new(&sender, to, letter.as_bytes().len())?;
    let reply = office.relay.send(&envelope, letter).await;
    for handed in office.handed(&reply, now) {
        store.count_handed(&handed).await?;
    }
    Ok(if reply.is_about_the_relay() { Handed::NoRelay(reply) } else { Handed::Answered(reply) })
}
