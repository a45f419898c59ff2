//! Newsletters: what one can subscribe to.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::tz::TimeZone;
use serde::Serialize;

use super::delivery::{RetryPolicy, UncertainPolicy};
use super::language::Direction;
use super::schedule::Schedule;
use super::shape::Choices;
use super::sunset::Sunset;
use super::time::Timestamp;

const DAY: Duration = Duration::from_hours(24);

/// The row of a newsletter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, sqlx::Type, Serialize)]
#[sqlx(transparent)]
#[serde(transparent)]
pub struct NewsletterId(pub i64);

/// A newsletter's name in addresses and commands: small letters, digits and inner hyphens, 1 to 64 of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Slug(String);

/// Text that cannot be a [`Slug`].
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a name for an address: use small letters, digits and inner hyphens, at most 64")]
pub struct InvalidSlug(String);

impl Slug {
    /// The name itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Slug {
    type Err = InvalidSlug;

    fn from_str(text: &str) -> Result<Self, InvalidSlug> {
        let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let fits = (1..=64).contains(&text.len()) && text.bytes().all(is_allowed);
        if fits && !text.starts_with('-') && !text.ends_with('-') {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidSlug(text.to_owned()))
        }
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A newsletter as its operator configured it.
#[derive(Clone, Debug)]
pub struct Newsletter {
    /// Its name in addresses.
    pub slug: Slug,
    /// Its name for readers.
    pub title: String,
    /// One sentence for who considers subscribing.
    pub description: Option<String>,
    /// BCP 47 tag: its own, else the publication's.
    pub language: String,
    /// Whether search engines are to leave its pages, editions and feeds alone.
    pub noindex: bool,
    /// Whether its editions, and the articles that only such newsletters have, are for its readers alone.
    pub is_private: bool,
    /// When it goes out, and in which zone.
    pub schedule: Schedule,
    /// Which articles are its own.
    pub choice: Choice,
    /// What its readers may choose of it; `None`: it is one thing for all of them.
    pub choices: Option<Choices>,
    /// With fewer new articles than this there is no edition; they wait for the next tick.
    pub min_articles: usize,
    /// How many articles an edition holds at most.
    pub max_articles: usize,
    /// What becomes of those above `max_articles`.
    pub overflow: Overflow,
    /// How late a tick that was missed is still made up; `None`: 6 h, or half the interval where that is less.
    pub late: Option<Duration>,
    /// How the subject is made: text with `{lead} {count} {date} {newsletter}`.
    pub subject: String,
    /// How the digest is laid out.
    pub layout: Layout,
    /// How many related articles stand under the lead story, where the layout sets one apart.
    pub related: usize,
    /// What becomes of a delivery of which nobody knows whether it was sent.
    pub uncertain: UncertainPolicy,
    /// Over how long an edition's deliveries are spread; zero: all are due at once.
    pub over: Duration,
    /// How long after its tick an edition is still sent; `None`: by its schedule.
    pub age_limit: Option<Duration>,
    /// When its readers are asked whether they still want it; `None`: never.
    pub sunset: Option<Sunset>,
}

impl Newsletter {
    /// Which way its language is written.
    pub fn direction(&self) -> Direction {
        Direction::of_language(&self.language)
    }

    /// How the deliveries of the edition of a tick are tried again: for a day, or for three where the next edition
    /// is more than two days off.
    pub fn retries(&self, tick: Timestamp) -> RetryPolicy {
        let is_rare = self.schedule.interval_after(tick).is_none_or(|interval| interval > 2 * DAY);
        let age_limit = self.age_limit.unwrap_or(if is_rare { 3 * DAY } else { DAY });
        RetryPolicy { age_limit, ..RetryPolicy::default() }
    }

    /// The zone of its schedule, and of the dates it shows.
    pub const fn time_zone(&self) -> &TimeZone {
        self.schedule.zone()
    }
}

#[cfg(test)]
impl Newsletter {
    /// One in English that goes out at seven, for tests that are about some of its settings.
    pub(crate) fn sample() -> Self {
        Self {
            slug: "daily".parse().expect("letters"),
            title: "The Daily Light".to_owned(),
            description: None,
            language: "en".to_owned(),
            noindex: false,
            is_private: false,
            schedule: Schedule::new("0 7 * * *".parse().expect("a crontab line"), TimeZone::UTC),
            choice: Choice::default(),
            choices: None,
            min_articles: 1,
            max_articles: 20,
            overflow: Overflow::Next,
            late: None,
            subject: "{lead}".to_owned(),
            layout: Layout::Stories,
            related: 0,
            uncertain: UncertainPolicy::Retry,
            over: Duration::ZERO,
            age_limit: None,
            sunset: None,
        }
    }
}

/// Which articles belong to a newsletter. Tags and sources are compared without regard to case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// At least one of these; empty: any.
    pub tags: Vec<String>,
    /// None of these.
    pub exclude_tags: Vec<String>,
    /// From one of these sources; empty: from any.
    pub sources: Vec<String>,
}

impl Choice {
    /// Whether articles of the source of this name may belong to the newsletter.
    pub fn takes_from(&self, source: &str) -> bool {
        self.sources.is_empty()
            || self.sources.iter().any(|name| name.to_lowercase() == source.to_lowercase())
    }
}

/// What becomes of the articles that an edition has no room for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overflow {
    /// They go into the next edition.
    #[default]
    Next,
    /// They are passed over, and the ledger says so.
    Drop,
}

/// How a digest is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// Headlines with one line each.
    Headlines,
    /// A lead story with its picture, and summaries.
    #[default]
    Stories,
}
