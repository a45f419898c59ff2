//! What a receiver makes of a domain's SPF record (RFC 7208 §4), as far as it can be told without a mail.

use std::net::IpAddr;

use super::{Mechanism, Policy, Prefix, Qualifier, covers_v4, covers_v6, has_macro, is_record};
use crate::model::dns::{Kind, Known, Missing};

/// How many terms may ask the DNS (RFC 7208 §4.6.4).
pub const MOST_LOOKUPS: usize = 10;

/// How many questions may have no answer, and how many servers of an `mx` are asked for (the same).
const MOST_VOIDS: usize = 2;
const MOST_EXCHANGES: usize = 10;

/// What a receiver makes of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Mail may come from there.
    Pass,
    /// It may not.
    Fail,
    /// It probably may not.
    SoftFail,
    /// Nothing is said about it.
    Neutral,
    /// There is no record.
    None,
    /// The record counts for nothing, and why.
    Permanent(String),
    /// The DNS did not answer, and why.
    Temporary(String),
}

/// What came out, and on which way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluation {
    /// What a receiver makes of it.
    pub verdict: Verdict,
    /// How many terms asked the DNS.
    pub lookups: usize,
    /// Terms that cannot be judged without a mail, because their domain is another one for each.
    pub unjudged: Vec<String>,
}

/// What a domain's record says about an address; without one the whole record is walked through, as for an address
/// that nothing in it matches.
///
/// # Errors
/// The question that has to be asked first.
pub fn evaluate(known: &Known, domain: &str, address: Option<IpAddr>) -> Result<Evaluation, Missing> {
    let mut walk = Walk { known, address, lookups: 0, voids: 0, unjudged: Vec::new() };
    let verdict = match walk.check(domain) {
        Ok(verdict) => verdict,
        Err(Stop::Permanent(why)) => Verdict::Permanent(why),
        Err(Stop::Missing(Missing::Failed { question, why })) => {
            Verdict::Temporary(format!("{question}: {why}"))
        }
        Err(Stop::Missing(unasked)) => return Err(unasked),
    };
    Ok(Evaluation { verdict, lookups: walk.lookups, unjudged: walk.unjudged })
}

/// What ends a walk before its end.
enum Stop {
    Missing(Missing),
    Permanent(String),
}

impl From<Missing> for Stop {
    fn from(missing: Missing) -> Self {
        Self::Missing(missing)
    }
}

struct Walk<'k> {
    known: &'k Known,
    address: Option<IpAddr>,
    lookups: usize,
    voids: usize,
    unjudged: Vec<String>,
}

impl Walk<'_> {
    fn check(&mut self, domain: &str) -> Result<Verdict, Stop> {
        let texts = self.known.texts(domain)?;
        let records: Vec<&str> = texts.into_iter().filter(|text| is_record(text)).collect();
        let record = match records[..] {
            [] => return Ok(Verdict::None),
            [record] => record,
            _ => {
                let count = records.len();
                return Err(Stop::Permanent(format!("{domain} has {count} SPF records, and may have one")));
            }
        };
        let policy = Policy::parse(record).map_err(|term| {
            Stop::Permanent(format!("nobody can read {term:?} in the SPF record of {domain}"))
        })?;
        for (qualifier, mechanism) in &policy.directives {
            if self.matches(domain, mechanism)? {
                return Ok(Verdict::of(*qualifier));
            }
        }
        match policy.redirect.filter(|_| policy.directives.iter().all(|(_, one)| *one != Mechanism::All)) {
            Some(other) => self.redirect(&other),
            None => Ok(Verdict::Neutral),
        }
    }

    fn redirect(&mut self, other: &str) -> Result<Verdict, Stop> {
        self.count()?;
        if has_macro(other) {
            self.unjudged.push(format!("redirect={other}"));
            return Ok(Verdict::Neutral);
        }
        match self.check(other)? {
            Verdict::None => Err(Stop::Permanent(format!("redirect={other}: {other} has no SPF record"))),
            verdict => Ok(verdict),
        }
    }

    fn matches(&mut self, own: &str, mechanism: &Mechanism) -> Result<bool, Stop> {
        match mechanism {
            Mechanism::All => Ok(true),
            Mechanism::Ip4(network, bits) => Ok(match self.address {
                Some(IpAddr::V4(address)) => covers_v4(*network, *bits, address),
                _ => false,
            }),
            Mechanism::Ip6(network, bits) => Ok(match self.address {
                Some(IpAddr::V6(address)) => covers_v6(*network, *bits, address),
                _ => false,
            }),
            Mechanism::Include(other) => self.includes(other),
            Mechanism::A(domain, prefix) => {
                self.count()?;
                let domain = domain.as_deref().unwrap_or(own);
                if self.is_unjudged("a", domain) { Ok(false) } else { self.is_at(domain, *prefix) }
            }
            Mechanism::Mx(domain, prefix) => {
                self.count()?;
                let domain = domain.as_deref().unwrap_or(own);
                if self.is_unjudged("mx", domain) { Ok(false) } else { self.is_exchange(domain, *prefix) }
            }
            Mechanism::Exists(domain) => {
                self.count()?;
                if self.is_unjudged("exists", domain) {
                    return Ok(false);
                }
                let is_there = !self.known.records(domain, Kind::A)?.is_empty();
                self.note_void(domain, is_there)?;
                Ok(is_there)
            }
            Mechanism::Ptr => {
                self.count()?;
                self.unjudged.push("ptr".to_owned());
                Ok(false)
            }
        }
    }

    fn includes(&mut self, other: &str) -> Result<bool, Stop> {
        self.count()?;
        if self.is_unjudged("include", other) {
            return Ok(false);
        }
        match self.check(other)? {
            Verdict::Pass => Ok(self.address.is_some()),
            Verdict::None => Err(Stop::Permanent(format!("include:{other}: {other} has no SPF record"))),
            _ => Ok(false),
        }
    }

    fn is_exchange(&mut self, domain: &str, prefix: Prefix) -> Result<bool, Stop> {
        let hosts = self.known.exchanges(domain)?;
        self.note_void(domain, !hosts.is_empty())?;
        if hosts.len() > MOST_EXCHANGES {
            let count = hosts.len();
            return Err(Stop::Permanent(format!(
                "mx:{domain} has {count} servers, and SPF allows {MOST_EXCHANGES}"
            )));
        }
        let mut is_found = false;
        for host in hosts.into_iter().filter(|host| !host.is_empty()) {
            is_found |= self.is_at(host, prefix)?;
        }
        Ok(is_found)
    }

    fn is_at(&mut self, host: &str, prefix: Prefix) -> Result<bool, Stop> {
        let addresses = match self.address {
            None => self.known.addresses(host)?,
            Some(address) => self.known.addresses_of(host, Kind::of(address))?,
        };
        self.note_void(host, !addresses.is_empty())?;
        let Some(address) = self.address else { return Ok(false) };
        Ok(addresses.into_iter().any(|network| prefix.covers(network, address)))
    }

    fn count(&mut self) -> Result<(), Stop> {
        self.lookups += 1;
        if self.lookups > MOST_LOOKUPS {
            return Err(Stop::Permanent(format!(
                "it takes more than {MOST_LOOKUPS} lookups (include, a, mx, exists, redirect), and receivers stop there"
            )));
        }
        Ok(())
    }

    fn note_void(&mut self, name: &str, is_answered: bool) -> Result<(), Stop> {
        self.voids += usize::from(!is_answered);
        if self.voids > MOST_VOIDS {
            return Err(Stop::Permanent(format!(
                "more than {MOST_VOIDS} names in it are nowhere, the last of them {name}, and receivers stop there"
            )));
        }
        Ok(())
    }

    fn is_unjudged(&mut self, term: &str, domain: &str) -> bool {
        let is_unjudged = has_macro(domain);
        if is_unjudged {
            self.unjudged.push(format!("{term}:{domain}"));
        }
        is_unjudged
    }
}

impl Verdict {
    const fn of(qualifier: Qualifier) -> Self {
        match qualifier {
            Qualifier::Pass => Self::Pass,
            Qualifier::Fail => Self::Fail,
            Qualifier::SoftFail => Self::SoftFail,
            Qualifier::Neutral => Self::Neutral,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::doctor::tests::known;

    const ZONE: &str = "
        example.org TXT v=spf1 ip4:192.0.2.0/24 include:_spf.provider.example a:mail.example.org mx -all
        example.org MX mx.example.org
        mx.example.org A 198.51.100.25
        mx.example.org AAAA 2001:db8::25
        mail.example.org A 198.51.100.1
        mail.example.org AAAA -
        _spf.provider.example TXT v=spf1 ip4:203.0.113.0/28 ip6:2001:db8:1::/48 ?all
        moved.example TXT v=spf1 redirect=example.org
        lost.example TXT v=spf1 redirect=nowhere.example
        holed.example TXT v=spf1 include:nowhere.example -all
        nowhere.example TXT -
        two.example TXT v=spf1 -all
        two.example TXT v=spf1 mx -all
        odd.example TXT v=spf1 ipv4:192.0.2.1 -all
        open.example TXT v=spf1
        soft.example TXT v=spf1 ~all
        loop.example TXT v=spf1 include:loop.example -all
        void.example TXT v=spf1 exists:n1.example exists:n2.example exists:n3.example -all
        n1.example A -
        n2.example A -
        n3.example A -
        macro.example TXT v=spf1 exists:%{i}.example ptr ip4:192.0.2.1 -all
        broken.example TXT v=spf1 include:servfail.example -all
        servfail.example TXT !SERVFAIL
    ";

    fn verdict(domain: &str, address: &str) -> Verdict {
        evaluate(&known(ZONE), domain, Some(address.parse().unwrap())).unwrap().verdict
    }

    #[test]
    fn an_address_is_judged_by_the_first_term_that_matches() {
        for (domain, address, expected) in [
            ("example.org", "192.0.2.77", Verdict::Pass),
            ("example.org", "203.0.113.9", Verdict::Pass),
            ("example.org", "203.0.113.99", Verdict::Fail),
            ("example.org", "2001:db8:1::5", Verdict::Pass),
            ("example.org", "198.51.100.1", Verdict::Pass),
            ("example.org", "198.51.100.25", Verdict::Pass),
            ("example.org", "2001:db8::25", Verdict::Pass),
            ("moved.example", "192.0.2.1", Verdict::Pass),
            ("moved.example", "10.0.0.1", Verdict::Fail),
            ("soft.example", "192.0.2.1", Verdict::SoftFail),
            ("open.example", "192.0.2.1", Verdict::Neutral),
            ("nowhere.example", "192.0.2.1", Verdict::None),
            ("macro.example", "192.0.2.1", Verdict::Pass),
        ] {
            assert_eq!(verdict(domain, address), expected, "{domain} {address}");
        }
    }

    #[test]
    fn a_record_that_counts_for_nothing_says_why() {
        for (domain, words) in [
            ("lost.example", "nowhere.example has no SPF record"),
            ("holed.example", "nowhere.example has no SPF record"),
            ("two.example", "has 2 SPF records"),
            ("odd.example", "\"ipv4:192.0.2.1\""),
            ("loop.example", "more than 10 lookups"),
            ("void.example", "n3.example"),
        ] {
            let Verdict::Permanent(why) = verdict(domain, "10.0.0.1") else { panic!("{domain}") };
            assert!(why.contains(words), "{domain}: {why}");
        }
        let Verdict::Temporary(why) = verdict("broken.example", "10.0.0.1") else { panic!() };
        assert_eq!(why, "TXT servfail.example: SERVFAIL");
    }

    #[test]
    fn without_an_address_the_whole_record_is_walked_through() {
        let evaluation = evaluate(&known(ZONE), "example.org", None).unwrap();
        assert_eq!((evaluation.verdict, evaluation.lookups), (Verdict::Fail, 3));
        let unjudged = evaluate(&known(ZONE), "macro.example", None).unwrap().unjudged;
        assert_eq!(unjudged, ["exists:%{i}.example", "ptr"]);
    }

    #[test]
    fn what_is_not_known_is_asked_for() {
        let missing = evaluate(&Known::default(), "example.org", None).unwrap_err();
        assert!(matches!(missing, Missing::Unasked(question) if question.to_string() == "TXT example.org"));
    }
}
