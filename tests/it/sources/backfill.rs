//! `courant source backfill`: what is older than a feed shows comes as history.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use courant::cli::{self, Output};
use courant::model::article::Content;
use courant::model::time::Clock;
use courant::store::Store;
use serde_json::Value;
use tempfile::TempDir;

use super::NOW;
use super::web::Web;
use crate::support::app::{TestApp, at, daily};
use crate::support::article;

/// Pages by their addresses, which a test may change.
type Pages = Arc<Mutex<HashMap<String, String>>>;

async fn site(pages: &[(&str, String)]) -> (Web, Pages) {
    let pages: Pages =
        Arc::new(Mutex::new(pages.iter().map(|(path, text)| ((*path).to_owned(), text.clone())).collect()));
    let served = Arc::clone(&pages);
    let serve = async move |uri: Uri| -> Response {
        let path = uri.path_and_query().map_or("", |path| path.as_str());
        match served.lock().unwrap().get(path).map(String::as_str) {
            Some("busy") => (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "60")]).into_response(),
            Some(text) => text.to_owned().into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        }
    };
    (Web::with(Router::new().fallback(serve)).await, pages)
}

/// A feed of these items that says this of itself.
fn rss(about: &str, items: std::ops::Range<usize>) -> String {
    let mut text = format!(
        "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>Wire</title>{about}"
    );
    for number in items {
        write!(
            text,
            "<item><guid>{number}</guid><title>Item {number}</title><description>Text.</description>\
            <pubDate>Tue, 03 Mar 2020 09:00:00 GMT</pubDate></item>"
        )
        .unwrap();
    }
    text + "</channel></rss>"
}

fn link(relation: &str, to: &str) -> String {
    format!("<atom:link rel='{relation}' href='{to}'/>")
}

struct Operator(TempDir);

impl Operator {
    fn new(web: &Web) -> Self {
        let folder = TempDir::new().unwrap();
        let text = format!(
            "[publication]\ntitle = \"The Courier\"\nbase_url = \"https://courier.example\"\n\
            [[source]]\nname = \"wire\"\nkind = \"feed\"\nurl = \"{}\"\nallow_private = true\ntags = [\"out\"]\n",
            web.url("/feed")
        );
        std::fs::write(folder.path().join("courant.toml"), text).unwrap();
        Self(folder)
    }

    async fn run(&self, arguments: &[&str]) -> (bool, String) {
        let config = self.0.path().join("courant.toml");
        let program = ["courant", "--config", config.to_str().unwrap(), "source", "backfill", "wire"];
        let line = program.iter().chain(arguments).map(Into::into);
        let (output, captured) = Output::captured();
        let result = cli::run(line.collect::<Vec<_>>(), output, Clock::manual(NOW)).await;
        let is_told = !captured.text().is_empty();
        let error = result.as_ref().err().filter(|_| !is_told).map(|error| format!("{error:#}"));
        (result.is_ok(), error.unwrap_or_else(|| captured.text()))
    }

    async fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.run(&[arguments, &["--json"]].concat()).await.1).unwrap()
    }

    async fn count(&self) -> i64 {
        let store = Store::open(&self.0.path().join("courant.db"), NOW).await.unwrap();
        let count = store.count_articles_of("wire").await.unwrap();
        store.close().await;
        count
    }
}

#[tokio::test]
async fn every_way_to_older_articles_is_gone_to_its_end() {
    let json = |next: &str, id: u32| {
        format!(
            "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"W\",\"next_url\":\"{next}\",\
            \"items\":[{{\"id\":\"{id}\",\"content_text\":\"Text {id}.\"}}]}}"
        )
    };
    let generator = "<generator>https://wordpress.org/?v=6.5</generator>";
    for (what, pages, articles, read) in [
        (
            "archives",
            vec![
                ("/feed", rss(&(link("next", "/no") + &link("prev-archive", "/2")), 20..30)),
                ("/2", rss(&link("prev-archive", "1"), 10..21)),
                ("/1", rss("", 0..10)),
            ],
            30,
            3,
        ),
        ("pages", vec![("/feed", rss(&link("next", "/feed?p=2"), 5..9)), ("/feed?p=2", rss("", 0..5))], 9, 2),
        ("JSON Feed", vec![("/feed", json("/2", 3)), ("/2", json("/3", 2)), ("/3", json("", 1))], 3, 3),
        (
            "WordPress",
            vec![
                ("/feed", rss(generator, 20..30)),
                ("/feed?paged=2", rss(generator, 10..20)),
                ("/feed?paged=3", rss(generator, 0..10)),
            ],
            30,
            4,
        ),
        ("nothing older", vec![("/feed", rss("", 0..4))], 4, 1),
        (
            "a loop",
            vec![("/feed", rss(&link("next", "/2"), 5..9)), ("/2", rss(&link("next", "/feed"), 0..5))],
            9,
            2,
        ),
        (
            "a page for every number",
            vec![("/feed", rss(generator, 0..4)), ("/feed?paged=2", rss(generator, 0..4))],
            4,
            2,
        ),
    ] {
        let (web, _) = site(&pages).await;
        let operator = Operator::new(&web);
        let walked = operator.json(&[]).await;
        assert_eq!(walked["is_done"], true, "{what}: {walked}");
        assert_eq!(
            (walked["pages"].as_i64(), operator.count().await),
            (Some(read), articles),
            "{what}: {walked}"
        );
        let (is_well, text) = operator.run(&[]).await;
        assert!(!is_well && text.contains("has been read to its end, 0 s ago"), "{what}: {text}");
        assert_eq!(operator.json(&["--again"]).await["articles"], 0, "{what}");
    }
}

#[tokio::test]
async fn a_walk_goes_on_where_it_ended_and_where_a_server_was_busy() {
    let page = |number: usize| rss(&link("next", &format!("/{}", number - 1)), number * 10..number * 10 + 10);
    let (web, pages) = site(&[("/feed", page(5)), ("/4", page(4)), ("/3", "busy".to_owned())]).await;
    let operator = Operator::new(&web);
    let (is_well, text) = operator.run(&["--pages", "1"]).await;
    assert!(is_well && text.ends_with("There is more: the same command goes on where it ended.\n"), "{text}");
    let (is_well, text) = operator.run(&[]).await;
    assert!(
        !is_well && text.contains("10 older articles on 1 pages\nIt stopped: ") && text.contains("(503)"),
        "{text}"
    );
    assert_eq!(operator.count().await, 20);

    pages.lock().unwrap().extend([("/3".to_owned(), page(3)), ("/2".to_owned(), rss("", 20..30))]);
    let (is_well, text) = operator.run(&[]).await;
    assert_eq!(
        (is_well, text.as_str()),
        (true, "wire: 20 older articles on 2 pages\nThere is nothing older.\n")
    );
    let asked: Vec<String> = web.requests().into_iter().map(|(uri, _)| uri).collect();
    assert_eq!(asked.iter().filter(|uri| *uri == "/4").count(), 1, "no page is read twice: {asked:?}");
}

#[tokio::test]
async fn a_private_feed_does_not_lead_to_other_servers() {
    let (other, _) = site(&[("/x", rss("", 0..5))]).await;
    let elsewhere = other.url("/x").replace("127.0.0.1", "127.0.0.2");
    let (web, _) = site(&[("/feed", rss(&link("next", &elsewhere), 5..6))]).await;
    let (is_well, text) = Operator::new(&web).run(&[]).await;
    assert!(!is_well && text.contains("at another server than the feed"), "{text}");
}

fn dated(title: &str) -> Content {
    Content {
        published_at: Some(at("2020-01-01T00:00:00Z")),
        url: None,
        ..article::article(1, title).content
    }
}

#[tokio::test]
async fn what_a_backfill_brings_is_history_and_no_news() {
    let app = TestApp::start(vec![daily()], "2026-03-02T12:00:00Z").await;
    app.publish_article("The first").await;
    app.advance_to("2026-03-03T12:00:00Z").await;
    assert_eq!(app.edition_titles("daily").await.len(), 1);
    let old: Vec<_> =
        (0..300).map(|number| (format!("old {number}"), dated(&format!("Old {number}")))).collect();
    let saved = app.store.save_older_articles("wire", &old, at("2026-03-03T13:00:00Z")).await.unwrap();
    assert_eq!(saved.new, 300);
    let changed = vec![("old 1".to_owned(), dated("Another"))];
    let saved = app.store.save_older_articles("wire", &changed, at("2026-03-03T13:00:00Z")).await.unwrap();
    assert_eq!((saved.unchanged, saved.changed), (1, 0), "what is known stays as it is");
    app.publish_article("The second").await;
    app.advance_to("2026-03-05T12:00:00Z").await;
    assert_eq!(app.edition_titles("daily").await, [vec!["The first"], vec!["The second"]]);
    let found = app.store.find_article_of_source("wire", "old 1").await.unwrap().unwrap();
    assert_eq!(found.content.title, "Old 1");
}
