//! Markers that not all may have: which of them may, and what becomes of the others.

use std::collections::HashSet;

use sqlx::{Connection, QueryBuilder, Row, SqliteConnection};

use super::step::{IS_OPEN, IS_OURS, IS_SENDING, IS_WANTED, ROWS, bind_attempt, insert, padded};
use super::{Attempt, DeliveryKey};
use crate::model::edition::EditionId;
use crate::model::subscriber::SubscriberId;
use crate::model::time::Timestamp;
use crate::store::{BEGIN, Error};

/// Which of these attempts are marked and may be made, where not all may. The others end, or wait again.
pub(super) async fn grant_some(
    connection: &mut SqliteConnection,
    asked: &[Attempt],
    epoch: i64,
    now: Timestamp,
) -> Result<HashSet<Attempt>, Error> {
    let mut transaction = connection.begin_with(BEGIN).await?;
    let mut granted = HashSet::with_capacity(asked.len());
    for attempts in asked.chunks(ROWS) {
        granted.extend(granted_of(&mut transaction, attempts, epoch).await?);
    }
    let refused: Vec<_> = asked.iter().filter(|attempt| !granted.contains(attempt)).copied().collect();
    for attempts in refused.chunks(ROWS) {
        turn_away(&mut transaction, attempts, epoch, now).await?;
    }
    transaction.commit().await?;
    Ok(granted)
}

/// Which of these attempts are marked and may be made, one by one.
async fn granted_of(
    connection: &mut SqliteConnection,
    attempts: &[Attempt],
    epoch: i64,
) -> Result<Vec<Attempt>, sqlx::Error> {
    // CROSS JOIN keeps SQLite from looking at the whole edition.
    let mut query = QueryBuilder::new("WITH asked (edition_id, subscriber_id, attempt) AS (");
    query.push_values(padded(attempts), |mut row, attempt| bind_attempt(&mut row, attempt));
    query.push(
        ") SELECT delivery.edition_id, delivery.subscriber_id, delivery.attempt
        FROM asked CROSS JOIN delivery
            ON delivery.edition_id = asked.edition_id AND delivery.subscriber_id = asked.subscriber_id
        WHERE delivery.attempt = asked.attempt AND delivery.state = 'sending' AND delivery.owner = ",
    );
    query.push_bind(epoch).push(" AND ").push(IS_SENDING).push(" AND ").push(IS_WANTED);
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

/// What was refused a marker ends, or waits again as if it had not been claimed.
async fn turn_away(
    connection: &mut SqliteConnection,
    attempts: &[Attempt],
    epoch: i64,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let mut query = QueryBuilder::default();
    insert(&mut query, attempts);
    query.push(" ON CONFLICT (edition_id, subscriber_id) DO UPDATE SET state = CASE WHEN ").push(IS_WANTED).push(
        " AND EXISTS (SELECT 1 FROM edition e WHERE e.id = delivery.edition_id AND e.state <> 'cancelled')
            THEN 'queued' ELSE 'cancelled' END,
            attempt = delivery.attempt - 1, owner = NULL, lease_until = NULL, marked_at = NULL, settled_at = ",
    );
    query.push_bind(now).push(" WHERE ").push(IS_OURS).push_bind(epoch).push(IS_OPEN);
    query.build().execute(connection).await?;
    Ok(())
}
