//! How others' sites are asked for pages and pictures: as seldom as they want it, and for nothing that they want left alone.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use url::Url;

use super::pace::Hosts;
use crate::model::time::Timestamp;
use crate::source::robots::Robots;
use crate::source::{Error, Fetcher};

/// How long what a site wants is known without asking it again, and of how many sites at most.
const ROBOTS_HOLD: Duration = Duration::from_hours(24);
const MOST_SITES: usize = 1_000;

/// The pauses after the first, second, … failure in a row; after the last one what was asked for is given up.
const AFTER_FAILURE: [Duration; 4] =
    [Duration::from_mins(10), Duration::from_hours(1), Duration::from_hours(6), Duration::from_hours(24)];

/// How long something is left alone that has failed once more, after so many failures before; `None`: for good.
pub(super) fn pause_after(failures: i64) -> Option<Duration> {
    AFTER_FAILURE.get(usize::try_from(failures).ok()?).copied()
}

/// When something is asked for again after this error; `None`: never.
pub(super) fn again_at(failures: i64, error: &Error, now: Timestamp) -> Option<Timestamp> {
    let Error::Unavailable { not_before, .. } = error else { return None };
    let next_at = now + pause_after(failures)?;
    Some(not_before.map_or(next_at, |wish| wish.max(next_at)))
}

/// Knows what sites want, and when each was asked last.
#[derive(Debug)]
pub(super) struct Manners {
    fetcher: Fetcher,
    hosts: Hosts,
    sites: Mutex<HashMap<String, Site>>,
}

/// Whether an address may be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Leave {
    /// Now; it counts as asked.
    Now,
    /// Not yet.
    Later,
    /// Never, for this reason.
    Never(String),
}

/// What a site wants of us.
#[derive(Clone, Debug)]
struct Site {
    robots: Arc<Robots>,
    asked_at: Timestamp,
    /// Not before this, it says.
    next_at: Timestamp,
}

impl Manners {
    /// Those of who asks each server as seldom as all do together who share `hosts`.
    pub(super) fn new(fetcher: Fetcher, hosts: Hosts) -> Self {
        Self { fetcher, hosts, sites: Mutex::default() }
    }

    /// Whether an address on this server may be asked for. A site is asked first what it wants.
    ///
    /// # Errors
    /// If that cannot be known.
    pub(super) async fn leave(
        &self,
        (url, server): (&Url, &str),
        allow_private: bool,
        now: Timestamp,
    ) -> Result<Leave, Error> {
        let site = self.find_site(server, now);
        let is_welcome = site.as_ref().is_none_or(|site| site.next_at <= now);
        if !is_welcome || !self.hosts.admit(server, now) {
            return Ok(Leave::Later);
        }
        let Some(site) = site else {
            let robots = Robots::of(&self.fetcher, url.as_str(), allow_private, now).await?;
            self.keep_site(server, Arc::new(robots), now);
            return Ok(Leave::Later);
        };
        if !site.robots.allows(url) {
            return Ok(Leave::Never(format!("robots.txt of {server} does not want programs there")));
        }
        self.keep_site(server, site.robots, now);
        Ok(Leave::Now)
    }

    fn find_site(&self, server: &str, now: Timestamp) -> Option<Site> {
        let sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        sites.get(server).filter(|site| now.since(site.asked_at) < ROBOTS_HOLD).cloned()
    }

    /// Keeps what a site wants, and that it has been asked now.
    fn keep_site(&self, server: &str, robots: Arc<Robots>, now: Timestamp) {
        let mut sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        let asked_at = sites.get(server).map_or(now, |site| site.asked_at);
        let asked_at = if now.since(asked_at) < ROBOTS_HOLD { asked_at } else { now };
        if sites.len() >= MOST_SITES && !sites.contains_key(server) {
            sites.clear(); // each is asked again, which is no harm
        }
        let next_at = now + robots.delay();
        sites.insert(server.to_owned(), Site { robots, asked_at, next_at });
    }
}
