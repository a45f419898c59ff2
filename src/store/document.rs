//! Documents as readers were last told of them, and the pages that search engines are.

use sqlx::FromRow;

use super::{Error, Store};
use crate::model::time::Timestamp;

const FIND: &str = "SELECT hash, modified_at FROM document WHERE path = $1";
const PUT: &str = "INSERT INTO document (path, hash, modified_at) VALUES ($1, $2, $3)
    ON CONFLICT (path) DO UPDATE SET hash = excluded.hash, modified_at = excluded.modified_at";
const ADDRESSES: &str = "SELECT slug, changed_at FROM article
    WHERE url IS NULL AND retracted_at IS NULL ORDER BY dated_at DESC, id DESC LIMIT $1";

#[derive(FromRow)]
struct Told {
    hash: String,
    modified_at: Timestamp,
}

impl Store {
    /// When the document at this path last changed, if its bytes are now those of `hash` and what it shows last
    /// changed at `changed_at`.
    ///
    /// The same bytes always have the same moment; other bytes have a later one than any told before.
    pub async fn document_modified_at(
        &self,
        path: &str,
        hash: &str,
        changed_at: Timestamp,
        now: Timestamp,
    ) -> Result<Timestamp, Error> {
        let told: Option<Told> = sqlx::query_as(FIND).bind(path).fetch_optional(&self.read).await?;
        if let Some(told) = told.filter(|told| told.hash == hash) {
            return Ok(told.modified_at);
        }
        let mut transaction = self.write.begin().await?;
        let told: Option<Told> = sqlx::query_as(FIND).bind(path).fetch_optional(&mut *transaction).await?;
        let modified_at = match told {
            Some(told) if told.hash == hash => return Ok(told.modified_at),
            Some(told) if changed_at <= told.modified_at => {
                now.max(told.modified_at + std::time::Duration::from_secs(1))
            }
            _ => changed_at,
        };
        let put = sqlx::query(PUT).bind(path).bind(hash).bind(modified_at);
        put.execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(modified_at)
    }

    /// The newest articles that are read nowhere else: the names of their pages, and when each last changed.
    pub async fn article_addresses(&self, limit: i64) -> Result<Vec<(String, Timestamp)>, Error> {
        Ok(sqlx::query_as(ADDRESSES).bind(limit).fetch_all(&self.read).await?)
    }
}
