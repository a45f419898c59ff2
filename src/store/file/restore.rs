//! Putting a backup back. All work is done on a copy of the backup, under a name of its own; two renames at the end
//! put it in the database's place. Whenever this is broken off, the database is whole: the old one, the new one, or for
//! the moment between the two renames both beside its name, and then nobody makes an empty one.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;
use sqlx::migrate::MigrateError;
use sqlx::{Connection, SqliteConnection};

use super::carry::{self, CarriedOver};
use super::{
    COMPANIONS, Contents, Partial, companion, connect, contents, dated, directory_of, failed, hand_over,
    keep_daemons_out, private, recognize, remove_database, require_sound, spelled, sync_directory_of,
    unusable,
};
use crate::model::time::Timestamp;
use crate::store::Error;
use crate::store::home::{self, Stopped};
use crate::store::open::{MIGRATIONS, beside, real};

/// The copy of the backup while it is made ready, and when it is: beside the database, by ending.
const IN_WORK: &str = "restoring";
const READY: &str = "restored";

/// Puts the log into the file and does without one from then on. Fails while anybody else has the file open.
const FOLD: &str = "PRAGMA journal_mode = DELETE";
const ATTACH: &str = "ATTACH DATABASE $1 AS old";
const DETACH: &str = "DETACH DATABASE old";

/// A backup that was put back.
#[derive(Clone, Debug, Serialize)]
pub struct Restored {
    /// Where the database is now that was there before; `None` if there was none.
    pub before: Option<PathBuf>,
    /// What the database holds now.
    pub contents: Contents,
    /// What it was given of what the one before it knew.
    pub carried: CarriedOver,
    /// What was stopped, because it may have gone out since the backup was made.
    pub stopped: Stopped,
}

/// The database that a backup takes the place of.
enum Before {
    Nothing,
    Readable,
    Unreadable(String),
}

/// Puts a backup in the database's place, which is moved aside and never removed. What the old one knew of readers who
/// left is carried over, and what the backup holds as unsent is stopped.
///
/// # Errors
/// [`Error::InUse`] while a daemon runs, [`Error::Busy`] while a command does; else what is wrong with the backup.
/// After any error the database is what it was.
pub async fn restore(database: &Path, from: &Path, now: Timestamp) -> Result<Restored, Error> {
    let place = real(database);
    let _alone = keep_daemons_out(database, owner(&place))?;
    finish_broken_off(&place, now)?;
    let fresh = bring_in(from, &place).await?;
    let before = set_down(&place).await?;
    let mut connection = connect(&fresh.path).await?;
    let (carried, stopped) = make_ready(&mut connection, &fresh.path, (&place, &before), now).await?;
    let contents = contents(&mut connection).await?;
    connection.close().await?;
    let before = swap(fresh, &place, now)?;
    Ok(Restored { before, contents, carried, stopped })
}

/// Refuses to make an empty database where a restore was broken off between its two renames.
pub(in crate::store) fn refuse_half_restored(database: &Path) -> Result<(), Error> {
    let place = real(database);
    if !place.exists() && beside(&place, READY).exists() {
        return Err(Error::HalfRestored(database.to_owned()));
    }
    Ok(())
}

/// Does the last rename of a restore that was broken off before it: the copy was ready by then.
fn finish_broken_off(place: &Path, now: Timestamp) -> Result<(), Error> {
    let ready = beside(place, READY);
    if !place.exists() && ready.exists() {
        move_companions(place, &dated(place, "before-restore", now))?;
        fs::rename(&ready, place).map_err(failed("put in its place", &ready))?;
        sync_directory_of(place);
    }
    remove_database(&ready);
    remove_database(&beside(place, IN_WORK));
    Ok(())
}

/// Copies the backup beside the database, finds out whether it is one, and brings its schema up to date.
async fn bring_in(from: &Path, place: &Path) -> Result<Partial, Error> {
    if !from.exists() {
        return Err(Error::Absent(from.to_owned()));
    }
    let fresh = Partial::create(beside(place, IN_WORK))?;
    hand_over(&fresh.path, owner(place));
    copy(from, &fresh.path)?;
    let log = companion(from, "-wal");
    if log.exists() {
        copy(&log, &companion(&fresh.path, "-wal"))?;
    }
    let mut connection = connect(&fresh.path).await.map_err(|error| naming(error, from))?;
    recognize(&mut connection, from).await?;
    fold(&mut connection, from).await?;
    require_sound(&mut connection, from).await?;
    migrate(&mut connection, from).await?;
    connection.close().await?;
    Ok(fresh)
}

/// What belongs to whom the database belongs to: the one that is there, or the directory that waits for one.
fn owner(place: &Path) -> &Path {
    if place.exists() { place } else { directory_of(place) }
}

fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    let mut source = File::open(from).map_err(failed("read", from))?;
    let mut copy = private().create(true).truncate(true).open(to).map_err(failed("written", to))?;
    io::copy(&mut source, &mut copy).and_then(|_| copy.sync_all()).map_err(failed("copied", from))
}

/// The operator knows the backup, not the copy of it.
fn naming(error: Error, path: &Path) -> Error {
    match error {
        Error::Damaged { what, .. } => Error::Damaged { path: path.to_owned(), what },
        other => other,
    }
}

async fn fold(connection: &mut SqliteConnection, path: &Path) -> Result<(), Error> {
    let mode: String =
        sqlx::query_scalar(FOLD).fetch_one(connection).await.map_err(|error| unusable(path, error))?;
    if mode == "delete" { Ok(()) } else { Err(Error::Busy(path.to_owned())) }
}

async fn migrate(connection: &mut SqliteConnection, path: &Path) -> Result<(), Error> {
    MIGRATIONS.run(connection).await.map_err(|error| match error {
        MigrateError::VersionMissing(_) => Error::Newer(path.to_owned()),
        source => Error::NotMigrated { path: path.to_owned(), source },
    })
}

/// Makes the present database one file, and finds out whether it can be read. One that is another program's stays.
async fn set_down(place: &Path) -> Result<Before, Error> {
    if fs::metadata(place).map_or(0, |file| file.len()) == 0 {
        return Ok(Before::Nothing);
    }
    match set_down_readable(place).await {
        Ok(()) => Ok(Before::Readable),
        Err(error @ (Error::Busy(_) | Error::Foreign(_))) => Err(error),
        Err(Error::Damaged { what, .. }) => Ok(Before::Unreadable(what)),
        Err(error) => Ok(Before::Unreadable(error.to_string())),
    }
}

async fn set_down_readable(place: &Path) -> Result<(), Error> {
    let mut connection = connect(place).await?;
    match recognize(&mut connection, place).await {
        // Who goes back to an older version has such a one. What it knows of readers may well be read.
        Ok(()) | Err(Error::Newer(_)) => {}
        Err(error) => return Err(error),
    }
    fold(&mut connection, place).await?;
    Ok(connection.close().await?)
}

/// Gives the copy what the database before it knew, and stops what it holds as unsent: in one transaction.
async fn make_ready(
    connection: &mut SqliteConnection,
    fresh: &Path,
    (place, before): (&Path, &Before),
    now: Timestamp,
) -> Result<(CarriedOver, Stopped), Error> {
    let identity = home::identity(fresh).map_err(failed("read", fresh))?;
    let attached = attach(connection, place, before).await?;
    // Not BEGIN IMMEDIATE: it would take the old database for one that is written too. Nobody else knows the copy.
    let mut transaction = connection.begin().await?;
    let carried = match attached {
        Before::Nothing => CarriedOver::Nothing,
        Before::Unreadable(why) => CarriedOver::Unreadable { why },
        Before::Readable => carry::carry_over(&mut transaction, now).await?,
    };
    let stopped = home::settle_in_as_copy(&mut transaction, &identity, now).await?;
    transaction.commit().await?;
    // What was never attached cannot be detached, and the end of the connection detaches as well.
    let _ = sqlx::query(DETACH).execute(connection).await;
    Ok((carried, stopped))
}

async fn attach(connection: &mut SqliteConnection, place: &Path, before: &Before) -> Result<Before, Error> {
    match before {
        Before::Nothing => Ok(Before::Nothing),
        Before::Unreadable(why) => Ok(Before::Unreadable(why.clone())),
        Before::Readable => match sqlx::query(ATTACH).bind(spelled(place)?).execute(connection).await {
            Ok(_) => Ok(Before::Readable),
            Err(error) => Ok(Before::Unreadable(error.to_string())),
        },
    }
}

/// Moves the database aside, and the copy in its place. Returns where the database is.
fn swap(fresh: Partial, place: &Path, now: Timestamp) -> Result<Option<PathBuf>, Error> {
    let ready = beside(place, READY);
    fresh.place(&ready)?;
    let aside = place.exists().then(|| dated(place, "before-restore", now));
    let moved = match &aside {
        Some(aside) if aside.exists() => Err(Error::Exists(aside.clone())),
        Some(aside) => fs::rename(place, aside).map_err(failed("moved aside", place)),
        None => Ok(()),
    };
    moved.inspect_err(|_| remove_database(&ready))?;
    let placed = move_companions(place, aside.as_deref().unwrap_or(&ready))
        .and_then(|()| fs::rename(&ready, place).map_err(failed("put in its place", &ready)));
    if let (Err(_), Some(aside)) = (&placed, &aside) {
        // If this fails too, the next start says that a restore was broken off.
        let _ = fs::rename(aside, place);
        let _ = move_companions(aside, place);
    }
    sync_directory_of(place);
    placed.map(|()| aside)
}

/// The log of one database must never lie beside another: SQLite would take it for that one's.
fn move_companions(from: &Path, to: &Path) -> Result<(), Error> {
    for ending in COMPANIONS {
        let companion = companion(from, ending);
        if companion.exists() {
            fs::rename(&companion, super::companion(to, ending)).map_err(failed("moved", &companion))?;
        }
    }
    Ok(())
}
