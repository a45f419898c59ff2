//! Opening the database: its settings, its schema, its key, and the lock that keeps a second daemon out.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection, SqlitePool};

use super::turn::Writer;
use super::{Error, Reign, Store, file, setting};
use crate::model::time::Timestamp;

pub(super) static MIGRATIONS: Migrator = sqlx::migrate!();

/// "Cour" in ASCII: says in the file's header whose it is, so that a wrong path is found out before it is written to.
pub(super) const APPLICATION_ID: i32 = 0x436f_7572;

/// How long a statement waits for another process before it fails.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

const READERS: u32 = 4;

/// How many pages of log the quick writer lets come together before it puts them into the database: during a
/// sending the same pages are written again and again.
const QUICK_CHECKPOINT_PAGES: &str = "4000";

pub(super) const TRUNCATE_LOG: &str = "PRAGMA wal_checkpoint(TRUNCATE)";
pub(super) const APPLICATION_ID_OF: &str = "PRAGMA application_id";
const TABLES: &str = "SELECT count(*) FROM sqlite_schema WHERE type = 'table'";

impl Store {
    /// Opens the file for a daemon: makes it if there is none, brings its schema up to date, and holds the lock
    /// that keeps any other daemon out until this one ends, however it ends. If the file is a copy, nothing that it
    /// holds goes out by itself.
    ///
    /// # Errors
    /// [`Error::InUse`], [`Error::Newer`] and [`Error::Foreign`] are for the operator to resolve.
    pub async fn open_as_daemon(path: &Path, now: Timestamp) -> Result<Self, Error> {
        let lock = lock(path)?;
        let store = Self::open(path, now).await?;
        store.settle_in(now).await?;
        let epoch = store.raise_epoch().await?;
        Ok(Self { reign: Some(Arc::new(Reign { epoch, lock })), ..store })
    }

    /// Opens the file for a command, which may run beside a daemon.
    ///
    /// # Errors
    /// [`Error::Newer`] and [`Error::Foreign`] are for the operator to resolve.
    pub async fn open(path: &Path, now: Timestamp) -> Result<Self, Error> {
        let unopened = |source| Error::Unopened { path: path.to_owned(), source };
        file::refuse_half_restored(path)?;
        create_private(path).map_err(|error| unopened(sqlx::Error::Io(error)))?;
        let path = &real(path);
        let plain = pool(1).connect_with(options(path)).await.map_err(unopened)?;
        migrate(&plain, path, now).await?;
        let quick = options(path)
            .synchronous(SqliteSynchronous::Normal)
            .pragma("wal_autocheckpoint", QUICK_CHECKPOINT_PAGES);
        let read = pool(READERS).connect_lazy_with(options(path).read_only(true));
        let key = setting::key(&plain).await?;
        let write = Writer::new(plain, quick);
        Ok(Self {
            write,
            read,
            key,
            path: path.to_owned(),
            reign: None,
            meter: Arc::default(),
            pulse: Arc::default(),
            latest: Arc::default(),
        })
    }
}

/// A connection to a file does not go stale: asking whether it lives, before each use, would only cost time. But one
/// that is still within a transaction is of no use to anybody, and another takes its place.
///
/// Nor is one closed because it is old or has nothing to do: the task of sqlx 0.9 that looks for such counts what is idle
/// while others take it, can so come to count from zero down, and then goes through 2⁶⁴ connections without a pause.
fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .before_acquire(|connection, _| Box::pin(is_idle(connection)))
}

/// Whether no transaction is open on a connection. When the disk is full SQLite takes a transaction back itself; the
/// ROLLBACK that follows fails, and sqlx takes the transaction for open ever after.
async fn is_idle(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    if connection.is_in_transaction() {
        connection.ping().await?; // a rollback may still be under way, and the answer comes after it
    }
    Ok(!connection.is_in_transaction())
}

pub(super) fn options(path: &Path) -> SqliteConnectOptions {
    plain_options(path).journal_mode(SqliteJournalMode::Wal)
}

/// The same for a file that is left in the journal mode that it is in.
pub(super) fn plain_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(BUSY_TIMEOUT)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        .pragma("secure_delete", "ON")
        .pragma("cache_size", "-4096")
        .pragma("journal_size_limit", "67108864")
        .statement_cache_capacity(256)
}

/// Makes the file if there is none: it holds addresses, and only its owner may read it.
///
/// One that is there is not so much as opened. SQLite's locks are the process's, and are all given up when the process closes
/// any descriptor of the file (POSIX, `fcntl`): another process would then take itself for the last one, and remove the log
/// into which a store that this process has opened before goes on writing.
fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(real(path)) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        opened => opened.map(drop),
    }
}

/// Keeps every daemon out, and whoever else needs the file alone, until it is released or dropped.
#[derive(Debug)]
pub(super) struct Lock(File);

impl Lock {
    /// Lets another one begin. Closing the file would not do: a process that was forked at this moment holds the lock as
    /// well until it becomes another program.
    pub(super) fn release(&self) {
        if let Err(error) = self.0.unlock() {
            tracing::warn!(%error, "The database's lock could not be given back; it ends with this process");
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.release();
    }
}

/// Takes the lock of a database.
///
/// # Errors
/// [`Error::InUse`] if somebody has it.
pub(super) fn lock(path: &Path) -> Result<Lock, Error> {
    let unopened = |error| Error::Unopened { path: path.to_owned(), source: sqlx::Error::Io(error) };
    let file =
        OpenOptions::new().create(true).append(true).open(beside(&real(path), "lock")).map_err(unopened)?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(TryLockError::WouldBlock) => Err(Error::InUse(path.to_owned())),
        Err(TryLockError::Error(error)) => Err(unopened(error)),
    }
}

/// The file itself, where its name is a link to it: SQLite keeps its log beside the file, and the lock must be the same
/// under every name.
pub(super) fn real(path: &Path) -> PathBuf {
    let followed = fs::read_link(path)
        .map(|target| path.parent().map_or_else(|| target.clone(), |directory| directory.join(&target)));
    fs::canonicalize(path).ok().or(followed.ok()).unwrap_or_else(|| path.to_owned())
}

/// The path with this ending behind a dot.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

async fn migrate(pool: &SqlitePool, path: &Path, now: Timestamp) -> Result<(), Error> {
    let unopened = |source| Error::Unopened { path: path.to_owned(), source };
    let application: i32 = sqlx::query_scalar(APPLICATION_ID_OF).fetch_one(pool).await.map_err(unopened)?;
    let tables: i64 = sqlx::query_scalar(TABLES).fetch_one(pool).await.map_err(unopened)?;
    if application != APPLICATION_ID && tables > 0 {
        return Err(Error::Foreign(path.to_owned()));
    }
    if tables == 0 {
        sqlx::query(AssertSqlSafe(format!("PRAGMA application_id = {APPLICATION_ID}"))).execute(pool).await?;
    } else if is_outdated(pool).await? {
        let mut connection = pool.acquire().await?;
        file::copy_whole(&mut connection, &beside(path, &format!("before-upgrade-{}", now.as_unix())))
            .await?;
    }
    MIGRATIONS.run(pool).await.map_err(|error| match error {
        MigrateError::VersionMissing(_) => Error::Newer(path.to_owned()),
        source => Error::NotMigrated { path: path.to_owned(), source },
    })
}

pub(super) const APPLIED: &str = "SELECT coalesce(max(version), 0) FROM _sqlx_migrations WHERE success";

async fn is_outdated(pool: &SqlitePool) -> Result<bool, sqlx::Error> {
    let applied: i64 = sqlx::query_scalar(APPLIED).fetch_one(pool).await?;
    Ok(MIGRATIONS.iter().any(|migration| migration.version > applied))
}

impl Store {
    async fn raise_epoch(&self) -> Result<i64, Error> {
        let mut transaction = self.write.begin().await?;
        let epoch = setting::raise(&mut transaction, "epoch").await?;
        transaction.commit().await?;
        Ok(epoch)
    }

    /// Moves what was written into the file and empties the write-ahead log, so that what was deleted is on no disk.
    /// Where somebody reads at this moment it is done by a later call or by SQLite itself.
    pub(super) async fn truncate_log(&self) -> Result<(), Error> {
        self.write.execute(sqlx::query(TRUNCATE_LOG)).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_task_of_the_pool_goes_through_its_connections() {
        let pool = pool(READERS);
        assert_eq!((pool.get_idle_timeout(), pool.get_max_lifetime()), (None, None));
    }
}
