//! Allowances: how often something may be asked, at once and over time, and the bucket that keeps to one.

use std::num::NonZeroU32;
use std::time::Duration;

use super::time::Timestamp;

/// How often something may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// At once.
    pub burst: NonZeroU32,
    /// Then one more each time this has passed.
    pub refill: Duration,
}

/// A moment as allowances count time: in milliseconds since 1970.
pub fn milliseconds(moment: Timestamp) -> i64 {
    moment.as_unix().saturating_mul(1000)
}

impl Allowance {
    /// Of one client: enough for an office behind one address, too little for a flood.
    pub const CLIENT: Self = Self::new(20, Duration::from_mins(1));

    /// Of the mails that anybody can have sent to a mailbox: of those of one kind, and of all of them.
    pub const MAILBOX: [Self; 2] =
        [Self::new(1, Duration::from_mins(10)), Self::new(5, Duration::from_hours(6))];

    const fn new(burst: u32, refill: Duration) -> Self {
        Self { burst: NonZeroU32::MIN.saturating_add(burst - 1), refill }
    }

    /// So many in an hour, a sixth of them at once.
    pub fn hourly(count: NonZeroU32) -> Self {
        let burst = NonZeroU32::new(count.get() / 6).unwrap_or(NonZeroU32::MIN);
        Self { burst, refill: Duration::from_hours(1) / count.get() }
    }

    /// Takes one. `full_at` says when all of it is there again, in milliseconds since 1970, and the answer when that is after
    /// this one; `None`: nothing is left. Later than the whole takes is no answer of this allowance: the clock was set back, or the
    /// operator has allowed more. Then all of it is there.
    pub fn take(self, full_at: i64, now: Timestamp) -> Option<i64> {
        let now = milliseconds(now);
        let refill = i64::try_from(self.refill.as_millis()).unwrap_or(i64::MAX).max(1);
        let whole = refill.saturating_mul(i64::from(self.burst.get()));
        let is_possible = (now..=now.saturating_add(whole)).contains(&full_at);
        let next = if is_possible { full_at } else { now }.saturating_add(refill);
        (next.saturating_sub(now) <= whole).then_some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_at_once_and_then_one_by_one() {
        let allowance = Allowance::new(3, Duration::from_secs(10));
        let mut full_at = 0;
        let mut taken = |moment| {
            let next = allowance.take(full_at, Timestamp::from_unix(moment));
            full_at = next.unwrap_or(full_at);
            next.is_some()
        };
        assert_eq!([1000; 5].map(&mut taken), [true, true, true, false, false]);
        assert_eq!([1009, 1010, 1010, 1019, 1020].map(&mut taken), [false, true, false, false, true]);
        assert_eq!([2000; 4].map(&mut taken), [true, true, true, false], "what was not used is not added up");
        assert_eq!([500; 4].map(&mut taken), [true, true, true, false], "the clock was set back by far");
        assert_eq!([498; 1].map(&mut taken), [true], "and by little: nobody waits for what is gone");
    }

    #[test]
    fn many_in_an_hour_are_spread_over_it() {
        let allowance = Allowance::hourly(NonZeroU32::MIN.saturating_add(36_000 - 1));
        assert_eq!((allowance.burst.get(), allowance.refill), (6000, Duration::from_millis(100)));
        assert_eq!(Allowance::hourly(NonZeroU32::MIN).burst.get(), 1);
    }
}
