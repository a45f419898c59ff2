//! What a server answered, and what it asks of who comes back.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use url::Url;

use super::links::{self, Link};
use super::shown;
use crate::model::time::Timestamp;
use crate::source::Error;

/// The longest that a publisher's wish to be left alone is honoured.
const LONGEST_WAIT: Duration = Duration::from_hours(7 * 24);

/// The longest that `max-age` keeps us away: it speaks of caches, not of us.
const LONGEST_AGE: Duration = Duration::from_hours(24);

/// The longest validator that is sent back, in bytes.
const LONGEST_VALIDATOR: usize = 4096;

/// What a server answered.
pub(in crate::source) struct Answer {
    pub status: StatusCode,
    /// Where it was found, after redirects.
    pub url: Url,
    /// The same, if every redirect on the way was for good.
    pub moved: Option<Url>,
    pub headers: HeaderMap,
    /// Empty unless the status is a success.
    pub body: Vec<u8>,
}

impl Answer {
    /// A header's value, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// A header's value as it was sent, whatever its bytes, each of them a character; `None` if it is empty or very long.
    pub fn verbatim(&self, name: &str) -> Option<String> {
        let value = self.headers.get(name)?.as_bytes();
        let is_usable = !value.is_empty() && value.len() <= LONGEST_VALIDATOR;
        is_usable.then(|| value.iter().map(|byte| char::from(*byte)).collect())
    }

    /// The links in its head.
    pub fn links(&self) -> Vec<Link> {
        let values = self.headers.get_all("link").iter().filter_map(|value| value.to_str().ok());
        values.flat_map(links::parse).collect()
    }

    /// Whether there is nothing at this address, or not any more.
    pub fn is_missing(&self) -> bool {
        matches!(self.status, StatusCode::NOT_FOUND | StatusCode::GONE)
    }

    /// Whether it holds only what is new since the validators that were sent (RFC 3229).
    pub fn is_delta(&self) -> bool {
        self.status == StatusCode::IM_USED
    }

    /// Whether it is a delta of another kind than was asked for, which nobody here can read.
    pub fn is_strange_delta(&self) -> bool {
        self.is_delta() && self.header("im").is_some_and(|kind| !kind.trim().eq_ignore_ascii_case("feed"))
    }

    /// Whether the server says that nothing has changed.
    pub fn is_not_modified(&self) -> bool {
        self.status == StatusCode::NOT_MODIFIED
    }

    /// Why this is not what was asked for, if it is not. 304 is no failure.
    pub fn failure(&self, now: Timestamp) -> Option<Error> {
        if self.status.is_success() || self.is_not_modified() {
            return None;
        }
        let place = shown(&self.url);
        let status = self.status.as_u16();
        Some(match status {
            410 => Error::Gone(format!(
                "{place} is gone for ever, its server says (410): find its new address, or take the source out"
            )),
            401 | 403 => self.unavailable(
                now,
                format!("{place} refuses us ({status}): it may want a login, or knows no programs"),
            ),
            404 => {
                self.unavailable(now, format!("{place} was not found (404): the address may have changed"))
            }
            429 => self.unavailable(now, format!("{place} asks us to come less often (429)")),
            500.. => self.unavailable(now, format!("{place} is in trouble itself ({status}); it may pass")),
            _ => self.unavailable(now, format!("{place} answers with status {status}, which is no content")),
        })
    }

    /// How long the server says that what it sent is good: `max-age` less the `Age` it has already, else `Expires`
    /// (RFC 9111, 4.2.1).
    pub fn lifetime(&self) -> Option<Duration> {
        let lifetime = self.max_age().or_else(|| self.expires())?;
        Some(lifetime.min(LONGEST_AGE)).filter(|lifetime| !lifetime.is_zero())
    }

    fn unavailable(&self, now: Timestamp, reason: String) -> Error {
        Error::Unavailable { reason, not_before: self.retry_after(now) }
    }

    /// `Retry-After` (RFC 9110, 10.2.3): seconds, or a date.
    pub fn retry_after(&self, now: Timestamp) -> Option<Timestamp> {
        let value = self.header("retry-after")?.trim();
        let wait = match value.parse::<u64>() {
            Ok(seconds) => Duration::from_secs(seconds),
            Err(_) => Timestamp::from_http_date(value)?.since(now),
        };
        Some(now + wait.min(LONGEST_WAIT))
    }

    fn max_age(&self) -> Option<Duration> {
        let values = self.headers.get_all("cache-control").iter().filter_map(|value| value.to_str().ok());
        let mut directives = values.flat_map(|value| value.split(',')).map(str::trim);
        let seconds: u64 = directives.find_map(|directive| {
            let (name, value) = directive.split_once('=')?;
            name.trim()
                .eq_ignore_ascii_case("max-age")
                .then(|| value.trim().trim_matches('"').parse().ok())?
        })?;
        let age = self.header("age").and_then(|age| age.trim().parse().ok()).unwrap_or(0);
        Some(Duration::from_secs(seconds.saturating_sub(age)))
    }

    fn expires(&self) -> Option<Duration> {
        let moment = |name| Timestamp::from_http_date(self.header(name)?);
        Some(moment("expires")?.since(moment("date")?))
    }
}
