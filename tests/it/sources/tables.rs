//! Tables of articles in SQLite files that other programs write.

use std::fs;
use std::path::{Path, PathBuf};

use courant::extract::{Context, article};
use courant::model::article::RawBody;
use courant::model::time::Timestamp;
use courant::source::{Error, Kind, SqliteSettings};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tempfile::TempDir;

use super::{pull, pull_all};

/// A content management system's file, with a connection to it.
struct Cms {
    folder: TempDir,
    connection: SqliteConnection,
}

impl Cms {
    async fn with(mode: SqliteJournalMode, sql: &'static str) -> Self {
        let folder = TempDir::new().unwrap();
        let options = SqliteConnectOptions::new()
            .filename(folder.path().join("content.db"))
            .create_if_missing(true)
            .journal_mode(mode);
        let mut connection = options.connect().await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        Self { folder, connection }
    }

    async fn run(&mut self, sql: &'static str) {
        sqlx::raw_sql(sql).execute(&mut self.connection).await.unwrap();
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("content.db")
    }

    fn asked(&self, query: &str) -> Kind {
        Kind::Sqlite(SqliteSettings { path: self.path(), query: query.to_owned() })
    }

    /// Closes the connection; the folder stays.
    async fn close(self) -> TempDir {
        self.connection.close().await.unwrap();
        self.folder
    }
}

#[tokio::test]
async fn what_a_table_says_about_the_author_is_taken_as_words() {
    let cms = Cms::with(
        SqliteJournalMode::Delete,
        "CREATE TABLE post (id, title, html, who);
        INSERT INTO post VALUES (1, 'The mill', '<p>It stood.</p>', '<p>Ada writes about <b>mills</b>.</p>')",
    )
    .await;
    let (articles, _) = pull_all(&cms.asked("SELECT id, title, html, who AS biography FROM post")).await;
    assert_eq!(articles[0].biography.as_deref(), Some("<p>Ada writes about <b>mills</b>.</p>"));
    let context = Context { base: None, language: "en", now: Timestamp::from_unix(1_790_000_000) };
    let content = article(articles[0].clone(), &context).unwrap();
    assert_eq!(content.biography.as_deref(), Some("Ada writes about mills."));
}

async fn why(kind: &Kind) -> String {
    pull(kind, "").await.unwrap_err().to_string()
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

const POSTS: &str = "CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT, html TEXT);
    INSERT INTO posts VALUES (1, 'First', '<p>One</p>'), (2, 'Second', '<p>Two</p>');";

const ALL: &str = "SELECT id, title, html FROM posts";

#[tokio::test]
async fn every_column_of_the_contract_is_read_however_it_is_stored() {
    let cms = Cms::with(
        SqliteJournalMode::Delete,
        r#"CREATE TABLE posts (
             id INTEGER PRIMARY KEY, url TEXT, title VARCHAR(200), summary TEXT, markdown TEXT, authors TEXT,
             tags TEXT, image TEXT, published_at DATETIME, updated_at, language TEXT, featured BOOLEAN);
           INSERT INTO posts VALUES
             (1, 'https://c.example/1', 'A', 'S', '*M*', '["Ada", {"name": "Grace"}]', '["news", "city"]',
              'https://c.example/1.jpg', '2026-03-03 09:00:00', 1772528400000, 'fr', 1),
             (2, NULL, 'B', '', NULL, 'Ada, Grace', 'news, city', NULL, 1772528400, 2461102.875, NULL, 0),
             (3, NULL, 'C', NULL, '', '', '', '', 'Tue, 03 Mar 2026 10:00:00 +0100', NULL, NULL, NULL);"#,
    )
    .await;
    let query = "SELECT * FROM posts ORDER BY title";
    let pull = pull(&cms.asked(query), "").await.unwrap();

    let [first, second, third] = &pull.articles[..] else { panic!("{:?}", pull.articles) };
    assert_eq!(first.external_id, "1");
    assert_eq!(first.url.as_deref(), Some("https://c.example/1"));
    assert_eq!((first.title.as_deref(), first.summary.as_deref()), (Some("A"), Some("S")));
    assert!(matches!(&first.body, RawBody::Markdown(text) if text == "*M*"));
    assert_eq!(first.authors, ["Ada", "Grace"]);
    assert_eq!(first.tags, ["news", "city", "from the wire"]);
    assert_eq!(first.image.as_ref().unwrap().url, "https://c.example/1.jpg");
    assert_eq!(first.language.as_deref(), Some("fr"));
    let nine = Some("2026-03-03T09:00:00Z".parse().unwrap());
    for article in [first, second, third] {
        assert_eq!(article.published_at, nine, "{article:?}");
    }
    assert_eq!((first.updated_at, second.updated_at, third.updated_at), (nine, nine, None));
    assert_eq!((second.authors.len(), second.tags.len()), (2, 3));
    assert!(second.summary.is_none() && third.image.is_none() && matches!(third.body, RawBody::None));
    assert_eq!(
        pull.notes,
        ["columns of the query that mean nothing here: featured; rename them with AS where they should"]
    );
}

#[tokio::test]
async fn ids_may_be_text_and_blobs_and_text_may_be_badly_encoded() {
    let cms = Cms::with(
        SqliteJournalMode::Delete,
        "CREATE TABLE posts (id, title, text);
         INSERT INTO posts VALUES ('a/b', CAST(x'436166e9' AS TEXT), CAST('body' AS BLOB)),
            (x'00ff', 'B', 7), (NULL, 'no id', ''), (1, 'one', ''), (1.5, 'real', ''), ('', 'empty', '');",
    )
    .await;
    let pull = pull(&cms.asked("SELECT id, title, text FROM posts"), "").await.unwrap();

    let found: Vec<_> =
        pull.articles.iter().map(|a| (a.external_id.as_str(), a.title.as_deref().unwrap())).collect();
    assert_eq!(found.len(), 4);
    for expected in [("a/b", "Café"), ("00ff", "B"), ("1", "one"), ("1.5", "real")] {
        assert!(found.contains(&expected), "{expected:?} is not in {found:?}");
    }
    assert!(matches!(&pull.articles[found.iter().position(|(id, _)| *id == "a/b").unwrap()].body,
        RawBody::Text(text) if text == "body"));
    assert_eq!(pull.notes, ["a row without an id was left out"]);
}

#[tokio::test]
async fn a_date_that_is_none_is_noted_and_the_article_comes_all_the_same() {
    let cms = Cms::with(
        SqliteJournalMode::Delete,
        "CREATE TABLE posts (id, title, published_at); INSERT INTO posts VALUES (7, 'A', 'soon');",
    )
    .await;
    let pull = pull(&cms.asked("SELECT * FROM posts"), "").await.unwrap();
    assert_eq!(pull.articles[0].published_at, None);
    assert_eq!(pull.notes, ["`published_at` of id 7 is not a date: \"soon\""]);
}

#[tokio::test]
async fn a_body_beyond_all_measure_is_left_out_and_one_of_5_mb_is_not() {
    let cms = Cms::with(
        SqliteJournalMode::Delete,
        "CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT, text TEXT);
         INSERT INTO posts VALUES (1, 'fits', replace(hex(zeroblob(2500000)), '0', 'a')),
            (2, 'does not', replace(hex(zeroblob(3000000)), '0', 'a'));",
    )
    .await;
    let pull = pull(&cms.asked("SELECT * FROM posts"), "").await.unwrap();
    assert!(matches!(&pull.articles[0].body, RawBody::Text(text) if text.len() == 5_000_000));
    assert!(matches!(&pull.articles[1].body, RawBody::None));
    assert_eq!(pull.notes, ["`text` of id 2 is too large and was left out: 6000000 bytes"]);
}

const MANY: &str = "CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT, section INTEGER);
    CREATE TABLE tags (post INTEGER, tag TEXT);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1234)
    INSERT INTO posts SELECT i * 3, 'Post ' || i, i % 7 FROM n;
    INSERT INTO tags SELECT id, 'a' FROM posts UNION ALL SELECT id, 'b' FROM posts;";

#[tokio::test]
async fn a_large_table_comes_in_batches_and_each_row_once() {
    let cms = Cms::with(SqliteJournalMode::Wal, MANY).await;
    for query in [
        "SELECT id, title FROM posts",
        "SELECT id, title FROM posts WHERE section >= 0 ORDER BY title DESC;",
        "SELECT 'p-' || id AS id, title FROM posts -- all of them",
        "SELECT p.id, p.title, group_concat(tag) AS tags FROM posts p JOIN tags t ON t.post = p.id GROUP BY p.id",
        "SELECT DISTINCT id, title FROM posts LIMIT 1234",
        "SELECT id, title, (SELECT group_concat(tag) FROM tags WHERE post = id) AS tags FROM posts",
        "WITH p AS (SELECT * FROM posts) SELECT id, title FROM p UNION ALL SELECT NULL, 'none'",
    ] {
        let (articles, batches) = pull_all(&cms.asked(query)).await;
        let ids: std::collections::HashSet<_> = articles.iter().map(|article| &article.external_id).collect();
        assert_eq!((articles.len(), ids.len(), batches), (1234, 1234, 3), "{query}");
    }
}

#[tokio::test]
async fn rows_that_a_join_doubles_are_taken_once_and_noted() {
    let cms = Cms::with(SqliteJournalMode::Wal, MANY).await;
    let query = "SELECT id, title, tag AS tags FROM posts JOIN tags ON post = id WHERE id = 3";
    let pull = pull(&cms.asked(query), "").await.unwrap();
    assert_eq!(pull.articles.len(), 1);
    assert_eq!(
        pull.notes,
        ["id 3 is in more than one row, of which the first is taken; does a JOIN double it? GROUP BY its id"]
    );
}

#[tokio::test]
async fn what_has_not_changed_is_not_read_again_and_what_has_is() {
    let mut cms = Cms::with(SqliteJournalMode::Wal, POSTS).await;
    let kind = cms.asked(ALL);
    let first = pull(&kind, "").await.unwrap();
    assert!(!first.unchanged && first.articles.len() == 2);

    let second = pull(&kind, &first.cursor).await.unwrap();
    assert!(second.unchanged && second.articles.is_empty());

    cms.run("UPDATE posts SET title = 'Other' WHERE id = 1").await;
    let third = pull(&kind, &second.cursor).await.unwrap();
    assert_eq!(third.articles[0].title.as_deref(), Some("Other"));

    let other_query =
        pull(&cms.asked("SELECT id, title FROM posts WHERE id = 1"), &third.cursor).await.unwrap();
    assert_eq!(other_query.articles.len(), 1);
}

#[tokio::test]
async fn what_a_running_program_has_committed_is_seen_before_its_checkpoint() {
    let mut cms = Cms::with(SqliteJournalMode::Wal, POSTS).await;
    cms.run("PRAGMA wal_autocheckpoint = 0; INSERT INTO posts VALUES (3, 'Third', '');").await;
    assert!(fs::metadata(cms.folder.path().join("content.db-wal")).unwrap().len() > 0);
    assert_eq!(pull(&cms.asked(ALL), "").await.unwrap().articles.len(), 3);
}

#[tokio::test]
async fn nothing_is_written_and_nothing_is_left_beside_the_file() {
    for mode in [SqliteJournalMode::Wal, SqliteJournalMode::Delete] {
        let folder = Cms::with(mode, POSTS).await.close().await;
        let path = folder.path().join("content.db");
        let before = fs::read(&path).unwrap();
        let kind = Kind::Sqlite(SqliteSettings { path: path.clone(), query: ALL.to_owned() });
        assert_eq!(pull(&kind, "").await.unwrap().articles.len(), 2);
        assert_eq!(names_in(folder.path()), ["content.db"]);
        assert_eq!(fs::read(&path).unwrap(), before);
    }
}

#[tokio::test]
async fn a_query_that_would_write_is_refused_and_writes_nothing() {
    let mut cms = Cms::with(SqliteJournalMode::Wal, POSTS).await;
    for query in [
        "DELETE FROM posts",
        "UPDATE posts SET title = 'x' RETURNING id, title",
        "SELECT id, title FROM posts; DELETE FROM posts",
        "SELECT id, title FROM posts); DELETE FROM posts; SELECT * FROM (SELECT 1 AS id, 2 AS title",
        "PRAGMA user_version = 7",
    ] {
        assert!(pull(&cms.asked(query), "").await.is_err(), "{query}");
    }
    let count: i64 =
        sqlx::query_scalar("SELECT count(*) FROM posts").fetch_one(&mut cms.connection).await.unwrap();
    assert_eq!(count, 2);
}

#[tokio::test]
async fn a_wrong_query_is_told_in_sqlites_words() {
    let cms = Cms::with(SqliteJournalMode::Wal, POSTS).await;
    let path = cms.path().display().to_string();
    for (query, expected) in [
        (
            "SELECT id, headline FROM posts",
            "the query is wrong: no such column: headline. It must be one SELECT",
        ),
        (
            "SELECT id, title FROM articles",
            "the query is wrong: no such table: articles. It must be one SELECT",
        ),
        ("DELETE FROM posts", "the query is wrong: near \"DELETE\": syntax error. It must be one SELECT"),
        (
            "SELECT id, html FROM posts",
            "the query has no column `title`, which is required; it has: id, html. Name it with AS, such as `headline AS title`",
        ),
        (
            "SELECT title AS headline FROM posts",
            "the query has no column `id`, which is required; it has: headline. Name it with AS, such as `post_id AS id`",
        ),
    ] {
        assert_eq!(why(&cms.asked(query)).await, format!("{path}: {expected}"));
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_told_with_the_remedy() {
    let folder = TempDir::new().unwrap();
    let at = |path: PathBuf| Kind::Sqlite(SqliteSettings { path, query: ALL.to_owned() });

    let missing = folder.path().join("none.db");
    let expected = format!(
        "{}: No such file or directory (os error 2); check `path` in the configuration",
        missing.display()
    );
    assert_eq!(pull(&at(missing), "").await.unwrap_err(), Error::Unusable(expected));

    assert!(
        why(&at(folder.path().to_owned())).await.ends_with("is a folder, not an SQLite file; check `path`")
    );

    let text = folder.path().join("text.db");
    fs::write(
        &text,
        "This is no database, but it is long enough to be looked at as if it were one.".repeat(20),
    )
    .unwrap();
    assert!(
        why(&at(text)).await.ends_with("it is not an SQLite database (file is not a database); check `path`")
    );
}

#[tokio::test]
async fn a_corrupt_file_is_an_error_and_no_panic() {
    let folder = Cms::with(SqliteJournalMode::Delete, MANY).await.close().await;
    let path = folder.path().join("content.db");
    let mut bytes = fs::read(&path).unwrap();
    bytes[4096..].fill(0xa5);
    fs::write(&path, bytes).unwrap();
    let kind = Kind::Sqlite(SqliteSettings { path, query: "SELECT id, title FROM posts".to_owned() });
    assert!(
        why(&kind).await.contains("it is corrupt (database disk image is malformed)"),
        "{}",
        why(&kind).await
    );
}

#[tokio::test]
async fn a_locked_file_is_waited_for_and_then_tried_again_later() {
    let mut cms = Cms::with(SqliteJournalMode::Delete, POSTS).await;
    cms.run("BEGIN EXCLUSIVE; INSERT INTO posts VALUES (3, 'Third', '');").await;
    let error = pull(&cms.asked(ALL), "").await.unwrap_err();
    assert!(
        matches!(&error, Error::Unavailable { reason, .. } if reason.contains("another program has locked it")),
        "{error}"
    );

    cms.run("COMMIT").await;
    assert_eq!(pull(&cms.asked(ALL), "").await.unwrap().articles.len(), 3);
}
