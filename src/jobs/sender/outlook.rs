//! Why deliveries wait though they are due, and until when: what an operator is told who asks.

use serde::Serialize;

use crate::jobs::Settings;
use crate::mail::relay::RelaySettings;
use crate::model::day::Day;
use crate::model::edition::EditionState;
use crate::model::newsletter::Newsletter;
use crate::model::time::Timestamp;
use crate::store::{Edition, ProviderHold, Store};

/// What keeps deliveries waiting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hold {
    /// Why they wait.
    pub why: String,
    /// Until when, by what is known now.
    pub until: Timestamp,
}

/// What keeps `waiting` deliveries of an edition waiting, by the settings and by what the database knows.
pub async fn holds(
    store: &Store,
    settings: &Settings,
    (edition, waiting): (&Edition, u64),
    now: Timestamp,
) -> anyhow::Result<Vec<Hold>> {
    let is_held = edition.state == EditionState::Sending && waiting > 0;
    let Some(sending) = settings.sending.as_ref().filter(|_| is_held) else { return Ok(Vec::new()) };
    let today = Day::of(now, &settings.publication.time_zone);
    let mut holds = Vec::new();
    holds.extend(spread(settings, edition, now));
    holds.extend(cap(store, &sending.relay, waiting, &today).await?);
    holds.extend(rate(&sending.relay, waiting, now));
    holds.extend(providers(store, edition, now).await?);
    Ok(holds)
}

fn spread(settings: &Settings, edition: &Edition, now: Timestamp) -> Option<Hold> {
    let is_its = |newsletter: &&Newsletter| newsletter.slug.as_str() == edition.newsletter;
    let newsletter = settings.newsletters.iter().find(is_its)?;
    let until = edition.published_at + newsletter.over;
    (until > now).then(|| Hold { why: "the edition is spread over that time (over)".to_owned(), until })
}

async fn cap(
    store: &Store,
    relay: &RelaySettings,
    waiting: u64,
    today: &Day,
) -> anyhow::Result<Option<Hold>> {
    let Some(cap) = relay.daily_cap else { return Ok(None) };
    let left = u64::from(cap).saturating_sub(store.handed_on(&relay.name(), &today.date).await?);
    let name = relay.name();
    let why = match left {
        0 => {
            format!("the relay {name} has been handed the {cap} messages that it may have today (daily_cap)")
        }
        _ if left < waiting => {
            format!(
                "the relay {name} may have {left} more messages today (daily_cap = {cap}); the rest waits"
            )
        }
        _ => return Ok(None),
    };
    Ok(Some(Hold { why, until: today.ends_at }))
}

/// Providers that are left alone, with their words, and how much of the edition waits for them.
async fn providers(store: &Store, edition: &Edition, now: Timestamp) -> anyhow::Result<Vec<Hold>> {
    let mut held = store.provider_holds(now).await?;
    held.retain(|hold| hold.until > now);
    if held.is_empty() {
        return Ok(Vec::new());
    }
    let waiting = store.waiting_by_provider(edition.id).await?;
    let told = |hold: ProviderHold| {
        let why = match (hold.provider.strip_prefix('@'), waiting.get(&hold.provider)) {
            (Some(domain), _) => format!("{domain} wants nothing for a while: {}", hold.reply),
            (None, Some(count)) => {
                format!(
                    "{} wants nothing for a while, {count} deliveries wait for it: {}",
                    hold.provider, hold.reply
                )
            }
            (None, None) => return None,
        };
        Some(Hold { why, until: hold.until })
    };
    Ok(held.into_iter().filter_map(told).collect())
}

fn rate(relay: &RelaySettings, waiting: u64, now: Timestamp) -> Option<Hold> {
    let rate = relay.rate?;
    let until = now + rate.time_for(waiting);
    let why = format!("the relay {} is handed no more than {rate}", relay.name());
    (until > now).then_some(Hold { why, until })
}
