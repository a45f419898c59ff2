//! Documents are packed as small as they get while they are served already: one at a time, beside everything else.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};

use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use super::cache::Document;
use super::coding::Coding;

/// How many documents wait for their turn at most; those above are packed when they are asked for again.
const QUEUE: usize = 64;

/// Packs documents.
#[derive(Debug)]
pub struct Packer {
    turn: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    tasks: TaskTracker,
}

impl Default for Packer {
    fn default() -> Self {
        Self { turn: Arc::new(Semaphore::new(1)), waiting: Arc::default(), tasks: TaskTracker::new() }
    }
}

impl Packer {
    /// Packs a document by and by, if clients that like these codings would get it smaller then. One that nobody keeps any more
    /// when its turn comes is passed over.
    pub fn pack(&self, document: &Arc<Document>, liked: &[Coding]) {
        if !document.lacks(liked) || !document.begin_packing() {
            return;
        }
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= QUEUE {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return document.put_off_packing();
        }
        let (turn, waiting, document) =
            (Arc::clone(&self.turn), Arc::clone(&self.waiting), Arc::downgrade(document));
        self.tasks.spawn(async move {
            let _permit = turn.acquire_owned().await;
            if let Some(document) = Weak::upgrade(&document) {
                document.bytes(Coding::Brotli).await;
            }
            waiting.fetch_sub(1, Ordering::Relaxed);
        });
    }
}
