//! SPF (RFC 7208): a record's terms, and what they make of an address.

mod evaluate;
mod judge;

pub use evaluate::{Evaluation, Verdict, evaluate};
pub use judge::judge;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What a record begins with.
const VERSION: &str = "v=spf1";

/// What a match means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Qualifier {
    /// `+`, or nothing: mail may come from there.
    Pass,
    /// `-`: it may not.
    Fail,
    /// `~`: it probably may not.
    SoftFail,
    /// `?`: nothing is said about it.
    Neutral,
}

/// How many leading bits of an address count, of either kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Prefix {
    v4: u8,
    v6: u8,
}

/// What an address is compared with. A domain is `None` where the term names none: then it is the record's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mechanism {
    All,
    Include(String),
    A(Option<String>, Prefix),
    Mx(Option<String>, Prefix),
    /// Asks for the name of the address; RFC 7208 §5.5 says not to publish it.
    Ptr,
    Ip4(Ipv4Addr, u8),
    Ip6(Ipv6Addr, u8),
    Exists(String),
}

/// A record, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Policy {
    directives: Vec<(Qualifier, Mechanism)>,
    redirect: Option<String>,
}

/// Whether a text is an SPF record.
pub(crate) fn is_record(text: &str) -> bool {
    let (version, rest) = text.split_at_checked(VERSION.len()).unwrap_or(("", ""));
    version.eq_ignore_ascii_case(VERSION) && (rest.is_empty() || rest.starts_with(' '))
}

/// Whether a domain of a term stands for another one in each mail (RFC 7208 §7).
pub(crate) fn has_macro(domain: &str) -> bool {
    domain.contains('%')
}

impl Policy {
    /// Reads a record. The error is the term that nobody can read: then the whole record counts for nothing.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut policy = Self::default();
        for term in text.split(' ').skip(1).filter(|term| !term.is_empty()) {
            policy.add(term).ok_or_else(|| term.to_owned())?;
        }
        Ok(policy)
    }

    fn add(&mut self, term: &str) -> Option<()> {
        if let Some((name, value)) = modifier(term) {
            if name.eq_ignore_ascii_case("redirect") {
                let is_first = self.redirect.replace(domain(value)?).is_none();
                return is_first.then_some(());
            }
            return Some(()); // exp, and whatever comes later
        }
        let (qualifier, rest) = match term.split_at_checked(1)? {
            ("+", rest) => (Qualifier::Pass, rest),
            ("-", rest) => (Qualifier::Fail, rest),
            ("~", rest) => (Qualifier::SoftFail, rest),
            ("?", rest) => (Qualifier::Neutral, rest),
            _ => (Qualifier::Pass, term),
        };
        self.directives.push((qualifier, Mechanism::parse(rest)?));
        Some(())
    }

    /// What `all` says, here.
    pub(crate) fn all(&self) -> Option<Qualifier> {
        self.directives.iter().find(|(_, what)| *what == Mechanism::All).map(|(qualifier, _)| *qualifier)
    }
}

/// `name=value`, where nothing before the `=` could be a mechanism.
fn modifier(term: &str) -> Option<(&str, &str)> {
    let (name, value) = term.split_once('=')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(is_name))
        .then_some((name, value))
}

impl Mechanism {
    fn parse(text: &str) -> Option<Self> {
        let end = text.find([':', '/']).unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        let value = rest.strip_prefix(':');
        match name.to_ascii_lowercase().as_str() {
            "all" => rest.is_empty().then_some(Self::All),
            "include" => Some(Self::Include(domain(value?)?)),
            "exists" => Some(Self::Exists(domain(value?)?)),
            "ptr" => (rest.is_empty() || domain(value?).is_some()).then_some(Self::Ptr),
            "a" => target(rest).map(|(domain, prefix)| Self::A(domain, prefix)),
            "mx" => target(rest).map(|(domain, prefix)| Self::Mx(domain, prefix)),
            "ip4" => {
                let (address, bits) = network(value?, 32)?;
                Some(Self::Ip4(address.parse().ok()?, bits))
            }
            "ip6" => {
                let (address, bits) = network(value?, 128)?;
                Some(Self::Ip6(address.parse().ok()?, bits))
            }
            _ => None,
        }
    }
}

/// `[:domain][/bits][//bits]`.
fn target(text: &str) -> Option<(Option<String>, Prefix)> {
    let (name, lengths) = match text.strip_prefix(':') {
        None => ("", text),
        Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
    };
    let (v4, v6) = match lengths.split_once("//") {
        Some((v4, v6)) => (v4, Some(v6)),
        None => (lengths, None),
    };
    let v4 = match v4.strip_prefix('/') {
        None => v4.is_empty().then_some(32)?,
        Some(bits) => length(bits, 32)?,
    };
    let v6 = v6.map_or(Some(128), |bits| length(bits, 128))?;
    let name = if text.starts_with(':') { Some(domain(name)?) } else { None };
    Some((name, Prefix { v4, v6 }))
}

fn network(text: &str, longest: u8) -> Option<(&str, u8)> {
    match text.split_once('/') {
        None => Some((text, longest)),
        Some((address, bits)) => Some((address, length(bits, longest)?)),
    }
}

fn length(text: &str, longest: u8) -> Option<u8> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    text.parse().ok().filter(|bits| is_number && *bits <= longest)
}

/// A domain, or a pattern of one.
fn domain(text: &str) -> Option<String> {
    let name = text.trim_end_matches('.').to_ascii_lowercase();
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic());
    (is_name && (has_macro(&name) || name.contains('.'))).then_some(name)
}

impl Prefix {
    /// Whether two addresses agree in the bits that count.
    fn covers(self, network: IpAddr, address: IpAddr) -> bool {
        match (network, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => covers_v4(network, self.v4, address),
            (IpAddr::V6(network), IpAddr::V6(address)) => covers_v6(network, self.v6, address),
            _ => false,
        }
    }
}

fn covers_v4(network: Ipv4Addr, bits: u8, address: Ipv4Addr) -> bool {
    let rest = 32 - u32::from(bits);
    u64::from(network.to_bits()) >> rest == u64::from(address.to_bits()) >> rest
}

fn covers_v6(network: Ipv6Addr, bits: u8, address: Ipv6Addr) -> bool {
    let rest = 128 - u32::from(bits);
    let cut = |address: Ipv6Addr| address.to_bits().checked_shr(rest).unwrap_or(0);
    cut(network) == cut(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_told_by_its_first_word() {
        for (text, expected) in [
            ("v=spf1", true),
            ("v=spf1 -all", true),
            ("V=SPF1 mx", true),
            ("v=spf10 -all", false),
            ("v=spf1-all", false),
            (" v=spf1", false),
            ("spf2.0/pra", false),
        ] {
            assert_eq!(is_record(text), expected, "{text}");
        }
    }

    #[test]
    fn a_term_that_nobody_can_read_is_named() {
        for (record, expected) in [
            ("v=spf1 mx a:mail.example.org/24//64 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all", None),
            ("v=spf1 include:%{d}.example.org exists:%{i}.x.example ~ALL", None),
            ("v=spf1  redirect=example.net exp=x.example.org unknown=1", None),
            ("v=spf1 a/0 ptr ptr:example.org ?all", None),
            ("v=spf1 ipv4:192.0.2.1 -all", Some("ipv4:192.0.2.1")),
            ("v=spf1 ip4:192.0.2.1/33", Some("ip4:192.0.2.1/33")),
            ("v=spf1 ip4:192.0.2.1/", Some("ip4:192.0.2.1/")),
            ("v=spf1 ip4:192.0.2", Some("ip4:192.0.2")),
            ("v=spf1 include", Some("include")),
            ("v=spf1 include: -all", Some("include:")),
            ("v=spf1 a:", Some("a:")),
            ("v=spf1 all:x", Some("all:x")),
            ("v=spf1 -", Some("-")),
            ("v=spf1 redirect=a.example redirect=b.example", Some("redirect=b.example")),
            ("v=spf1 192.0.2.1", Some("192.0.2.1")),
        ] {
            assert_eq!(Policy::parse(record).err().as_deref(), expected, "{record}");
        }
    }

    #[test]
    fn an_address_is_in_a_network_of_its_own_kind() {
        let prefix = |v4, v6| Prefix { v4, v6 };
        for (bits, network, address, expected) in [
            (prefix(32, 128), "192.0.2.1", "192.0.2.1", true),
            (prefix(32, 128), "192.0.2.1", "192.0.2.2", false),
            (prefix(24, 128), "192.0.2.1", "192.0.2.200", true),
            (prefix(0, 128), "192.0.2.1", "10.0.0.1", true),
            (prefix(0, 0), "192.0.2.1", "2001:db8::1", false),
            (prefix(0, 64), "2001:db8::1", "2001:db8::2:3", true),
            (prefix(0, 0), "::1", "2001:db8::1", true),
            (prefix(0, 65), "2001:db8::1", "2001:db8:0:0:8000::1", false),
        ] {
            let (network, address) = (network.parse().unwrap(), address.parse().unwrap());
            assert_eq!(bits.covers(network, address), expected, "{network} {address}");
        }
    }
}
