//! Labels by which articles are found: their tags, and the names of their authors.

use sqlx::sqlite::Sqlite;
use sqlx::{QueryBuilder, SqliteConnection};

use super::saving::NEXT_SEQ;
use super::{Error, Sight, Store};
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
const SOURCES: &str = "WITH RECURSIVE own (source) AS (
        SELECT min(source) FROM article
        UNION ALL SELECT (SELECT min(a.source) FROM article a WHERE a.source > own.source) FROM own
            WHERE own.source IS NOT NULL)
    SELECT source FROM own WHERE source IS NOT NULL UNION SELECT name FROM source ORDER BY 1";

impl Store {
    /// The tags that most articles have which somebody is shown, each with how many.
    pub async fn tags(&self, limit: i64, sight: &Sight) -> Result<Vec<(String, i64)>, Error> {
        let mut query = labels("min(l.tag), count(*)", "article_tag", sight);
        query.push(" GROUP BY l.tag_key ORDER BY count(*) DESC, l.tag_key LIMIT ").push_bind(limit);
        Ok(query.build_query_as().fetch_all(&self.read).await?)
    }

    /// The authors of most articles that somebody is shown.
    pub async fn authors(&self, limit: i64, sight: &Sight) -> Result<Vec<String>, Error> {
        let mut query = labels("min(l.author)", "article_author", sight);
        query.push(" GROUP BY l.author_key ORDER BY count(*) DESC, l.author_key LIMIT ").push_bind(limit);
        Ok(query.build_query_scalar().fetch_all(&self.read).await?)
    }

    /// The names of the sources that articles come from, or came from, which somebody is shown.
    pub async fn article_sources(&self, sight: &Sight) -> Result<Vec<String>, Error> {
        let mut sources: Vec<String> = sqlx::query_scalar(SOURCES).fetch_all(&self.read).await?;
        sources.retain(|source| sight.has_source(source));
        Ok(sources)
    }

    /// A tag as the first article that has it spells it, whatever its case here.
    pub async fn find_tag(&self, tag: &str, sight: &Sight) -> Result<Option<String>, Error> {
        let mut query = labels("l.tag", "article_tag", sight);
        query.push(" AND l.tag_key = ").push_bind(label_key(tag)).push(" ORDER BY l.article_id LIMIT 1");
        Ok(query.build_query_scalar().fetch_optional(&self.read).await?)
    }

    /// An author's name as the first article of theirs spells it, whatever its case here.
    pub async fn find_author(&self, name: &str, sight: &Sight) -> Result<Option<String>, Error> {
        let mut query = labels("l.author", "article_author", sight);
        query.push(" AND l.author_key = ").push_bind(label_key(name)).push(" ORDER BY l.article_id LIMIT 1");
        Ok(query.build_query_scalar().fetch_optional(&self.read).await?)
    }
}

/// A look at the labels `l` in a table, of the articles that somebody is shown. Where that is all, no article is looked at.
fn labels(columns: &'static str, table: &'static str, sight: &Sight) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new("SELECT ");
    query.push(columns).push(" FROM ").push(table).push(" l");
    if !sight.is_whole() {
        query.push(" JOIN article a ON a.id = l.article_id");
    }
    query.push(" WHERE 1 = 1");
    sight.push(&mut query, "a");
    query
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
