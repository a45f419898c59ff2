//! What comes back after a delivery: kinds of reports, and what follows from them. The rules are in `docs/bounces.md`.

use std::time::Duration;

use serde::Serialize;

use super::time::Timestamp;

/// How many deliveries in a row have to come back before an address that may only be full is given up.
const ROW: usize = 5;

/// How long that has to go on: a week's holiday with a full mailbox costs nobody a subscription.
const SPAN: Duration = Duration::from_hours(14 * 24);

/// What a report was to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum ReportKind {
    /// There is no such address.
    HardBounce,
    /// It did not arrive, and may the next time.
    SoftBounce,
    /// It was refused because of us.
    OurFault,
    /// It is late, and still being tried.
    Delay,
    /// The reader called it spam.
    Complaint,
    /// The reader wrote to the address that ends a subscription.
    Unsubscribe,
}

/// What followed from a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Consequence {
    /// Nothing.
    Nothing,
    /// It was counted.
    Counted,
    /// The address is never mailed again.
    Suppressed,
    /// The subscription ended.
    Ended,
}

/// What became of a delivery, as far as it counts for the next question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// When its edition was published.
    pub published_at: Timestamp,
    /// Whether it came back; else it was accepted and nothing was heard.
    pub has_bounced: bool,
}

impl Consequence {
    /// In words, as the end of `what followed:`.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Counted => "counted",
            Self::Suppressed => "address suppressed",
            Self::Ended => "subscription ended",
        }
    }
}

impl ReportKind {
    /// In words.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::HardBounce => "hard bounce",
            Self::SoftBounce => "soft bounce",
            Self::OurFault => "refused because of us",
            Self::Delay => "delay",
            Self::Complaint => "complaint",
            Self::Unsubscribe => "unsubscription by mail",
        }
    }
}

/// Whether an address is given up: `arrivals`, the latest first, begin with enough that came back, over enough time.
/// One that arrived ends the row, so that an old bounce is forgotten.
pub fn is_given_up(arrivals: &[Arrival], now: Timestamp) -> bool {
    let row = arrivals.iter().take_while(|arrival| arrival.has_bounced);
    let first = row.clone().last();
    row.count() >= ROW && first.is_some_and(|first| first.published_at + SPAN <= now)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    /// `x` came back, `.` arrived; the latest first, one each so many days.
    fn given_up(row: &str, days: i64) -> bool {
        let at =
            |index: usize| Timestamp::from_unix(1_000 * DAY - i64::try_from(index).unwrap() * days * DAY);
        let arrival = |(index, c)| Arrival { published_at: at(index), has_bounced: c == 'x' };
        let arrivals: Vec<_> = row.chars().enumerate().map(arrival).collect();
        is_given_up(&arrivals, Timestamp::from_unix(1_000 * DAY + 60))
    }

    #[test]
    fn an_address_is_given_up_after_five_in_a_row_over_two_weeks() {
        for (row, days, expected) in [
            ("xxxxx", 7, true),
            ("xxxx", 7, false),
            ("xxxx.xxxx", 7, false),
            (".xxxxxx", 7, false),
            ("xxxxx", 1, false),
            ("xxxxxxxxxxxxxxx", 1, true),
            ("xxxxxxxxxxxxxx.", 1, false),
            ("", 1, false),
        ] {
            assert_eq!(given_up(row, days), expected, "{row} each {days} days");
        }
    }
}
