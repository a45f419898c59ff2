//! Editions that grow too old: what was tried is given up, what never was waits for the operator. The rules are in
//! `docs/delivery.md`.

use sqlx::FromRow;

use crate::model::edition::EditionId;
use crate::model::time::Timestamp;
use crate::store::{Error, Store};

/// How many deliveries one call ends at most, so that nobody waits long for the database.
const MANY: i64 = 10_000;

const AGING: &str = "SELECT e.id, n.slug AS newsletter, e.tick, e.send_until
    FROM edition e JOIN newsletter n ON n.id = e.newsletter_id
    WHERE e.finished_at IS NULL AND e.state = 'sending' ORDER BY e.id";
/// A wave that is due after the end holds those for whom warming up had no room: that some are never tried was the plan.
const COUNT_UNTRIED: &str = "SELECT count(*) FROM delivery d
    WHERE d.edition_id = $1 AND d.state IN ('queued', 'deferred') AND d.attempt = 0
      AND NOT EXISTS (SELECT 1 FROM edition_wave w WHERE w.edition_id = $1 AND w.due_at > $2)";
const GROW_STALE: &str = "UPDATE edition SET state = 'stale', reason = $3
    WHERE id = $1 AND state = 'sending' AND coalesce(send_until, $2) <= $2";
const EXPIRE: &str = "UPDATE delivery SET state = 'expired', settled_at = $3
    WHERE edition_id = $1 AND subscriber_id IN (
        SELECT d.subscriber_id FROM delivery d
        WHERE d.edition_id = $1 AND d.state IN ('queued', 'deferred') AND (d.attempt > 0 OR EXISTS (
            SELECT 1 FROM edition_wave w WHERE w.edition_id = $1 AND w.due_at > $2))
        LIMIT $4)
      AND EXISTS (SELECT 1 FROM edition e
        WHERE e.id = $1 AND e.state = 'sending' AND coalesce(e.send_until, $2) <= $2)";
const EXTEND: &str =
    "UPDATE edition SET send_until = $2 WHERE id = $1 AND state IN ('sending', 'paused', 'stale')";

/// An edition that is being sent, and what its age is reckoned by.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Aging {
    /// Its row.
    pub id: EditionId,
    /// Its newsletter's name in addresses.
    pub newsletter: String,
    /// The moment that it is for.
    pub tick: Timestamp,
    /// Until when it is sent, if an operator has said so.
    pub send_until: Option<Timestamp>,
}

/// What became of an edition that is too old.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aged {
    /// So many of its deliveries were never tried: it waits for the operator.
    Stale(u64),
    /// So many of its deliveries are given up; at most ten thousand at a time.
    Expired(u64),
}

impl Store {
    /// The editions that are being sent, the oldest first.
    pub async fn aging_editions(&self) -> Result<Vec<Aging>, Error> {
        Ok(sqlx::query_as(AGING).fetch_all(&self.read).await?)
    }

    /// Takes an edition off the road that was to be sent until `end`, and no longer: if deliveries of it wait that were
    /// never tried, it is stale, and all of them stay as they are; else those that wait have expired.
    ///
    /// Changes nothing if an operator has stopped it, or let it be sent longer, since `end` was reckoned.
    pub async fn age_edition(
        &self,
        edition: EditionId,
        end: Timestamp,
        now: Timestamp,
    ) -> Result<Aged, Error> {
        let query = sqlx::query_scalar(COUNT_UNTRIED).bind(edition).bind(end);
        let untried: i64 = query.fetch_one(&self.read).await?;
        if untried > 0 {
            let reason = format!("at the end of its time, {end}, {untried} deliveries had never been tried");
            let query = sqlx::query(GROW_STALE).bind(edition).bind(end).bind(reason);
            let changed = self.write.execute(query).await?.rows_affected();
            return Ok(Aged::Stale(if changed > 0 { untried.unsigned_abs() } else { 0 }));
        }
        let query = sqlx::query(EXPIRE).bind(edition).bind(end).bind(now).bind(MANY);
        Ok(Aged::Expired(self.write.execute(query).await?.rows_affected()))
    }

    /// An operator says until when an edition is sent, whatever its age limit. Returns false if it has ended.
    pub async fn extend_edition(&self, edition: EditionId, until: Timestamp) -> Result<bool, Error> {
        let query = sqlx::query(EXTEND).bind(edition).bind(until);
        Ok(self.write.execute(query).await?.rows_affected() > 0)
    }
}
