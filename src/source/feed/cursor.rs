//! What is known of a feed from the last time.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

use super::about::Cadence;
use super::identity::Memory;
use crate::model::time::Timestamp;
use crate::source::Hub;
use crate::source::fetch::{Answer, Request};

/// What is preferred of the address of a feed.
pub(super) const ACCEPT: &str =
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5";

/// After so long a feed is fetched and read whole, whatever its server says of changes.
const FULL_AFTER: Duration = Duration::from_hours(8 * 24);

/// How often a feed must have been found at its new address, and over how long, until it is asked there at once.
/// A server that is set up wrongly for an hour moves nothing.
const CONFIRMATIONS: u32 = 5;
const CONFIRMED_OVER: Duration = Duration::from_hours(24);

/// What is known of a feed from the last time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Cursor {
    /// The address in the configuration: the validators of another one say nothing.
    pub url: String,
    /// By which version of this program it was read.
    pub version: String,
    /// Validators as the server wrote them, each byte a character.
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// How long its server said it is good, in seconds.
    #[serde(default)]
    pub max_age: Option<u64>,
    /// When it was last read whole, in seconds since 1970.
    pub read_at: i64,
    /// Of the bytes that were read.
    pub digest: String,
    /// How often it wants to be asked, by its own words.
    #[serde(default)]
    pub cadence: Cadence,
    /// Where its server has sent us for good.
    #[serde(default)]
    pub moved: Option<Moved>,
    /// Who tells of changes, as it was last said.
    #[serde(default)]
    pub hub: Option<Hub>,
    pub memory: Memory,
}

/// An address to which a feed has moved for good, as its server says (301, 308).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Moved {
    pub to: String,
    /// Since when it says so, in seconds since 1970.
    since: i64,
    /// How many times in a row it has.
    times: u32,
    /// Whether that was often enough to ask there.
    pub is_settled: bool,
}

impl Cursor {
    /// What an earlier pull from this address returned.
    pub fn parse(text: &str, url: &str) -> Self {
        let known: Self = serde_json::from_str(text).unwrap_or_default();
        if known.url == url {
            known
        } else {
            Self { url: url.to_owned(), memory: known.memory, ..Self::default() }
        }
    }

    /// Whether what is known of the feed still spares us reading it.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        self.version == env!("CARGO_PKG_VERSION")
            && now.since(Timestamp::from_unix(self.read_at)) < FULL_AFTER
    }

    /// Where it is asked in the place of its configured address.
    pub fn new_address(&self) -> Option<Url> {
        let moved = self.moved.as_ref().filter(|moved| moved.is_settled)?;
        Url::parse(&moved.to).ok()
    }

    /// The request by which the feed is asked at `url`: for what has changed, as long as what is known is fresh.
    pub fn request<'a>(&'a self, url: &'a Url, allow_private: bool, now: Timestamp) -> Request<'a> {
        let is_fresh = self.is_fresh(now);
        let etag = self.etag.as_deref().filter(|_| is_fresh);
        let last_modified = self.last_modified.as_deref().filter(|_| is_fresh);
        Request { url, accept: ACCEPT, allow_private, etag, last_modified, takes_deltas: etag.is_some() }
    }

    /// Takes note of a good answer from `asked`: validators, how long it is good, whether it has moved.
    pub fn note(&mut self, answer: &Answer, asked: &Url, now: Timestamp) {
        if !answer.is_not_modified() {
            self.etag = answer.verbatim("etag");
            self.last_modified = answer.verbatim("last-modified");
            self.max_age = None;
        }
        self.max_age = answer.lifetime().map(|lifetime| lifetime.as_secs()).or(self.max_age);
        self.note_move(answer, asked, now);
    }

    fn note_move(&mut self, answer: &Answer, asked: &Url, now: Timestamp) {
        let Some(found) = &answer.moved else {
            let stays =
                self.moved.as_ref().is_some_and(|moved| moved.is_settled && moved.to == asked.as_str());
            self.moved = self.moved.take().filter(|_| stays);
            return;
        };
        if asked.scheme() == "https" && found.scheme() != "https" {
            self.moved = None; // asking without encryption from now on is nothing to be remembered
            return;
        }
        let known = self.moved.take().filter(|moved| moved.to == found.as_str());
        let mut moved = known.unwrap_or_else(|| Moved::to(found, now));
        moved.times = moved.times.saturating_add(1);
        let lasted = now.since(Timestamp::from_unix(moved.since));
        moved.is_settled = moved.times >= CONFIRMATIONS && lasted >= CONFIRMED_OVER;
        self.moved = Some(moved);
    }

    /// Before when its publisher does not want to be asked again.
    pub fn not_before(&self, answer: &Answer, now: Timestamp) -> Option<Timestamp> {
        let good = self.cadence.pause().max(Duration::from_secs(self.max_age.unwrap_or(0)));
        let good = Some(good).filter(|good| !good.is_zero()).map(|good| now + good);
        answer.retry_after(now).max(good)
    }

    /// As it is stored.
    pub fn into_text(self) -> String {
        serde_json::to_string(&self).expect("a cursor has only text keys")
    }
}

impl Moved {
    fn to(url: &Url, now: Timestamp) -> Self {
        Self { to: url.to_string(), since: now.as_unix(), times: 0, is_settled: false }
    }
}

pub(super) fn digest(body: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(body)[..16])
}
