//! What strangers see: every public address is walked, and what is private is found in none.

use std::collections::{BTreeSet, VecDeque};

use courant::web::Hub;
use reqwest::{Method, StatusCode};

use super::{AFTER_TICK, MARKS, SECRET, SLUG, app, app_of, newsletters};
use crate::support::app::TestApp;
use crate::support::served::{Answer, Served};

/// Where a walk begins, besides the front page.
const SEEDS: [&str; 26] = [
    "/",
    "/feeds.opml",
    "/sitemap.xml",
    "/sitemap-news.xml",
    "/sitemaps/0.xml",
    "/sitemaps/1.xml",
    "/robots.txt",
    "/feed.rss",
    "/feed.atom",
    "/feed.json",
    "/feed/archive/1.rss",
    "/feed.rss?q=lamp",
    "/feed.json?q=lamp&tag=town",
    "/search?q=lighthouse+lamp",
    "/search?q=chest",
    "/search?q=lamp&newsletter=insiders",
    "/search?q=the",
    "/newsletters/insiders",
    "/newsletters/insiders?page=2",
    "/newsletters/daily",
    "/newsletters/daily/editions.rss",
    "/newsletters/daily/editions/archive/1.rss",
    "/articles/lighthouse-lamp-returns-to-the-lighthouse",
    "/manage",
    "/metrics",
    "/nothing-here",
];

/// Private addresses, each with one that is like it and of nothing.
const TWINS: [(&str, &str); 17] = [
    ("/newsletters/insiders/editions/1", "/newsletters/insiders/editions/77"),
    ("/newsletters/insiders/editions/1", "/newsletters/nobody/editions/1"),
    ("/newsletters/insiders/feed.rss", "/newsletters/nobody/feed.rss"),
    ("/newsletters/insiders/feed.json", "/newsletters/nobody/feed.json"),
    ("/newsletters/insiders/editions.atom", "/newsletters/nobody/editions.atom"),
    ("/newsletters/insiders/feed/archive/1.rss", "/newsletters/nobody/feed/archive/1.rss"),
    ("/newsletters/insiders/editions/archive/1.rss", "/newsletters/nobody/editions/archive/1.rss"),
    ("/feed.rss?newsletter=insiders&q=lamp", "/feed.rss?newsletter=nobody&q=lamp"),
    ("/feed.rss?q=lamp&tag=cellar", "/feed.rss?q=lamp&tag=nothing"),
    ("/feed.rss?author=mata%20brandt&q=lamp", "/feed.rss?author=nobody&q=lamp"),
    ("/feed.rss?q=lamp&source=backroom", "/feed.rss?q=lamp&source=nowhere"),
    ("/articles/old-lighthouse-lamp-found-in-the-vault", "/articles/nothing"),
    ("/tags/Cellar", "/tags/Nothing"),
    ("/tags/cellar/feed.rss", "/tags/nothing/feed.rss"),
    ("/tags/cellar/feed/archive/1.rss", "/tags/nothing/feed/archive/1.rss"),
    ("/authors/mata%20brandt/feed.atom", "/authors/nobody/feed.atom"),
    ("/sources/backroom/feed.json", "/sources/nowhere/feed.json"),
];

/// The paths of our own that a document names.
fn paths(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for mark in ["href=\"", "src=\"", "action=\"", "xmlUrl=\"", "htmlUrl=\"", "https://news.example.org"] {
        for part in text.split(mark).skip(1) {
            let end = part.find(['"', '<', '>', ' ', '\'', '\\']).unwrap_or(part.len());
            let path = part[..end].replace("&amp;", "&").replace("&#38;", "&").replace("&#x26;", "&");
            let path = path.strip_prefix("https://news.example.org").unwrap_or(&path);
            let path = path.split('#').next().unwrap_or_default();
            if path.starts_with('/') {
                found.insert(path.to_owned());
            }
        }
    }
    found
}

/// Every answer that a stranger can get, from all that leads there.
async fn walk(served: &Served) -> Vec<(String, Answer)> {
    let mut waiting: VecDeque<String> = SEEDS.into_iter().map(str::to_owned).collect();
    let (mut known, mut answers) = (BTreeSet::from_iter(waiting.clone()), Vec::new());
    while let Some(path) = waiting.pop_front() {
        let answer = served.get(&path).await;
        let headers = [answer.header("location"), answer.header("link")].join(" ");
        let links = headers.replace(['<', '>', ','], " ");
        for path in paths(&String::from_utf8_lossy(&answer.bytes)).into_iter().chain(paths(&links)) {
            if known.insert(path.clone()) {
                waiting.push_back(path);
            }
        }
        answers.push((path, answer));
        assert!(answers.len() < 1000, "the walk has no end");
    }
    answers
}

#[tokio::test]
async fn nothing_private_is_found_at_any_public_address() {
    let app = app().await;
    assert_eq!(app.edition_titles("insiders").await, [[SECRET]]);
    let served = app.serve().await;
    served.web.reload(courant::web::Settings { hub: Hub::Own, tombstones: true, ..app.web_settings() });
    let answers = walk(&served).await;
    let reached =
        |path: &str| answers.iter().any(|(own, answer)| own == path && answer.status == StatusCode::OK);
    for path in [
        "/tags/Town",
        "/authors/ines%20okafor/feed.json",
        "/newsletters/daily/editions/1",
        "/sources/cms/feed.rss",
    ] {
        assert!(
            reached(path),
            "the walk comes to {path}: {:?}",
            answers.iter().map(|own| &own.0).collect::<Vec<_>>()
        );
    }
    for (path, answer) in &answers {
        let text = String::from_utf8_lossy(&answer.bytes).to_lowercase();
        let links = answer.header("link").to_lowercase();
        for mark in MARKS {
            let mark = mark.to_lowercase();
            assert!(!text.contains(&mark) && !links.contains(&mark), "{mark} at {path}\n{text}");
        }
        for place in ["insiders/editions", "insiders/feed", "/private/"] {
            assert!(!text.contains(place) && !links.contains(place), "{place} at {path}\n{text}");
        }
    }
}

#[tokio::test]
async fn what_is_private_is_answered_as_what_there_is_not() {
    let app = app().await;
    let served = app.serve().await;
    for (private, nothing) in TWINS {
        let (one, other) = (served.get(private).await, served.get(nothing).await);
        assert_eq!(one.status, StatusCode::NOT_FOUND, "{private}");
        assert_eq!((one.status, one.text()), (other.status, other.text()), "{private}");
        for name in ["cache-control", "etag", "last-modified", "link", "vary", "content-type"] {
            assert_eq!(one.header(name), other.header(name), "{private}: {name}");
        }
    }
    let secret = app.store.find_article_by_slug(SLUG).await.unwrap().unwrap();
    app.store.retract_article(secret.id, app.clock.now()).await.unwrap();
    let (path, nothing) = TWINS[11];
    assert_eq!(served.get(path).await.text(), served.get(nothing).await.text(), "retracted, as before");
}

#[tokio::test]
async fn people_can_ask_for_a_private_newsletter() {
    let app = app().await;
    let served = app.serve().await;
    let page = served.get("/newsletters/insiders").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("The Insiders") && page.text().contains("What others do not read"));
    assert!(page.text().contains("Its editions are for its readers alone."), "{}", page.text());
    assert!(page.text().contains("action=\"/subscribe\"") && !page.text().contains("id=\"editions\""));
    assert!(page.text().contains("content=\"noindex\""));
    assert_eq!(page.header("x-robots-tag"), "noindex");
    assert!(served.get("/").await.text().contains("value=\"insiders\""));
    let asked = served.post("/subscribe", "address=ada%40example.com&newsletter=insiders").await;
    assert!(asked.text().contains("Look into your inbox"), "{}", asked.text());
}

/// The configuration is read again with the private newsletter made public, or private again.
fn turn(app: &TestApp, served: &Served, is_private: bool) {
    app.configure(|settings| settings.newsletters[1].is_private = is_private);
    served.web.reload(app.web_settings());
}

#[tokio::test]
async fn the_setting_takes_effect_at_a_reload_for_every_document() {
    let app = app().await;
    let served = app.serve().await;
    let documents =
        ["/feed.rss", "/feed.json", "/feeds.opml", "/", "/sitemap.xml", "/search?q=zebrawood", "/tags/Town"];
    let mut tags: Vec<String> = Vec::new();
    for (round, is_private) in [true, false, true, false, true].into_iter().enumerate() {
        turn(&app, &served, is_private);
        for (index, path) in documents.into_iter().enumerate() {
            let answer = served.get(path).await;
            let shows = answer.text().contains(SECRET)
                || answer.text().contains("cellar")
                || answer.text().contains(SLUG);
            assert_eq!(shows, !is_private && path != "/tags/Town", "{path} in round {round}");
            if let Some(tag) = tags.get(index) {
                let again = served.ask(Method::GET, path, &[("if-none-match", tag)]).await;
                let expected = if path == "/tags/Town" { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
                assert_eq!(again.status, expected, "{path}: the tag of the other setting");
            }
        }
        tags = Vec::new();
        for path in documents {
            tags.push(served.get(path).await.header("etag").to_owned());
        }
        for (path, _) in TWINS.iter().filter(|(path, _)| !path.contains("archive")) {
            let expected = if is_private { StatusCode::NOT_FOUND } else { StatusCode::OK };
            assert_eq!(served.get(path).await.status, expected, "{path} in round {round}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_request_that_is_under_way_keeps_what_is_private_after_a_reload() {
    let app = app().await;
    let served = app.serve().await;
    let paths = ["/feed.json", "/tags/cellar/feed.json", "/search?q=zebrawood", "/"];
    for round in 0..60 {
        let under_way =
            futures_util::future::join_all(paths.iter().cycle().take(12).map(|path| served.get(path)));
        let reload = async { turn(&app, &served, round % 2 == 1) };
        let (_, ()) = tokio::join!(under_way, reload);
        for path in paths {
            let shows = served.get(path).await.text().contains(SECRET);
            assert_eq!(shows, round % 2 == 0, "{path} in round {round}");
        }
    }
}

#[tokio::test]
async fn an_old_edition_of_a_public_newsletter_is_shown_without_what_is_private_now() {
    let mut both = newsletters();
    both[0].choice.sources.clear();
    both[0].max_articles = 1;
    both[0].subject = "{lead}".to_owned();
    both.truncate(1);
    let app = app_of(both).await;
    app.advance_to(AFTER_TICK).await;
    let [title] =
        app.edition_titles("daily").await.remove(0).try_into().unwrap_or_else(|_| panic!("one article"));
    assert_eq!(title, SECRET);
    let served = app.serve().await;
    let places = ["/newsletters/daily", "/newsletters/daily/editions/1"];
    for path in places {
        assert!(served.get(path).await.text().contains(SECRET), "{path}");
    }
    app.configure(|settings| settings.newsletters = newsletters());
    served.web.reload(app.web_settings());
    for path in
        places.into_iter().chain(["/newsletters/daily/editions.rss", "/newsletters/daily/editions.json"])
    {
        let answer = served.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let text = answer.text();
        assert!(
            !text.contains(SECRET) && !text.contains(SLUG) && !text.contains("zebrawood"),
            "{path}: {text}"
        );
    }
    let page = served.get(places[1]).await;
    assert!(page.text().contains("The daily Light, No. 1"), "{}", page.text());
}

#[tokio::test]
async fn a_public_digest_names_no_private_article() {
    for (is_private, expected) in [(true, false), (false, true)] {
        let mut both = newsletters();
        both[1].is_private = is_private;
        let app = app_of(both).await;
        app.advance_to(AFTER_TICK).await;
        let edition = app.editions("daily").await.remove(0);
        let (html, text) = app.store.find_edition_body(edition.id).await.unwrap().unwrap();
        assert!(html.contains("Lighthouse lamp returns to the lighthouse"), "{html}");
        assert_eq!(html.contains(SECRET), expected, "related to the lead: {html}");
        assert_eq!(text.contains(SECRET), expected);
    }
}

#[tokio::test]
async fn the_editions_of_a_private_group_are_private() {
    let mut both = newsletters();
    both[1].choices = Some(courant::model::shape::Choices {
        topics: vec!["Cellar".to_owned()],
        rhythms: Vec::new(),
        has_hours: false,
        weekly_on: jiff::civil::Weekday::Monday,
    });
    let app = app_of(both).await;
    let served = app.serve().await;
    let ada = app.subscribe("ada@example.com", "insiders").await;
    let manage = app.manage_path(ada, "insiders").await;
    let shaped = served.post(&manage, "act=shape&newsletter=insiders&topics=Cellar").await;
    assert_eq!(shaped.status, StatusCode::SEE_OTHER, "{}", shaped.text());
    app.advance_to(AFTER_TICK).await;
    let names: Vec<String> =
        app.editions("insiders").await.iter().map(|own| own.numbered().to_string()).collect();
    let of_group = names.iter().find(|name| name.contains('.')).unwrap_or_else(|| panic!("{names:?}"));
    let public = served.get(&format!("/newsletters/insiders/editions/{of_group}")).await;
    assert_eq!(public.status, StatusCode::NOT_FOUND);
    let path = app.private_path(ada, "insiders").await;
    let own = served.get(&format!("{path}/editions/{of_group}")).await;
    assert_eq!(own.status, StatusCode::OK);
    assert!(own.text().contains(SECRET), "{}", own.text());
}
