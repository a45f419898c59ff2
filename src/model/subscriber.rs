//! Subscribers, and how their addresses are written.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use url::Host;

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

/// Domains at which dots before the `@` say nothing, each with the name under which they are counted.
const DOTLESS: [(&str, &str); 6] = [
    ("gmail.com", "gmail.com"),
    ("googlemail.com", "gmail.com"),
    ("pm.me", "proton.me"),
    ("proton.me", "proton.me"),
    ("protonmail.com", "proton.me"),
    ("protonmail.ch", "proton.me"),
];

/// Names of functions rather than people: those of RFC 2142, and what programs send from.
const ROLES: [&str; 22] = [
    "abuse",
    "admin",
    "administrator",
    "ftp",
    "hostmaster",
    "info",
    "mailer-daemon",
    "marketing",
    "news",
    "no-reply",
    "noc",
    "noreply",
    "postmaster",
    "root",
    "sales",
    "security",
    "support",
    "usenet",
    "uucp",
    "webmaster",
    "www",
    "list-request",
];

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

    /// What spellings share that lead to one mailbox, as far as is known: without `+tag`, and without dots where the provider
    /// ignores them. For counting alone: who is a subscriber goes by [`EmailAddress::key`].
    pub fn mailbox(&self) -> String {
        let key = self.key();
        let (local, domain) = key.rsplit_once('@').unwrap_or_default();
        let bare = local.split_once('+').map_or(local, |(bare, _)| bare);
        match DOTLESS.iter().find(|(own, _)| *own == domain) {
            Some((_, name)) => format!("{}@{name}", bare.replace('.', "")),
            // A domain is the same in letters of its own and in ASCII.
            None => Host::parse(domain)
                .map_or_else(|_| format!("{bare}@{domain}"), |domain| format!("{bare}@{domain}")),
        }
    }

    /// Whether it names a function, such as `postmaster`, and not a person.
    pub fn is_role(&self) -> bool {
        let mailbox = self.mailbox();
        mailbox.rsplit_once('@').is_some_and(|(local, _)| ROLES.contains(&local))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> EmailAddress {
        text.parse().unwrap()
    }

    #[test]
    fn spellings_of_one_mailbox_are_counted_together_and_stay_apart() {
        for (one, other, is_same) in [
            ("ada@example.org", "Ada+1@Example.org", true),
            ("ada+a+b@example.org", "ada+c@example.org", true),
            ("a.d.a@gmail.com", "ada+x@googlemail.com", true),
            ("a.d.a@pm.me", "ada@protonmail.com", true),
            ("cy@müller.example", "cy@xn--mller-kva.example", true),
            ("a.da@example.org", "ada@example.org", false),
            ("ada@example.org", "ada@example.net", false),
            ("ada-1@example.org", "ada@example.org", false),
        ] {
            let (one, other) = (address(one), address(other));
            assert_eq!(one.mailbox() == other.mailbox(), is_same, "{one:?} {other:?}");
            assert_ne!(one.key(), other.key());
        }
    }

    #[test]
    fn a_function_is_told_from_a_person() {
        for (text, is_role) in [
            ("Postmaster@example.org", true),
            ("info+news@example.org", true),
            ("no-reply@example.org", true),
            ("information@example.org", false),
            ("abuse.smith@example.org", false),
        ] {
            assert_eq!(address(text).is_role(), is_role, "{text}");
        }
    }
}
