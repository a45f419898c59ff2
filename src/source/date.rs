//! Moments as databases and front matter hold them.

use crate::extract::date;
use crate::model::time::Timestamp;

/// A number with a fraction: a Julian day, as SQLite's `julianday()` makes it, else as [`date::from_number`].
#[expect(
    clippy::cast_possible_truncation,
    reason = "a cast of a float saturates, and what is absurd is refused"
)]
pub(super) fn of_real(number: f64) -> Option<Timestamp> {
    const UNIX_EPOCH: f64 = 2_440_587.5;
    if (2_000_000.0..3_000_000.0).contains(&number) {
        return date::from_number(((number - UNIX_EPOCH) * 86_400.0).round() as i64);
    }
    if number.is_finite() { date::from_number(number.floor() as i64) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_real_is_a_julian_day_or_seconds() {
        let expected = Some(Timestamp::from_unix(1_772_528_400));
        assert_eq!(of_real(2_461_102.875), expected);
        assert_eq!(of_real(1_772_528_400.75), expected);
        assert_eq!(of_real(f64::NAN), None);
        assert_eq!(of_real(f64::INFINITY), None);
    }
}
