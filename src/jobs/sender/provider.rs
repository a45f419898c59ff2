//! The mailbox providers while an edition goes out: how much each is given at a time, and which are left alone.
//!
//! What waits for a provider that is held is not claimed. What was claimed before goes back, until the hold ends.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::desk::{Counted, Item};
use crate::mail::reply::Reply;
use crate::model::provider::{self, ProviderId};
use crate::model::rate::Bucket;
use crate::model::subscriber::EmailAddress;
use crate::model::time::{Clock, Timestamp};
use crate::store::ProviderHold;

/// How many deliveries are claimed for each connection that a provider may have.
const PER_CONNECTION: usize = 20;

/// The longest that a provider is left alone which does not say how long it wants to be.
const LONGEST: Duration = Duration::from_hours(4);

/// How long it is remembered that a provider was held.
const MEMORY: Duration = Duration::from_hours(24);

/// All providers that are known by name, and whoever is held.
#[derive(Debug, Default)]
pub(super) struct Providers {
    known: HashMap<ProviderId, Arc<Provider>>,
    holds: Mutex<HashMap<String, ProviderHold>>,
    /// Whether there are any holds, so that nobody has to look for one where there is none.
    has_holds: AtomicBool,
}

/// A provider that is known by name.
#[derive(Debug)]
pub(super) struct Provider {
    name: String,
    /// The domains that it names: what they say is its own word.
    domains: HashSet<String>,
    connections: Option<usize>,
    bucket: Option<Mutex<Bucket>>,
    /// How many deliveries have been claimed for it and have not ended.
    claimed: Arc<AtomicUsize>,
    seats: AtomicUsize,
    /// It was held and has taken nothing since: one message at a time finds out whether it does.
    is_on_trial: AtomicBool,
}

impl Providers {
    /// The providers of a configuration with their rows, and the holds that the database remembers.
    pub(super) fn new(
        providers: &[provider::Provider],
        ids: &HashMap<String, ProviderId>,
        holds: Vec<ProviderHold>,
    ) -> Self {
        let is_held = |name: &str| holds.iter().any(|hold| hold.provider == name);
        let known = providers.iter().filter_map(|provider| {
            let id = *ids.get(&provider.name)?;
            Some((id, Arc::new(Provider::new(provider, is_held(&provider.name)))))
        });
        let known = known.collect();
        let has_holds = AtomicBool::new(!holds.is_empty());
        let holds = holds.into_iter().map(|hold| (hold.provider.clone(), hold)).collect();
        Self { known, holds: Mutex::new(holds), has_holds }
    }

    /// The provider of this row, if it is still known.
    pub(super) fn find(&self, id: ProviderId) -> Option<&Arc<Provider>> {
        self.known.get(&id)
    }

    /// How many more deliveries at this provider may be claimed now, and how long it is until its rate lets more go if
    /// that is none.
    pub(super) fn room(&self, id: ProviderId, clock: &Clock) -> (usize, Option<Duration>) {
        let Some(provider) = self.find(id) else { return (usize::MAX, None) };
        if self.held(&provider.name, clock.now()).is_some() {
            return (0, None);
        }
        provider.room(clock.running())
    }

    /// So many have been claimed.
    pub(super) fn take(&self, id: ProviderId, count: usize, clock: &Clock) {
        if let Some(mut bucket) = self.find(id).and_then(|provider| provider.bucket()) {
            bucket.take(count, clock.running());
        }
    }

    /// Until when the provider of this delivery is left alone, if it is.
    pub(super) fn held_until(
        &self,
        provider: Option<&Arc<Provider>>,
        to: &EmailAddress,
        now: Timestamp,
    ) -> Option<Timestamp> {
        if !self.has_holds.load(Ordering::Relaxed) {
            return None;
        }
        let own = self.held(&speaker(provider, to), now);
        own.max(provider.and_then(|provider| self.held(&provider.name, now)))
    }

    fn held(&self, name: &str, now: Timestamp) -> Option<Timestamp> {
        let holds = self.holds();
        holds.get(name).map(|hold| hold.until).filter(|until| *until > now)
    }

    /// Leaves the provider of this delivery alone, if its reply asks for that: for as long as it says, or for longer
    /// each time that it answers so again. Of a domain that only its MX gave to the provider nobody knows who speaks for
    /// it now: that domain alone is left alone.
    pub(super) fn learn(&self, item: &Item, reply: &Reply, now: Timestamp) -> Option<ProviderHold> {
        let (pause, is_asked) = reply.lesson()?;
        let name = speaker(item.provider.as_ref(), &item.address.to);
        let provider = item.provider.as_ref().filter(|provider| provider.name == name);
        let mut holds = self.holds();
        holds.retain(|_, hold| hold.until + MEMORY > now);
        let before = holds.get(&name);
        let level = before.map_or(0, |hold| hold.level + u32::from(hold.until <= now));
        let growth = if is_asked { 1 } else { 1 << level.min(10) };
        let until = now + if is_asked { pause } else { LONGEST.max(pause).min(pause * growth) };
        if before.is_some_and(|hold| hold.until >= until) {
            return None; // several messages were on their way when it said so
        }
        let hold =
            ProviderHold { provider: name.clone(), since: now, until, level, reply: reply.to_string() };
        holds.insert(name, hold.clone());
        self.has_holds.store(true, Ordering::Relaxed);
        drop(holds);
        if let Some(provider) = provider {
            provider.is_on_trial.store(true, Ordering::Relaxed);
        }
        tell(&hold, provider.is_some(), reply, now);
        Some(hold)
    }

    /// The provider of this delivery has taken it. Returns the names by which it had been held before.
    pub(super) fn note_taken(&self, item: &Item, now: Timestamp) -> Vec<String> {
        if !self.has_holds.load(Ordering::Relaxed) {
            return Vec::new();
        }
        let mut names = vec![speaker(item.provider.as_ref(), &item.address.to)];
        let provider = item.provider.as_ref();
        names.extend(provider.map(|provider| provider.name.clone()).filter(|name| *name != names[0]));
        let mut holds = self.holds();
        names.retain(|name| holds.get(name).is_some_and(|hold| hold.until <= now));
        for name in &names {
            holds.remove(name);
        }
        self.has_holds.store(!holds.is_empty(), Ordering::Relaxed);
        if let Some(provider) = provider.filter(|provider| names.contains(&provider.name)) {
            provider.is_on_trial.store(false, Ordering::Relaxed);
            tracing::info!(provider = provider.name, "A provider takes mail again");
        }
        names
    }

    fn holds(&self) -> MutexGuard<'_, HashMap<String, ProviderHold>> {
        self.holds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Provider {
    fn new(provider: &provider::Provider, is_on_trial: bool) -> Self {
        Self {
            name: provider.name.clone(),
            domains: provider.domains.iter().cloned().collect(),
            connections: provider.connections,
            bucket: provider.rate.map(|rate| Mutex::new(Bucket::new(rate))),
            claimed: Arc::default(),
            seats: AtomicUsize::new(0),
            is_on_trial: AtomicBool::new(is_on_trial),
        }
    }

    /// Counts a delivery that has been claimed, until it ends.
    pub(super) fn count(&self) -> Counted {
        Counted::one_of(&self.claimed)
    }

    fn room(&self, running: Duration) -> (usize, Option<Duration>) {
        let claimed = self.claimed.load(Ordering::SeqCst);
        let most = match self.most() {
            1 if self.is_on_trial.load(Ordering::Relaxed) => 1,
            most => most.saturating_mul(PER_CONNECTION),
        };
        let room = most.saturating_sub(claimed);
        let Some(mut bucket) = self.bucket() else { return (room, None) };
        let waiting = claimed.saturating_sub(self.seats.load(Ordering::SeqCst));
        match bucket.available(waiting, running) {
            0 => (0, Some(bucket.next_in(running))),
            tokens => (room.min(tokens), None),
        }
    }

    /// On how many connections its deliveries may be handed over at once.
    fn most(&self) -> usize {
        if self.is_on_trial.load(Ordering::Relaxed) { 1 } else { self.connections.unwrap_or(usize::MAX) }
    }

    fn bucket(&self) -> Option<MutexGuard<'_, Bucket>> {
        Some(self.bucket.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A connection's right to hand over what is for a provider. While it holds one it may take more of the same.
#[derive(Debug)]
pub(super) struct Seat {
    provider: Arc<Provider>,
    /// Rung when it is free again.
    bell: Arc<tokio::sync::Notify>,
}

impl Seat {
    /// A seat at this provider: the one that is held, or another if there is one.
    pub(super) fn find(
        provider: &Arc<Provider>,
        held: Option<&Arc<Self>>,
        bell: &Arc<tokio::sync::Notify>,
    ) -> Option<Arc<Self>> {
        if let Some(seat) = held.filter(|seat| Arc::ptr_eq(&seat.provider, provider)) {
            return Some(Arc::clone(seat));
        }
        let most = provider.most();
        let take = |taken: usize| (taken < most).then_some(taken + 1);
        provider.seats.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take).ok()?;
        Some(Arc::new(Self { provider: Arc::clone(provider), bell: Arc::clone(bell) }))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.provider.seats.fetch_sub(1, Ordering::SeqCst);
        self.bell.notify_waiters();
    }
}

/// By which name a hold is kept: a provider's where it names the domain, else the domain's.
fn speaker(provider: Option<&Arc<Provider>>, to: &EmailAddress) -> String {
    let provider = provider.filter(|provider| provider.domains.contains(to.domain()));
    provider.map_or_else(|| format!("@{}", to.domain()), |provider| provider.name.clone())
}

/// Says so in the log, without the reply's words, which may name a reader; a small domain would too.
fn tell(hold: &ProviderHold, is_known: bool, reply: &Reply, now: Timestamp) {
    let provider = if is_known { hold.provider.as_str() } else { "one that is known by its domain alone" };
    let (code, reason, pause_s) =
        (reply.code().unwrap_or_default(), reply.reason().as_str(), hold.until.since(now).as_secs());
    tracing::warn!(
        provider,
        code,
        reason,
        pause_s,
        "A provider wants nothing for a while; its deliveries wait, others go on"
    );
}
