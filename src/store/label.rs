//! Labels by which articles are found: their tags, and the names of their authors.

use sqlx::SqliteConnection;

use super::saving::NEXT_SEQ;
use super::{Error, Store};
use crate::model::article::{ArticleId, Content, label_key};
use crate::model::time::Timestamp;

const TAGS_OF: &str = "SELECT tag_key FROM article_tag WHERE article_id = $1 ORDER BY position";
const SET_SEQ: &str = "UPDATE article SET seq = $2 WHERE id = $1";
const REMOVE_TAGS: &str = "DELETE FROM article_tag WHERE article_id = $1";
const REMOVE_AUTHORS: &str = "DELETE FROM article_author WHERE article_id = $1";
const INSERT_TAG: &str =
    "INSERT INTO article_tag (article_id, position, tag, tag_key, dated_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (article_id, tag_key) DO NOTHING";
const INSERT_AUTHOR: &str =
    "INSERT INTO article_author (article_id, author, author_key, dated_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (article_id, author_key) DO NOTHING";
const TAGS: &str =
    "SELECT min(tag), count(*) FROM article_tag GROUP BY tag_key ORDER BY count(*) DESC, tag_key LIMIT $1";
const AUTHORS: &str = "SELECT min(author) FROM article_author
    GROUP BY author_key ORDER BY count(*) DESC, author_key LIMIT $1";
const FIND_TAG: &str = "SELECT tag FROM article_tag WHERE tag_key = $1 ORDER BY article_id LIMIT 1";
const FIND_AUTHOR: &str =
    "SELECT author FROM article_author WHERE author_key = $1 ORDER BY article_id LIMIT 1";
const SOURCES: &str = "WITH RECURSIVE own (source) AS (
        SELECT min(source) FROM article
        UNION ALL SELECT (SELECT min(a.source) FROM article a WHERE a.source > own.source) FROM own
            WHERE own.source IS NOT NULL)
    SELECT source FROM own WHERE source IS NOT NULL UNION SELECT name FROM source ORDER BY 1";

impl Store {
    /// The tags that most articles have, each with how many.
    pub async fn tags(&self, limit: i64) -> Result<Vec<(String, i64)>, Error> {
        Ok(sqlx::query_as(TAGS).bind(limit).fetch_all(&self.read).await?)
    }

    /// The authors of most articles.
    pub async fn authors(&self, limit: i64) -> Result<Vec<String>, Error> {
        Ok(sqlx::query_scalar(AUTHORS).bind(limit).fetch_all(&self.read).await?)
    }

    /// The names of the sources that articles come from, or came from.
    pub async fn article_sources(&self) -> Result<Vec<String>, Error> {
        Ok(sqlx::query_scalar(SOURCES).fetch_all(&self.read).await?)
    }

    /// A tag as the first article that has it spells it, whatever its case here.
    pub async fn find_tag(&self, tag: &str) -> Result<Option<String>, Error> {
        Ok(sqlx::query_scalar(FIND_TAG).bind(label_key(tag)).fetch_optional(&self.read).await?)
    }

    /// An author's name as the first article of theirs spells it, whatever its case here.
    pub async fn find_author(&self, name: &str) -> Result<Option<String>, Error> {
        Ok(sqlx::query_scalar(FIND_AUTHOR).bind(label_key(name)).fetch_optional(&self.read).await?)
    }
}

/// Keeps the labels of a new article.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    id: ArticleId,
    content: &Content,
    dated_at: Timestamp,
) -> Result<(), Error> {
    for (position, tag) in (0_i64..).zip(&content.tags) {
        let query = sqlx::query(INSERT_TAG).bind(id).bind(position).bind(tag).bind(label_key(tag));
        query.bind(dated_at).execute(&mut *connection).await?;
    }
    for author in &content.authors {
        let query = sqlx::query(INSERT_AUTHOR).bind(id).bind(author).bind(label_key(author));
        query.bind(dated_at).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Replaces the labels. If the tags changed, newsletters are to consider the article again.
pub(super) async fn replace(
    connection: &mut SqliteConnection,
    id: ArticleId,
    content: &Content,
    dated_at: Timestamp,
) -> Result<(), Error> {
    let before: Vec<String> = sqlx::query_scalar(TAGS_OF).bind(id).fetch_all(&mut *connection).await?;
    if before != content.tags.iter().map(|tag| label_key(tag)).collect::<Vec<_>>() {
        consider_again(connection, id).await?;
    }
    for statement in [REMOVE_TAGS, REMOVE_AUTHORS] {
        sqlx::query(statement).bind(id).execute(&mut *connection).await?;
    }
    insert(connection, id, content, dated_at).await
}

/// Lets newsletters consider an article as if it had come just now.
pub(super) async fn consider_again(connection: &mut SqliteConnection, id: ArticleId) -> Result<(), Error> {
    let seq: i64 = sqlx::query_scalar(NEXT_SEQ).fetch_one(&mut *connection).await?;
    sqlx::query(SET_SEQ).bind(id).bind(seq).execute(connection).await?;
    Ok(())
}
