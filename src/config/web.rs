//! `[web]`: where Courant's pages and feeds are served.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use url::Url;

use super::problem::Fault;
use super::publication::web_address;
use super::section::Section;
use super::text::Text;

/// The keys of `[web]`.
pub(super) const KEYS: &[&str] =
    &["cache_mb", "cors_origins", "hub", "listen", "tombstones", "trusted_proxies", "websub"];

/// Where Courant's pages and feeds are served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Web {
    /// How many megabytes of documents are kept in memory.
    pub cache_mb: usize,
    /// Another hub that is told of changes (WebSub).
    pub hub: Option<Box<Url>>,
    /// Other sites whose pages may ask for subscriptions by JSON, as browsers name them in `Origin`.
    pub cors_origins: Vec<String>,
    /// The address to listen at.
    pub listen: SocketAddr,
    /// Whether Atom feeds name what was retracted (RFC 6721).
    pub tombstones: bool,
    /// Proxies whose `X-Forwarded-For` tells the client's address; that of anybody else is ignored.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether Courant is a hub itself.
    pub websub: bool,
}

impl Default for Web {
    /// Port 8080, for this machine only, where whoever asks may be a proxy: without its word all readers behind it
    /// would be one, and share one allowance.
    fn default() -> Self {
        let v4 = Ipv4Net::new_assert(Ipv4Addr::new(127, 0, 0, 0), 8);
        let v6 = Ipv6Net::new_assert(Ipv6Addr::LOCALHOST, 128);
        Self {
            cache_mb: 16,
            hub: None,
            cors_origins: Vec::new(),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            tombstones: false,
            trusted_proxies: vec![v4.into(), v6.into()],
            websub: false,
        }
    }
}

/// The table, or its defaults.
pub(super) fn read(root: &Section<'_>) -> Web {
    let default = Web::default();
    let Some(section) = root.section("web", KEYS) else { return default };
    let proxies = section.has("trusted_proxies").then(|| {
        let proxies = section.texts("trusted_proxies").into_iter();
        proxies
            .filter_map(|text| section.noted_at(text.span.clone(), "trusted_proxies", network(&text)))
            .collect()
    });
    let cache_mb = section.number("cache_mb", 1..=4096).and_then(|number| usize::try_from(number).ok());
    let hub = section.parsed("hub", web_address).map(Box::new);
    let websub = section.flag("websub").unwrap_or(default.websub);
    if websub && hub.is_some() {
        let fault = Fault::new("a feed has one hub");
        section.note("hub", fault.help("take hub away, or write websub = false"));
    }
    let origins = section.texts("cors_origins").into_iter();
    let origins =
        origins.filter_map(|text| section.noted_at(text.span.clone(), "cors_origins", origin(&text)));
    Web {
        hub,
        websub,
        cache_mb: cache_mb.unwrap_or(default.cache_mb),
        cors_origins: origins.collect(),
        listen: section.parsed("listen", listen).unwrap_or(default.listen),
        tombstones: section.flag("tombstones").unwrap_or(default.tombstones),
        trusted_proxies: proxies.unwrap_or(default.trusted_proxies),
    }
}

fn listen(text: &Text) -> Result<SocketAddr, Fault> {
    text.as_str().parse().map_err(|_| {
        let fault = Fault::new(format!("{} is not an IP address with a port", text.shown()));
        match text.as_str().rsplit_once(':') {
            Some(("", port)) if port.parse::<u16>().is_ok() => fault.help(format!(
                "write \"127.0.0.1:{port}\" for this machine only, or \"[::]:{port}\" for all"
            )),
            Some(("localhost", port)) if port.parse::<u16>().is_ok() => {
                fault.help(format!("write \"127.0.0.1:{port}\""))
            }
            _ => fault.help("write \"127.0.0.1:8080\" for this machine only, or \"[::]:8080\" for all"),
        }
    })
}

/// A scheme, a host and, where it is not the scheme's own, a port.
fn origin(text: &Text) -> Result<String, Fault> {
    let origin = url::Url::parse(text.as_str()).ok().map(|url| url.origin()).filter(url::Origin::is_tuple);
    let origin = origin.map(|origin| origin.ascii_serialization());
    origin.filter(|origin| origin == text.as_str()).ok_or_else(|| {
        Fault::new(format!("{} is not the origin of a site", text.shown()))
            .help("write \"https://www.example.org\", without a path or a slash at the end")
    })
}

fn network(text: &Text) -> Result<IpNet, Fault> {
    let network =
        text.as_str().parse::<IpNet>().or_else(|_| text.as_str().parse::<IpAddr>().map(IpNet::from));
    network.map_err(|_| {
        Fault::new(format!("{} is neither an IP address nor a network", text.shown()))
            .help("write \"127.0.0.1\" or \"10.0.0.0/8\"")
    })
}
