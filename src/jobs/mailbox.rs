//! A mailbox of what comes back, read by IMAP → what follows for the subscribers.
//!
//! Each unseen mail is taken into account first, and marked as seen, moved or deleted after that: whatever ends the
//! program in between, it is found again, and a report takes effect once. What says nothing to us is marked and stays.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::reports::{Ingested, ingest};
use super::{Job, LiveSettings, Settings};
use crate::mail::imap::{Connection, Step, Taken, Trouble};
use crate::model::time::Timestamp;
use crate::store::Store;

/// How many mails one step takes.
const BATCH: usize = 50;

/// The longest pause before a connection that failed is tried again.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// The shortest pause between two looks that brought nothing, however much the server has to say.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);

/// Watches the mailbox that the configuration names, if it names one.
pub struct Mailbox {
    store: Store,
    settings: LiveSettings,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The settings at the last look, by which the folder was opened.
    by: Option<Arc<Settings>>,
    /// The open folder.
    open: Option<Connection>,
    /// How many steps have failed in a row.
    failures: u32,
    /// How many connections have broken in a row soon after they were opened.
    breaks: u32,
}

impl Mailbox {
    /// A watch over the mailbox of these settings.
    pub fn new(store: Store, settings: LiveSettings) -> Self {
        Self { store, settings, state: Mutex::default() }
    }

    /// Takes what is new.
    async fn look(
        &self,
        connection: &mut Connection,
        taken: &Taken,
        now: Timestamp,
    ) -> anyhow::Result<usize> {
        let (mut done, mut failure) = (0, None);
        for mail in connection.unseen(BATCH).await? {
            match self.take(connection, mail, taken, now).await {
                Ok(()) => done += 1,
                // One mail that the server does not give keeps no other one waiting.
                Err(error) if is_refusal(&error) => failure = Some(error),
                Err(error) => return Err(error),
            }
        }
        match failure {
            Some(error) if done == 0 => Err(error),
            _ => Ok(done),
        }
    }

    async fn take(
        &self,
        connection: &mut Connection,
        mail: u32,
        taken: &Taken,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let bytes = connection.beginning(mail).await?;
        let ingested = ingest(&self.store, &bytes, now).await.context("a mail could not be kept")?;
        connection.put_away(mail, becomes(ingested, taken)).await?;
        if let Ingested::Recorded(kind, consequence) = ingested {
            let (kind, consequence) = (kind.describe(), consequence.describe());
            tracing::info!(kind, consequence, "Took a report into account");
        }
        Ok(())
    }

    /// Waits for the server's word, or, where there is no connection, as long as the server is left alone.
    async fn hear(&self) {
        let (open, failures) = {
            let mut state = self.state.lock().await;
            (state.open.take(), state.failures)
        };
        if failures > 0 {
            self.state.lock().await.open = open;
            tokio::time::sleep(pause(failures)).await;
            return;
        }
        let Some(mut connection) = open else { return std::future::pending().await };
        let begun = Instant::now();
        match connection.wait().await {
            Ok(()) => {
                tokio::time::sleep_until(begun + SHORTEST_PAUSE).await;
                let state = &mut *self.state.lock().await;
                (state.open, state.breaks) = (Some(connection), 0);
            }
            Err(error) => {
                // The next step opens another one, and tells what is wrong if that fails too.
                tracing::debug!(%error, "The connection to the mailbox has ended");
                let breaks = {
                    let state = &mut *self.state.lock().await;
                    state.breaks = if begun.elapsed() > LONGEST_PAUSE { 1 } else { state.breaks + 1 };
                    state.breaks
                };
                tokio::time::sleep(pause(breaks)).await;
            }
        }
    }
}

impl Job for Mailbox {
    const NAME: &'static str = "mailbox";

    async fn step(&self, now: Timestamp) -> anyhow::Result<usize> {
        let settings = Arc::clone(&self.settings.borrow());
        let state = &mut *self.state.lock().await;
        if !state.by.as_ref().is_some_and(|by| Arc::ptr_eq(by, &settings)) {
            let before = std::mem::take(state);
            state.by = Some(Arc::clone(&settings));
            if let Some(connection) = before.open {
                connection.close().await;
            }
        }
        let Some(mailbox) = &settings.reports.mailbox else { return Ok(0) };
        let outcome = async {
            let mut connection = match state.open.take() {
                Some(connection) => connection,
                None => Connection::open(mailbox).await?,
            };
            let outcome = self.look(&mut connection, &mailbox.taken, now).await;
            // A connection that fails is not used again; that the database fails is not its fault.
            let is_sound = outcome.as_ref().err().is_none_or(|error| !error.is::<Trouble>());
            state.open = is_sound.then_some(connection);
            outcome
        }
        .await;
        state.failures = if outcome.is_ok() { 0 } else { state.failures.saturating_add(1) };
        let named = || format!("in the mailbox of [reports.imap], folder {:?}", mailbox.folder);
        outcome.with_context(named)
    }

    async fn news(&self) {
        let present = self.state.lock().await.by.clone();
        let mut settings = self.settings.clone();
        tokio::select! {
            () = self.hear() => {}
            // Nobody can change them any more where the daemon has ended.
            _ = settings.wait_for(|now| !present.as_ref().is_some_and(|by| Arc::ptr_eq(by, now))) => {}
        }
    }
}

fn is_refusal(error: &anyhow::Error) -> bool {
    error.downcast_ref::<Trouble>().is_some_and(|trouble| trouble.step == Step::Work)
}

/// What becomes of a mail: one that says nothing to us stays where somebody can find it.
fn becomes(ingested: Ingested, taken: &Taken) -> &Taken {
    match ingested {
        Ingested::Recorded(..) | Ingested::Known => taken,
        Ingested::Unsigned | Ingested::Nothing => &Taken::Seen,
    }
}

/// 1, 2, 4 … 60 s.
fn pause(failures: u32) -> Duration {
    Duration::from_secs(1 << (failures - 1).min(6)).min(LONGEST_PAUSE)
}
