//! Which addresses are taken at sign-up, of those to which mail could be sent.

use std::collections::HashSet;
use std::sync::Arc;

use super::subscriber::EmailAddress;

/// Which addresses an operator does not take. By default all are taken.
#[derive(Clone, Debug, Default)]
pub struct Vetting {
    /// Whether addresses of functions (`info@`) are refused.
    pub refuses_roles: bool,
    /// The domains of disposable mailboxes that are refused, in lower case; what is below one is refused too.
    pub disposable: Arc<HashSet<Box<str>>>,
}

/// Why an address is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unwanted {
    /// Its mailbox is a disposable one.
    Disposable,
    /// It is of a function and not of a person.
    Role,
}

impl Vetting {
    /// Why this address is not taken, if it is not.
    pub fn objection(&self, address: &EmailAddress) -> Option<Unwanted> {
        if self.is_disposable(address.domain()) {
            return Some(Unwanted::Disposable);
        }
        (self.refuses_roles && address.is_role()).then_some(Unwanted::Role)
    }

    fn is_disposable(&self, domain: &str) -> bool {
        let parents = domain.match_indices('.').map(|(dot, _)| &domain[dot + 1..]);
        std::iter::once(domain).chain(parents).any(|name| self.disposable.contains(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_below_a_listed_domain_is_listed() {
        let disposable = Arc::new(HashSet::from(["throwaway.example".into()]));
        let vetting = Vetting { refuses_roles: true, disposable };
        for (address, expected) in [
            ("ada@throwaway.example", Some(Unwanted::Disposable)),
            ("ada@a.b.Throwaway.Example", Some(Unwanted::Disposable)),
            ("info@throwaway.example", Some(Unwanted::Disposable)),
            ("info@example.org", Some(Unwanted::Role)),
            ("ada@notthrowaway.example", None),
            ("ada@example", None),
        ] {
            let found = address.parse().ok().and_then(|address| vetting.objection(&address));
            assert_eq!(found, expected, "{address}");
            let taken = address.parse().ok().and_then(|address| Vetting::default().objection(&address));
            assert_eq!(taken, None);
        }
    }
}
