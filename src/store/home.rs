//! Where the file lives: a database that was copied, or put back from a backup, sends nothing by itself.
//!
//! What such a file holds as unsent may have gone out since, from the file that it was copied from. Each start of a
//! daemon compares the file with the one of the start before; if it is another, what could go out is stopped, and the
//! operator decides.

use std::fs;
use std::io;
use std::path::Path;
use std::time::UNIX_EPOCH;

use serde::Serialize;
use sqlx::SqliteConnection;

use super::{Error, Store, setting};
use crate::model::time::Timestamp;

/// The setting that holds [`identity`] of the file.
const HOME: &str = "home";

/// Why an edition is paused, as its operator reads it.
const WHY_PAUSED: &str = "this database is a copy, or was put back from a backup: find out whether the edition went out, \
     then resume or cancel it";

/// Why ticks were missed, as the operator reads it.
const WHY_MISSED: &str = "this database is a copy, or was put back from a backup: ticks up to now are not made up; \
     their articles go with the next edition";

const PAUSE: &str =
    "UPDATE edition SET state = 'paused', reason = $1 WHERE state = 'sending' AND finished_at IS NULL";
const NOTE_MISSED: &str = "INSERT INTO newsletter_event (newsletter_id, tick, at, kind, detail)
    SELECT id, $1, $1, 'missed', $2 FROM newsletter WHERE last_tick < $1 OR waiting_tick IS NOT NULL
    ON CONFLICT (newsletter_id, tick, kind) DO NOTHING";
const MISS_TICKS: &str =
    "UPDATE newsletter SET last_tick = max(last_tick, $1), waiting_tick = NULL, version = version + 1
    WHERE last_tick < $1 OR waiting_tick IS NOT NULL";
const DROP_CONFIRMATIONS: &str = "DELETE FROM confirmation";
const DROP_NOTICES: &str = "DELETE FROM notice";

/// What was stopped because the file is not the one of the start before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stopped {
    /// How many editions were being sent, and are paused.
    pub editions: u64,
    /// How many mails that readers had asked for, confirmations and links, were waiting and are dropped: they can ask again.
    pub confirmations: u64,
}

/// What tells this file from every other on its file system: its inode, and where the file system keeps it the moment
/// at which it was made, because the inode of a deleted file is given to a new one.
///
/// The device is left out: its number may change when the machine starts. Renaming and `VACUUM` keep both.
pub(super) fn identity(path: &Path) -> io::Result<String> {
    let file = fs::metadata(path)?;
    let made = file.created().ok().and_then(|moment| moment.duration_since(UNIX_EPOCH).ok());
    let made = made.map_or_else(|| "?".to_owned(), |since| since.as_nanos().to_string());
    Ok(format!("{} {made}", inode(&file)))
}

#[cfg(unix)]
fn inode(file: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(file)
}

#[cfg(not(unix))]
fn inode(_: &fs::Metadata) -> u64 {
    0
}

/// Notes in a backup that it is one: put back by whatever means, even into the same file, it counts as a copy.
pub(super) async fn mark_as_backup(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    setting::put(connection, HOME, "a backup").await
}

/// Records that the database lives in the file with this identity. If it lived in another before, stops what could go
/// out by itself, and returns what that was.
///
/// Both belong in one transaction, which is the caller's.
pub(super) async fn settle_in(
    connection: &mut SqliteConnection,
    identity: &str,
    now: Timestamp,
) -> Result<Option<Stopped>, sqlx::Error> {
    let before = setting::find(connection, HOME).await?;
    if before.as_deref() == Some(identity) {
        return Ok(None);
    }
    if before.is_some() {
        return Ok(Some(settle_in_as_copy(connection, identity, now).await?));
    }
    setting::put(connection, HOME, identity).await?;
    Ok(None)
}

/// The same for a file of which the caller knows that it is a copy, whatever it says itself.
pub(super) async fn settle_in_as_copy(
    connection: &mut SqliteConnection,
    identity: &str,
    now: Timestamp,
) -> Result<Stopped, sqlx::Error> {
    setting::put(connection, HOME, identity).await?;
    stop(connection, now).await
}

async fn stop(connection: &mut SqliteConnection, now: Timestamp) -> Result<Stopped, sqlx::Error> {
    let paused = sqlx::query(PAUSE).bind(WHY_PAUSED).execute(&mut *connection).await?;
    sqlx::query(NOTE_MISSED).bind(now).bind(WHY_MISSED).execute(&mut *connection).await?;
    sqlx::query(MISS_TICKS).bind(now).execute(&mut *connection).await?;
    let dropped = sqlx::query(DROP_CONFIRMATIONS).execute(&mut *connection).await?.rows_affected();
    let notices = sqlx::query(DROP_NOTICES).execute(connection).await?.rows_affected();
    Ok(Stopped { editions: paused.rows_affected(), confirmations: dropped + notices })
}

impl Store {
    /// Finds out at a daemon's start whether the file is the one of the start before, and if not says what was stopped.
    pub(super) async fn settle_in(&self, now: Timestamp) -> Result<(), Error> {
        let unopened =
            |error| Error::Unopened { path: self.path().to_owned(), source: sqlx::Error::Io(error) };
        let identity = identity(self.path()).map_err(unopened)?;
        let mut transaction = self.write.begin().await?;
        let stopped = settle_in(&mut transaction, &identity, now).await?;
        transaction.commit().await?;
        if let Some(Stopped { editions, confirmations }) = stopped {
            tracing::warn!(
                editions,
                confirmations,
                "This database is a copy, or was put back from a backup: editions that were being sent are paused, \
                 ticks up to now are missed, confirmation mails that waited are dropped. `courant edition list` shows \
                 what is paused: find out whether it went out, then `courant edition resume` or `courant edition \
                 cancel` it. From the next tick on editions go out as planned (`courant plan`): if the database that \
                 this is a copy of is still in use, stop one of the two"
            );
        }
        Ok(())
    }
}
