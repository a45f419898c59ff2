//! Subscribers, and how their addresses are written.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

/// The row of a subscriber.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type, Serialize)]
#[sqlx(transparent)]
#[serde(transparent)]
pub struct SubscriberId(pub i64);

/// The row of a reader's own feed of a private newsletter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(transparent)]
pub struct PrivateFeedId(pub i64);

/// The row of a change of address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub struct AddressChangeId(pub i64);

/// An address we may send to. Its domain is in lower case; its local part is as the subscriber wrote it.
///
/// Neither `Display` nor an unmasked `Debug`, so that it reaches a log only by an explicit [`EmailAddress::as_str`].
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress(String);

/// Text that is not an address we can send to.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an email address")]
pub struct InvalidEmail;

impl EmailAddress {
    /// The whole address, `local@domain`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two spellings of one mailbox share: the whole in lower case.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }

    /// The part after the last `@`, in lower case.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

impl FromStr for EmailAddress {
    type Err = InvalidEmail;

    fn from_str(text: &str) -> Result<Self, InvalidEmail> {
        let text = text.trim();
        if text.len() > 254 || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(InvalidEmail);
        }
        let address: lettre::Address = text.parse().map_err(|_| InvalidEmail)?;
        if address.user().len() > 64 || !address.domain().contains('.') && address.domain() != "localhost" {
            return Err(InvalidEmail);
        }
        Ok(Self(format!("{}@{}", address.user(), address.domain().to_lowercase())))
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = InvalidEmail;

    fn try_from(text: String) -> Result<Self, InvalidEmail> {
        text.parse()
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (local, domain) = self.0.rsplit_once('@').unwrap_or_default();
        write!(f, "{}***@{domain}", local.chars().next().unwrap_or('?'))
    }
}

/// Where a subscription stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum SubscriptionState {
    /// Asked for, not yet confirmed; nothing but the confirmation is mailed.
    Pending,
    /// Confirmed: editions go to it.
    Active,
    /// Left, or ended by a bounce or complaint; only the reader can begin it again.
    Ended,
}

impl SubscriptionState {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Ended => "ended",
        }
    }
}
