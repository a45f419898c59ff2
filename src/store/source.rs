//! Sources: how each is doing, and where it is to go on.

use serde::Serialize;
use sqlx::FromRow;

use super::{Error, Store};
use crate::model::time::Timestamp;

const INSERT: &str = "INSERT INTO source (name) VALUES ($1) ON CONFLICT (name) DO NOTHING";
const FIND: &str =
    "SELECT name, cursor, pulled_at, succeeded_at, changed_at, next_at, pause, failures, error, ended, notes
    FROM source WHERE name = $1";
const TIMES: &str = "SELECT name, next_at, host, ended FROM source";
const SUCCEED: &str =
    "UPDATE source SET cursor = $2, pulled_at = $3, succeeded_at = $3, next_at = $4, failures = 0,
    error = NULL, ended = NULL, notes = $5, changed_at = CASE WHEN $6 THEN $3 ELSE changed_at END, pause = $7,
    host = $8, caught_up_at = CASE WHEN $9 THEN coalesce(caught_up_at, $3) ELSE caught_up_at END WHERE name = $1";
const FAIL: &str =
    "UPDATE source SET pulled_at = $2, next_at = $3, failures = failures + 1, error = $4, ended = $5
    WHERE name = $1";
const COUNT_ARTICLES: &str = "SELECT count(*) FROM article WHERE source = $1";
const COUNT_FAILING: &str = "SELECT count(*) FROM source WHERE failures > 0";
const PULLS: &str = "SELECT name, next_at FROM source";
const HURRY: &str = "UPDATE source SET next_at = 0 WHERE name = $1";

/// How a source is doing.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, Serialize)]
pub struct SourceStanding {
    /// Its name in the configuration.
    pub name: String,
    /// Where it is to go on: the source's own words.
    #[serde(skip)]
    pub cursor: String,
    /// When it was last asked.
    pub pulled_at: Option<Timestamp>,
    /// When it last answered as it should.
    pub succeeded_at: Option<Timestamp>,
    /// When it last brought something new.
    pub changed_at: Option<Timestamp>,
    /// When it is asked again.
    pub next_at: Timestamp,
    /// How long it was left alone after its last success, in seconds; 0 before the first.
    #[serde(skip)]
    pub pause: i64,
    /// How many times in a row it has failed.
    pub failures: i64,
    /// Why, the last time.
    pub error: Option<String>,
    /// Its publisher has ended it: a mark of the place where it was. It is not asked again there.
    #[serde(skip)]
    pub ended: Option<String>,
    /// What was repaired or left out at the last success, a line each.
    pub notes: String,
}

/// When a source is asked, and where.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct SourceTimes {
    /// Its name in the configuration.
    pub name: String,
    /// When it is asked again.
    pub next_at: Timestamp,
    /// The server that it was asked at last, if it is one.
    pub host: Option<String>,
    /// A mark of the place where its publisher has ended it.
    pub ended: Option<String>,
}

/// A pull that went well.
#[derive(Clone, Debug)]
pub struct Success<'a> {
    /// Where the next pull goes on.
    pub cursor: &'a str,
    /// When the next pull is due.
    pub next_at: Timestamp,
    /// What was repaired or left out.
    pub notes: &'a [String],
    /// Whether it brought something new.
    pub is_change: bool,
    /// How long it is left alone if nobody says otherwise, in seconds.
    pub pause: i64,
    /// The server that was asked.
    pub host: Option<&'a str>,
    /// Whether nothing is left that it has.
    pub is_at_end: bool,
}

/// A pull that failed.
#[derive(Clone, Debug)]
pub struct Failure<'a> {
    /// Why.
    pub why: &'a str,
    /// When the next pull is due.
    pub next_at: Timestamp,
    /// If its publisher has ended it: a mark of the place.
    pub ended: Option<&'a str>,
}

impl Store {
    /// How many sources did not answer as they should when they were asked last.
    pub async fn count_failing_sources(&self) -> Result<i64, Error> {
        Ok(sqlx::query_scalar(COUNT_FAILING).fetch_one(&self.read).await?)
    }

    /// Makes a row for each source that has none; it is due at once.
    pub async fn register_sources(&self, names: &[&str]) -> Result<(), Error> {
        let mut transaction = self.write.begin().await?;
        for name in names {
            sqlx::query(INSERT).bind(*name).execute(&mut *transaction).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// How the source of this name is doing.
    pub async fn find_source(&self, name: &str) -> Result<Option<SourceStanding>, Error> {
        Ok(sqlx::query_as(FIND).bind(name).fetch_optional(&self.read).await?)
    }

    /// When each source is asked again, by its name.
    pub async fn next_pulls(&self) -> Result<Vec<(String, Timestamp)>, Error> {
        Ok(sqlx::query_as(PULLS).fetch_all(&self.read).await?)
    }

    /// Notes a pull that went well.
    pub async fn record_pull(&self, name: &str, success: &Success<'_>, now: Timestamp) -> Result<(), Error> {
        let query = sqlx::query(SUCCEED).bind(name).bind(success.cursor).bind(now).bind(success.next_at);
        let query = query.bind(success.notes.join("\n")).bind(success.is_change);
        self.write.execute(query.bind(success.pause).bind(success.host).bind(success.is_at_end)).await?;
        Ok(())
    }

    /// Notes a pull that failed; the cursor stays where it was.
    pub async fn record_failed_pull(
        &self,
        name: &str,
        failure: &Failure<'_>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let query = sqlx::query(FAIL).bind(name).bind(now).bind(failure.next_at);
        self.write.execute(query.bind(failure.why).bind(failure.ended)).await?;
        Ok(())
    }

    /// When each source is asked, and where.
    pub async fn source_times(&self) -> Result<Vec<SourceTimes>, Error> {
        Ok(sqlx::query_as(TIMES).fetch_all(&self.read).await?)
    }

    /// How many articles came from this source.
    pub async fn count_articles_of(&self, name: &str) -> Result<i64, Error> {
        Ok(sqlx::query_scalar(COUNT_ARTICLES).bind(name).fetch_one(&self.read).await?)
    }

    /// Makes a source due at once, whenever it was to be asked next.
    pub async fn hurry_source(&self, name: &str) -> Result<bool, Error> {
        Ok(self.write.execute(sqlx::query(HURRY).bind(name)).await?.rows_affected() > 0)
    }
}
