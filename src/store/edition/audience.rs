//! Who gets an edition: one delivery for each reader, written down part by part, so that others who write need not wait
//! until a million readers have theirs.
//!
//! The parts follow the subscribers' rows, up to the last row that there was when the edition was published. The edition
//! remembers how far they are, so whoever comes next goes on from there, after a crash too.

use sqlx::SqliteConnection;

use crate::model::edition::EditionId;
use crate::model::newsletter::NewsletterId;
use crate::model::shape::GroupId;
use crate::model::subscriber::SubscriberId;
use crate::model::time::Timestamp;
use crate::store::{Error, Store};

/// How many readers one part holds: a few milliseconds' work.
const PART: i64 = 5_000;

const QUEUEING: &str = "SELECT id FROM edition WHERE queued_up_to IS NOT NULL ORDER BY id";
/// An edition's readers: of the newsletter as it is.
macro_rules! of_own {
    () => {
        "e.group_id = 0 AND s.group_id = 0"
    };
}
/// Or those of its group who have the mark that it was made for.
macro_rules! of_group {
    () => {
        "s.group_id = e.group_id AND s.group_id > 0 AND s.mark = e.mark AND s.own_number = e.own_number"
    };
}
macro_rules! next_part {
    ($whose:expr, $also:literal) => {
        concat!(
            "SELECT max(p.subscriber_id), count(*) FROM (
                SELECT s.subscriber_id FROM edition e JOIN subscription s ON s.newsletter_id = e.newsletter_id
                WHERE e.id = $1 AND s.state = 'active' AND ",
            $whose,
            $also,
            " AND s.subscriber_id > e.queued_up_to AND s.subscriber_id <= e.queue_end
                ORDER BY s.subscriber_id LIMIT $2) p"
        )
    };
}
/// Each delivery has its own place in the seconds over which the edition is spread, by its numbers alone: they come evenly
/// out of a multiplication by the golden ratio, and another reader is the first of the next edition. Who is not in the
/// first wave is due with their own; readers who confirmed in the same second stay together. What is due at once is due since
/// 1970: a clock that is set back does not hold it up.
macro_rules! queue {
    ($whose:expr, $which:literal) => {
        concat!(
            "INSERT INTO delivery (edition_id, subscriber_id, provider_id, state, due_at)
            SELECT e.id, s.subscriber_id, coalesce(d.provider_id, 0), 'queued', coalesce(
                (SELECT max(w.due_at) FROM edition_wave w
                    WHERE w.edition_id = e.id AND w.confirmed_before > coalesce(s.confirmed_at, s.created_at)),
                CASE WHEN e.spread > 0
                    THEN e.published_at + ((s.subscriber_id + e.id * 31) * 2654435769 % 4294967296) * e.spread / 4294967296
                    ELSE 0 END)
            FROM edition e JOIN subscription s ON s.newsletter_id = e.newsletter_id
            LEFT JOIN subscriber u ON u.id = s.subscriber_id LEFT JOIN domain d ON d.id = u.domain_id
            WHERE s.state = 'active' AND coalesce(s.paused_until, 0) <= e.tick AND ",
            $whose,
            " AND s.subscriber_id > e.queued_up_to AND ",
            $which,
            " ON CONFLICT (edition_id, subscriber_id) DO NOTHING"
        )
    };
}
const NEXT_PART: &str = next_part!(of_own!(), " AND coalesce(s.paused_until, 0) <= e.tick");
/// The marks of readers who are paused move too.
const NEXT_PART_OF_GROUP: &str = next_part!(of_group!(), "");
const QUEUE: &str = queue!(of_own!(), "e.id = $1 AND s.subscriber_id <= $2");
const QUEUE_OF_GROUP: &str = queue!(of_group!(), "e.id = $1 AND s.subscriber_id <= $2");
const QUEUE_TO: &str =
    queue!(of_own!(), "e.newsletter_id = $1 AND s.subscriber_id = $2 AND s.subscriber_id <= e.queue_end");
/// Those of them whose part has not come: the others had theirs counted.
const COUNT_ONE_MORE: &str = "UPDATE edition SET audience = audience + 1
    WHERE newsletter_id = $1 AND group_id = 0 AND queued_up_to < $2
      AND EXISTS (SELECT 1 FROM delivery d WHERE d.edition_id = edition.id AND d.subscriber_id = $2)";
const FIND_GROUP: &str = "SELECT group_id FROM edition WHERE id = $1";
/// With the deliveries, or in place of those that a pause keeps from being made, unless what it misses is sent later. What own
/// editions held is of no account once the mark is behind all of it.
const MOVE_MARKS: &str = "UPDATE subscription
    SET mark = (SELECT e.next_mark FROM edition e WHERE e.id = $1),
        own_number = CASE WHEN EXISTS (SELECT 1 FROM edition e JOIN newsletter n ON n.id = e.newsletter_id
            WHERE e.id = $1 AND n.considered_seq > e.next_mark) THEN own_number ELSE 0 END
    WHERE (newsletter_id, subscriber_id) IN (
        SELECT s.newsletter_id, s.subscriber_id FROM edition e JOIN subscription s ON s.newsletter_id = e.newsletter_id
        WHERE e.id = $1 AND s.state = 'active'
          AND s.group_id = e.group_id AND s.group_id > 0 AND s.mark = e.mark AND s.own_number = e.own_number
          AND s.subscriber_id > e.queued_up_to AND s.subscriber_id <= $2
          AND (coalesce(s.paused_until, 0) <= e.tick OR s.catches_up = 0))";
/// Since when a reader has wanted it.
const NTH_NEWEST: &str = "SELECT coalesce(s.confirmed_at, s.created_at) AS since
    FROM edition e JOIN subscription s ON s.newsletter_id = e.newsletter_id
    WHERE e.id = $1 AND s.state = 'active' AND coalesce(s.paused_until, 0) <= e.tick
      AND s.group_id = e.group_id AND s.mark = e.mark AND s.own_number = e.own_number
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

/// Queues the first part of a new edition's deliveries, within the caller's transaction.
pub(in crate::store) async fn queue_first(
    connection: &mut SqliteConnection,
    edition: EditionId,
    waves: &[Wave],
) -> Result<(), sqlx::Error> {
    divide(connection, edition, waves).await?;
    queue_part(connection, edition).await?;
    Ok(())
}

/// Queues to one reader what is still being queued of the newsletter's own editions, before their turn has come.
pub(in crate::store) async fn queue_to(
    connection: &mut SqliteConnection,
    (reader, newsletter): (SubscriberId, NewsletterId),
) -> Result<(), sqlx::Error> {
    let query = sqlx::query(QUEUE_TO).bind(newsletter).bind(reader);
    if query.execute(&mut *connection).await?.rows_affected() > 0 {
        sqlx::query(COUNT_ONE_MORE).bind(newsletter).bind(reader).execute(connection).await?;
    }
    Ok(())
}

/// Notes by when a reader must have confirmed to be in each wave but the first.
async fn divide(
    connection: &mut SqliteConnection,
    edition: EditionId,
    waves: &[Wave],
) -> Result<(), sqlx::Error> {
    let mut before: u64 = 0;
    for pair in waves.windows(2) {
        before = before.saturating_add(pair[0].size);
        let since = if before == 0 {
            Some(i64::MAX)
        } else {
            let offset = i64::try_from(before - 1).unwrap_or(i64::MAX);
            let query = sqlx::query_scalar(NTH_NEWEST).bind(edition).bind(offset);
            query.fetch_optional(&mut *connection).await?
        };
        let Some(since) = since else { break };
        let query = sqlx::query(KEEP_WAVE).bind(edition).bind(since).bind(pair[1].due_at);
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// Queues one part of an edition's deliveries, within the caller's transaction; the marks of a group's readers move with them.
async fn queue_part(connection: &mut SqliteConnection, edition: EditionId) -> Result<bool, sqlx::Error> {
    let group: GroupId = sqlx::query_scalar(FIND_GROUP).bind(edition).fetch_one(&mut *connection).await?;
    let (next_part, queue) =
        if group.is_some() { (NEXT_PART_OF_GROUP, QUEUE_OF_GROUP) } else { (NEXT_PART, QUEUE) };
    let (last, count): (Option<i64>, i64) =
        sqlx::query_as(next_part).bind(edition).bind(PART).fetch_one(&mut *connection).await?;
    let mut queued = 0;
    if let Some(last) = last {
        let query = sqlx::query(queue).bind(edition).bind(last);
        queued = query.execute(&mut *connection).await?.rows_affected();
        if group.is_some() {
            sqlx::query(MOVE_MARKS).bind(edition).bind(last).execute(&mut *connection).await?;
        }
    }
    let next = last.filter(|_| count == PART);
    let query = sqlx::query(GO_ON).bind(edition).bind(i64::try_from(queued).unwrap_or(i64::MAX)).bind(next);
    query.execute(&mut *connection).await?;
    if next.is_none() {
        sqlx::query(END_WITHOUT_READERS).bind(edition).execute(connection).await?;
    }
    Ok(next.is_some())
}
