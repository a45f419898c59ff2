//! What a feed says of itself: how often it wants to be asked, and where else its publisher points to.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::markup::{Kind, Tokens};
use super::reference::{Entities, decode};
use super::scan::Element;
use super::skeleton::local;
use super::value;
use crate::model::time::Timestamp;

/// The longest that a feed's `ttl` keeps us away.
const LONGEST_TTL: Duration = Duration::from_hours(24);

/// The longest that a feed's `sy:updatePeriod` keeps us away.
const LONGEST_PERIOD: Duration = Duration::from_hours(7 * 24);

/// The most links that are kept.
const MAX_LINKS: usize = 20;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// What a feed says of itself, apart from its items.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct About {
    /// Where its publisher points to: relation and address, both as written.
    links: Vec<(String, String)>,
    /// The program that made it, in small letters.
    generator: String,
    cadence: Cadence,
    period: Option<Duration>,
    frequency: Option<u32>,
}

/// How often a feed wants to be asked, and when not at all.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Cadence {
    /// Of `ttl` and `sy:updatePeriod`: how long it is good, in seconds.
    #[serde(default)]
    seconds: u64,
    /// Hours of the day, in UTC, in which it is not to be asked (RSS 2.0, `skipHours`).
    #[serde(default)]
    skip_hours: Vec<i64>,
    /// The same of the week, 0 for Sunday (RSS 2.0, `skipDays`).
    #[serde(default)]
    skip_days: Vec<i64>,
}

impl About {
    /// Takes note of one of the channel's own elements.
    pub fn read(&mut self, name: &str, element: &Element<'_>, entities: &Entities) {
        match name {
            "ttl" => {
                let minutes: u32 = value::text(element, entities).trim().parse().unwrap_or(0);
                self.cadence.seconds = Duration::from_mins(minutes.into()).min(LONGEST_TTL).as_secs();
            }
            "skiphours" => self.cadence.skip_hours = listed(element, "hour", |text| hour(text.parse().ok()?)),
            "skipdays" => self.cadence.skip_days = listed(element, "day", day),
            "link" => self.read_link(element, entities),
            "generator" => {
                let uri = element.tag.attribute("uri").unwrap_or_default();
                let text = value::text(element, entities);
                self.generator = format!("{text} {uri}").to_ascii_lowercase().chars().take(100).collect();
            }
            _ => {}
        }
    }

    /// Takes note of an element of the syndication module (RSS 1.0, `sy:`).
    pub fn read_syndication(&mut self, name: &str, element: &Element<'_>, entities: &Entities) {
        let text = value::text(element, entities).trim().to_ascii_lowercase();
        match name {
            "updateperiod" => self.period = period(&text),
            "updatefrequency" => self.frequency = text.parse().ok(),
            _ => {}
        }
    }

    /// The first address of a relation, as written.
    pub fn link(&self, relation: &str) -> Option<&str> {
        self.links.iter().find(|(known, _)| known == relation).map(|(_, address)| address.as_str())
    }

    /// Whether it names a page of older items itself.
    pub fn links_on(&self) -> bool {
        self.link("prev-archive").or_else(|| self.link("next")).is_some()
    }

    /// Whether `WordPress` made it, which has older items behind `?paged=`.
    pub fn is_of_wordpress(&self) -> bool {
        self.generator.contains("wordpress.org")
    }

    /// How often it wants to be asked: of two wishes the longer pause.
    pub fn cadence(&self) -> Cadence {
        let period = self.period.map(|period| period / self.frequency.unwrap_or(1).max(1));
        let period = period.unwrap_or_default().min(LONGEST_PERIOD);
        Cadence { seconds: self.cadence.seconds.max(period.as_secs()), ..self.cadence.clone() }
    }

    /// Takes note of a link that has a relation.
    pub fn read_link(&mut self, element: &Element<'_>, entities: &Entities) {
        let attribute =
            |name| element.tag.attribute(name).map(|value| decode(value, entities).trim().to_owned());
        if let (Some(relation), Some(address)) = (attribute("rel"), attribute("href")) {
            self.add_link(&relation, &address);
        }
    }

    /// Takes note of where the publisher points to.
    pub fn add_link(&mut self, relations: &str, address: &str) {
        for relation in relations.split_ascii_whitespace() {
            if self.links.len() < MAX_LINKS && !address.is_empty() {
                self.links.push((relation.to_ascii_lowercase(), address.to_owned()));
            }
        }
    }
}

impl Cadence {
    /// How long the feed is good.
    pub const fn pause(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }

    /// The first moment from `at` on that is in none of the hours and days to be skipped. A feed that skips all of
    /// them means nothing by it.
    pub fn welcome_from(&self, at: Timestamp) -> Timestamp {
        let is_skipped = |hour: i64| {
            self.skip_hours.contains(&hour.rem_euclid(24))
                || self.skip_days.contains(&(hour.div_euclid(24) + 4).rem_euclid(7))
        };
        let first = at.as_unix().div_euclid(HOUR);
        match (first..first + 8 * DAY / HOUR).find(|hour| !is_skipped(*hour)) {
            Some(hour) if hour > first => Timestamp::from_unix(hour * HOUR),
            _ => at,
        }
    }
}

/// What the elements of this name in `element` say, each once.
fn listed(element: &Element<'_>, name: &str, read: impl Fn(&str) -> Option<i64>) -> Vec<i64> {
    let mut found = Vec::new();
    let mut is_inside = false;
    for token in Tokens::of(element.inner) {
        let text = match token.kind {
            Kind::Start(tag) => {
                is_inside = local(tag.name).eq_ignore_ascii_case(name);
                continue;
            }
            Kind::Text => &element.inner[token.range],
            Kind::Cdata(text) => text,
            _ => continue,
        };
        if is_inside
            && let Some(value) = read(text.trim())
            && !found.contains(&value)
        {
            found.push(value);
        }
    }
    found
}

/// RSS 0.91 counted the hours from 1 to 24.
fn hour(hour: i64) -> Option<i64> {
    (0..=24).contains(&hour).then_some(hour % 24)
}

fn day(name: &str) -> Option<i64> {
    const DAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
    let name = name.to_ascii_lowercase();
    DAYS.iter().position(|day| *day == name).and_then(|day| i64::try_from(day).ok())
}

fn period(name: &str) -> Option<Duration> {
    let hours = match name {
        "hourly" => 1,
        "daily" => 24,
        "weekly" => 7 * 24,
        "monthly" => 30 * 24,
        "yearly" => 365 * 24,
        _ => return None,
    };
    Some(Duration::from_hours(hours))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_to_be_skipped_is_passed_over_and_nothing_else() {
        let cadence = Cadence { seconds: 0, skip_hours: vec![0, 1, 23], skip_days: vec![6, 0] };
        for (at, expected) in [
            ("2026-03-04T12:34:56Z", "2026-03-04T12:34:56Z"),
            ("2026-03-04T23:00:00Z", "2026-03-05T02:00:00Z"),
            ("2026-03-06T23:59:59Z", "2026-03-09T02:00:00Z"),
            ("2026-03-07T12:00:00Z", "2026-03-09T02:00:00Z"),
        ] {
            assert_eq!(cadence.welcome_from(moment(at)), moment(expected), "{at}");
        }
    }

    #[test]
    fn a_feed_that_skips_every_hour_is_asked_all_the_same() {
        let at = moment("2026-03-04T12:34:56Z");
        let cadence = Cadence { skip_hours: (0..24).collect(), ..Cadence::default() };
        assert_eq!(cadence.welcome_from(at), at);
        assert_eq!(Cadence::default().welcome_from(at), at);
    }
}
