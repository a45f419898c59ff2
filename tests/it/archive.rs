//! The archive as people read it: what is related, how it is passed on, how it is searched.

use std::time::Instant;

use courant::model::article::Content;
use courant::model::newsletter::{Choice, Newsletter};
use courant::store::Sight;
use reqwest::StatusCode;

use crate::support::app::{TestApp, daily, newsletter};
use crate::support::article;
use crate::support::served::Served;

const NOW: &str = "2026-03-02T05:00:00Z";

/// Headline, summary and tag of each article, the oldest first.
const STORIES: [[&str; 3]; 8] = [
    ["Old lighthouse lamp found in the attic", "The lighthouse keeper kept the lamp.", "History"],
    ["Bakers raise the price of bread", "Flour is dear.", "Economy"],
    ["Harbour bridge opens after repairs", "The bridge over the harbour is open again.", "Traffic"],
    ["Night ferry loses its licence", "The ferry needs new engines.", "Traffic"],
    ["Library lends out seeds", "Tomatoes are the favourite.", "Culture"],
    ["Cycle path along the river planned", "It ends at the old mill.", "Traffic"],
    ["Lighthouse lamp returns to the lighthouse", "The lamp shines from Friday on.", "History"],
    ["Choir looks for basses", "Rehearsals are on Tuesdays.", "Culture"],
];

async fn app() -> TestApp {
    app_with(daily()).await
}

async fn app_with(newsletter: Newsletter) -> TestApp {
    let app = TestApp::start(vec![newsletter], NOW).await;
    let stories: Vec<(String, Content)> = (1..).zip(STORIES).map(story).collect();
    app.store.save_articles("cms", &stories, app.clock.now()).await.unwrap();
    app
}

fn story((number, [title, summary, tag]): (i64, [&str; 3])) -> (String, Content) {
    let content = Content {
        text: format!("{summary} A harbour master said so."),
        summary: summary.to_owned(),
        tags: vec![tag.to_owned()],
        url: None,
        ..article::article(number, title).content
    };
    (number.to_string(), content)
}

/// The page of an article, by its number.
async fn page(served: &Served, number: usize) -> String {
    let slug = slug::slugify(STORIES[number - 1][0]);
    let answer = served.get(&format!("/articles/{slug}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{slug}");
    answer.text().to_owned()
}

/// What stands in the section of related articles.
fn related(page: &str) -> Vec<&str> {
    let section = page.split("<section class=\"related\"").nth(1).unwrap_or_default();
    let links = section.split("<h3 class=\"head\"><a href=\"").skip(1);
    links.map(|link| link.split('"').next().unwrap()).collect()
}

#[tokio::test]
async fn an_article_leads_to_what_is_like_it_and_never_to_itself() {
    let app = app().await;
    let served = app.serve().await;
    assert_eq!(related(&page(&served, 7).await), ["/articles/old-lighthouse-lamp-found-in-the-attic"]);
    assert_eq!(related(&page(&served, 1).await), ["/articles/lighthouse-lamp-returns-to-the-lighthouse"]);
    assert_eq!(related(&page(&served, 2).await), [""; 0], "a word that all have in common says nothing");
}

#[tokio::test]
async fn what_was_retracted_is_related_to_nothing() {
    let app = app().await;
    let served = app.serve().await;
    let lamp =
        app.store.find_article_by_slug("old-lighthouse-lamp-found-in-the-attic").await.unwrap().unwrap();
    app.store.retract_article(lamp.id, app.clock.now()).await.unwrap();
    assert_eq!(related(&page(&served, 7).await), [""; 0]);
}

#[tokio::test]
async fn a_digest_names_what_is_like_its_lead_if_the_newsletter_wants_that() {
    for (wanted, expected) in [(0, false), (2, true)] {
        let app = app_with(Newsletter { related: wanted, max_articles: 1, ..daily() }).await;
        app.advance_to("2026-03-02T12:00:00Z").await;
        let lamp = article::article(20, "The lighthouse lamp shines").content;
        let lamp = Content { tags: vec!["History".to_owned()], url: None, ..lamp };
        app.store.save_articles("cms", &[("20".to_owned(), lamp)], app.clock.now()).await.unwrap();
        app.advance_to("2026-03-03T12:00:00Z").await;
        let edition = app.editions("daily").await.pop().unwrap();
        let (html, text) = app.store.find_edition_body(edition.id).await.unwrap().unwrap();
        assert_eq!(text.contains("Read on:"), expected, "{text}");
        assert_eq!(html.contains("old-lighthouse-lamp-found-in-the-attic"), expected);
    }
}

#[tokio::test]
async fn an_article_is_passed_on_by_plain_links() {
    let app = app().await;
    let served = app.serve().await;
    let page = page(&served, 4).await;
    let address = "https%3A%2F%2Fnews.example.org%2Farticles%2Fnight-ferry-loses-its-licence";
    let title = "Night%20ferry%20loses%20its%20licence";
    for link in [
        format!("mailto:?subject={title}&#38;body={address}"),
        format!("https://share.joinmastodon.org/#text={title}%20{address}"),
        format!("https://bsky.app/intent/compose?text={title}%20{address}"),
        format!("https://wa.me/?text={title}%20{address}"),
        format!("https://t.me/share/url?url={address}&#38;text={title}"),
        format!("https://www.linkedin.com/sharing/share-offsite/?url={address}"),
        format!("https://x.com/intent/post?text={title}&#38;url={address}"),
    ] {
        assert!(page.contains(&format!("<a href=\"{link}\"")), "{link}\n{page}");
    }
    assert!(page.contains("aria-label=\"Share on Bluesky\""), "a link says what it does");
    assert!(page.contains(
        "<code dir=\"ltr\">https://news.example.org/articles/night-ferry-loses-its-licence</code>"
    ));
    assert!(!page.contains("<script src") && !page.contains("<iframe"), "nobody else is told of the reader");
}

#[tokio::test]
async fn a_link_can_lead_to_a_section_of_an_article() {
    let app = app().await;
    let served = app.serve().await;
    assert!(page(&served, 4).await.contains("<h2 id=\"at-what-follows\">What follows</h2>"));
}

/// The page of an article of the CMS.
async fn page_of(content: Content) -> String {
    let app = TestApp::start(vec![daily()], NOW).await;
    app.store.save_articles("cms", &[("1".to_owned(), content)], app.clock.now()).await.unwrap();
    app.serve().await.get("/articles/the-mill").await.text().to_owned()
}

fn content(title: &str) -> Content {
    Content { url: None, ..article::article(1, title).content }
}

#[tokio::test]
async fn an_article_of_long_ago_is_dated_and_changed_when_its_source_says() {
    let at = |moment: &str| Some(moment.parse().unwrap());
    let published_at = at("2019-05-01T08:00:00Z");
    let old = Content { published_at, updated_at: None, ..content("The mill") };
    for (updated_at, shown, told) in [
        (None, None, "2019-05-01T08:00:00Z"),
        (at("2019-05-01T08:20:00Z"), None, "2019-05-01T08:20:00Z"),
        (at("2020-06-02T08:00:00Z"), Some("2 June 2020"), "2020-06-02T08:00:00Z"),
        (at("2036-06-02T08:00:00Z"), None, "2019-05-01T08:00:00Z"),
    ] {
        let page = page_of(Content { updated_at, ..old.clone() }).await;
        assert!(page.contains(&format!("\"dateModified\":\"{told}\"")), "{page}");
        assert_eq!(page.contains("Last changed"), shown.is_some(), "{page}");
        assert!(page.contains(shown.unwrap_or("1 May 2019")), "{page}");
    }
}

#[tokio::test]
async fn search_engines_and_previews_are_told_what_is_known_and_nothing_empty() {
    let page = page_of(Content { authors: Vec::new(), image: None, ..content("The mill") }).await;
    let data = page.split("<script type=\"application/ld+json\">").nth(1).unwrap().split('<').next().unwrap();
    let data: serde_json::Value = serde_json::from_str(data).unwrap();
    assert_eq!(data["@type"], "NewsArticle");
    assert!(data.get("image").is_none() && data.get("author").is_none(), "{data}");
    for name in ["article:published_time", "article:section", "article:tag"] {
        assert!(page.contains(&format!("<meta property=\"{name}\" content=\"")), "{name}: {page}");
    }
}

#[tokio::test]
async fn a_summary_that_the_text_repeats_below_a_heading_stands_there_once() {
    let summary = "The mill stood by the water.".to_owned();
    let html = format!("<h2>Long ago</h2><p>{summary} Then came the flood.</p>");
    let text = format!("Long ago\n\n{summary} Then came the flood.");
    let page = page_of(Content { summary: summary.clone(), html, text, ..content("The mill") }).await;
    let main = page.split("<main").nth(1).unwrap();
    assert_eq!(main.matches(&summary).count(), 1, "{main}");
}

#[tokio::test]
async fn readers_search_the_archive_by_words_and_phrases() {
    let app = app().await;
    let served = app.serve().await;
    for (query, first, count) in [
        ("lighthouse+lamp", "lighthouse-lamp-returns-to-the-lighthouse", 2),
        ("LAMP+attic", "old-lighthouse-lamp-found-in-the-attic", 1),
        ("%22harbour+bridge%22", "harbour-bridge-opens-after-repairs", 1),
        ("harbour", "harbour-bridge-opens-after-repairs", 8),
        ("title:ferry+AND", "", 0),
        ("nothing-of-that-kind", "", 0),
    ] {
        let answer = served.get(&format!("/search?q={query}")).await;
        let page = answer.text();
        assert_eq!(answer.status, StatusCode::OK, "{query}");
        assert_eq!(page.matches("<h2 class=\"head\">").count(), count, "{query}: {page}");
        let hit = page.split("<h2 class=\"head\"><a href=\"/articles/").nth(1).unwrap_or_default();
        assert!(hit.starts_with(first), "{query}: {page}");
        assert_eq!(page.contains("Nothing was found."), count == 0, "{query}");
    }
    let page = served.get("/search?q=attic").await.text().to_owned();
    assert!(page.contains("found in the <mark>attic</mark>"), "{page}");
}

#[tokio::test]
async fn a_search_leads_to_its_own_feed() {
    let app = app().await;
    let served = app.serve().await;
    for (asked, feed) in [
        ("/search?q=harbour", "/feed.rss?q=harbour"),
        ("/search?q=%22night+ferry%22+C%2B%2B", "/feed.rss?q=%22night%20ferry%22%20%22C%2B%2B%22"),
        ("/search?q=lamp&newsletter=daily", "/feed.rss?newsletter=daily&#38;q=lamp"),
        ("/search?newsletter=daily", "/newsletters/daily/feed.rss"),
        ("/search", "/feed.rss"),
    ] {
        let page = served.get(asked).await;
        assert!(page.text().contains(&format!("href=\"{feed}\"")), "{asked}: {}", page.text());
        let feed = feed.replace("&#38;", "&");
        assert!(page.header("link").contains(&format!("{feed}>; rel=\"alternate\"")), "{asked}");
        assert_eq!(served.get(&feed).await.status, StatusCode::OK, "{feed}");
    }
}

#[tokio::test]
async fn readers_search_what_belongs_to_one_newsletter() {
    let mut traffic = newsletter("traffic", "0 7 * * *", "Europe/Paris");
    traffic.choice.tags = vec!["traffic".to_owned()];
    let app = TestApp::start(vec![daily(), traffic], NOW).await;
    let stories: Vec<(String, Content)> = (1..).zip(STORIES).map(story).collect();
    app.store.save_articles("cms", &stories, app.clock.now()).await.unwrap();
    app.advance_to("2026-03-03T12:00:00Z").await;
    let served = app.serve().await;
    let own = served.get("/newsletters/traffic").await;
    assert!(own.text().contains("name=\"newsletter\" value=\"traffic\">\n</form>"), "{}", own.text());
    let found = served.get("/search?q=harbour&newsletter=traffic").await;
    assert_eq!(found.text().matches("<h2 class=\"head\">").count(), 3, "{}", found.text());
    assert!(found.text().contains("In The traffic Light only"), "{}", found.text());
    assert!(found.text().contains("<a href=\"/search?q=harbour\">Search everywhere</a>"), "{}", found.text());
    for everywhere in ["/search?q=harbour", "/search?q=harbour&newsletter=none"] {
        let found = served.get(everywhere).await;
        assert_eq!(found.text().matches("<h2 class=\"head\">").count(), 8, "{}", found.text());
        assert!(!found.text().contains("Search everywhere"));
    }
}

#[tokio::test]
async fn whatever_is_typed_into_the_search_has_a_page_that_search_engines_leave_alone() {
    let app = app().await;
    let served = app.serve().await;
    let long = format!("/search?q={}", "wort+".repeat(300));
    for path in [
        "/search",
        "/search?",
        "/search?q=",
        "/search?q=%22",
        "/search?q=*",
        "/search?q=-",
        "/search?q=(+NOT+)",
        "/search?q=%3Cscript%3E",
        "/search?q=a%00b",
        "/search?q=%E2%80%AE",
        "/search?q=x&page=0",
        "/search?q=x&page=-1",
        "/search?q=harbour&page=99999999999999999999",
        "/search?page=two",
        &long,
    ] {
        let answer = served.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(answer.text().contains("<meta name=\"robots\" content=\"noindex\">"), "{path}");
        assert!(!answer.text().contains("<script>"), "{path}");
    }
    assert!(served.get("/robots.txt").await.text().contains("Disallow: /search\n"));
    assert!(served.get("/").await.text().contains("<a href=\"/search\">Search</a>"));
}

#[tokio::test]
async fn results_go_on_over_pages_and_leave_out_what_was_retracted() {
    let app = app().await;
    let more: Vec<(String, Content)> = (101..=113)
        .map(|number| story((number, [&format!("Tide table {number}"), "High water.", "Tides"])))
        .collect();
    app.store.save_articles("cms", &more, app.clock.now()).await.unwrap();
    let tide = app.store.find_article_by_slug("tide-table-101").await.unwrap().unwrap();
    app.store.retract_article(tide.id, app.clock.now()).await.unwrap();
    let served = app.serve().await;
    let first = served.get("/search?q=tide+table").await;
    assert_eq!(first.text().matches("<h2 class=\"head\">").count(), 10);
    assert!(
        first.text().contains("<a rel=\"next\" href=\"/search?q=tide+table&#38;page=2\">"),
        "{}",
        first.text()
    );
    let second = served.get("/search?q=tide+table&page=2").await;
    assert_eq!(second.text().matches("<h2 class=\"head\">").count(), 2);
    assert!(
        second.text().contains("<a rel=\"prev\" href=\"/search?q=tide+table\">")
            && !second.text().contains("rel=\"next\"")
    );
}

/// Prints how long searches take among a million articles, in milliseconds.
#[tokio::test]
#[ignore = "takes some minutes: cargo test --test it a_million_articles_are -- --ignored --nocapture"]
async fn a_million_articles_are_searched() {
    let app = TestApp::start(vec![daily()], NOW).await;
    app.execute(MILLION).await;
    for query in ["w1", "w1 w2", "\"w1 w2 w3\"", "w9000 w1", "w9000", "w49999", "absent w1"] {
        for _ in 0..2 {
            let began = Instant::now();
            let found = app
                .store
                .search_articles(query, 0..10, (&Sight::Operator, &Choice::default()))
                .await
                .unwrap();
            let milliseconds = began.elapsed().as_secs_f64() * 1000.0;
            println!("{query:20} {milliseconds:8.1} ms, {} found", found.hits.len());
        }
    }
    let lead = app.store.find_article(courant::model::article::ArticleId(500_000)).await.unwrap().unwrap();
    let began = Instant::now();
    let related = app.store.related_articles(&lead, &[], 4, &Sight::Operator).await.unwrap();
    println!(
        "related              {:8.1} ms, {} found",
        began.elapsed().as_secs_f64() * 1000.0,
        related.len()
    );
}

/// A million articles of 60 words, of which the most common are in most articles, and the rarest in some dozens.
const MILLION: &str = "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 1000000),
    word (w) AS (SELECT 1 UNION ALL SELECT w + 1 FROM word WHERE w < 60)
    INSERT INTO article (id, source, source_key, external_id, public_id, slug, seq, title, authors, summary, html, text, direction,
        published_at_from, dated_at, first_seen_at, changed_at, cuts, fingerprint)
    SELECT n, 'cms', 'cms', n, n, n, n, 'w' || (abs(random()) % 50000) || ' w' || (abs(random()) % 5000), 'Ada Brandt',
        'w' || (abs(random()) % 500), '',
        (SELECT group_concat('w' || (abs(random()) % (1 + abs(random()) % (1 + abs(random()) % (1 + abs(random()) % 50000)))), ' ') FROM word WHERE n > 0),
        'ltr', 'source', n, n, n, '[]', x'00'
    FROM number";

#[tokio::test]
async fn search_engines_of_news_are_told_of_two_days() {
    let app = app().await;
    let served = app.serve().await;
    let news = served.get("/sitemap-news.xml").await;
    assert_eq!(news.header("content-type"), "application/xml; charset=utf-8");
    let own = "<url><loc>https://news.example.org/articles/night-ferry-loses-its-licence</loc><news:news>\
        <news:publication><news:name>The Harbour Light</news:name><news:language>en</news:language></news:publication>\
        <news:publication_date>2026-03-02T05:00:00Z</news:publication_date><news:title>Night ferry loses its licence</news:title>";
    assert!(news.text().contains(own), "{}", news.text());
    assert!(
        served
            .get("/robots.txt")
            .await
            .text()
            .contains("Sitemap: https://news.example.org/sitemap-news.xml\n")
    );
    app.set_clock("2026-03-05T05:00:00Z").await;
    assert!(!served.get("/sitemap-news.xml").await.text().contains("<url>"), "what is older is no news");
}

#[tokio::test]
async fn languages_are_told_to_search_engines_of_news_as_these_name_them() {
    let app = TestApp::start(vec![daily()], NOW).await;
    let languages = [
        ("de-AT", "de"),
        ("pt_BR", "pt"),
        ("zh", "zh-cn"),
        ("zh-Hans-HK", "zh-cn"),
        ("zh-TW", "zh-tw"),
        ("zh-Hant", "zh-tw"),
    ];
    for (tag, _) in languages {
        let content =
            Content { language: Some(tag.to_owned()), published_at: Some(app.clock.now()), ..content(tag) };
        app.store.save_articles("cms", &[(tag.to_owned(), content)], app.clock.now()).await.unwrap();
    }
    let news = app.serve().await.get("/sitemap-news.xml").await;
    for (tag, told) in languages {
        let own = news.text().lines().find(|line| line.contains(&format!("<news:title>{tag}<")));
        let told = format!("<news:language>{told}</news:language>");
        assert!(own.is_some_and(|own| own.contains(&told)), "{tag}: {}", news.text());
    }
}

#[tokio::test]
async fn a_newsletter_can_be_kept_from_search_engines() {
    for (noindex, mark) in [(false, ""), (true, "noindex")] {
        let app = app_with(Newsletter { noindex, ..daily() }).await;
        app.advance_to("2026-03-02T12:00:00Z").await;
        let served = app.serve().await;
        for path in ["/newsletters/daily", "/newsletters/daily/editions/1", "/newsletters/daily/feed.rss"] {
            let answer = served.get(path).await;
            assert_eq!(answer.header("x-robots-tag"), mark, "{path}");
            let is_page = answer.header("content-type").starts_with("text/html");
            assert_eq!(answer.text().contains("content=\"noindex\""), noindex && is_page, "{path}");
        }
        assert_eq!(served.get("/sitemap.xml").await.text().contains("/newsletters/daily"), !noindex);
        assert_eq!(served.get("/articles/night-ferry-loses-its-licence").await.header("x-robots-tag"), "");
    }
}
