//! Editions: dated instances of a newsletter.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use super::shape::GroupId;

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

/// The number of an edition within its newsletter: `12`, or `3.12` for the twelfth of group 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EditionNumber {
    /// Whose it is; of no group: the newsletter's own.
    pub group: GroupId,
    /// From 1.
    pub number: i64,
}

/// Text that is no [`EditionNumber`].
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a number of an edition, such as 12")]
pub struct InvalidEditionNumber;

impl EditionNumber {
    /// That of a newsletter's own edition.
    pub const fn own(number: i64) -> Self {
        Self { group: GroupId::NONE, number }
    }
}

impl fmt::Display for EditionNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.group.is_some() {
            write!(f, "{}.", self.group.0)?;
        }
        self.number.fmt(f)
    }
}

impl FromStr for EditionNumber {
    type Err = InvalidEditionNumber;

    fn from_str(text: &str) -> Result<Self, InvalidEditionNumber> {
        let parse = |text: &str| text.parse().map_err(|_| InvalidEditionNumber);
        match text.split_once('.') {
            Some((group, number)) => Ok(Self { group: GroupId(parse(group)?), number: parse(number)? }),
            None => Ok(Self::own(parse(text)?)),
        }
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
