//! How many markers are set ahead of their turn.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Over how many syncs the need is measured.
const WINDOW: usize = 4;

/// Measures whether connections wait for the disk, and how far ahead markers have to be set so that they do not.
///
/// Every marker that is on disk and whose message was not sent is one more delivery in doubt after a crash. So
/// there are none ahead while the relay is the slower one, and no more than a few syncs' worth otherwise.
#[derive(Debug, Default)]
pub(super) struct Pace {
    ahead: AtomicUsize,
    window: Mutex<Window>,
}

#[derive(Debug, Default)]
struct Window {
    present: Marks,
    past: [Marks; WINDOW],
    next: usize,
}

/// How many messages needed a marker between two syncs, and how many of them had to wait for it.
#[derive(Clone, Copy, Debug, Default)]
struct Marks {
    needed: usize,
    waited: usize,
}

impl Pace {
    /// How many markers are to be ahead of their turn.
    pub(super) fn ahead(&self) -> usize {
        self.ahead.load(Ordering::Relaxed)
    }

    /// A message needed its marker.
    pub(super) fn note_mark(&self, has_to_wait: bool) {
        let present = &mut self.window.lock().unwrap_or_else(PoisonError::into_inner).present;
        present.needed += 1;
        present.waited += usize::from(has_to_wait);
    }

    /// What was written is on disk.
    pub(super) fn note_sync(&self, connections: usize) {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = window.next % WINDOW;
        window.past[slot] = std::mem::take(&mut window.present);
        window.next += 1;
        let needed: usize = window.past.iter().map(|marks| marks.needed).sum();
        let waited: usize = window.past.iter().map(|marks| marks.waited).sum();
        drop(window);
        let is_disk_slower = needed >= 2 * connections.max(1) && 2 * waited >= needed;
        let ahead = if is_disk_slower { needed.max(self.ahead()) } else { needed.min(self.ahead()) };
        self.ahead.store(ahead, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn syncs(pace: &Pace, count: usize, (needed, waited): (usize, usize)) {
        for _ in 0..count {
            for number in 0..needed {
                pace.note_mark(number < waited);
            }
            pace.note_sync(10);
        }
    }

    #[test]
    fn a_slow_relay_needs_no_markers_ahead() {
        let pace = Pace::default();
        syncs(&pace, 1, (10, 10));
        syncs(&pace, 20, (1, 1));
        assert_eq!(pace.ahead(), 0);
    }

    #[test]
    fn a_slow_disk_has_markers_set_ahead_until_nobody_waits_and_none_when_all_is_quiet() {
        let pace = Pace::default();
        syncs(&pace, 4, (10, 10));
        assert_eq!(pace.ahead(), 40);
        syncs(&pace, 4, (30, 5));
        assert_eq!(pace.ahead(), 60, "as many as were needed while half of them still had to wait");
        syncs(&pace, 4, (2, 0));
        assert_eq!(pace.ahead(), 8);
        syncs(&pace, 4, (0, 0));
        assert_eq!(pace.ahead(), 0);
    }
}
