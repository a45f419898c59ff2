//! How much of what waits may be handed to a relay now, or to all of them: a rate, and a cap for the day.
//!
//! What it does not allow is not claimed: it stays `queued`, and costs nothing while it waits.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::tz::TimeZone;

use crate::jobs::warm_up;
use crate::mail::relay::RelaySettings;
use crate::mail::reply::Reply;
use crate::model::day::Day;
use crate::model::delivery::Outcome;
use crate::model::rate::Bucket;
use crate::model::time::{Clock, Timestamp};
use crate::model::warm_up::WarmUp;
use crate::store::{ALL_RELAYS, Handed, Store};

/// What a relay may be handed.
#[derive(Debug)]
pub(super) struct Quota {
    bucket: Option<Mutex<Bucket>>,
    cap: Option<Cap>,
}

#[derive(Debug)]
struct Cap {
    relay: String,
    most: Most,
    zone: TimeZone,
}

/// How much goes out on a day.
#[derive(Clone, Copy, Debug)]
enum Most {
    Always(u64),
    Growing(WarmUp),
}

/// How many deliveries wait for a connection, and how many are on their way in all.
#[derive(Clone, Copy, Debug)]
pub(super) struct Load {
    pub(super) waiting: usize,
    pub(super) on_their_way: usize,
}

/// How many more may be claimed now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    pub(super) most: usize,
    /// How long it is until the rate lets one go, if it lets none go now.
    pub(super) pause: Option<Duration>,
}

impl Quota {
    pub(super) fn new(relay: &RelaySettings, zone: &TimeZone) -> Self {
        let cap = |most| Cap { relay: relay.name(), most: Most::Always(u64::from(most)), zone: zone.clone() };
        Self { bucket: relay.rate.map(|rate| Mutex::new(Bucket::new(rate))), cap: relay.daily_cap.map(cap) }
    }

    /// What all relays together may be handed.
    pub(super) fn of_all(warm_up: Option<WarmUp>, zone: &TimeZone) -> Self {
        let cap = |plan| Cap { relay: ALL_RELAYS.to_owned(), most: Most::Growing(plan), zone: zone.clone() };
        Self { bucket: None, cap: warm_up.map(cap) }
    }

    /// How many more may be claimed now, beside what is on its way.
    pub(super) async fn room(&self, store: &Store, load: Load, clock: &Clock) -> anyhow::Result<Room> {
        let mut room = Room { most: usize::MAX, pause: None };
        if let Some(mut bucket) = self.bucket() {
            let running = clock.running();
            room.most = bucket.available(load.waiting, running);
            room.pause = (room.most == 0).then(|| bucket.next_in(running));
        }
        if let Some(cap) = &self.cap {
            let today = Day::of(clock.now(), &cap.zone);
            let most = match cap.most {
                Most::Always(most) => most,
                Most::Growing(plan) => warm_up::allowance(store, plan, &today, clock.now()).await?,
            };
            let left = most.saturating_sub(store.handed_on(&cap.relay, &today.date).await?);
            let left = usize::try_from(left).unwrap_or(usize::MAX).saturating_sub(load.on_their_way);
            room.most = room.most.min(left);
        }
        Ok(room)
    }

    /// So many have been claimed.
    pub(super) fn take(&self, count: usize, clock: &Clock) {
        if let Some(mut bucket) = self.bucket() {
            bucket.take(count, clock.running());
        }
    }

    /// What a reply adds to the day's count: a message that the relay has taken, or may have.
    pub(super) fn count(&self, reply: &Reply, now: Timestamp) -> Option<Handed> {
        matches!(reply.outcome(), Outcome::Accepted | Outcome::Unknown).then(|| self.counted(1, now))?
    }

    /// So many messages as the day's count has them; `None` if nobody counts.
    pub(super) fn counted(&self, messages: i64, now: Timestamp) -> Option<Handed> {
        let cap = self.cap.as_ref()?;
        Some(Handed { relay: cap.relay.clone(), day: Day::of(now, &cap.zone).date, messages })
    }

    fn bucket(&self) -> Option<MutexGuard<'_, Bucket>> {
        Some(self.bucket.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
