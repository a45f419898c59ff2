//! Feeds for people: the page that a browser shows at the address of a feed, the links that lead there, the list of all feeds.

use courant::model::article::Content;
use reqwest::{Method, StatusCode};

use crate::support::app::{TestApp, daily, newsletter};
use crate::support::article::article;
use crate::support::served::{Answer, Served};

const BROWSER: [(&str, &str); 2] = [
    ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    ("sec-fetch-dest", "document"),
];
const SITE: &str = "https://news.example.org";

async fn app() -> TestApp {
    let mut arabic = newsletter("arabic", "0 7 * * *", "UTC");
    "ar".clone_into(&mut arabic.language);
    "ضوء الميناء".clone_into(&mut arabic.title);
    let app = TestApp::start(vec![daily(), arabic], "2026-03-02T05:00:00Z").await;
    let content = |number: i64, title: &str| (number.to_string(), article(number, title).content);
    let odd = Content { tags: vec!["a/b 🎉 & c".to_owned()], ..content(3, "Odd").1 };
    let saved = [content(1, "Ferry <sails>"), content(2, "Tea & \"toast\""), ("3".to_owned(), odd)];
    app.store.save_articles("cms", &saved, app.clock.now()).await.unwrap();
    app.advance_to("2026-03-02T12:00:00Z").await;
    app
}

async fn open(served: &Served, path: &str) -> Answer {
    served.ask(Method::GET, path, &BROWSER).await
}

#[tokio::test]
async fn a_browser_that_opens_a_feed_is_shown_what_it_is_and_how_to_use_it() {
    let app = app().await;
    let served = app.serve().await;
    for (path, words) in [
        ("/feed.rss", "Copy this address into yours"),
        ("/feed.atom", "Newest entries"),
        ("/feed.json", "The same in other formats"),
        ("/tags/harbour/feed.rss", "The Harbour Light: Harbour"),
        ("/newsletters/daily/editions.atom", "The daily Light: editions"),
        ("/newsletters/arabic/feed.rss", "عنوان هذه الخلاصة"),
        ("/feed.rss?q=ferry&tag=harbour", "Ferry &#60;sails&#62;"),
    ] {
        let page = open(&served, path).await;
        assert_eq!(
            (page.status, page.header("content-type")),
            (StatusCode::OK, "text/html; charset=utf-8"),
            "{path}"
        );
        let text = page.text();
        assert!(text.contains(words), "{path}: {text}");
        let address = format!("<code>{SITE}{}</code>", path.replace('&', "&#38;"));
        assert!(text.contains(&address), "{path}: {text}");
        assert!(text.contains("content=\"noindex\"") && text.contains("href=\"/feeds.opml\""), "{path}");
        assert_eq!(text.matches("<h1").count(), 1, "{path}");
        assert!(!text.contains("<script") && !text.contains("<sails>"), "{path}");
        assert_eq!(page.header("vary"), "Accept-Encoding, Sec-Fetch-Dest, Accept", "{path}");
        assert!(page.header("cache-control").starts_with("public, max-age="), "{path}");
        let again = [BROWSER[0], BROWSER[1], ("if-none-match", page.header("etag"))];
        assert_eq!(served.ask(Method::GET, path, &again).await.status, StatusCode::NOT_MODIFIED, "{path}");
    }
    let entry = "<a class=\"head\" href=\"https://www.example.org/2\">Tea &#38; &#34;toast&#34;</a>";
    assert!(open(&served, "/feed.rss").await.text().contains(entry));
    assert!(
        open(&served, "/newsletters/arabic/feed.rss").await.text().contains("<html lang=\"ar\" dir=\"rtl\">")
    );
}

#[tokio::test]
async fn a_reader_is_sent_the_feed_whatever_it_says_it_likes() {
    let app = app().await;
    let served = app.serve().await;
    let document = ("sec-fetch-dest", "document");
    for headers in [
        &[] as &[(&str, &str)],
        &[("accept", "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/html")],
        &[("accept", "text/html")],
        &[BROWSER[0]],
        &[document],
        &[document, ("accept", "text/html, application/rss+xml")],
        &[document, ("accept", "text/html;q=0.8, */*")],
        &[BROWSER[0], ("sec-fetch-dest", "empty")],
    ] {
        let answer = served.ask(Method::GET, "/feed.rss", headers).await;
        assert_eq!(answer.header("content-type"), "application/rss+xml; charset=utf-8", "{headers:?}");
        let is_asked = headers.contains(&document);
        let vary = if is_asked { "Sec-Fetch-Dest, Accept, A-IM" } else { "Sec-Fetch-Dest, A-IM" };
        assert_eq!(answer.header("vary"), format!("Accept-Encoding, {vary}"), "{headers:?}");
    }
}

#[tokio::test]
async fn a_page_of_the_archive_is_a_page_too_and_leads_on() {
    let app = app().await;
    let articles: Vec<(String, Content)> = (10..160)
        .map(|number| (number.to_string(), article(number, &format!("No {number}")).content))
        .collect();
    app.store.save_articles("cms", &articles, app.clock.now()).await.unwrap();
    let served = app.serve().await;
    let newest = open(&served, "/feed.rss").await;
    assert!(newest.text().contains("<a rel=\"prev\" href=\"/feed/archive/3.rss\">Older entries</a>"));
    for (path, older, newer) in [
        ("/feed/archive/3.rss", Some("/feed/archive/2.rss"), "/feed.rss"),
        ("/feed/archive/2.rss", Some("/feed/archive/1.rss"), "/feed/archive/3.rss"),
        ("/feed/archive/1.rss", None, "/feed/archive/2.rss"),
    ] {
        let page = open(&served, path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.text().contains(&format!("<a rel=\"next\" href=\"{newer}\">")), "{path}");
        let prev = older.map(|older| format!("<a rel=\"prev\" href=\"{older}\">"));
        assert_eq!(page.text().matches("rel=\"prev\"").count(), usize::from(prev.is_some()), "{path}");
        assert!(prev.is_none_or(|prev| page.text().contains(&prev)), "{path}");
        assert!(page.text().contains(&format!("<code>{SITE}/feed.rss</code>")), "{path}");
    }
    assert_eq!(open(&served, "/feed/archive/9.rss").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn every_page_and_every_feed_names_its_feeds_in_its_head() {
    let app = app().await;
    let served = app.serve().await;
    for (path, stem) in [
        ("/", "/feed"),
        ("/articles/odd", "/feed"),
        ("/tags/Harbour", "/tags/harbour/feed"),
        ("/tags/a%2Fb%20%F0%9F%8E%89%20%26%20c", "/tags/a%2Fb%20%F0%9F%8E%89%20%26%20c/feed"),
        ("/newsletters/daily", "/newsletters/daily/feed"),
        ("/newsletters/daily/editions/1", "/newsletters/daily/editions"),
    ] {
        let page = served.get(path).await;
        for (extension, kind) in [("rss", "rss+xml"), ("atom", "atom+xml"), ("json", "feed+json")] {
            let link = format!("<{SITE}{stem}.{extension}>; rel=\"alternate\"; type=\"application/{kind}\"");
            assert!(page.header("link").contains(&link), "{path}: {}", page.header("link"));
            let element = format!("<link rel=\"alternate\" type=\"application/{kind}\"");
            assert!(page.text().contains(&element), "{path}");
            assert!(page.text().contains(&format!("href=\"{stem}.{extension}\"")), "{path}: {stem}");
        }
    }
    for (path, page) in [
        ("/feed.rss", "/"),
        ("/tags/harbour/feed.atom", "/tags/harbour"),
        ("/newsletters/daily/editions.json", "/newsletters/daily"),
        ("/feed.rss?q=a%20b&tag=harbour", "/"),
    ] {
        let feed = served.get(path).await;
        let links = feed.header("link");
        assert!(links.starts_with(&format!("<{SITE}{path}>; rel=\"self\"; type=\"application/")), "{links}");
        assert!(links.contains(&format!("<{SITE}{page}>; rel=\"alternate\"; type=\"text/html\"")), "{links}");
        assert_eq!(links.matches("rel=").count(), 4, "{links}");
        let known = [("if-none-match", feed.header("etag"))];
        assert_eq!(served.ask(Method::GET, path, &known).await.header("link"), "", "a 304 says nothing new");
    }
    let missing = served.get("/nothing").await;
    assert!(missing.text().contains("href=\"/feed.rss\""), "who is lost finds the feed: {}", missing.text());
}

#[tokio::test]
async fn all_feeds_can_be_subscribed_to_at_once() {
    let app = app().await;
    let served = app.serve().await;
    let list = served.get("/feeds.opml").await;
    assert_eq!((list.status, list.header("content-type")), (StatusCode::OK, "text/x-opml; charset=utf-8"));
    assert_eq!(list.header("cache-control"), "public, max-age=3600");
    let mut reader = quick_xml::Reader::from_str(list.text());
    let mut feeds = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Eof => break,
            quick_xml::events::Event::Empty(element) => {
                let value = |name: &str| {
                    let value = element.try_get_attribute(name).unwrap().unwrap();
                    value.normalized_value(quick_xml::XmlVersion::Implicit1_0).unwrap().into_owned()
                };
                assert_eq!((value("type"), value("text")), ("rss".to_owned(), value("title")));
                feeds.push((value("title"), value("xmlUrl").replace(SITE, "")));
            }
            _ => {}
        }
    }
    let names: Vec<&str> = feeds.iter().map(|(title, _)| title.as_str()).collect();
    assert_eq!(
        names,
        [
            "The Harbour Light",
            "The daily Light",
            "The daily Light: editions",
            "ضوء الميناء",
            "ضوء الميناء: الأعداد",
            "The Harbour Light: Harbour",
            "The Harbour Light: a/b 🎉 & c",
            "The Harbour Light: Ines Okafor",
            "The Harbour Light: cms",
        ]
    );
    for (title, path) in &feeds {
        let feed = served.get(path).await;
        assert_eq!(feed.status, StatusCode::OK, "{path}");
        let parsed = feed_rs::parser::parse(feed.bytes.as_slice()).unwrap();
        assert_eq!(&parsed.title.unwrap().content, title, "{path}");
    }
}
