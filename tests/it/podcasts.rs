//! Feeds that are listed as podcasts.

use std::time::Duration;

use axum::Router;
use courant::jobs::puller::Puller;
use courant::jobs::{Job, ScheduledSource};
use courant::model::podcast::{Heard, Podcast};
use courant::render::feed::check::{Profile, check, check_profile};
use courant::source::{Fetcher, Source};
use courant::web::Settings;

use crate::sources::web::Web;
use crate::support::app::{TestApp, daily};
use crate::support::served::Served;

const EPISODES: &str = r#"<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>P</title>
<item><guid isPermaLink="false">1</guid><title>The tide, heard</title><description>Listen.</description><itunes:author>Ines Okafor</itunes:author>
<itunes:duration>1:02:05</itunes:duration><enclosure url="https://media.example.org/1.mp3" length="34216300" type="audio/mpeg"/></item>
<item><guid isPermaLink="false">2</guid><title>The quay &amp; the rest</title><description>Listen.</description>
<itunes:duration>ninety</itunes:duration><enclosure url="https://media.example.org/2.mp3" length="5" type="audio/mpeg"/></item>
</channel></rss>"#;

fn podcast(of: Heard) -> Podcast {
    Podcast {
        of,
        author: None,
        email: Some("radio@example.org".to_owned()),
        image: "https://news.example.org/cover.png".parse().unwrap(),
        category: "Society & Culture".to_owned(),
        subcategory: Some("Documentary".to_owned()),
        explicit: false,
        locked: true,
        guid: None,
    }
}

async fn app(podcasts: Vec<Podcast>) -> (TestApp, Served) {
    app_of(EPISODES, podcasts).await
}

/// The program with a source that gives this document, of two items.
async fn app_of(document: &'static str, podcasts: Vec<Podcast>) -> (TestApp, Served) {
    let web = Web::with(Router::new().fallback(async move || document)).await;
    let source = Source { name: "radio".to_owned(), tags: vec!["Radio".to_owned()], kind: web.feed("/feed") };
    let app = TestApp::start(vec![daily()], "2026-03-02T12:00:00Z").await;
    app.configure(|settings| {
        settings.sources = vec![ScheduledSource { source, every: Duration::from_mins(15) }];
    });
    let puller = Puller::new(app.store.clone(), Fetcher::new("https://courier.example"), app.live_settings());
    assert_eq!(puller.step(app.clock.now()).await.unwrap(), 2);
    let served = app.serve().await;
    served.web.reload(Settings { podcasts, ..app.web_settings() });
    (app, served)
}

fn guid(feed: &str) -> &str {
    feed.split("<podcast:guid>").nth(1).unwrap().split('<').next().unwrap()
}

#[tokio::test]
async fn the_feed_of_a_tag_says_what_directories_of_podcasts_ask_for() {
    let (_app, served) = app(vec![podcast(Heard::Tag("radio".to_owned()))]).await;
    let feed = served.get("/tags/radio/feed.rss").await;
    let text = feed.text();
    for part in [
        "<itunes:author>The Harbour Light</itunes:author>",
        "<itunes:email>radio@example.org</itunes:email>",
        "<itunes:image href=\"https://news.example.org/cover.png\"/>",
        "<itunes:category text=\"Society &#x26; Culture\"><itunes:category text=\"Documentary\"/></itunes:category>",
        "<itunes:explicit>false</itunes:explicit>",
        "<podcast:locked owner=\"radio@example.org\">yes</podcast:locked>",
        "<itunes:duration>3725</itunes:duration>\n<itunes:author>Ines Okafor</itunes:author>",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert_eq!(text.matches("<itunes:duration>").count(), 1, "the other one is not known");
    assert_eq!(check(&feed.bytes), []);
    let missing: Vec<&str> =
        check_profile(&feed.bytes, Profile::Podcast).iter().map(|finding| finding.rule).collect();
    assert_eq!(missing, ["podcast-duration"]);
    assert!(served.get("/tags/radio/feed.json").await.text().contains("\"duration_in_seconds\": 3725"));
}

#[tokio::test]
async fn a_podcast_keeps_its_guid_and_is_no_other_feed() {
    let (app, served) = app(vec![podcast(Heard::Newsletter("daily".to_owned()))]).await;
    let text = served.get("/newsletters/daily/feed.rss").await.text().to_owned();
    let given = "917393e3-1b1e-5cef-ace4-edaa54e1f810";
    let moved = Podcast {
        guid: Some(given.to_owned()),
        email: None,
        ..podcast(Heard::Newsletter("daily".to_owned()))
    };
    assert_eq!(guid(&text).len(), given.len());
    for path in ["/feed.rss", "/tags/radio/feed.rss", "/newsletters/daily/editions.rss"] {
        assert!(!served.get(path).await.text().contains("itunes"), "{path}");
    }
    served.web.reload(Settings { podcasts: vec![moved], ..app.web_settings() });
    let after = served.get("/newsletters/daily/feed.rss").await.text().to_owned();
    assert_eq!(guid(&after), given);
    assert!(after.contains("<podcast:locked>yes</podcast:locked>") && !after.contains("itunes:owner"));
}

/// The same episodes as a JSON Feed tells of them.
const JSON: &str = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "P", "items": [
{"id": "1", "title": "The tide, heard", "content_text": "Listen.", "authors": [{"name": "Ines Okafor"}], "attachments": [
  {"url": "https://media.example.org/1.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 34216300, "duration_in_seconds": 3725.4}]},
{"id": "2", "title": "The quay & the rest", "content_text": "Listen.", "attachments": [
  {"url": "https://media.example.org/2.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 5, "duration_in_seconds": -1}]}]}"#;

/// Of each item with a recording: its address, type and length, and how long it is where the document says that.
fn recordings(document: &str) -> Vec<(String, String, u64, Option<u64>)> {
    if let Ok(feed) = serde_json::from_str::<serde_json::Value>(document) {
        let items = feed["items"].as_array().unwrap().iter().map(|item| &item["attachments"][0]);
        let of = |file: &serde_json::Value| {
            let text = |key: &str| file[key].as_str().unwrap().to_owned();
            let length = file["size_in_bytes"].as_u64().unwrap();
            (text("url"), text("mime_type"), length, file["duration_in_seconds"].as_u64())
        };
        return items.map(of).collect();
    }
    let ends = if document.contains("<rss") { "</item>" } else { "</entry>" };
    let items = document.split(ends).filter(|item| item.contains("enclosure"));
    let of = |item: &str| {
        let part = |before: &str, after: char| {
            Some(item.split_once(before)?.1.split(after).next().unwrap().to_owned())
        };
        let (_, tag) = item.split_once("enclosure\"").or_else(|| item.split_once("<enclosure")).unwrap();
        let attribute =
            |name: &str| tag.split_once(&format!("{name}=\"")).unwrap().1.split('"').next().unwrap();
        let url = attribute(if ends == "</item>" { "url" } else { "href" }).to_owned();
        let seconds = part("<itunes:duration>", '<').map(|seconds| seconds.parse().unwrap());
        (url, attribute("type").to_owned(), attribute("length").parse().unwrap(), seconds)
    };
    items.map(of).collect()
}

#[tokio::test]
async fn every_format_says_the_same_of_a_recording_whichever_told_it() {
    let first = |seconds| {
        ("https://media.example.org/1.mp3".to_owned(), "audio/mpeg".to_owned(), 34_216_300, seconds)
    };
    let second = || ("https://media.example.org/2.mp3".to_owned(), "audio/mpeg".to_owned(), 5, None);
    for document in [EPISODES, JSON] {
        let (_app, served) = app_of(document, vec![podcast(Heard::Tag("radio".to_owned()))]).await;
        for (path, seconds) in [
            ("/tags/radio/feed.json", Some(3725)),
            ("/tags/radio/feed.rss", Some(3725)),
            // These have no word for it.
            ("/tags/radio/feed.atom", None),
            ("/feed.rss", None),
        ] {
            let answer = served.get(path).await;
            let mut found = recordings(answer.text());
            found.sort();
            assert_eq!(found, [first(seconds), second()], "{path}: {}", answer.text());
            assert_eq!(check(&answer.bytes), [], "{path}");
        }
    }
}
