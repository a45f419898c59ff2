//! Why deliveries wait though they are due, and until when: what an operator is told who asks.

use std::time::Duration;

use serde::Serialize;

use crate::jobs::Settings;
use crate::jobs::mailing::Sending;
use crate::jobs::warm_up::allowance;
use crate::mail::relay::RelaySettings;
use crate::model::day::Day;
use crate::model::edition::EditionState;
use crate::model::newsletter::Newsletter;
use crate::model::time::Timestamp;
use crate::store::{ALL_RELAYS, Edition, ProviderHold, Store};

/// A rate holds nothing up that lets all go within this time.
const WORTH_TELLING: Duration = Duration::from_mins(1);

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
    holds.extend(warm_up(store, sending, (waiting, &today), now).await?);
    holds.extend(cap(store, &sending.relays, waiting, &today).await?);
    holds.extend(rate(&sending.relays, waiting, now));
    holds.extend(providers(store, edition, now).await?);
    Ok(holds)
}

fn spread(settings: &Settings, edition: &Edition, now: Timestamp) -> Option<Hold> {
    let is_its = |newsletter: &&Newsletter| newsletter.slug.as_str() == edition.newsletter;
    let newsletter = settings.newsletters.iter().find(is_its)?;
    let until = edition.published_at + newsletter.over;
    (until > now).then(|| Hold { why: "the edition is spread over that time (over)".to_owned(), until })
}

/// The plan for a sender that receivers do not know yet, if it lets less go today than waits.
async fn warm_up(
    store: &Store,
    sending: &Sending,
    (waiting, today): (u64, &Day),
    now: Timestamp,
) -> anyhow::Result<Option<Hold>> {
    let Some(plan) = sending.warm_up else { return Ok(None) };
    let allowance = allowance(store, plan, today, now).await?;
    let left = allowance.saturating_sub(store.handed_on(ALL_RELAYS, &today.date).await?);
    let why =
        format!("{left} more of {allowance} messages may go out today, who confirmed last first (warm_up)");
    Ok((left < waiting).then_some(Hold { why, until: today.ends_at }))
}

/// The caps of the relays, if they let less go today than waits. A relay that stands by is not reckoned with.
async fn cap(
    store: &Store,
    relays: &[RelaySettings],
    waiting: u64,
    today: &Day,
) -> anyhow::Result<Option<Hold>> {
    let (mut left, mut names) = (0, Vec::new());
    for relay in on_duty(relays) {
        let Some(cap) = relay.daily_cap else { return Ok(None) };
        left += u64::from(cap).saturating_sub(store.handed_on(&relay.name(), &today.date).await?);
        names.push(format!("{} {cap}", relay.name()));
    }
    let caps = names.join(", ");
    let why = match left {
        0 => format!("as many messages have gone out today as may (daily_cap: {caps})"),
        _ if left < waiting => {
            format!("{left} more messages may go out today, the rest waits (daily_cap: {caps})")
        }
        _ => return Ok(None),
    };
    Ok(Some(Hold { why, until: today.ends_at }))
}

/// How long what waits takes, if every relay has a rate.
fn rate(relays: &[RelaySettings], waiting: u64, now: Timestamp) -> Option<Hold> {
    let relays: Vec<_> = on_duty(relays).collect();
    let rates: Option<Vec<_>> = relays.iter().map(|relay| relay.rate).collect();
    let rates = rates.filter(|rates| !rates.is_empty())?;
    let an_hour: f64 = rates.iter().map(|rate| 3600.0 / rate.time_for(1).as_secs_f64()).sum();
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    let until = now + Duration::from_secs_f64((waiting as f64 / an_hour * 3600.0).min(1e9));
    let name = |relay: &&RelaySettings| relay.rate.map(|rate| format!("{} {rate}", relay.name()));
    let named = relays.iter().filter_map(name).collect::<Vec<_>>().join(", ");
    (until.since(now) >= WORTH_TELLING)
        .then(|| Hold { why: format!("no more may go out at a time (rate: {named})"), until })
}

fn on_duty(relays: &[RelaySettings]) -> impl Iterator<Item = &RelaySettings> {
    let has_others = relays.iter().any(|relay| relay.weight > 0);
    relays.iter().filter(move |relay| relay.weight > 0 || !has_others)
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
