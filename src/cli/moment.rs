//! Moments and spans of time as people read them.

use jiff::tz::TimeZone;

use crate::model::time::Timestamp;

/// `Tue 2026-03-31 07:00 CEST`.
pub(super) fn local(moment: Timestamp, zone: &TimeZone) -> String {
    moment.to_jiff().to_zoned_datetime(zone.clone()).strftime("%a %Y-%m-%d %H:%M %Z").to_string()
}

/// The two largest units of a span: `3 d 4 h`, `12 min 5 s`.
pub(super) fn span(seconds: u64) -> String {
    let units = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let first = units.iter().position(|(size, _)| seconds >= *size).unwrap_or(units.len() - 1);
    let mut rest = seconds;
    let parts = units[first..].iter().take(2).filter_map(|(size, name)| {
        let count = rest / size;
        rest %= size;
        (count > 0 || *size == 1 && seconds == 0).then(|| format!("{count} {name}"))
    });
    parts.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_told_in_its_two_largest_units() {
        let cases = [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (3_725, "1 h 2 min"),
            (90_000, "1 d 1 h"),
            (86_401, "1 d"),
        ];
        for (seconds, expected) in cases {
            assert_eq!(span(seconds), expected);
        }
    }
}
