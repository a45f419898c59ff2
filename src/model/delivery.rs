//! Deliveries: one edition to one subscriber. States and rules are in `docs/delivery.md`.

use std::time::Duration;

use serde::Serialize;

use super::time::Timestamp;

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Waits for its turn.
    Queued,
    /// Claimed by a sender; no byte of its content has left.
    Leased,
    /// Its marker is on disk: from here on the relay may have accepted it.
    Sending,
    /// The relay said 2yz after the final dot.
    Sent,
    /// The relay put it off; it is tried again when due.
    Deferred,
    /// The relay refused it for good; its words are kept.
    Failed,
    /// The final reply was not seen: it may have been sent. Waits for its turn again, or for an operator.
    Uncertain,
    /// Not sent, because the subscriber left, is suppressed, or the edition was cancelled.
    Cancelled,
    /// Not sent within the edition's age limit.
    Expired,
}

impl DeliveryState {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Leased => "leased",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Deferred => "deferred",
            Self::Failed => "failed",
            Self::Uncertain => "uncertain",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }
}

/// What the relay made of one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 2yz after the final dot.
    Accepted,
    /// 4yz, or trouble before the final dot.
    Deferred,
    /// 5yz.
    Refused,
    /// No reply after the final dot.
    Unknown,
}

/// What becomes of a delivery whose final reply was not seen, so that nobody knows whether it was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UncertainPolicy {
    /// It is sent again, with the same Message-ID: nobody misses it, somebody may have it twice.
    #[default]
    Retry,
    /// It waits for the operator.
    Hold,
    /// It counts as sent: nobody has it twice, somebody may miss it.
    AssumeSent,
}

/// When a delivery that was put off is tried again.
#[derive(Clone, Debug)]
pub struct RetryPolicy {
    /// The wait after the first, second, … attempt; the last one holds for all that follow.
    pub delays: Vec<Duration>,
    /// How long after its tick an edition is still sent, unless an operator says otherwise.
    pub age_limit: Duration,
}

/// What follows from an attempt that was put off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Next {
    /// Try again at this moment.
    RetryAt(Timestamp),
    /// The edition is too old before the next attempt.
    Expire,
}

impl Default for RetryPolicy {
    /// 5, 15, 30, 60, then 120 minutes, for a day.
    fn default() -> Self {
        let delays = [5, 15, 30, 60, 120].map(|minutes| Duration::from_secs(minutes * 60)).to_vec();
        Self { delays, age_limit: Duration::from_hours(24) }
    }
}

impl RetryPolicy {
    /// When to try again after attempt number `attempt` (from 1) of an edition that is sent until `end`.
    pub fn next(&self, attempt: u32, end: Timestamp, now: Timestamp) -> Next {
        let index = (attempt.max(1) as usize - 1).min(self.delays.len().saturating_sub(1));
        let due = now + self.delays.get(index).copied().unwrap_or(Duration::from_mins(5));
        if due > end { Next::Expire } else { Next::RetryAt(due) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_that_was_put_off_is_repeated_with_growing_delays_within_the_age_limit() {
        let tick = Timestamp::from_unix(1_000_000);
        let policy = RetryPolicy::default();
        let end = tick + policy.age_limit;
        for (attempt, minutes) in [(1, 5), (2, 15), (3, 30), (4, 60), (5, 120), (9, 120)] {
            assert_eq!(
                policy.next(attempt, end, tick),
                Next::RetryAt(tick + Duration::from_secs(minutes * 60))
            );
        }
        assert_eq!(policy.next(5, end, tick + Duration::from_hours(23)), Next::Expire);
    }
}
