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
    /// The ends of the names of the servers that take its mail, in the same form: `google.com` is of all under it. A domain
    /// that is none of `domains` and whose MX is one of these servers is the provider's too, where that is looked up.
    pub servers: Vec<String>,
    /// On how many connections to the relay its messages are handed over at once, at most.
    pub connections: Option<usize>,
    /// How many messages go to it in some time, at most.
    pub rate: Option<Rate>,
}

/// A host's name and the names above it, the longest first: `a.b.example`, `b.example`, `example`.
pub fn names_above(host: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(host), |name| name.split_once('.').map(|(_, above)| above))
        .filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_has_its_own_name_and_those_above_it() {
        for (host, expected) in [
            ("mx.a.example", &["mx.a.example", "a.example", "example"][..]),
            ("localhost", &["localhost"]),
            ("", &[]),
        ] {
            assert_eq!(names_above(host).collect::<Vec<_>>(), expected, "{host}");
        }
    }
}
