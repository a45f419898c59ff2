//! Full-text search: what only SQLite has, apart from what every database understands.
//!
//! The index is made by `migrations/0002_search.sql`, whose triggers keep it in step with the articles.

mod people;
mod related;

use sqlx::QueryBuilder;
use sqlx::sqlite::Sqlite;

use super::{Error, Store};

pub use people::{Found, Hit, MARKS, as_query};

const TRY: &str = "SELECT rowid FROM article_search WHERE article_search MATCH $1 LIMIT 1";

/// `SQLITE_ERROR`: for a statement that compiles, that the words searched for are no query of FTS5.
const NO_QUERY: &str = "1";

impl Store {
    /// Finds out whether words can be searched for.
    ///
    /// # Errors
    /// [`Error::Unsearchable`] if they are no query in the language of FTS5.
    pub async fn try_search(&self, words: &str) -> Result<(), Error> {
        let tried = sqlx::query(TRY).bind(words).fetch_optional(&self.read).await;
        match tried {
            Ok(_) => Ok(()),
            Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(NO_QUERY) => {
                let why = error.message();
                Err(Error::Unsearchable { why: why.strip_prefix("fts5: ").unwrap_or(why).to_owned() })
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// The condition that an article `a` is found by these words.
pub(in crate::store) fn push_condition(query: &mut QueryBuilder<Sqlite>, words: &str) {
    query.push(" AND a.id IN (SELECT rowid FROM article_search WHERE article_search MATCH ");
    query.push_bind(words.to_owned()).push(")");
}
