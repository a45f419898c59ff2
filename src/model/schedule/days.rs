//! On which days a line goes out.

use jiff::civil::{Date, Weekday};

use super::field::{Field, shown};
use super::line::InvalidCronLine;
use super::numbers::Numbers;

/// The day-of-month and the weekday field together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Days {
    pub(super) of_month: DaysOfMonth,
    pub(super) of_week: DaysOfWeek,
}

/// The day-of-month field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct DaysOfMonth {
    /// Days by number.
    pub(super) listed: Numbers,
    /// `15W`: the working day nearest to the 15th, within the month.
    pub(super) near: Numbers,
    /// `L`: the last day.
    pub(super) last: bool,
    /// `LW`: the last working day.
    pub(super) last_working: bool,
    /// It begins with `*`: it does not say which days, even as `*/2`.
    pub(super) is_open: bool,
}

/// The weekday field; 0 is Sunday.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct DaysOfWeek {
    /// Weekdays by number.
    pub(super) listed: Numbers,
    /// `MON#1`: weekdays by their occurrence in the month.
    pub(super) nth: Vec<(u8, Nth)>,
    /// It begins with `*`: it does not say which weekdays, even as `*/2`.
    pub(super) is_open: bool,
}

/// Which of a month's Mondays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nth {
    /// From 1 to 5.
    Of(u8),
    Last,
}

impl Days {
    /// Whether the day of the month and the weekday are both given: one of them is enough then.
    pub(super) const fn is_either(&self) -> bool {
        !self.of_month.is_open && !self.of_week.is_open
    }

    /// Whether this is one of the days, as in cron(5): with both fields given, either is enough.
    pub(super) fn include(&self, date: Date) -> bool {
        if self.is_either() {
            self.of_month.include(date) || self.of_week.include(date)
        } else {
            self.of_month.include(date) && self.of_week.include(date)
        }
    }

    /// Whether some month of these has one of the days in some year.
    pub(super) fn ever_occur_in(&self, months: Numbers) -> bool {
        let longest = months.iter().map(longest).max().unwrap_or(0);
        self.is_either() || self.of_month.smallest() <= longest
    }
}

impl DaysOfMonth {
    pub(super) fn parse(text: &str) -> Result<Self, InvalidCronLine> {
        let field = Field::DayOfMonth;
        let mut days = Self { is_open: text.starts_with('*'), ..Self::default() };
        for part in field.parts(text)? {
            if part.eq_ignore_ascii_case("L") {
                days.last = true;
            } else if part.eq_ignore_ascii_case("LW") {
                days.last_working = true;
            } else if let Some(day) = part.strip_suffix(['W', 'w']) {
                days.near = days.near.union([field.number(day)?].into_iter().collect());
            } else {
                days.listed = days.listed.union(field.span(part)?);
            }
        }
        Ok(days)
    }

    fn include(&self, date: Date) -> bool {
        let day = u8::try_from(date.day()).unwrap_or(0);
        self.listed.contains(day)
            || self.last && date == date.last_of_month()
            || self.last_working && date == nearest_working_day(date.last_of_month())
            || self.near.iter().any(|near| is_nearest_working_day(date, near))
    }

    /// The smallest number of days that a month must have for one of these.
    fn smallest(&self) -> u8 {
        let of_any_month = (self.last || self.last_working).then_some(1);
        self.listed.union(self.near).iter().chain(of_any_month).min().unwrap_or(0)
    }
}

impl DaysOfWeek {
    pub(super) fn parse(text: &str) -> Result<Self, InvalidCronLine> {
        let field = Field::Weekday;
        let mut days = Self { is_open: text.starts_with('*'), ..Self::default() };
        for part in field.parts(text)? {
            if let Some((weekday, nth)) = part.split_once('#') {
                days.nth.push((field.number(weekday)? % 7, Nth::parse(nth)?));
            } else {
                days.listed = days.listed.union(field.span(part)?);
            }
        }
        Ok(days)
    }

    fn include(&self, date: Date) -> bool {
        let weekday = weekday(date);
        self.listed.contains(weekday)
            || self.nth.iter().any(|(day, nth)| *day == weekday && nth.include(date))
    }
}

impl Nth {
    fn parse(text: &str) -> Result<Self, InvalidCronLine> {
        match text.as_bytes() {
            [b'L' | b'l'] => Ok(Self::Last),
            [digit @ b'1'..=b'5'] => Ok(Self::Of(digit - b'0')),
            _ => Err(Field::Weekday
                .error(format_args!("{} is not possible: use #1 to #5 or #L", shown(&format!("#{text}"))))),
        }
    }

    fn include(self, date: Date) -> bool {
        match self {
            Self::Of(nth) => (date.day() - 1) / 7 + 1 == i8::try_from(nth).unwrap_or(0),
            Self::Last => date.day() + 7 > date.days_in_month(),
        }
    }
}

fn weekday(date: Date) -> u8 {
    u8::try_from(date.weekday().to_sunday_zero_offset()).unwrap_or(0)
}

/// How many days a month has in its longest year.
fn longest(month: u8) -> u8 {
    match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Whether this date is the working day nearest to a day of its month.
fn is_nearest_working_day(date: Date, day: u8) -> bool {
    let wanted = i8::try_from(day).ok().and_then(|day| date.with().day(day).build().ok());
    wanted.is_some_and(|wanted| nearest_working_day(wanted) == date)
}

/// The day itself; for a Saturday the Friday before, for a Sunday the Monday after, but never in another month.
fn nearest_working_day(date: Date) -> Date {
    let days = match date.weekday() {
        Weekday::Saturday if date.day() == 1 => 2,
        Weekday::Saturday => -1,
        Weekday::Sunday if date == date.last_of_month() => -2,
        Weekday::Sunday => 1,
        _ => 0,
    };
    date.saturating_add(jiff::SignedDuration::from_hours(24 * days))
}
