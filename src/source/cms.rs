//! A CMS's own SQLite file, as small as one can be: what the demo's editors write in. The other side of
//! [`super::sqlite`], which reads such a file by a query and never writes it.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection, Executor};

use crate::model::time::Timestamp;

/// `published_at` has no type, because a real one that was migrated twice holds several.
const SCHEMA: &str = "
    CREATE TABLE posts (
        id           INTEGER PRIMARY KEY,
        slug         TEXT NOT NULL UNIQUE,
        status       TEXT NOT NULL CHECK (status IN ('draft', 'published')),
        url          TEXT,
        title        TEXT NOT NULL,
        summary      TEXT,
        html         TEXT,
        text         TEXT,
        author       TEXT,
        tags         TEXT NOT NULL,
        image        TEXT,
        published_at,
        updated_at
    )";

const INSERT: &str = "
    INSERT INTO posts (slug, status, title, summary, html, text, author, tags, image, published_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

const PUBLISH: &str =
    "UPDATE posts SET status = 'published', published_at = $2 WHERE slug = $1 AND status = 'draft'";

/// A row of the table of posts.
#[derive(Clone, Debug, Default)]
pub struct Post {
    /// Its name in addresses.
    pub slug: String,
    /// Whether readers may not see it yet.
    pub is_draft: bool,
    /// Its headline.
    pub title: String,
    /// What is in it.
    pub summary: Option<String>,
    /// Its text as HTML, …
    pub html: Option<String>,
    /// … or as plain text.
    pub text: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// Its sections, in JSON or separated by commas.
    pub tags: String,
    /// The address of its picture.
    pub image: Option<String>,
    /// When it was published.
    pub published_at: Option<Written>,
}

/// A moment as somebody once decided to store it.
#[derive(Clone, Debug)]
pub enum Written {
    /// Seconds or milliseconds since 1970.
    Number(i64),
    /// In letters: RFC 3339, RFC 2822, `YYYY-MM-DD HH:MM:SS`.
    Text(String),
}

/// Makes the file, which must not exist, with these posts in it.
///
/// # Errors
/// If the file exists or cannot be written, or if two posts have one slug.
pub async fn create(path: &Path, posts: &[Post]) -> Result<(), sqlx::Error> {
    let mut connection = open(path, true).await?;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    transaction.execute(SCHEMA).await?;
    for post in posts {
        let query = sqlx::query(INSERT)
            .bind(&post.slug)
            .bind(if post.is_draft { "draft" } else { "published" })
            .bind(&post.title)
            .bind(&post.summary)
            .bind(&post.html)
            .bind(&post.text)
            .bind(&post.author)
            .bind(&post.tags)
            .bind(&post.image);
        let query = match &post.published_at {
            Some(Written::Number(number)) => query.bind(number),
            Some(Written::Text(text)) => query.bind(text),
            None => query.bind(None::<i64>),
        };
        query.execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    connection.close().await
}

/// Publishes a draft, and returns whether there was one of this name.
///
/// # Errors
/// If the file cannot be written.
pub async fn publish(path: &Path, slug: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let mut connection = open(path, false).await?;
    let published = sqlx::query(PUBLISH).bind(slug).bind(now.as_unix()).execute(&mut connection).await?;
    connection.close().await?;
    Ok(published.rows_affected() == 1)
}

async fn open(path: &Path, is_new: bool) -> Result<SqliteConnection, sqlx::Error> {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(is_new);
    SqliteConnection::connect_with(&options).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_draft_is_published_once() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("cms.db");
        let post = |slug: &str| Post { slug: slug.to_owned(), is_draft: true, ..Post::default() };
        create(&path, &[post("one"), post("two")]).await.unwrap();
        let now = Timestamp::from_unix(1_000_000);
        assert!(publish(&path, "one", now).await.unwrap());
        assert!(!publish(&path, "one", now).await.unwrap());
        assert!(!publish(&path, "three", now).await.unwrap());
    }
}
