//! How attempts have ended since the program began, counted for who watches it: counting rows would cost a look at all of
//! them.

use std::sync::atomic::{AtomicU64, Ordering};

use super::Settlement;
use crate::model::delivery::DeliveryState;
use crate::store::Store;

/// The ends of an attempt that are told apart.
const ENDS: [&str; 5] = ["sent", "deferred", "failed", "in_doubt", "expired"];

/// How many attempts have come to each end.
#[derive(Debug, Default)]
pub(in crate::store) struct Meter([AtomicU64; ENDS.len()]);

impl Meter {
    /// Counts what was written down.
    pub(super) fn note(&self, settled: &[Settlement]) {
        for settlement in settled {
            let end = match settlement.state {
                _ if settlement.is_uncertain => 3,
                DeliveryState::Sent => 0,
                DeliveryState::Deferred => 1,
                DeliveryState::Failed => 2,
                DeliveryState::Expired => 4,
                _ => continue,
            };
            self.0[end].fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Store {
    /// How many attempts at deliveries have come to which end since the program began.
    pub fn attempts(&self) -> impl Iterator<Item = (&'static str, u64)> {
        ENDS.into_iter().zip(self.meter.0.iter().map(|count| count.load(Ordering::Relaxed)))
    }
}
