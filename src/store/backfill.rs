//! Backfills: how far the older pages of a source have been read

use sqlx::FromRow;

use super::{Error, Store};
use crate::model::time::Timestamp;

const FIND: &str = "SELECT position, pages, articles, updated_at FROM backfill WHERE source = $1";
const RECORD: &str = "INSERT INTO backfill (source, position, pages, articles, updated_at)
    VALUES ($1, $2, 1, $3, $4) ON CONFLICT (source) DO UPDATE SET position = excluded.position,
        pages = backfill.pages + 1, articles = backfill.articles + excluded.articles, updated_at = excluded.updated_at";
const FORGET: &str = "DELETE FROM backfill WHERE source = $1";

/// How far the older pages of a source have been read.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Backfill {
    /// What to go on with, in the source's own words; `None`: there is nothing older.
    pub position: Option<String>,
    /// How many pages have been read.
    pub pages: i64,
    /// How many articles they brought that were not known.
    pub articles: i64,
    /// When the last of them was read.
    pub updated_at: Timestamp,
}

impl Store {
    /// How far the older pages of this source have been read, if they ever were.
    pub async fn find_backfill(&self, source: &str) -> Result<Option<Backfill>, Error> {
        Ok(sqlx::query_as(FIND).bind(source).fetch_optional(&self.read).await?)
    }

    /// Notes one more page, what it brought, and what to go on with.
    pub async fn record_backfill(
        &self,
        source: &str,
        position: Option<&str>,
        articles: usize,
        now: Timestamp,
    ) -> Result<(), Error> {
        let articles = i64::try_from(articles).unwrap_or(i64::MAX);
        let query = sqlx::query(RECORD).bind(source).bind(position).bind(articles).bind(now);
        self.write.execute(query).await?;
        Ok(())
    }

    /// Lets the next backfill begin anew.
    pub async fn forget_backfill(&self, source: &str) -> Result<(), Error> {
        self.write.execute(sqlx::query(FORGET).bind(source)).await?;
        Ok(())
    }
}
