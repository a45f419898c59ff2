//! Mailbox providers: who takes the mail of many subscribers, and how much of it at a time.

use super::rate::Rate;

/// The row of a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(transparent)]
pub struct ProviderId(pub i64);

impl ProviderId {
    /// No provider that is known by name: each domain is one of its own.
    pub const NONE: Self = Self(0);
}

/// A mailbox provider, and what it is given at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// Its name, for the log and for who asks.
    pub name: String,
    /// The domains whose mail it takes, as A-labels in lower case.
    pub domains: Vec<String>,
    /// On how many connections to the relay its messages are handed over at once, at most.
    pub connections: Option<usize>,
    /// How many messages go to it in some time, at most.
    pub rate: Option<Rate>,
}
