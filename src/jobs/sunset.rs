//! Readers who have had a newsletter for long → whether they still want it. The rules are in `docs/subscribers.md`.

use super::publisher::standing;
use super::{Job, LiveSettings};
use crate::model::time::Timestamp;
use crate::store::Store;

/// How many readers of a newsletter are asked at a time: where the question is switched on for many, it is spread over days.
const MOST: i64 = 50;

/// Asks readers whether they still want what they get.
#[derive(Clone, Debug)]
pub struct Asker {
    store: Store,
    settings: LiveSettings,
}

impl Asker {
    /// One that works by these settings.
    pub const fn new(store: Store, settings: LiveSettings) -> Self {
        Self { store, settings }
    }
}

impl Job for Asker {
    const NAME: &'static str = "asker";

    /// Returns 0 however many were asked: the others wait until it is called again.
    async fn step(&self, now: Timestamp) -> anyhow::Result<usize> {
        let settings = self.settings.borrow().clone();
        for newsletter in &settings.newsletters {
            let Some(sunset) = newsletter.sunset else { continue };
            let standing = standing(&self.store, newsletter, now).await?;
            if standing.paused_at.is_none() {
                self.store.ask_who_still_wants(standing.id, (sunset, MOST), now).await?;
            }
        }
        Ok(0)
    }
}
