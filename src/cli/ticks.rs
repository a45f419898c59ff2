//! Ticks as commands print them: in local time, in UTC, and how long until then.

use std::time::Duration;

use serde::Serialize;

use super::Row;
use crate::model::schedule::Schedule;
use crate::model::time::Timestamp;

/// A tick of a schedule.
#[derive(Serialize)]
pub(super) struct TickRow {
    utc: Timestamp,
    local: String,
    seconds_until: u64,
    #[serde(skip)]
    clock: String,
}

impl Row for TickRow {
    const COLUMNS: &[&str] = &["LOCAL TIME", "UTC", "IN"];

    fn cells(&self) -> Vec<String> {
        vec![self.clock.clone(), self.utc.to_string(), span(Duration::from_secs(self.seconds_until))]
    }
}

/// The next ticks of a schedule.
pub(super) fn upcoming(schedule: &Schedule, after: Timestamp, count: usize) -> Vec<TickRow> {
    let row = |utc: Timestamp| {
        let local = utc.to_jiff().to_zoned_datetime(schedule.zone().clone());
        TickRow {
            utc,
            local: local.strftime("%FT%T%:z").to_string(),
            seconds_until: utc.since(after).as_secs(),
            clock: local.strftime("%a %F %H:%M %:z").to_string(),
        }
    };
    schedule.ticks_after(after).take(count).map(row).collect()
}

/// A span of time in its two largest units: `2 d 5 h`, `12 min`.
pub(super) fn span(duration: Duration) -> String {
    const UNITS: [(u64, &str); 4] = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let seconds = duration.as_secs();
    let largest = UNITS.iter().position(|(unit, _)| seconds >= *unit).unwrap_or(UNITS.len() - 1);
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (unit, name) in UNITS.iter().skip(largest).take(2) {
        if rest >= *unit || parts.is_empty() {
            parts.push(format!("{} {name}", rest / unit));
        }
        rest %= unit;
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_told_in_its_two_largest_units() {
        for (seconds, expected) in [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (61, "1 min 1 s"),
            (3_600, "1 h"),
            (7_261, "2 h 1 min"),
            (190_859, "2 d 5 h"),
            (86_401, "1 d"),
        ] {
            assert_eq!(span(Duration::from_secs(seconds)), expected);
        }
    }
}
