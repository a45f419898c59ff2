//! What the tests of schedules share.

use jiff::tz::TimeZoneDatabase;

use super::Schedule;
use crate::model::time::Timestamp;

/// A schedule on the built-in time zones.
pub(super) fn schedule(zone: &str, line: &str) -> Schedule {
    Schedule::new(line.parse().unwrap(), TimeZoneDatabase::bundled().get(zone).unwrap())
}

/// A moment in UTC: `2026-03-28`, or `2026-03-28 01:30`.
pub(super) fn at(text: &str) -> Timestamp {
    let (date, time) = text.split_once(' ').unwrap_or((text, "00:00"));
    format!("{date}T{time}:00Z").parse().unwrap()
}

/// The rows of a table in text: cells parted by `|`.
pub(super) fn rows<const CELLS: usize>(table: &str) -> impl Iterator<Item = [&str; CELLS]> {
    table.lines().map(|line| line.split('|').map(str::trim).collect::<Vec<_>>().try_into().expect(line))
}
