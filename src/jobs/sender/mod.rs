//! Deliveries that are due → the relay → what became of them. The rules are in `docs/delivery.md`.
//!
//! A step claims what is due, deals it to the relays and lays it on the [`desk`]; [workers](worker), one for each
//! connection, take it from there. A step does not wait for a connection that waits for the relay, so a slow reply to one message
//! stops nobody else.

mod age;
mod ahead;
mod confirmations;
mod desk;
mod notices;
mod office;
mod outlook;
mod pace;
mod parcel;
mod provider;
mod quota;
mod round;
mod single;
mod stop_loss;
mod trouble;
mod worker;
mod writer;

pub use outlook::{Hold, holds};

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::preflight::Gate;
use super::{Job, LiveSettings, Settings, disk};
use crate::model::delivery::UncertainPolicy;
use crate::model::edition::{EditionId, EditionState};
use crate::model::time::{Clock, Timestamp};
use crate::store::{Store, WaitingEdition};
use desk::{Desk, Surroundings};
use office::Office;
use parcel::Parcel;
use provider::Providers;
use quota::{Load, Quota};
use round::Round;
use worker::Worker;

/// How long a step waits for connections before the next one looks around.
const PATIENCE: Duration = Duration::from_millis(250);

/// How often what ends by itself is looked for while deliveries go out.
const UPKEEP: Duration = Duration::from_secs(5);

/// How often the log says that an edition waits for the preflight.
const LOG_HELD: Duration = Duration::from_mins(1);

/// Hands deliveries that are due to the relay.
pub struct Sender {
    surroundings: Surroundings,
    settings: LiveSettings,
    desk: Arc<Desk>,
    state: Mutex<State>,
    settled_before: AtomicUsize,
    gate: Gate,
}

#[derive(Default)]
struct State {
    /// One for each relay, made of these settings; made anew when they change.
    offices: Option<(Arc<Settings>, Vec<Arc<Office>>)>,
    /// How many offices there have been.
    last_office: u64,
    parcels: HashMap<EditionId, Arc<Parcel>>,
    providers: Arc<Providers>,
    kept_up_at: Option<Timestamp>,
    /// When it was logged last that an edition waits.
    held_at: Option<Timestamp>,
}

impl Sender {
    /// A sender whose connections run as `tasks` and begin nothing new after `shutdown`, which it cancels itself
    /// if the disk fails. What an earlier daemon left unfinished is taken up first.
    pub async fn new(
        store: Store,
        settings: LiveSettings,
        clock: Clock,
        (tasks, shutdown): (TaskTracker, CancellationToken),
    ) -> anyhow::Result<Self> {
        let surroundings = Surroundings { store, clock, shutdown, tasks };
        let desk = Arc::new(Desk::open(&surroundings));
        let (state, settled_before) = (Mutex::default(), AtomicUsize::new(0));
        let gate = Gate::default();
        let sender = Self { surroundings, settings, desk, state, settled_before, gate };
        sender.recover(sender.surroundings.clock.now()).await?;
        sender.clear_at_shutdown();
        Ok(sender)
    }

    /// The same behind a gate that a [`Preflight`](super::preflight::Preflight) opens.
    #[must_use]
    pub fn behind(self, gate: Gate) -> Self {
        Self { gate, ..self }
    }

    /// Once the end has come, what no connection has taken goes back; the rest ends.
    fn clear_at_shutdown(&self) {
        let (desk, shutdown) = (Arc::clone(&self.desk), self.surroundings.shutdown.clone());
        self.surroundings.tasks.spawn(async move {
            shutdown.cancelled().await;
            desk.clear(|_| true);
        });
    }

    async fn recover(&self, now: Timestamp) -> anyhow::Result<()> {
        let settings = Arc::clone(&self.settings.borrow());
        let policy = |slug: &str| {
            let newsletter = settings.newsletters.iter().find(|newsletter| newsletter.slug.as_str() == slug);
            newsletter.map_or(UncertainPolicy::default(), |newsletter| newsletter.uncertain)
        };
        let (requeued, doubted) = self.surroundings.store.recover_deliveries(policy, now).await?;
        if requeued + doubted > 0 {
            tracing::warn!(requeued, in_doubt = doubted, "Took up deliveries that had lost their sender");
        }
        self.count_doubts(&settings, i64::try_from(doubted)?, now).await
    }

    /// What is in doubt counts for the day: of every relay, because nobody knows which one was handed it.
    async fn count_doubts(&self, settings: &Settings, doubted: i64, now: Timestamp) -> anyhow::Result<()> {
        let Some(sending) = settings.sending.as_ref().filter(|_| doubted > 0) else { return Ok(()) };
        let zone = &settings.publication.time_zone;
        let of_relays = sending.relays.iter().map(|relay| Quota::new(relay, zone));
        for quota in of_relays.chain([Quota::of_all(sending.warm_up, zone)]) {
            if let Some(handed) = quota.counted(doubted, now) {
                self.surroundings.store.count_handed(&handed).await?;
            }
        }
        Ok(())
    }

    /// Ends what ends by itself.
    async fn keep_up(&self, state: &mut State, now: Timestamp) -> anyhow::Result<()> {
        let is_idle = self.desk.on_their_way() == 0;
        let is_due = state.kept_up_at.is_none_or(|then| now.since(then) >= UPKEEP || now < then);
        if !is_idle && !is_due {
            return Ok(());
        }
        let store = &self.surroundings.store;
        for edition in store.cancelled_editions().await? {
            while store.cancel_waiting_deliveries(edition, now).await? > 0 {}
        }
        if is_idle && is_due {
            self.recover(now).await?;
        }
        let finished = store.finish_editions(now).await?;
        if finished > 0 {
            tracing::info!(editions = finished, "Every delivery of an edition has ended");
            state.parcels.clear();
        }
        state.kept_up_at = Some(now);
        Ok(())
    }

    /// Pauses the editions that have stopped by themselves.
    async fn stop(&self, state: &mut State) -> anyhow::Result<()> {
        let stopped = state.parcels.iter().filter_map(|(id, parcel)| Some((*id, parcel.stop_loss.reason()?)));
        for (id, reason) in stopped.collect::<Vec<_>>() {
            if self.surroundings.store.set_edition_state(id, EditionState::Paused, &reason).await? {
                tracing::error!(
                    edition = %id,
                    "An edition is paused: {reason}. `courant edition deliveries {id}` shows the answers, \
                    `courant edition resume {id}` sends the rest, `courant edition cancel {id}` does not"
                );
            }
            state.parcels.remove(&id);
        }
        Ok(())
    }

    /// Sends confirmations and notices, by the first relay that takes them.
    async fn confirm(&self, round: &mut Round, settings: &Settings, now: Timestamp) -> anyhow::Result<usize> {
        let mut confirmed = 0;
        let (shares, of_all) = round.shares();
        for share in shares {
            let (office, room) = (Arc::clone(&share.office), share.room().min(*of_all));
            if room == 0 {
                continue;
            }
            let store = &self.surroundings.store;
            let (mut sent, mut trouble) =
                confirmations::send_due(store, settings, (&office, room), now).await?;
            if trouble.is_none() && sent < room {
                let told = notices::send_due(store, settings, (&office, room - sent), now).await?;
                (sent, trouble) = (sent + told.0, told.1);
            }
            share.take(sent);
            *of_all = of_all.saturating_sub(sent);
            confirmed += sent;
            let Some(reply) = trouble else { break };
            office.trouble.note(&reply, now);
            share.close();
        }
        Ok(confirmed)
    }

    /// Claims what is due, for each edition at each provider its share of the room on the desk.
    async fn fill(
        &self,
        state: &mut State,
        settings: &Arc<Settings>,
        round: &mut Round,
        now: Timestamp,
    ) -> anyhow::Result<Filled> {
        let providers = Arc::clone(&state.providers);
        let editions = self.surroundings.store.waiting_editions(now).await?;
        let is_held = round.is_exhausted && !editions.is_empty();
        let (mut claimed, mut first_failure, mut pause) = (0, None, None);
        for (index, edition) in editions.iter().enumerate() {
            let (most, until_more) = providers.room(edition.provider, &self.surroundings.clock);
            pause = pause.into_iter().chain(until_more).min();
            let share = round.room().div_ceil(editions.len() - index).min(most);
            let claimed_now = self.claim(state, settings, (round, edition, share), now).await;
            match claimed_now.with_context(|| format!("edition {} of {:?}", edition.id, edition.newsletter)) {
                Ok(count) => claimed += count,
                Err(failure) => first_failure = first_failure.or(Some(failure)),
            }
        }
        first_failure.map_or(Ok(Filled { claimed, is_held: is_held || pause.is_some(), pause }), Err)
    }

    /// Claims so many at most, for whatever relay's turn it is.
    async fn claim(
        &self,
        state: &mut State,
        settings: &Arc<Settings>,
        (round, edition, limit): (&mut Round, &WaitingEdition, usize),
        now: Timestamp,
    ) -> anyhow::Result<usize> {
        let store = &self.surroundings.store;
        let known = state.parcels.get(&edition.id).filter(|parcel| parcel.send_until == edition.send_until);
        let parcel = match known {
            Some(parcel) => Arc::clone(parcel),
            None => match self.begin(state, settings, edition, now).await? {
                Some(parcel) => parcel,
                None => return Ok(0),
            },
        };
        state.parcels.insert(edition.id, Arc::clone(&parcel));
        if limit == 0 || parcel.is_too_old(now) {
            return Ok(0);
        }
        let provider = edition.provider;
        let claims = store.claim_deliveries((edition.id, provider), limit, now).await?;
        let count = claims.len();
        state.providers.take(provider, count, &self.surroundings.clock);
        let accept = |claim| round.next()?.accept(claim, provider, &parcel);
        self.desk.put(claims.into_iter().filter_map(accept).collect());
        Ok(count)
    }

    /// Packs an edition. One of which nobody has been sent anything waits, as long as the gate is shut or the settings
    /// are no longer those of this step: nothing is begun by a configuration that has been replaced.
    async fn begin(
        &self,
        state: &mut State,
        settings: &Arc<Settings>,
        edition: &WaitingEdition,
        now: Timestamp,
    ) -> anyhow::Result<Option<Arc<Parcel>>> {
        let _turn = self.gate.turn().await;
        if !Arc::ptr_eq(settings, &self.settings.borrow()) {
            return Ok(None);
        }
        if !edition.is_begun
            && let Some(why) = self.gate.objection(settings, now)
        {
            if state.held_at.is_none_or(|then| now.since(then) >= LOG_HELD || now < then) {
                state.held_at = Some(now);
                tracing::warn!(
                    edition = %edition.id, newsletter = edition.newsletter,
                    "An edition waits, because require_preflight is set: {why}. `courant doctor` says what to do"
                );
            }
            return Ok(None);
        }
        Parcel::pack(&self.surroundings.store, settings, edition).await.map(Some)
    }

    /// Waits for the rate to let the next one go, where time passes by itself. Returns whether it does.
    async fn rest(&self, pause: Duration) -> bool {
        if self.surroundings.clock.passes() && self.desk.on_their_way() == 0 {
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = self.surroundings.shutdown.cancelled() => {}
            }
        }
        self.surroundings.clock.passes()
    }

    /// As many workers as there is work for, and no more than connections.
    fn staff(&self, office: &Arc<Office>, now: Timestamp) {
        let most = office.staff.most(office.relay.settings().connections, now);
        let workers = office.staff.workers.load(Ordering::SeqCst);
        let unattended = office.load().waiting.saturating_sub(office.staff.idle.load(Ordering::SeqCst));
        for _ in 0..unattended.min(most.saturating_sub(workers)) {
            self.surroundings.tasks.spawn(Worker::new(Arc::clone(office)).run());
        }
    }

    /// The offices for these settings; none if they do not say how to send.
    async fn offices(&self, state: &mut State, settings: &Arc<Settings>) -> anyhow::Result<Vec<Arc<Office>>> {
        if let Some((known, offices)) = &state.offices
            && Arc::ptr_eq(known, settings)
        {
            return Ok(offices.clone());
        }
        state.parcels.clear();
        if let Some((_, retired)) = &state.offices {
            for office in retired {
                office.retired.cancel();
            }
        }
        let Some(sending) = &settings.sending else {
            state.offices = None;
            return Ok(Vec::new());
        };
        let (store, now) = (&self.surroundings.store, self.surroundings.clock.now());
        let ids = store.save_providers(&sending.providers, sending.providers_by_mx).await?;
        let holds = store.provider_holds(now).await?;
        state.providers = Arc::new(Providers::new(&sending.providers, &ids, holds));
        self.desk.set_connections(sending.relays.iter().map(|relay| relay.connections).sum());
        let open = |relay| {
            state.last_office += 1;
            let shared = (Arc::clone(&self.desk), Arc::clone(&state.providers));
            Office::open(state.last_office, (settings, sending), relay, shared, &self.surroundings)
                .map(Arc::new)
        };
        let offices = sending.relays.iter().map(open).collect::<anyhow::Result<Vec<_>>>()?;
        state.offices = Some((Arc::clone(settings), offices.clone()));
        Ok(offices)
    }
}

/// What a look for work has brought.
struct Filled {
    claimed: usize,
    /// Something is due that the quota does not let go now.
    is_held: bool,
    /// How long it is until a provider's rate lets more go, if one lets none go now.
    pause: Option<Duration>,
}

impl Job for Sender {
    const NAME: &'static str = "sender";

    async fn step(&self, now: Timestamp) -> anyhow::Result<usize> {
        let mut state = self.state.lock().await;
        let settings = Arc::clone(&self.settings.borrow());
        self.keep_up(&mut state, now).await?;
        let aged = self.age(&mut state, &settings, now).await?;
        let offices = self.offices(&mut state, &settings).await?;
        if offices.is_empty() {
            return Ok(aged);
        }
        self.desk.clear(|relay| !offices.iter().any(|office| office.id == relay));
        let (store, clock) = (&self.surroundings.store, &self.surroundings.clock);
        let load = Load { waiting: self.desk.waiting(), on_their_way: self.desk.on_their_way() };
        let mut round = Round::open((&offices, load), store, clock).await?;
        if round.is_empty() || self.surroundings.shutdown.is_cancelled() {
            self.desk.wait_until_low(0, PATIENCE).await;
            return Ok(aged + self.desk.on_their_way());
        }
        disk::check(store.path())?;
        let confirmed = self.confirm(&mut round, &settings, now).await?;
        self.stop(&mut state).await?;
        let Filled { claimed, is_held, pause } = self.fill(&mut state, &settings, &mut round, now).await?;
        let pause = pause.into_iter().chain(round.pause).min();
        let low = if claimed == 0 { 0 } else { round.capacity() / 2 };
        round.close(clock);
        for office in &offices {
            self.staff(office, now);
        }
        let patience = pause.map_or(PATIENCE, |pause| pause.min(PATIENCE));
        self.desk.wait_until_low(low, patience).await;
        let is_paced = is_held && pause.is_some() && self.rest(patience).await;
        let settled = self.desk.settled();
        let settled = settled - self.settled_before.swap(settled, Ordering::SeqCst);
        // What one relay did not take is for another to have at once.
        let is_given_back = self.desk.take_given_back() > 0;
        let is_for_another = is_given_back && offices.iter().any(|office| !office.trouble.is_resting(now));
        let more = usize::from(is_paced) + usize::from(is_for_another);
        Ok(aged + confirmed + claimed + settled + self.desk.on_their_way() + more)
    }
}
