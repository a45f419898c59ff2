//! Who asks: the address of a client, and how often it may.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::time::Duration;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use ipnet::IpNet;

use super::{Error, Web};

/// Above this many clients those that have rested are forgotten.
const MANY: usize = 10_000;

/// How often one client may ask for subscriptions.
#[derive(Clone, Copy, Debug)]
pub struct Allowance {
    /// At once.
    pub burst: NonZeroU32,
    /// Then one more each time this has passed.
    pub refill: Duration,
}

impl Default for Allowance {
    /// Twenty, then one a minute: enough for an office behind one address, too little for a flood.
    fn default() -> Self {
        Self { burst: NonZeroU32::MIN.saturating_add(19), refill: Duration::from_mins(1) }
    }
}

/// How often each client has asked.
pub struct Clients(DefaultKeyedRateLimiter<IpAddr>);

impl Clients {
    /// Nobody has asked yet.
    pub fn new(allowance: Allowance) -> Self {
        let refill = allowance.refill.max(Duration::from_nanos(1));
        let quota = Quota::with_period(refill).expect("the period is not zero").allow_burst(allowance.burst);
        Self(RateLimiter::keyed(quota))
    }

    /// Counts one request of a client.
    ///
    /// # Errors
    /// [`Error::TooMany`] if it has asked too often.
    pub fn admit(&self, client: IpAddr) -> Result<(), Error> {
        if self.0.len() > MANY {
            self.0.retain_recent();
        }
        self.0.check_key(&network(client)).map_err(|_| Error::TooMany)
    }
}

/// What counts as one client: an address, or in IPv6 the network that one customer gets.
fn network(client: IpAddr) -> IpAddr {
    match client {
        IpAddr::V4(_) => client,
        IpAddr::V6(address) => address
            .to_ipv4_mapped()
            .map_or_else(|| IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)), IpAddr::V4),
    }
}

/// The address of who asks.
#[derive(Clone, Copy, Debug)]
pub struct Client(pub IpAddr);

impl Client {
    /// The network that it asks from: what counts as one client.
    pub fn network(self) -> IpAddr {
        network(self.0)
    }
}

impl FromRequestParts<Web> for Client {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Error> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().ok_or(Error::BadRequest)?;
        Ok(Self(address(peer.0.ip(), &parts.headers, &web.settings().trusted_proxies)))
    }
}

/// The last address that no proxy of ours has written: whatever stands before it, the client may have made up.
fn address(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    let is_proxy = |address: IpAddr| proxies.iter().any(|network| network.contains(&address.to_canonical()));
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
    let claims: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    let mut client = peer;
    for claim in claims.iter().rev() {
        let Some(named) = parsed(claim).filter(|_| is_proxy(client)) else { break };
        client = named;
    }
    client
}

/// An address, with or without a port.
fn parsed(claim: &str) -> Option<IpAddr> {
    let address =
        claim.parse::<IpAddr>().ok().or_else(|| claim.parse::<SocketAddr>().ok().map(|own| own.ip()));
    address.map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_proxy_of_ours_is_believed() {
        let proxies = ["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
        for (peer, forwarded, expected) in [
            ("203.0.113.9", &[] as &[&str], "203.0.113.9"),
            ("203.0.113.9", &["198.51.100.1"], "203.0.113.9"),
            ("10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["6.6.6.6, 198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["6.6.6.6", "198.51.100.1, 10.0.0.2"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1:4711"], "198.51.100.1"),
            ("10.0.0.1", &["[2001:db8::1]:80"], "2001:db8::1"),
            ("10.0.0.1", &["unknown"], "10.0.0.1"),
            ("10.0.0.1", &["6.6.6.6, unknown"], "10.0.0.1"),
            ("::1", &["198.51.100.1"], "198.51.100.1"),
            ("::ffff:10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
        ] {
            let mut headers = HeaderMap::new();
            for line in forwarded {
                headers.append("x-forwarded-for", line.parse().unwrap());
            }
            let found = address(peer.parse().unwrap(), &headers, &proxies);
            assert_eq!(found, expected.parse::<IpAddr>().unwrap(), "{peer} {forwarded:?}");
        }
    }

    #[test]
    fn who_asks_too_often_is_refused_and_nobody_else() {
        let allowance =
            Allowance { burst: NonZeroU32::MIN.saturating_add(1), refill: Duration::from_hours(1) };
        let clients = Clients::new(allowance);
        let admitted = |address: &str| clients.admit(address.parse().unwrap()).is_ok();
        assert!(admitted("2001:db8::1") && admitted("2001:db8::2"));
        assert!(!admitted("2001:db8::3"), "a neighbour in the same network");
        assert!(admitted("2001:db8:0:1::1") && admitted("203.0.113.9") && admitted("203.0.113.9"));
        assert!(!admitted("203.0.113.9") && admitted("203.0.113.8"));
    }
}
