//! Which addresses the fetcher may speak to: public ones, unless the operator says otherwise.
//!
//! reqwest never asks a resolver about an address written as a literal, so there are two checks: of each URL before
//! it is requested, redirects included, and of each answer of the DNS. What was checked is what is connected to.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// What the fetcher takes the Internet to be.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// Where names become addresses.
    pub names: Names,
    /// Addresses that it may speak to although they are not public.
    pub trusted: Vec<IpAddr>,
}

/// Where names become addresses.
#[derive(Clone, Debug, Default)]
pub enum Names {
    /// The system's resolver.
    #[default]
    System,
    /// These, and no other.
    Fixed(Arc<HashMap<String, Vec<IpAddr>>>),
}

/// A name or literal that stands for an address that is not public.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not a public address")]
pub(super) struct NotPublic(pub IpAddr);

/// A name that stands for nothing.
#[derive(Debug, thiserror::Error)]
#[error("no address for this name")]
struct NoAddress;

impl Network {
    /// Refuses a URL whose host is a literal that is not public. Names are checked when they are resolved.
    pub(super) fn check_literal(&self, url: &Url) -> Result<(), NotPublic> {
        let address = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            Some(Host::Domain(_)) | None => return Ok(()),
        };
        if self.may_be_spoken_to(address) { Ok(()) } else { Err(NotPublic(address)) }
    }

    fn may_be_spoken_to(&self, address: IpAddr) -> bool {
        is_public(address) || self.trusted.contains(&address)
    }
}

/// Resolves names; a guarded one gives out only addresses that may be spoken to.
#[derive(Clone, Debug)]
pub(super) struct Resolver {
    pub network: Network,
    pub allow_private: bool,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = self.clone();
        Box::pin(async move {
            let found = resolver.network.names.look_up(name.as_str()).await?;
            let allowed: Vec<SocketAddr> = found
                .iter()
                .filter(|address| resolver.allow_private || resolver.network.may_be_spoken_to(**address))
                .map(|address| SocketAddr::new(*address, 0))
                .collect();
            match (allowed.is_empty(), found.first()) {
                (false, _) => Ok(Box::new(allowed.into_iter()) as Addrs),
                (true, Some(address)) => Err(NotPublic(*address).into()),
                (true, None) => Err(NoAddress.into()),
            }
        })
    }
}

impl Names {
    async fn look_up(&self, name: &str) -> std::io::Result<Vec<IpAddr>> {
        match self {
            Self::System => Ok(tokio::net::lookup_host((name, 0)).await?.map(|found| found.ip()).collect()),
            Self::Fixed(names) => Ok(names.get(name).cloned().unwrap_or_default()),
        }
    }
}

/// Whether an address is one of the public Internet's (the registries of RFC 6890), whatever it is wrapped in.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match embedded_v4(address) {
            Some(inner) => is_public_v4(inner),
            None => is_public_v6(address),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = a == 0
        || a >= 240
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b));
    !is_special
}

/// What of IPv6 is handed out as global unicast is `2000::/3`; within it, what is kept for protocols and documents.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let is_global = first & 0xe000 == 0x2000;
    let is_reserved = match first {
        0x2001 => second < 0x0200 || second == 0x0db8,
        _ => first == 0x3fff,
    };
    is_global && !is_reserved
}

/// The IPv4 address inside a mapped, compatible, NAT64 (RFC 6052) or 6to4 (RFC 3056) one.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [s0, s1, s2, s3, s4, s5, s6, s7] = address.segments();
    let of = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Some(Ipv4Addr::new(a, b, c, d))
    };
    match (s0, s1, s2, s3, s4, s5) {
        (0, 0, 0, 0, 0, 0 | 0xffff) | (0, 0, 0, 0, 0xffff, 0) | (0x64, 0xff9b, 0, 0, 0, 0) => of(s6, s7),
        (0x2002, ..) => of(s1, s2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_public() {
        for address in ["93.184.216.34", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
        let refused = "0.0.0.0 0.1.2.3 10.1.2.3 100.64.0.1 127.0.0.1 127.9.9.9 169.254.169.254 172.16.0.1 192.0.0.8 \
             192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.7 203.0.113.9 224.0.0.1 240.0.0.1 \
             255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 ::ffff:0:10.0.0.1 64:ff9b::10.0.0.1 \
             64:ff9b:1::1 100::1 2001::1 2001:db8::1 2002:7f00:1::1 3fff::1 fc00::1 fd12:3456::1 fe80::1 fec0::1 \
             ff02::1 5f00::1";
        for address in refused.split_whitespace() {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn a_literal_is_seen_through_its_disguises() {
        for url in ["http://127.1/", "http://0x7f000001/", "http://2130706433/", "http://[::ffff:7f00:1]/"] {
            assert!(Network::default().check_literal(&Url::parse(url).unwrap()).is_err(), "{url}");
        }
        assert_eq!(Network::default().check_literal(&Url::parse("http://8.8.8.8/").unwrap()), Ok(()));
    }
}
