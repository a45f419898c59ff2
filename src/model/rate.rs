//! Rates: so many messages in such a time at most, and the bucket that keeps to one.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// The units of time that a rate can be for.
const UNITS: [(&str, Duration); 3] = [
    ("second", Duration::from_secs(1)),
    ("minute", Duration::from_mins(1)),
    ("hour", Duration::from_hours(1)),
];

/// More than this in any time is no limit.
const MOST: u32 = 10_000_000;

/// At most this share of a rate goes out at once, so that what is lost by keeping to it strictly is small.
const SHARE_AT_ONCE: u32 = 20;

/// So many in such a time, in any stretch of it: `600/minute`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    count: u32,
    per: Duration,
}

/// Text that is not a rate.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a rate")]
pub struct InvalidRate;

impl Rate {
    /// How long this many take.
    pub fn time_for(self, messages: u64) -> Duration {
        let nanoseconds = self.per.as_nanos().saturating_mul(u128::from(messages)) / u128::from(self.count);
        Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX))
    }

    /// How many may go out at once: a second's worth, and no more than a small share of the whole.
    fn at_once(self) -> u32 {
        let a_second = u128::from(self.count) * 1_000_000_000 / self.per.as_nanos();
        (self.count / SHARE_AT_ONCE).min(u32::try_from(a_second).unwrap_or(u32::MAX)).max(1)
    }
}

impl FromStr for Rate {
    type Err = InvalidRate;

    fn from_str(text: &str) -> Result<Self, InvalidRate> {
        let (count, unit) = text.split_once('/').ok_or(InvalidRate)?;
        let count =
            count.trim().parse().ok().filter(|count| (1..=MOST).contains(count)).ok_or(InvalidRate)?;
        let (_, per) = UNITS.iter().find(|(name, _)| *name == unit.trim()).ok_or(InvalidRate)?;
        Ok(Self { count, per: *per })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = UNITS.iter().find(|(_, per)| *per == self.per).map_or("", |(name, _)| name);
        write!(f, "{}/{unit}", self.count)
    }
}

/// A token bucket: says how many may go out now so that a rate is kept. Times are those of
/// [`Clock::running`](super::time::Clock::running), which nobody can set.
///
/// It fills a little more slowly than the rate, so that with what goes out at once no stretch of time has more than the
/// rate allows.
#[derive(Clone, Debug)]
pub struct Bucket {
    depth: u32,
    /// How long one token takes to come.
    interval: Duration,
    /// When it is full again.
    full_at: Duration,
}

impl Bucket {
    /// A full bucket.
    pub fn new(rate: Rate) -> Self {
        let depth = rate.at_once();
        Self { depth, interval: rate.per / (rate.count - depth + 1), full_at: Duration::ZERO }
    }

    /// How many may be taken now. While `waiting` that were taken before have not gone out yet, it does not fill beyond
    /// the rest of its depth: they and what is taken then would go out together.
    pub fn available(&mut self, waiting: usize, now: Duration) -> usize {
        let waiting = u32::try_from(waiting).unwrap_or(u32::MAX).min(self.depth);
        self.full_at = self.full_at.max(now + self.interval * waiting);
        let lacking = self.full_at.saturating_sub(now).as_nanos().div_ceil(self.interval.as_nanos().max(1));
        (self.depth as usize).saturating_sub(usize::try_from(lacking).unwrap_or(usize::MAX))
    }

    /// Takes so many.
    pub fn take(&mut self, count: usize, now: Duration) {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        self.full_at = self.full_at.max(now) + self.interval.saturating_mul(count);
    }

    /// How long it is until one may be taken.
    pub fn next_in(&self, now: Duration) -> Duration {
        self.full_at.saturating_sub(now).saturating_sub(self.interval * (self.depth - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_number_and_a_time_and_is_written_as_it_is_read() {
        for text in ["1/second", "600/minute", "20000/hour"] {
            assert_eq!(text.parse::<Rate>().unwrap().to_string(), text);
        }
        assert_eq!(" 5 / minute ".parse::<Rate>().unwrap().to_string(), "5/minute");
        for text in ["", "600", "600/", "/minute", "0/minute", "-1/minute", "1.5/second", "600/min", "9/day"]
        {
            assert_eq!(text.parse::<Rate>(), Err(InvalidRate), "{text}");
        }
        assert_eq!("99999999999/hour".parse::<Rate>(), Err(InvalidRate));
    }

    #[test]
    fn a_number_of_messages_takes_its_time() {
        let rate: Rate = "600/minute".parse().unwrap();
        assert_eq!(rate.time_for(1200), Duration::from_mins(2));
        assert_eq!(rate.time_for(0), Duration::ZERO);
    }

    /// When each message goes out, in milliseconds, if all that may go out does, at each of these times.
    fn sent(rate: &str, steps: impl Iterator<Item = u64>) -> Vec<u64> {
        let mut bucket = Bucket::new(rate.parse().unwrap());
        let mut sent = Vec::new();
        for at in steps {
            let now = Duration::from_millis(at);
            let count = bucket.available(0, now);
            bucket.take(count, now);
            sent.extend(std::iter::repeat_n(at, count));
        }
        sent
    }

    #[test]
    fn no_stretch_of_time_has_more_than_the_rate_and_hardly_less_is_used() {
        for (rate, count, per) in [
            ("600/minute", 600, 60_000),
            ("100/second", 100, 1000),
            ("1/minute", 1, 60_000),
            ("7/hour", 7, 3_600_000),
        ] {
            let sent = sent(rate, (0..3 * per).step_by(10));
            let most =
                sent.iter().map(|from| sent.iter().filter(|at| (*from..from + per).contains(at)).count());
            assert_eq!(most.max(), Some(count), "{rate}");
            assert!(sent.len() * 100 >= 3 * count * 93, "{rate}: {}", sent.len());
        }
    }

    #[test]
    fn after_a_pause_no_more_goes_out_at_once_than_ever() {
        let sent = sent("600/minute", [0, 3_600_000, 3_600_001].into_iter());
        assert_eq!(sent.iter().filter(|at| **at == 0).count(), 10);
        assert_eq!(sent.len(), 20);
    }

    #[test]
    fn what_was_taken_and_has_not_gone_out_counts() {
        let mut bucket = Bucket::new("600/minute".parse().unwrap());
        bucket.take(10, Duration::ZERO);
        let later = Duration::from_mins(10);
        assert_eq!(bucket.available(8, later), 2);
        assert_eq!(bucket.available(10, later), 0);
        assert_eq!(bucket.available(1000, later), 0);
    }

    #[test]
    fn it_tells_when_the_next_may_go_out() {
        let mut bucket = Bucket::new("60/minute".parse().unwrap());
        assert_eq!(bucket.next_in(Duration::ZERO), Duration::ZERO);
        bucket.take(1, Duration::ZERO);
        assert_eq!(bucket.next_in(Duration::from_millis(250)), Duration::from_millis(750));
        assert_eq!(bucket.available(0, Duration::from_millis(999)), 0);
        assert_eq!(bucket.available(0, Duration::from_secs(1)), 1);
    }
}
