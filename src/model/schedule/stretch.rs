//! A zone's time in stretches of one offset, between two changes of its clocks.

use jiff::tz::TimeZone;

use super::civil::Civil;
use crate::model::time::Timestamp;

/// A stretch of time in which a zone's offset from UTC stays the same. Moments are seconds since 1970.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    /// The change of clocks that it begins with.
    pub(super) start: Option<i64>,
    /// The change of clocks that ends it; not part of it.
    pub(super) end: Option<i64>,
    /// Seconds that the wall clock is ahead of UTC.
    pub(super) offset: i64,
    /// The offset before `start`; the same as `offset` if there is none.
    pub(super) before: i64,
}

impl Stretch {
    /// The stretch that holds this moment.
    pub(super) fn at(zone: &TimeZone, moment: i64) -> Self {
        let start = zone.preceding(jiff_at(moment + 1)).next().map(|change| change.timestamp().as_second());
        let end = zone.following(jiff_at(moment)).next().map(|change| change.timestamp().as_second());
        let offset = offset(zone, moment);
        let before = start.map_or(offset, |start| self::offset(zone, start - 1));
        Self { start, end, offset, before }
    }

    /// The wall clock's times that `start` skips, if it skips any: from the first to the end.
    pub(super) fn skipped(&self) -> Option<(Civil, Civil)> {
        let start = self.start.filter(|_| self.before < self.offset)?;
        Some((start + self.before, start + self.offset))
    }

    /// The wall clock's times that come a second time after `start`, if any do: from the first to the end.
    pub(super) fn doubled(&self) -> Option<(Civil, Civil)> {
        let start = self.start.filter(|_| self.before > self.offset)?;
        Some((start + self.offset, start + self.before))
    }

    /// Whether the stretch is not over at this moment.
    pub(super) fn lasts_until(&self, moment: i64) -> bool {
        self.end.is_none_or(|end| moment < end)
    }
}

fn offset(zone: &TimeZone, moment: i64) -> i64 {
    i64::from(zone.to_offset(jiff_at(moment)).seconds())
}

fn jiff_at(moment: i64) -> jiff::Timestamp {
    Timestamp::from_unix(moment).to_jiff()
}
