//! What stands between an edition and its readers, looked at before it goes out. The rules are in `docs/doctor.md`.

mod machine;
mod own_pages;
mod relay;
mod reports;

use std::net::IpAddr;
use std::path::Path;

use url::{Host, Url};

use super::Settings;
use super::mailing::Sending;
use crate::dns::Resolver;
use crate::model::doctor::identity::{self, Identity};
use crate::model::doctor::{Finding, Group};
use crate::model::time::Timestamp;
use crate::store::Store;

/// With what the doctor looks.
#[derive(Clone, Debug)]
pub struct Means {
    /// Who is asked about the DNS.
    pub resolver: Resolver,
    /// Whether it was named: then the relay and our own pages are looked up there too, and not by the system.
    pub is_named: bool,
    /// The public addresses from which the relay sends, as far as they are known.
    pub addresses: Vec<IpAddr>,
}

impl Means {
    /// Those of this machine.
    pub fn of_system() -> Self {
        Self { resolver: Resolver::system(), is_named: false, addresses: Vec::new() }
    }

    /// Where a host is, if that is for the named resolver to say.
    ///
    /// # Errors
    /// Why it does not say, in words.
    async fn locate(&self, host: &str) -> Result<Vec<IpAddr>, String> {
        if !self.is_named || is_local(host) || host.parse::<IpAddr>().is_ok() {
            return Ok(Vec::new());
        }
        self.resolver.inquire().addresses(host).await
    }
}

/// Looks at everything but the configuration and the database's own pages. Takes a minute at most. Without a store,
/// because there is none yet, what needs it is left out.
pub async fn examine(
    (database, store): (&Path, Option<&Store>),
    settings: &Settings,
    means: &Means,
    now: Timestamp,
) -> Vec<Finding> {
    let sending = settings.sending.as_ref();
    let key = store.map(Store::key);
    let (relay, domain, (pages, date), reports) = tokio::join!(
        of_sending(sending, |sending| relay::examine(sending, means)),
        of_sending(sending, |sending| ask(sending, means)),
        own_pages::examine(&settings.publication, key, means),
        reports::examine(&settings.reports),
    );
    let mut findings = machine::examine((database, store), date, now).await;
    if sending.is_none() {
        findings.push(Group::Relay.green("mail", "nothing is mailed: the configuration has no [mail]"));
    }
    findings.extend(relay.into_iter().chain(domain).chain(pages).chain(reports));
    findings.sort_by_key(|finding| finding.group);
    findings
}

async fn of_sending<'s, F: Future<Output = Vec<Finding>>>(
    sending: Option<&'s Sending>,
    examine: impl FnOnce(&'s Sending) -> F,
) -> Vec<Finding> {
    match sending {
        Some(sending) => examine(sending).await,
        None => Vec::new(),
    }
}

async fn ask(sending: &Sending, means: &Means) -> Vec<Finding> {
    let mut inquiry = means.resolver.inquire();
    let from = match Host::parse(sending.from.address.domain()) {
        Ok(Host::Domain(name)) => name,
        _ => sending.bounce_domain.clone(),
    };
    let identity = Identity {
        host: host(sending, &from),
        from,
        envelope: sending.bounce_domain.clone(),
        signers: sending.dkim.clone(),
        addresses: means.addresses.clone(),
    };
    let judged = inquiry.settle(|known| identity::judge(known, &identity)).await;
    let server = means.resolver.shown();
    match judged {
        Ok(findings) if !inquiry.is_mute() => findings,
        _ => vec![Group::Dns.red(
            "resolver",
            format!("{server} does not answer: nothing is known of SPF, DKIM, DMARC, MX and PTR"),
            "see to the resolver (/etc/resolv.conf), or name another one: `courant doctor --dns 192.0.2.53`",
        )],
    }
}

/// The name of what sends: a relay's, or this machine's if the relay is on it.
fn host(sending: &Sending, from: &str) -> String {
    let is_name = |name: &str| name.contains('.') && !is_local(name) && name.parse::<IpAddr>().is_err();
    let hosts = sending.relays.iter().map(|relay| relay.host.as_str());
    let own = sending.relays.iter().map(|relay| relay.hello_name.trim_matches(['[', ']']));
    hosts.chain(own).find(|name| is_name(name)).map_or_else(|| format!("mail.{from}"), str::to_owned)
}

/// Whether a host is this machine (RFC 6761).
fn is_local(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    is_below(host, "localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Whether a name is this domain or below it.
fn is_below(name: &str, domain: &str) -> bool {
    name.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// A host as a URL has it, without brackets.
fn host_of(url: &Url) -> &str {
    url.host_str().unwrap_or_default().trim_matches(['[', ']'])
}
