//! Domains of subscribers → the servers that take their mail → the providers that these belong to, where the operator asks
//! for that. Nothing waits for it: a domain of which nothing is known yet has no provider.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::{StreamExt, stream};
use tokio_util::sync::CancellationToken;
use url::Host;

use super::{Job, LiveSettings};
use crate::dns::Resolver;
use crate::model::dns::Known;
use crate::model::time::Timestamp;
use crate::store::{DueDomain, LookedUp, Mx, Store};

/// How many domains a step asks about, and about how many at a time.
const BATCH: usize = 20;
const AT_ONCE: usize = 4;

/// How long an answer stands: who takes a domain's mail changes seldom. That nobody does is asked again sooner: readers'
/// domains mostly have a server, and a resolver that is cut off from the world may say so of all.
const STANDS: Duration = Duration::from_hours(7 * 24);
const NOWHERE_STANDS: Duration = Duration::from_hours(24);

/// How long it takes until a domain is asked about again of which nobody answered, at first and at most.
const FIRST_RETRY: Duration = Duration::from_hours(1);
const LAST_RETRY: Duration = Duration::from_hours(24);

/// From how many domains without an answer on a step that had no answer at all is about the resolver and not about them.
const MUTE: usize = 3;

/// How long nothing is asked after such a step, at first and at most.
const FIRST_REST: Duration = Duration::from_mins(1);
const LAST_REST: Duration = Duration::from_mins(30);

/// Looks up who takes the mail of domains that no provider names.
pub struct ProviderFinder {
    store: Store,
    settings: LiveSettings,
    resolver: Resolver,
    shutdown: CancellationToken,
    rest: Mutex<Rest>,
}

/// How it is that nobody answers.
#[derive(Clone, Copy, Debug, Default)]
struct Rest {
    /// Until when nothing is asked.
    until: Option<Timestamp>,
    /// How many steps in a row had no answer at all.
    mute: u32,
}

impl ProviderFinder {
    /// Asks this resolver, and begins nothing after `shutdown`.
    pub fn new(
        store: Store,
        settings: LiveSettings,
        resolver: Resolver,
        shutdown: CancellationToken,
    ) -> Self {
        Self { store, settings, resolver, shutdown, rest: Mutex::default() }
    }

    fn is_asked_for(&self) -> bool {
        self.settings.borrow().sending.as_ref().is_some_and(|sending| sending.providers_by_mx)
    }

    /// `None` if the end has come meanwhile.
    async fn look_up(&self, due: Vec<DueDomain>, now: Timestamp) -> Option<Vec<LookedUp>> {
        let answers = stream::iter(due).map(|domain| look_up(&self.resolver, domain, now));
        tokio::select! {
            looked_up = answers.buffer_unordered(AT_ONCE).collect() => Some(looked_up),
            () = self.shutdown.cancelled() => None,
        }
    }

    /// Notes whether anybody answers, and says so in the log when that changes.
    fn note(&self, looked_up: &[LookedUp], now: Timestamp) {
        let mut rest = self.rest();
        if looked_up.iter().any(|answer| answer.mx != Mx::Unanswered) {
            if rest.mute > 0 {
                tracing::info!("The DNS says again who takes the mail of domains (providers_by_mx)");
            }
            *rest = Rest::default();
            return;
        }
        if looked_up.len() < MUTE {
            return;
        }
        if rest.mute == 0 {
            tracing::warn!(
                domains = looked_up.len(),
                resolver = self.resolver.shown(),
                "The DNS does not say who takes the mail of domains (providers_by_mx); it is asked again later"
            );
        }
        rest.until = Some(now + growing(FIRST_REST, rest.mute, LAST_REST));
        rest.mute += 1;
    }

    fn rest(&self) -> MutexGuard<'_, Rest> {
        self.rest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Job for ProviderFinder {
    const NAME: &'static str = "provider finder";

    async fn step(&self, now: Timestamp) -> anyhow::Result<usize> {
        let is_resting = self.rest().until.is_some_and(|until| now < until);
        if !self.is_asked_for() || is_resting {
            return Ok(0);
        }
        let due = self.store.due_domains(now, BATCH).await?;
        if due.is_empty() {
            return Ok(0);
        }
        let Some(looked_up) = self.look_up(due, now).await else { return Ok(0) };
        self.store.save_looked_up(&looked_up, now).await?;
        self.note(&looked_up, now);
        Ok(looked_up.len())
    }
}

/// Asks for one domain's MX.
async fn look_up(resolver: &Resolver, DueDomain { name, failures }: DueDomain, now: Timestamp) -> LookedUp {
    let mx = match Host::parse(&name) {
        Ok(Host::Domain(ascii)) => mx_of(resolver, &ascii).await,
        _ => Mx::Nowhere, // an address in brackets
    };
    let pause = match mx {
        Mx::At(_) => STANDS,
        Mx::Nowhere => NOWHERE_STANDS,
        Mx::Unanswered => growing(FIRST_RETRY, failures, LAST_RETRY),
    };
    LookedUp { domain: name, mx, again_at: now + pause }
}

/// The server that is tried first; a name that is empty says that there is none (RFC 7505).
async fn mx_of(resolver: &Resolver, domain: &str) -> Mx {
    let first = |known: &Known| {
        let servers = known.exchanges(domain)?;
        Ok(servers.into_iter().find(|server| !server.is_empty()).map(str::to_owned))
    };
    match resolver.inquire().settle(first).await {
        Ok(server) => server.map_or(Mx::Nowhere, Mx::At),
        Err(_) => Mx::Unanswered,
    }
}

/// Twice as long each time.
fn growing(first: Duration, times: u32, last: Duration) -> Duration {
    first.saturating_mul(1 << times.min(16)).min(last)
}
