//! A Maildir of what comes back → what follows for the subscribers.
//!
//! A mail server puts each mail into `new` whole, by a rename. Here it is taken into account first and moved to `cur`
//! after that: whatever ends the program in between, it is found again, and a report takes effect once.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tokio::fs;

use super::reports::{Ingested, ingest};
use super::{Job, LiveSettings};
use crate::mail::report;
use crate::model::time::Timestamp;
use crate::store::Store;

/// How many mails one step takes.
const BATCH: usize = 50;

/// Watches the Maildir that the configuration names, if it names one.
pub struct Maildir {
    store: Store,
    settings: LiveSettings,
}

impl Maildir {
    /// A watch over the Maildir of these settings.
    pub const fn new(store: Store, settings: LiveSettings) -> Self {
        Self { store, settings }
    }

    async fn take(&self, mail: &Path, now: Timestamp) -> anyhow::Result<()> {
        let file = fs::File::open(mail).await.context("a mail cannot be read")?.into_std().await;
        let reading = tokio::task::spawn_blocking(|| report::beginning(file));
        let bytes = reading.await?.context("a mail cannot be read")?;
        if let Ingested::Recorded(kind, consequence) = ingest(&self.store, &bytes, now).await? {
            let (kind, consequence) = (kind.describe(), consequence.describe());
            tracing::info!(kind, consequence, "Took a report into account");
        }
        fs::rename(mail, seen(mail)).await.context("a mail cannot be moved to cur")
    }
}

impl Job for Maildir {
    const NAME: &'static str = "maildir";

    async fn step(&self, now: Timestamp) -> anyhow::Result<usize> {
        let Some(folder) = self.settings.borrow().reports.maildir.clone() else { return Ok(0) };
        let named = || format!("in the Maildir {} of [reports]", folder.display());
        let (mut done, mut failure) = (0, None);
        // One mail that cannot be read keeps no other one waiting.
        for mail in waiting(&folder.join("new")).await.with_context(named)? {
            match self.take(&mail, now).await {
                Ok(()) => done += 1,
                Err(error) => failure = Some(error),
            }
        }
        match failure {
            Some(error) if done == 0 => Err(error.context(named())),
            _ => Ok(done),
        }
    }
}

/// Mails that wait, the first ones by name, which is about the order in which they came.
async fn waiting(new: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut entries = fs::read_dir(new).await.context("new cannot be listed")?;
    let mut found = Vec::new();
    while let Some(entry) = entries.next_entry().await? {
        let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        if !is_hidden && entry.file_type().await?.is_file() {
            found.push(entry.path());
        }
    }
    found.sort_unstable();
    found.truncate(BATCH);
    Ok(found)
}

/// The same mail in `cur`, marked as seen.
fn seen(mail: &Path) -> PathBuf {
    let mut name = mail.file_name().unwrap_or_default().to_owned();
    name.push(":2,S");
    let folder = mail.parent().and_then(Path::parent).unwrap_or(mail);
    folder.join("cur").join(name)
}
