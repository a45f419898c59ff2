//! Pages of articles whose feeds carry teasers: which are to be read, and how it went.

use serde::Serialize;
use sqlx::{FromRow, SqliteConnection};

use super::{Error, Store, saving, setting};
use crate::model::article::{Article, ArticleId, Content};
use crate::model::time::Timestamp;

const WANT: &str = "INSERT INTO article_page (article_id, state, next_at, fingerprint)
    SELECT id, 'due', $3, fingerprint FROM article
    WHERE source = $1 AND external_id = $2 AND url IS NOT NULL AND retracted_at IS NULL
    ON CONFLICT (article_id) DO UPDATE SET state = 'due', next_at = excluded.next_at, failures = 0, error = NULL,
        fingerprint = excluded.fingerprint WHERE article_page.fingerprint <> excluded.fingerprint";
/// Of each source the page that is due longest, of several the newest: no source holds up another.
const DUE: &str = "SELECT article_id, source, url, failures, is_taken FROM (
        SELECT p.article_id, a.source, a.url, p.failures, p.next_at, p.taken_at IS NOT NULL AS is_taken,
            row_number() OVER (PARTITION BY a.source ORDER BY p.next_at, p.article_id DESC) AS place
        FROM article_page p JOIN article a ON a.id = p.article_id WHERE p.state = 'due' AND p.next_at <= $1
            AND a.retracted_at IS NULL) AS due
    WHERE place = 1 ORDER BY next_at, article_id DESC LIMIT $2";
const FINGERPRINT: &str = "SELECT fingerprint FROM article_page WHERE article_id = $1";
const TAKE: &str =
    "UPDATE article_page SET state = 'taken', error = NULL, taken_at = $2 WHERE article_id = $1";
const LEAVE: &str = "UPDATE article_page SET state = 'less', error = NULL WHERE article_id = $1";
const FAIL: &str = "UPDATE article_page SET state = CASE WHEN $2 IS NULL THEN 'failed' ELSE 'due' END,
    next_at = coalesce($2, next_at), failures = failures + 1, error = $3 WHERE article_id = $1";
const FORGET: &str = "DELETE FROM article_page WHERE article_id = $1 AND taken_at IS NULL";
const STAY: &str =
    "UPDATE article_page SET state = 'taken', error = NULL WHERE article_id = $1 AND taken_at IS NOT NULL";
const IS_TAKEN: &str =
    "SELECT EXISTS (SELECT 1 FROM article_page WHERE article_id = $1 AND taken_at IS NOT NULL)";
const COUNTS: &str =
    "SELECT coalesce(sum(p.state = 'taken'), 0) AS taken, coalesce(sum(p.state = 'due'), 0) AS due,
    coalesce(sum(p.state = 'less'), 0) AS less, coalesce(sum(p.state = 'failed'), 0) AS failed
    FROM article_page p JOIN article a ON a.id = p.article_id WHERE a.source = $1";
const LAST_ERROR: &str = "SELECT p.error FROM article_page p JOIN article a ON a.id = p.article_id
    WHERE a.source = $1 AND p.error IS NOT NULL ORDER BY p.article_id DESC LIMIT 1";

/// A page that is to be read.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct DuePage {
    /// The article whose page it is.
    pub article_id: ArticleId,
    /// The article's source.
    pub source: String,
    /// Where it stands.
    pub url: String,
    /// How many times in a row it could not be read.
    pub failures: i64,
    /// Whether the article has the text of its page already.
    pub is_taken: bool,
}

/// How it went with the pages of a source.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromRow, Serialize)]
pub struct PageCounts {
    /// Pages whose text the articles have.
    pub taken: i64,
    /// Pages that are to be read.
    pub due: i64,
    /// Pages that gave no more than the feed.
    pub less: i64,
    /// Pages that could not be read and are not asked for again.
    pub failed: i64,
    /// Why the last one could not be read.
    #[sqlx(skip)]
    pub error: Option<String>,
}

impl Store {
    /// Makes the pages of these articles of a source due, but for those that were dealt with since the feed last said something
    /// else of them.
    pub async fn want_pages(
        &self,
        source: &str,
        external_ids: &[String],
        now: Timestamp,
    ) -> Result<(), Error> {
        if external_ids.is_empty() {
            return Ok(());
        }
        let mut transaction = self.write.begin().await?;
        for id in external_ids {
            sqlx::query(WANT).bind(source).bind(id).bind(now).execute(&mut *transaction).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Pages that are to be read now: one of each source, `limit` at most.
    pub async fn due_pages(&self, now: Timestamp, limit: i64) -> Result<Vec<DuePage>, Error> {
        Ok(sqlx::query_as(DUE).bind(now).bind(limit).fetch_all(&self.read).await?)
    }

    /// Gives an article the text of its page. Its source is not known to have changed it: what the feed says of it stays what
    /// later pulls are compared with.
    ///
    /// Returns false if the feed has said something else since the page was due.
    pub async fn take_page(&self, of: &Article, content: &Content, now: Timestamp) -> Result<bool, Error> {
        let mut transaction = self.write.begin().await?;
        let expected: Option<Vec<u8>> =
            sqlx::query_scalar(FINGERPRINT).bind(of.id).fetch_optional(&mut *transaction).await?;
        let name = (of.source.as_str(), of.external_id.as_str());
        if *content != of.content
            && !saving::complete(&mut transaction, name, (content, expected.as_deref()), now).await?
        {
            return Ok(false);
        }
        sqlx::query(TAKE).bind(of.id).bind(now).execute(&mut *transaction).await?;
        setting::raise(&mut transaction, setting::REVISION).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Notes that an article's page gave no more than the feed.
    pub async fn leave_page(&self, of: ArticleId) -> Result<(), Error> {
        self.write.execute(sqlx::query(LEAVE).bind(of)).await?;
        Ok(())
    }

    /// Notes that an article's page could not be read; without a moment to try again it is given up.
    pub async fn fail_page(&self, of: ArticleId, why: &str, next_at: Option<Timestamp>) -> Result<(), Error> {
        self.write.execute(sqlx::query(FAIL).bind(of).bind(next_at).bind(why)).await?;
        Ok(())
    }

    /// Forgets that an article's page was to be read; a text that the article has from it stays.
    pub async fn forget_page(&self, of: ArticleId) -> Result<(), Error> {
        let mut transaction = self.write.begin().await?;
        for statement in [FORGET, STAY] {
            sqlx::query(statement).bind(of).execute(&mut *transaction).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// How it went with the pages of a source.
    pub async fn page_counts(&self, source: &str) -> Result<PageCounts, Error> {
        let counts: PageCounts = sqlx::query_as(COUNTS).bind(source).fetch_one(&self.read).await?;
        let error = sqlx::query_scalar(LAST_ERROR).bind(source).fetch_optional(&self.read).await?;
        Ok(PageCounts { error, ..counts })
    }
}

/// Whether an article has the text of its page.
pub(super) async fn is_taken(connection: &mut SqliteConnection, id: ArticleId) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(IS_TAKEN).bind(id).fetch_one(connection).await
}
