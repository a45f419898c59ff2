//! The fields in which readers choose what they want of a newsletter.

use crate::model::newsletter::Newsletter;
use crate::model::shape::{Choices, Field, NotOffered, Rhythm, Wish};
use crate::model::text::line;
use crate::model::words::Words;

/// The fields of a newsletter, filled as its reader filled them, or with what they have.
pub(super) struct Choose {
    /// What distinguishes its elements from those of others on the page.
    pub id: String,
    pub topics: Vec<Choosable>,
    pub rhythms: Vec<Choosable>,
    pub clock: Option<Clock>,
    /// Which field is wrong, and what may stand there.
    pub fault: Option<(Field, String)>,
}

/// Something that can be ticked or taken from a list.
pub(super) struct Choosable {
    pub value: String,
    pub text: String,
    pub is_chosen: bool,
}

/// The fields for an hour on the reader's clocks.
pub(super) struct Clock {
    pub hours: Vec<Choosable>,
    /// The one of them that is chosen.
    pub hour: u8,
    pub zone: String,
    /// Whether the reader has not said their zone, and their browser may.
    pub is_guess: bool,
}

impl Choose {
    /// The fields of a newsletter that offers a choice, with what is wrong in them.
    pub fn of(
        newsletter: &Newsletter,
        words: &Words,
        wish: &Wish,
        fault: Option<&NotOffered>,
    ) -> Option<Self> {
        let choices = newsletter.choices.as_ref()?;
        Some(Self {
            id: newsletter.slug.to_string(),
            topics: topics(choices, wish),
            rhythms: rhythms(choices, words, wish),
            clock: choices.has_hours.then(|| Clock::of(newsletter, wish)),
            fault: fault.map(|fault| (fault.field, told(words, fault))),
        })
    }

    /// Whether this field is wrong.
    pub fn is_wrong(&self, field: &str) -> bool {
        self.fault.as_ref().is_some_and(|(wrong, _)| wrong.as_str() == field)
    }
}

impl Clock {
    fn of(newsletter: &Newsletter, wish: &Wish) -> Self {
        let first = newsletter.schedule.line().first_hour();
        let chosen = wish.hour.as_deref().and_then(|hour| hour.trim().parse().ok()).unwrap_or(first);
        let hour = |hour: u8| Choosable {
            value: hour.to_string(),
            text: format!("{hour:02}:00"),
            is_chosen: hour == chosen,
        };
        let zone = wish.time_zone.as_deref().map(line).filter(|zone| !zone.is_empty());
        Self {
            hours: (0..24).map(hour).collect(),
            hour: chosen,
            is_guess: zone.is_none(),
            zone: zone.unwrap_or_else(|| newsletter.time_zone().iana_name().unwrap_or("UTC").to_owned()),
        }
    }
}

fn topics(choices: &Choices, wish: &Wish) -> Vec<Choosable> {
    let is_chosen =
        |topic: &str| wish.topics.iter().any(|own| own.trim().to_lowercase() == topic.to_lowercase());
    let choosable =
        |topic: &String| Choosable { value: topic.clone(), text: line(topic), is_chosen: is_chosen(topic) };
    choices.topics.iter().map(choosable).collect()
}

/// The rhythms, where there is more than one.
fn rhythms(choices: &Choices, words: &Words, wish: &Wish) -> Vec<Choosable> {
    if choices.rhythms.is_empty() {
        return Vec::new();
    }
    let chosen = wish.rhythm.as_deref().and_then(Rhythm::find).unwrap_or(Rhythm::Newsletter);
    let text = |rhythm| match rhythm {
        Rhythm::Newsletter => &words.choose.newsletter,
        Rhythm::EachArticle => &words.choose.each_article,
        Rhythm::Daily => &words.choose.daily,
        Rhythm::Weekly => &words.choose.weekly,
    };
    let choosable = |rhythm: Rhythm| Choosable {
        value: rhythm.as_str().to_owned(),
        text: text(rhythm).clone(),
        is_chosen: rhythm == chosen,
    };
    choices.rhythms().map(choosable).collect()
}

/// What is wrong, in the words of the page.
pub(super) fn told(words: &Words, fault: &NotOffered) -> String {
    let choose = &words.choose;
    let name = match fault.field {
        Field::Topics => &choose.topics,
        Field::Rhythm => &choose.rhythm,
        Field::Hour => &choose.hour,
        Field::TimeZone => return choose.bad_zone.clone(),
    };
    choose.bad.with_all([name, &words.list_names(&fault.allowed)])
}
