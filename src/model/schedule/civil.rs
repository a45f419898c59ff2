//! The times of a line on the calendar and the clock on the wall, with no zone in sight.
//!
//! This is the one place that speaks to `cron` and chrono: `cron` is given minutes, hours and months and walks
//! through civil time as if it were UTC, where no hour is missing and none comes twice. Which days count is
//! [`Days`]'s to say, because `cron` knows neither `L`, `W` and `#` nor that either day field is enough.

use chrono::{DateTime, Utc};
use jiff::civil::Date;
use jiff::tz::Offset;

use super::days::Days;
use super::numbers::Numbers;

/// A time on the calendar and the wall clock: the seconds since 1970 that it would be in UTC.
pub(super) type Civil = i64;

/// Seconds in a day of civil time.
pub(super) const DAY: i64 = 24 * 60 * 60;

/// Minutes, hours and months as `cron` walks through them: from 1970 to 2100.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CivilTimes(cron::Schedule);

impl CivilTimes {
    pub(super) fn new(minutes: Numbers, hours: Numbers, months: Numbers) -> Self {
        let line = format!("0 {} {} * {} *", list(minutes), list(hours), list(months));
        Self(line.parse().expect("numbers within the bounds of their fields"))
    }

    /// The first time after `civil` on one of the days; `None` if there is none up to the year 2100.
    pub(super) fn next_after(&self, days: &Days, civil: Civil) -> Option<Civil> {
        let mut after = civil;
        loop {
            let found = self.0.after(&DateTime::<Utc>::from_timestamp(after, 0)?).next()?.timestamp();
            if days.include(date(found)?) {
                return Some(found);
            }
            after = found - found.rem_euclid(DAY) + DAY - 1;
        }
    }
}

/// The date of a civil time.
pub(super) fn date(civil: Civil) -> Option<Date> {
    Some(Offset::UTC.to_datetime(jiff::Timestamp::from_second(civil).ok()?).date())
}

fn list(numbers: Numbers) -> String {
    numbers.iter().map(|number| number.to_string()).collect::<Vec<_>>().join(",")
}
