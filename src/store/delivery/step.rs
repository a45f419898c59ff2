//! The statements that take many deliveries a step further at once: by their rows, which SQLite finds each by its key.

use sqlx::QueryBuilder;
use sqlx::query_builder::Separated;
use sqlx::sqlite::Sqlite;

use super::{Attempt, Settlement};
use crate::model::time::Timestamp;

/// How many rows one statement holds.
pub(super) const ROWS: usize = 512;

/// Whether the reader still wants it, its tick not being within a pause, and may have it.
pub(super) const IS_WANTED: &str = "EXISTS (
        SELECT 1 FROM subscription s JOIN edition e ON e.newsletter_id = s.newsletter_id
        WHERE e.id = delivery.edition_id AND s.subscriber_id = delivery.subscriber_id AND s.state = 'active'
          AND coalesce(s.paused_until, 0) <= e.tick)
    AND NOT EXISTS (
        SELECT 1 FROM subscriber u JOIN suppression x ON x.address_hash = u.address_hash
        WHERE u.id = delivery.subscriber_id)";

/// Whether its edition is being sent.
pub(super) const IS_SENDING: &str =
    "EXISTS (SELECT 1 FROM edition e WHERE e.id = delivery.edition_id AND e.state = 'sending')";

/// Whether the attempt is still ours.
pub(super) const IS_OURS: &str = "delivery.attempt = excluded.attempt AND delivery.owner = ";
pub(super) const IS_OPEN: &str = " AND delivery.state IN ('leased', 'sending')";

/// That the relay has accepted it is true even if it comes so late that the attempt was given up.
const IS_LATE_TRUTH: &str = " OR excluded.state = 'sent' AND delivery.attempt = excluded.attempt
    AND delivery.state IN ('queued', 'uncertain') AND delivery.uncertain > 0";

/// What a step changes in a delivery that is there, up to the moment of the marker, and from there to that of the result.
const STEP: &str = " ON CONFLICT (edition_id, subscriber_id) DO UPDATE SET state = excluded.state,
        due_at = iif(excluded.state = 'sending', delivery.due_at, excluded.due_at),
        uncertain = delivery.uncertain + excluded.uncertain,
        reply = iif(excluded.state = 'sending', delivery.reply, excluded.reply),
        owner = iif(excluded.state = 'sending', delivery.owner, NULL),
        lease_until = iif(excluded.state = 'sending', delivery.lease_until, NULL),
        marked_at = iif(excluded.state <> 'sending', delivery.marked_at, ";
const STEP_SETTLED: &str = "), settled_at = iif(excluded.state = 'sending', delivery.settled_at, ";

/// Behind rows that are [`padded`].
const THAT_ARE_THERE: &str = ") WHERE column1 IS NOT NULL";

/// Takes deliveries a step further: what became of attempts, and which are marked. Returns how many rows that changes if
/// all is granted and nothing comes too late.
pub(super) fn step(
    query: &mut QueryBuilder<Sqlite>,
    settled: &[Settlement],
    marked: &[Attempt],
    epoch: i64,
    now: Timestamp,
) -> u64 {
    query.push("INSERT INTO delivery (edition_id, subscriber_id, attempt, state, due_at, uncertain, reply) SELECT * FROM (");
    let settled_rows = padded(settled).map(Ok);
    query.push_values(settled_rows.chain(padded(marked).map(Err)), |mut row, step| match step {
        Ok(settled) => {
            bind_attempt(&mut row, settled.map(|settled| &settled.attempt));
            row.push_bind(settled.map(|settled| settled.state))
                .push_bind(settled.map(|settled| settled.due_at));
            row.push_bind(settled.map(|settled| settled.is_uncertain));
            row.push_bind(settled.and_then(|settled| settled.reply.as_deref()));
        }
        Err(marked) => {
            bind_attempt(&mut row, marked);
            row.push("'sending', 0, 0, NULL");
        }
    });
    query.push(THAT_ARE_THERE).push(STEP).push_bind(now);
    query.push(STEP_SETTLED).push_bind(now).push(") WHERE ").push(IS_OURS);
    query.push_bind(epoch).push(IS_OPEN).push(" AND (excluded.state <> 'sending' OR ").push(IS_SENDING);
    query.push(" AND ").push(IS_WANTED).push(")").push(IS_LATE_TRUTH);
    (settled.len() + marked.len()) as u64
}

pub(super) fn release(query: &mut QueryBuilder<Sqlite>, attempts: &[Attempt], epoch: i64) {
    insert(query, attempts);
    query.push(
        " ON CONFLICT (edition_id, subscriber_id) DO UPDATE SET state = 'queued', attempt = delivery.attempt - 1,
            owner = NULL, lease_until = NULL, marked_at = NULL
        WHERE ",
    );
    query.push(IS_OURS).push_bind(epoch).push(IS_OPEN);
}

pub(super) fn postpone(query: &mut QueryBuilder<Sqlite>, postponed: &[(Attempt, Timestamp)], epoch: i64) {
    query.push("INSERT INTO delivery (edition_id, subscriber_id, attempt, state, due_at) SELECT * FROM (");
    query.push_values(padded(postponed), |mut row, postponed| {
        bind_attempt(&mut row, postponed.map(|(attempt, _)| attempt));
        row.push("'queued'").push_bind(postponed.map(|(_, due_at)| *due_at));
    });
    query.push(THAT_ARE_THERE).push(
        " ON CONFLICT (edition_id, subscriber_id) DO UPDATE SET state = 'queued', attempt = delivery.attempt - 1,
            due_at = max(delivery.due_at, excluded.due_at), owner = NULL, lease_until = NULL, marked_at = NULL
        WHERE ",
    );
    query.push(IS_OURS).push_bind(epoch).push(IS_OPEN);
}

/// The rows, and up to the next power of two none: so there are few different statements, and the database knows them
/// all by heart.
pub(super) fn padded<T>(rows: &[T]) -> impl Iterator<Item = Option<&T>> {
    let missing = rows.len().next_power_of_two() - rows.len();
    rows.iter().map(Some).chain(std::iter::repeat_n(None, if rows.is_empty() { 0 } else { missing }))
}

/// An attempt as the first columns of a row; of one that is not there they are null.
pub(super) fn bind_attempt(row: &mut Separated<'_, Sqlite, &'static str>, attempt: Option<&Attempt>) {
    row.push_bind(attempt.map(|attempt| attempt.key.edition));
    row.push_bind(attempt.map(|attempt| attempt.key.subscriber));
    row.push_bind(attempt.map(|attempt| attempt.number));
}

/// The rows of these attempts as an INSERT that always meets the rows that are there. SQLite finds each by its
/// key this way; an `UPDATE … FROM (a list)` makes it look at the whole edition.
pub(super) fn insert(query: &mut QueryBuilder<Sqlite>, attempts: &[Attempt]) {
    query.push("INSERT INTO delivery (edition_id, subscriber_id, attempt, state, due_at) SELECT * FROM (");
    query.push_values(padded(attempts), |mut row, attempt| {
        bind_attempt(&mut row, attempt);
        row.push("'queued'").push("0");
    });
    query.push(THAT_ARE_THERE);
}
