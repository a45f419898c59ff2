//! What [`doctor`](super::doctor) looks at, looked at again and again, where no edition is to begin while it is red.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync;
use tokio_util::sync::CancellationToken;

use super::doctor::{Means, examine};
use super::{Job, LiveSettings, Settings};
use crate::model::doctor::Finding;
use crate::model::time::Timestamp;
use crate::store::Store;

/// How long a verdict stands before everything is looked at again.
const GREEN_STANDS: Duration = Duration::from_mins(5);
const RED_STANDS: Duration = Duration::from_mins(1);

/// How long a verdict is believed if nobody looks again.
const BELIEVED: Duration = Duration::from_mins(15);

/// Whether editions may begin to be sent. Clones are the same gate.
///
/// A verdict holds for the settings that it was made by, and for no others: when the configuration is read again the gate
/// is shut until somebody has looked.
#[derive(Clone, Debug, Default)]
pub struct Gate(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    verdict: Mutex<Option<Verdict>>,
    turn: sync::Mutex<()>,
}

#[derive(Debug)]
struct Verdict {
    of: Arc<Settings>,
    at: Timestamp,
    /// What is red, in one line; `None` if nothing is.
    why: Option<String>,
}

impl Gate {
    /// Settings are replaced, and editions begun, by one at a time. So every edition that begins after the settings were
    /// replaced begins by the new ones.
    pub async fn turn(&self) -> sync::MutexGuard<'_, ()> {
        self.0.turn.lock().await
    }

    /// What keeps editions from being begun by these settings.
    pub fn objection(&self, settings: &Arc<Settings>, now: Timestamp) -> Option<String> {
        if !is_required(settings) {
            return None;
        }
        let verdict = self.verdict();
        let verdict = verdict.as_ref().filter(|verdict| verdict.is_of(settings, now, BELIEVED));
        verdict.map_or_else(|| Some("nobody has looked yet".to_owned()), |verdict| verdict.why.clone())
    }

    fn is_settled(&self, settings: &Arc<Settings>, now: Timestamp) -> bool {
        let stands = |verdict: &Verdict| {
            let time = if verdict.why.is_none() { GREEN_STANDS } else { RED_STANDS };
            verdict.is_of(settings, now, time)
        };
        self.verdict().as_ref().is_some_and(stands)
    }

    /// Returns what was red before.
    fn settle(&self, verdict: Option<Verdict>) -> Option<String> {
        let before = std::mem::replace(&mut *self.verdict(), verdict);
        before.and_then(|verdict| verdict.why)
    }

    fn verdict(&self) -> MutexGuard<'_, Option<Verdict>> {
        self.0.verdict.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Verdict {
    fn is_of(&self, settings: &Arc<Settings>, now: Timestamp, age: Duration) -> bool {
        Arc::ptr_eq(&self.of, settings) && now >= self.at && now.since(self.at) < age
    }
}

/// Looks at everything, as often as it is needed, and tells the gate.
pub struct Preflight {
    store: Store,
    settings: LiveSettings,
    gate: Gate,
    means: Means,
    shutdown: CancellationToken,
}

impl Preflight {
    /// Looks with these means until `shutdown`, and tells this gate.
    pub fn new(
        store: Store,
        settings: LiveSettings,
        (gate, means): (Gate, Means),
        shutdown: CancellationToken,
    ) -> Self {
        Self { store, settings, gate, means, shutdown }
    }

    /// Looks at everything; `None` if the end has come meanwhile, or other settings, for which it would not count.
    async fn look(&self, settings: &Settings, now: Timestamp) -> Option<Vec<Finding>> {
        let mut live = self.settings.clone();
        live.mark_unchanged();
        tokio::select! {
            findings = examine((self.store.path(), Some(&self.store)), settings, &self.means, now) => Some(findings),
            _ = live.changed() => None,
            () = self.shutdown.cancelled() => None,
        }
    }
}

impl Job for Preflight {
    const NAME: &'static str = "preflight";

    async fn step(&self, now: Timestamp) -> anyhow::Result<usize> {
        let settings = Arc::clone(&self.settings.borrow());
        if !is_required(&settings) {
            self.gate.settle(None);
            return Ok(0);
        }
        if self.gate.is_settled(&settings, now) {
            return Ok(0);
        }
        let Some(findings) = self.look(&settings, now).await else { return Ok(0) };
        let why = reasons(&findings);
        self.store.record_preflight(why.as_deref()).await?;
        let before = self.gate.settle(Some(Verdict { of: settings, at: now, why: why.clone() }));
        match (before, why) {
            (Some(_), None) => tracing::info!("The preflight is no longer red: editions are sent"),
            (before, Some(why)) if before.as_ref() != Some(&why) => {
                tracing::error!(
                    "The preflight is red, and no edition begins: {why}. `courant doctor` says what to do"
                );
            }
            _ => {}
        }
        Ok(1)
    }
}

fn is_required(settings: &Settings) -> bool {
    settings.sending.as_ref().is_some_and(|sending| sending.require_preflight)
}

/// All that is red, in one line.
fn reasons(findings: &[Finding]) -> Option<String> {
    let red: Vec<String> = findings.iter().filter(|one| one.is_red()).map(ToString::to_string).collect();
    (!red.is_empty()).then(|| red.join("; "))
}
