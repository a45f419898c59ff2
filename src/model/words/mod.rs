//! The fixed words that readers see, and numbers and dates, in the language of who reads them.
//!
//! Every word of a digest, a notice, a confirmation or a page that no editor wrote stands in a message file
//! ([Fluent](https://projectfluent.org)) of `templates/words`, or in one of the operator's. Code reads a message by the field
//! of its name: see [`catalogue`].

mod catalogue;
mod dates;
mod figures;
mod file;
mod message;
mod speech;
mod vocabulary;

use super::language::Direction;
use super::time::Timestamp;

pub use catalogue::{Asked, ErrandWords, ManageWords, PageWords, Said, SearchWords, Words};
pub use dates::Dates;
pub use file::Flaw;
pub use message::{Count, Sentence};
pub use vocabulary::{Unsaid, Vocabulary};

impl Words {
    /// BCP 47 tag.
    pub fn language(&self) -> &str {
        &self.speech.language
    }

    /// Which way the language is written.
    pub fn direction(&self) -> Direction {
        Direction::of_language(self.language())
    }

    /// "No. 12".
    pub fn edition(&self, number: impl Into<i64>) -> String {
        self.number.with(&self.speech.figures.plain(number.into()))
    }

    /// `text` within a line of this language: a text that runs the other way ends with a mark, so that numbers and
    /// points after it stay where they belong.
    pub fn embed(&self, text: &str) -> String {
        let (mark, runs_against): (_, fn(char) -> bool) = match self.direction() {
            Direction::Ltr => ('\u{200E}', is_right_to_left),
            Direction::Rtl => ('\u{200F}', |c| c.is_alphabetic() && !is_right_to_left(c)),
        };
        if text.chars().any(runs_against) { format!("{text}{mark}") } else { text.to_owned() }
    }

    /// "Ada, Ben and Cleo", each [embedded](Self::embed).
    pub fn list_names(&self, names: &[String]) -> String {
        let mut list = String::new();
        for (index, name) in names.iter().map(|name| self.embed(name)).enumerate() {
            list = match index {
                0 => name,
                _ if index + 1 == names.len() => self.names_last.with_all([&list, &name]),
                _ => self.names_next.with_all([&list, &name]),
            };
        }
        list
    }
}

/// The day that a moment falls on in a zone.
pub fn day(moment: Timestamp, zone: &jiff::tz::TimeZone) -> jiff::civil::Date {
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

    fn words(language: &str) -> &'static Words {
        Vocabulary::built_in().of([language])
    }

    #[test]
    fn dates_are_written_as_the_language_does() {
        for (language, first, later) in [
            ("en", "Sunday, 1 March 2026", "24 November"),
            ("de", "Sonntag, 1. März 2026", "24. November"),
            ("fr", "dimanche 1er mars 2026", "24 novembre"),
            ("es", "domingo, 1 de marzo de 2026", "24 de noviembre"),
            ("ar", "الأحد، ١ مارس ٢٠٢٦", "٢٤ نوفمبر"),
            ("ar-MA", "الأحد، 1 مارس 2026", "24 نوفمبر"),
            ("fa", "یکشنبه ۱۰ اسفند ۱۴۰۴", "۳ آذر"),
            ("ja", "2026年3月1日日曜日", "11月24日"),
        ] {
            let dates = &words(language).dates;
            assert_eq!(dates.with_weekday(date(2026, 3, 1)), first);
            assert_eq!(dates.short(date(2026, 11, 24), date(2026, 12, 1)), later);
            assert!(
                dates.short(date(2024, 11, 24), date(2026, 3, 1)) == dates.long(date(2024, 11, 24)),
                "{language}"
            );
        }
    }

    #[test]
    fn numbers_take_their_form() {
        for (language, count, expected) in [
            ("en", 1, "and 1 more on the web"),
            ("en", 2000, "and 2,000 more on the web"),
            ("de", 1, "und 1 weiterer Artikel im Web"),
            ("de", 12, "und 12 weitere Artikel im Web"),
            ("fr", 1, "et 1 autre article sur le web"),
            ("fr", 3, "et 3 autres articles sur le web"),
            ("es", 1, "y 1 artículo más en la web"),
            ("es", 4, "y 4 artículos más en la web"),
            ("ar", 1, "ومقال آخر على الموقع"),
            ("ar", 2, "ومقالان آخران على الموقع"),
            ("ar", 5, "و٥ مقالات أخرى على الموقع"),
            ("ar", 11, "و١١ مقالًا آخر على الموقع"),
            ("ar", 100, "و١٠٠ مقال آخر على الموقع"),
            ("fa", 5, "و ۵ مطلب دیگر در وب"),
            ("ja", 5, "ほか5本の記事をウェブで読む"),
        ] {
            assert_eq!(words(language).more_on_the_web.of(count), expected);
        }
        assert_eq!(words("en").edition(1234), "No. 1234");
        assert_eq!(words("fa").edition(12), "شمارهٔ ۱۲");
    }

    #[test]
    fn names_are_listed_and_keep_their_direction() {
        let names = |list: &[&str]| list.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let english = words("en");
        assert_eq!(english.list_names(&[]), "");
        assert_eq!(english.list_names(&names(&["Ada"])), "Ada");
        assert_eq!(english.list_names(&names(&["Ada", "Ben", "Cleo"])), "Ada, Ben and Cleo");
        assert_eq!(english.list_names(&names(&["Ada", "ليلى"])), "Ada and ليلى\u{200E}");
        assert_eq!(words("ar").list_names(&names(&["ليلى", "Ada"])), "ليلى وAda\u{200F}");
        assert_eq!(words("ja").list_names(&names(&["湊", "葵", "蓮"])), "湊、葵、蓮");
    }

    #[test]
    fn what_is_put_into_a_message_is_not_marked() {
        let why = &words("ar").why;
        assert_eq!(why.with("X { $title }"), "تصلك هذه الرسالة لأنك مشترك في X { $title }.");
        assert_eq!(why.around(), ("تصلك هذه الرسالة لأنك مشترك في ".to_owned(), ".".to_owned()));
    }
}
