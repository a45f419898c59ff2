//! Feeds over HTTP: what a reader gets, and when it gets nothing because it has it.

use courant::render::feed::check::check;
use reqwest::{Method, StatusCode};

use crate::support::app::{TestApp, at, daily, newsletter};
use crate::support::served::Answer;

const FEEDS: [&str; 12] = [
    "/feed.rss",
    "/feed.atom",
    "/feed.json",
    "/tags/harbour/feed.rss",
    "/tags/harbour/feed.atom",
    "/tags/harbour/feed.json",
    "/newsletters/daily/feed.rss",
    "/newsletters/daily/feed.atom",
    "/newsletters/daily/feed.json",
    "/newsletters/daily/editions.rss",
    "/newsletters/daily/editions.atom",
    "/newsletters/daily/editions.json",
];

async fn app() -> TestApp {
    let app = TestApp::start(vec![daily()], "2026-03-02T05:00:00Z").await;
    app.publish_article("The ferry sails again").await;
    app.publish_article("Tea & \"toast\" <at> the quay").await;
    app.advance_to("2026-03-02T12:00:00Z").await;
    app
}

fn titles(answer: &Answer) -> Vec<String> {
    let feed = feed_rs::parser::parse(answer.bytes.as_slice()).unwrap();
    feed.entries.into_iter().map(|entry| entry.title.unwrap().content.replace('\u{2060}', "")).collect()
}

fn validators(answer: &Answer) -> (String, String) {
    (answer.header("etag").to_owned(), answer.header("last-modified").to_owned())
}

#[tokio::test]
async fn every_feed_is_valid_and_holds_what_it_says() {
    let app = app().await;
    let served = app.serve().await;
    for path in FEEDS {
        let answer = served.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(check(&answer.bytes), [], "{path}");
        let expected = if path.contains("editions") { 1 } else { 2 };
        assert_eq!(titles(&answer).len(), expected, "{path}");
        assert!(answer.text().contains(&format!("https://news.example.org{path}")), "{path} names itself");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert_eq!(answer.header("set-cookie"), "");
        let vary = if path.ends_with("json") {
            "Accept-Encoding, Sec-Fetch-Dest"
        } else {
            "Accept-Encoding, Sec-Fetch-Dest, A-IM"
        };
        assert_eq!(answer.header("vary"), vary);
    }
    assert_eq!(served.get("/feed.rss").await.header("content-type"), "application/rss+xml; charset=utf-8");
}

#[tokio::test]
async fn an_empty_feed_is_a_feed_and_a_feed_of_nothing_is_not_there() {
    let mut awaited = newsletter("sea", "0 7 * * *", "Europe/Paris");
    awaited.choice.tags = vec!["Sea".to_owned()];
    let app = TestApp::start(vec![awaited], "2026-03-02T05:00:00Z").await;
    let served = app.serve().await;
    for path in
        ["/feed.rss", "/feed.atom", "/feed.json", "/newsletters/sea/editions.atom", "/tags/sea/feed.rss"]
    {
        let answer = served.get(path).await;
        assert_eq!((answer.status, check(&answer.bytes)), (StatusCode::OK, Vec::new()), "{path}");
        assert_eq!(titles(&answer), Vec::<String>::new(), "{path}");
    }
    for path in
        ["/tags/nobody/feed.rss", "/newsletters/none/feed.rss", "/newsletters/none/editions.rss", "/feed.xml"]
    {
        assert_eq!(served.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

const GZIP: (&str, &str) = ("accept-encoding", "gzip");
const BROTLI: (&str, &str) = ("accept-encoding", "br, gzip;q=0.9");

#[tokio::test]
async fn compressed_feeds_hold_the_same_under_tags_of_their_own() {
    let app = app().await;
    let served = app.serve().await;
    let plain = served.get("/feed.atom").await;
    let gzip = served.ask(Method::GET, "/feed.atom", &[GZIP]).await;
    let at_once = served.ask(Method::GET, "/feed.atom", &[BROTLI]).await;
    assert_eq!(at_once.header("content-encoding"), "gzip", "brotli takes its time, and nobody waits for it");
    let brotli = served.ask_for_brotli("/feed.atom").await;
    let mut unzipped = Vec::new();
    let mut decoder = flate2::read::GzDecoder::new(gzip.bytes.as_slice());
    std::io::Read::read_to_end(&mut decoder, &mut unzipped).unwrap();
    assert_eq!((gzip.header("content-encoding"), unzipped), ("gzip", plain.bytes.clone()));
    let mut unpacked = Vec::new();
    brotli::BrotliDecompress(&mut brotli.bytes.as_slice(), &mut unpacked).unwrap();
    assert_eq!((brotli.header("content-encoding"), unpacked), ("br", plain.bytes.clone()));
    let tags = [&plain, &gzip, &brotli].map(|answer| answer.header("etag"));
    assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2], "{tags:?}");
    assert!(tags.iter().all(|tag| tag.starts_with('"') && tag.ends_with('"')), "strong: {tags:?}");
    assert!(brotli.bytes.len() < gzip.bytes.len() && gzip.bytes.len() < plain.bytes.len());
    let head = served.ask(Method::HEAD, "/feed.atom", &[]).await;
    assert_eq!(head.header("content-length"), plain.bytes.len().to_string());
    assert_eq!(validators(&head), validators(&plain));
}

#[tokio::test]
async fn the_same_bytes_keep_their_validators_also_over_a_restart() {
    let app = app().await;
    let before = app.serve().await.get("/feed.rss").await;
    let app = app.restart_at("2026-03-02T13:00:00Z").await;
    let served = app.serve().await;
    let after = served.get("/feed.rss").await;
    assert_eq!(after.bytes, before.bytes);
    assert_eq!(validators(&after), validators(&before));
    app.store.raise_revision().await.unwrap();
    assert_eq!(validators(&served.get("/feed.rss").await), validators(&before));
}

#[tokio::test]
async fn other_bytes_have_another_tag_and_a_later_date() {
    let app = app().await;
    let served = app.serve().await;
    let mut before = served.get("/feed.rss").await;
    app.advance_to("2026-03-02T15:00:00Z").await;
    app.publish_article("A third").await;
    let mut changed = async |what: &str| {
        let after = served.get("/feed.rss").await;
        assert_ne!(after.header("etag"), before.header("etag"), "{what}");
        let date =
            |answer: &Answer| courant::model::time::Timestamp::from_http_date(answer.header("last-modified"));
        assert!(date(&after) > date(&before), "{what}: {:?} {:?}", date(&after), date(&before));
        before = after;
    };
    changed("an article").await;
    app.configure(|settings| settings.publication.title = "The Other Light".to_owned());
    served.web.reload(app.web_settings());
    changed("the publication's title").await;
    app.configure(|settings| settings.publication.title = "The Third Light".to_owned());
    served.web.reload(app.web_settings());
    changed("its title once more within the second").await;
}

#[tokio::test]
async fn an_article_that_loses_a_tag_leaves_the_feed_of_the_tag() {
    let app = app().await;
    let served = app.serve().await;
    let before = served.get("/tags/harbour/feed.rss").await;
    let mut content = app
        .store
        .latest_articles(&courant::store::Selection {
            limit: 1,
            ..courant::store::Selection::seen_by(courant::store::Sight::Operator)
        })
        .await
        .unwrap()[0]
        .clone();
    content.content.tags = vec!["Sea".to_owned()];
    app.advance_to("2026-03-02T16:00:00Z").await;
    let saved = [(content.external_id.clone(), content.content.clone())];
    app.store.save_articles("cms", &saved, app.clock.now()).await.unwrap();
    let after = served.get("/tags/harbour/feed.rss").await;
    assert_eq!((titles(&before).len(), titles(&after).len()), (2, 1));
    assert_ne!(after.header("last-modified"), before.header("last-modified"));
    assert_eq!(titles(&served.get("/tags/sea/feed.json").await), [content.content.title]);
}

#[tokio::test]
async fn ids_do_not_change_when_everything_else_does() {
    let app = app().await;
    let served = app.serve().await;
    let ids = |answer: &Answer| {
        let feed = feed_rs::parser::parse(answer.bytes.as_slice()).unwrap();
        feed.entries.into_iter().map(|entry| entry.id).collect::<Vec<_>>()
    };
    let before = ids(&served.get("/feed.atom").await);
    let article = app
        .store
        .latest_articles(&courant::store::Selection {
            limit: 1,
            ..courant::store::Selection::seen_by(courant::store::Sight::Operator)
        })
        .await
        .unwrap()[0]
        .clone();
    let mut content = article.content.clone();
    content.title = "Another headline".to_owned();
    content.url = Some("https://elsewhere.example.org/moved".to_owned());
    app.advance_to("2026-03-02T17:00:00Z").await;
    app.store.save_articles("cms", &[(article.external_id.clone(), content)], app.clock.now()).await.unwrap();
    app.configure(|settings| settings.publication.base_url = "https://moved.example.org/".parse().unwrap());
    served.web.reload(app.web_settings());
    for path in ["/feed.atom", "/feed.rss", "/feed.json"] {
        assert_eq!(ids(&served.get(path).await), before, "{path}");
    }
    let text = served.get("/feed.atom").await.text().to_owned();
    assert!(text.contains("<updated>2026-03-02T17:00:00."), "the edited one says when: {text}");
}

#[tokio::test]
async fn a_feed_of_editions_is_good_until_the_next_tick() {
    let app = app().await;
    let served = app.serve().await;
    for (moment, expected) in [
        ("2026-03-02T12:00:00Z", "public, max-age=3600"),
        ("2026-03-03T05:30:00Z", "public, max-age=1800"),
        ("2026-03-03T05:59:00Z", "public, max-age=300"),
    ] {
        app.clock.set(at(moment));
        let answer = served.get("/newsletters/daily/editions.rss").await;
        assert_eq!(answer.header("cache-control"), expected, "{moment}");
        assert!(answer.text().contains("<ttl>60</ttl>"), "{moment}");
    }
}

/// The app with two sources, of which one is asked every quarter of an hour and one every two hours, and a newsletter that takes
/// from the slow one.
async fn app_of_two_paces() -> (TestApp, courant::web::Settings) {
    let mut slow = newsletter("slow", "*/10 * * * *", "UTC");
    slow.choice.sources = vec!["Wire".to_owned()];
    let app = TestApp::start(vec![daily(), slow], "2026-03-02T05:00:00Z").await;
    app.publish_article("One").await;
    app.store.register_sources(&["cms", "wire"]).await.unwrap();
    let pace = |source: &str, minutes| courant::web::Pace {
        source: source.to_owned(),
        every: std::time::Duration::from_mins(minutes),
    };
    let settings =
        courant::web::Settings { paces: vec![pace("cms", 15), pace("wire", 120)], ..app.web_settings() };
    (app, settings)
}

async fn pull(app: &TestApp, source: &str, next_at: &str) {
    let success = courant::store::Success {
        cursor: "",
        next_at: at(next_at),
        notes: &[],
        is_change: false,
        pause: 0,
        host: None,
        is_at_end: true,
    };
    app.store.record_pull(source, &success, app.clock.now()).await.unwrap();
}

#[tokio::test]
async fn a_feed_of_articles_is_good_until_a_source_is_asked_that_it_takes_from() {
    let (app, settings) = app_of_two_paces().await;
    let served = app.serve().await;
    served.web.reload(settings);
    let good_for = async |path: &str| {
        let answer = served.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        answer.header("cache-control").trim_start_matches("public, max-age=").parse::<u32>().unwrap()
    };
    assert_eq!(good_for("/feed.rss").await, 300, "nobody has been asked yet");
    pull(&app, "cms", "2026-03-02T05:15:00Z").await;
    pull(&app, "wire", "2026-03-02T05:40:00Z").await;
    for (moment, all, wire) in [
        ("2026-03-02T05:00:01Z", 899, 2399),
        ("2026-03-02T05:08:00Z", 420, 1920),
        ("2026-03-02T05:12:00Z", 300, 1680),
        ("2026-03-02T05:50:00Z", 300, 300),
    ] {
        app.clock.set(at(moment));
        for path in ["/feed.rss", "/feed.json", "/tags/harbour/feed.atom", "/newsletters/daily/feed.rss"] {
            assert_eq!(good_for(path).await, all, "{path} at {moment}");
        }
        for path in ["/sources/wire/feed.rss", "/newsletters/slow/feed.atom", "/feed.rss?q=a&source=wire"] {
            assert_eq!(good_for(path).await, wire, "{path} at {moment}");
        }
    }
    pull(&app, "cms", "2026-04-02T05:00:00Z").await;
    pull(&app, "wire", "2026-04-02T05:00:00Z").await;
    app.clock.set(at("2026-03-02T06:00:00Z"));
    assert_eq!(good_for("/feed.rss").await, 3600, "an operator may do something meanwhile");
}

#[tokio::test]
async fn what_a_feed_says_of_its_pace_does_not_change_with_the_time() {
    let (app, settings) = app_of_two_paces().await;
    let served = app.serve().await;
    served.web.reload(settings);
    for (path, minutes, frequency) in [
        ("/feed.rss", 15, 4),
        ("/sources/wire/feed.rss", 60, 1),
        ("/newsletters/slow/feed.rss", 60, 1),
        ("/newsletters/slow/editions.rss", 10, 6),
        ("/newsletters/daily/editions.rss", 60, 1),
    ] {
        app.clock.set(at("2026-03-02T05:01:00Z"));
        let first = served.get(path).await;
        assert!(first.text().contains(&format!("<ttl>{minutes}</ttl>")), "{path}: {}", first.text());
        let frequency = format!("<sy:updateFrequency>{frequency}</sy:updateFrequency>");
        assert!(first.text().contains(&frequency), "{path}: {}", first.text());
        app.clock.set(at("2026-03-02T05:14:00Z"));
        app.store.raise_revision().await.unwrap();
        assert_eq!(validators(&served.get(path).await), validators(&first), "{path}");
    }
}

#[tokio::test]
async fn a_tag_of_any_characters_has_a_feed() {
    let app = app().await;
    let mut content = crate::support::article::article(1, "Odd").content;
    content.tags = vec!["a/b 🎉 & c?".to_owned()];
    app.store.save_articles("cms", &[("odd".to_owned(), content)], app.clock.now()).await.unwrap();
    let served = app.serve().await;
    let path = "/tags/a%2Fb%20%F0%9F%8E%89%20%26%20c%3F/feed.rss";
    let answer = served.get(path).await;
    assert_eq!((answer.status, titles(&answer)), (StatusCode::OK, vec!["Odd".to_owned()]));
    assert!(answer.text().contains(&format!("https://news.example.org{path}")), "{}", answer.text());
    assert_eq!(check(&answer.bytes), []);
}

#[tokio::test]
async fn a_browser_may_ask_from_another_site() {
    let app = app().await;
    let served = app.serve().await;
    let preflight =
        [("origin", "https://reader.example"), ("access-control-request-headers", "if-none-match")];
    let answer = served.ask(Method::OPTIONS, "/feed.json", &preflight).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("access-control-allow-headers"), "*");
    let answer = served.ask(Method::POST, "/feed.json", &[]).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn what_is_served_under_a_path_is_found_with_and_without_it() {
    let app = app().await;
    app.configure(|settings| settings.publication.base_url = "https://example.org/news/".parse().unwrap());
    let served = app.serve().await;
    let (with, without) = (served.get("/news/feed.rss").await, served.get("/feed.rss").await);
    assert_eq!((with.status, &with.bytes), (StatusCode::OK, &without.bytes));
    assert!(with.text().contains("https://example.org/news/feed.rss"));
}
