//! A connection's loop: take a delivery, hand over its envelope, have it marked, hand over the message.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::desk::Item;
use super::office::{Badge, Office};
use crate::mail::mould::{Letter, Slots};
use crate::mail::relay::{Connection, Opened};
use crate::mail::reply::Reply;
use crate::model::dkim::CryptoFailed;
use crate::model::token::Token;

/// How long a connection without work is kept: the next claim may be on its way.
const LINGER: Duration = Duration::from_millis(500);

/// Takes deliveries from the desk and hands them to the relay, on one connection after the other.
pub(super) struct Worker {
    office: Arc<Office>,
    line: Option<Line>,
    letter: Letter,
    _badge: Badge,
}

/// A connection, counted for as long as it is held.
struct Line {
    connection: Connection,
    office: Arc<Office>,
}

impl Drop for Line {
    fn drop(&mut self) {
        self.office.staff.connected.fetch_sub(1, Ordering::SeqCst);
    }
}

/// What became of an envelope.
enum Begun {
    /// The relay has answered it.
    Answered(Opened),
    /// The relay takes nothing, whatever the envelope.
    NoRelay(Reply),
}

impl Worker {
    pub(super) fn new(office: Arc<Office>) -> Self {
        let badge = Badge::new(&office.staff.workers);
        Self { office, line: None, letter: Letter::default(), _badge: badge }
    }

    /// Works until there has been nothing to do for a while, or nothing can be done.
    pub(super) async fn run(mut self) {
        let mut next = None;
        loop {
            let item = match next.take() {
                Some(item) => item,
                None => match self.wait().await {
                    Some(item) => item,
                    None => break,
                },
            };
            match self.begin(&item).await {
                Begun::Answered(opened) => {
                    self.office.trouble.end();
                    match opened {
                        Opened::Ready => next = self.send(item).await,
                        Opened::Failed(reply) => self.office.settle(item, &reply),
                    }
                }
                Begun::NoRelay(reply) => return self.give_up(item, &reply),
            }
        }
        if let Some(line) = &mut self.line {
            line.connection.quit().await;
        }
    }

    async fn wait(&self) -> Option<Item> {
        let Office { staff, desk, retired, .. } = &*self.office;
        staff.idle.fetch_add(1, Ordering::SeqCst);
        let item = tokio::select! {
            biased;
            () = retired.cancelled() => None,
            item = desk.next(&self.office, LINGER) => item,
        };
        staff.idle.fetch_sub(1, Ordering::SeqCst);
        item
    }

    /// Hands over the envelope. A connection that was used before may have been closed by the relay since; that
    /// says nothing about the relay or the delivery, so a new one is tried at once.
    async fn begin(&mut self, item: &Item) -> Begun {
        loop {
            let line = match self.line.take_if(|line| line.connection.has_room()) {
                Some(line) => line,
                None => match self.connect().await {
                    Ok(line) => line,
                    Err(reply) => return Begun::NoRelay(reply),
                },
            };
            let line = self.line.insert(line);
            let was_used = line.connection.is_used();
            let opened = line.connection.open(&item.address.envelope).await;
            let Opened::Failed(reply) = &opened else { return Begun::Answered(opened) };
            if !reply.is_about_the_relay() {
                return Begun::Answered(opened);
            }
            let (reply, has_room) = (reply.clone(), line.connection.has_room());
            self.line = None;
            if !was_used || has_room {
                return Begun::NoRelay(reply);
            }
        }
    }

    async fn connect(&mut self) -> Result<Line, Reply> {
        self.line = None;
        let connection = self.office.relay.connect().await?;
        self.office.staff.connected.fetch_add(1, Ordering::SeqCst);
        Ok(Line { connection, office: Arc::clone(&self.office) })
    }

    /// If other connections are served, the relay only has enough of them; otherwise it takes nothing now.
    fn give_up(mut self, item: Item, reply: &Reply) {
        self.line = None;
        if self.office.retired.is_cancelled() {
            return self.office.desk.release(vec![item]);
        }
        if self.office.staff.connected.load(Ordering::SeqCst) > 0 {
            self.office.staff.note_limit(self.office.clock.now());
            return self.office.desk.put_back(item);
        }
        self.office.trouble.note(reply, self.office.clock.now());
        self.office.desk.release(vec![item]);
        self.office.desk.clear(|relay| relay == self.office.id);
    }

    /// Has the delivery marked and hands over its message, with the next envelope behind it. Returns the next
    /// delivery, if there is one.
    async fn send(&mut self, item: Item) -> Option<Item> {
        let is_too_old = item.parcel.is_too_old(self.office.clock.now());
        if is_too_old || item.parcel.stop_loss.reason().is_some() {
            self.line = None; // the relay waits for a message that must not be sent
            self.office.desk.release(vec![item]);
            return None;
        }
        if let Err(failure) = self.cut(&item).await {
            self.line = None; // as above
            self.office.put_off(item, failure);
            return None;
        }
        if !self.office.desk.mark(&item).await {
            self.line = None;
            return None;
        }
        let line = self.line.as_mut()?;
        let next = self.office.next_for(&line.connection, &item);
        let envelope = next.as_ref().map(|next| &next.address.envelope);
        let reply = line.connection.finish(&self.letter, envelope).await;
        self.office.settle(item, &reply);
        next
    }

    /// Cuts the message. One that takes long to sign is cut on another thread, so that the other connections go on and
    /// all processors sign.
    async fn cut(&mut self, item: &Item) -> Result<(), CryptoFailed> {
        let (subscriber, newsletter) = (item.attempt.key.subscriber, item.parcel.newsletter);
        let token = self.office.key.sign(Token::Subscription(subscriber, newsletter));
        let reader = self.office.key.sign(Token::Reader(subscriber, newsletter));
        let (address, parcel) = (Arc::clone(&item.address), Arc::clone(&item.parcel));
        let mut letter = std::mem::take(&mut self.letter);
        let cut = move || {
            let message_id = &address.message_id;
            let slots = Slots { to: &address.to, message_id, token: &token, reader: &reader };
            let outcome = parcel.mould.cut(&slots, &mut letter);
            (letter, outcome)
        };
        let (letter, outcome) = if item.parcel.mould.is_slow_to_sign() {
            tokio::task::spawn_blocking(cut).await.map_err(|_| CryptoFailed)?
        } else {
            cut()
        };
        self.letter = letter;
        if let Some(name) = &self.office.relay.settings().idempotency_header {
            self.letter.put_first(name, &item.address.message_id);
        }
        outcome
    }
}
