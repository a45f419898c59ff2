//! Durations as people write them: `90s`, `15m`, `6h`, `1h30m`, `3d`, `2w`.

use std::time::Duration;

const UNITS: &[(&str, u64)] = &[("s", 1), ("m", 60), ("h", 3600), ("d", 86_400), ("w", 604_800)];

/// Longer ones are slips: a century.
const LONGEST: Duration = Duration::from_hours(36_525 * 24);

/// The duration that the text means; `None` if it means none. Parts are numbers with a unit, each unit once.
pub fn parse(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut seconds: u64 = 0;
    let mut last_unit = u64::MAX;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number: u64 = rest[..digits].parse().ok()?;
        let after = rest[digits..].trim_start();
        let (name, unit) = UNITS.iter().find(|(name, _)| after.starts_with(name))?;
        if *unit >= last_unit {
            return None;
        }
        last_unit = *unit;
        seconds = seconds.checked_add(number.checked_mul(*unit)?)?;
        rest = after[name.len()..].trim_start();
    }
    let duration = Duration::from_secs(seconds);
    (last_unit < u64::MAX && duration <= LONGEST).then_some(duration)
}

/// The duration as it would be written, in its largest units.
pub(super) fn written(duration: Duration) -> String {
    let mut seconds = duration.as_secs();
    let part = |(name, unit): &(&str, u64)| {
        let count = seconds / unit;
        seconds %= unit;
        if count == 0 { String::new() } else { format!("{count}{name}") }
    };
    let text: String = UNITS.iter().rev().map(part).collect();
    if text.is_empty() { "0s".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_numbers_with_units() {
        for (text, seconds) in [
            ("90s", Some(90)),
            ("15m", Some(900)),
            (" 6 h ", Some(21_600)),
            ("1h30m", Some(5_400)),
            ("1d 12h", Some(129_600)),
            ("2w", Some(1_209_600)),
            ("0s", Some(0)),
            ("", None),
            ("6", None),
            ("-6h", None),
            ("6hours", None),
            ("1.5h", None),
            ("30m1h", None),
            ("1h1h", None),
            ("99999999999999999999h", None),
            ("18446744073709551615w", None),
            ("5201w1d", Some(5201 * 604_800 + 86_400)),
            ("9999w", None),
            ("٣h", None),
        ] {
            assert_eq!(parse(text), seconds.map(Duration::from_secs), "{text}");
        }
    }

    #[test]
    fn a_duration_is_written_as_it_is_read() {
        for text in ["90s", "15m", "1h30m", "2w1d", "0s"] {
            let duration = parse(text).unwrap();
            assert_eq!(parse(&written(duration)), Some(duration), "{text}");
        }
        assert_eq!(written(Duration::from_secs(90)), "1m30s");
    }
}
