//! Claims: which deliveries are due, and to whom of them we turn next.

use std::time::Duration;

use sqlx::{Connection as _, FromRow};

use super::{Attempt, DeliveryKey};
use crate::model::edition::EditionId;
use crate::model::newsletter::NewsletterId;
use crate::model::provider::ProviderId;
use crate::model::subscriber::SubscriberId;
use crate::model::time::Timestamp;
use crate::store::{BEGIN, Error, Store};

/// How long a claim holds. Longer than any attempt can take: a delivery whose lease is over has lost its worker.
const LEASE: Duration = Duration::from_hours(1);

const WAITING: &str = "SELECT e.id, e.newsletter_id, n.slug AS newsletter, e.tick, e.send_until,
        e.head IS NOT NULL AS is_begun, p.id AS provider
    FROM edition e
    JOIN newsletter n ON n.id = e.newsletter_id
    CROSS JOIN (SELECT 0 AS id UNION ALL SELECT id FROM provider) p
    WHERE e.finished_at IS NULL AND e.state = 'sending' AND EXISTS (
        SELECT 1 FROM delivery d
        WHERE d.edition_id = e.id AND d.provider_id = p.id AND d.state IN ('queued', 'deferred') AND d.due_at <= $1)
    ORDER BY e.tick, e.id, p.id DESC";
const CLAIM: &str =
    "UPDATE delivery SET state = 'leased', attempt = attempt + 1, owner = $1, lease_until = $2
    WHERE edition_id = $3 AND subscriber_id IN (
        SELECT d.subscriber_id FROM delivery d
        WHERE d.edition_id = $3 AND d.provider_id = $6 AND d.state IN ('queued', 'deferred') AND d.due_at <= $4
        ORDER BY d.due_at, d.subscriber_id LIMIT $5)
      AND EXISTS (SELECT 1 FROM edition e WHERE e.id = $3 AND e.state = 'sending')
      AND NOT EXISTS (SELECT 1 FROM setting WHERE name = 'epoch' AND CAST(value AS INTEGER) > $1)
    RETURNING subscriber_id, attempt,
        (SELECT u.address FROM subscriber u WHERE u.id = delivery.subscriber_id) AS address";
const FIND_HEAD: &str = "SELECT head FROM edition WHERE id = $1";
const KEEP_HEAD: &str = "UPDATE edition SET head = $2 WHERE id = $1 AND head IS NULL";

/// Deliveries that are due: of one edition, at one provider.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct WaitingEdition {
    /// Its row.
    pub id: EditionId,
    /// Its newsletter's row.
    pub newsletter_id: NewsletterId,
    /// Its newsletter's name in addresses.
    pub newsletter: String,
    /// The moment that it is for.
    pub tick: Timestamp,
    /// Until when it is sent, if an operator has said so in place of its age limit.
    pub send_until: Option<Timestamp>,
    /// Whether somebody may have been sent it already.
    pub is_begun: bool,
    /// The provider; none for all domains that have none which is known by name.
    pub provider: ProviderId,
}

/// A delivery that this daemon has claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The attempt that the claim is for.
    pub attempt: Attempt,
    /// Where it goes; `None` if the subscriber has been forgotten meanwhile.
    pub address: Option<String>,
}

#[derive(FromRow)]
struct Row {
    subscriber_id: SubscriberId,
    attempt: u32,
    address: Option<String>,
}

impl Store {
    /// The editions of which deliveries are due, the oldest tick first, once for each provider that some of them are at.
    /// Those that are paused or stale are left out.
    pub async fn waiting_editions(&self, now: Timestamp) -> Result<Vec<WaitingEdition>, Error> {
        Ok(sqlx::query_as(WAITING).bind(now).fetch_all(&self.read).await?)
    }

    /// Claims at most `limit` deliveries of an edition at a provider that are due, for this daemon's epoch. A daemon that
    /// another one has replaced, whatever became of its lock, claims nothing.
    pub async fn claim_deliveries(
        &self,
        (edition, provider): (EditionId, ProviderId),
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<Claim>, Error> {
        let mut quick = self.write.quick().await?;
        let mut transaction = quick.begin_with(BEGIN).await?;
        let rows: Vec<Row> = sqlx::query_as(CLAIM)
            .bind(self.epoch())
            .bind(now + LEASE)
            .bind(edition)
            .bind(now)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .bind(provider)
            .fetch_all(&mut *transaction)
            .await?;
        transaction.commit().await?;
        quick.keep();
        let claim = |row: Row| Claim {
            attempt: Attempt {
                key: DeliveryKey { edition, subscriber: row.subscriber_id },
                number: row.attempt,
            },
            address: row.address,
        };
        Ok(rows.into_iter().map(claim).collect())
    }

    /// The header that all mails of the edition have: the one that was kept, or this one from now on.
    pub async fn keep_edition_head(&self, edition: EditionId, head: &str) -> Result<String, Error> {
        self.write.execute(sqlx::query(KEEP_HEAD).bind(edition).bind(head)).await?;
        let kept: Option<String> =
            sqlx::query_scalar(FIND_HEAD).bind(edition).fetch_one(&mut *self.write.acquire().await?).await?;
        Ok(kept.unwrap_or_else(|| head.to_owned()))
    }
}
