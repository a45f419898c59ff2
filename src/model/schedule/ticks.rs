//! From the wall clock's times to moments: what becomes of a time that clocks skip or show twice.

use std::iter;
use std::time::Duration;

use super::Schedule;
use super::civil::DAY;
use super::stretch::Stretch;
use crate::model::time::Timestamp;

impl Schedule {
    /// The first tick after a moment; `None` if there is none up to the year 2100.
    pub fn next_after(&self, after: Timestamp) -> Option<Timestamp> {
        let mut after = after.to_jiff().as_second();
        loop {
            let stretch = Stretch::at(&self.zone, after + 1);
            if let Some(next) = self.next_in(&stretch, after).filter(|next| stretch.lasts_until(*next)) {
                return Some(Timestamp::from_unix(next));
            }
            after = self.skip_to(&stretch, stretch.end?)?;
        }
    }

    /// All ticks after a moment, in their order.
    pub fn ticks_after(&self, after: Timestamp) -> impl Iterator<Item = Timestamp> + '_ {
        iter::successors(self.next_after(after), |tick| self.next_after(*tick))
    }

    /// How long it is from a moment to the next tick.
    pub fn interval_after(&self, moment: Timestamp) -> Option<Duration> {
        self.next_after(moment).map(|next| next.since(moment))
    }

    /// The first tick after `after` by the offsets of this stretch, which may be over by then.
    fn next_in(&self, stretch: &Stretch, after: i64) -> Option<i64> {
        if self.line.is_interval {
            return self.next_civil(after + stretch.offset).map(|civil| civil - stretch.offset);
        }
        let first_time = stretch.doubled().map_or(i64::MIN, |(_, end)| end - 1);
        let own = self.next_civil(first_time.max(after + stretch.offset)).map(|civil| civil - stretch.offset);
        let moved = stretch.skipped().and_then(|(first, end)| {
            let civil = self.next_civil((first - 1).max(after + stretch.before))?;
            (civil < end).then_some(civil - stretch.before)
        });
        own.into_iter().chain(moved).min()
    }

    /// A moment after which to go on looking, when a stretch that ends at `end` has no more ticks: years may pass
    /// without one. `None` if none comes.
    ///
    /// After its end a wall clock shows no time that is more than a day before the one it showed at the end, and
    /// a tick is never three days from its civil time.
    fn skip_to(&self, stretch: &Stretch, end: i64) -> Option<i64> {
        let civil = self.next_civil(end + stretch.offset - DAY - 1)?;
        Some((end - 1).max(civil - 3 * DAY))
    }

    /// The first matching time of the wall clock after another.
    pub(super) fn next_civil(&self, civil: i64) -> Option<i64> {
        self.line.civil.next_after(&self.line.days, civil)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::samples::{at, rows, schedule};

    /// Name; zone; line; from and until (UTC); the ticks in UTC.
    const TICKS: &str = "\
T1  | Europe/Paris        | 30 2 * * *    | 2026-03-28 | 2026-03-31 | 03-28 01:30, 03-29 01:30, 03-30 00:30
T2  | Europe/Paris        | 30 2,3 * * *  | 2026-03-29 | 2026-03-30 | 03-29 01:30
T3  | Europe/Paris        | 0 2 * * *     | 2026-03-29 | 2026-03-30 | 03-29 01:00
T4  | Europe/Paris        | 0 * * * *     | 2026-03-28 22:00 | 2026-03-29 03:01 | 03-28 22:00, 03-28 23:00, 03-29 00:00, 03-29 01:00, 03-29 02:00, 03-29 03:00
T5  | Europe/Paris        | 30 2 * * *    | 2026-10-24 | 2026-10-27 | 10-24 00:30, 10-25 00:30, 10-26 01:30
T7  | America/New_York    | 30 2 * * *    | 2026-03-08 | 2026-03-09 | 03-08 07:30
T8  | America/New_York    | 30 1 * * *    | 2026-10-31 | 2026-11-03 | 10-31 05:30, 11-01 05:30, 11-02 06:30
T9  | America/New_York    | */30 * * * *  | 2026-11-01 04:00 | 2026-11-01 08:00 | 11-01 04:00, 11-01 04:30, 11-01 05:00, 11-01 05:30, 11-01 06:00, 11-01 06:30, 11-01 07:00, 11-01 07:30
T10 | Australia/Lord_Howe | 45 1 * * *    | 2026-04-04 12:00 | 2026-04-06 | 04-04 14:45, 04-05 15:15
T11 | Australia/Lord_Howe | 15 2 * * *    | 2026-10-02 12:00 | 2026-10-05 | 10-02 15:45, 10-03 15:45, 10-04 15:15
T13 | Asia/Tehran         | 30 0 * * *    | 2026-03-20 | 2026-03-23 | 03-20 21:00, 03-21 21:00, 03-22 21:00
T14 | Asia/Tehran         | 30 0 * * *    | 2022-03-20 12:00 | 2022-03-23 | 03-20 21:00, 03-21 21:00, 03-22 20:00
T15 | Africa/Casablanca   | 30 2 * * *    | 2026-02-14 | 2026-02-17 | 02-14 01:30, 02-15 01:30, 02-16 02:30
T17 | Pacific/Apia        | 0 8 * * *     | 2011-12-28 | 2012-01-01 | 12-28 18:00, 12-29 18:00, 12-30 18:00, 12-31 18:00
T19 | Africa/Cairo        | 0 0 * * *     | 2026-04-23 12:00 | 2026-04-24 12:00 | 04-23 22:00
T21 | Europe/Dublin       | 30 1 * * *    | 2026-03-29 | 2026-03-30 | 03-29 01:30
T22 | Antarctica/Troll    | 30 1 * * *    | 2026-03-29 | 2026-03-29 12:00 | 03-29 01:30
T23 | Asia/Kolkata        | 0 7 * * *     | 2026-01-01 | 2026-01-02 | 01-01 01:30
T23 | Asia/Kathmandu      | 0 7 * * *     | 2026-01-01 | 2026-01-02 | 01-01 01:15
T23 | Pacific/Kiritimati  | 0 7 * * *     | 2025-12-31 | 2026-01-01 | 12-31 17:00
T24 | UTC                 | 0 7 29 2 *    | 2027-01-01 | 2030-01-01 | 02-29 07:00
T26 | UTC                 | 0 7 13 * 5    | 2026-01-01 | 2026-02-01 | 01-02 07:00, 01-09 07:00, 01-13 07:00, 01-16 07:00, 01-23 07:00, 01-30 07:00
a zone skips a day        | Pacific/Kwajalein | 0 8 * * *   | 1993-08-19 12:00 | 1993-08-23 | 08-19 20:00, 08-20 20:00, 08-21 20:00, 08-22 20:00
midnight comes twice      | America/Havana    | 30 0 * * *  | 2024-11-02 | 2024-11-04 12:00 | 11-02 04:30, 11-03 04:30, 11-04 05:30
an interval is skipped    | Europe/Paris | 0 2,*/4 * * *    | 2026-03-28 22:00 | 2026-03-29 10:00 | 03-28 23:00, 03-29 02:00, 03-29 06:00
an interval of one day in the year is doubled | Europe/Paris | */30 2 25 10 * | 2026-10-24 | 2027-10-26 | 10-25 00:00, 10-25 00:30, 10-25 01:00, 10-25 01:30, 10-25 00:00, 10-25 00:30
ticks begin with 1970     | UTC | 0 7 * * * | 1900-01-01 | 1970-01-03 | 01-01 07:00, 01-02 07:00
ticks end with 2100       | UTC | 0 7 31 12 * | 2099-12-01 | 9999-01-01 | 12-31 07:00, 12-31 07:00";

    /// Name; line; from and until; the dates in UTC.
    const DATES: &str = "\
T27 | 0 7 * * 1         | 2026-01-01 | 2026-02-01 | 01-05, 01-12, 01-19, 01-26
T27 | 0 7 * * 0         | 2026-01-01 | 2026-02-01 | 01-04, 01-11, 01-18, 01-25
T27 | 0 7 * * 7         | 2026-01-01 | 2026-02-01 | 01-04, 01-11, 01-18, 01-25
T28 | 0 7 * * FRI-MON   | 2026-01-01 | 2026-01-13 | 01-02, 01-03, 01-04, 01-05, 01-09, 01-10, 01-11, 01-12
T29 | 0 7 L * *         | 2026-01-01 | 2026-05-01 | 01-31, 02-28, 03-31, 04-30
T29 | 0 7 LW * *        | 2026-01-01 | 2026-06-01 | 01-30, 02-27, 03-31, 04-30, 05-29
T29 | 0 7 * * FRI#L     | 2026-01-01 | 2026-05-01 | 01-30, 02-27, 03-27, 04-24
T29 | 0 7 * * MON#1     | 2026-01-01 | 2026-05-01 | 01-05, 02-02, 03-02, 04-06
a working day           | 0 7 15W * *       | 2026-01-01 | 2026-06-01 | 01-15, 02-16, 03-16, 04-15, 05-15
it stays in its month   | 0 7 1W,31W * *    | 2026-01-01 | 2026-06-01 | 01-01, 01-30, 02-02, 03-02, 03-31, 04-01, 05-01, 05-29
a fifth weekday         | 0 7 * * 4#5       | 2026-01-01 | 2026-06-01 | 01-29, 04-30
* with a step: both     | 0 7 */10 * MON    | 2026-01-01 | 2026-07-01 | 05-11, 06-01
a day that never comes, or Mondays | 0 7 30 2 MON | 2026-01-01 | 2026-04-01 | 02-02, 02-09, 02-16, 02-23
months by name          | 0 7 1 JAN,mar-APR * | 2026-01-01 | 2027-01-01 | 01-01, 03-01, 04-01
weekdays with a step    | 0 7 * * FRI-TUE/2 | 2026-01-01 | 2026-01-10 | 01-02, 01-04, 01-06, 01-09
@monthly                | @monthly          | 2026-01-01 | 2026-03-02 | 01-01, 02-01, 03-01
@weekly                 | @Weekly           | 2026-01-01 | 2026-01-13 | 01-04, 01-11
@annually               | @annually         | 2026-01-01 | 2027-01-01 | 01-01";

    /// The ticks from `from` on and before `until`.
    fn ticks(zone: &str, line: &str, (from, until): (&str, &str), format: &str) -> String {
        let schedule = schedule(zone, line);
        let ticks =
            schedule.ticks_after(at(from) - Duration::from_secs(1)).take_while(|tick| *tick < at(until));
        ticks.map(|tick| tick.to_jiff().strftime(format).to_string()).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn ticks_follow_the_clocks_of_their_zone() {
        for [name, zone, line, from, until, expected] in rows(TICKS) {
            assert_eq!(ticks(zone, line, (from, until), "%m-%d %H:%M"), expected, "{name}: {zone} {line}");
        }
    }

    #[test]
    fn days_are_chosen_by_date_and_by_weekday() {
        for [name, line, from, until, expected] in rows(DATES) {
            assert_eq!(ticks("UTC", line, (from, until), "%m-%d"), expected, "{name}: {line}");
        }
    }
}
