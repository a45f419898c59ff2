//! The store as a function: what one of its transactions makes of the rows of one delivery, and what it answers.
//!
//! The same question always has the same answer, so the store is asked it once.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use courant::model::delivery::DeliveryState;
use courant::model::delivery::UncertainPolicy;
use courant::model::edition::EditionState;
use courant::model::newsletter::NewsletterId;
use courant::model::provider::ProviderId;
use courant::model::subscriber::EmailAddress;
use courant::model::suppression::SuppressionReason;
use courant::model::time::Timestamp;
use courant::store::{Attempt, DeliveryKey, Exchange, Settlement, Store};
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;

use super::hash::Map;
use crate::deliveries::publish;

const NOW: Timestamp = Timestamp::from_unix(1_772_434_800);
const HOUR: Duration = Duration::from_hours(1);

/// How many daemons there are, one after the other or at the same time.
pub const DAEMONS: u8 = 2;

const READ: &str = "SELECT e.state, e.finished_at IS NOT NULL, s.state = 'active', d.state, d.attempt, d.uncertain,
        coalesce(d.owner, 0), coalesce(sign(d.lease_until - $1), 0),
        (SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'epoch')
    FROM delivery d JOIN edition e ON e.id = d.edition_id JOIN subscription s ON s.subscriber_id = d.subscriber_id";
const RESTORE_EDITION: &str = "UPDATE edition SET state = $1, finished_at = CASE WHEN $2 THEN 0 END";
const RESTORE_SUBSCRIPTION: &str =
    "UPDATE subscription SET state = CASE WHEN $1 THEN 'active' ELSE 'ended' END";
const RESTORE_DELIVERY: &str =
    "UPDATE delivery SET state = $1, attempt = $2, uncertain = $3, owner = $4, lease_until = $5";
const RESTORE_EPOCH: &str = "UPDATE setting SET value = CAST($1 AS TEXT) WHERE name = 'epoch'";
const UNSUPPRESS: &str = "DELETE FROM suppression";

/// What is on disk about the one delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rows {
    pub edition: EditionWord,
    pub is_finished: bool,
    /// Whether the reader still wants it.
    pub is_wanted: bool,
    pub state: DeliveryState,
    pub attempt: u32,
    pub doubts: u32,
    /// The daemon that has claimed it, from 1; 0: none.
    pub owner: u8,
    pub lease: Lease,
    /// The daemon that was started last.
    pub epoch: u8,
}

/// Where an edition stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EditionWord {
    Sending,
    Paused,
    Stale,
    Done,
    Cancelled,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lease {
    None,
    Runs,
    IsOver,
}

/// A transaction of the store, by a daemon (its number) where it takes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deed {
    Claim(u8),
    Mark(u8, u32),
    Check(u8, u32),
    Release(u8, u32),
    /// An attempt's end; the last word: whether it is in doubt.
    Settle(u8, u32, DeliveryState, bool),
    Recover(u8, Policy),
    /// The edition is too old.
    Age,
    EndCancelled,
    Finish,
    Resolve(DeliveryState),
    Set(EditionWord),
    Unsubscribe,
    Suppress,
    /// What the store does not do: a statement that is wrong, told the daemon's epoch and the time.
    Wrong(u8, &'static str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Policy {
    Retry,
    Hold,
    AssumeSent,
}

/// What the store answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Nothing,
    /// The attempt that has been claimed.
    Claimed(u32),
    /// The marker is set, or holds.
    Granted,
}

/// One database, which several daemons have open, each of which takes itself for the only one.
pub struct Database {
    daemons: Vec<Store>,
    key: DeliveryKey,
    newsletter: NewsletterId,
    reader: EmailAddress,
    connection: SqliteConnection,
    known: Map<(Rows, Deed), (Rows, Answer)>,
    first: Rows,
    current: Rows,
    _directory: TempDir,
}

impl Database {
    pub async fn new() -> Self {
        let directory = in_memory();
        let path = directory.path().join("courant.db");
        let mut daemons = Vec::new();
        for _ in 0..DAEMONS {
            daemons.push(Store::open_as_daemon(&path, NOW).await.unwrap());
            fs::remove_file(lock_of(&path)).unwrap(); // so the next one finds no lock
        }
        let store = &daemons[0];
        store.register_newsletters(&[("daily", "0 7 * * *")], NOW).await.unwrap();
        let newsletter = store.find_newsletter("daily").await.unwrap().unwrap().id;
        let reader: EmailAddress = "reader@example.org".parse().unwrap();
        store.add_subscription((&reader, None), newsletter, "a test", NOW).await.unwrap();
        let subscriber = store.find_subscriber(&reader).await.unwrap().unwrap().id;
        let key = DeliveryKey { edition: publish(store).await, subscriber };
        let mut connection = SqliteConnection::connect(&format!("sqlite:{}", path.display())).await.unwrap();
        sqlx::query("PRAGMA synchronous = OFF").execute(&mut connection).await.unwrap();
        let current = read(&mut connection).await;
        let (first, known) = (Rows { epoch: 0, ..current }, Map::default());
        Self { daemons, key, newsletter, reader, connection, known, first, current, _directory: directory }
    }

    /// The rows of an edition that has just been published.
    pub fn at_first(&self) -> Rows {
        self.first
    }

    /// How many different questions the store has been asked.
    pub fn asked(&self) -> usize {
        self.known.len()
    }

    /// What the store makes of the rows.
    pub async fn perform(&mut self, rows: Rows, deed: Deed) -> (Rows, Answer) {
        if let Some(known) = self.known.get(&(rows, deed)) {
            return *known;
        }
        self.restore(rows).await;
        let answer = self.ask(deed).await;
        let after = read(&mut self.connection).await;
        self.current = after;
        if is_exchange(deed) {
            // The writer repeats an exchange of which it does not know whether it was written.
            assert_eq!((self.ask(deed).await, read(&mut self.connection).await), (answer, after), "{deed:?}");
        }
        let counts = self.daemons[0].delivery_counts(self.key.edition).await.unwrap();
        assert_eq!(counts.total(), 1, "I8: the sum over all states is the audience");
        self.known.insert((rows, deed), (after, answer));
        (after, answer)
    }

    async fn restore(&mut self, rows: Rows) {
        if rows == self.current {
            return;
        }
        let lease = match rows.lease {
            Lease::None => None,
            Lease::Runs => Some(NOW + HOUR),
            Lease::IsOver => Some(NOW - HOUR),
        };
        let owner = (rows.owner > 0).then(|| self.daemons[usize::from(rows.owner) - 1].epoch());
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await.unwrap();
        for query in [
            sqlx::query(RESTORE_EDITION).bind(EditionState::from(rows.edition)).bind(rows.is_finished),
            sqlx::query(RESTORE_SUBSCRIPTION).bind(rows.is_wanted),
            sqlx::query(RESTORE_DELIVERY)
                .bind(rows.state)
                .bind(rows.attempt)
                .bind(rows.doubts)
                .bind(owner)
                .bind(lease),
            sqlx::query(RESTORE_EPOCH).bind(rows.epoch),
            sqlx::query(UNSUPPRESS),
        ] {
            query.execute(&mut *transaction).await.unwrap();
        }
        transaction.commit().await.unwrap();
        self.current = rows;
    }

    async fn ask(&mut self, deed: Deed) -> Answer {
        let store = &self.daemons[usize::from(deed.daemon().max(1)) - 1];
        let edition = self.key.edition;
        match deed {
            Deed::Claim(_) => {
                let claimed = store.claim_deliveries((edition, ProviderId::NONE), 1, NOW).await.unwrap();
                return claimed
                    .first()
                    .map_or(Answer::Nothing, |claim| Answer::Claimed(claim.attempt.number));
            }
            Deed::Mark(_, number) | Deed::Check(_, number) => {
                let marked = vec![self.attempt(number)];
                return exchange(store, Exchange { marked, ..Exchange::default() }).await;
            }
            Deed::Release(_, number) => {
                let released = vec![self.attempt(number)];
                return exchange(store, Exchange { released, ..Exchange::default() }).await;
            }
            Deed::Settle(_, number, state, is_uncertain) => {
                let attempt = self.attempt(number);
                let settlement = Settlement { attempt, state, due_at: NOW, is_uncertain, reply: None };
                return exchange(store, Exchange { settled: vec![settlement], ..Exchange::default() }).await;
            }
            Deed::Recover(_, policy) => {
                store.recover_deliveries(|_| policy.into(), NOW).await.unwrap();
            }
            Deed::Age => {
                store.age_edition(edition, NOW, NOW).await.unwrap();
            }
            Deed::EndCancelled => {
                store.cancel_waiting_deliveries(edition, NOW).await.unwrap();
            }
            Deed::Finish => {
                store.finish_editions(NOW).await.unwrap();
            }
            Deed::Resolve(state) => {
                store.resolve_uncertain(edition, state, NOW).await.unwrap();
            }
            Deed::Set(state) => {
                store.set_edition_state(edition, state.into(), "a test").await.unwrap();
            }
            Deed::Unsubscribe => {
                let reader = self.key.subscriber;
                store.end_subscription(reader, self.newsletter, "a test", NOW).await.unwrap();
            }
            Deed::Suppress => {
                store.suppress(&self.reader, SuppressionReason::Complaint, None, NOW).await.unwrap();
            }
            Deed::Wrong(_, statement) => {
                let query = sqlx::query(statement).bind(store.epoch()).bind(NOW);
                let changed = query.execute(&mut self.connection).await.unwrap().rows_affected();
                return if changed > 0 { Answer::Granted } else { Answer::Nothing };
            }
        }
        Answer::Nothing
    }

    fn attempt(&self, number: u32) -> Attempt {
        Attempt { key: self.key, number }
    }
}

impl Deed {
    fn daemon(self) -> u8 {
        match self {
            Self::Claim(daemon)
            | Self::Mark(daemon, _)
            | Self::Check(daemon, _)
            | Self::Release(daemon, _)
            | Self::Settle(daemon, ..)
            | Self::Recover(daemon, _)
            | Self::Wrong(daemon, _) => daemon,
            _ => 1,
        }
    }

    /// Whether SQLite syncs its log with this transaction. Claims and exchanges are only written.
    pub fn is_synced(self) -> bool {
        !is_exchange(self) && !matches!(self, Deed::Claim(_) | Deed::Wrong(..))
    }
}

fn is_exchange(deed: Deed) -> bool {
    matches!(deed, Deed::Mark(..) | Deed::Check(..) | Deed::Release(..) | Deed::Settle(..))
}

async fn exchange(store: &Store, mut exchange: Exchange) -> Answer {
    let granted = store.exchange(&mut exchange, NOW).await.unwrap();
    if granted.attempts.is_empty() { Answer::Nothing } else { Answer::Granted }
}

async fn read(connection: &mut SqliteConnection) -> Rows {
    let row: (EditionState, bool, bool, DeliveryState, u32, u32, u8, i8, u8) =
        sqlx::query_as(READ).bind(NOW).fetch_one(connection).await.unwrap();
    let (edition, is_finished, is_wanted, state, attempt, doubts, owner, lease, epoch) = row;
    let edition = match edition {
        EditionState::Sending => EditionWord::Sending,
        EditionState::Paused => EditionWord::Paused,
        EditionState::Stale => EditionWord::Stale,
        EditionState::Done => EditionWord::Done,
        EditionState::Cancelled => EditionWord::Cancelled,
    };
    let lease = match lease {
        0 => Lease::None,
        1 => Lease::Runs,
        _ => Lease::IsOver,
    };
    Rows { edition, is_finished, is_wanted, state, attempt, doubts, owner, lease, epoch }
}

/// A directory in memory where the system has one: thousands of transactions are synced here that nobody has to keep.
fn in_memory() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

fn lock_of(database: &Path) -> PathBuf {
    database.with_file_name("courant.db.lock")
}

impl From<EditionWord> for EditionState {
    fn from(word: EditionWord) -> Self {
        match word {
            EditionWord::Sending => Self::Sending,
            EditionWord::Paused => Self::Paused,
            EditionWord::Stale => Self::Stale,
            EditionWord::Done => Self::Done,
            EditionWord::Cancelled => Self::Cancelled,
        }
    }
}

impl From<Policy> for UncertainPolicy {
    fn from(policy: Policy) -> Self {
        match policy {
            Policy::Retry => Self::Retry,
            Policy::Hold => Self::Hold,
            Policy::AssumeSent => Self::AssumeSent,
        }
    }
}
