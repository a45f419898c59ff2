//! The fixed words that readers see, and dates, in the language of who reads them.
//!
//! Every word of a digest, a confirmation or a page that no editor wrote comes from here.

mod arabic;
mod english;
mod french;
mod german;
mod page;
mod plural;
mod spanish;

use jiff::civil::Date;

use crate::model::language::Direction;
use crate::model::time::Timestamp;

pub use page::{Asked, ErrandWords, ManageWords, PageWords, PersonalWords, Said};
pub use plural::{Category, Forms, Rule};

/// The fixed words of one language. A sentence with a place for something has `{}` there.
#[derive(Debug)]
pub struct Words {
    /// BCP 47 tag.
    pub language: &'static str,
    /// Which way it is written.
    pub direction: Direction,
    /// Which of several forms goes with a number.
    pub plural: Rule,
    /// How dates are written.
    pub dates: Dates,
    /// The number of an edition: "No. 12".
    pub number: Sentence,
    /// The link to the edition's page.
    pub view_in_browser: &'static str,
    /// Before the names of the sections, where there are many articles.
    pub inside: Sentence,
    /// The section of articles that have none.
    pub also: &'static str,
    /// The link to a recording.
    pub listen: &'static str,
    /// The link to a film.
    pub watch: &'static str,
    /// Which other sources tell the same story, after the name of the first.
    pub also_in: Sentence,
    /// Who wrote an article.
    pub by: Sentence,
    /// Between names, and between the last two.
    pub name_separators: [&'static str; 2],
    /// Reading time.
    pub minutes: Forms,
    /// The link to the articles that had no room.
    pub more_on_the_web: Forms,
    /// Why a subscriber gets this mail; the place is the newsletter's title.
    pub why: Sentence,
    /// The link out.
    pub unsubscribe: &'static str,
    /// The link to all editions.
    pub archive: &'static str,
    /// Before the links to the feeds.
    pub feeds: &'static str,
    /// Over an edition that is a test.
    pub test: &'static str,
    /// The mail that asks to confirm a subscription.
    pub confirmation: Confirmation,
    /// The pages.
    pub page: PageWords,
}

/// The words of the mail that asks to confirm a subscription. The place in a sentence is the newsletter's title.
#[derive(Debug)]
pub struct Confirmation {
    /// Subject and heading.
    pub subject: Sentence,
    /// What happened, and what to do.
    pub request: Sentence,
    /// The button.
    pub confirm: &'static str,
    /// Before the address of the button's page, for who cannot press it.
    pub address: &'static str,
    /// What follows if it was somebody else.
    pub otherwise: &'static str,
    /// Why this mail came, at its foot; the place is the publication's title.
    pub why: Sentence,
}

/// How a language writes dates.
#[derive(Debug)]
pub struct Dates {
    /// From Monday on.
    pub weekdays: [&'static str; 7],
    /// From January on, as they stand within a date.
    pub months: [&'static str; 12],
    /// The first of a month, where it is not "1".
    pub first: Option<&'static str>,
    /// With `{weekday}`, `{day}`, `{month}` and `{year}`.
    pub with_weekday: &'static str,
    /// With `{day}`, `{month}` and `{year}`.
    pub long: &'static str,
    /// With `{day}` and `{month}`.
    pub short: &'static str,
}

/// A sentence with one place, written `{}`.
#[derive(Clone, Copy, Debug)]
pub struct Sentence(pub &'static str);

const ALL: &[&Words] = &[&english::WORDS, &german::WORDS, &french::WORDS, &spanish::WORDS, &arabic::WORDS];

impl Words {
    /// The words of a language, if there are any.
    pub fn find(language: &str) -> Option<&'static Self> {
        let primary = language.trim().split(['-', '_']).next().unwrap_or_default();
        ALL.iter().find(|words| words.language.eq_ignore_ascii_case(primary)).copied()
    }

    /// The languages that there are words in.
    pub fn languages() -> impl Iterator<Item = &'static str> {
        ALL.iter().map(|words| words.language)
    }

    /// The words of a language, else the English ones.
    pub fn of(language: &str) -> &'static Self {
        Self::find(language).unwrap_or(&english::WORDS)
    }

    /// `text` within a line of this language: a text that runs the other way ends with a mark, so that numbers and
    /// points after it stay where they belong.
    pub fn embed(&self, text: &str) -> String {
        let (mark, runs_against): (_, fn(char) -> bool) = match self.direction {
            Direction::Ltr => ('\u{200E}', is_right_to_left),
            Direction::Rtl => ('\u{200F}', |c| c.is_alphabetic() && !is_right_to_left(c)),
        };
        if text.chars().any(runs_against) { format!("{text}{mark}") } else { text.to_owned() }
    }

    /// "Ada, Ben and Cleo", each [embedded](Self::embed).
    pub fn list_names(&self, names: &[String]) -> String {
        let names: Vec<String> = names.iter().map(|name| self.embed(name)).collect();
        let [between, before_last] = self.name_separators;
        match names.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, rest)) => format!("{}{before_last}{last}", rest.join(between)),
            None => String::new(),
        }
    }

    /// How many minutes something takes to read.
    pub fn reading_time(&self, minutes: usize) -> String {
        self.minutes.count(minutes, self.plural)
    }

    /// That there are `count` more articles on the web.
    pub fn more(&self, count: usize) -> String {
        self.more_on_the_web.count(count, self.plural)
    }
}

impl Dates {
    /// "Tuesday, 24 November 2026".
    pub fn with_weekday(&self, date: Date) -> String {
        self.fill(self.with_weekday, date)
    }

    /// "24 November 2026".
    pub fn long(&self, date: Date) -> String {
        self.fill(self.long, date)
    }

    /// "24 November", with the year if it is not that of `today`.
    pub fn short(&self, date: Date, today: Date) -> String {
        let pattern = if date.year() == today.year() { self.short } else { self.long };
        self.fill(pattern, date)
    }

    fn fill(&self, pattern: &str, date: Date) -> String {
        let weekday = self.weekdays[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())];
        let month = self.months[usize::from(date.month().unsigned_abs()) - 1];
        let day =
            self.first.filter(|_| date.day() == 1).map_or_else(|| date.day().to_string(), str::to_owned);
        pattern
            .replace("{weekday}", weekday)
            .replace("{day}", &day)
            .replace("{month}", month)
            .replace("{year}", &date.year().to_string())
    }
}

impl Sentence {
    /// The sentence with `value` in its place.
    pub fn with(self, value: &str) -> String {
        let (before, after) = self.parts();
        format!("{before}{value}{after}")
    }

    /// What stands before the place and after it.
    pub fn parts(self) -> (&'static str, &'static str) {
        self.0.split_once("{}").unwrap_or((self.0, ""))
    }
}

/// The day that a moment falls on in a zone.
pub fn day(moment: Timestamp, zone: &jiff::tz::TimeZone) -> Date {
    zone.to_datetime(moment.to_jiff()).date()
}

fn is_right_to_left(character: char) -> bool {
    matches!(character, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}'
        | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_language_is_found_by_its_primary_tag_and_english_stands_in() {
        for (tag, expected) in [
            ("en-GB", "en"),
            ("DE_at", "de"),
            ("fr", "fr"),
            ("es-419", "es"),
            ("ar", "ar"),
            ("nl", "en"),
            ("", "en"),
        ] {
            assert_eq!(Words::of(tag).language, expected, "{tag}");
        }
    }

    #[test]
    fn dates_are_written_as_the_language_does() {
        for (language, first, later) in [
            ("en", "Sunday, 1 March 2026", "24 November"),
            ("de", "Sonntag, 1. März 2026", "24. November"),
            ("fr", "dimanche 1er mars 2026", "24 novembre"),
            ("es", "domingo, 1 de marzo de 2026", "24 de noviembre"),
            ("ar", "الأحد، 1 مارس 2026", "24 نوفمبر"),
        ] {
            let dates = &Words::of(language).dates;
            assert_eq!(dates.with_weekday(date(2026, 3, 1)), first);
            assert_eq!(dates.short(date(2026, 11, 24), date(2026, 3, 1)), later);
            assert!(dates.short(date(2025, 11, 24), date(2026, 3, 1)).contains("2025"), "{language}");
        }
    }

    #[test]
    fn numbers_take_their_form() {
        for (language, count, expected) in [
            ("en", 1, "and 1 more on the web"),
            ("en", 2, "and 2 more on the web"),
            ("de", 1, "und 1 weiterer Artikel im Web"),
            ("de", 12, "und 12 weitere Artikel im Web"),
            ("fr", 1, "et 1 autre article sur le web"),
            ("fr", 3, "et 3 autres articles sur le web"),
            ("es", 1, "y 1 artículo más en la web"),
            ("es", 4, "y 4 artículos más en la web"),
            ("ar", 1, "ومقال آخر على الموقع"),
            ("ar", 2, "ومقالان آخران على الموقع"),
            ("ar", 5, "و5 مقالات أخرى على الموقع"),
            ("ar", 11, "و11 مقالًا آخر على الموقع"),
            ("ar", 100, "و100 مقال آخر على الموقع"),
        ] {
            assert_eq!(Words::of(language).more(count), expected);
        }
    }

    #[test]
    fn names_are_listed_and_keep_their_direction() {
        let names = |list: &[&str]| list.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let english = Words::of("en");
        assert_eq!(english.list_names(&[]), "");
        assert_eq!(english.list_names(&names(&["Ada"])), "Ada");
        assert_eq!(english.list_names(&names(&["Ada", "Ben", "Cleo"])), "Ada, Ben and Cleo");
        assert_eq!(english.list_names(&names(&["Ada", "ليلى"])), "Ada and ليلى\u{200E}");
        assert_eq!(Words::of("ar").list_names(&names(&["ليلى", "Ada"])), "ليلى وAda\u{200F}");
    }

    #[test]
    fn every_sentence_has_one_place() {
        for words in ALL {
            let confirmation = &words.confirmation;
            let sentences = [
                words.number,
                words.inside,
                words.by,
                words.why,
                confirmation.subject,
                confirmation.request,
                confirmation.why,
                words.page.manage.paused,
                words.page.personal.yours,
                words.page.personal.confirm.title,
                words.page.personal.why,
            ];
            let personal = &words.page.personal;
            let mails = [&personal.link_mail, &personal.new_mail, &personal.old_mail];
            let mails = mails.iter().flat_map(|mail| [mail.subject, mail.request]);
            for sentence in sentences.into_iter().chain(mails) {
                assert_eq!(sentence.0.matches("{}").count(), 1, "{}: {}", words.language, sentence.0);
            }
        }
    }
}
