//! What an operator may not expect of a schedule.

use std::fmt;
use std::time::Duration;

use jiff::civil::DateTime;
use jiff::tz::Offset;

use super::Schedule;
use super::civil::Civil;
use super::stretch::Stretch;
use super::words::joined;
use crate::model::time::Timestamp;

/// How far changes of clocks are looked for: two years.
const AHEAD: Duration = Duration::from_hours(2 * 366 * 24);

/// How many times of day a warning lists.
const MAX_TIMES: usize = 4;

/// Something about a schedule that an operator may not expect; [`fmt::Display`] says what, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// No tick comes any more.
    NeverFires,
    /// Two ticks are less than an hour apart.
    MoreThanHourly {
        /// The smallest distance between two ticks.
        minutes: u8,
    },
    /// Day of month and weekday are both given: either is enough.
    EitherDay,
    /// Within two years the clocks skip one of its times.
    Skipped(ClockChange),
    /// Within two years the clocks show one of its times twice.
    Doubled(ClockChange),
}

/// A change of clocks that meets times of a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockChange {
    /// The moment of the change.
    pub at: Timestamp,
    /// What the clocks show when it comes.
    pub from: DateTime,
    /// What they show from then on.
    pub to: DateTime,
    /// The times of the schedule that are skipped or shown twice.
    pub times: Vec<DateTime>,
    /// Whether the schedule is one of intervals, which follow the wall clock as it is.
    pub is_interval: bool,
}

impl Warning {
    /// Its kind in one word, for programs.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::NeverFires => "never_fires",
            Self::MoreThanHourly { .. } => "more_than_hourly",
            Self::EitherDay => "either_day",
            Self::Skipped(_) => "skipped",
            Self::Doubled(_) => "doubled",
        }
    }
}

impl Schedule {
    /// What an operator may not expect of this schedule from a moment on.
    pub fn warnings(&self, after: Timestamp) -> Vec<Warning> {
        if self.next_after(after).is_none() {
            return vec![Warning::NeverFires];
        }
        let mut warnings = Vec::new();
        warnings.extend(self.smallest_distance().map(|minutes| Warning::MoreThanHourly { minutes }));
        warnings.extend(self.line.days.is_either().then_some(Warning::EitherDay));
        warnings.extend(self.first_change(after, Stretch::skipped).map(Warning::Skipped));
        warnings.extend(self.first_change(after, Stretch::doubled).map(Warning::Doubled));
        warnings
    }

    /// The minutes between two ticks, where that is less than an hour.
    fn smallest_distance(&self) -> Option<u8> {
        let (minutes, hours) = (self.line.minutes, self.line.hours);
        let (first, last) = minutes.ends();
        let over_the_hour =
            hours.iter().any(|hour| hours.contains((hour + 1) % 24)).then_some(first + 60 - last);
        let within = minutes.iter().zip(minutes.iter().skip(1)).map(|(earlier, later)| later - earlier);
        within.chain(over_the_hour).min().filter(|minutes| *minutes < 60)
    }

    /// The first change of clocks within two years at which times of the schedule are among those that `met` tells.
    fn first_change(
        &self,
        after: Timestamp,
        met: impl Fn(&Stretch) -> Option<(Civil, Civil)>,
    ) -> Option<ClockChange> {
        let changes = self.zone.following(after.to_jiff()).map(|change| change.timestamp().as_second());
        changes.take_while(|at| *at <= (after + AHEAD).as_unix()).find_map(|at| {
            let stretch = Stretch::at(&self.zone, at);
            let times = self.civil_times(met(&stretch)?);
            (!times.is_empty()).then(|| ClockChange {
                at: Timestamp::from_unix(at),
                from: shown_at(at + stretch.before),
                to: shown_at(at + stretch.offset),
                times,
                is_interval: self.line.is_interval,
            })
        })
    }

    /// The times of the schedule on the wall clock from the first of two times to before the second.
    fn civil_times(&self, (first, end): (Civil, Civil)) -> Vec<DateTime> {
        let times = std::iter::successors(self.next_civil(first - 1), |time| self.next_civil(*time));
        times.take_while(|time| *time < end).map(shown_at).collect()
    }
}

fn shown_at(civil: Civil) -> DateTime {
    Offset::UTC.to_datetime(Timestamp::from_unix(civil).to_jiff())
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NeverFires => f.write_str("No tick comes any more, up to the year 2100."),
            Self::MoreThanHourly { minutes } => {
                write!(
                    f,
                    "It goes out more often than once an hour: two editions can be {minutes} min apart."
                )
            }
            Self::EitherDay => f.write_str(
                "Day of month and weekday are both given: it goes out when either is right. \
                 (The first Monday of a month is MON#1 as weekday, with * as day of month.)",
            ),
            Self::Skipped(change) => {
                write!(f, "{change}, so {} {}.", change.times_of_day(), change.fate_of_skipped())
            }
            Self::Doubled(change) => {
                write!(f, "{change}, so {} {}.", change.times_of_day(), change.fate_of_doubled())
            }
        }
    }
}

/// `On Sunday 2026-03-29 the clocks go from 02:00 to 03:00`.
impl fmt::Display for ClockChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let other_day = if self.from.date() == self.to.date() { "" } else { " on %F" };
        let to = self.to.strftime("%H:%M").to_string() + &self.to.strftime(other_day).to_string();
        write!(
            f,
            "On {} the clocks go from {} to {to}",
            self.from.strftime("%A %F"),
            self.from.strftime("%H:%M")
        )
    }
}

impl ClockChange {
    fn times_of_day(&self) -> String {
        let times = self.times.iter().map(|time| time.strftime("%H:%M").to_string());
        let more = self.times.len().saturating_sub(MAX_TIMES);
        joined(times.take(MAX_TIMES).chain((more > 0).then(|| format!("{more} more"))))
    }

    fn fate_of_skipped(&self) -> String {
        let by = self.from.duration_until(self.to).as_mins();
        match (self.times.len(), self.is_interval) {
            (1, true) => "does not exist and is left out".to_owned(),
            (_, true) => "do not exist and are left out".to_owned(),
            (1, false) => format!("does not exist and goes out {by} minutes later"),
            (_, false) => format!("do not exist and go out {by} minutes later"),
        }
    }

    fn fate_of_doubled(&self) -> &'static str {
        match (self.times.len(), self.is_interval) {
            (1, true) => "comes twice and goes out both times",
            (_, true) => "come twice and go out both times",
            (1, false) => "comes twice and goes out the first time only",
            (_, false) => "come twice and go out the first time only",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{at, rows, schedule};

    /// Zone; line; the warnings from 2026 on.
    const WARNINGS: &str = "\
Europe/Brussels | 0 7 * * *        |
UTC             | 30 2 * * *       |
Europe/Paris    | 30 2 * * *       | On Sunday 2026-03-29 the clocks go from 02:00 to 03:00, so 02:30 does not exist and goes out 60 minutes later. On Sunday 2026-10-25 the clocks go from 03:00 to 02:00, so 02:30 comes twice and goes out the first time only.
Europe/Paris    | 0,30 2 * * *     | It goes out more often than once an hour: two editions can be 30 min apart. On Sunday 2026-03-29 the clocks go from 02:00 to 03:00, so 02:00 and 02:30 do not exist and go out 60 minutes later. On Sunday 2026-10-25 the clocks go from 03:00 to 02:00, so 02:00 and 02:30 come twice and go out the first time only.
Europe/Paris    | 0 */2 * * *      | On Sunday 2026-03-29 the clocks go from 02:00 to 03:00, so 02:00 does not exist and is left out. On Sunday 2026-10-25 the clocks go from 03:00 to 02:00, so 02:00 comes twice and goes out both times.
Europe/Paris    | */10 2 * * *     | It goes out more often than once an hour: two editions can be 10 min apart. On Sunday 2026-03-29 the clocks go from 02:00 to 03:00, so 02:00, 02:10, 02:20, 02:30 and 2 more do not exist and are left out. On Sunday 2026-10-25 the clocks go from 03:00 to 02:00, so 02:00, 02:10, 02:20, 02:30 and 2 more come twice and go out both times.
Europe/Paris    | 30 2 29 3 *      | On Sunday 2026-03-29 the clocks go from 02:00 to 03:00, so 02:30 does not exist and goes out 60 minutes later.
Australia/Lord_Howe | 15 2 * * *   | On Sunday 2026-10-04 the clocks go from 02:00 to 02:30, so 02:15 does not exist and goes out 30 minutes later.
Africa/Cairo    | 30 23 * * *      | On Friday 2026-10-30 the clocks go from 00:00 to 23:00 on 2026-10-29, so 23:30 comes twice and goes out the first time only.
UTC             | 59 7,8 * * *     |
UTC             | 0,59 7,8 * * *   | It goes out more often than once an hour: two editions can be 1 min apart.
UTC             | 0,59 7,9 * * *   | It goes out more often than once an hour: two editions can be 59 min apart.
UTC             | 5,59 0,23 * * *  | It goes out more often than once an hour: two editions can be 6 min apart.
UTC             | * * * * *        | It goes out more often than once an hour: two editions can be 1 min apart.
UTC             | 0 7 1 * MON      | Day of month and weekday are both given: it goes out when either is right. (The first Monday of a month is MON#1 as weekday, with * as day of month.)
UTC             | 0 7 */2 * MON    |";

    #[test]
    fn an_operator_is_warned_of_what_may_surprise() {
        for [zone, line, expected] in rows(WARNINGS) {
            let warnings = schedule(zone, line).warnings(at("2026-01-01"));
            let warnings: Vec<_> = warnings.iter().map(ToString::to_string).collect();
            assert_eq!(warnings.join(" "), expected, "{zone}: {line}");
        }
    }

    #[test]
    fn a_line_whose_last_tick_is_past_never_fires() {
        let leap_days = schedule("UTC", "0 7 29 2 *");
        assert_eq!(leap_days.warnings(at("2096-02-28")), []);
        assert_eq!(leap_days.warnings(at("2096-03-01"))[0].kind(), "never_fires");
    }
}
