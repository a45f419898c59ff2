//! The revision, asked for by many at once: who comes while the database is being asked shares the next answer.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Mutex;

/// The last answer, and how often the database was asked.
///
/// Every request for a document asks, and no answer may be older than the request: what was changed before it, by this
/// process or another one, is in it. Under load a hundred requests share one trip to the database's thread.
#[derive(Debug, Default)]
pub(super) struct Latest {
    /// How many asks have begun.
    begun: AtomicU64,
    answered: Mutex<Answer>,
}

/// What was answered to which ask, counted from 1.
#[derive(Debug, Default)]
struct Answer {
    ask: u64,
    revision: i64,
}

impl Latest {
    /// The answer to an ask that began after this was called: to `ask`, or to the one of somebody who was before it in the line.
    ///
    /// # Errors
    /// Those of `ask`; who waits behind it asks again.
    pub async fn get<E>(&self, ask: impl Future<Output = Result<i64, E>>) -> Result<i64, E> {
        let next = self.begun.load(Ordering::SeqCst) + 1;
        let mut answered = self.answered.lock().await;
        if answered.ask < next {
            let number = self.begun.fetch_add(1, Ordering::SeqCst) + 1;
            *answered = Answer { ask: number, revision: ask.await? };
        }
        Ok(answered.revision)
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
        let (latest, asks) = (Latest::default(), Cell::new(0));
        let others = join_all((0..9).map(|_| latest.get(count(&asks))));
        let (first, others) = tokio::join!(latest.get(count(&asks)), others);
        assert_eq!(first, Ok(1));
        assert_eq!(others, [Ok(2); 9]);
        assert_eq!(latest.get(count(&asks)).await, Ok(3));
    }

    #[tokio::test]
    async fn an_ask_that_fails_or_is_given_up_answers_nobody() {
        let (latest, asks) = (Latest::default(), Cell::new(0));
        assert_eq!(latest.get(async { Err(()) }).await, Err(()));
        {
            let given_up = latest.get(count(&asks));
            pin_mut!(given_up);
            assert_eq!(given_up.as_mut().now_or_never(), None);
        }
        assert_eq!(latest.get(count(&asks)).await, Ok(2));
    }
}
