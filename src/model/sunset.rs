//! Sunset: when readers are asked whether they still want a newsletter.

use std::time::Duration;

/// How often they are asked before it is paused for them.
pub const MOST_QUESTIONS: u32 = 2;

/// When readers of a newsletter are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sunset {
    /// So long after they last said that they want it.
    pub after: Duration,
    /// How long an answer is waited for.
    pub patience: Duration,
}

impl Sunset {
    /// A month is waited for each answer.
    pub const fn after(after: Duration) -> Self {
        Self { after, patience: Duration::from_hours(30 * 24) }
    }
}
