//! Addresses that are never mailed.

use serde::Serialize;
use sqlx::{FromRow, SqliteConnection};

use super::{Error, Store};
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
const FIND_WHOLE: &str = "SELECT address, reason, detail, at FROM suppression WHERE address_hash = $1";
const REMOVE: &str = "DELETE FROM suppression WHERE address_hash = $1";
const LIST: &str = "SELECT address, reason, detail, at FROM suppression ORDER BY at DESC LIMIT $1";
const PAGE: &str = "SELECT address, reason, detail, at FROM suppression
    WHERE address IS NOT NULL AND reason <> 'forgotten' AND address > $1 ORDER BY address LIMIT $2";
const NOTE: &str =
    "INSERT INTO suppression_event (address_hash, address, at, act, detail) VALUES ($1, $2, $3, $4, $5)";
const FORGET_EVENTS: &str =
    "UPDATE suppression_event SET address = NULL, detail = NULL WHERE address_hash = $1";
const EVENTS: &str = "SELECT at, act, detail FROM suppression_event WHERE address_hash = $1 ORDER BY id";
const IS_FORGOTTEN: &str =
    "SELECT EXISTS (SELECT 1 FROM suppression WHERE address_hash = $1 AND reason = 'forgotten')";

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

/// An address that is to be suppressed.
#[derive(Clone, Debug)]
pub struct NewSuppression {
    /// The address.
    pub address: EmailAddress,
    /// Why.
    pub reason: SuppressionReason,
    /// The words of whoever said so.
    pub detail: Option<String>,
    /// Since when it is suppressed elsewhere, if that is known.
    pub at: Option<Timestamp>,
}

/// What an operator did to a suppression.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, Serialize)]
pub struct SuppressionEvent {
    /// When.
    pub at: Timestamp,
    /// `added`, `removed` or `imported`.
    pub act: String,
    /// The operator's words.
    pub detail: Option<String>,
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
    withdraw(connection, hash, reason, now).await?;
    Ok(is_new)
}

/// Ends the subscriptions of an address and takes back what is queued for it.
pub(super) async fn withdraw(
    connection: &mut SqliteConnection,
    hash: &[u8],
    reason: SuppressionReason,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let by = reason.describe();
    sqlx::query(END_SUBSCRIPTIONS).bind(hash).bind(now).bind(by).execute(&mut *connection).await?;
    sqlx::query(CANCEL_DELIVERIES).bind(hash).bind(now).execute(connection).await?;
    Ok(())
}

/// Leaves nothing of an address but its hash.
pub(super) async fn forget(
    connection: &mut SqliteConnection,
    hash: &[u8],
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(FORGET).bind(hash).bind(now).execute(&mut *connection).await?;
    sqlx::query(FORGET_EVENTS).bind(hash).execute(connection).await?;
    Ok(())
}

/// Writes down what an operator did.
async fn note(
    connection: &mut SqliteConnection,
    (address, hash): (Option<&str>, &[u8]),
    act: &str,
    detail: Option<&str>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let query = sqlx::query(NOTE).bind(hash).bind(address).bind(now).bind(act).bind(detail);
    query.execute(connection).await?;
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
        let mut transaction = self.write.begin().await?;
        let is_new = insert(&mut transaction, (address, &hash), reason, detail, now).await?;
        transaction.commit().await?;
        Ok(is_new)
    }

    /// The operator never mails the address again, as [`Store::suppress`] does; that is written down.
    pub async fn suppress_by_hand(
        &self,
        address: &EmailAddress,
        because: Option<&str>,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let hash = self.key.hash(&address.key());
        let mut transaction = self.write.begin().await?;
        let reason = SuppressionReason::Operator;
        let is_new = insert(&mut transaction, (address, &hash), reason, because, now).await?;
        if is_new {
            note(&mut transaction, (Some(address.as_str()), &hash), "added", because, now).await?;
        }
        transaction.commit().await?;
        Ok(is_new)
    }

    /// The operator lets the address be mailed again; its subscriptions stay ended. That is written down, without the
    /// address if its owner asked to be forgotten. Returns false if it was not suppressed.
    pub async fn unsuppress(
        &self,
        address: &EmailAddress,
        because: Option<&str>,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let hash = self.key.hash(&address.key());
        let mut transaction = self.write.begin().await?;
        let is_forgotten: bool =
            sqlx::query_scalar(IS_FORGOTTEN).bind(&hash).fetch_one(&mut *transaction).await?;
        let was_there = sqlx::query(REMOVE).bind(&hash).execute(&mut *transaction).await?.rows_affected() > 0;
        if was_there {
            let named = (!is_forgotten).then_some(address.as_str());
            note(&mut transaction, (named, &hash), "removed", because, now).await?;
        }
        transaction.commit().await?;
        Ok(was_there)
    }

    /// The operator brings suppressions from elsewhere, all or none. Returns how many are new.
    pub async fn import_suppressions(&self, all: &[NewSuppression], now: Timestamp) -> Result<u64, Error> {
        let mut transaction = self.write.begin().await?;
        let mut count = 0;
        for new in all {
            let hash = self.key.hash(&new.address.key());
            let (detail, since) = (new.detail.as_deref(), new.at.unwrap_or(now).min(now));
            if insert(&mut transaction, (&new.address, &hash), new.reason, detail, since).await? {
                let named = Some(new.address.as_str());
                note(&mut transaction, (named, &hash), "imported", detail, now).await?;
                count += 1;
            }
        }
        transaction.commit().await?;
        Ok(count)
    }

    /// What operators did to the suppression of an address, the first first.
    pub async fn suppression_events(&self, address: &EmailAddress) -> Result<Vec<SuppressionEvent>, Error> {
        let query = sqlx::query_as(EVENTS).bind(self.key.hash(&address.key()));
        Ok(query.fetch_all(&self.read).await?)
    }

    /// Suppressions in the order of their addresses, behind `after`; without those that asked to be forgotten, of whom
    /// nothing is known that could be given away.
    pub async fn suppressions_after(&self, after: &str, limit: i64) -> Result<Vec<Suppression>, Error> {
        Ok(sqlx::query_as(PAGE).bind(after).bind(limit).fetch_all(&self.read).await?)
    }

    /// Why the address is never mailed, if so.
    pub async fn find_suppression(&self, address: &EmailAddress) -> Result<Option<SuppressionReason>, Error> {
        let mut connection = self.read.acquire().await?;
        Ok(find(&mut connection, &self.key.hash(&address.key())).await?)
    }

    /// The suppression of an address, if it has one.
    pub async fn suppression_of(&self, address: &EmailAddress) -> Result<Option<Suppression>, Error> {
        let query = sqlx::query_as(FIND_WHOLE).bind(self.key.hash(&address.key()));
        Ok(query.fetch_optional(&self.read).await?)
    }

    /// The addresses that are never mailed, the latest first.
    pub async fn suppressions(&self, limit: i64) -> Result<Vec<Suppression>, Error> {
        Ok(sqlx::query_as(LIST).bind(limit).fetch_all(&self.read).await?)
    }
}
