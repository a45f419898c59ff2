//! The operator's file: found, recognised when it has changed, and opened so that it is never written.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

use crate::model::time::Timestamp;
use crate::source::Error;

/// How long we wait for a program that is writing to the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

/// How long the query of one batch may run.
const QUERY_TIMEOUT: Duration = Duration::from_mins(1);

/// A change that comes so soon after another may leave the same time in the file system.
const SETTLED_AFTER: Duration = Duration::from_secs(2);

/// An SQLite file.
#[derive(Clone, Debug)]
pub(super) struct File {
    path: PathBuf,
}

/// What the file and its write-ahead log look like from outside: every change changes one of these.
///
/// Only the file system is asked. To read the file's own change counter would mean to open it a second time, and
/// closing that would drop every lock that this process has on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    main: Look,
    log: Option<Look>,
    journal: Option<Look>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Look {
    inode: u64,
    size: u64,
    changed_at: i64,
    changed_nanos: i64,
}

/// How a file is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// As a file that nobody writes: no locks, no shared memory, nothing created. What was read holds only if
    /// the [`Stamp`] is still the same afterwards.
    Immutable,
    /// As a file that other programs write: with locks, and with the write-ahead log.
    Shared,
}

impl File {
    pub fn find(path: &Path) -> Result<Self, Error> {
        let missing = |error: std::io::Error| {
            Error::Unusable(format!("{}: {error}; check `path` in the configuration", path.display()))
        };
        let path = std::path::absolute(path).map_err(missing)?;
        let found = fs::metadata(&path).map_err(missing)?;
        if found.is_file() {
            return Ok(Self { path });
        }
        Err(Error::Unusable(format!("{} is a folder, not an SQLite file; check `path`", path.display())))
    }

    pub fn stamp(&self) -> Result<Stamp, Error> {
        let main = self.look("").ok_or_else(|| self.unusable("it has just been taken away"))?;
        Ok(Stamp { main, log: self.look("-wal"), journal: self.look("-journal") })
    }

    /// Opens the file, read-only either way.
    pub async fn open(&self, mode: Mode) -> Result<SqliteConnection, Error> {
        let options = SqliteConnectOptions::new()
            .filename(&self.path)
            .read_only(true)
            .immutable(mode == Mode::Immutable)
            .create_if_missing(false)
            .busy_timeout(BUSY_TIMEOUT)
            .row_buffer_size(2)
            .pragma("query_only", "ON")
            .pragma("trusted_schema", "OFF")
            .pragma("cell_size_check", "ON")
            .disable_statement_logging();
        let connected = SqliteConnection::connect_with(&options).await;
        let mut connection = connected.map_err(|error| self.explain(&error))?;
        let deadline = Instant::now() + QUERY_TIMEOUT;
        let mut handle = connection.lock_handle().await.map_err(|error| self.explain(&error))?;
        handle.set_progress_handler(10_000, move || Instant::now() < deadline);
        drop(handle);
        Ok(connection)
    }

    /// Says in the operator's words what SQLite says in its own.
    pub fn explain(&self, error: &sqlx::Error) -> Error {
        let database = error.as_database_error();
        let code = database.and_then(|error| error.code()?.parse::<i32>().ok()).unwrap_or(-1);
        let words = database.map_or_else(|| error.to_string(), |error| error.message().to_owned());
        match code & 0xff {
            1 => self.unusable(&format!("the query is wrong: {words}. It must be one SELECT")),
            5 | 6 => self.unavailable(&format!("another program has locked it ({words}); it is tried again")),
            8 | 14 => self.unusable(&format!(
                "it cannot be opened ({words}): the file and its folder must be readable, and where it has a -wal \
                 file its folder must be writable, or hold the -shm file too"
            )),
            9 => self.unavailable(&format!(
                "the query ran longer than {} s: add a WHERE or an index",
                QUERY_TIMEOUT.as_secs()
            )),
            11 => self.unusable(&format!("it is corrupt ({words}): check it with `PRAGMA integrity_check`")),
            23 => self.unusable(&format!("access is denied ({words})")),
            26 => self.unusable(&format!("it is not an SQLite database ({words}); check `path`")),
            _ => self.unavailable(&words),
        }
    }

    pub fn unusable(&self, what: &str) -> Error {
        Error::Unusable(format!("{}: {what}", self.path.display()))
    }

    fn unavailable(&self, what: &str) -> Error {
        Error::unavailable(format!("{}: {what}", self.path.display()))
    }

    fn look(&self, suffix: &str) -> Option<Look> {
        let mut name = self.path.clone().into_os_string();
        name.push(suffix);
        let found = fs::metadata(name).ok()?;
        Some(Look {
            inode: found.ino(),
            size: found.size(),
            changed_at: found.mtime(),
            changed_nanos: found.mtime_nsec(),
        })
    }
}

impl Stamp {
    /// The stamp, if the next change is sure to make another one.
    pub fn settled(self, now: Timestamp) -> Option<Self> {
        self.is_settled(now).then_some(self)
    }

    /// How the file is best opened. Without a log or journal its own pages are all there is, and as long as nobody
    /// writes them they may be read without locks, which leaves no trace beside them.
    pub fn mode(&self, now: Timestamp) -> Mode {
        let is_whole = [self.log, self.journal].into_iter().flatten().all(|look| look.size == 0);
        if is_whole && self.is_settled(now) { Mode::Immutable } else { Mode::Shared }
    }

    fn is_settled(&self, now: Timestamp) -> bool {
        let newest = [Some(self.main), self.log].into_iter().flatten().map(|look| look.changed_at).max();
        newest.is_some_and(|at| Timestamp::from_unix(at) + SETTLED_AFTER <= now)
    }
}
