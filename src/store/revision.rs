//! Revisions: what articles said before they were changed.

use serde::Serialize;
use sqlx::{FromRow, SqliteConnection};

use super::{Error, Store};
use crate::model::article::{ArticleId, Content};
use crate::model::time::Timestamp;

/// How many are kept of an article: a page with a counter in its text changes with every pull.
const KEPT: i64 = 50;

const KEEP: &str = "INSERT INTO article_revision (article_id, replaced_at, title, summary, html)
    SELECT id, $2, title, summary, html FROM article
    WHERE id = $1 AND (title <> $3 OR summary <> $4 OR html <> $5)";
const FORGET_OLD: &str = "DELETE FROM article_revision WHERE article_id = $1 AND id <= (
    SELECT r.id FROM article_revision r WHERE r.article_id = $1 ORDER BY r.id DESC LIMIT 1 OFFSET $2)";
const OF_ARTICLE: &str = "SELECT replaced_at, title, summary, html FROM article_revision
    WHERE article_id = $1 ORDER BY id DESC";

/// What an article said until it was changed.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, Serialize)]
pub struct Revision {
    /// When a source said something else.
    pub replaced_at: Timestamp,
    /// Its headline until then.
    pub title: String,
    /// Its summary until then.
    pub summary: String,
    /// Its body until then, sanitised.
    pub html: String,
}

impl Store {
    /// What an article said before, the latest first; the fifty latest are kept.
    pub async fn revisions(&self, article: ArticleId) -> Result<Vec<Revision>, Error> {
        Ok(sqlx::query_as(OF_ARTICLE).bind(article).fetch_all(&self.read).await?)
    }
}

/// Keeps what an article says, if `content` says something else.
pub(super) async fn keep(
    connection: &mut SqliteConnection,
    article: ArticleId,
    content: &Content,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let query = sqlx::query(KEEP).bind(article).bind(now);
    let query = query.bind(&content.title).bind(&content.summary).bind(&content.html);
    if query.execute(&mut *connection).await?.rows_affected() > 0 {
        sqlx::query(FORGET_OLD).bind(article).bind(KEPT).execute(connection).await?;
    }
    Ok(())
}
