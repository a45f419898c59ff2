//! The revision, asked for by many: they share an answer, and none that is too old.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Mutex as Line;

/// How long an answer is good for, as to what other processes change: a command's change is seen by readers so much later, and
/// not every one of ten thousand requests a second asks the database.
const GOOD_FOR: Duration = Duration::from_millis(5);

/// The last answer, and how often the database was asked.
///
/// What this process has changed before somebody asks is always in the answer to them.
#[derive(Debug, Default)]
pub(super) struct Latest {
    /// How many asks have begun.
    begun: AtomicU64,
    /// Of those who wait for an answer: one asks for all.
    line: Line<()>,
    answer: Mutex<Option<Answer>>,
}

/// What was answered.
#[derive(Clone, Copy, Debug)]
struct Answer {
    /// To which ask, counted from 1.
    ask: u64,
    /// Not later than it was asked.
    asked_at: Instant,
    /// How many changes this process had made before.
    changes: u64,
    revision: i64,
}

impl Latest {
    /// An answer that is good still, else the one to an ask that began after this was called: to `ask`, or to the one of
    /// somebody who was before it in the line. `changes` is how many changes this process has made until `now`.
    ///
    /// # Errors
    /// Those of `ask`; who waits behind it asks again.
    pub async fn get<E>(
        &self,
        (changes, now): (u64, Instant),
        ask: impl Future<Output = Result<i64, E>>,
    ) -> Result<i64, E> {
        let is_good =
            |own: &Answer| own.changes == changes && now.saturating_duration_since(own.asked_at) < GOOD_FOR;
        if let Some(answer) = self.answer().filter(is_good) {
            return Ok(answer.revision);
        }
        let next = self.begun.load(Ordering::SeqCst) + 1;
        let _turn = self.line.lock().await;
        if let Some(answer) = self.answer().filter(|answer| answer.ask >= next) {
            return Ok(answer.revision);
        }
        let number = self.begun.fetch_add(1, Ordering::SeqCst) + 1;
        let revision = ask.await?;
        let answer = Answer { ask: number, asked_at: now, changes, revision };
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
        Ok(revision)
    }

    fn answer(&self) -> Option<Answer> {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use futures_util::future::join_all;
    use futures_util::{FutureExt, pin_mut};
    use tokio::task::yield_now;

    use super::*;

    /// Asks, one after another: each takes a moment, and its answer is how many there were.
    async fn count(asks: &Cell<i64>) -> Result<i64, ()> {
        asks.set(asks.get() + 1);
        let answer = asks.get();
        yield_now().await;
        Ok(answer)
    }

    #[tokio::test]
    async fn who_comes_during_an_ask_shares_the_next_one() {
        let (latest, asks, now) = (Latest::default(), Cell::new(0), Instant::now());
        let others = join_all((0..9).map(|_| latest.get((0, now), count(&asks))));
        let (first, others) = tokio::join!(latest.get((0, now), count(&asks)), others);
        assert_eq!(first, Ok(1));
        assert_eq!(others, [Ok(2); 9]);
    }

    #[tokio::test]
    async fn an_answer_is_good_until_this_process_changes_something_and_for_a_moment() {
        let (latest, asks, now) = (Latest::default(), Cell::new(0), Instant::now());
        for (changes, later, expected) in [(0, 0, 1), (0, 4, 1), (1, 4, 2), (1, 8, 2), (1, 9, 3), (1, 13, 3)]
        {
            let now = now + Duration::from_millis(later);
            assert_eq!(latest.get((changes, now), count(&asks)).await, Ok(expected), "{changes} {later}");
        }
    }

    #[tokio::test]
    async fn an_ask_that_fails_or_is_given_up_answers_nobody() {
        let (latest, asks, now) = (Latest::default(), Cell::new(0), Instant::now());
        assert_eq!(latest.get((0, now), async { Err(()) }).await, Err(()));
        {
            let given_up = latest.get((0, now), count(&asks));
            pin_mut!(given_up);
            assert_eq!(given_up.as_mut().now_or_never(), None);
        }
        assert_eq!(latest.get((0, now), count(&asks)).await, Ok(2));
    }
}
