//! Moments, and the clock that tells which one it is now.

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use serde::{Serialize, Serializer};

/// A moment, to the second: seconds since 1970-01-01T00:00:00Z, as the database holds it.
///
/// Printed and parsed as RFC 3339 in UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type)]
#[sqlx(transparent)]
pub struct Timestamp(i64);

/// Text that is not an RFC 3339 moment.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a moment such as 2026-03-28T00:00:00Z: {0:?}")]
pub struct InvalidTimestamp(String);

impl Timestamp {
    /// The moment `seconds` after 1970-01-01T00:00:00Z.
    pub const fn from_unix(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub const fn as_unix(self) -> i64 {
        self.0
    }

    /// The same moment as jiff speaks of it; a moment beyond jiff's years −9999 to 9999 becomes the nearest.
    pub fn to_jiff(self) -> jiff::Timestamp {
        let seconds = self.0.clamp(jiff::Timestamp::MIN.as_second(), jiff::Timestamp::MAX.as_second());
        jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }

    /// The moment as HTTP and RSS write it (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`. A moment before
    /// the year 0, which that form cannot say, is written as the first of that year.
    pub fn to_http_date(self) -> String {
        const YEAR_ZERO: i64 = -62_167_219_200;
        let moment = Self(self.0.max(YEAR_ZERO)).to_jiff();
        let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
        printer.timestamp_to_rfc9110_string(&moment).expect("a moment from the year 0 on can be written")
    }

    /// The moment that HTTP writes so, in any of its three forms (RFC 9110 §5.6.7). A date of mail, which may name another
    /// zone, is none of them.
    pub fn from_http_date(text: &str) -> Option<Self> {
        let forms = ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];
        let text = text.trim();
        let moment = forms.iter().find_map(|form| jiff::civil::DateTime::strptime(form, text).ok())?;
        jiff::tz::TimeZone::UTC.to_timestamp(moment).ok().map(Self::from)
    }

    /// How long after `earlier` this is; zero if it is not after it.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_secs(u64::try_from(self.0 - earlier.0).unwrap_or(0))
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(moment: jiff::Timestamp) -> Self {
        Self(moment.as_second())
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;

    fn sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)))
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, InvalidTimestamp> {
        let moment: jiff::Timestamp = text.trim().parse().map_err(|_| InvalidTimestamp(text.to_owned()))?;
        Ok(moment.into())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_jiff().fmt(f)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Where a part of the program learns what time it is: the system's clock, or one that a test moves.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The clocks of the machine.
    #[default]
    System,
    /// Clocks that stand still until they are moved.
    Manual(Arc<ManualClock>),
}

/// Clocks that stand still until they are moved: the time of day, and how long the program has run.
#[derive(Debug)]
pub struct ManualClock {
    wall: AtomicI64,
    running: AtomicI64,
}

impl Clock {
    /// A clock that shows `now` until it is moved.
    pub fn manual(now: Timestamp) -> Self {
        Self::Manual(Arc::new(ManualClock {
            wall: AtomicI64::new(now.as_unix()),
            running: AtomicI64::new(0),
        }))
    }

    /// The time of day.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clock")]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => jiff::Timestamp::now().into(),
            Self::Manual(clock) => Timestamp(clock.wall.load(Ordering::SeqCst)),
        }
    }

    /// How long the program has run, by a clock that nobody can set.
    pub fn running(&self) -> Duration {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        match self {
            Self::System => START.elapsed(),
            Self::Manual(clock) => Duration::from_secs(clock.running.load(Ordering::SeqCst).unsigned_abs()),
        }
    }

    /// Whether time passes by itself, so that waiting for a moment is of use.
    pub const fn passes(&self) -> bool {
        matches!(self, Self::System)
    }

    /// Lets time pass on a manual clock until `now`; the machine's own is left alone.
    pub fn advance_to(&self, now: Timestamp) {
        if let Self::Manual(clock) = self {
            let before = clock.wall.swap(now.0, Ordering::SeqCst);
            clock.running.fetch_add((now.0 - before).max(0), Ordering::SeqCst);
        }
    }

    /// Sets the time of day of a manual clock without letting time pass, as an operator or a time server does.
    pub fn set(&self, now: Timestamp) {
        if let Self::Manual(clock) = self {
            clock.wall.store(now.0, Ordering::SeqCst);
        }
    }
}
