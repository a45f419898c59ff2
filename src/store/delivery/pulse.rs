//! When mails with each edition were last handed over, for who wants to know whether a visit follows upon one. It is known of
//! a few editions, and since the program began: looking at the markers themselves would cost a look at all of an edition.

use std::sync::{Mutex, PoisonError};

use super::Attempt;
use crate::model::edition::EditionId;
use crate::model::time::Timestamp;

/// Of how many editions it is known.
const EDITIONS: usize = 64;

/// The editions that mails were handed over of, the last one at the end.
#[derive(Debug, Default)]
pub(in crate::store) struct Pulse(Mutex<Vec<(EditionId, Timestamp)>>);

impl Pulse {
    /// Notes that these attempts are about to be made.
    pub(super) fn note<'a>(&self, attempts: impl Iterator<Item = &'a Attempt>, now: Timestamp) {
        let mut last = None;
        for edition in attempts.map(|attempt| attempt.key.edition) {
            if last.replace(edition) == Some(edition) {
                continue;
            }
            let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            known.retain(|(other, _)| *other != edition);
            if known.len() >= EDITIONS {
                known.remove(0);
            }
            known.push((edition, now));
        }
    }

    /// When that was last noted of an edition.
    pub(in crate::store) fn last(&self, edition: EditionId) -> Option<Timestamp> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().find(|(other, _)| *other == edition).map(|(_, at)| *at)
    }
}
