//! Addresses that are never mailed.

use serde::Serialize;
use sqlx::{FromRow, SqliteConnection};

use super::{BEGIN, Error, Store};
use crate::model::subscriber::EmailAddress;
use crate::model::suppression::SuppressionReason;
use crate::model::time::Timestamp;

const FIND: &str = "SELECT reason FROM suppression WHERE address_hash = $1";
const INSERT: &str =
    "INSERT INTO suppression (address_hash, address, reason, detail, at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (address_hash) DO NOTHING";
const FORGET: &str = "INSERT INTO suppression (address_hash, reason, at) VALUES ($1, 'forgotten', $2)
    ON CONFLICT (address_hash) DO UPDATE SET address = NULL, detail = NULL, reason = 'forgotten', at = excluded.at";
const END_SUBSCRIPTIONS: &str = "UPDATE subscription SET state = 'ended', ended_at = $2, ended_by = $3
    WHERE state <> 'ended' AND subscriber_id IN (SELECT id FROM subscriber WHERE address_hash = $1)";
const CANCEL_DELIVERIES: &str = "UPDATE delivery SET state = 'cancelled', settled_at = $2
    WHERE state IN ('queued', 'deferred')
      AND subscriber_id IN (SELECT id FROM subscriber WHERE address_hash = $1)";
const REMOVE: &str = "DELETE FROM suppression WHERE address_hash = $1";
const LIST: &str = "SELECT address, reason, detail, at FROM suppression ORDER BY at DESC LIMIT $1";

/// An address that is never mailed, and why.
#[derive(Clone, Debug, FromRow, Serialize)]
pub struct Suppression {
    /// The address; absent if it asked to be forgotten.
    pub address: Option<String>,
    /// Why.
    pub reason: SuppressionReason,
    /// The relay's or the operator's words.
    pub detail: Option<String>,
    /// Since when.
    pub at: Timestamp,
}

/// Why the address with this hash is never mailed, if so.
pub(super) async fn find(
    connection: &mut SqliteConnection,
    hash: &[u8],
) -> Result<Option<SuppressionReason>, sqlx::Error> {
    sqlx::query_scalar(FIND).bind(hash).fetch_optional(connection).await
}

/// Suppresses an address, ends its subscriptions and takes back what is queued for it. Returns false if it was
/// suppressed before.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    (address, hash): (&EmailAddress, &[u8]),
    reason: SuppressionReason,
    detail: Option<&str>,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let query = sqlx::query(INSERT).bind(hash).bind(address.as_str()).bind(reason).bind(detail).bind(now);
    let is_new = query.execute(&mut *connection).await?.rows_affected() > 0;
    let by = reason.describe();
    sqlx::query(END_SUBSCRIPTIONS).bind(hash).bind(now).bind(by).execute(&mut *connection).await?;
    sqlx::query(CANCEL_DELIVERIES).bind(hash).bind(now).execute(connection).await?;
    Ok(is_new)
}

/// Leaves nothing of an address but its hash.
pub(super) async fn forget(
    connection: &mut SqliteConnection,
    hash: &[u8],
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(FORGET).bind(hash).bind(now).execute(connection).await?;
    Ok(())
}

impl Store {
    /// Never mails the address again: ends its subscriptions and takes back what is queued for it.
    ///
    /// Returns false if it was suppressed before.
    pub async fn suppress(
        &self,
        address: &EmailAddress,
        reason: SuppressionReason,
        detail: Option<&str>,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let hash = self.key.hash(&address.key());
        let mut transaction = self.write.begin_with(BEGIN).await?;
        let is_new = insert(&mut transaction, (address, &hash), reason, detail, now).await?;
        transaction.commit().await?;
        Ok(is_new)
    }

    /// Lets the address be mailed again; its subscriptions stay ended. Returns false if it was not suppressed.
    pub async fn unsuppress(&self, address: &EmailAddress) -> Result<bool, Error> {
        let query = sqlx::query(REMOVE).bind(self.key.hash(&address.key()));
        Ok(query.execute(&self.write).await?.rows_affected() > 0)
    }

    /// Why the address is never mailed, if so.
    pub async fn find_suppression(&self, address: &EmailAddress) -> Result<Option<SuppressionReason>, Error> {
        let mut connection = self.read.acquire().await?;
        Ok(find(&mut connection, &self.key.hash(&address.key())).await?)
    }

    /// The addresses that are never mailed, the latest first.
    pub async fn suppressions(&self, limit: i64) -> Result<Vec<Suppression>, Error> {
        Ok(sqlx::query_as(LIST).bind(limit).fetch_all(&self.read).await?)
    }
}
