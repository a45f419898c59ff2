//! Moments as sources write them: numbers of several units, and text.

use crate::model::time::Timestamp;

/// No article is dated later than the year 9999.
const LATEST: i64 = 253_402_300_799;

/// A whole number: seconds since 1970, or milli-, micro- or nanoseconds where seconds would be absurd.
pub(super) fn of_integer(number: i64) -> Option<Timestamp> {
    let seconds = match number.unsigned_abs() {
        0..100_000_000_000 => number,
        100_000_000_000..100_000_000_000_000 => number.div_euclid(1_000),
        100_000_000_000_000..100_000_000_000_000_000 => number.div_euclid(1_000_000),
        _ => number.div_euclid(1_000_000_000),
    };
    (seconds.abs() <= LATEST).then_some(Timestamp::from_unix(seconds))
}

/// A number with a fraction: a Julian day, as SQLite's `julianday()` makes it, else as [`of_integer`].
#[expect(
    clippy::cast_possible_truncation,
    reason = "a cast of a float saturates, and what is absurd is refused"
)]
pub(super) fn of_real(number: f64) -> Option<Timestamp> {
    const UNIX_EPOCH: f64 = 2_440_587.5;
    if (2_000_000.0..3_000_000.0).contains(&number) {
        return of_integer(((number - UNIX_EPOCH) * 86_400.0).round() as i64);
    }
    if number.is_finite() { of_integer(number.floor() as i64) } else { None }
}

/// Text: a number, RFC 3339, RFC 2822, `YYYY-MM-DD HH:MM:SS`. What says no zone is UTC.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(number) = text.parse::<i64>() {
        return of_integer(number);
    }
    if let Ok(moment) = text.parse::<jiff::Timestamp>() {
        return Some(moment.into());
    }
    if let Ok(moment) = jiff::fmt::rfc2822::parse(text) {
        return Some(moment.timestamp().into());
    }
    let civil: jiff::civil::DateTime = text.parse().ok()?;
    Some(jiff::tz::TimeZone::UTC.to_timestamp(civil).ok()?.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_in_the_unit_that_is_not_absurd() {
        let expected = Some(Timestamp::from_unix(1_772_528_400));
        for number in [1_772_528_400, 1_772_528_400_000, 1_772_528_400_123_456, 1_772_528_400_123_456_789] {
            assert_eq!(of_integer(number), expected, "{number}");
        }
        assert_eq!(of_integer(0), Some(Timestamp::from_unix(0)));
        assert_eq!(of_integer(-86_400), Some(Timestamp::from_unix(-86_400)));
        assert!(of_integer(i64::MAX).is_some() && of_integer(i64::MIN).is_some());
    }

    #[test]
    fn a_real_is_a_julian_day_or_seconds() {
        let expected = Some(Timestamp::from_unix(1_772_528_400));
        assert_eq!(of_real(2_461_102.875), expected);
        assert_eq!(of_real(1_772_528_400.75), expected);
        assert_eq!(of_real(f64::NAN), None);
        assert_eq!(of_real(f64::INFINITY), None);
    }

    #[test]
    fn text_is_read_in_the_forms_of_the_contract() {
        let expected = Some(Timestamp::from_unix(1_772_528_400));
        for text in [
            "2026-03-03T09:00:00Z",
            "2026-03-03T10:00:00+01:00",
            "2026-03-03 09:00:00",
            "2026-03-03T09:00:00.123",
            "Tue, 03 Mar 2026 09:00:00 +0000",
            " 1772528400 ",
            "1772528400000",
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
        assert_eq!(parse("2026-03-03"), Some(Timestamp::from_unix(1_772_496_000)));
        assert_eq!(parse("soon"), None);
    }
}
