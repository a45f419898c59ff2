//! Shapes: what a reader wants of a newsletter that lets them choose. `docs/choices.md` has the rules.

mod wish;

use std::fmt;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use super::article::label_key;
use super::newsletter::{Choice, Newsletter};
use super::schedule::{CronLine, Schedule};

pub use self::wish::{Field, NotOffered, Wish};

/// The row of a group: the subscriptions of a newsletter that have one shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, sqlx::Type, Serialize)]
#[sqlx(transparent)]
#[serde(transparent)]
pub struct GroupId(pub i64);

impl GroupId {
    /// Of subscriptions that want the newsletter as it is, and of the newsletter's own editions.
    pub const NONE: Self = Self(0);

    /// Whether it is a group.
    pub const fn is_some(self) -> bool {
        self.0 != Self::NONE.0
    }
}

/// How often a reader is written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Rhythm {
    /// By the newsletter's schedule.
    Newsletter,
    /// As soon as an article comes.
    EachArticle,
    /// Once a day.
    Daily,
    /// Once a week.
    Weekly,
}

impl Rhythm {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Newsletter, Self::EachArticle, Self::Daily, Self::Weekly];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Newsletter => "newsletter",
            Self::EachArticle => "each_article",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
        }
    }

    /// The rhythm of this word.
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rhythm| rhythm.as_str() == word)
    }

    /// Whether it goes by an hour of the reader's.
    pub const fn has_hour(self) -> bool {
        matches!(self, Self::Daily | Self::Weekly)
    }
}

/// What the readers of a newsletter may choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choices {
    /// Tags, as the operator writes them; empty: no topics can be chosen.
    pub topics: Vec<String>,
    /// Rhythms beside the newsletter's own.
    pub rhythms: Vec<Rhythm>,
    /// Whether readers say at which hour of which time zone.
    pub has_hours: bool,
    /// The day of the rhythm `weekly`.
    pub weekly_on: Weekday,
}

impl Choices {
    /// The rhythms from which readers choose.
    pub fn rhythms(&self) -> impl Iterator<Item = Rhythm> + '_ {
        std::iter::once(Rhythm::Newsletter).chain(self.rhythms.iter().copied())
    }
}

/// What a reader wants of a newsletter: always the same text for the same wish, so that a group has one row.
#[derive(Clone, Debug, PartialEq, Eq, Hash, sqlx::FromRow)]
pub struct Shape {
    rhythm: Rhythm,
    /// 0 where the rhythm has none.
    hour: u8,
    /// Empty where the rhythm has no hour.
    time_zone: String,
    /// Keys of tags in their order, each on a line; empty: all articles.
    topics: String,
}

impl Shape {
    /// The shape of a rhythm and of topics, which may be in any order and spelling. The hour counts where the rhythm has one.
    pub fn new(rhythm: Rhythm, (hour, zone): (u8, &TimeZone), topics: &[String]) -> Self {
        let mut topics: Vec<String> = topics.iter().map(|topic| label_key(topic)).collect();
        topics.sort_unstable();
        topics.dedup();
        let (hour, time_zone) = if rhythm.has_hour() {
            (hour, zone.iana_name().unwrap_or("UTC").to_owned())
        } else {
            (0, String::new())
        };
        Self { rhythm, hour, time_zone, topics: topics.join("\n") }
    }

    /// The newsletter as it is.
    pub const fn plain() -> Self {
        Self { rhythm: Rhythm::Newsletter, hour: 0, time_zone: String::new(), topics: String::new() }
    }

    /// Whether it is the newsletter as it is: no group is needed for it.
    pub fn is_plain(&self) -> bool {
        self.rhythm == Rhythm::Newsletter && self.topics.is_empty()
    }

    /// How often.
    pub const fn rhythm(&self) -> Rhythm {
        self.rhythm
    }

    /// At which hour, and in which time zone.
    pub fn hour(&self) -> Option<(u8, &str)> {
        self.rhythm.has_hour().then_some((self.hour, self.time_zone.as_str()))
    }

    /// The keys of the topics; none: all articles.
    pub fn topics(&self) -> impl Iterator<Item = &str> {
        self.topics.lines()
    }

    /// The topics as one text: the column of a group.
    pub fn topics_text(&self) -> &str {
        &self.topics
    }

    /// The articles of these topics.
    pub fn choice(&self) -> Choice {
        Choice { tags: self.topics().map(str::to_owned).collect(), ..Choice::default() }
    }

    /// The ticks of its group; none where each article is a moment of its own.
    pub fn schedule(
        &self,
        newsletter: &Newsletter,
        zone: impl FnOnce(&str) -> Option<TimeZone>,
    ) -> Option<Schedule> {
        let days = match self.rhythm {
            Rhythm::Newsletter => return Some(newsletter.schedule.clone()),
            Rhythm::EachArticle => return None,
            Rhythm::Daily => "*".to_owned(),
            Rhythm::Weekly => {
                let day = newsletter.choices.as_ref().map_or(Weekday::Monday, |choices| choices.weekly_on);
                day.to_sunday_zero_offset().to_string()
            }
        };
        Some(Schedule::new(CronLine::at_hour(self.hour, &days), self.zone(newsletter, zone)))
    }

    /// The zone whose clocks its readers go by. One that is not known any more is the newsletter's.
    pub fn zone(&self, newsletter: &Newsletter, zone: impl FnOnce(&str) -> Option<TimeZone>) -> TimeZone {
        let own = self.hour().and_then(|(_, name)| zone(name));
        own.unwrap_or_else(|| newsletter.time_zone().clone())
    }
}

impl Serialize for Shape {
    /// As programs ask for it.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Shape", 4)?;
        fields.serialize_field("rhythm", &self.rhythm)?;
        fields.serialize_field("hour", &self.hour().map(|(hour, _)| hour))?;
        fields.serialize_field("time_zone", &self.hour().map(|(_, zone)| zone))?;
        fields.serialize_field("topics", &self.topics().collect::<Vec<_>>())?;
        fields.end()
    }
}

/// As operators read it: `daily at 8:00 in Asia/Kathmandu, of kultur and politik`.
impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.rhythm {
            Rhythm::Newsletter => write!(f, "as the newsletter goes out")?,
            Rhythm::EachArticle => write!(f, "each article")?,
            Rhythm::Daily | Rhythm::Weekly => {
                write!(f, "{} at {}:00 in {}", self.rhythm.as_str(), self.hour, self.time_zone)?;
            }
        }
        match self.topics().collect::<Vec<_>>().split_last() {
            None => Ok(()),
            Some((only, [])) => write!(f, ", of {only}"),
            Some((last, others)) => write!(f, ", of {} and {last}", others.join(", ")),
        }
    }
}
