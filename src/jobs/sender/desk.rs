//! The desk between the disk and the connections: what has been claimed lies here until a connection takes it,
//! and what a connection has to write down is handed in here.
//!
//! One writer takes all that waits (results, markers) into one transaction, and one syncer makes what was written
//! survive a loss of power, as often as the disk allows. A connection waits for the writer before each message,
//! for the syncer only where its marker is not on disk yet. As long as the disk is the slower one, markers are
//! set ahead of their turn, so that they are on disk when it comes.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

use super::office::Office;
use super::pace::Pace;
use super::parcel::Parcel;
use super::provider::{Provider, Seat};
use super::writer::{Request, Writer, sync};
use crate::mail::relay::Envelope;
use crate::model::subscriber::EmailAddress;
use crate::model::time::{Clock, Timestamp};
use crate::store::{Attempt, Handed, NewReport, ProviderHold, Settlement, Snapshot, Store};

/// A delivery that has been claimed, on its way through the desk.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) attempt: Attempt,
    pub(super) address: Arc<Address>,
    pub(super) parcel: Arc<Parcel>,
    /// Its marker, if it was marked ahead of its turn.
    pub(super) mark: Option<Mark>,
    pub(super) count: Count,
    /// The relay that is handed it.
    pub(super) relay: u64,
    /// Who takes it in the end, if that is known by name.
    pub(super) provider: Option<Arc<Provider>>,
    /// Counts it among what has been claimed for its provider.
    pub(super) _share: Option<Counted>,
    /// The right of the connection that has it to hand it over.
    pub(super) seat: Option<Arc<Seat>>,
}

/// A marker that was set ahead of its turn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    /// The write that holds it.
    pub(super) write: u64,
    /// In which state of the database it was granted.
    pub(super) granted_in: Snapshot,
}

/// Where a delivery goes, and by which names.
#[derive(Debug)]
pub(super) struct Address {
    pub(super) to: EmailAddress,
    pub(super) envelope: Envelope,
    /// The left side of the Message-ID.
    pub(super) message_id: String,
}

impl Item {
    /// Takes a seat at its provider, if that has any number of them; returns whether there was one.
    fn sit_down(&mut self, held: Option<&Arc<Seat>>, bell: &Arc<Notify>) -> bool {
        let Some(provider) = &self.provider else { return true };
        self.seat = Seat::find(provider, held, bell);
        self.seat.is_some()
    }
}

/// Counts what is on its way, in all and by its relay, until what became of it is written down.
#[derive(Debug)]
pub(super) struct Count {
    pub(super) _of_all: Counted,
    pub(super) _of_relay: Counted,
}

/// Counts one of some, however it ends.
#[derive(Debug)]
pub(super) struct Counted(Arc<AtomicUsize>);

impl Counted {
    /// One more of these.
    pub(super) fn one_of(counter: &Arc<AtomicUsize>) -> Self {
        counter.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(counter))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// What a desk needs of its surroundings.
#[derive(Clone)]
pub(super) struct Surroundings {
    pub(super) store: Store,
    pub(super) clock: Clock,
    /// Cancelled when nothing new is to be begun; cancelled by the desk itself when the disk has failed.
    pub(super) shutdown: CancellationToken,
    pub(super) tasks: tokio_util::task::TaskTracker,
}

pub(super) struct Desk {
    inner: Arc<Inner>,
    requests: mpsc::UnboundedSender<Request>,
    synced: watch::Receiver<u64>,
    shutdown: CancellationToken,
}

/// What the writer knows of the desk. It does not hold the desk itself, which ends the writer by being dropped.
pub(super) struct Inner {
    queue: Mutex<VecDeque<Item>>,
    /// Rung when something was put into the queue.
    arrivals: Arc<Notify>,
    /// Rung when something left the queue or was written down.
    changes: Notify,
    /// How many items are in the queue or with a connection, or not yet written down.
    on_their_way: Arc<AtomicUsize>,
    /// How many deliveries have been settled.
    pub(super) settled: AtomicUsize,
    /// How many have been given back since somebody asked.
    given_back: AtomicUsize,
    /// How many connections there may be.
    connections: AtomicUsize,
    pub(super) pace: Pace,
}

impl Desk {
    pub(super) fn open(surroundings: &Surroundings) -> Self {
        let Surroundings { store, clock, shutdown, tasks } = surroundings;
        let inner = Arc::new(Inner {
            queue: Mutex::default(),
            arrivals: Arc::default(),
            changes: Notify::new(),
            on_their_way: Arc::default(),
            settled: AtomicUsize::new(0),
            given_back: AtomicUsize::new(0),
            connections: AtomicUsize::new(1),
            pace: Pace::default(),
        });
        let (requests, received) = mpsc::unbounded_channel();
        let (written, to_sync) = watch::channel(0);
        let (synced_sender, synced) = watch::channel(0);
        let writer = Writer::new(Arc::clone(&inner), store.clone(), clock.clone(), (written, synced.clone()));
        tasks.spawn(writer.run(received));
        tasks.spawn(sync(store.clone(), Arc::clone(&inner), to_sync, synced_sender, shutdown.clone()));
        Self { inner, requests, synced, shutdown: shutdown.clone() }
    }

    pub(super) fn set_connections(&self, connections: usize) {
        self.inner.connections.store(connections, Ordering::Relaxed);
    }

    /// Counts a delivery that is on its way from here on, as one of those that its relay has.
    pub(super) fn count(&self, of_relay: &Arc<AtomicUsize>) -> Count {
        Count { _of_all: Counted::one_of(&self.inner.on_their_way), _of_relay: Counted::one_of(of_relay) }
    }

    pub(super) fn put(&self, items: Vec<Item>) {
        if self.shutdown.is_cancelled() {
            return self.release(items);
        }
        self.inner.queue().extend(items);
        self.inner.arrivals.notify_waiters();
    }

    /// Puts an item back where it was taken from: another connection is to try it.
    pub(super) fn put_back(&self, mut item: Item) {
        item.seat = None;
        if self.shutdown.is_cancelled() {
            return self.release(vec![item]);
        }
        self.inner.queue().push_front(item);
        self.inner.arrivals.notify_waiters();
    }

    /// The next item for this relay that its provider may be handed, if there is one; the connection may hold a seat from
    /// before. What waits for a provider that is held goes back meanwhile. None once the end has come.
    pub(super) fn take(&self, office: &Office, held: Option<&Arc<Seat>>) -> Option<Item> {
        if self.shutdown.is_cancelled() {
            return None;
        }
        let (now, mut index, mut postponed) = (office.clock.now(), 0, Vec::new());
        let mut queue = self.inner.queue();
        let item = loop {
            let Some(item) = queue.get_mut(index) else { break None };
            let until = office.providers.held_until(item.provider.as_ref(), &item.address.to, now);
            if let Some(until) = until {
                postponed.extend(queue.remove(index).map(|item| (item, until)));
            } else if item.relay == office.id && item.sit_down(held, &self.inner.arrivals) {
                break queue.remove(index);
            } else {
                index += 1;
            }
        };
        drop(queue);
        for (item, until) in postponed {
            self.postpone(item.attempt, until, item.count);
        }
        self.inner.changes.notify_one();
        item
    }

    /// The next item that [`Desk::take`] gives; waits this long for one.
    pub(super) async fn next(&self, office: &Office, patience: Duration) -> Option<Item> {
        let wait = async {
            loop {
                let arrival = self.inner.arrivals.notified();
                tokio::pin!(arrival);
                arrival.as_mut().enable();
                if let Some(item) = self.take(office, None) {
                    return item;
                }
                arrival.await;
            }
        };
        tokio::select! {
            biased;
            () = self.shutdown.cancelled() => None,
            item = wait => Some(item),
            () = tokio::time::sleep(patience) => None,
        }
    }

    pub(super) fn waiting(&self) -> usize {
        self.inner.queue().len()
    }

    /// How many of those wait for this relay.
    pub(super) fn waiting_for(&self, relay: u64) -> usize {
        self.inner.queue().iter().filter(|item| item.relay == relay).count()
    }

    pub(super) fn on_their_way(&self) -> usize {
        self.inner.on_their_way.load(Ordering::SeqCst)
    }

    /// How many deliveries have been settled since the start.
    pub(super) fn settled(&self) -> usize {
        self.inner.settled.load(Ordering::SeqCst)
    }

    /// How many deliveries have been given back untried since this was asked last.
    pub(super) fn take_given_back(&self) -> usize {
        self.inner.given_back.swap(0, Ordering::SeqCst)
    }

    /// Waits until the queue is down to `low` items, or nothing is on its way, at most for `patience`.
    pub(super) async fn wait_until_low(&self, low: usize, patience: Duration) {
        let wait = async {
            while self.waiting() > low || (low == 0 && self.on_their_way() > 0) {
                self.inner.changes.notified().await;
            }
        };
        tokio::select! {
            () = wait => {}
            () = tokio::time::sleep(patience) => {}
            () = self.shutdown.cancelled() => {}
        }
    }

    /// Marks an attempt, whose dot is the next thing that the connection writes. True when the marker is on disk;
    /// what was not granted is no longer ours.
    pub(super) async fn mark(&self, item: &Item) -> bool {
        let (answer, answered) = oneshot::channel();
        let request = Request::Mark { attempt: item.attempt, mark: item.mark, answer };
        if self.requests.send(request).is_err() {
            return false;
        }
        let Ok(Some(mark)) = answered.await else { return false };
        let mut synced = self.synced.clone();
        synced.wait_for(|synced| *synced >= mark).await.is_ok()
    }

    /// Hands in what became of an attempt. It is written before any marker that is asked for afterwards.
    pub(super) fn settle(
        &self,
        settlement: Settlement,
        report: Option<NewReport>,
        handed: Vec<Handed>,
        count: Count,
    ) {
        self.send(Request::Settle { settlement, report, handed, count });
    }

    /// Gives back what is not tried before this moment.
    pub(super) fn postpone(&self, attempt: Attempt, due_at: Timestamp, count: Count) {
        self.send(Request::Postpone { attempt, due_at, count });
    }

    /// Has it written down that a provider is left alone.
    pub(super) fn hold(&self, hold: ProviderHold) {
        self.send(Request::Hold(hold));
    }

    /// Has it written down that a provider is left alone no longer.
    pub(super) fn free(&self, provider: String) {
        self.send(Request::Free(provider));
    }

    /// Gives back what was claimed and not tried.
    pub(super) fn release(&self, items: Vec<Item>) {
        self.inner.given_back.fetch_add(items.len(), Ordering::SeqCst);
        for item in items {
            self.send(Request::Release { attempt: item.attempt, count: item.count });
        }
    }

    /// Gives back all that no connection has taken yet, for the relays that this is true of.
    pub(super) fn clear(&self, is_meant: impl Fn(u64) -> bool) {
        let mut queue = self.inner.queue();
        if !queue.iter().any(|item| is_meant(item.relay)) {
            return;
        }
        let (items, kept): (Vec<_>, Vec<_>) = queue.drain(..).partition(|item| is_meant(item.relay));
        queue.extend(kept);
        drop(queue);
        self.release(items);
        self.inner.changes.notify_one();
    }

    fn send(&self, request: Request) {
        // The writer ends only after the desk, unless it panicked: then the rows wait for the next start.
        if self.requests.send(request).is_err() {
            tracing::error!(
                "The writer of deliveries is gone; what it did not write is settled at the next start"
            );
        }
    }
}

impl Inner {
    pub(super) fn queue(&self) -> MutexGuard<'_, VecDeque<Item>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn note_sync(&self) {
        self.pace.note_sync(self.connections.load(Ordering::Relaxed));
    }

    pub(super) fn note_change(&self) {
        self.changes.notify_one();
    }
}
