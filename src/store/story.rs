//! Stories: which articles of different sources are the same one. The rules are in `model/story.rs`

use std::cmp::Reverse;
use std::collections::HashMap;

use sqlx::sqlite::Sqlite;
use sqlx::{FromRow, QueryBuilder, SqliteConnection};

use super::article::push_list;
use super::label::consider_again;
use super::{Error, Store};
use crate::model::article::ArticleId;
use crate::model::story::{self, Sketch, Twin};
use crate::model::time::Timestamp;

/// Of each key the newest so many articles are looked at, and of all those that share most keys so many are compared.
const NEWEST: i64 = 8;
const COMPARED: usize = 8;

const FORGET_KEYS: &str = "DELETE FROM article_key WHERE article_id = $1";
const IS_TOLD: &str = "SELECT story_id IS NOT NULL FROM article WHERE id = $1";
const BEGIN_STORY: &str = "UPDATE article SET story_id = id WHERE id = $1 AND story_id IS NULL";
const JOIN_STORY: &str = "UPDATE article SET story_id = $2, likeness = $3 WHERE id = $1";
const SEPARATE: &str = "UPDATE article SET story_id = id, likeness = NULL WHERE id = $1 AND story_id <> id";
const FORGET_TWINS: &str = "DELETE FROM ledger WHERE article_id = $1 AND twin_id IS NOT NULL";
const LIKENESS: &str = "SELECT likeness FROM article WHERE id = $1";
const TWINS: &str = "SELECT a.id AS of, b.id, b.source, b.url FROM article a
    JOIN article b ON b.story_id = a.story_id AND b.id <> a.id AND b.retracted_at IS NULL WHERE ";

#[derive(FromRow)]
struct Candidate {
    id: ArticleId,
    source: String,
    url: Option<String>,
    text: String,
    dated_at: Timestamp,
    story_id: Option<ArticleId>,
}

impl Store {
    /// The other articles of the stories that these tell, but for what was retracted.
    pub async fn twins(&self, articles: &[ArticleId]) -> Result<Vec<Twin>, Error> {
        let mut query = QueryBuilder::new(TWINS);
        query.push("a.id IN (");
        push_list(&mut query, articles.iter().map(|id| id.0));
        query.push(") ORDER BY a.id, b.id");
        Ok(query.build_query_as().fetch_all(&self.read).await?)
    }

    /// How an article was found to tell a story that another had told before; `None` if it was not.
    pub async fn find_likeness(&self, article: ArticleId) -> Result<Option<String>, Error> {
        Ok(sqlx::query_scalar(LIKENESS).bind(article).fetch_optional(&self.read).await?.flatten())
    }

    /// Makes an article that was taken for another's twin a story of its own, for good: newsletters consider it as new.
    /// Returns false if it is none, or the one that the others were found to be like.
    pub async fn separate_article(&self, article: ArticleId) -> Result<bool, Error> {
        let mut transaction = self.write.begin().await?;
        if sqlx::query(SEPARATE).bind(article).execute(&mut *transaction).await?.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query(FORGET_TWINS).bind(article).execute(&mut *transaction).await?;
        consider_again(&mut transaction, article).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

/// Finds the story that a new article tells, if another source has told it.
pub(super) async fn place_new(
    connection: &mut SqliteConnection,
    (id, source): (ArticleId, &str),
    sketch: &Sketch,
) -> Result<(), Error> {
    let keys = sketch.keys();
    if keys.is_empty() {
        return Ok(());
    }
    let candidates = candidates(connection, (id, source), &keys).await?;
    keep_keys(connection, id, &keys).await?;
    let others: Vec<(&str, Sketch)> =
        candidates.iter().map(|other| (other.source.as_str(), other.sketch())).collect();
    let Some((index, likeness)) = story::find(source, sketch, &others) else { return Ok(()) };
    let first = &candidates[index];
    sqlx::query(BEGIN_STORY).bind(first.id).execute(&mut *connection).await?;
    let story = first.story_id.unwrap_or(first.id);
    let join = sqlx::query(JOIN_STORY).bind(id).bind(story).bind(likeness.to_string());
    join.execute(connection).await?;
    Ok(())
}

/// The same for an article that was changed. One that tells a story keeps to it: what has been edited since is no news.
pub(super) async fn place_again(
    connection: &mut SqliteConnection,
    (id, source): (ArticleId, &str),
    sketch: &Sketch,
) -> Result<(), Error> {
    sqlx::query(FORGET_KEYS).bind(id).execute(&mut *connection).await?;
    if sqlx::query_scalar(IS_TOLD).bind(id).fetch_one(&mut *connection).await? {
        return keep_keys(connection, id, &sketch.keys()).await;
    }
    place_new(connection, (id, source), sketch).await
}

async fn keep_keys(connection: &mut SqliteConnection, id: ArticleId, keys: &[i64]) -> Result<(), Error> {
    if keys.is_empty() {
        return Ok(());
    }
    let mut insert: QueryBuilder<Sqlite> = QueryBuilder::new("INSERT INTO article_key (key, article_id) ");
    insert.push_values(keys, |mut row, key| {
        row.push_bind(*key).push_bind(id);
    });
    insert.push(" ON CONFLICT (key, article_id) DO NOTHING").build().execute(connection).await?;
    Ok(())
}

/// The articles that are worth comparing with one that has these keys, the first of them first. Those of whose story its
/// source has told one already are not: a story has one article of each source.
async fn candidates(
    connection: &mut SqliteConnection,
    (id, source): (ArticleId, &str),
    keys: &[i64],
) -> Result<Vec<Candidate>, Error> {
    let likely = likely(connection, id, keys).await?;
    if likely.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = QueryBuilder::new(
        "SELECT a.id, a.source, a.url, a.text, a.dated_at, a.story_id FROM article a
        WHERE NOT EXISTS (SELECT 1 FROM article b WHERE b.story_id = a.story_id AND b.source = ",
    );
    query.push_bind(source.to_owned()).push(") AND a.id IN (");
    push_list(&mut query, likely.iter().map(|other| other.0));
    query.push(") ORDER BY a.id");
    Ok(query.build_query_as().fetch_all(connection).await?)
}

/// Those that share most of the keys.
async fn likely(
    connection: &mut SqliteConnection,
    id: ArticleId,
    keys: &[i64],
) -> Result<Vec<ArticleId>, Error> {
    let mut query = QueryBuilder::new("");
    for (index, key) in keys.iter().enumerate() {
        query.push(if index > 0 { " UNION ALL " } else { "" });
        query.push("SELECT * FROM (SELECT article_id FROM article_key WHERE key = ").push_bind(*key);
        query.push(" ORDER BY article_id DESC LIMIT ").push_bind(NEWEST).push(")");
    }
    let found: Vec<ArticleId> = query.build_query_scalar().fetch_all(connection).await?;
    let mut shared: HashMap<ArticleId, usize> = HashMap::new();
    found.into_iter().filter(|other| *other != id).for_each(|other| *shared.entry(other).or_default() += 1);
    let mut likely: Vec<(ArticleId, usize)> = shared.into_iter().collect();
    likely.sort_by_key(|(other, shared)| (Reverse(*shared), *other));
    Ok(likely.into_iter().take(COMPARED).map(|(other, _)| other).collect())
}

impl Candidate {
    fn sketch(&self) -> Sketch {
        Sketch::new(self.url.as_deref(), &self.text, self.dated_at)
    }
}
