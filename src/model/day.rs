//! Days as a daily cap counts them: from midnight to midnight in the publication's zone.

use jiff::ToSpan as _;
use jiff::tz::TimeZone;

use super::time::Timestamp;

/// A day in a zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// Its date: `2026-03-29`.
    pub date: String,
    /// When the next one begins. It may be 23 or 25 hours after this one did.
    pub ends_at: Timestamp,
}

impl Day {
    /// The day that it is at this moment in this zone.
    pub fn of(now: Timestamp, zone: &TimeZone) -> Self {
        let here = now.to_jiff().to_zoned_datetime(zone.clone());
        let tomorrow = here.date().saturating_add(1.day()).to_zoned_datetime(zone.clone());
        let ends_at = tomorrow.and_then(|day| day.start_of_day()).map(|start| start.timestamp().into());
        Self { date: here.date().to_string(), ends_at: ends_at.unwrap_or(now) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_at_midnight_where_the_publication_is() {
        for (zone, now, date, ends_at) in [
            ("UTC", "2026-02-28T23:59:59Z", "2026-02-28", "2026-03-01T00:00:00Z"),
            ("Europe/Paris", "2026-02-28T23:00:00Z", "2026-03-01", "2026-03-01T23:00:00Z"),
            ("Europe/Paris", "2026-03-28T23:30:00Z", "2026-03-29", "2026-03-29T22:00:00Z"),
            ("Africa/Cairo", "2026-04-23T12:00:00Z", "2026-04-23", "2026-04-23T22:00:00Z"),
            ("Pacific/Kiritimati", "2026-01-01T10:00:00Z", "2026-01-02", "2026-01-02T10:00:00Z"),
        ] {
            let day = Day::of(now.parse().unwrap(), &TimeZone::get(zone).unwrap());
            assert_eq!((day.date.as_str(), day.ends_at.to_string().as_str()), (date, ends_at), "{zone}");
        }
    }
}
