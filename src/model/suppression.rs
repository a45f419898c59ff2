//! Why an address is never mailed.

use serde::Serialize;

/// Why an address is never mailed, whatever it subscribes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum SuppressionReason {
    /// The relay or a report said that there is no such mailbox.
    HardBounce,
    /// Its owner reported a digest as spam.
    Complaint,
    /// The operator put it there.
    Operator,
    /// Its owner asked to be forgotten; only a keyed hash is left.
    Forgotten,
}

impl SuppressionReason {
    /// In words, as what ended a subscription.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::HardBounce => "a hard bounce",
            Self::Complaint => "a complaint",
            Self::Operator => "the operator",
            Self::Forgotten => "a wish to be forgotten",
        }
    }
}
