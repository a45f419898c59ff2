//! Dates as languages write them, each in the calendar that it lives by.

use jiff::civil::Date;

use super::figures::Figures;
use super::message::{Count, Entry, Reader, Sentence, joined, messages};

messages! {
    /// The messages about dates.
    Patterns {
        with_weekday: Sentence<4> = "weekday", "day", "month", "year";
        short: Sentence<2> = "day", "month";
        long: Sentence<3> = "day", "month", "year";
        day: Count = "day";
        weekday: [String; 7];
        month: [String; 12];
    }
}

/// How a language writes dates.
#[derive(Debug)]
pub struct Dates {
    patterns: Patterns,
    figures: Figures,
    calendar: Calendar,
}

/// How days are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Calendar {
    Gregorian,
    /// The Solar Hijri calendar of Iran and Afghanistan.
    Persian,
}

/// A day in a calendar.
struct Parts {
    year: i64,
    /// From 1.
    month: usize,
    /// From 1.
    day: usize,
}

impl Entry for Dates {
    fn read(reader: &mut Reader<'_>, key: &str, _: &[&'static str]) -> Self {
        Self {
            patterns: Patterns::read(reader, key, &[]),
            figures: reader.speech.figures,
            calendar: Calendar::of(&reader.speech.language),
        }
    }
}

impl Dates {
    /// "Tuesday, 24 November 2026".
    pub fn with_weekday(&self, date: Date) -> String {
        let weekday = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
        let (day, month, year) = self.parts(date);
        self.patterns.with_weekday.with_all([&self.patterns.weekday[weekday], &day, month, &year])
    }

    /// "24 November 2026".
    pub fn long(&self, date: Date) -> String {
        let (day, month, year) = self.parts(date);
        self.patterns.long.with_all([&day, month, &year])
    }

    /// "24 November", with the year if it is not that of `today`.
    pub fn short(&self, date: Date, today: Date) -> String {
        if self.calendar.parts(date).year != self.calendar.parts(today).year {
            return self.long(date);
        }
        let (day, month, _) = self.parts(date);
        self.patterns.short.with_all([&day, month])
    }

    fn parts(&self, date: Date) -> (String, &str, String) {
        let Parts { year, month, day } = self.calendar.parts(date);
        (self.patterns.day.of(day), &self.patterns.month[month - 1], self.figures.plain(year))
    }
}

impl Calendar {
    fn of(language: &str) -> Self {
        let primary = language.split('-').next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("fa") { Self::Persian } else { Self::Gregorian }
    }

    fn parts(self, date: Date) -> Parts {
        match self {
            Self::Persian => persian(date),
            Self::Gregorian => Parts {
                year: date.year().into(),
                month: usize::from(date.month().unsigned_abs()),
                day: usize::from(date.day().unsigned_abs()),
            },
        }
    }
}

/// From the beginning of a cycle, in the year -1595 of the calendar, to the end of the year -1 of ours, in days.
const DAYS_BEFORE: i64 = 355_667;

/// A day of the Solar Hijri calendar. Leap years come by a cycle of 33 years, which agrees with the calendar as it is
/// kept in Iran from 1799 to 2254.
fn persian(date: Date) -> Parts {
    const CYCLE: i64 = 12_053;
    const FOUR_YEARS: i64 = 1461;
    let (year, before) = (i64::from(date.year()), i64::from(date.year()) - 1);
    let leap_days = before / 4 - before / 100 + before / 400;
    let mut days = DAYS_BEFORE + 365 * year + leap_days + i64::from(date.day_of_year());
    let mut year = -1595 + 33 * (days / CYCLE);
    days %= CYCLE;
    year += 4 * (days / FOUR_YEARS);
    days %= FOUR_YEARS;
    if days > 365 {
        year += (days - 1) / 365;
        days = (days - 1) % 365;
    }
    let day = usize::try_from(days).unwrap_or_default();
    let (month, day) =
        if day < 186 { (day / 31 + 1, day % 31 + 1) } else { ((day - 186) / 30 + 7, (day - 186) % 30 + 1) };
    Parts { year, month, day }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn persian_days_are_those_of_the_calendar_in_iran() {
        for (gregorian, expected) in [
            (date(1979, 2, 11), (1357, 11, 22)),
            (date(2021, 3, 20), (1399, 12, 30)),
            (date(2024, 3, 20), (1403, 1, 1)),
            (date(2024, 12, 31), (1403, 10, 11)),
            (date(2025, 3, 20), (1403, 12, 30)),
            (date(2025, 3, 21), (1404, 1, 1)),
            (date(2026, 3, 20), (1404, 12, 29)),
            (date(2026, 3, 21), (1405, 1, 1)),
            (date(2026, 9, 22), (1405, 6, 31)),
            (date(2026, 9, 23), (1405, 7, 1)),
            (date(2026, 11, 24), (1405, 9, 3)),
            (date(2100, 1, 1), (1478, 10, 12)),
        ] {
            let Parts { year, month, day } = persian(gregorian);
            assert_eq!((year, month, day), expected, "{gregorian}");
        }
    }
}
