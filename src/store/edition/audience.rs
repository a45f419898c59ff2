//! Who gets an edition: one delivery for each reader, written down part by part, so that others who write need not wait
//! until a million readers have theirs.
//!
//! The parts follow the subscribers' rows, up to the last row that there was when the edition was published. The edition
//! remembers how far they are, so whoever comes next goes on from there, after a crash too.

use sqlx::SqliteConnection;

use crate::model::edition::EditionId;
use crate::model::newsletter::NewsletterId;
use crate::model::time::Timestamp;
use crate::store::{Error, Store};

/// How many readers one part holds: a few milliseconds' work.
const PART: i64 = 5_000;

const QUEUEING: &str = "SELECT id FROM edition WHERE queued_up_to IS NOT NULL ORDER BY id";
const NEXT_PART: &str = "SELECT max(p.subscriber_id), count(*) FROM (
        SELECT s.subscriber_id FROM edition e JOIN subscription s ON s.newsletter_id = e.newsletter_id
        WHERE e.id = $1 AND s.state = 'active' AND coalesce(s.paused_until, 0) <= e.tick
      AND s.subscriber_id > e.queued_up_to AND s.subscriber_id <= e.queue_end
        ORDER BY s.subscriber_id LIMIT $2) p";
/// Each delivery has its own place in the seconds over which the edition is spread, by its numbers alone: they come evenly
/// out of a multiplication by the golden ratio, and another reader is the first of the next edition. Who is not in the
/// first wave is due with their own; readers who confirmed in the same second stay together. What is due at once is due since
/// 1970: a clock that is set back does not hold it up.
const QUEUE: &str = "INSERT INTO delivery (edition_id, subscriber_id, provider_id, state, due_at)
    SELECT e.id, s.subscriber_id, coalesce(d.provider_id, 0), 'queued', coalesce(
        (SELECT max(w.due_at) FROM edition_wave w
            WHERE w.edition_id = e.id AND w.confirmed_before > coalesce(s.confirmed_at, s.created_at)),
        CASE WHEN e.spread > 0
            THEN e.published_at + ((s.subscriber_id + e.id * 31) * 2654435769 % 4294967296) * e.spread / 4294967296
            ELSE 0 END)
    FROM edition e JOIN subscription s ON s.newsletter_id = e.newsletter_id
    LEFT JOIN subscriber u ON u.id = s.subscriber_id LEFT JOIN domain d ON d.id = u.domain_id
    WHERE e.id = $1 AND s.state = 'active' AND coalesce(s.paused_until, 0) <= e.tick
      AND s.subscriber_id > e.queued_up_to AND s.subscriber_id <= $2
    ON CONFLICT (edition_id, subscriber_id) DO NOTHING";
/// Since when a reader has wanted it.
const NTH_NEWEST: &str = "SELECT coalesce(confirmed_at, created_at) AS since FROM subscription
    WHERE newsletter_id = $1 AND state = 'active'
      AND coalesce(paused_until, 0) <= (SELECT tick FROM edition WHERE id = $3)
    ORDER BY since DESC LIMIT 1 OFFSET $2";
const KEEP_WAVE: &str = "INSERT INTO edition_wave (edition_id, confirmed_before, due_at) VALUES ($1, $2, $3)
    ON CONFLICT (edition_id, confirmed_before) DO UPDATE SET due_at = excluded.due_at";
const GO_ON: &str = "UPDATE edition SET audience = audience + $2, queued_up_to = $3 WHERE id = $1";
const END_WITHOUT_READERS: &str =
    "UPDATE edition SET state = CASE state WHEN 'cancelled' THEN state ELSE 'done' END,
        finished_at = published_at
    WHERE id = $1 AND audience = 0 AND queued_up_to IS NULL AND finished_at IS NULL";

/// Some of an edition's deliveries, by who confirmed last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wave {
    /// How many.
    pub size: u64,
    /// When they are due.
    pub due_at: Timestamp,
}

impl Store {
    /// Queues the deliveries of the next readers of an edition. Returns whether there may be more of them.
    pub async fn queue_deliveries(&self, edition: EditionId) -> Result<bool, Error> {
        let mut transaction = self.write.begin().await?;
        let is_more = queue_part(&mut transaction, edition).await?;
        transaction.commit().await?;
        Ok(is_more)
    }

    /// The editions of which not all readers have their delivery yet, the oldest first.
    pub async fn queueing_editions(&self) -> Result<Vec<EditionId>, Error> {
        Ok(sqlx::query_scalar(QUEUEING).fetch_all(&self.read).await?)
    }
}

/// Notes by when a reader must have confirmed to be in each wave but the first.
pub(super) async fn divide(
    connection: &mut SqliteConnection,
    (newsletter, edition): (NewsletterId, EditionId),
    waves: &[Wave],
) -> Result<(), sqlx::Error> {
    let mut before: u64 = 0;
    for pair in waves.windows(2) {
        before = before.saturating_add(pair[0].size);
        let since = if before == 0 {
            Some(i64::MAX)
        } else {
            let offset = i64::try_from(before - 1).unwrap_or(i64::MAX);
            let query = sqlx::query_scalar(NTH_NEWEST).bind(newsletter).bind(offset).bind(edition);
            query.fetch_optional(&mut *connection).await?
        };
        let Some(since) = since else { break };
        let query = sqlx::query(KEEP_WAVE).bind(edition).bind(since).bind(pair[1].due_at);
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// Queues one part of an edition's deliveries, within the caller's transaction.
pub(super) async fn queue_part(
    connection: &mut SqliteConnection,
    edition: EditionId,
) -> Result<bool, sqlx::Error> {
    let (last, count): (Option<i64>, i64) =
        sqlx::query_as(NEXT_PART).bind(edition).bind(PART).fetch_one(&mut *connection).await?;
    let mut queued = 0;
    if let Some(last) = last {
        let query = sqlx::query(QUEUE).bind(edition).bind(last);
        queued = query.execute(&mut *connection).await?.rows_affected();
    }
    let next = last.filter(|_| count == PART);
    let query = sqlx::query(GO_ON).bind(edition).bind(i64::try_from(queued).unwrap_or(i64::MAX)).bind(next);
    query.execute(&mut *connection).await?;
    if next.is_none() {
        sqlx::query(END_WITHOUT_READERS).bind(edition).execute(connection).await?;
    }
    Ok(next.is_some())
}
