//! Whether the machine's clock can be believed, before anything goes out by it.

use std::time::Duration;

use crate::model::time::Timestamp;

/// How far the wall clock may be set back while the program runs.
const MAX_BACK: Duration = Duration::from_hours(1);

/// How far the wall clock may leap ahead while the program runs. A machine that slept looks like this: the
/// ticks that it slept through are made up or missed like any others.
const MAX_AHEAD: Duration = Duration::from_hours(6);

/// How far the wall clock may be ahead of the last time seen when the program starts.
const MAX_AWAY: Duration = Duration::from_hours(30 * 24);

/// 2020-01-01: a clock that shows less was never set. Clocks without a battery begin in 1970, 2000 or 2010.
const NEVER_SET: Timestamp = Timestamp::from_unix(1_577_836_800);

/// Watches the machine's clock: while it is suspect, nothing goes out by itself.
///
/// Keeps the last reading that it trusted, so that a clock which is put right again is trusted again.
#[derive(Clone, Debug)]
pub struct ClockGuard {
    last_seen: Option<Timestamp>,
    /// Whether the clock was suspect when the program was stopped.
    was_suspect: bool,
    trusted: Option<ClockReading>,
}

/// What the machine's clocks show at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockReading {
    /// The time of day, which can be set.
    pub wall: Timestamp,
    /// How long the program has run, by a clock that nobody can set.
    pub running: Duration,
}

/// Why the clock is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClockSuspect {
    /// It shows a time before the program was written.
    #[error("the clock shows {0}: it was never set")]
    NeverSet(Timestamp),
    /// It was set back by more than an hour.
    #[error("the clock was set back by {} min, to {}", .by.as_secs() / 60, .to)]
    SetBack {
        /// By how much.
        by: Duration,
        /// What it shows now.
        to: Timestamp,
    },
    /// It leapt ahead by more than six hours.
    #[error("the clock leapt ahead by {} h, to {}", .by.as_secs() / 3600, .to)]
    LeaptAhead {
        /// By how much.
        by: Duration,
        /// What it shows now.
        to: Timestamp,
    },
    /// It is more than 30 days ahead of the last time that the program saw before it was stopped.
    #[error("the clock shows {now}, {} days after the last time seen, {last_seen}", .now.since(*.last_seen).as_secs() / 86400)]
    LongAway {
        /// The last time seen.
        last_seen: Timestamp,
        /// What it shows now.
        now: Timestamp,
    },
}

impl ClockGuard {
    /// A guard that knows the last time that was believed before the program was stopped, if it ever ran, and
    /// whether the clock was suspect then: a restart alone does not make it right.
    pub const fn new(last_seen: Option<Timestamp>, was_suspect: bool) -> Self {
        Self { last_seen, was_suspect, trusted: None }
    }

    /// Whether the clock can be believed; asked at least every few minutes while the program runs.
    pub fn check(&mut self, reading: ClockReading) -> Result<(), ClockSuspect> {
        self.suspect(reading).map_or(Ok(()), Err)?;
        self.trust(reading);
        Ok(())
    }

    /// The operator says that the clock is right.
    pub fn trust(&mut self, reading: ClockReading) {
        self.trusted = Some(reading);
    }

    fn suspect(&self, reading: ClockReading) -> Option<ClockSuspect> {
        let now = reading.wall;
        if now < NEVER_SET {
            return Some(ClockSuspect::NeverSet(now));
        }
        match (self.trusted, self.last_seen) {
            (Some(trusted), _) => leap(trusted, reading),
            (None, Some(last_seen)) if self.was_suspect => gap(last_seen, now),
            (None, Some(last_seen)) => {
                (now.since(last_seen) > MAX_AWAY).then_some(ClockSuspect::LongAway { last_seen, now })
            }
            (None, None) => None,
        }
    }
}

fn leap(trusted: ClockReading, reading: ClockReading) -> Option<ClockSuspect> {
    gap(trusted.wall + reading.running.saturating_sub(trusted.running), reading.wall)
}

fn gap(expected: Timestamp, to: Timestamp) -> Option<ClockSuspect> {
    let (back, ahead) = (expected.since(to), to.since(expected));
    if back > MAX_BACK {
        Some(ClockSuspect::SetBack { by: back, to })
    } else if ahead > MAX_AHEAD {
        Some(ClockSuspect::LeaptAhead { by: ahead, to })
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{at, rows};
    use super::*;

    /// Name; the last time seen before the start, with "?" if the clock was suspect then; readings as wall clock and minutes of running; the last one's verdict.
    const READINGS: &str = "\
a first start               | -          | 2026-01-06 07:00 +0 | trusted
a restart                   | 2026-01-05 | 2026-01-06 07:00 +0 | trusted
30 days away                | 2026-01-05 | 2026-02-04 00:00 +0 | trusted
longer away                 | 2026-01-05 | 2026-02-04 00:01 +0 | the clock shows 2026-02-04T00:01:00Z, 30 days after the last time seen, 2026-01-05T00:00:00Z
M6: boot in 1970            | 2026-01-05 | 1970-01-01 00:00 +0 | the clock shows 1970-01-01T00:00:00Z: it was never set
M6: a first boot in 1970    | -          | 1970-01-01 00:05 +0 | the clock shows 1970-01-01T00:05:00Z: it was never set
M6: 400 days, away          | 2026-01-05 | 2027-02-09 00:00 +0 | the clock shows 2027-02-09T00:00:00Z, 400 days after the last time seen, 2026-01-05T00:00:00Z
M6: 400 days, running       | -          | 2026-01-05 07:00 +0, 2027-02-09 07:01 +1 | the clock leapt ahead by 9600 h, to 2027-02-09T07:01:00Z
both clocks went on         | 2026-01-05 | 2026-01-06 07:00 +0, 2026-03-06 07:00 +84960 | trusted
M4: clock 07:05 to 06:05    | -          | 2026-01-06 07:05 +0, 2026-01-06 06:05 +0 | trusted
further back                | -          | 2026-01-06 07:05 +0, 2026-01-06 06:05 +1 | the clock was set back by 61 min, to 2026-01-06T06:05:00Z
M5: clock 06:00 to 08:00    | -          | 2026-01-06 06:00 +0, 2026-01-06 08:00 +0 | trusted
asleep for 6 hours          | -          | 2026-01-06 00:00 +0, 2026-01-06 06:00 +0 | trusted
further ahead               | -          | 2026-01-06 00:00 +0, 2026-01-06 06:02 +1 | the clock leapt ahead by 6 h, to 2026-01-06T06:02:00Z
it stays suspect            | -          | 2026-01-06 00:00 +0, 2026-01-07 00:00 +1, 2026-01-07 00:01 +2 | the clock leapt ahead by 23 h, to 2026-01-07T00:01:00Z
until it is put right again | -          | 2026-01-06 00:00 +0, 2026-01-07 00:00 +1, 2026-01-06 00:02 +2 | trusted
also over a restart, ahead  | 2026-01-05? | 2026-01-06 07:00 +0 | the clock leapt ahead by 31 h, to 2026-01-06T07:00:00Z
also over a restart, back   | 2026-01-05? | 2026-01-04 07:00 +0 | the clock was set back by 1020 min, to 2026-01-04T07:00:00Z
put right over a restart    | 2026-01-05? | 2026-01-05 00:10 +0 | trusted";

    fn reading(text: &str) -> ClockReading {
        let (wall, minutes) = text.split_once(" +").unwrap();
        ClockReading { wall: at(wall), running: Duration::from_mins(minutes.parse().unwrap()) }
    }

    #[test]
    fn a_clock_that_cannot_be_right_is_suspect() {
        for [name, last_seen, readings, expected] in rows(READINGS) {
            let was_suspect = last_seen.ends_with('?');
            let last_seen = last_seen.trim_end_matches('?');
            let mut guard = ClockGuard::new((last_seen != "-").then(|| at(last_seen)), was_suspect);
            let verdicts = readings.split(", ").map(|text| guard.check(reading(text)));
            let verdict = verdicts
                .last()
                .unwrap()
                .map_or_else(|suspect| suspect.to_string(), |()| "trusted".to_owned());
            assert_eq!(verdict, expected, "{name}");
        }
    }

    #[test]
    fn an_operator_can_say_that_the_clock_is_right() {
        let mut guard = ClockGuard::new(Some(at("2026-01-05")), false);
        let after_a_long_holiday = reading("2026-03-05 09:00 +0");
        assert!(guard.check(after_a_long_holiday).is_err());
        guard.trust(after_a_long_holiday);
        assert_eq!(guard.check(reading("2026-03-05 09:01 +1")), Ok(()));
    }
}
