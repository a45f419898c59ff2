//! Which relay is handed what: by their weights, by how they are, and by what each of them may have now.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::office::Office;
use super::quota::{Load, Room};
use crate::model::time::{Clock, Timestamp};
use crate::store::Store;

/// The relays that take mail now, and how much each may be handed in this step.
pub(super) struct Round {
    shares: Vec<Share>,
    /// How many more may go out in all.
    of_all: usize,
    /// How long it is until a relay's rate lets more go, if one lets none go now.
    pub(super) pause: Option<Duration>,
    /// Whether no relay may have anything more for now, however much room there is on the desk.
    pub(super) is_exhausted: bool,
}

/// What one relay may be handed, and how much of that it has.
pub(super) struct Share {
    pub(super) office: Arc<Office>,
    room: usize,
    taken: usize,
}

impl Share {
    pub(super) fn room(&self) -> usize {
        self.room - self.taken
    }

    /// So many of it are used.
    pub(super) fn take(&mut self, count: usize) {
        self.taken += count.min(self.room());
    }

    /// Nothing more of it is used.
    pub(super) fn close(&mut self) {
        self.room = self.taken;
    }
}

impl Round {
    pub(super) async fn open(
        (offices, of_all): (&[Arc<Office>], Load),
        store: &Store,
        clock: &Clock,
    ) -> anyhow::Result<Self> {
        let mut round = Self { shares: Vec::new(), of_all: usize::MAX, pause: None, is_exhausted: true };
        if let Some(office) = offices.first() {
            round.of_all = office.quota_of_all.room(store, of_all, clock).await?.most;
        }
        for office in on_duty(offices, clock.now()) {
            let load = office.load();
            let Room { most, pause } = office.quota.room(store, load, clock).await?;
            round.pause = round.pause.into_iter().chain(pause).min();
            round.is_exhausted &= most == 0;
            let room = office.room(load).min(most);
            round.shares.push(Share { office: Arc::clone(office), room, taken: 0 });
        }
        round.is_exhausted |= round.of_all == 0;
        Ok(round)
    }

    /// Whether no relay takes mail now.
    pub(super) fn is_empty(&self) -> bool {
        self.shares.is_empty()
    }

    pub(super) fn shares(&mut self) -> (&mut [Share], &mut usize) {
        (&mut self.shares, &mut self.of_all)
    }

    /// How many more all of them may be handed.
    pub(super) fn room(&self) -> usize {
        let of_relays = self.shares.iter().fold(0, |room: usize, share| room.saturating_add(share.room()));
        of_relays.min(self.of_all)
    }

    /// How many deliveries may lie on the desk for them.
    pub(super) fn capacity(&self) -> usize {
        self.shares.iter().map(|share| share.office.capacity()).sum()
    }

    /// The relay that is handed the next delivery. While all have room each comes as often as its weight says, evenly
    /// spread: it gains its weight each time, and who has most pays for all.
    pub(super) fn next(&mut self) -> Option<Arc<Office>> {
        self.of_all = self.of_all.saturating_sub(1);
        if let [only] = &mut self.shares[..] {
            only.take(1);
            return Some(Arc::clone(&only.office));
        }
        let open = || self.shares.iter().filter(|share| share.room() > 0);
        let weights: i64 = open().map(|share| share.office.weight()).sum();
        let gain = |share: &Share| {
            let weight = share.office.weight();
            share.office.credit.fetch_add(weight, Ordering::Relaxed) + weight
        };
        let credits: Vec<i64> =
            self.shares.iter().map(|share| if share.room() > 0 { gain(share) } else { i64::MIN }).collect();
        let (index, _) = credits.iter().enumerate().rev().max_by_key(|(_, credit)| **credit)?;
        let share = &mut self.shares[index];
        share.office.credit.fetch_sub(weights, Ordering::Relaxed);
        share.take(1);
        Some(Arc::clone(&share.office))
    }

    /// Counts what each was handed against its rate.
    pub(super) fn close(&self, clock: &Clock) {
        for share in &self.shares {
            share.office.quota.take(share.taken, clock);
        }
    }
}

/// Those that take mail, as far as is known. One that stands by does so only while no other is well; one that took
/// nothing the last time is tried, and is not well before it has taken something.
fn on_duty(offices: &[Arc<Office>], now: Timestamp) -> impl Iterator<Item = &Arc<Office>> {
    let is_well = |office: &&Arc<Office>| !office.is_standby() && !office.trouble.is_known();
    let needs_standby = !offices.iter().any(|office| is_well(&office));
    offices
        .iter()
        .filter(move |office| !office.trouble.is_resting(now) && (needs_standby || !office.is_standby()))
}
