//! `[newsletter.choices]`: what readers may choose of a newsletter.

use jiff::civil::Weekday;

use super::problem::Fault;
use super::section::Section;
use super::source::words;
use super::suggest::did_you_mean;
use super::text::Text;
use crate::model::shape::{Choices, Rhythm};

/// The keys of `[newsletter.choices]`.
pub(super) const KEYS: &[&str] = &["topics", "rhythms", "hours", "weekly_on"];

/// A list that is longer is no choice any more.
const MOST_TOPICS: usize = 100;

/// The newsletter's own rhythm is always offered.
const RHYTHMS: [Rhythm; 3] = [Rhythm::EachArticle, Rhythm::Daily, Rhythm::Weekly];

const WEEKDAYS: &[(&str, Weekday)] = &[
    ("MON", Weekday::Monday),
    ("TUE", Weekday::Tuesday),
    ("WED", Weekday::Wednesday),
    ("THU", Weekday::Thursday),
    ("FRI", Weekday::Friday),
    ("SAT", Weekday::Saturday),
    ("SUN", Weekday::Sunday),
];

/// What the readers of a newsletter may choose, if that is anything.
pub(super) fn read(newsletter: &Section<'_>) -> Option<Choices> {
    let section = newsletter.section("choices", KEYS)?;
    let topics = words(&section, "topics");
    let excluded = words(newsletter, "exclude_tags");
    for topic in topics.iter().filter(|topic| excluded.iter().any(|tag| tag.is_like(&topic.value))) {
        let fault = Fault::new(format!("{} is offered, and its articles are excluded", topic.shown()));
        section.note_at(topic, "topics", fault.help("take it out of topics or of exclude_tags"));
    }
    if topics.len() > MOST_TOPICS {
        section.note("topics", Fault::new(format!("there are more than {MOST_TOPICS} topics")));
    }
    let rhythms = rhythms(&section);
    let has_hours = section.flag("hours").unwrap_or_default();
    if has_hours && !rhythms.iter().any(|rhythm| rhythm.is_none_or(Rhythm::has_hour)) {
        let fault = Fault::new("an hour belongs to the rhythms daily and weekly, and neither is offered");
        section.note("hours", fault.help("write rhythms = [\"daily\"], or leave hours out"));
    }
    let weekly_on = section.choice("weekly_on", WEEKDAYS).unwrap_or(Weekday::Monday);
    if topics.is_empty() && rhythms.is_empty() {
        let fault = Fault::new("nothing is offered here");
        section
            .note_absent(fault.help(
                "write topics = [\"Politics\", …] or rhythms = [\"daily\", …], or leave the table out",
            ));
    }
    let topics = topics.into_iter().map(|topic| topic.value).collect();
    Some(Choices { topics, rhythms: rhythms.into_iter().flatten().collect(), has_hours, weekly_on })
}

/// Each rhythm once; `None` for what is none.
fn rhythms(section: &Section<'_>) -> Vec<Option<Rhythm>> {
    let mut rhythms = Vec::new();
    for text in section.texts("rhythms") {
        let rhythm = section.noted_at(text.span.clone(), "rhythms", rhythm(&text));
        if !rhythms.contains(&rhythm) {
            rhythms.push(rhythm);
        }
    }
    rhythms
}

fn rhythm(text: &Text) -> Result<Rhythm, Fault> {
    let found = RHYTHMS.into_iter().find(|rhythm| rhythm.as_str() == text.as_str());
    found.ok_or_else(|| {
        Fault::new(format!("{} is not possible here", text.shown()))
            .help(did_you_mean(&text.written, &RHYTHMS.map(Rhythm::as_str)))
    })
}
