//! What came to a feed since a reader was there (RFC 3229): that and no more, and the whole where a part would not be the truth.

use std::collections::BTreeMap;

use courant::render::feed::check::check;
use reqwest::{Method, StatusCode};

use crate::support::app::{TestApp, daily};
use crate::support::served::{Answer, Served};

const FEEDS: [&str; 4] =
    ["/feed.rss", "/feed.atom", "/tags/harbour/feed.rss", "/authors/ines%20okafor/feed.atom"];
const WANTED: (&str, &str) = ("a-im", "feed");

async fn app() -> TestApp {
    let app = TestApp::start(vec![daily()], "2026-03-02T05:00:00Z").await;
    for title in ["One", "Two", "Three"] {
        publish(&app, title).await;
    }
    app
}

/// An article, a minute later.
async fn publish(app: &TestApp, title: &str) {
    app.wait(std::time::Duration::from_mins(1)).await;
    app.publish_article(title).await;
}

/// The article gets another body, a minute later.
async fn edit(app: &TestApp, title: &str, body: &str) {
    app.wait(std::time::Duration::from_mins(1)).await;
    let mut content = app.store.find_article_of_source("cms", title).await.unwrap().unwrap().content;
    content.html = format!("<p>{body}</p>");
    app.store.save_articles("cms", &[(title.to_owned(), content)], app.clock.now()).await.unwrap();
}

async fn retract(app: &TestApp, title: &str) {
    app.wait(std::time::Duration::from_mins(1)).await;
    let id = app.store.find_article_of_source("cms", title).await.unwrap().unwrap().id;
    assert!(app.store.retract_article(id, app.clock.now()).await.unwrap());
}

/// Each entry's title and body, the newest first.
fn entries(answer: &Answer) -> Vec<(String, String)> {
    let feed = feed_rs::parser::parse(answer.bytes.as_slice()).unwrap();
    let text = |entry: feed_rs::model::Entry| {
        (entry.title.unwrap().content, entry.content.unwrap().body.unwrap_or_default())
    };
    feed.entries.into_iter().map(text).collect()
}

fn titles(answer: &Answer) -> Vec<String> {
    entries(answer).into_iter().map(|(title, _)| title).collect()
}

/// Asks for what came since the version of this tag.
async fn since(served: &Served, path: &str, tag: &str) -> Answer {
    served.ask(Method::GET, path, &[WANTED, ("if-none-match", tag)]).await
}

#[tokio::test]
async fn a_reader_is_sent_what_is_new_or_changed_since_it_was_there() {
    let app = app().await;
    let served = app.serve().await;
    let mut before = Vec::new();
    for path in FEEDS {
        before.push(served.get(path).await);
    }
    publish(&app, "Four").await;
    edit(&app, "One", "Corrected").await;
    for (path, before) in FEEDS.into_iter().zip(&before) {
        let part = since(&served, path, before.header("etag")).await;
        assert_eq!(part.status, StatusCode::IM_USED, "{path}");
        assert_eq!(titles(&part), ["Four", "One"], "{path}");
        assert!(part.text().contains("Corrected"), "{path}");
        assert_eq!(check(&part.bytes), [], "{path}");
        let whole = served.get(path).await;
        assert_eq!(part.header("im"), "feed");
        assert_eq!(part.header("delta-base"), before.header("etag"));
        for name in ["etag", "last-modified", "content-type", "access-control-allow-origin"] {
            assert_eq!(part.header(name), whole.header(name), "{path} {name}");
        }
        assert_ne!(part.header("etag"), before.header("etag"));
        assert_eq!(part.header("cache-control"), "no-store, im, max-age=300");
        assert_eq!(part.header("vary"), "Accept-Encoding, Sec-Fetch-Dest, A-IM, If-None-Match");
        let again = since(&served, path, part.header("etag")).await;
        assert_eq!((again.status, again.bytes.len()), (StatusCode::NOT_MODIFIED, 0), "{path}");
        let head = served.ask(Method::HEAD, path, &[WANTED, ("if-none-match", before.header("etag"))]).await;
        assert_eq!((head.status, head.header("im"), head.bytes.len()), (StatusCode::IM_USED, "feed", 0));
    }
}

#[tokio::test]
async fn who_does_not_ask_for_a_part_or_has_no_known_version_is_sent_the_whole() {
    let app = app().await;
    let served = app.serve().await;
    let old = served.get("/feed.rss").await.header("etag").to_owned();
    let old_json = served.get("/feed.json").await.header("etag").to_owned();
    let old_search = served.get("/feed.rss?q=whole").await.header("etag").to_owned();
    publish(&app, "Four").await;
    let known = ("if-none-match", old.as_str());
    for (path, headers, vary) in [
        ("/feed.rss", vec![known], "Accept-Encoding, Sec-Fetch-Dest, A-IM"),
        ("/feed.rss", vec![WANTED], "Accept-Encoding, Sec-Fetch-Dest, A-IM, If-None-Match"),
        ("/feed.rss", vec![("a-im", "feed;q=0"), known], "Accept-Encoding, Sec-Fetch-Dest, A-IM"),
        ("/feed.rss", vec![("a-im", "vcdiff"), known], "Accept-Encoding, Sec-Fetch-Dest, A-IM"),
        ("/feed.rss", vec![WANTED, ("if-none-match", "\"0123456789abcdef01234567\"")], ""),
        ("/feed.rss", vec![WANTED, ("if-none-match", "\"x\"")], ""),
        ("/feed.rss", vec![WANTED, ("if-modified-since", "Sun, 01 Mar 2026 07:00:00 GMT")], ""),
        ("/feed.atom", vec![WANTED, known], "Accept-Encoding, Sec-Fetch-Dest, A-IM, If-None-Match"),
        ("/feed.json", vec![WANTED, ("if-none-match", &old_json)], "Accept-Encoding, Sec-Fetch-Dest"),
        (
            "/feed.rss?q=whole",
            vec![WANTED, ("if-none-match", &old_search)],
            "Accept-Encoding, Sec-Fetch-Dest",
        ),
    ] {
        let answer = served.ask(Method::GET, path, &headers).await;
        assert_eq!((answer.status, answer.header("im")), (StatusCode::OK, ""), "{path} {headers:?}");
        assert_eq!(entries(&answer).len(), 4, "{path} {headers:?}");
        assert!(answer.header("cache-control").starts_with("public,"), "{path} {headers:?}");
        assert!(vary.is_empty() || answer.header("vary") == vary, "{path} {headers:?}");
    }
}

#[tokio::test]
async fn a_part_cannot_say_that_an_entry_is_gone_so_the_whole_is_sent() {
    let app = app().await;
    let served = app.serve().await;
    let before = served.get("/feed.atom").await;
    publish(&app, "Four").await;
    retract(&app, "Two").await;
    let answer = since(&served, "/feed.atom", before.header("etag")).await;
    assert_eq!(
        (answer.status, titles(&answer)),
        (StatusCode::OK, vec!["Four".into(), "Three".into(), "One".into()])
    );
    publish(&app, "Five").await;
    let part = since(&served, "/feed.atom", answer.header("etag")).await;
    assert_eq!((part.status, titles(&part)), (StatusCode::IM_USED, vec!["Five".to_owned()]));
    let id = app.store.find_article_of_source("cms", "Two").await.unwrap().unwrap().id;
    app.store.reinstate_article(id, app.clock.now()).await.unwrap();
    let part = since(&served, "/feed.atom", part.header("etag")).await;
    assert_eq!((part.status, titles(&part)), (StatusCode::IM_USED, vec!["Two".to_owned()]));
}

#[tokio::test]
async fn what_is_new_pushes_the_oldest_out_of_a_full_feed() {
    let app = app().await;
    for number in 0..50 {
        publish(&app, &format!("More {number}")).await;
    }
    let served = app.serve().await;
    let before = served.get("/feed.rss").await;
    assert_eq!(entries(&before).len(), 50);
    publish(&app, "The last").await;
    let part = since(&served, "/feed.rss", before.header("etag")).await;
    assert_eq!((part.status, titles(&part)), (StatusCode::IM_USED, vec!["The last".to_owned()]));
    assert!(part.bytes.len() * 10 < before.bytes.len());
}

#[tokio::test]
async fn a_part_is_packed_and_names_the_version_in_the_coding_that_the_reader_has() {
    let app = app().await;
    let served = app.serve().await;
    let gzip = ("accept-encoding", "gzip");
    let before = served.ask(Method::GET, "/feed.rss", &[gzip]).await;
    publish(&app, "Four").await;
    let known = format!("\"x\", W/{}", before.header("etag"));
    let part = served.ask(Method::GET, "/feed.rss", &[WANTED, gzip, ("if-none-match", &known)]).await;
    assert_eq!((part.status, part.header("content-encoding")), (StatusCode::IM_USED, "gzip"));
    assert_eq!(part.header("delta-base"), before.header("etag"));
    let whole = served.ask(Method::GET, "/feed.rss", &[gzip]).await;
    assert_eq!(part.header("etag"), whole.header("etag"));
    let mut unzipped = String::new();
    let mut decoder = flate2::read::GzDecoder::new(part.bytes.as_slice());
    std::io::Read::read_to_string(&mut decoder, &mut unzipped).unwrap();
    assert!(unzipped.contains("<title>Four</title>") && !unzipped.contains("<title>Three</title>"));
}

#[tokio::test]
async fn so_many_versions_are_known_and_no_more_also_after_a_restart() {
    let app = app().await;
    let served = app.serve().await;
    let mut tags = Vec::new();
    for number in 0..30 {
        tags.push(served.get("/feed.rss").await.header("etag").to_owned());
        edit(&app, "One", &format!("Version {number}")).await;
    }
    served.stop().await;
    let app = app.restart_at("2026-03-02T06:00:00Z").await;
    let served = app.serve().await;
    served.get("/feed.rss").await;
    for (version, tag) in tags.iter().enumerate() {
        let expected = if version < 7 { StatusCode::OK } else { StatusCode::IM_USED };
        assert_eq!(since(&served, "/feed.rss", tag).await.status, expected, "{version}");
    }
    let all = tags.join(", ");
    let latest = since(&served, "/feed.rss", &format!("{}, {}", tags[20], tags[29])).await;
    assert_eq!(latest.header("delta-base"), tags[29]);
    let first = since(&served, "/feed.rss", &all).await;
    assert_eq!(first.header("delta-base"), tags[7], "only the first eight are looked for");
}

/// A reader that keeps what it was sent, and forgets what a whole feed no longer has.
#[derive(Default)]
struct Reader {
    tag: String,
    has: BTreeMap<String, String>,
}

impl Reader {
    async fn ask(&mut self, served: &Served, path: &str) -> StatusCode {
        let answer = since(served, path, &self.tag).await;
        if answer.status == StatusCode::OK {
            self.has.clear();
        }
        if answer.status != StatusCode::NOT_MODIFIED {
            self.has.extend(entries(&answer));
        }
        answer.header("etag").clone_into(&mut self.tag);
        answer.status
    }
}

#[tokio::test]
async fn who_adds_the_parts_together_has_the_whole() {
    let app = app().await;
    let served = app.serve().await;
    let mut reader = Reader::default();
    let mut seen = Vec::new();
    for step in 0..24 {
        match step % 6 {
            0 => publish(&app, &format!("New {step}")).await,
            1 | 4 => edit(&app, "Two", &format!("Edited {step}")).await,
            2 if step > 6 => retract(&app, &format!("New {}", step - 8)).await,
            _ => {}
        }
        seen.push(reader.ask(&served, "/feed.atom").await.as_u16());
        let whole: BTreeMap<_, _> = entries(&served.get("/feed.atom").await).into_iter().collect();
        assert_eq!(reader.has, whole, "{step}");
    }
    assert_eq!(seen[..10], [200, 226, 304, 304, 226, 304, 226, 226, 200, 304]);
}
