//! Trouble with the relay itself: deliveries wait, and the log is not flooded.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::mail::reply::Reply;
use crate::model::time::Timestamp;

/// The pauses between two tries at a relay that takes no mail, from the first to the last.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_mins(1));

/// How often a lasting trouble is logged.
const LOG_EVERY: Duration = Duration::from_mins(1);

/// What is known of the relay's troubles.
#[derive(Debug)]
pub(super) struct Trouble {
    relay: String,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// When it was tried last, and how long it is left alone since.
    rest: Option<(Timestamp, Duration)>,
    pause: Duration,
    logged_at: Option<Timestamp>,
}

impl Trouble {
    /// No trouble with the relay of this name.
    pub(super) fn new(relay: String) -> Self {
        Self { relay, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the relay is left alone for now.
    pub(super) fn is_resting(&self, now: Timestamp) -> bool {
        self.state().is_resting(now)
    }

    /// Whether it took nothing the last time; while that is so one message at a time finds out whether it does.
    pub(super) fn is_known(&self) -> bool {
        self.state().rest.is_some()
    }

    /// The relay took nothing; it is left alone for a growing while, or as long as it asks.
    pub(super) fn note(&self, reply: &Reply, now: Timestamp) {
        let mut state = self.state();
        if state.is_resting(now) {
            return;
        }
        state.pause = (state.pause * 2).clamp(PAUSES.0, PAUSES.1);
        let pause = reply.hint().unwrap_or_default().max(state.pause);
        state.rest = Some((now, pause));
        if state.logged_at.is_none_or(|logged| now.since(logged) >= LOG_EVERY || now < logged) {
            state.logged_at = Some(now);
            tracing::error!(
                relay = self.relay, reply = %reply, pause_s = pause.as_secs(),
                "The relay takes no mail; deliveries wait, and it is tried again"
            );
        }
    }

    /// The relay answers.
    pub(super) fn end(&self) {
        let mut state = self.state();
        if state.logged_at.is_some() {
            tracing::info!(relay = self.relay, "The relay takes mail again");
        }
        *state = State::default();
    }
}

impl State {
    /// A clock that was set back since ends the rest.
    fn is_resting(&self, now: Timestamp) -> bool {
        self.rest.is_some_and(|(since, pause)| now >= since && now.since(since) < pause)
    }
}
