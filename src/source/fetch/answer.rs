//! What a server answered, and what it asks of who comes back.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use url::Url;

use super::shown;
use crate::model::time::Timestamp;
use crate::source::Error;

/// The longest that a publisher's wish to be left alone is honoured.
const LONGEST_WAIT: Duration = Duration::from_hours(7 * 24);

/// The longest that `max-age` keeps us away: it speaks of caches, not of us.
const LONGEST_AGE: Duration = Duration::from_hours(24);

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

    /// Until when the server asks to be left alone: `Retry-After`, else the age of what it sent.
    pub fn not_before(&self, now: Timestamp) -> Option<Timestamp> {
        self.retry_after(now).or_else(|| self.max_age().filter(|age| !age.is_zero()).map(|age| now + age))
    }

    fn unavailable(&self, now: Timestamp, reason: String) -> Error {
        Error::Unavailable { reason, not_before: self.retry_after(now) }
    }

    /// `Retry-After` (RFC 9110, 10.2.3): seconds, or a date.
    fn retry_after(&self, now: Timestamp) -> Option<Timestamp> {
        let value = self.header("retry-after")?.trim();
        let wait = match value.parse::<u64>() {
            Ok(seconds) => Duration::from_secs(seconds),
            Err(_) => Timestamp::from(jiff::fmt::rfc2822::parse(value).ok()?.timestamp()).since(now),
        };
        Some(now + wait.min(LONGEST_WAIT))
    }

    /// `Cache-Control: max-age`, less the `Age` it has already.
    fn max_age(&self) -> Option<Duration> {
        let mut directives = self.header("cache-control")?.split(',').map(str::trim);
        let seconds: u64 =
            directives.find_map(|directive| directive.strip_prefix("max-age="))?.parse().ok()?;
        let age = self.header("age").and_then(|age| age.trim().parse().ok()).unwrap_or(0);
        Some(Duration::from_secs(seconds.saturating_sub(age)).min(LONGEST_AGE))
    }
}
