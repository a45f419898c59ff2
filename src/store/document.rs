//! Documents as readers were last told of them, and the pages that search engines are.

use sqlx::{FromRow, QueryBuilder};

use super::{Error, Sight, Store};
use crate::model::article::{Article, ArticleId};
use crate::model::time::Timestamp;

const FIND: &str = "SELECT hash, modified_at FROM document WHERE path = $1";
const PUT: &str = "INSERT INTO document (path, hash, modified_at) VALUES ($1, $2, $3)
    ON CONFLICT (path) DO UPDATE SET hash = excluded.hash, modified_at = excluded.modified_at";
const KEEP_VERSION: &str =
    "INSERT INTO document_version (path, hash, modified_at, entries) VALUES ($1, $2, $3, $4)
    ON CONFLICT (path, hash) DO UPDATE SET modified_at = excluded.modified_at, entries = excluded.entries";
const FORGET_OLD: &str = "DELETE FROM document_version WHERE path = $1 AND modified_at <= (
    SELECT v.modified_at FROM document_version v WHERE v.path = $1 ORDER BY v.modified_at DESC LIMIT 1 OFFSET $2)";
const FIND_VERSION: &str =
    "SELECT hash, modified_at, entries FROM document_version WHERE path = $1 AND hash = $2";
const LAST_ARTICLE: &str = "SELECT coalesce(max(id), 0) FROM article";
const ADDRESSES: &str =
    "SELECT a.slug, a.changed_at FROM article a WHERE a.url IS NULL AND a.retracted_at IS NULL";
const NEWS: &str = "SELECT a.id FROM article a WHERE a.url IS NULL AND a.retracted_at IS NULL";

/// How many versions of a document are kept: those of a day, where it changes every hour.
const VERSIONS: i64 = 24;

/// A document as it is made now.
#[derive(Clone, Copy, Debug)]
pub struct NewDocument<'a> {
    /// Where it is served.
    pub path: &'a str,
    /// Names its bytes.
    pub hash: &'a str,
    /// When what it shows last changed.
    pub changed_at: Timestamp,
    /// A print of each of its entries; none for a document of which nobody asks what came since.
    pub entries: &'a [u8],
}

/// A document as it was.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct DocumentVersion {
    /// Names its bytes.
    pub hash: String,
    /// When it became so.
    pub modified_at: Timestamp,
    /// A print of each of its entries.
    pub entries: Vec<u8>,
}

#[derive(FromRow)]
struct Told {
    hash: String,
    modified_at: Timestamp,
}

impl Store {
    /// When this document last changed. It is kept as a version of what is at its path.
    ///
    /// The same bytes always have the same moment; other bytes have a later one than any told before.
    pub async fn document_modified_at(
        &self,
        document: &NewDocument<'_>,
        now: Timestamp,
    ) -> Result<Timestamp, Error> {
        let NewDocument { path, hash, changed_at, entries } = *document;
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
        if !entries.is_empty() {
            let keep = sqlx::query(KEEP_VERSION).bind(path).bind(hash).bind(modified_at).bind(entries);
            keep.execute(&mut *transaction).await?;
            sqlx::query(FORGET_OLD).bind(path).bind(VERSIONS).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(modified_at)
    }

    /// The version of this hash of the document at this path, if it is still known.
    pub async fn find_document_version(
        &self,
        path: &str,
        hash: &str,
    ) -> Result<Option<DocumentVersion>, Error> {
        Ok(sqlx::query_as(FIND_VERSION).bind(path).bind(hash).fetch_optional(&self.read).await?)
    }

    /// The row of the article that came last; 0 if there is none.
    pub async fn last_article(&self) -> Result<ArticleId, Error> {
        Ok(sqlx::query_scalar(LAST_ARTICLE).fetch_one(&self.read).await?)
    }

    /// The articles from after one row up to another that somebody is shown and that are read nowhere else: the names of their
    /// pages, and when each last changed. The newest row comes first.
    pub async fn article_addresses(
        &self,
        (after, last): (i64, i64),
        sight: &Sight,
    ) -> Result<Vec<(String, Timestamp)>, Error> {
        let mut query = QueryBuilder::new(ADDRESSES);
        query.push(" AND a.id > ").push_bind(after).push(" AND a.id <= ").push_bind(last);
        sight.push(&mut query, "a");
        query.push(" ORDER BY a.id DESC");
        Ok(query.build_query_as().fetch_all(&self.read).await?)
    }

    /// The articles since a moment that somebody is shown and that are read nowhere else, the newest first.
    pub async fn news(&self, since: Timestamp, limit: i64, sight: &Sight) -> Result<Vec<Article>, Error> {
        let mut query = QueryBuilder::new(NEWS);
        sight.push(&mut query, "a");
        query.push(" AND a.dated_at >= ").push_bind(since);
        query.push(" ORDER BY a.dated_at DESC, a.id DESC LIMIT ").push_bind(limit);
        let ids: Vec<ArticleId> = query.build_query_scalar().fetch_all(&self.read).await?;
        self.articles_by_id(&ids).await
    }
}
