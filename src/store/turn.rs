//! Whose turn it is to write. SQLite has one writer at a time, and waiting in line for it is fairer than its locks.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::pool::PoolConnection;
use sqlx::query::Query;
use sqlx::sqlite::{Sqlite, SqliteArguments, SqliteConnectOptions, SqliteQueryResult};
use sqlx::{Connection, SqliteConnection, SqlitePool, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::BEGIN;

/// All that writes to the database from this process, in line.
///
/// There are two connections. The plain one is what changes are made on: each is on the disk when it is done. The quick
/// one is the sender's; its changes survive the death of the process, and that of the machine only after
/// [`Store::sync`](super::Store::sync).
#[derive(Clone, Debug)]
pub(super) struct Writer {
    plain: SqlitePool,
    quick: SqliteConnectOptions,
    /// The head of the line. It holds the quick connection while that one is idle: a pool would ask it, on its own
    /// thread, whether it lives after each use, and that costs as much as the use.
    line: Arc<Mutex<Head>>,
    /// How many turns on the plain connection have ended.
    ended: Arc<AtomicU64>,
}

/// What lies at the head of the line.
#[derive(Debug, Default)]
struct Head {
    quick: Option<SqliteConnection>,
    /// Raised by each new quick connection, and by what one changes beside deliveries.
    generation: u64,
}

/// A turn to write, which ends when it is dropped.
#[derive(Debug)]
pub(super) struct Turn<T> {
    held: T,
    _head: OwnedMutexGuard<Head>,
    _end: End,
}

/// Counts the end of a turn, when it is dropped.
#[derive(Debug)]
struct End(Arc<AtomicU64>);

/// A turn on the quick connection. The connection is closed with it, and what it had begun ends, unless it is kept.
#[derive(Debug)]
pub(super) struct Quick {
    connection: SqliteConnection,
    head: OwnedMutexGuard<Head>,
}

impl Writer {
    pub(super) fn new(plain: SqlitePool, quick: SqliteConnectOptions) -> Self {
        Self { plain, quick, line: Arc::default(), ended: Arc::default() }
    }

    /// How many turns on the plain connection have ended: whatever was changed in them, this number has grown since.
    pub(super) fn ended(&self) -> u64 {
        self.ended.load(Ordering::SeqCst)
    }

    /// Waits for the turn of several statements, each of which is a transaction.
    pub(super) async fn acquire(&self) -> Result<Turn<PoolConnection<Sqlite>>, sqlx::Error> {
        let head = Arc::clone(&self.line).lock_owned().await;
        Ok(Turn { held: self.plain.acquire().await?, _head: head, _end: self.end() })
    }

    /// Waits for the turn of one statement, and runs it.
    pub(super) async fn execute(
        &self,
        query: Query<'_, Sqlite, SqliteArguments>,
    ) -> Result<SqliteQueryResult, sqlx::Error> {
        query.execute(&mut *self.acquire().await?).await
    }

    /// Waits for the turn of a transaction, and begins it.
    pub(super) async fn begin(&self) -> Result<Turn<Transaction<'static, Sqlite>>, sqlx::Error> {
        let head = Arc::clone(&self.line).lock_owned().await;
        Ok(Turn { held: self.plain.begin_with(BEGIN).await?, _head: head, _end: self.end() })
    }

    /// Waits for the turn of the quick connection.
    pub(super) async fn quick(&self) -> Result<Quick, sqlx::Error> {
        let mut head = Arc::clone(&self.line).lock_owned().await;
        let connection = if let Some(connection) = head.quick.take() {
            connection
        } else {
            head.generation += 1;
            SqliteConnection::connect_with(&self.quick).await?
        };
        Ok(Quick { connection, head })
    }

    /// Closes both connections, after what runs on them has ended.
    pub(super) async fn close(&self) {
        let quick = self.line.lock().await.quick.take();
        if let Some(quick) = quick
            && let Err(error) = quick.close().await
        {
            tracing::warn!(%error, "A connection to the database was not closed as it should be");
        }
        self.plain.close().await;
    }

    fn end(&self) -> End {
        End(Arc::clone(&self.ended))
    }
}

impl Drop for End {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Turn<Transaction<'static, Sqlite>> {
    pub(super) async fn commit(self) -> Result<(), sqlx::Error> {
        self.held.commit().await
    }
}

impl Quick {
    /// Leaves the connection to the next turn.
    pub(super) fn keep(mut self) {
        self.head.quick = Some(self.connection);
    }

    /// Says that what is changed now is not deliveries alone. The database tells a connection what others change, and not
    /// what it changes itself.
    pub(super) fn note_change(&mut self) {
        self.head.generation += 1;
    }

    /// Another number for each connection, and after each such change.
    pub(super) fn generation(&self) -> u64 {
        self.head.generation
    }
}

impl<T: Deref<Target = SqliteConnection>> Deref for Turn<T> {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.held
    }
}

impl<T: DerefMut<Target = SqliteConnection>> DerefMut for Turn<T> {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.held
    }
}

impl Deref for Quick {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.connection
    }
}

impl DerefMut for Quick {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}
