//! What all connections to a relay have in common: what is dealt to it, and what its replies mean for a delivery.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::desk::{Address, Count, Desk, Item, Surroundings};
use super::parcel::Parcel;
use super::provider::Providers;
use super::quota::{Load, Quota};
use super::trouble::Trouble;
use crate::jobs::mailing::{self, Sending};
use crate::jobs::{Settings, reports};
use crate::mail::relay::{Connection, Envelope, Relay, RelaySettings};
use crate::mail::reply::Reply;
use crate::model::delivery::{DeliveryState, Next, Outcome, UncertainPolicy};
use crate::model::dkim::CryptoFailed;
use crate::model::provider::ProviderId;
use crate::model::subscriber::EmailAddress;
use crate::model::time::{Clock, Timestamp};
use crate::model::token::Key;
use crate::store::{Attempt, Claim, DeliveryKey, Handed, Settlement};

/// How many deliveries lie on the desk for each connection.
const PER_CONNECTION: usize = 50;

/// How long it is believed that the relay lets us have no more connections than it did.
const LIMIT_HOLDS: Duration = Duration::from_mins(1);

/// What all connections to a relay have in common.
pub(super) struct Office {
    /// Tells this relay's deliveries on the desk from those of others, and from those of the same before a change of
    /// the configuration.
    pub(super) id: u64,
    pub(super) desk: Arc<Desk>,
    pub(super) relay: Relay,
    pub(super) sending: Sending,
    pub(super) trouble: Trouble,
    pub(super) quota: Quota,
    /// What all relays together may be handed.
    pub(super) quota_of_all: Quota,
    pub(super) providers: Arc<Providers>,
    /// How many deliveries it has been given that have not ended.
    pub(super) on_their_way: Arc<AtomicUsize>,
    /// How much it is behind what its weight gives it.
    pub(super) credit: AtomicI64,
    pub(super) key: Key,
    pub(super) clock: Clock,
    pub(super) staff: Staff,
    /// Its settings are no longer valid: its workers end after the message in hand.
    pub(super) retired: CancellationToken,
}

/// How many workers there are, and what they do.
#[derive(Debug, Default)]
pub(super) struct Staff {
    pub(super) workers: Arc<AtomicUsize>,
    pub(super) idle: AtomicUsize,
    /// How many of them have a connection.
    pub(super) connected: AtomicUsize,
    /// How many the relay has let us have, and when.
    limit: Mutex<Option<(usize, Timestamp)>>,
}

/// Counts a worker for as long as it lives.
pub(super) struct Badge(Arc<AtomicUsize>);

impl Staff {
    /// How many workers there may be. A relay that had enough connections is not asked for more for a while.
    pub(super) fn most(&self, connections: usize, now: Timestamp) -> usize {
        let limit = *self.limit.lock().unwrap_or_else(PoisonError::into_inner);
        match limit {
            Some((most, at)) if now >= at && now.since(at) < LIMIT_HOLDS => most.min(connections),
            _ => connections,
        }
    }

    pub(super) fn note_limit(&self, now: Timestamp) {
        let connected = self.connected.load(Ordering::SeqCst);
        *self.limit.lock().unwrap_or_else(PoisonError::into_inner) = Some((connected, now));
    }
}

impl Badge {
    pub(super) fn new(workers: &Arc<AtomicUsize>) -> Self {
        workers.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(workers))
    }
}

impl Drop for Badge {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Office {
    /// An office for this relay, by this number.
    pub(super) fn open(
        id: u64,
        (settings, sending): (&Settings, &Sending),
        relay: &RelaySettings,
        (desk, providers): (Arc<Desk>, Arc<Providers>),
        surroundings: &Surroundings,
    ) -> anyhow::Result<Self> {
        let zone = &settings.publication.time_zone;
        Ok(Self {
            id,
            desk,
            relay: Relay::new(relay.clone())?,
            sending: sending.clone(),
            trouble: Trouble::new(relay.name()),
            quota: Quota::new(relay, zone),
            quota_of_all: Quota::of_all(sending.warm_up, zone),
            providers,
            on_their_way: Arc::default(),
            credit: AtomicI64::new(0),
            key: surroundings.store.key().clone(),
            clock: surroundings.clock.clone(),
            staff: Staff::default(),
            retired: CancellationToken::new(),
        })
    }

    /// How many deliveries may lie on the desk.
    pub(super) fn capacity(&self) -> usize {
        self.relay.settings().connections * PER_CONNECTION
    }

    /// What a reply adds to the counts of the day.
    pub(super) fn handed(&self, reply: &Reply, now: Timestamp) -> Vec<Handed> {
        [&self.quota, &self.quota_of_all].iter().filter_map(|quota| quota.count(reply, now)).collect()
    }

    /// How much it has to do.
    pub(super) fn load(&self) -> Load {
        let on_their_way = self.on_their_way.load(Ordering::SeqCst);
        Load { waiting: self.desk.waiting_for(self.id), on_their_way }
    }

    /// How much more may lie on the desk for it. One that took nothing the last time is tried with one message.
    pub(super) fn room(&self, load: Load) -> usize {
        if self.trouble.is_known() {
            1_usize.saturating_sub(load.on_their_way)
        } else {
            self.capacity().saturating_sub(load.waiting)
        }
    }

    /// What share of the mail it is handed, compared with the others.
    pub(super) fn weight(&self) -> i64 {
        i64::from(self.relay.settings().weight.max(1))
    }

    /// Whether it is handed something only while no other takes mail.
    pub(super) fn is_standby(&self) -> bool {
        self.relay.settings().weight == 0
    }

    /// Another delivery, if the connection may take one more.
    pub(super) fn next_for(&self, connection: &Connection, in_hand: &Item) -> Option<Item> {
        let is_open = connection.has_room() && !self.retired.is_cancelled();
        if is_open { self.desk.take(self, in_hand.seat.as_ref()) } else { None }
    }

    /// The claim as an item for the desk. One that cannot be sent at all ends here.
    pub(super) fn accept(&self, claim: Claim, provider: ProviderId, parcel: &Arc<Parcel>) -> Option<Item> {
        let count = self.desk.count(&self.on_their_way);
        let (state, why) =
            match claim.address.map(|text| self.address(claim.attempt.key, &text, parcel.mould.size())) {
                Some(Some(address)) => {
                    return self.lay_out(claim.attempt, address, provider, (parcel, count));
                }
                Some(None) => (DeliveryState::Failed, Some("not sent: this address has no form for SMTP")),
                None => (DeliveryState::Cancelled, None), // forgotten meanwhile
            };
        self.settle_untried(claim.attempt, state, why, count);
        None
    }

    /// The item, unless its provider is held: of those that are known by their domain alone only this finds out.
    fn lay_out(
        &self,
        attempt: Attempt,
        address: Address,
        provider: ProviderId,
        (parcel, count): (&Arc<Parcel>, Count),
    ) -> Option<Item> {
        let provider = self.providers.find(provider).map(Arc::clone);
        let held = self.providers.held_until(provider.as_ref(), &address.to, self.clock.now());
        if let Some(until) = held {
            self.desk.postpone(attempt, until, count);
            return None;
        }
        let share = provider.as_ref().map(|provider| provider.count());
        let (address, parcel) = (Arc::new(address), Arc::clone(parcel));
        Some(Item {
            attempt,
            address,
            parcel,
            mark: None,
            count,
            relay: self.id,
            provider,
            _share: share,
            seat: None,
        })
    }

    fn address(&self, key: DeliveryKey, text: &str, size: usize) -> Option<Address> {
        let to: EmailAddress = text.parse().ok()?;
        let message_id = mailing::message_id(&self.key, key.edition, key.subscriber);
        let sender = mailing::return_path(&self.sending, &message_id).ok()?;
        let more = self.relay.settings().idempotency_header.as_ref();
        let size = size + more.map_or(0, |name| format!("{name}: {message_id}\r\n").len());
        let envelope = Envelope::new(&sender, &to, size).ok()?;
        Some(Address { to, envelope, message_id })
    }

    /// A message that cannot be signed is not sent without a signature: it is tried again later.
    pub(super) fn put_off(&self, item: Item, failure: CryptoFailed) {
        let edition = item.attempt.key.edition;
        tracing::error!(%edition, %failure, "A message could not be signed (DKIM); it is tried again later");
        let (state, due_at) = retry(&item, Duration::ZERO, DeliveryState::Deferred, self.clock.now());
        let reply = Some(format!("not signed, so not sent: {failure}"));
        let settlement = Settlement { attempt: item.attempt, state, due_at, is_uncertain: false, reply };
        self.desk.settle(settlement, None, Vec::new(), item.count);
    }

    /// Writes down what the relay's reply means for the delivery.
    pub(super) fn settle(&self, item: Item, reply: &Reply) {
        let now = self.clock.now();
        let hint = self.learn(&item, reply, now).max(reply.hint().unwrap_or_default());
        item.parcel.stop_loss.note(reply);
        let (state, due_at) = match reply.outcome() {
            Outcome::Accepted => (DeliveryState::Sent, now),
            Outcome::Refused => (DeliveryState::Failed, now),
            Outcome::Deferred => retry(&item, hint, DeliveryState::Deferred, now),
            Outcome::Unknown => match item.parcel.uncertain {
                UncertainPolicy::Retry => retry(&item, hint, DeliveryState::Queued, now),
                UncertainPolicy::Hold => (DeliveryState::Uncertain, now),
                UncertainPolicy::AssumeSent => (DeliveryState::Sent, now),
            },
        };
        let settlement = Settlement {
            attempt: item.attempt,
            state,
            due_at,
            is_uncertain: reply.outcome() == Outcome::Unknown,
            reply: Some(reply.to_string()),
        };
        let report = reports::refused(reply, item.attempt);
        self.desk.settle(settlement, report, self.handed(reply, now), item.count);
    }

    /// What the reply says of the provider. Returns how long that is left alone.
    fn learn(&self, item: &Item, reply: &Reply, now: Timestamp) -> Duration {
        if reply.outcome() == Outcome::Accepted {
            self.providers.note_taken(item, now).into_iter().for_each(|provider| self.desk.free(provider));
            return Duration::ZERO;
        }
        self.providers.learn(item, reply, now).into_iter().for_each(|hold| self.desk.hold(hold));
        let until = self.providers.held_until(item.provider.as_ref(), &item.address.to, now);
        until.map_or(Duration::ZERO, |until| until.since(now))
    }

    /// Ends a delivery of which the relay has heard nothing.
    pub(super) fn settle_untried(
        &self,
        attempt: Attempt,
        state: DeliveryState,
        why: Option<&str>,
        count: Count,
    ) {
        let (due_at, reply) = (self.clock.now(), why.map(str::to_owned));
        self.desk.settle(
            Settlement { attempt, state, due_at, is_uncertain: false, reply },
            None,
            Vec::new(),
            count,
        );
    }
}

/// When the delivery is tried again: by the edition's policy, and not before the relay wants it.
fn retry(item: &Item, hint: Duration, state: DeliveryState, now: Timestamp) -> (DeliveryState, Timestamp) {
    match item.parcel.retries.next(item.attempt.number, item.parcel.end(), now) {
        Next::RetryAt(due) => (state, due.max(now + hint)),
        Next::Expire => (DeliveryState::Expired, now),
    }
}
