//! Why an address is never mailed.

use serde::Serialize;

/// Why an address is never mailed, whatever it subscribes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum SuppressionReason {
    /// The relay or a report said that there is no such mailbox.
    HardBounce,
    /// Digest after digest came back, for weeks: it is full or closed.
    SoftBounces,
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
            Self::SoftBounces => "bounces for weeks",
            Self::Complaint => "a complaint",
            Self::Operator => "the operator",
            Self::Forgotten => "a wish to be forgotten",
        }
    }

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HardBounce => "hard_bounce",
            Self::SoftBounces => "soft_bounces",
            Self::Complaint => "complaint",
            Self::Operator => "operator",
            Self::Forgotten => "forgotten",
        }
    }

    /// What another program's word for it means; the operator answers for what it does not say.
    pub fn named(word: &str) -> Self {
        let word = word.to_lowercase();
        let has = |parts: &[&str]| parts.iter().any(|part| word.contains(part));
        match word.as_str() {
            _ if has(&["soft", "quota", "full"]) => Self::SoftBounces,
            _ if has(&["bounce", "invalid", "undeliverable", "unknown"]) => Self::HardBounce,
            _ if has(&["complain", "spam", "abuse", "feedback"]) => Self::Complaint,
            _ => Self::Operator,
        }
    }
}
