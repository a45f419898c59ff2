//! Feeds of what a reader chooses: authors, sources, tags, words, and several of these at once.

use courant::model::article::Content;
use courant::render::feed::check::check;
use reqwest::{Method, StatusCode};

use crate::support::app::{TestApp, daily, newsletter};
use crate::support::article::article;
use crate::support::served::{Answer, Served};

const FORMATS: [&str; 3] = ["rss", "atom", "json"];

fn content(title: &str, authors: &[&str], tags: &[&str]) -> Content {
    let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
    Content { authors: texts(authors), tags: texts(tags), ..article(1, title).content }
}

/// Three articles of two sources.
async fn app() -> TestApp {
    let mut sea = newsletter("sea", "0 7 * * *", "Europe/Paris");
    sea.choice.tags = vec!["Sea".to_owned()];
    let app = TestApp::start(vec![daily(), sea], "2026-03-02T05:00:00Z").await;
    let now = app.clock.now();
    let desk = [
        ("1".to_owned(), content("Ferry sails", &["Ines Okafor", "Björn Å"], &["Harbour", "Sea"])),
        ("2".to_owned(), content("Naïve quay plan", &["Ines Okafor"], &["Harbour", "a/b 🎉"])),
    ];
    app.store.save_articles("cms", &desk, now).await.unwrap();
    let wire = [("3".to_owned(), content("Ferry late", &["Björn Å"], &["Sea"]))];
    app.store.save_articles("Wire", &wire, now).await.unwrap();
    app
}

fn titles(answer: &Answer) -> Vec<String> {
    let feed = feed_rs::parser::parse(answer.bytes.as_slice()).unwrap();
    let mut titles: Vec<String> =
        feed.entries.into_iter().map(|entry| entry.title.unwrap().content).collect();
    titles.sort();
    titles
}

/// What the feed at an address holds, which is the same in each format.
async fn held(served: &Served, stem: &str, query: &str) -> Vec<String> {
    let mut held = Vec::new();
    for format in FORMATS {
        let path = format!("{stem}.{format}{query}");
        let answer = served.get(&path).await;
        assert_eq!((answer.status, check(&answer.bytes)), (StatusCode::OK, Vec::new()), "{path}");
        let written = path.replace('&', if format == "json" { "&" } else { "&#x26;" });
        assert!(answer.text().contains(&format!("https://news.example.org{written}")), "{path} names itself");
        held.push(titles(&answer));
    }
    assert!(held.iter().all(|own| *own == held[0]), "{stem}{query}: {held:?}");
    held.remove(0)
}

#[tokio::test]
async fn a_feed_holds_the_articles_of_which_all_that_its_address_says_is_true() {
    let app = app().await;
    let served = app.serve().await;
    let (sails, plan, late) = ("Ferry sails", "Naïve quay plan", "Ferry late");
    for (stem, query, expected) in [
        ("/feed", "", vec![late, sails, plan]),
        ("/authors/ines%20okafor/feed", "", vec![sails, plan]),
        ("/authors/bj%C3%B6rn%20%C3%A5/feed", "", vec![late, sails]),
        ("/sources/wire/feed", "", vec![late]),
        ("/tags/sea/feed", "", vec![late, sails]),
        ("/tags/a%2Fb%20%F0%9F%8E%89/feed", "", vec![plan]),
        ("/newsletters/sea/feed", "", vec![late, sails]),
        ("/feed", "?q=ferry", vec![late, sails]),
        ("/feed", "?q=naive", vec![plan]),
        ("/feed", "?q=ferry%20NOT%20late", vec![sails]),
        ("/feed", "?q=author%20OR%20okafor", vec![sails, plan]),
        ("/feed", "?q=ferry&q=late", vec![late]),
        ("/feed", "?q=nowhere", vec![]),
        ("/feed", "?q=ferry&tag=harbour", vec![sails]),
        ("/feed", "?tag=harbour&tag=sea", vec![sails]),
        ("/feed", "?source=wire&tag=harbour", vec![]),
        ("/feed", "?author=ines%20okafor&newsletter=sea&q=ferry&source=cms&tag=harbour", vec![sails]),
    ] {
        assert_eq!(held(&served, stem, query).await, expected, "{stem} {query}");
    }
}

#[tokio::test]
async fn a_source_is_found_by_its_name_in_any_alphabet_and_case() {
    let mut own = newsletter("own", "0 7 * * *", "Europe/Paris");
    own.choice.sources = vec!["ÖRESUND".to_owned()];
    let app = TestApp::start(vec![own], "2026-03-02T05:00:00Z").await;
    let articles = [("1".to_owned(), content("Bridge closed", &[], &[]))];
    app.store.save_articles("Öresund", &articles, app.clock.now()).await.unwrap();
    let served = app.serve().await;
    assert_eq!(held(&served, "/sources/%C3%B6resund/feed", "").await, ["Bridge closed"]);
    assert_eq!(held(&served, "/newsletters/own/feed", "").await, ["Bridge closed"]);
    app.advance_to("2026-03-02T06:00:00Z").await;
    assert_eq!(app.edition_titles("own").await, [["Bridge closed"]]);
}

#[tokio::test]
async fn every_other_way_to_ask_for_a_feed_leads_to_its_one_address() {
    let app = app().await;
    let served = app.serve().await;
    for (asked, expected) in [
        ("/feed.rss?tag=Harbour", "/tags/harbour/feed.rss"),
        ("/tags/Harbour/feed.atom", "/tags/harbour/feed.atom"),
        ("/authors/Ines%20Okafor/feed.json", "/authors/ines%20okafor/feed.json"),
        ("/sources/Wire/feed.rss", "/sources/wire/feed.rss"),
        ("/feed.rss?tag=sea&q=two+words", "/feed.rss?q=two%20words&tag=sea"),
        ("/tags/sea/feed.rss?author=Ines+Okafor", "/feed.rss?author=ines%20okafor&tag=sea"),
        ("/feed.rss?tag=sea&tag=harbour&utm_source=x", "/feed.rss?tag=harbour&tag=sea"),
        ("/feed.rss?q=", "/feed.rss"),
        ("/feed.rss?fresh=1", "/feed.rss"),
    ] {
        let answer = served.get(asked).await;
        assert_eq!(answer.status, StatusCode::MOVED_PERMANENTLY, "{asked}");
        assert_eq!(answer.header("location"), expected, "{asked}");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        let at_its_end = served.get(expected).await;
        assert_eq!(at_its_end.status, StatusCode::OK, "{expected}");
    }
    app.configure(|settings| settings.publication.base_url = "https://example.org/news/".parse().unwrap());
    served.web.reload(app.web_settings());
    let answer = served.get("/news/feed.rss?tag=Sea").await;
    assert_eq!(answer.header("location"), "/news/tags/sea/feed.rss");
}

#[tokio::test]
async fn a_feed_of_what_there_is_not_is_not_there_and_one_that_ended_is_gone() {
    let app = app().await;
    let served = app.serve().await;
    for path in [
        "/authors/nobody/feed.rss",
        "/sources/nothing/feed.rss",
        "/feed.rss?q=ferry&tag=nothing",
        "/feed.rss?newsletter=none&q=ferry",
    ] {
        assert_eq!(served.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    app.configure(|settings| settings.newsletters.retain(|own| own.slug.as_str() != "sea"));
    served.web.reload(app.web_settings());
    for path in
        ["/newsletters/sea/feed.rss", "/newsletters/sea/editions.atom", "/feed.rss?newsletter=sea&q=a"]
    {
        assert_eq!(served.get(path).await.status, StatusCode::GONE, "{path}");
    }
}

#[tokio::test]
async fn words_that_cannot_be_searched_for_are_refused_with_the_reason() {
    let app = app().await;
    let served = app.serve().await;
    for (query, why) in [
        ("q=ferry%20AND", "syntax error near &#34;&#34;"),
        ("q=%22open", "unterminated string"),
        ("q=C%2B%2B", "syntax error near &#34;+&#34;"),
        ("q=nothing%3Aferry", "no such column: nothing"),
        ("q=%2Aferry", "unknown special query: ferry"),
        ("q=%28", "syntax error near &#34;&#34;"),
    ] {
        let answer = served.get(&format!("/feed.rss?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(answer.text().contains(why), "{query}: {}", answer.text());
    }
    for query in ["q=%00", "q=%F0%9F%8E%89", "q=%22%2B%22", "q=%FF", "q=%D8%AC%D8%B3%D8%B1"] {
        let status = served.get(&format!("/feed.rss?{query}")).await.status;
        assert!(
            [StatusCode::OK, StatusCode::MOVED_PERMANENTLY, StatusCode::BAD_REQUEST].contains(&status),
            "{query}"
        );
    }
}

#[tokio::test]
async fn an_address_beyond_measure_is_refused() {
    let app = app().await;
    let served = app.serve().await;
    for bytes in [2_001, 20_000, 100_000] {
        let path = format!("/feed.rss?q={}", "a".repeat(bytes));
        let answer =
            served.say(&format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")).await;
        assert!(answer.starts_with("HTTP/1.1 414 "), "{bytes}: {answer}");
    }
    assert_eq!(served.get("/feed.rss").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_search_follows_the_articles() {
    let app = app().await;
    let served = app.serve().await;
    assert_eq!(titles(&served.get("/feed.rss?q=ferry").await).len(), 2);
    let edited = [("3".to_owned(), content("Train late", &["Björn Å"], &["Sea"]))];
    app.store.save_articles("Wire", &edited, app.clock.now()).await.unwrap();
    assert_eq!(titles(&served.get("/feed.rss?q=ferry").await), ["Ferry sails"]);
    assert_eq!(titles(&served.get("/feed.rss?q=train").await), ["Train late"]);
    assert_eq!(served.get("/authors/ines%20okafor/feed.rss").await.status, StatusCode::OK);
    app.execute("INSERT INTO article_search (article_search) VALUES ('integrity-check')").await;
}

#[tokio::test]
async fn who_has_a_search_is_not_sent_it_again() {
    let app = app().await;
    let served = app.serve().await;
    let first = served.get("/feed.rss?q=ferry").await;
    let known = [("if-none-match", first.header("etag"))];
    let again = served.ask(Method::GET, "/feed.rss?q=ferry", &known).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    let known = [("if-modified-since", first.header("last-modified"))];
    assert_eq!(served.ask(Method::HEAD, "/feed.rss?q=ferry", &known).await.status, StatusCode::NOT_MODIFIED);
}
