//! Wishes: what somebody asks for in a form, in JSON or on a command line, and the shape that it is, if that is offered.

use jiff::tz::TimeZone;

use super::{Choices, Rhythm, Shape};
use crate::model::article::label_key;
use crate::model::newsletter::Newsletter;

/// More topics than this were not ticked by hand.
const MOST_TOPICS: usize = 100;

/// How many of the words that are possible an error names.
const MOST_NAMED: usize = 100;

/// What somebody asks for, in their own words; what is absent or empty was not said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Topics.
    pub topics: Vec<String>,
    /// A rhythm.
    pub rhythm: Option<String>,
    /// An hour, from 0 to 23.
    pub hour: Option<String>,
    /// The name of a time zone.
    pub time_zone: Option<String>,
}

/// A field of a wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The topics.
    Topics,
    /// The rhythm.
    Rhythm,
    /// The hour.
    Hour,
    /// The time zone.
    TimeZone,
}

impl Field {
    /// Its name in forms and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Topics => "topics",
            Self::Rhythm => "rhythm",
            Self::Hour => "hour",
            Self::TimeZone => "time_zone",
        }
    }
}

/// Something in a wish is not offered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} is not offered: {}", field.as_str(), allowed_words(allowed))]
pub struct NotOffered {
    /// What.
    pub field: Field,
    /// What may stand there: nothing, if it is not for readers to choose.
    pub allowed: Vec<String>,
}

/// What may stand there, in words; of names of time zones only the first.
fn allowed_words(allowed: &[String]) -> String {
    match allowed.get(..MOST_NAMED) {
        _ if allowed.is_empty() => "leave it out".to_owned(),
        Some(first) if first.len() < allowed.len() => format!("use {} …", first.join(", ")),
        _ => format!("use {}", allowed.join(", ")),
    }
}

impl Wish {
    /// Takes a field of a form; others are not for it.
    pub fn read(&mut self, name: &str, value: &str) {
        let value = value.to_owned();
        match name {
            "topics" if self.topics.len() <= MOST_TOPICS => self.topics.push(value),
            "rhythm" => self.rhythm = Some(value),
            "hour" => self.hour = Some(value),
            "time_zone" => self.time_zone = Some(value),
            _ => {}
        }
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        let said = [self.rhythm.as_ref(), self.hour.as_ref(), self.time_zone.as_ref()];
        self.topics.iter().all(|topic| topic.trim().is_empty())
            && said.into_iter().all(|field| said_in(field).is_none())
    }

    /// The shape that is asked for, if the newsletter offers it. `zone` finds a time zone by its name, or says which names
    /// there are.
    pub fn shape(
        &self,
        newsletter: &Newsletter,
        zone: impl FnOnce(&str) -> Result<TimeZone, Vec<String>>,
    ) -> Result<Shape, NotOffered> {
        let choices = newsletter.choices.as_ref();
        let topics = self.topics(choices.map_or(&[], |choices| &choices.topics))?;
        let rhythm = self.rhythm(choices)?;
        let has_hours = choices.is_some_and(|choices| choices.has_hours);
        let hour = self.hour(has_hours)?.unwrap_or_else(|| newsletter.schedule.line().first_hour());
        let zone = self.time_zone(has_hours, zone)?.unwrap_or_else(|| newsletter.time_zone().clone());
        Ok(Shape::new(rhythm, (hour, &zone), &topics))
    }

    fn topics(&self, offered: &[String]) -> Result<Vec<String>, NotOffered> {
        let said = self.topics.iter().map(|topic| label_key(topic)).filter(|topic| !topic.is_empty());
        let said: Vec<String> = said.take(MOST_TOPICS + 1).collect();
        let is_offered = |topic: &String| offered.iter().any(|own| label_key(own) == *topic);
        if said.len() > MOST_TOPICS || !said.iter().all(is_offered) {
            return Err(NotOffered { field: Field::Topics, allowed: offered.to_vec() });
        }
        Ok(said)
    }

    fn rhythm(&self, choices: Option<&Choices>) -> Result<Rhythm, NotOffered> {
        let Some(said) = said_in(self.rhythm.as_ref()) else { return Ok(Rhythm::Newsletter) };
        let offered: Vec<Rhythm> =
            choices.map_or_else(|| vec![Rhythm::Newsletter], |choices| choices.rhythms().collect());
        let allowed = || offered.iter().map(|rhythm| rhythm.as_str().to_owned()).collect();
        let found = Rhythm::find(said).filter(|rhythm| offered.contains(rhythm));
        found.ok_or_else(|| NotOffered { field: Field::Rhythm, allowed: allowed() })
    }

    fn hour(&self, is_offered: bool) -> Result<Option<u8>, NotOffered> {
        let Some(said) = said_in(self.hour.as_ref()) else { return Ok(None) };
        let hour = said.parse().ok().filter(|hour| is_offered && *hour < 24);
        let allowed =
            || if is_offered { (0..24).map(|hour: u8| hour.to_string()).collect() } else { Vec::new() };
        hour.map(Some).ok_or_else(|| NotOffered { field: Field::Hour, allowed: allowed() })
    }

    fn time_zone(
        &self,
        is_offered: bool,
        zone: impl FnOnce(&str) -> Result<TimeZone, Vec<String>>,
    ) -> Result<Option<TimeZone>, NotOffered> {
        let Some(said) = said_in(self.time_zone.as_ref()) else { return Ok(None) };
        let found = if is_offered { zone(said) } else { Err(Vec::new()) };
        found.map(Some).map_err(|allowed| NotOffered { field: Field::TimeZone, allowed })
    }
}

impl From<&Shape> for Wish {
    /// The wish that becomes this shape.
    fn from(shape: &Shape) -> Self {
        let hour = shape.hour();
        Self {
            topics: shape.topics().map(str::to_owned).collect(),
            rhythm: Some(shape.rhythm().as_str().to_owned()),
            hour: hour.map(|(hour, _)| hour.to_string()),
            time_zone: hour.map(|(_, zone)| zone.to_owned()),
        }
    }
}

fn said_in(field: Option<&String>) -> Option<&str> {
    field.map(|text| text.trim()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use jiff::civil::Weekday;

    use super::*;
    use crate::model::schedule::Schedule;
    use crate::model::time::Timestamp;

    fn zone(name: &str) -> Result<TimeZone, Vec<String>> {
        TimeZone::get(name).map_err(|_| vec!["Asia/Kathmandu".to_owned()])
    }

    fn newsletter(choices: Option<Choices>) -> Newsletter {
        let schedule = Schedule::new("30 6,18 * * *".parse().unwrap(), zone("Europe/Berlin").unwrap());
        Newsletter { schedule, choices, ..Newsletter::sample() }
    }

    fn choosy() -> Newsletter {
        let topics = ["Politik", "Kultur"].map(str::to_owned).to_vec();
        let rhythms = vec![Rhythm::Daily, Rhythm::Weekly];
        newsletter(Some(Choices { topics, rhythms, has_hours: true, weekly_on: Weekday::Friday }))
    }

    fn wish(topics: &[&str], [rhythm, hour, time_zone]: [&str; 3]) -> Wish {
        let [rhythm, hour, time_zone] = [rhythm, hour, time_zone].map(|text| Some(text.to_owned()));
        Wish { topics: topics.iter().map(|topic| (*topic).to_owned()).collect(), rhythm, hour, time_zone }
    }

    #[test]
    fn a_wish_becomes_one_shape_however_it_is_written() {
        for (topics, fields, expected) in [
            (&[][..], ["", "", ""], "as the newsletter goes out"),
            (&["", " "], ["newsletter", "9", "Asia/Tokyo"], "as the newsletter goes out"),
            (
                &["politik", "Kultur", "POLITIK "],
                ["", "", ""],
                "as the newsletter goes out, of kultur and politik",
            ),
            (&["Kultur"], ["daily", "", ""], "daily at 6:00 in Europe/Berlin, of kultur"),
            (&[], [" weekly ", "08", "asia/kathmandu"], "weekly at 8:00 in Asia/Kathmandu"),
        ] {
            let shape = wish(topics, fields).shape(&choosy(), zone).unwrap();
            assert_eq!(shape.to_string(), expected, "{topics:?} {fields:?}");
            assert_eq!(shape.is_plain(), expected == "as the newsletter goes out");
        }
        assert!(wish(&[" "], ["", " ", ""]).is_empty());
        assert!(!wish(&[], ["", "7", ""]).is_empty());
    }

    #[test]
    fn what_is_not_offered_is_named_with_what_is() {
        let hours = (0..24).map(|hour| hour.to_string()).collect::<Vec<_>>().join(", ");
        for (topics, fields, expected) in [
            (&["Sport"][..], ["", "", ""], "topics is not offered: use Politik, Kultur"),
            (&[], ["each_article", "", ""], "rhythm is not offered: use newsletter, daily, weekly"),
            (&[], ["monthly", "", ""], "rhythm is not offered: use newsletter, daily, weekly"),
            (&[], ["daily", "24", ""], &format!("hour is not offered: use {hours}")),
            (&[], ["daily", "-1", ""], &format!("hour is not offered: use {hours}")),
            (&[], ["daily", "7", "Mars/Olympus"], "time_zone is not offered: use Asia/Kathmandu"),
        ] {
            let refused = wish(topics, fields).shape(&choosy(), zone).unwrap_err();
            assert_eq!(refused.to_string(), expected);
        }
        for (topics, fields, expected) in [
            (&["Politik"][..], ["", "", ""], "topics is not offered: leave it out"),
            (&[], ["daily", "", ""], "rhythm is not offered: use newsletter"),
            (&[], ["", "7", ""], "hour is not offered: leave it out"),
            (&[], ["", "", "Asia/Tokyo"], "time_zone is not offered: leave it out"),
        ] {
            let refused = wish(topics, fields).shape(&newsletter(None), zone).unwrap_err();
            assert_eq!(refused.to_string(), expected);
        }
    }

    /// Zone; rhythm; hour; after; the next ticks. Moments are in UTC.
    const TICKS: &[(&str, &str, &str, &str, &[&str])] = &[
        ("Asia/Kathmandu", "daily", "8", "2026-01-05T00:00", &["2026-01-05T02:15", "2026-01-06T02:15"]),
        ("Asia/Kathmandu", "weekly", "8", "2026-01-05T00:00", &["2026-01-09T02:15", "2026-01-16T02:15"]),
        (
            "Australia/Lord_Howe",
            "daily",
            "2",
            "2026-10-02T12:00",
            &["2026-10-02T15:30", "2026-10-03T15:30", "2026-10-04T15:00"],
        ),
        (
            "Australia/Lord_Howe",
            "daily",
            "2",
            "2026-04-03T12:00",
            &["2026-04-03T15:00", "2026-04-04T15:30", "2026-04-05T15:30"],
        ),
        (
            "Africa/Casablanca",
            "daily",
            "2",
            "2026-02-14T00:00",
            &["2026-02-14T01:00", "2026-02-15T01:00", "2026-02-16T02:00"],
        ),
        (
            "Europe/Berlin",
            "daily",
            "2",
            "2026-03-27T12:00",
            &["2026-03-28T01:00", "2026-03-29T01:00", "2026-03-30T00:00"],
        ),
        ("Europe/Berlin", "daily", "2", "2026-10-24T12:00", &["2026-10-25T00:00", "2026-10-26T01:00"]),
    ];

    #[test]
    fn an_hour_follows_the_clocks_of_its_zone() {
        let at = |text: &str| format!("{text}:00Z").parse::<Timestamp>().unwrap();
        for (name, rhythm, hour, after, expected) in TICKS {
            let shape = wish(&[], [rhythm, hour, name]).shape(&choosy(), zone).unwrap();
            let schedule = shape.schedule(&choosy(), |name| zone(name).ok()).unwrap();
            let ticks: Vec<_> = schedule.ticks_after(at(after)).take(expected.len()).collect();
            assert_eq!(
                ticks,
                expected.iter().map(|text| at(text)).collect::<Vec<_>>(),
                "{name} {rhythm} {hour}"
            );
        }
    }
}
