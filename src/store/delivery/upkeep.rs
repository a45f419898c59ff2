//! What is done to deliveries beside sending them: recovered after a crash, cancelled, counted.

use serde::Serialize;
use sqlx::FromRow;

use crate::model::delivery::{DeliveryState, UncertainPolicy};
use crate::model::edition::EditionId;
use crate::model::time::Timestamp;
use crate::store::{Error, Store};

/// How many deliveries one call ends at most, so that nobody waits long for the database.
const MANY: i64 = 10_000;

const ORPHANED: &str = "SELECT DISTINCT d.edition_id, n.slug FROM delivery d
    JOIN edition e ON e.id = d.edition_id JOIN newsletter n ON n.id = e.newsletter_id
    WHERE (d.state = 'leased' OR d.state = 'sending' OR d.state = 'uncertain') AND d.state <> 'uncertain'
      AND (d.owner < $1 OR d.lease_until < $2)";
const REQUEUE: &str =
    "UPDATE delivery SET state = 'queued', attempt = CASE WHEN owner < $2 THEN attempt - 1 ELSE attempt END,
        owner = NULL, lease_until = NULL
    WHERE edition_id = $1 AND state = 'leased'
      AND (owner < $2 OR lease_until < $3)";
const DOUBT: &str = "UPDATE delivery SET state = $4, uncertain = uncertain + 1, due_at = $3, settled_at = $3,
        owner = NULL, lease_until = NULL, reply = 'the daemon ended before it knew the relay''s answer'
    WHERE edition_id = $1 AND state = 'sending'
      AND (owner < $2 OR lease_until < $3)";
const CANCEL_WAITING: &str = "UPDATE delivery SET state = 'cancelled', settled_at = $2
    WHERE edition_id = $1 AND subscriber_id IN (
        SELECT d.subscriber_id FROM delivery d WHERE d.edition_id = $1 AND d.state IN ('queued', 'deferred') LIMIT $3)";
const CANCELLED: &str = "SELECT e.id FROM edition e WHERE e.finished_at IS NULL AND e.state = 'cancelled'";
const FINISH: &str = "UPDATE edition
    SET state = CASE state WHEN 'cancelled' THEN state ELSE 'done' END, finished_at = $1
    WHERE finished_at IS NULL AND queued_up_to IS NULL
      AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.edition_id = edition.id AND d.state IN ('queued', 'deferred'))
      AND NOT EXISTS (SELECT 1 FROM delivery d
        WHERE d.edition_id = edition.id AND (d.state = 'leased' OR d.state = 'sending' OR d.state = 'uncertain')
          AND (d.state <> 'uncertain' OR edition.state <> 'cancelled'))";
const RESOLVE: &str = "UPDATE delivery SET state = $2, due_at = $3, settled_at = $3
    WHERE edition_id = $1 AND state = 'uncertain'";
const REOPEN: &str = "UPDATE edition SET finished_at = NULL WHERE id = $1 AND state <> 'done'";
const COUNT: &str = "SELECT state, count(*) AS deliveries, coalesce(sum(uncertain), 0) AS uncertain,
        coalesce(sum(uncertain > 0 AND attempt > 1), 0) AS repeated
    FROM delivery WHERE edition_id = $1 GROUP BY state";

/// How many deliveries of an edition stand where. Their sum is the edition's audience at all times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Wait for their turn.
    pub queued: u64,
    /// Claimed by a sender.
    pub leased: u64,
    /// On their way to the relay.
    pub sending: u64,
    /// Accepted by the relay.
    pub sent: u64,
    /// Put off by the relay.
    pub deferred: u64,
    /// Refused by the relay.
    pub failed: u64,
    /// In doubt, and held for the operator.
    pub uncertain: u64,
    /// Taken back.
    pub cancelled: u64,
    /// Too old to be sent.
    pub expired: u64,
    /// How many attempts ended in doubt.
    pub doubts: u64,
    /// How many deliveries were tried again after a doubt: their readers may have two copies.
    pub repeated: u64,
}

#[derive(FromRow)]
struct CountRow {
    state: DeliveryState,
    deliveries: i64,
    uncertain: i64,
    repeated: i64,
}

impl Store {
    /// Takes back what lost its worker: claims of a daemon that is dead, or of a worker whose lease is over. An
    /// attempt of a dead daemon that was not made does not count; the number of a lost worker's is not used again.
    ///
    /// What was claimed waits again. What was marked may have been sent: it is in doubt, and `policy` says for
    /// the newsletter of this name what follows. Returns how many were taken back and how many are in doubt.
    pub async fn recover_deliveries(
        &self,
        policy: impl Fn(&str) -> UncertainPolicy + Send,
        now: Timestamp,
    ) -> Result<(u64, u64), Error> {
        let mut transaction = self.write.begin().await?;
        let epoch = self.epoch();
        let editions: Vec<(EditionId, String)> =
            sqlx::query_as(ORPHANED).bind(epoch).bind(now).fetch_all(&mut *transaction).await?;
        let (mut requeued, mut doubted) = (0, 0);
        for (edition, newsletter) in editions {
            let query = sqlx::query(REQUEUE).bind(edition).bind(epoch).bind(now);
            requeued += query.execute(&mut *transaction).await?.rows_affected();
            let state = after_doubt(policy(&newsletter));
            let query = sqlx::query(DOUBT).bind(edition).bind(epoch).bind(now).bind(state);
            doubted += query.execute(&mut *transaction).await?.rows_affected();
        }
        transaction.commit().await?;
        Ok((requeued, doubted))
    }

    /// Ends deliveries that wait and never go out, because their edition was cancelled. At most ten thousand at a time;
    /// returns how many.
    pub async fn cancel_waiting_deliveries(&self, edition: EditionId, now: Timestamp) -> Result<u64, Error> {
        let query = sqlx::query(CANCEL_WAITING).bind(edition).bind(now).bind(MANY);
        Ok(self.write.execute(query).await?.rows_affected())
    }

    /// Editions that were cancelled and may still have deliveries that wait.
    pub async fn cancelled_editions(&self) -> Result<Vec<EditionId>, Error> {
        Ok(sqlx::query_scalar(CANCELLED).fetch_all(&self.read).await?)
    }

    /// Notes which editions have no delivery left that could still go out. Returns how many those are.
    pub async fn finish_editions(&self, now: Timestamp) -> Result<u64, Error> {
        Ok(self.write.execute(sqlx::query(FINISH).bind(now)).await?.rows_affected())
    }

    /// An operator decides about the deliveries of an edition that are held in doubt: they are sent again
    /// (`queued`), or count as `sent`. Returns how many there were.
    pub async fn resolve_uncertain(
        &self,
        edition: EditionId,
        state: DeliveryState,
        now: Timestamp,
    ) -> Result<u64, Error> {
        let mut transaction = self.write.begin().await?;
        let query = sqlx::query(RESOLVE).bind(edition).bind(state).bind(now);
        let resolved = query.execute(&mut *transaction).await?.rows_affected();
        sqlx::query(REOPEN).bind(edition).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(resolved)
    }

    /// How many deliveries of an edition stand where.
    pub async fn delivery_counts(&self, edition: EditionId) -> Result<Counts, Error> {
        let rows: Vec<CountRow> = sqlx::query_as(COUNT).bind(edition).fetch_all(&self.read).await?;
        let mut counts = Counts::default();
        for row in rows {
            *counts.of(row.state) = unsigned(row.deliveries);
            counts.doubts += unsigned(row.uncertain);
            counts.repeated += unsigned(row.repeated);
        }
        Ok(counts)
    }
}

impl Counts {
    fn of(&mut self, state: DeliveryState) -> &mut u64 {
        match state {
            DeliveryState::Queued => &mut self.queued,
            DeliveryState::Leased => &mut self.leased,
            DeliveryState::Sending => &mut self.sending,
            DeliveryState::Sent => &mut self.sent,
            DeliveryState::Deferred => &mut self.deferred,
            DeliveryState::Failed => &mut self.failed,
            DeliveryState::Uncertain => &mut self.uncertain,
            DeliveryState::Cancelled => &mut self.cancelled,
            DeliveryState::Expired => &mut self.expired,
        }
    }

    /// How many there are in all.
    pub fn total(&self) -> u64 {
        let waiting = self.queued + self.leased + self.sending + self.deferred + self.uncertain;
        waiting + self.sent + self.failed + self.cancelled + self.expired
    }
}

/// Where a delivery stands after an attempt whose end nobody knows.
fn after_doubt(policy: UncertainPolicy) -> DeliveryState {
    match policy {
        UncertainPolicy::Retry => DeliveryState::Queued,
        UncertainPolicy::Hold => DeliveryState::Uncertain,
        UncertainPolicy::AssumeSent => DeliveryState::Sent,
    }
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
