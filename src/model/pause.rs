//! Pauses: until which day a reader wants nothing.

use jiff::ToSpan;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use super::time::Timestamp;

/// The end of a pause that only its reader ends: the last second of the year 9999.
pub const UNTIL_THEY_SAY: Timestamp = Timestamp::from_unix(253_402_300_799);

/// The days on which a pause may end: from tomorrow to a year from today, in the zone of the newsletter. Whoever wants
/// nothing for longer leaves.
pub fn days(zone: &TimeZone, now: Timestamp) -> (Date, Date) {
    let today = zone.to_datetime(now.to_jiff()).date();
    (today.saturating_add(1.day()), today.saturating_add(1.year()))
}

/// The end of a pause that lasts until a day: the first moment of that day, from which on editions are sent again.
/// `None` for what is no day (`2026-12-24`), or none on which a pause [may end](days).
pub fn end(day: &str, zone: &TimeZone, now: Timestamp) -> Option<Timestamp> {
    let day = Date::strptime("%Y-%m-%d", day.trim()).ok()?;
    let (first, last) = days(zone, now);
    let is_allowed = (first..=last).contains(&day);
    let start = zone.to_timestamp(day.to_datetime(Time::midnight())).ok().filter(|_| is_allowed)?;
    Some(start.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_ends_when_a_day_begins_where_the_newsletter_is_at_home() {
        // It is the 29th of November in Paris, and still the 28th in New York.
        let now: Timestamp = "2026-11-29T01:30:00Z".parse().unwrap();
        for (day, zone, expected) in [
            ("2026-12-10", "Europe/Paris", Some("2026-12-09T23:00:00Z")),
            (" 2026-12-10 ", "America/New_York", Some("2026-12-10T05:00:00Z")),
            ("2026-11-30", "Europe/Paris", Some("2026-11-29T23:00:00Z")),
            ("2026-11-29", "Europe/Paris", None),
            ("2026-11-29", "America/New_York", Some("2026-11-29T05:00:00Z")),
            ("2026-11-28", "America/New_York", None),
            ("2027-11-29", "Europe/Paris", Some("2027-11-28T23:00:00Z")),
            ("2027-11-30", "Europe/Paris", None),
            ("9999-12-31", "Europe/Paris", None),
            ("-009999-01-01", "Europe/Paris", None),
            ("2026-02-30", "Europe/Paris", None),
            ("10.12.2026", "Europe/Paris", None),
            ("", "Europe/Paris", None),
            ("2026-12-10T10:00:00Z", "Europe/Paris", None),
        ] {
            let zone = TimeZone::get(zone).unwrap();
            let end = end(day, &zone, now).map(|end| end.to_string());
            assert_eq!(end.as_deref(), expected, "{day:?}");
        }
    }
}
