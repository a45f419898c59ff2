//! Recordings, films and pictures: from the feeds of others, in whichever format, to ours in all three.

use std::time::Duration;

use axum::Router;
use axum::http::Uri;
use courant::jobs::puller::Puller;
use courant::jobs::{Job, ScheduledSource};
use courant::model::article::Enclosure;
use courant::render::feed::check::check;
use courant::source::{Fetcher, Kind, MarkdownSettings, Source, SqliteSettings};
use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use tempfile::TempDir;

use super::pull;
use super::web::Web;
use crate::support::app::{TestApp, daily};

/// The same article three times, with a picture that is a file, a recording, a film without a length, and what is no file.
const RSS: &str = r#"<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>P</title>
<item><guid isPermaLink="false">1</guid><title>The tide, heard</title><description>Listen.</description>
<enclosure url="/cover.jpg" type="image/jpeg" length="2048"/>
<enclosure url="https://media.example.org/tide.mp3?a=1&amp;b=2" length="34216300" type="audio/mpeg"/>
<media:group><media:content url="https://media.example.org/tide.webm" medium="video"/></media:group>
<media:content url="https://media.example.org/shown.jpg" medium="image" width="640" height="480"/>
<enclosure url="javascript:alert(1)" length="1" type="audio/mpeg"/>
<enclosure url="https://media.example.org/notes.pdf" length="12" type="application/pdf"/>
</item></channel></rss>"#;

const ATOM: &str = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>P</title><id>urn:p</id><updated>2026-03-02T07:00:00Z</updated>
<entry><id>urn:1</id><title>The tide, heard</title><updated>2026-03-02T07:00:00Z</updated><summary>Listen.</summary>
<link rel="enclosure" href="/cover.jpg" type="image/jpeg" length="2048"/>
<link rel="enclosure" href="https://media.example.org/tide.mp3?a=1&amp;b=2" type="audio/mpeg" length="34216300"/>
<link rel="enclosure" href="https://media.example.org/tide.webm" length="a lot"/>
<link rel="enclosure" href="https://media.example.org/notes.pdf" type="application/pdf" length="12"/>
</entry></feed>"#;

const JSON: &str = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "P", "items": [
{"id": "1", "title": "The tide, heard", "content_text": "Listen.", "image": "https://media.example.org/shown.jpg", "attachments": [
{"url": "HOST/cover.jpg", "mime_type": "image/jpeg", "size_in_bytes": 2048},
{"url": "https://media.example.org/tide.mp3?a=1&b=2", "mime_type": "audio/mpeg", "size_in_bytes": 34216300},
{"url": "https://media.example.org/tide.webm", "mime_type": "video/webm"},
{"url": "https://media.example.org/notes.pdf", "mime_type": "application/pdf", "size_in_bytes": 12}]}]}"#;

/// The program with the one article that such a feed brings.
async fn app(document: &'static str) -> (TestApp, String) {
    let serve = async move |uri: Uri| if uri.path() == "/feed" { document } else { "" };
    let web = Web::with(Router::new().fallback(serve)).await;
    let source = Source { name: "podcast".to_owned(), tags: Vec::new(), kind: web.feed("/feed") };
    let app = TestApp::start(Vec::new(), "2026-03-02T12:00:00Z").await;
    app.configure(|settings| {
        settings.sources = vec![ScheduledSource { source, every: Duration::from_mins(15) }];
    });
    let puller = Puller::new(app.store.clone(), Fetcher::new("https://courier.example"), app.live_settings());
    assert_eq!(puller.step(app.clock.now()).await.unwrap(), 1);
    (app, web.url("/cover.jpg"))
}

fn file(url: &str, media_type: &str, length: Option<u64>) -> Enclosure {
    Enclosure { url: url.to_owned(), media_type: media_type.to_owned(), length, seconds: None }
}

#[tokio::test]
async fn what_a_source_encloses_is_enclosed_in_every_format() {
    for document in [RSS, ATOM, JSON] {
        let (app, cover) = app(document).await;
        let article = app.store.find_article(courant::model::article::ArticleId(1)).await.unwrap().unwrap();
        let mut found = article.content.enclosures;
        // A relative address is one in XML only.
        found.retain(|file| document != JSON || !file.url.contains("cover"));
        let audio = file("https://media.example.org/tide.mp3?a=1&b=2", "audio/mpeg", Some(34_216_300));
        let video = file("https://media.example.org/tide.webm", "video/webm", None);
        let mut expected = vec![audio, video];
        if document != JSON {
            expected.insert(0, file(&cover, "image/jpeg", Some(2048)));
        }
        assert_eq!(found, expected, "{document}");

        let served = app.serve().await;
        let rss = served.get("/feed.rss").await;
        let enclosure = "<enclosure url=\"https://media.example.org/tide.mp3?a=1&#x26;b=2\" length=\"34216300\" type=\"audio/mpeg\"/>";
        assert!(rss.text().contains(enclosure), "{}", rss.text());
        assert_eq!(rss.text().matches("<enclosure ").count(), 1, "readers of RSS expect one");
        let atom = served.get("/feed.atom").await;
        for link in [
            "<link rel=\"enclosure\" type=\"audio/mpeg\" length=\"34216300\" href=\"https://media.example.org/tide.mp3?a=1&#x26;b=2\"/>",
            "<link rel=\"enclosure\" type=\"video/webm\" href=\"https://media.example.org/tide.webm\"/>",
        ] {
            assert!(atom.text().contains(link), "{}", atom.text());
        }
        let json = served.get("/feed.json").await;
        let parsed: Value = serde_json::from_slice(&json.bytes).unwrap();
        let attachments = parsed["items"][0]["attachments"].as_array().unwrap();
        let mp3 = json!({
            "url": "https://media.example.org/tide.mp3?a=1&b=2",
            "mime_type": "audio/mpeg",
            "size_in_bytes": 34_216_300,
        });
        let webm = json!({"url": "https://media.example.org/tide.webm", "mime_type": "video/webm"});
        assert_eq!(attachments[..2], [mp3, webm]);
        for feed in [rss, atom, json] {
            assert_eq!(check(&feed.bytes), []);
            assert!(!feed.text().contains("javascript:") && !feed.text().contains("notes.pdf"));
        }
    }
}

#[tokio::test]
async fn another_recording_is_a_change() {
    let (app, _) = app(RSS).await;
    let served = app.serve().await;
    let before = served.get("/feed.rss").await;
    let article = app.store.find_article(courant::model::article::ArticleId(1)).await.unwrap().unwrap();
    let mut content = article.content;
    content.enclosures = vec![file("https://media.example.org/tide-2.mp3", "audio/mpeg", None)];
    app.wait(Duration::from_mins(1)).await;
    let saved = [(article.external_id, content)];
    assert_eq!(app.store.save_articles("podcast", &saved, app.clock.now()).await.unwrap().changed, 1);
    let after = served.get("/feed.rss").await;
    assert_ne!(after.header("etag"), before.header("etag"));
    let unknown =
        "<enclosure url=\"https://media.example.org/tide-2.mp3\" length=\"0\" type=\"audio/mpeg\"/>";
    assert!(after.text().contains(unknown), "{}", after.text());
}

#[tokio::test]
async fn tables_and_files_enclose_recordings_too() {
    let mp3 = file("https://courier.example/notes/tide/tide.mp3", "", None);
    let full =
        Enclosure { seconds: Some(125), ..file("https://m.example/t.mp4", "video/mp4", Some(9_000_000)) };
    let folder = TempDir::new().unwrap();
    let front = "---\ntitle: Tide\naudio: tide.mp3\nvideo: {url: 'https://m.example/t.mp4', type: video/mp4, length: 9000000, duration: '2:05'}\n---\nListen.";
    std::fs::write(folder.path().join("tide.md"), front).unwrap();
    let base_url = Some("https://courier.example/notes/".to_owned());
    let notes = Kind::Markdown(MarkdownSettings { path: folder.path().to_owned(), base_url });
    let pulled = pull(&notes, "").await.unwrap().articles.remove(0);
    assert_eq!(pulled.enclosures, [mp3.clone(), full.clone()]);

    let path = folder.path().join("content.db");
    let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    options.connect().await.unwrap().close().await.unwrap();
    let json = r#"[{"url":"https://m.example/t.mp4","type":"video/mp4","length":9000000,"duration":125}]"#;
    let query = format!(
        "SELECT 1 AS id, 'Tide' AS title, '{json}' AS enclosures UNION ALL SELECT 2, 'Ebb', '{}'",
        mp3.url
    );
    let table = Kind::Sqlite(SqliteSettings { path, query });
    let pulled = pull(&table, "").await.unwrap();
    assert!(pulled.notes.is_empty(), "{:?}", pulled.notes);
    let found: Vec<_> = pulled.articles.into_iter().flat_map(|article| article.enclosures).collect();
    assert_eq!(found, [full, mp3]);
}

#[tokio::test]
async fn readers_can_play_what_an_article_encloses_and_digests_link_to_it() {
    let (app, _) = app(RSS).await;
    app.configure(|settings| settings.newsletters = vec![daily()]);
    let served = app.serve().await;
    let page = served.get("/articles/the-tide-heard").await;
    for part in [
        "<audio controls preload=\"none\" src=\"https://media.example.org/tide.mp3?a=1&#38;b=2\" aria-label=\"The tide, heard\"></audio>",
        "type=\"audio/mpeg\">Listen · 34 MB</a>",
        "<video controls preload=\"none\" src=\"https://media.example.org/tide.webm\" aria-label=\"The tide, heard\"></video>",
        "type=\"video/webm\">Watch</a>",
    ] {
        assert!(page.text().contains(part), "{part} is not in {}", page.text());
    }
    assert!(page.header("content-security-policy").contains("media-src https: http:;"));
    app.publish_now("daily").await;
    let edition = app.editions("daily").await.remove(0);
    let (html, text) = app.store.find_edition_body(edition.id).await.unwrap().unwrap();
    assert!(html.contains(">Listen · 34 MB</a>"), "{html}");
    assert!(text.contains("Listen · 34 MB:\nhttps://media.example.org/tide.mp3?a=1&b=2\n"), "{text}");
}
