//! Editions: dated instances of a newsletter.

use std::fmt;

use serde::Serialize;

/// The row of an edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type, Serialize)]
#[sqlx(transparent)]
#[serde(transparent)]
pub struct EditionId(pub i64);

impl fmt::Display for EditionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Where the sending of an edition stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum EditionState {
    /// Its deliveries are handed to the relay as they become due.
    Sending,
    /// The operator, or the program in doubt, has stopped it; it goes on when an operator says so.
    Paused,
    /// It grew too old while deliveries waited that were never tried; an operator says what becomes of them.
    Stale,
    /// Every delivery has ended.
    Done,
    /// The operator ended it; what was not yet sent never is.
    Cancelled,
}

impl EditionState {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Paused => "paused",
            Self::Stale => "stale",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
        }
    }
}
