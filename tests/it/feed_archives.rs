//! Archives of feeds (RFC 5005): from the newest page back to the first article, whatever becomes of the articles meanwhile.

use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use courant::model::article::Content;
use courant::model::time::Timestamp;
use courant::render::feed::check::check;
use reqwest::{Method, StatusCode};

use crate::support::app::{TestApp, at, daily, newsletter};
use crate::support::article::article;
use crate::support::served::{Answer, Served};

const SITE: &str = "https://news.example.org";
const YEAR: &str = "public, max-age=31536000, immutable";

/// Articles of these numbers, each with one tag of three, dated by a minute each.
async fn save(app: &TestApp, source: &str, numbers: impl Iterator<Item = i64>) {
    let articles: Vec<(String, Content)> = numbers
        .map(|number| {
            let mut content = article(number, &format!("Article {number}")).content;
            content.tags = vec![["Sea", "Land", "Air"][usize::try_from(number % 3).unwrap()].to_owned()];
            (number.to_string(), content)
        })
        .collect();
    app.store.save_articles(source, &articles, app.clock.now()).await.unwrap();
}

async fn app_with(articles: i64) -> TestApp {
    let mut sea = newsletter("sea", "0 7 * * *", "UTC");
    sea.choice.tags = vec!["sea".to_owned()];
    let app = TestApp::start(vec![daily(), sea], "2026-03-05T00:00:00Z").await;
    save(&app, "cms", 1..=articles).await;
    app
}

fn titles(answer: &Answer) -> Vec<String> {
    let feed = feed_rs::parser::parse(answer.bytes.as_slice()).unwrap();
    feed.entries.into_iter().map(|entry| entry.title.unwrap().content).collect()
}

/// The address to which a document leads by a relation, as a path.
fn link(answer: &Answer, relation: &str) -> Option<String> {
    let text = answer.text();
    if text.starts_with('{') {
        let feed: serde_json::Value = serde_json::from_str(text).unwrap();
        let key = if relation == "self" { "feed_url" } else { "next_url" };
        return feed[key].as_str().map(|address| address.replace(SITE, ""));
    }
    let (_, rest) = text.split_once(&format!("rel=\"{relation}\""))?;
    let address = rest.split_once("href=\"")?.1.split('"').next()?;
    Some(address.replace(SITE, ""))
}

/// The newest page and then all of the archive, the newest page of it first.
async fn walk(served: &Served, path: &str) -> Vec<(String, Answer)> {
    let mut walked = Vec::new();
    let mut next = Some(path.to_owned());
    while let Some(path) = next {
        let answer = served.get(&path).await;
        assert_eq!((answer.status, check(&answer.bytes)), (StatusCode::OK, Vec::new()), "{path}");
        assert_eq!(link(&answer, "self").as_ref(), Some(&path));
        next = link(&answer, "prev-archive");
        walked.push((path, answer));
    }
    walked
}

/// What the pages of an archive hold, without the newest page of the feed.
fn archived(walked: &[(String, Answer)]) -> Vec<String> {
    walked[1..].iter().flat_map(|(_, answer)| titles(answer)).collect()
}

/// That a reader who walks back sees each of these, and that no two pages of the archive hold the same.
fn assert_whole(walked: &[(String, Answer)], expected: &BTreeSet<String>) {
    let in_archive = archived(walked);
    let distinct: HashSet<&String> = in_archive.iter().collect();
    assert_eq!(distinct.len(), in_archive.len(), "an article is in two pages");
    let seen: BTreeSet<String> = in_archive.into_iter().chain(titles(&walked[0].1)).collect();
    assert_eq!(&seen, expected);
}

fn numbered(numbers: impl Iterator<Item = i64>) -> BTreeSet<String> {
    numbers.map(|number| format!("Article {number}")).collect()
}

#[tokio::test]
async fn two_thousand_articles_are_walked_back_whole_and_each_is_in_one_page() {
    let app = app_with(2_000).await;
    let served = app.serve().await;
    for (path, pages, expected) in [
        ("/feed.atom", 41, numbered(1..=2_000)),
        ("/feed.rss", 41, numbered(1..=2_000)),
        ("/feed.json", 41, numbered(1..=2_000)),
        ("/tags/sea/feed.atom", 14, numbered((1..=2_000).filter(|number| number % 3 == 0))),
        ("/newsletters/sea/feed.json", 14, numbered((1..=2_000).filter(|number| number % 3 == 0))),
        ("/authors/ines%20okafor/feed.rss", 41, numbered(1..=2_000)),
        ("/sources/cms/feed.rss", 41, numbered(1..=2_000)),
    ] {
        let walked = walk(&served, path).await;
        assert_eq!(walked.len(), pages, "{path}");
        assert_whole(&walked, &expected);
        for (address, answer) in &walked[2..] {
            assert_eq!(answer.header("cache-control"), YEAR, "{address}");
            assert_eq!(titles(answer).len(), 50, "{address}");
        }
        assert_eq!(walked[1].1.header("cache-control"), "public, max-age=300", "it gets a page after it yet");
    }
}

/// The same for an archive that is fifty times as large; it takes a minute.
#[tokio::test]
#[ignore = "takes a minute: cargo test --test it a_hundred_thousand -- --ignored"]
async fn a_hundred_thousand_articles_are_walked_back_whole() {
    let app = app_with(0).await;
    for thousand in 0..100 {
        save(&app, "cms", thousand * 1_000 + 1..=(thousand + 1) * 1_000).await;
    }
    let served = app.serve().await;
    assert_whole(&walk(&served, "/feed.json").await, &numbered(1..=100_000));
}

#[tokio::test]
async fn a_page_of_the_archive_says_what_it_is_and_where_it_stands() {
    let app = app_with(170).await;
    let served = app.serve().await;
    let newest = served.get("/feed.atom").await;
    assert!(!newest.text().contains("fh:") && link(&newest, "current").is_none());
    assert_eq!(link(&newest, "prev-archive").as_deref(), Some("/feed/archive/3.atom"));
    for (path, neighbours) in [
        ("/feed/archive/1.atom", [None, Some("/feed/archive/2.atom")]),
        ("/feed/archive/2.atom", [Some("/feed/archive/1.atom"), Some("/feed/archive/3.atom")]),
        ("/feed/archive/3.rss", [Some("/feed/archive/2.rss"), None]),
    ] {
        let answer = served.get(path).await;
        assert!(answer.text().contains("xmlns:fh=\"http://purl.org/syndication/history/1.0\""), "{path}");
        assert!(answer.text().contains("<fh:archive/>"), "{path}");
        let current = format!("/feed.{}", path.rsplit('.').next().unwrap());
        assert_eq!(link(&answer, "current"), Some(current), "{path}");
        let found = ["prev-archive", "next-archive"].map(|relation| link(&answer, relation));
        assert_eq!(found.each_ref().map(Option::as_deref), neighbours, "{path}");
        let known = [("if-none-match", answer.header("etag"))];
        assert_eq!(served.ask(Method::GET, path, &known).await.status, StatusCode::NOT_MODIFIED, "{path}");
    }
    let id =
        |answer: &Answer| answer.text().split("<id>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert_eq!(id(&newest), id(&served.get("/feed/archive/1.atom").await), "they are one feed");
    for path in [
        "/feed/archive/0.rss",
        "/feed/archive/4.rss",
        "/feed/archive/01.rss",
        "/feed/archive/-1.rss",
        "/feed/archive/1.xml",
        "/feed/archive/1",
        "/feed/archive/99999999999999999999.rss",
        "/tags/nothing/feed/archive/1.rss",
        "/newsletters/none/feed/archive/1.rss",
    ] {
        assert_eq!(served.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let moved = served.get("/tags/SEA/feed/archive/1.rss").await;
    let found = (moved.status, moved.header("location"));
    assert_eq!(found, (StatusCode::MOVED_PERMANENTLY, "/tags/sea/feed/archive/1.rss"));
    assert_eq!(link(&served.get("/feed.rss?q=whole").await, "prev-archive"), None, "a search has no archive");
}

#[tokio::test]
async fn what_is_published_later_leaves_the_pages_that_are_closed_as_they_are() {
    let app = app_with(170).await;
    let served = app.serve().await;
    let before = walk(&served, "/feed.rss").await;
    for stop in [171, 199, 200, 249, 250, 420] {
        app.wait(Duration::from_mins(1)).await;
        save(&app, "cms", 171..=stop).await;
        let after = walk(&served, "/feed.rss").await;
        assert_whole(&after, &numbered(1..=stop));
        for (path, page) in &before[2..] {
            let same = after.iter().find(|(other, _)| other == path).unwrap();
            assert_eq!(same.1.bytes, page.bytes, "{path}");
            for name in ["etag", "last-modified", "cache-control"] {
                assert_eq!(same.1.header(name), page.header(name), "{path} {name}");
            }
        }
    }
}

#[tokio::test]
async fn a_correction_and_a_retraction_change_the_one_page_that_holds_the_article() {
    let app = app_with(170).await;
    let served = app.serve().await;
    let before = walk(&served, "/feed.atom").await;
    app.wait(Duration::from_hours(1)).await;
    let found = async |number: i64| {
        app.store.find_article_of_source("cms", &number.to_string()).await.unwrap().unwrap()
    };
    let mut corrected = found(60).await.content;
    corrected.title = "Article 60, corrected".to_owned();
    corrected.tags = vec!["Sea".to_owned()];
    app.store.save_articles("cms", &[("60".to_owned(), corrected)], app.clock.now()).await.unwrap();
    app.store.retract_article(found(61).await.id, app.clock.now()).await.unwrap();
    let after = walk(&served, "/feed.atom").await;
    let changed = |path: &str| {
        let page = |walked: &[(String, Answer)]| {
            let page = walked.iter().find(|(own, _)| own == path).map(|(_, page)| page).unwrap();
            (page.header("etag").to_owned(), Timestamp::from_http_date(page.header("last-modified")).unwrap())
        };
        let ((old, since), (new, now)) = (page(&before), page(&after));
        assert_eq!(old != new, now > since, "{path}: another tag and a later date");
        old != new
    };
    assert!(changed("/feed/archive/2.atom"));
    assert!(!changed("/feed/archive/1.atom") && !changed("/feed/archive/3.atom"));
    let mut expected = numbered((1..=170).filter(|number| ![60, 61].contains(number)));
    expected.insert("Article 60, corrected".to_owned());
    assert_whole(&after, &expected);
}

#[tokio::test]
async fn articles_that_come_in_any_order_of_their_dates_are_all_found() {
    let app = app_with(0).await;
    let served = app.serve().await;
    save(&app, "cms", (1_001..=1_120).rev()).await;
    assert_whole(&walk(&served, "/feed.json").await, &numbered(1_001..=1_120));
    for old in [1..=3, 10..=10, 20..=75] {
        app.wait(Duration::from_mins(1)).await;
        save(&app, "cms", old).await;
        walk(&served, "/feed.json").await;
    }
    save(&app, "cms", 2_000..=2_010).await;
    let expected = numbered((1_001..=1_120).chain(1..=3).chain(10..=10).chain(20..=75).chain(2_000..=2_010));
    assert_whole(&walk(&served, "/feed.json").await, &expected);
}

#[tokio::test]
async fn an_old_source_that_is_given_a_tag_does_not_make_a_page_without_bounds() {
    let app = app_with(600).await;
    let served = app.serve().await;
    walk(&served, "/tags/sea/feed.rss").await;
    app.wait(Duration::from_mins(1)).await;
    let retagged: Vec<(String, Content)> = (1..=600)
        .map(|number| {
            let mut content = article(number, &format!("Article {number}")).content;
            content.tags = vec!["Sea".to_owned(), format!("Batch {}", number / 100)];
            (number.to_string(), content)
        })
        .collect();
    app.store.save_articles("cms", &retagged, app.clock.now()).await.unwrap();
    let walked = walk(&served, "/tags/sea/feed.rss").await;
    assert_whole(&walked, &numbered(1..=600));
    assert!(walked.iter().all(|(_, page)| titles(page).len() <= 200));
    let mut everything = app.settings().newsletters[1].clone();
    everything.choice.tags = Vec::new();
    app.configure(|settings| settings.newsletters[1] = everything);
    walk(&served, "/newsletters/sea/feed.rss").await;
    served.web.reload(app.web_settings());
    let walked = walk(&served, "/newsletters/sea/feed.rss").await;
    assert_whole(&walked, &numbered(1..=600));
    assert!(walked.iter().all(|(_, page)| titles(page).len() <= 50), "another choice has another archive");
}

#[tokio::test]
async fn the_editions_of_a_newsletter_have_an_archive_too() {
    let app = TestApp::start(vec![newsletter("hourly", "0 * * * *", "UTC")], "2026-03-02T00:00:00Z").await;
    for number in 1..=65 {
        app.publish_article(&format!("Edition {number}")).await;
        app.clock.advance_to(at("2026-03-02T00:00:00Z") + Duration::from_hours(number));
        app.run_jobs().await;
    }
    let served = app.serve().await;
    for format in ["rss", "atom", "json"] {
        let walked = walk(&served, &format!("/newsletters/hourly/editions.{format}")).await;
        assert_eq!(walked.len(), 4, "{format}");
        assert_whole(&walked, &(1..=65).map(|number| format!("Edition {number}")).collect());
        assert_eq!(walked[3].1.header("cache-control"), YEAR);
        assert_eq!(walked[3].0, format!("/newsletters/hourly/editions/archive/1.{format}"));
    }
}

#[tokio::test]
async fn the_archive_is_the_same_after_a_restart() {
    let app = app_with(170).await;
    let served = app.serve().await;
    let before: Vec<Vec<u8>> =
        walk(&served, "/feed.atom").await.into_iter().map(|(_, answer)| answer.bytes).collect();
    served.stop().await;
    let app = app.restart_at("2026-03-06T00:00:00Z").await;
    let served = app.serve().await;
    let asked_first = served.get("/feed/archive/2.atom").await;
    assert_eq!(asked_first.bytes, before[2]);
    let after: Vec<Vec<u8>> =
        walk(&served, "/feed.atom").await.into_iter().map(|(_, answer)| answer.bytes).collect();
    assert_eq!(after, before);
}
