//! Who asks: the address of a client, and how often it may.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use ipnet::IpNet;

use super::{Error, Web};

impl Web {
    /// Counts one request of a client.
    ///
    /// # Errors
    /// [`Error::TooMany`] if it has asked too often.
    pub(super) async fn admit(&self, client: Client) -> Result<(), Error> {
        let (name, allowance) = (format!("client {}", network(client.0)), self.settings().allowance);
        let is_admitted = self.0.store.take_allowance(&name, allowance, self.0.clock.now()).await?;
        if is_admitted { Ok(()) } else { Err(Error::TooMany) }
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
    fn a_client_is_an_address_or_the_network_of_one_customer() {
        for (one, other, is_same) in [
            ("2001:db8::1", "2001:db8::2", true),
            ("2001:db8::1", "2001:db8:0:1::1", false),
            ("203.0.113.9", "203.0.113.8", false),
            ("::ffff:203.0.113.9", "203.0.113.9", true),
        ] {
            let [one, other] = [one, other].map(|address| network(address.parse().unwrap()));
            assert_eq!(one == other, is_same, "{one} {other}");
        }
    }
}
