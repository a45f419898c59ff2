//! Confirmation mails: one to each reader who has asked for newsletters and not yet confirmed.

use anyhow::Context as _;
use std::time::Duration;

use super::office::Office;
use crate::jobs::Settings;
use crate::jobs::mailing::{self, Sending};
use crate::mail::cause::Class;
use crate::mail::mould::{Letter, Slots};
use crate::mail::relay::Envelope;
use crate::mail::reply::{Reply, Stage};
use crate::model::delivery::Outcome;
use crate::model::newsletter::Newsletter;
use crate::model::subscriber::{EmailAddress, SubscriptionState};
use crate::model::suppression::SuppressionReason;
use crate::model::time::Timestamp;
use crate::model::token::Token;
use crate::render::confirmation;
use crate::store::{DueConfirmation, Store};

/// How many are sent in one step.
const MOST: usize = 20;

/// After this many attempts a mail is given up: who wanted it asks again.
const ATTEMPTS: u32 = 8;

/// The pause after the first attempt; it doubles with each.
const PAUSE: Duration = Duration::from_mins(5);

/// Sends what is due, and no more than `limit`. Returns how many were ended, and the relay's words if it takes nothing
/// now.
pub(super) async fn send_due(
    store: &Store,
    settings: &Settings,
    (office, limit): (&Office, usize),
    now: Timestamp,
) -> anyhow::Result<(usize, Option<Reply>)> {
    let mut sent = 0;
    for due in store.due_confirmations(now, i64::try_from(MOST.min(limit))?).await? {
        let Some((newsletter, token)) = asked_for(store, settings, &due).await? else {
            store.remove_confirmation(due.subscriber_id).await?;
            continue;
        };
        let letter = letter(store, settings, newsletter, (&due, &token), now)?;
        let sending = mailing::sending(settings)?;
        let reply = office.relay.send(&envelope(sending, &due.address, &letter)?, &letter).await;
        for handed in office.handed(&reply, now) {
            store.count_handed(&handed).await?;
        }
        if reply.stage() <= Stage::Mail && reply.outcome() == Outcome::Deferred {
            return Ok((sent, Some(reply)));
        }
        settle(store, &due, &reply, now).await?;
        sent += 1;
    }
    Ok((sent, None))
}

/// The first newsletter that waits to be confirmed, and the token of the link that confirms all that do.
async fn asked_for<'a>(
    store: &Store,
    settings: &'a Settings,
    due: &DueConfirmation,
) -> anyhow::Result<Option<(&'a Newsletter, String)>> {
    let subscriptions = store.subscriptions(due.subscriber_id).await?;
    let mut pending = subscriptions.iter().filter(|one| one.state == SubscriptionState::Pending);
    Ok(pending.find_map(|pending| {
        let is_it = |newsletter: &&Newsletter| newsletter.slug.as_str() == pending.newsletter;
        let newsletter = settings.newsletters.iter().find(is_it)?;
        Some((newsletter, store.key().sign(Token::Confirm(due.subscriber_id, pending.newsletter_id))))
    }))
}

fn letter(
    store: &Store,
    settings: &Settings,
    newsletter: &Newsletter,
    (due, token): (&DueConfirmation, &str),
    now: Timestamp,
) -> anyhow::Result<Letter> {
    let link = settings.publication.link(&format!("confirm/{token}"));
    let language = due.language.as_deref().unwrap_or(&newsletter.language);
    let text = confirmation::render(&settings.publication, newsletter, language, &link)?;
    let mould = mailing::plain(settings, &text, language, now)?;
    let hash = store.key().hash(&format!("confirmation {} {}", due.subscriber_id.0, now.as_unix()));
    let message_id = data_encoding::HEXLOWER.encode(&hash[..16]);
    let mut letter = Letter::default();
    mould.cut(&Slots { to: &due.address, message_id: &message_id, token: "" }, &mut letter)?;
    Ok(letter)
}

/// Bounces of it come to an address of their own: they name no delivery.
pub(super) fn envelope(
    sending: &Sending,
    address: &EmailAddress,
    letter: &Letter,
) -> anyhow::Result<Envelope> {
    let sender = format!("bounces@{}", sending.bounce_domain);
    let sender = sender.parse().context("the bounce domain makes no address")?;
    Ok(Envelope::new(&sender, address, letter.as_bytes().len())?)
}

/// Whether a mail is tried no more after this attempt.
pub(super) const fn is_given_up(attempt: u32) -> bool {
    attempt + 1 >= ATTEMPTS
}

/// The pause after this attempt.
pub(super) fn pause(attempt: u32) -> Duration {
    PAUSE * (1 << attempt.min(10))
}

async fn settle(store: &Store, due: &DueConfirmation, reply: &Reply, now: Timestamp) -> anyhow::Result<()> {
    match reply.outcome() {
        Outcome::Deferred | Outcome::Unknown if !is_given_up(due.attempt) => {
            store.put_off_confirmation(due.subscriber_id, now + pause(due.attempt)).await?;
        }
        _ => store.remove_confirmation(due.subscriber_id).await?,
    }
    if reply.outcome() == Outcome::Refused && reply.class() == Class::Address {
        let words = reply.to_string();
        store.suppress(&due.address, SuppressionReason::HardBounce, Some(&words), now).await?;
    }
    Ok(())
}
