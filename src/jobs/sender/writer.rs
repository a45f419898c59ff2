//! The one writer of deliveries, and the one that syncs what it wrote.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

use super::ahead;
use super::desk::{Count, Inner, Mark};
use crate::model::time::{Clock, Timestamp};
use crate::store::{Attempt, Exchange, Granted, Handed, NewReport, ProviderHold, Settlement, Store};

/// How many requests go into one transaction at most.
const MOST: usize = 1000;

/// The pauses between tries to write when the database does not let us, from the first to the last.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));

/// What a connection has to write down.
pub(super) enum Request {
    /// Its message is about to be sent; the answer is the write that holds the marker.
    Mark { attempt: Attempt, mark: Option<Mark>, answer: oneshot::Sender<Option<u64>> },
    /// What became of an attempt, and the address if it turned out not to exist.
    Settle { settlement: Settlement, report: Option<NewReport>, handed: Vec<Handed>, count: Count },
    /// An attempt was not made.
    Release { attempt: Attempt, count: Count },
    /// An attempt was not made, and is not to be made before its provider is held no longer.
    Postpone { attempt: Attempt, due_at: Timestamp, count: Count },
    /// A provider is left alone for a while.
    Hold(ProviderHold),
    /// A provider has taken something after it had been held.
    Free(String),
}

pub(super) struct Writer {
    desk: Arc<Inner>,
    store: Store,
    clock: Clock,
    /// How many writes there were.
    writes: u64,
    written: watch::Sender<u64>,
    synced: watch::Receiver<u64>,
}

/// Attempts to be marked, with the write that holds their marker if there is one, and who waits for the answer.
type Marks = Vec<(Attempt, Option<u64>, oneshot::Sender<Option<u64>>)>;

/// Who waits for a write: connections for their markers, the count of what is on its way for its end.
#[derive(Default)]
struct Waiting {
    marks: Marks,
    counts: Vec<Count>,
}

impl Writer {
    pub(super) fn new(
        desk: Arc<Inner>,
        store: Store,
        clock: Clock,
        (written, synced): (watch::Sender<u64>, watch::Receiver<u64>),
    ) -> Self {
        Self { desk, store, clock, writes: 0, written, synced }
    }

    /// Writes down all that is handed in, until nobody can hand in anything more.
    pub(super) async fn run(mut self, mut requests: mpsc::UnboundedReceiver<Request>) {
        let mut batch = Vec::new();
        while requests.recv_many(&mut batch, MOST).await > 0 {
            gather(&mut batch, &mut requests).await;
            self.write_down(batch.drain(..)).await;
        }
    }

    async fn write_down(&mut self, requests: impl Iterator<Item = Request>) {
        let mut exchange = Exchange::default();
        let mut waiting = Waiting::default();
        for request in requests {
            waiting.take(request, &mut exchange);
        }
        let settled = exchange.settled.len();
        let ahead = self.to_mark_ahead();
        exchange.marked.extend_from_slice(&ahead);
        exchange.is_ahead = !ahead.is_empty();
        let granted = self.exchange(&mut exchange).await;
        self.writes += 1;
        ahead::note(&mut self.desk.queue(), &ahead, &granted, self.writes);
        self.written.send_replace(self.writes);
        self.answer(waiting.marks, &granted);
        self.desk.settled.fetch_add(settled, Ordering::SeqCst);
        drop(waiting.counts);
        self.desk.note_change();
    }

    fn to_mark_ahead(&self) -> Vec<Attempt> {
        match self.desk.pace.ahead() {
            0 => Vec::new(),
            most => ahead::to_mark(&self.desk.queue(), most, self.clock.now()),
        }
    }

    fn answer(&self, marks: Marks, granted: &Granted) {
        let synced = *self.synced.borrow();
        for (attempt, mark, answer) in marks {
            let mark = mark.unwrap_or(self.writes);
            self.desk.pace.note_mark(mark > synced);
            let _ = answer.send(granted.attempts.contains(&attempt).then_some(mark)); // who asked may have been dropped
        }
    }

    /// Tries until it succeeds: what the relay has accepted must not be forgotten because the disk is full, and
    /// meanwhile nobody is granted a marker for more.
    async fn exchange(&self, exchange: &mut Exchange) -> Granted {
        let (mut pause, longest) = PAUSES;
        let mut is_reported = false;
        loop {
            match self.store.exchange(exchange, self.clock.now()).await {
                Ok(granted) => return granted,
                Err(error) if !is_reported => {
                    let error = format!("{:#}", anyhow::Error::from(error));
                    tracing::error!(error, "Deliveries cannot be written down; sending waits until they can");
                    is_reported = true;
                }
                Err(_) => {}
            }
            tokio::time::sleep(pause).await;
            pause = longest.min(pause * 2);
        }
    }
}

/// Lets the connections that are ready hand in what they have, so that one transaction serves all of them. Waits for
/// none that is not.
async fn gather(batch: &mut Vec<Request>, requests: &mut mpsc::UnboundedReceiver<Request>) {
    loop {
        let before = batch.len();
        tokio::task::yield_now().await;
        while batch.len() < MOST
            && let Ok(request) = requests.try_recv()
        {
            batch.push(request);
        }
        if batch.len() == before || batch.len() >= MOST {
            return;
        }
    }
}

impl Waiting {
    fn take(&mut self, request: Request, exchange: &mut Exchange) {
        match request {
            Request::Mark { attempt, mark, answer } => {
                match mark {
                    Some(mark) => exchange.in_turn.push((attempt, mark.granted_in)),
                    None => exchange.marked.push(attempt),
                }
                self.marks.push((attempt, mark.map(|mark| mark.write), answer));
            }
            Request::Settle { settlement, report, handed, count } => {
                exchange.settled.push(settlement);
                exchange.reports.extend(report);
                for handed in handed {
                    add(&mut exchange.handed, handed);
                }
                self.counts.push(count);
            }
            Request::Release { attempt, count } => {
                exchange.released.push(attempt);
                self.counts.push(count);
            }
            Request::Postpone { attempt, due_at, count } => {
                exchange.postponed.push((attempt, due_at));
                self.counts.push(count);
            }
            Request::Hold(hold) => {
                exchange.freed.retain(|freed| *freed != hold.provider);
                exchange.holds.push(hold);
            }
            Request::Free(provider) => {
                exchange.holds.retain(|hold| hold.provider != provider);
                exchange.freed.push(provider);
            }
        }
    }
}

/// Adds to what is counted for the same relay and day.
fn add(counted: &mut Vec<Handed>, handed: Handed) {
    let is_same = |known: &&mut Handed| known.relay == handed.relay && known.day == handed.day;
    match counted.iter_mut().find(is_same) {
        Some(known) => known.messages += handed.messages,
        None => counted.push(handed),
    }
}

/// Syncs what was written, again and again while there is something.
///
/// If that fails nobody knows what the disk holds: no marker is granted any more, and the program ends.
pub(super) async fn sync(
    store: Store,
    desk: Arc<Inner>,
    mut written: watch::Receiver<u64>,
    synced: watch::Sender<u64>,
    shutdown: CancellationToken,
) {
    while written.changed().await.is_ok() {
        let writes = *written.borrow_and_update();
        if let Err(error) = store.sync().await {
            tracing::error!(%error, "The disk failed to keep what was written to it; Courant ends");
            shutdown.cancel();
            return;
        }
        desk.note_sync();
        synced.send_replace(writes);
    }
}
