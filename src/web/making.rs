//! Whose turn it is to make a document: a crowd that asks for the same makes it once, and what takes long keeps up nothing
//! but others like it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Mutex as Turn, OwnedMutexGuard, Semaphore, SemaphorePermit};

/// How many documents are made at once that are named by what there is, and how many that are named by who asks: searches, and
/// feeds of several conditions, which look at more of the archive. Together they leave the database room for other questions.
const AT_ONCE: [usize; 2] = [2, 1];

/// The documents that are being made.
#[derive(Debug)]
pub struct Making {
    names: Mutex<HashMap<String, Arc<Turn<()>>>>,
    lanes: [Semaphore; 2],
}

/// The turn of one to make the document of a name; given back when it is dropped.
#[derive(Debug)]
pub struct OwnTurn<'a> {
    making: &'a Making,
    name: String,
    guard: Option<OwnedMutexGuard<()>>,
}

impl Default for Making {
    fn default() -> Self {
        Self { names: Mutex::default(), lanes: AT_ONCE.map(Semaphore::new) }
    }
}

impl Making {
    /// Waits until nobody else makes the document of this name.
    pub async fn turn(&self, name: &str) -> OwnTurn<'_> {
        let own = Arc::clone(self.lock().entry(name.to_owned()).or_default());
        let mut turn = OwnTurn { making: self, name: name.to_owned(), guard: None };
        turn.guard = Some(own.lock_owned().await);
        turn
    }

    /// Waits until there is room to make a document of this name.
    pub async fn room(&self, name: &str) -> Option<SemaphorePermit<'_>> {
        self.lanes[usize::from(name.contains('?'))].acquire().await.ok()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<Turn<()>>>> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for OwnTurn<'_> {
    /// Forgets the name, if nobody waits for its turn.
    fn drop(&mut self) {
        self.guard = None;
        let mut names = self.making.lock();
        if names.get(&self.name).is_some_and(|turn| Arc::strong_count(turn) == 1) {
            names.remove(&self.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn a_document_is_made_by_one_and_others_meanwhile() {
        let making = Making::default();
        let first = making.turn("feed.rss").await;
        let mut second = Box::pin(making.turn("feed.rss"));
        assert!(second.as_mut().now_or_never().is_none(), "the first makes it");
        assert!(making.turn("feed.atom").now_or_never().is_some());
        drop(first);
        assert!(second.now_or_never().is_some());
        assert_eq!(making.lock().len(), 0, "nothing is left of it");
    }

    #[tokio::test]
    async fn a_slow_search_keeps_up_only_other_searches() {
        let making = Making::default();
        let slow = making.room("feed.rss?q=a*").await;
        assert!(making.room("feed.atom?q=b*").now_or_never().is_none());
        let others = [making.room("feed.rss").now_or_never(), making.room("/").now_or_never()];
        assert!(others.iter().all(Option::is_some));
        drop(slow);
        assert!(making.room("feed.atom?q=b*").now_or_never().is_some());
    }

    #[tokio::test]
    async fn who_gives_up_waiting_is_forgotten() {
        let making = Making::default();
        let first = making.turn("feed.rss").await;
        let mut second = Box::pin(making.turn("feed.rss"));
        assert!(second.as_mut().now_or_never().is_none());
        drop(second);
        drop(first);
        assert_eq!(making.lock().len(), 0);
    }
}
