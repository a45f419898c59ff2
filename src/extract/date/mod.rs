//! Dates as the world writes them.

mod address;
mod calendar;
mod names;
mod tokens;

pub use address::in_address;

use crate::model::time::Timestamp;

/// Which number comes first where a date such as `03/04/2026` does not tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// 4 March, as in the United States, and as feeds mostly mean it.
    #[default]
    MonthFirst,
    /// 3 April, as everywhere else.
    DayFirst,
}

impl Order {
    /// The order of a language, by its BCP 47 tag: `en` alone, `en-US` and the like put the month first.
    pub fn of_language(tag: &str) -> Self {
        let tag = tag.trim().to_ascii_lowercase().replace('_', "-");
        if matches!(tag.as_str(), "" | "en" | "en-us" | "en-ph" | "es-us") {
            Self::MonthFirst
        } else {
            Self::DayFirst
        }
    }
}

/// The moment that a text names: RFC 3339 and its relatives, RFC 2822, asctime, `2026-03-03 07:00:00`,
/// `23.11.2026`, month names of some thirty languages, seconds or milliseconds since 1970.
///
/// Without a zone it is UTC, without a time it is midnight. `None` if it names none, an impossible one, or an
/// absurd one (before 1901, after 2099, or the zero of a database).
pub fn parse(text: &str) -> Option<Timestamp> {
    parse_in(text, Order::default())
}

/// [`parse`] for a text of a known language.
pub fn parse_in(text: &str, order: Order) -> Option<Timestamp> {
    let reading = read(text, order)?;
    (reading.strange_words <= TOLERATED_WORDS).then_some(reading.moment)
}

/// The moment that a line of a page names if the line says nothing else.
pub fn parse_alone(text: &str, order: Order) -> Option<Timestamp> {
    let is_number = text.trim().chars().all(|character| character.is_numeric() || character == '.');
    let reading = read(text, order).filter(|reading| reading.strange_words == 0)?;
    (!is_number || text.contains('.')).then_some(reading.moment)
}

/// Whether a word names a month or a day of the week.
pub fn is_calendar_word(word: &str) -> bool {
    const SHORTEST: usize = 4;
    let folded = super::text::fold(word.trim_matches(|character: char| !character.is_alphabetic()));
    folded.chars().count() >= SHORTEST && (names::month(&folded).is_some() || names::is_filler(&folded))
}

/// The moment of a number in a database: seconds since 1970, or milli-, micro- or nanoseconds, told apart by
/// size; also `20260303` and `20260303070000`. Small numbers are no moments.
pub fn from_number(number: i64) -> Option<Timestamp> {
    if let Some(moment) = calendar::from_digits(number) {
        return Some(moment);
    }
    let seconds = match number.unsigned_abs() {
        0..100_000_000 => return None,
        100_000_000..100_000_000_000 => number,
        100_000_000_000..100_000_000_000_000 => number.div_euclid(1_000),
        100_000_000_000_000..100_000_000_000_000_000 => number.div_euclid(1_000_000),
        _ => number.div_euclid(1_000_000_000),
    };
    calendar::plausible(Timestamp::from_unix(seconds))
}

/// How many unknown words a date may hold: the weekday, say, of a language not in the tables.
const TOLERATED_WORDS: usize = 1;

/// Longer than any date.
const MAX_LENGTH: usize = 120;

struct Reading {
    moment: Timestamp,
    strange_words: usize,
}

fn read(text: &str, order: Order) -> Option<Reading> {
    let text = text.trim();
    if text.is_empty() || text.len() > MAX_LENGTH {
        return None;
    }
    let whole = text.split_once('.').map_or(text, |(whole, fraction)| {
        if fraction.bytes().all(|byte| byte.is_ascii_digit()) { whole } else { text }
    });
    if let Ok(number) = whole.parse::<i64>() {
        return from_number(number).map(|moment| Reading { moment, strange_words: 0 });
    }
    let mut tokens = tokens::read(text);
    let time = calendar::take_time(&mut tokens);
    let (date, strange_words) = calendar::date(&tokens, order)?;
    let moment = calendar::plausible(calendar::moment(date, time?)?)?;
    Some(Reading { moment, strange_words })
}

#[cfg(test)]
mod tests {
    use super::{Order, from_number, parse, parse_alone, parse_in};

    fn read(text: &str) -> String {
        parse(text).map_or_else(|| "none".to_owned(), |moment| moment.to_string())
    }

    #[test]
    fn standard_forms_are_understood() {
        for (text, expected) in [
            ("2026-03-03T07:00:00Z", "2026-03-03T07:00:00Z"),
            ("2026-03-03T07:00:00.123456+01:00", "2026-03-03T06:00:00Z"),
            ("2026-03-03t07:00:00z", "2026-03-03T07:00:00Z"),
            ("2026-03-03T07:00-0530", "2026-03-03T12:30:00Z"),
            ("2026-03-03T07:00:00+01:00[Europe/Berlin]", "2026-03-03T06:00:00Z"),
            ("2026-03-03 07:00:00", "2026-03-03T07:00:00Z"),
            ("2026-03-03 07:00:00.000 UTC", "2026-03-03T07:00:00Z"),
            ("2026-03-03", "2026-03-03T00:00:00Z"),
            ("2026/03/03 07:00", "2026-03-03T07:00:00Z"),
            ("2026-03", "2026-03-01T00:00:00Z"),
            ("20260303T070000Z", "2026-03-03T07:00:00Z"),
            ("20260303", "2026-03-03T00:00:00Z"),
            ("20260303070000", "2026-03-03T07:00:00Z"),
            ("Tue, 03 Mar 2026 07:00:00 +0100", "2026-03-03T06:00:00Z"),
            ("Tue, 3 Mar 26 07:00 GMT", "2026-03-03T07:00:00Z"),
            ("03 Mar 2026 07:00:00 EST", "2026-03-03T12:00:00Z"),
            ("Tue Mar  3 07:00:00 2026", "2026-03-03T07:00:00Z"),
            ("Tue Mar 03 07:00:00 +0000 2026", "2026-03-03T07:00:00Z"),
            ("Tue Mar 03 2026 07:00:00 GMT+0100 (Mitteleuropäische Normalzeit)", "2026-03-03T06:00:00Z"),
            ("Sunday, 03-Mar-02 07:00:00 CET", "2002-03-03T06:00:00Z"),
            ("1772521200", "2026-03-03T07:00:00Z"),
            ("1772521200.75", "2026-03-03T07:00:00Z"),
            ("1772521200123", "2026-03-03T07:00:00Z"),
            ("Sat, 31 Dec 1994 24:00:00 GMT", "1995-01-01T00:00:00Z"),
            ("Sat, 31 Dec 2016 23:59:60 GMT", "2016-12-31T23:59:59Z"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn forms_of_many_languages_are_understood() {
        for (text, expected) in [
            ("March 3, 2026 at 2:30 pm", "2026-03-03T14:30:00Z"),
            ("3rd of March, 2026, 12:05 a.m.", "2026-03-03T00:05:00Z"),
            ("23.11.2026", "2026-11-23T00:00:00Z"),
            ("Dienstag, 3. März 2026, 14:30 Uhr", "2026-03-03T14:30:00Z"),
            ("3. Mrz 2026 14.30 Uhr", "2026-03-03T14:30:00Z"),
            ("Jänner 3, 2026", "2026-01-03T00:00:00Z"),
            ("le 1er août 2026 à 14h30", "2026-08-01T14:30:00Z"),
            ("mar. 7 avril 2026", "2026-04-07T00:00:00Z"),
            ("3 de marzo de 2026", "2026-03-03T00:00:00Z"),
            ("martedì 3 giugno 2026 ore 9:15", "2026-06-03T09:15:00Z"),
            ("dinsdag 3 maart 2026", "2026-03-03T00:00:00Z"),
            ("3 de março de 2026", "2026-03-03T00:00:00Z"),
            ("3 października 2026", "2026-10-03T00:00:00Z"),
            ("3 марта 2026 г.", "2026-03-03T00:00:00Z"),
            ("٣ مارس ٢٠٢٦", "2026-03-03T00:00:00Z"),
            ("3 آذار 2026", "2026-03-03T00:00:00Z"),
            ("3 كانون الثاني 2026", "2026-01-03T00:00:00Z"),
            ("3 كانون الأول 2026", "2026-12-03T00:00:00Z"),
            ("3 Şubat 2026 Salı", "2026-02-03T00:00:00Z"),
            ("3. maaliskuuta 2026 klo 14.30", "2026-03-03T14:30:00Z"),
            ("3 března 2026", "2026-03-03T00:00:00Z"),
            ("2026. március 3.", "2026-03-03T00:00:00Z"),
            ("3 Μαρτίου 2026", "2026-03-03T00:00:00Z"),
            ("3 במרץ 2026", "2026-03-03T00:00:00Z"),
            ("2026年3月3日 14:30", "2026-03-03T14:30:00Z"),
            ("2026년 3월 3일 오후 2:30", "2026-03-03T14:30:00Z"),
            ("3 березня 2026", "2026-03-03T00:00:00Z"),
            ("d. 3. marts 2026 kl. 14.30", "2026-03-03T14:30:00Z"),
            ("ngày 3 tháng 12 năm 2026", "2026-12-03T00:00:00Z"),
            ("3 सितंबर 2026", "2026-09-03T00:00:00Z"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_impossible_or_absurd_is_no_date() {
        for text in [
            "",
            "now",
            "2026",
            "0",
            "5",
            "-1",
            "12345",
            "0000-00-00 00:00:00",
            "0001-01-01T00:00:00Z",
            "1970-01-01T00:00:00Z",
            "2026-02-30",
            "2026-13-01",
            "2026-03-03T25:00:00Z",
            "31.04.2026",
            "9999-12-31",
            "99999999999999999999",
            "3 March",
            "14:30",
            "March",
            "1.2.3.4",
            "The bridge reopened on 3 March 2026",
            "3 March 4 April 2026",
            "2026-03-03T07:61:00Z",
            "12 March 2026 12 March 2027",
            "--//..",
            "\u{661}\u{662}",
        ] {
            assert_eq!(read(text), "none", "{text}");
        }
        assert_eq!(parse(&"1".repeat(10_000)), None);
    }

    #[test]
    fn two_small_numbers_are_read_in_the_languages_order() {
        let day_first = parse_in("03/04/2026", Order::of_language("fr")).unwrap();
        assert_eq!(day_first.to_string(), "2026-04-03T00:00:00Z");
        for (text, expected) in [
            ("03/04/2026", "2026-03-04T00:00:00Z"),
            ("23/11/2026", "2026-11-23T00:00:00Z"),
            ("11/23/26", "2026-11-23T00:00:00Z"),
            ("03.04.2026", "2026-04-03T00:00:00Z"),
            ("03-04-2026", "2026-04-03T00:00:00Z"),
            ("3.4.99", "1999-04-03T00:00:00Z"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn numbers_tell_their_unit_by_their_size() {
        for number in [1_772_521_200, 1_772_521_200_999, 1_772_521_200_000_999, 1_772_521_200_000_000_999] {
            assert_eq!(from_number(number).unwrap().to_string(), "2026-03-03T07:00:00Z", "{number}");
        }
        assert_eq!(from_number(i64::MIN), None);
    }

    #[test]
    fn a_line_that_says_more_than_a_date_is_no_date_line() {
        assert!(parse_alone("Tuesday, 3 March 2026", Order::MonthFirst).is_some());
        for line in ["Bridge 3 March 2026", "20260303", "1772521200"] {
            assert_eq!(parse_alone(line, Order::MonthFirst), None, "{line}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,130}") {
            let _ = parse(&text);
        }

        #[test]
        fn what_is_printed_is_read_back(seconds in 1_000_000_000_i64..4_000_000_000) {
            let moment = crate::model::time::Timestamp::from_unix(seconds);
            proptest::prop_assert_eq!(parse(&moment.to_string()), Some(moment));
        }

        #[test]
        fn any_number_is_read_without_panic(number in proptest::num::i64::ANY) {
            let _ = from_number(number);
        }
    }
}
