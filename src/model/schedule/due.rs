//! Which tick is due now, and which were missed.

use std::time::Duration;

use super::Schedule;
use crate::model::time::Timestamp;

/// How late a missed tick is made up where the operator says nothing; half the interval where that is less.
const LATE: Duration = Duration::from_hours(6);

/// A tick of this age is on time: the daemon looks every 30 s, and what it does before may take as long again.
const ON_TIME: Duration = Duration::from_mins(2);

/// How many missed ticks are listed.
const MAX_LISTED: usize = 100;

/// How far missed ticks are counted.
const MAX_COUNTED: usize = 10_000;

/// What a schedule asks for at a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Due {
    /// The tick to publish now.
    pub tick: Option<Tick>,
    /// The ticks that passed and are not made up; their articles go with the next edition.
    pub missed: Missed,
}

/// A tick that is to be published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick {
    /// The moment that the schedule names, however late it is.
    pub at: Timestamp,
    /// Whether it is made up after its time.
    pub is_late: bool,
}

/// Ticks that passed while nobody could publish them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Missed {
    /// The latest of them, at most 100, the oldest first.
    pub latest: Vec<Timestamp>,
    /// How many they are; 10,000 stands for that many or more.
    pub count: usize,
}

impl Due {
    /// The newest tick that this deals with: where to look from the next time.
    pub fn last_tick(&self) -> Option<Timestamp> {
        self.tick.map(|tick| tick.at).or_else(|| self.missed.latest.last().copied())
    }
}

impl Schedule {
    /// What is due at `now`, in bounded time however long nobody has looked.
    ///
    /// `last_tick` is the newest tick that has been dealt with, or the moment from which on this schedule holds
    /// (a new newsletter, a changed line), whichever is later: nothing up to it is ever due again, whatever the clock does.
    /// Of all ticks since then only the newest is made up, if it is not later than `late`; with `None` that is
    /// 6 hours, or half the interval to the following tick where that is less.
    pub fn due(&self, last_tick: Timestamp, now: Timestamp, late: Option<Duration>) -> Due {
        let Some(newest) = self.newest_tick(last_tick, now) else { return Due::default() };
        let lateness = now.since(newest);
        if lateness > self.lateness_allowed(newest, late) {
            return Due { tick: None, missed: self.missed(last_tick, newest) };
        }
        let tick = Tick { at: newest, is_late: lateness > ON_TIME };
        let missed = self.missed(last_tick, newest - Duration::from_secs(1));
        Due { tick: Some(tick), missed }
    }

    fn lateness_allowed(&self, tick: Timestamp, late: Option<Duration>) -> Duration {
        let half_interval = || self.interval_after(tick).map_or(LATE, |interval| interval / 2);
        late.unwrap_or_else(|| LATE.min(half_interval())).max(ON_TIME)
    }

    /// The newest tick after `after` and up to `until`, found by halving.
    fn newest_tick(&self, after: Timestamp, until: Timestamp) -> Option<Timestamp> {
        let first_by = |after, until| self.next_after(after).filter(|tick| *tick <= until);
        let mut newest = first_by(after, until)?;
        let mut end = until;
        while newest < end {
            let middle = newest + end.since(newest) / 2;
            match first_by(middle, end) {
                Some(later) => newest = later,
                None => end = middle,
            }
        }
        Some(newest)
    }

    fn missed(&self, after: Timestamp, until: Timestamp) -> Missed {
        let count = self.ticks_after(after).take_while(|tick| *tick <= until).take(MAX_COUNTED).count();
        let one_second = Duration::from_secs(1);
        let backwards = std::iter::successors(self.newest_tick(after, until), |tick| {
            self.newest_tick(after, *tick - one_second)
        });
        let mut latest: Vec<_> = backwards.take(MAX_LISTED).collect();
        latest.reverse();
        Missed { latest, count }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{at, rows, schedule};
    use super::*;

    /// Name; line in Paris; last tick and now (UTC; in winter 07:00 is 06:00); `late` in hours, `-` for the default;
    /// the tick; what was missed.
    const MISSES: &str = "\
before the tick                 | 0 7 * * * | 2026-01-05 06:00 | 2026-01-06 05:59 | 6 | - |
on time                         | 0 7 * * * | 2026-01-05 06:00 | 2026-01-06 06:00 | 6 | 2026-01-06 06:00 |
M1: down 06:50 to 07:10         | 0 7 * * * | 2026-01-05 06:00 | 2026-01-06 06:10 | 6 | 2026-01-06 06:00 late |
M2: down 06:50 to 13:30         | 0 7 * * * | 2026-01-05 06:00 | 2026-01-06 12:30 | 6 | - | 2026-01-06 06:00
M2: the day after               | 0 7 * * * | 2026-01-06 06:00 | 2026-01-07 06:00 | 6 | 2026-01-07 06:00 |
M3: down 3 days, back at 09:00  | 0 7 * * * | 2026-01-05 06:00 | 2026-01-08 08:00 | 6 | 2026-01-08 06:00 late | 2026-01-06 06:00, 2026-01-07 06:00
M4: clock 07:05 to 06:05        | 0 7 * * * | 2026-01-06 06:00 | 2026-01-06 05:05 | 6 | - |
M4: 07:00 comes again           | 0 7 * * * | 2026-01-06 06:00 | 2026-01-06 06:00 | 6 | - |
M5: clock 06:00 to 08:00        | 0 7 * * * | 2026-01-05 06:00 | 2026-01-06 07:00 | 6 | 2026-01-06 06:00 late |
M9: at 06:30 the line is 06:00  | 0 6 * * * | 2026-01-06 05:30 | 2026-01-07 04:59 | 6 | - |
M9: its first is tomorrow's     | 0 6 * * * | 2026-01-06 05:30 | 2026-01-07 05:00 | 6 | 2026-01-07 05:00 |
as late as the default allows   | 0 7 * * * | 2026-01-05 06:00 | 2026-01-06 12:00 | - | 2026-01-06 06:00 late |
later than the default          | 0 7 * * * | 2026-01-05 06:00 | 2026-01-06 12:01 | - | - | 2026-01-06 06:00
half of an hourly interval      | 0 * * * * | 2026-01-06 06:00 | 2026-01-06 07:31 | - | - | 2026-01-06 07:00
half of the interval after it   | 0 7,8 * * * | 2026-01-05 07:00 | 2026-01-06 06:31 | - | - | 2026-01-06 06:00
the long interval after it      | 0 7,8 * * * | 2026-01-06 06:00 | 2026-01-06 12:00 | - | 2026-01-06 07:00 late |
no lateness: time to look       | 0 7 * * * | 2026-01-05 06:00 | 2026-01-06 06:01 | 0 | 2026-01-06 06:00 |
every minute                    | * * * * * | 2026-01-06 06:00 | 2026-01-06 06:03 | - | 2026-01-06 06:03 | 2026-01-06 06:01, 2026-01-06 06:02
over the doubled hour           | 30 2 * * * | 2026-10-24 00:30 | 2026-10-25 01:30 | - | 2026-10-25 00:30 late |";

    fn due(line: &str, last: &str, now: &str, late: Option<Duration>) -> Due {
        schedule("Europe/Paris", line).due(at(last), at(now), late)
    }

    #[test]
    fn a_missed_tick_is_made_up_once_if_it_is_not_too_late() {
        for [name, line, last, now, late, tick, missed] in rows(MISSES) {
            let late = late.parse().ok().map(Duration::from_hours);
            let is_late = tick.ends_with("late");
            let tick = (tick != "-").then(|| Tick { at: at(tick.trim_end_matches(" late")), is_late });
            let latest: Vec<_> = missed.split(", ").filter(|tick| !tick.is_empty()).map(at).collect();
            let expected = Due { tick, missed: Missed { count: latest.len(), latest } };
            assert_eq!(due(line, last, now, late), expected, "{name}");
        }
    }

    #[test]
    fn what_was_dealt_with_is_the_newest_tick_that_has_passed() {
        for (name, now, expected) in [
            ("made up", "2026-01-08 08:00", Some("2026-01-08 06:00")),
            ("missed", "2026-01-08 13:00", Some("2026-01-08 06:00")),
            ("nothing", "2026-01-05 07:00", None),
        ] {
            let last_tick = due("0 7 * * *", "2026-01-05 06:00", now, None).last_tick();
            assert_eq!(last_tick, expected.map(at), "{name}");
        }
    }

    #[test]
    fn years_of_missed_ticks_take_bounded_work() {
        for (line, now, newest, count) in [
            ("* * * * *", "2036-01-05 06:00", "2036-01-05 06:00", MAX_COUNTED),
            ("*/7 1-23/5 */3 * *", "2036-01-05 06:00", "2036-01-04 20:56", MAX_COUNTED),
            ("0 7 29 2 *", "2060-03-01 06:00", "2060-02-29 06:00", 9),
        ] {
            let due = due(line, "2026-01-05 06:00", now, Some(Duration::from_hours(1)));
            assert_eq!(due.last_tick(), Some(at(newest)), "{line}");
            assert_eq!((due.missed.latest.len(), due.missed.count), (count.min(MAX_LISTED), count), "{line}");
            assert!(due.missed.latest.is_sorted(), "{line}");
        }
    }
}
