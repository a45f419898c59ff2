//! The exchange between the sender's connections and the disk: results in, markers out, in one transaction.
//!
//! A commit here is written and not yet synced: it survives the death of the process. [`Store::sync`] makes all
//! that was committed before it survive the death of the machine. A marker waits for both; a result for the
//! first alone, so that a connection never waits for the disk between two messages.

use std::collections::HashSet;
use std::io;

use sqlx::sqlite::Sqlite;
use sqlx::{QueryBuilder, Row, SqliteConnection};

use super::{Attempt, DeliveryKey};
use crate::model::delivery::DeliveryState;
use crate::model::edition::EditionId;
use crate::model::subscriber::SubscriberId;
use crate::model::time::Timestamp;
use crate::store::{BEGIN, Error, NewReport, Store, report};

/// How many rows one statement holds.
const ROWS: usize = 500;

/// Whether the reader still wants it and may have it.
const IS_WANTED: &str = "EXISTS (
        SELECT 1 FROM subscription s JOIN edition e ON e.newsletter_id = s.newsletter_id
        WHERE e.id = delivery.edition_id AND s.subscriber_id = delivery.subscriber_id AND s.state = 'active')
    AND NOT EXISTS (
        SELECT 1 FROM subscriber u JOIN suppression x ON x.address_hash = u.address_hash
        WHERE u.id = delivery.subscriber_id)";

/// Whether its edition is being sent.
const IS_SENDING: &str =
    "EXISTS (SELECT 1 FROM edition e WHERE e.id = delivery.edition_id AND e.state = 'sending')";

/// Whether the attempt is still ours.
const IS_OURS: &str = "delivery.attempt = excluded.attempt AND delivery.owner = ";
const IS_OPEN: &str = " AND delivery.state IN ('leased', 'sending')";

/// That the relay has accepted it is true even if it comes so late that the attempt was given up.
const IS_LATE_TRUTH: &str = " OR excluded.state = 'sent' AND delivery.attempt = excluded.attempt
    AND delivery.state IN ('queued', 'uncertain') AND delivery.uncertain > 0";

/// What is to be written down in one transaction.
#[derive(Clone, Debug, Default)]
pub struct Exchange {
    /// What became of attempts.
    pub settled: Vec<Settlement>,
    /// What the relay said about addresses: that they do not exist, or take nothing now.
    pub reports: Vec<NewReport>,
    /// Attempts that were not made: the deliveries wait again as if they had not been claimed.
    pub released: Vec<Attempt>,
    /// Attempts to be marked.
    pub marked: Vec<Attempt>,
    /// Attempts that were marked ahead of their turn, and are about to be made: whether they still may be.
    pub checked: Vec<Attempt>,
}

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// The attempt.
    pub attempt: Attempt,
    /// The delivery's state from now on.
    pub state: DeliveryState,
    /// When it is tried again, if it is.
    pub due_at: Timestamp,
    /// Whether nobody knows if the relay accepted it.
    pub is_uncertain: bool,
    /// The relay's words, or what happened in their place.
    pub reply: Option<String>,
}

impl Store {
    /// Writes an exchange down, all or nothing, and returns the attempts that may be made.
    ///
    /// A marker is set, and holds when it is checked, only where the claim is still ours, the edition is being sent,
    /// the subscription active and the address not suppressed. What is refused goes back to wait, or is cancelled.
    pub async fn exchange(&self, exchange: &Exchange, now: Timestamp) -> Result<HashSet<Attempt>, Error> {
        let _turn = self.write.acquire().await?;
        let mut transaction = self.quick.begin_with(BEGIN).await?;
        let epoch = self.epoch();
        for settled in exchange.settled.chunks(ROWS) {
            settle(&mut transaction, settled, epoch, now).await?;
        }
        for told in &exchange.reports {
            report::record(&mut transaction, self.key(), told, now).await?;
        }
        for released in exchange.released.chunks(ROWS) {
            release(&mut transaction, released, epoch).await?;
        }
        let asked = exchange.marked.len() + exchange.checked.len();
        let mut granted = HashSet::with_capacity(asked);
        for attempts in exchange.marked.chunks(ROWS) {
            granted.extend(mark(&mut transaction, attempts, epoch, now).await?);
        }
        for attempts in exchange.checked.chunks(ROWS) {
            granted.extend(check(&mut transaction, attempts, epoch).await?);
        }
        if granted.len() < asked {
            let asked = exchange.marked.iter().chain(&exchange.checked).copied();
            let refused: Vec<_> = asked.filter(|attempt| !granted.contains(attempt)).collect();
            for attempts in refused.chunks(ROWS) {
                turn_away(&mut transaction, attempts, epoch, now).await?;
            }
        }
        transaction.commit().await?;
        Ok(granted)
    }

    /// Makes everything that was committed before survive a loss of power.
    ///
    /// # Errors
    /// After one nobody knows what the disk holds: the program has to end at once.
    pub async fn sync(&self) -> io::Result<()> {
        let mut log = self.path().as_os_str().to_owned();
        log.push("-wal");
        match tokio::fs::File::open(log).await {
            Ok(log) => log.sync_data().await,
            // The last connection was closed in between, and has put it all into the database.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }
}

async fn settle(
    connection: &mut SqliteConnection,
    settled: &[Settlement],
    epoch: i64,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let mut query = QueryBuilder::<Sqlite>::new(
        "INSERT INTO delivery (edition_id, subscriber_id, attempt, state, due_at, uncertain, settled_at, reply) ",
    );
    query.push_values(settled, |mut row, settlement| {
        let Attempt { key, number } = settlement.attempt;
        row.push_bind(key.edition).push_bind(key.subscriber).push_bind(number).push_bind(settlement.state);
        row.push_bind(settlement.due_at).push_bind(settlement.is_uncertain).push_bind(now);
        row.push_bind(settlement.reply.as_deref());
    });
    query.push(
        " ON CONFLICT (edition_id, subscriber_id) DO UPDATE SET state = excluded.state, due_at = excluded.due_at,
            uncertain = delivery.uncertain + excluded.uncertain, settled_at = excluded.settled_at,
            reply = excluded.reply, owner = NULL, lease_until = NULL
        WHERE ",
    );
    query.push(IS_OURS).push_bind(epoch).push(IS_OPEN).push(IS_LATE_TRUTH);
    query.build().execute(connection).await?;
    Ok(())
}

async fn release(
    connection: &mut SqliteConnection,
    attempts: &[Attempt],
    epoch: i64,
) -> Result<(), sqlx::Error> {
    let mut query = insert(attempts);
    query.push(
        " ON CONFLICT (edition_id, subscriber_id) DO UPDATE SET state = 'queued', attempt = delivery.attempt - 1,
            owner = NULL, lease_until = NULL, marked_at = NULL
        WHERE ",
    );
    query.push(IS_OURS).push_bind(epoch).push(IS_OPEN);
    query.build().execute(connection).await?;
    Ok(())
}

/// Marks attempts, and returns those that were. Mostly that is all of them, which their number tells: rows that a
/// statement returns come one by one from the database's thread, and cost more than the marks themselves.
async fn mark(
    connection: &mut SqliteConnection,
    attempts: &[Attempt],
    epoch: i64,
    now: Timestamp,
) -> Result<Vec<Attempt>, sqlx::Error> {
    let mut query = insert(attempts);
    query.push(" ON CONFLICT (edition_id, subscriber_id) DO UPDATE SET state = 'sending', marked_at = ");
    query.push_bind(now).push(" WHERE ").push(IS_OURS).push_bind(epoch).push(IS_OPEN);
    query.push(" AND ").push(IS_SENDING).push(" AND ").push(IS_WANTED);
    let marked = query.build().execute(&mut *connection).await?.rows_affected();
    if marked == attempts.len() as u64 {
        Ok(attempts.to_vec())
    } else {
        granted(connection, attempts, epoch).await
    }
}

/// Which of these attempts are marked and may be made. Mostly all of them.
async fn check(
    connection: &mut SqliteConnection,
    attempts: &[Attempt],
    epoch: i64,
) -> Result<Vec<Attempt>, sqlx::Error> {
    let mut query = of_those("count(*)", attempts, epoch);
    let holding: i64 = query.build_query_scalar().fetch_one(&mut *connection).await?;
    if u64::try_from(holding) == Ok(attempts.len() as u64) {
        Ok(attempts.to_vec())
    } else {
        granted(connection, attempts, epoch).await
    }
}

/// Which of these attempts are marked and may be made, one by one.
async fn granted(
    connection: &mut SqliteConnection,
    attempts: &[Attempt],
    epoch: i64,
) -> Result<Vec<Attempt>, sqlx::Error> {
    let mut query =
        of_those("delivery.edition_id, delivery.subscriber_id, delivery.attempt", attempts, epoch);
    let rows = query.build().fetch_all(connection).await?;
    rows.iter()
        .map(|row| {
            let key = DeliveryKey {
                edition: EditionId(row.try_get(0)?),
                subscriber: SubscriberId(row.try_get(1)?),
            };
            Ok(Attempt { key, number: row.try_get(2)? })
        })
        .collect()
}

/// Asks for `what` of those attempts that are marked and may be made. CROSS JOIN keeps SQLite from looking at the
/// whole edition.
fn of_those(what: &str, attempts: &[Attempt], epoch: i64) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new("WITH asked (edition_id, subscriber_id, attempt) AS (");
    query.push_values(attempts, |mut row, Attempt { key, number }| {
        row.push_bind(key.edition).push_bind(key.subscriber).push_bind(*number);
    });
    query.push(") SELECT ").push(what).push(
        " FROM asked CROSS JOIN delivery
            ON delivery.edition_id = asked.edition_id AND delivery.subscriber_id = asked.subscriber_id
        WHERE delivery.attempt = asked.attempt AND delivery.state = 'sending' AND delivery.owner = ",
    );
    query.push_bind(epoch).push(" AND ").push(IS_SENDING).push(" AND ").push(IS_WANTED);
    query
}

/// What was refused a marker ends, or waits again as if it had not been claimed.
async fn turn_away(
    connection: &mut SqliteConnection,
    attempts: &[Attempt],
    epoch: i64,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let mut query = insert(attempts);
    query.push(" ON CONFLICT (edition_id, subscriber_id) DO UPDATE SET state = CASE WHEN ").push(IS_WANTED).push(
        " AND EXISTS (SELECT 1 FROM edition e WHERE e.id = delivery.edition_id AND e.state <> 'cancelled')
            THEN 'queued' ELSE 'cancelled' END,
            attempt = delivery.attempt - 1, owner = NULL, lease_until = NULL, marked_at = NULL, settled_at = ",
    );
    query.push_bind(now).push(" WHERE ").push(IS_OURS).push_bind(epoch).push(IS_OPEN);
    query.build().execute(connection).await?;
    Ok(())
}

/// The rows of these attempts as an INSERT that always meets the rows that are there. SQLite finds each by its
/// key this way; an `UPDATE … FROM (a list)` makes it look at the whole edition.
fn insert(attempts: &[Attempt]) -> QueryBuilder<Sqlite> {
    let mut query =
        QueryBuilder::new("INSERT INTO delivery (edition_id, subscriber_id, attempt, state, due_at) ");
    query.push_values(attempts, |mut row, Attempt { key, number }| {
        row.push_bind(key.edition).push_bind(key.subscriber).push_bind(*number).push("'queued'").push("0");
    });
    query
}
