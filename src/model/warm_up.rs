//! Warming up: a sender that receivers do not know yet begins with little mail, and sends twice as much each day.

use std::time::Duration;

/// For how long receivers remember how much came on a day.
pub const MEMORY: Duration = Duration::from_hours(60 * 24);

/// How much mail goes out on the first day, and on any day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WarmUp {
    /// On the first day, and on any other at least so much.
    pub start: u64,
    /// On any day at most so much.
    pub ceiling: u64,
}

impl WarmUp {
    /// How many messages may go out on a day, if the most on one day before it were so many: a day on which little or
    /// nothing goes out warms nothing up.
    pub fn allowance(self, most_before: u64) -> u64 {
        self.start.max(most_before.saturating_mul(2)).min(self.ceiling)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_twice_what_the_best_day_before_had_up_to_the_ceiling() {
        let plan = WarmUp { start: 200, ceiling: 1000 };
        for (most_before, allowance) in [
            (0, 200),
            (50, 200),
            (150, 300),
            (200, 400),
            (400, 800),
            (800, 1000),
            (1000, 1000),
            (u64::MAX, 1000),
        ] {
            assert_eq!(plan.allowance(most_before), allowance, "{most_before}");
        }
    }
}
