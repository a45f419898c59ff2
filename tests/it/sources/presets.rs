//! `preset`: articles from the files of programs whose tables are known.

use courant::cli::{self, Output};
use courant::model::time::Clock;
use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use tempfile::TempDir;

use super::NOW;

const GHOST: &str = "
    CREATE TABLE posts (id VARCHAR(24) PRIMARY KEY, uuid VARCHAR(36), title VARCHAR(2000) NOT NULL, slug VARCHAR(191) NOT NULL,
        lexical TEXT, html TEXT, plaintext TEXT, feature_image VARCHAR(2000), type VARCHAR(50) NOT NULL DEFAULT 'post',
        status VARCHAR(50) NOT NULL DEFAULT 'draft', visibility VARCHAR(50) NOT NULL DEFAULT 'public',
        created_at DATETIME NOT NULL, updated_at DATETIME, published_at DATETIME, custom_excerpt VARCHAR(2000));
    CREATE TABLE users (id VARCHAR(24) PRIMARY KEY, name VARCHAR(191) NOT NULL, slug VARCHAR(191), email VARCHAR(191));
    CREATE TABLE tags (id VARCHAR(24) PRIMARY KEY, name VARCHAR(191) NOT NULL, slug VARCHAR(191), visibility VARCHAR(50) DEFAULT 'public');
    CREATE TABLE posts_authors (id VARCHAR(24) PRIMARY KEY, post_id VARCHAR(24), author_id VARCHAR(24), sort_order INTEGER);
    CREATE TABLE posts_tags (id VARCHAR(24) PRIMARY KEY, post_id VARCHAR(24), tag_id VARCHAR(24), sort_order INTEGER);
    INSERT INTO users VALUES ('u1', 'Ada Lovelace', 'ada', 'ada@example.org'), ('u2', 'Grace Hopper', 'grace', 'g@example.org');
    INSERT INTO tags VALUES ('t1', 'Sea', 'sea', 'public'), ('t2', '#hidden', 'hash-hidden', 'internal'), ('t3', 'News', 'news', 'public');
    INSERT INTO posts (id, title, slug, html, feature_image, type, status, visibility, created_at, updated_at, published_at) VALUES
        ('p1', 'The bridge', 'the-bridge', '<p>It <a href=\"__GHOST_URL__/ferry/\">opens</a> at last, on Monday.</p>',
            '__GHOST_URL__/content/images/b.jpg', 'post', 'published', 'public', '2026-03-01 09:00:00', '2026-03-04 09:00:00',
            '2026-03-03 09:00:00'),
        ('p2', 'Draft', 'draft', '<p>No</p>', NULL, 'post', 'draft', 'public', '2026-03-01', NULL, NULL),
        ('p3', 'Members', 'members', '<p>No</p>', NULL, 'post', 'published', 'members', '2026-03-01', NULL, '2026-03-01'),
        ('p4', 'About', 'about', '<p>No</p>', NULL, 'page', 'published', 'public', '2026-03-01', NULL, '2026-03-01'),
        ('p5', 'By mail', 'mail', '<p>No</p>', NULL, 'post', 'sent', 'public', '2026-03-01', NULL, '2026-03-01');
    INSERT INTO posts_authors VALUES ('a', 'p1', 'u2', 1), ('b', 'p1', 'u1', 0);
    INSERT INTO posts_tags VALUES ('a', 'p1', 't1', 1), ('b', 'p1', 't2', 2), ('c', 'p1', 't3', 0);";

const WORDPRESS: &str = "
    CREATE TABLE wp_posts (ID INTEGER PRIMARY KEY AUTOINCREMENT, post_author INTEGER NOT NULL DEFAULT 0,
        post_date TEXT NOT NULL DEFAULT '0000-00-00 00:00:00', post_date_gmt TEXT NOT NULL DEFAULT '0000-00-00 00:00:00',
        post_content TEXT NOT NULL, post_title TEXT NOT NULL, post_excerpt TEXT NOT NULL DEFAULT '',
        post_status TEXT NOT NULL DEFAULT 'publish', post_password TEXT NOT NULL DEFAULT '', post_name TEXT NOT NULL DEFAULT '',
        post_modified_gmt TEXT NOT NULL DEFAULT '0000-00-00 00:00:00', guid TEXT NOT NULL DEFAULT '',
        post_type TEXT NOT NULL DEFAULT 'post');
    CREATE TABLE wp_users (ID INTEGER PRIMARY KEY, user_login TEXT, user_email TEXT, display_name TEXT NOT NULL DEFAULT '');
    CREATE TABLE wp_postmeta (meta_id INTEGER PRIMARY KEY, post_id INTEGER, meta_key TEXT, meta_value TEXT);
    CREATE TABLE wp_terms (term_id INTEGER PRIMARY KEY, name TEXT, slug TEXT);
    CREATE TABLE wp_term_taxonomy (term_taxonomy_id INTEGER PRIMARY KEY, term_id INTEGER, taxonomy TEXT);
    CREATE TABLE wp_term_relationships (object_id INTEGER, term_taxonomy_id INTEGER, term_order INTEGER DEFAULT 0);
    INSERT INTO wp_users VALUES (1, 'admin', 'a@example.org', 'Ada Lovelace');
    INSERT INTO wp_posts (ID, post_author, post_date_gmt, post_content, post_title, post_modified_gmt, post_status, post_password, guid, post_type) VALUES
        (1, 1, '2026-03-03 09:00:00', '<!-- wp:paragraph --><p>It opens at last, on Monday morning.</p><!-- /wp:paragraph -->',
            'The bridge &amp; the ferry', '2026-03-04 09:00:00', 'publish', '', 'https://x/?p=1', 'post'),
        (2, 1, '2026-03-02 09:00:00', 'It was written in the old way.' || char(13) || char(10) || char(13) || char(10) || 'In two parts.',
            'Classic', '2026-03-02 09:00:00', 'publish', '', 'https://x/?p=2', 'post'),
        (3, 1, '2026-03-02', 'No', 'Draft', '2026-03-02', 'draft', '', '', 'post'),
        (4, 1, '2026-03-02', 'No', 'Secret', '2026-03-02', 'publish', 'pass', '', 'post'),
        (5, 1, '2026-03-02', 'No', 'Page', '2026-03-02', 'publish', '', '', 'page'),
        (6, 1, '2026-03-02', '', 'b.jpg', '2026-03-02', 'inherit', '', 'https://courier.example/b.jpg', 'attachment');
    INSERT INTO wp_postmeta VALUES (1, 1, '_thumbnail_id', '6');
    INSERT INTO wp_terms VALUES (1, 'Uncategorized', 'uncategorized'), (2, 'Sea', 'sea'), (3, 'bridges', 'bridges'), (4, 'Nav', 'nav');
    INSERT INTO wp_term_taxonomy VALUES (1, 1, 'category'), (2, 2, 'category'), (3, 3, 'post_tag'), (4, 4, 'nav_menu');
    INSERT INTO wp_term_relationships (object_id, term_taxonomy_id) VALUES (1, 3), (1, 2), (1, 4), (2, 1);";

const WRITEFREELY: &str = "
    CREATE TABLE collections (id INTEGER PRIMARY KEY, alias TEXT, title TEXT NOT NULL, description TEXT, privacy INTEGER NOT NULL,
        owner_id INTEGER NOT NULL, view_count INTEGER NOT NULL);
    CREATE TABLE posts (id TEXT NOT NULL PRIMARY KEY, slug TEXT, modify_token TEXT, text_appearance TEXT NOT NULL, language TEXT,
        rtl INTEGER, privacy INTEGER NOT NULL, owner_id INTEGER, collection_id INTEGER, pinned_position INTEGER,
        created DATETIME NOT NULL, updated DATETIME NOT NULL, view_count INTEGER NOT NULL, title TEXT NOT NULL, content TEXT NOT NULL);
    INSERT INTO collections VALUES (1, 'ada', 'Ada writes', '', 1, 1, 0), (2, 'secret', 'Secret', '', 2, 1, 0);
    INSERT INTO posts VALUES
        ('abcdefgh', 'the-bridge', NULL, 'norm', 'en', 0, 0, 1, 1, NULL, '2026-03-03 09:00:00', '2026-03-04 09:00:00', 0,
            'The bridge', 'It opens *at last*, on Monday morning.'),
        ('ijklmnop', 'untitled', NULL, 'norm', 'en', 0, 0, 1, 1, NULL, '2026-03-02 09:00:00+00:00', '2026-03-02 09:00:00', 0,
            '', '# A headline' || char(10) || char(10) || 'With its text below.'),
        ('b', 'later', NULL, 'norm', 'en', 0, 0, 1, 1, NULL, '2199-03-02 09:00:00', '2026-03-02', 0, 'Later', 'No.'),
        ('c', 'private', NULL, 'norm', 'en', 0, 0, 1, 2, NULL, '2026-03-02', '2026-03-02', 0, 'Private', 'No.'),
        ('d', NULL, NULL, 'norm', 'en', 0, 0, NULL, NULL, NULL, '2026-03-02', '2026-03-02', 0, 'Nobody', 'No.'),
        ('e', 'about', NULL, 'norm', 'en', 0, 0, 1, 1, 1, '2026-03-02', '2026-03-02', 0, 'Pinned', 'No.');";

/// A program's file in a folder.
async fn file(schema: &'static str) -> TempDir {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("content.db");
    let options = SqliteConnectOptions::new().filename(&file).create_if_missing(true);
    let mut connection = options.connect().await.unwrap();
    sqlx::raw_sql(schema).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    folder
}

/// The articles of a program's file, by its preset.
async fn articles(preset: &str, schema: &'static str) -> Vec<Value> {
    let folder = file(schema).await;
    let (is_well, text) =
        check(&folder, &format!("preset = \"{preset}\"\nbase_url = \"https://courier.example/o'b\"")).await;
    assert!(is_well, "{text}");
    let checked: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(checked[0]["notes"], json!([]), "{preset}");
    checked[0]["articles"].as_array().unwrap().clone()
}

async fn check(folder: &TempDir, source: &str) -> (bool, String) {
    let config = folder.path().join("courant.toml");
    let text = format!(
        "[publication]\ntitle = \"The Courier\"\nbase_url = \"https://courier.example\"\n\
        [[source]]\nname = \"cms\"\nkind = \"sqlite\"\npath = \"content.db\"\n{source}\n"
    );
    std::fs::write(&config, text).unwrap();
    let line = ["courant", "--config", config.to_str().unwrap(), "source", "check", "cms", "--json"];
    let (output, captured) = Output::captured();
    let result = cli::run(line.iter().map(Into::into), output, Clock::manual(NOW)).await;
    (result.is_ok(), result.err().map_or_else(|| captured.text(), |error| format!("{error:#}")))
}

const DRUPAL: &str = "
    CREATE TABLE node_field_data (nid INTEGER, vid INTEGER, type VARCHAR(32), langcode VARCHAR(12), status INTEGER, uid INTEGER,
        title VARCHAR(255), created INTEGER, changed INTEGER, default_langcode INTEGER, PRIMARY KEY (nid, langcode));
    CREATE TABLE node__body (bundle VARCHAR(128), entity_id INTEGER, langcode VARCHAR(32), delta INTEGER, body_value TEXT,
        body_summary TEXT, body_format VARCHAR(255));
    CREATE TABLE users_field_data (uid INTEGER, name VARCHAR(60));
    CREATE TABLE taxonomy_index (nid INTEGER, tid INTEGER);
    CREATE TABLE taxonomy_term_field_data (tid INTEGER, name VARCHAR(255));
    INSERT INTO node_field_data VALUES (1, 1, 'article', 'en', 1, 7, 'The bridge', 1772528400, 1772614800, 1),
        (2, 2, 'article', 'en', 0, 7, 'Draft', 1772528400, 1772528400, 1), (3, 3, 'page', 'en', 1, 7, 'Page', 1, 1, 1);
    INSERT INTO node__body VALUES ('article', 1, 'en', 0, '<p>It opens at last.</p>', '', 'full_html'), ('article', 2, 'en', 0, 'No', '', 'x');
    INSERT INTO users_field_data VALUES (7, 'Ada Lovelace');
    INSERT INTO taxonomy_index VALUES (1, 4);
    INSERT INTO taxonomy_term_field_data VALUES (4, 'Sea');";

#[tokio::test]
async fn the_query_for_drupal_in_the_manual_gives_its_articles() {
    let manual = include_str!("../../../docs/sources.md");
    let query = manual.split_once("```sql\n").unwrap().1.split_once("```").unwrap().0;
    let folder = file(DRUPAL).await;
    let (is_well, text) = check(&folder, &format!("query = \"\"\"\n{query}\"\"\"")).await;
    assert!(is_well, "{text}");
    let checked: Value = serde_json::from_str(&text).unwrap();
    let articles = checked[0]["articles"].as_array().unwrap();
    assert_eq!((articles.len(), &articles[0]["title"]), (1, &json!("The bridge")));
    assert_eq!((&articles[0]["authors"], &articles[0]["tags"]), (&json!(["Ada Lovelace"]), &json!(["Sea"])));
    assert_eq!(articles[0]["published_at"], "2026-03-03T09:00:00Z");
}

fn facts(article: &Value) -> Value {
    let keys = ["external_id", "title", "url", "authors", "tags", "image", "published_at", "updated_at"];
    Value::Object(keys.iter().map(|key| ((*key).to_owned(), article[*key].clone())).collect())
}

#[tokio::test]
async fn ghost_gives_what_everybody_may_read() {
    let articles = articles("ghost", GHOST).await;
    assert_eq!(articles.len(), 1);
    assert_eq!(
        facts(&articles[0]),
        json!({
            "external_id": "p1",
            "title": "The bridge",
            "url": "https://courier.example/o'b/the-bridge/",
            "authors": ["Ada Lovelace", "Grace Hopper"],
            "tags": ["News", "Sea"],
            "image": "https://courier.example/o'b/content/images/b.jpg",
            "published_at": "2026-03-03T09:00:00Z",
            "updated_at": "2026-03-04T09:00:00Z",
        })
    );
}

#[tokio::test]
async fn wordpress_gives_blocks_and_what_was_written_before_them() {
    let articles = articles("wordpress", WORDPRESS).await;
    assert_eq!(articles.len(), 2);
    assert_eq!(
        facts(&articles[0]),
        json!({
            "external_id": "1",
            "title": "The bridge & the ferry",
            "url": "https://courier.example/o'b/?p=1",
            "authors": ["Ada Lovelace"],
            "tags": ["Sea", "bridges"],
            "image": "https://courier.example/b.jpg",
            "published_at": "2026-03-03T09:00:00Z",
            "updated_at": "2026-03-04T09:00:00Z",
        })
    );
    assert_eq!((&articles[1]["title"], &articles[1]["tags"]), (&json!("Classic"), &json!([])));
    assert_eq!(articles[1]["text_bytes"], "It was written in the old way.\n\nIn two parts.".len());
}

#[tokio::test]
async fn writefreely_gives_what_is_public_and_due() {
    let articles = articles("writefreely", WRITEFREELY).await;
    let titles: Vec<_> = articles.iter().map(|article| article["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["The bridge", "A headline"]);
    assert_eq!(
        facts(&articles[0]),
        json!({
            "external_id": "abcdefgh",
            "title": "The bridge",
            "url": "https://courier.example/o'b/ada/the-bridge",
            "authors": ["Ada writes"],
            "tags": [],
            "image": null,
            "published_at": "2026-03-03T09:00:00Z",
            "updated_at": "2026-03-04T09:00:00Z",
        })
    );
}

#[tokio::test]
async fn a_preset_is_told_apart_from_a_query() {
    let folder = TempDir::new().unwrap();
    for (source, expected) in [
        ("preset = \"ghost\"", "base_url"),
        ("preset = \"gost\"\nbase_url = \"https://a.example\"", "ghost"),
        ("preset = \"ghost\"\nbase_url = \"https://a.example\"\nquery = \"SELECT 1\"", "keep one of the two"),
        ("query = \"SELECT 1\"\nbase_url = \"https://a.example\"", "goes with `preset` only"),
        ("", "query"),
    ] {
        let (is_well, error) = check(&folder, source).await;
        assert!(!is_well && error.contains(expected), "{source}: {error}");
    }
}
