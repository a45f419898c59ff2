//! Schedules: a crontab line in a time zone, and the ticks that it names. `docs/schedules.md` has the rules.

mod civil;
mod clock;
mod days;
mod due;
mod field;
mod line;
mod numbers;
#[cfg(test)]
mod samples;
mod stretch;
mod ticks;
mod warnings;
mod words;

use std::fmt;

use jiff::tz::TimeZone;

pub use self::clock::{ClockGuard, ClockReading, ClockSuspect};
pub use self::due::{Due, Missed, Tick};
pub use self::field::Field;
pub use self::line::{CronLine, InvalidCronLine};
pub use self::warnings::{ClockChange, Warning};

/// When a newsletter goes out: a crontab line, read on the clocks of one time zone.
///
/// A line of fixed times (no `*` in minute or hour) goes out exactly once for each date that matches: a time that
/// the clocks skip comes later by as much as they skip (RFC 5545), of a doubled time the first counts. A line of
/// intervals goes out at every matching minute that the wall clock really shows, twice in a doubled hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    line: CronLine,
    zone: TimeZone,
}

impl Schedule {
    /// The schedule that a line means in a zone.
    pub const fn new(line: CronLine, zone: TimeZone) -> Self {
        Self { line, zone }
    }

    /// The crontab line.
    pub const fn line(&self) -> &CronLine {
        &self.line
    }

    /// The zone whose clocks the line is read on.
    pub const fn zone(&self) -> &TimeZone {
        &self.zone
    }
}

/// The line, then the zone: `0 7 * * MON-FRI Europe/Brussels`.
impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.line.as_str(), self.zone.iana_name().unwrap_or("UTC"))
    }
}
