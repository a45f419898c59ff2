//! How many messages a relay was handed on a day: one row that is counted up, for relays that have a daily cap.

use jiff::tz::TimeZone;
use sqlx::QueryBuilder;
use sqlx::sqlite::Sqlite;

use crate::model::day::Day;
use crate::model::time::Timestamp;
use crate::store::{Error, Store};

const FIND: &str = "SELECT messages FROM handed WHERE relay = $1 AND day = $2";
const FIND_MOST: &str = "SELECT max(messages) FROM handed WHERE relay = $1 AND day >= $2 AND day < $3";
const COUNT_DUE: &str = "SELECT count(*) FROM edition e JOIN delivery d ON d.edition_id = e.id
    WHERE e.finished_at IS NULL AND e.state = 'sending' AND d.state IN ('queued', 'deferred')
      AND d.due_at >= $1 AND d.due_at < $2";

/// Under this name is counted what all relays were handed together.
pub const ALL_RELAYS: &str = "";

/// Messages that a relay was handed, taken or perhaps taken by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handed {
    /// The relay's name.
    pub relay: String,
    /// The day, as its date.
    pub day: String,
    /// How many they are.
    pub messages: i64,
}

impl Store {
    /// How many messages the relay of this name was handed on a day.
    pub async fn handed_on(&self, relay: &str, day: &str) -> Result<u64, Error> {
        let found: Option<i64> =
            sqlx::query_scalar(FIND).bind(relay).bind(day).fetch_optional(&self.read).await?;
        Ok(u64::try_from(found.unwrap_or(0)).unwrap_or(0))
    }

    /// The most messages that the relay of this name was handed on one day before this one, and not before that moment.
    pub async fn most_handed(&self, relay: &str, since: Timestamp, before: &str) -> Result<u64, Error> {
        let first = Day::of(since, &TimeZone::UTC).date;
        let query = sqlx::query_scalar(FIND_MOST).bind(relay).bind(first).bind(before);
        let found: Option<i64> = query.fetch_one(&self.read).await?;
        Ok(u64::try_from(found.unwrap_or(0)).unwrap_or(0))
    }

    /// How many deliveries of editions that are being sent wait to be due before a moment, and not before another.
    pub async fn count_due(&self, from: Option<Timestamp>, until: Timestamp) -> Result<u64, Error> {
        let from = from.unwrap_or(Timestamp::from_unix(0));
        let query = sqlx::query_scalar(COUNT_DUE).bind(from).bind(until);
        let found: i64 = query.fetch_one(&self.read).await?;
        Ok(found.unsigned_abs())
    }

    /// Counts messages that were handed over outside an exchange.
    pub async fn count_handed(&self, handed: &Handed) -> Result<(), Error> {
        let mut query = QueryBuilder::default();
        push(&mut query, handed);
        self.write.execute(query.build()).await?;
        Ok(())
    }
}

/// The same as a part of an exchange's script.
pub(super) fn push(query: &mut QueryBuilder<Sqlite>, handed: &Handed) {
    let Handed { relay, day, messages } = handed;
    query.push("INSERT INTO handed (relay, day, messages) VALUES (").push_bind(relay.clone());
    query.push(", ").push_bind(day.clone()).push(", ").push_bind(*messages);
    query.push(") ON CONFLICT (relay, day) DO UPDATE SET messages = handed.messages + excluded.messages");
}
