//! Ticks as commands print them: in local time, in UTC, and how long until then.

use serde::Serialize;

use super::{Row, moment};
use crate::model::schedule::Schedule;
use crate::model::time::Timestamp;

/// A tick of a schedule.
#[derive(Serialize)]
pub(super) struct TickRow {
    utc: Timestamp,
    local: String,
    seconds_until: u64,
    #[serde(skip)]
    read: String,
}

impl Row for TickRow {
    const COLUMNS: &[&str] = &["LOCAL", "UTC", "IN"];

    fn cells(&self) -> Vec<String> {
        vec![self.read.clone(), self.utc.to_string(), moment::span(self.seconds_until)]
    }
}

/// The next ticks of a schedule.
pub(super) fn upcoming(schedule: &Schedule, after: Timestamp, count: usize) -> Vec<TickRow> {
    let row = |utc: Timestamp| TickRow {
        utc,
        local: utc.to_jiff().to_zoned_datetime(schedule.zone().clone()).strftime("%FT%T%:z").to_string(),
        seconds_until: utc.since(after).as_secs(),
        read: moment::local(utc, schedule.zone()),
    };
    schedule.ticks_after(after).take(count).map(row).collect()
}
