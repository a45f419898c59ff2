//! The file as a whole: backed up, checked, put back, made small.
//!
//! These are for an operator's hands. They open the file as it is: nothing is made where nothing was, and no schema
//! is brought up to date on the way.

mod backup;
mod carry;
mod check;
mod compact;
mod restore;

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;
use sqlx::{ConnectOptions, FromRow, SqliteConnection};

pub use backup::{BackUp, back_up};
pub use carry::{Carried, CarriedOver};
pub use check::{Finding, check};
pub use compact::{Compacted, compact};
pub use restore::{Restored, restore};

pub(super) use backup::copy_whole;
pub(super) use restore::refuse_half_restored;

use super::open::{APPLICATION_ID, APPLICATION_ID_OF, APPLIED, MIGRATIONS, plain_options};
use super::{Error, open};
use crate::model::time::Timestamp;

/// SQLite stops looking after so many kinds of damage.
const INTEGRITY: &str = "PRAGMA integrity_check(100)";

const CONTENTS: &str = "SELECT (SELECT count(*) FROM subscriber) AS subscribers,
        (SELECT count(*) FROM edition) AS editions, (SELECT count(*) FROM article) AS articles";

/// What SQLite keeps beside a database while it is open, by ending.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// What a database holds, for who asks whether it is the right one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow, Serialize)]
pub struct Contents {
    /// Everybody who is known, with those who have left.
    pub subscribers: i64,
    /// All editions of all newsletters.
    pub editions: i64,
    /// All articles of all sources.
    pub articles: i64,
}

async fn contents(connection: &mut SqliteConnection) -> Result<Contents, sqlx::Error> {
    sqlx::query_as(CONTENTS).fetch_one(connection).await
}

/// Opens a file that is there, without a word about what it is.
async fn connect(path: &Path) -> Result<SqliteConnection, Error> {
    if !path.exists() {
        refuse_half_restored(path)?;
        return Err(Error::Absent(path.to_owned()));
    }
    // Reading or writing a whole file may take minutes, which is nothing to warn of.
    let options = plain_options(path).disable_statement_logging();
    options.connect().await.map_err(|error| unusable(path, error))
}

/// Opens a database of ours, of this version or an older one.
async fn connect_to_ours(path: &Path) -> Result<SqliteConnection, Error> {
    let mut connection = connect(path).await?;
    recognize(&mut connection, path).await?;
    Ok(connection)
}

/// Finds out whose database it is.
async fn recognize(connection: &mut SqliteConnection, path: &Path) -> Result<(), Error> {
    let unusable = |error| unusable(path, error);
    let application: i32 =
        sqlx::query_scalar(APPLICATION_ID_OF).fetch_one(&mut *connection).await.map_err(unusable)?;
    if application != APPLICATION_ID {
        return Err(Error::Foreign(path.to_owned()));
    }
    let applied: i64 = sqlx::query_scalar(APPLIED).fetch_one(connection).await.map_err(unusable)?;
    if MIGRATIONS.iter().all(|migration| migration.version < applied) {
        return Err(Error::Newer(path.to_owned()));
    }
    Ok(())
}

/// What SQLite says of a file that it cannot read.
fn unusable(path: &Path, error: sqlx::Error) -> Error {
    match error {
        error if is_busy(&error) => Error::Busy(path.to_owned()),
        sqlx::Error::Database(error) => {
            Error::Damaged { path: path.to_owned(), what: error.message().to_owned() }
        }
        source => Error::Unopened { path: path.to_owned(), source },
    }
}

/// Whether another process stands in the way (`SQLITE_BUSY` and its extended codes).
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.and_then(|code| code.parse::<i32>().ok()).is_some_and(|code| code & 0xff == 5)
}

/// What is wrong with the file's pages, each in SQLite's words.
async fn damage(connection: &mut SqliteConnection) -> Result<Vec<String>, sqlx::Error> {
    let said: Vec<String> = sqlx::query_scalar(INTEGRITY).fetch_all(connection).await?;
    Ok(said.into_iter().filter(|words| words != "ok").collect())
}

/// Reads every page of the file.
async fn require_sound(connection: &mut SqliteConnection, path: &Path) -> Result<(), Error> {
    let found = damage(connection).await.map_err(|error| unusable(path, error))?;
    match found.into_iter().next() {
        None => Ok(()),
        Some(what) => Err(Error::Damaged { path: path.to_owned(), what }),
    }
}

/// How many bytes the database takes, with what is still in its log.
fn size(path: &Path) -> u64 {
    let length = |path: PathBuf| fs::metadata(path).map_or(0, |file| file.len());
    length(path.to_owned()) + length(companion(path, "-wal"))
}

fn companion(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// The name that a file beside the database gets at this moment: `courant.db.backup-20260301T060000Z`.
fn dated(path: &Path, word: &str, now: Timestamp) -> PathBuf {
    open::beside(path, &format!("{word}-{}", now.to_jiff().strftime("%Y%m%dT%H%M%SZ")))
}

/// A path as an SQL statement can name it, without anything that SQLite would read as more than a path.
fn spelled(path: &Path) -> Result<String, Error> {
    let failed = |source| Error::File { what: "named to SQLite", path: path.to_owned(), source };
    let whole = std::path::absolute(path).map_err(failed)?;
    let text = whole.into_os_string().into_string();
    text.map_err(|_| failed(io::Error::new(io::ErrorKind::InvalidInput, "its name is not UTF-8")))
}

fn failed(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
    move |source| Error::File { what, path: path.to_owned(), source }
}

/// Makes the names in a file's directory durable. Where directories cannot be synced there is nothing to be done.
fn sync_directory_of(path: &Path) {
    if let Ok(directory) = File::open(directory_of(path)) {
        let _ = directory.sync_all();
    }
}

/// A database that is being written under a name of its own, so that a half one is never taken for a whole one.
/// Unless it is put in its place it is removed again.
struct Partial {
    path: PathBuf,
    is_placed: bool,
}

impl Partial {
    /// Makes the file, empty, for its owner alone.
    fn create(path: PathBuf) -> Result<Self, Error> {
        match private().create_new(true).open(&path) {
            Ok(_) => Ok(Self { path, is_placed: false }),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(Error::Exists(path)),
            Err(error) => Err(failed("written", &path)(error)),
        }
    }

    /// Makes it durable under its last name.
    fn place(mut self, to: &Path) -> Result<(), Error> {
        let synced = File::open(&self.path).and_then(|file| file.sync_all());
        synced.and_then(|()| fs::rename(&self.path, to)).map_err(failed("written", to))?;
        self.is_placed = true;
        sync_directory_of(to);
        Ok(())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.is_placed {
            remove_database(&self.path);
        }
    }
}

/// Removes a database of our making that nobody needs, as far as it is there.
fn remove_database(path: &Path) {
    let _ = fs::remove_file(path);
    for ending in COMPANIONS {
        let _ = fs::remove_file(companion(path, ending));
    }
}

/// How a file is written that holds addresses: only its owner may read it.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Keeps daemons out while the file is somebody's alone. The lock belongs to whom the database belongs to, so that the
/// daemon can take it after that.
fn keep_daemons_out(database: &Path, place: &Path) -> Result<open::Lock, Error> {
    let lock = open::lock(database)?;
    hand_over(&open::beside(&open::real(database), "lock"), place);
    Ok(lock)
}

/// The directory that a file is in.
fn directory_of(path: &Path) -> &Path {
    path.parent().filter(|path| !path.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Gives a file to whom another belongs: `courant db …` may be run by root, and the daemon is not.
///
/// Who may not give files away owns both already, or could not have read the other.
fn hand_over(path: &Path, like: &Path) {
    #[cfg(unix)]
    if let Ok(other) = fs::metadata(like) {
        use std::os::unix::fs::{MetadataExt, chown};
        let _ = chown(path, Some(other.uid()), Some(other.gid()));
    }
    #[cfg(not(unix))]
    let _ = (path, like);
}
