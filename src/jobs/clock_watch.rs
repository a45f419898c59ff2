//! Whether the clock can be believed: a tick is published by what it says.

use std::sync::{Mutex, PoisonError};

use crate::model::schedule::{ClockGuard, ClockReading};
use crate::model::time::{Clock, Timestamp};
use crate::store::Store;

/// Watches the clock. While it cannot be believed, nothing goes out by itself until an operator has confirmed it
/// or it is put right.
pub(super) struct ClockWatch {
    clock: Clock,
    state: Mutex<WatchState>,
}

struct WatchState {
    guard: ClockGuard,
    is_reported: bool,
    seen: Timestamp,
}

/// How often the time is kept for the next start, in seconds: each time is a write to the disk.
const KEEP_SEEN_EVERY: u64 = 60;

impl ClockWatch {
    /// A watch that knows what was seen before this start.
    pub(super) async fn new(store: &Store, clock: Clock) -> anyhow::Result<Self> {
        let was_suspect = store.find_clock_suspicion().await?.is_some();
        let guard = ClockGuard::new(store.find_last_seen().await?, was_suspect);
        let state = WatchState { guard, is_reported: false, seen: Timestamp::from_unix(0) };
        Ok(Self { clock, state: Mutex::new(state) })
    }

    /// Whether what the clock says may be acted upon.
    pub(super) async fn is_believable(&self, store: &Store, now: Timestamp) -> anyhow::Result<bool> {
        let reading = ClockReading { wall: now, running: self.clock.running() };
        let suspicion = store.find_clock_suspicion().await?;
        let is_confirmed = self.with(|state| std::mem::take(&mut state.is_reported)) && suspicion.is_none();
        if is_confirmed {
            self.with(|state| state.guard.trust(reading));
        }
        if let Err(suspect) = self.with(|state| state.guard.check(reading)) {
            let why = suspect.to_string();
            if suspicion.is_none() {
                tracing::error!(
                    "Editions are held: {why}. Put the clock right, or say that it is with `courant clock confirm`"
                );
                store.record_clock_suspicion(Some(&why)).await?;
            }
            self.with(|state| state.is_reported = true);
            return Ok(false);
        }
        if suspicion.is_some() {
            tracing::info!("The clock is believed again; editions go out");
            store.record_clock_suspicion(None).await?;
        }
        self.keep_seen(store, now).await?;
        Ok(true)
    }

    async fn keep_seen(&self, store: &Store, now: Timestamp) -> anyhow::Result<()> {
        let is_due = self.with(|state| now.since(state.seen).as_secs() >= KEEP_SEEN_EVERY);
        if is_due {
            store.record_last_seen(now).await?;
            self.with(|state| state.seen = now);
        }
        Ok(())
    }

    fn with<T>(&self, act: impl FnOnce(&mut WatchState) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
