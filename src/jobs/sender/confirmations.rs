//! Confirmation mails: one to each reader who has asked for newsletters and not yet confirmed.

use super::office::Office;
use super::single::{self, Handed};
use crate::jobs::Settings;
use crate::mail::cause::Class;
use crate::mail::mould::Letter;
use crate::mail::reply::Reply;
use crate::model::delivery::Outcome;
use crate::model::newsletter::Newsletter;
use crate::model::subscriber::SubscriptionState;
use crate::model::suppression::SuppressionReason;
use crate::model::time::Timestamp;
use crate::model::token::Token;
use crate::render::confirmation;
use crate::store::{DueConfirmation, Store};

/// Sends what is due, and no more than `limit`. Returns how many were ended, and the relay's words if it takes nothing
/// now.
pub(super) async fn send_due(
    store: &Store,
    settings: &Settings,
    (office, limit): (&Office, usize),
    now: Timestamp,
) -> anyhow::Result<(usize, Option<Reply>)> {
    let mut sent = 0;
    for due in store.due_confirmations(now, single::most(limit)?).await? {
        let Some((newsletter, token)) = asked_for(store, settings, &due).await? else {
            store.remove_confirmation(due.subscriber_id).await?;
            continue;
        };
        let letter = letter(store, settings, newsletter, (&due, &token), now)?;
        match single::hand_over(store, settings, office, (&due.address, &letter), now).await? {
            Handed::Answered(reply) => settle(store, &due, &reply, now).await?,
            Handed::NoRelay(reply) => return Ok((sent, Some(reply))),
        }
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
    let publication = &settings.publication;
    let wanted = due.language.as_deref().into_iter().chain([newsletter.language.as_str()]);
    let language = publication.language_for(wanted);
    let text = confirmation::render(publication, newsletter, language, &link)?;
    let name = format!("confirmation {}", due.subscriber_id.0);
    single::letter(store, settings, (&due.address, &name), (&text, language), now)
}

async fn settle(store: &Store, due: &DueConfirmation, reply: &Reply, now: Timestamp) -> anyhow::Result<()> {
    match single::next_attempt(reply.outcome(), due.attempt, now) {
        Some(at) => store.put_off_confirmation(due.subscriber_id, at).await?,
        None => store.remove_confirmation(due.subscriber_id).await?,
    }
    if reply.outcome() == Outcome::Refused && reply.class() == Class::Address {
        let words = reply.to_string();
        store.suppress(&due.address, SuppressionReason::HardBounce, Some(&words), now).await?;
    }
    Ok(())
}
