//! The pages over HTTP.

use reqwest::{Method, StatusCode};

use crate::support::app::{TestApp, daily};
use crate::support::article;
use crate::support::served::Answer;

async fn app() -> TestApp {
    let app = TestApp::start(vec![daily()], "2026-03-02T05:00:00Z").await;
    app.publish_article("The ferry sails again").await;
    app.publish_article("Tea on the quay").await;
    app.advance_to("2026-03-02T12:00:00Z").await;
    app
}

fn assert_guarded(answer: &Answer, path: &str) {
    let policy = answer.header("content-security-policy");
    assert!(
        policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
        "{path}: {policy}"
    );
    assert!(policy.contains("script-src 'self';") && !policy.contains("unsafe"), "{path}: {policy}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
    assert_ne!(answer.header("referrer-policy"), "", "{path}");
    assert_eq!(answer.header("set-cookie"), "", "{path}");
}

#[tokio::test]
async fn a_visitor_finds_from_the_front_page_all_there_is() {
    let app = app().await;
    let served = app.serve().await;
    let front = served.get("/").await;
    assert_eq!(front.header("content-type"), "text/html; charset=utf-8");
    let mut seen = vec!["/".to_owned()];
    let mut page = front;
    let mut next = 0;
    loop {
        for link in page.text().split("href=\"/").skip(1) {
            let link = format!("/{}", link.split(['"', '#']).next().unwrap());
            if !seen.contains(&link) {
                seen.push(link);
            }
        }
        next += 1;
        let Some(path) = seen.get(next) else { break };
        page = served.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert_guarded(&page, path);
    }
    for path in ["/articles/tea-on-the-quay", "/newsletters/daily", "/tags/Harbour", "/feed.json"] {
        assert!(seen.contains(&path.to_owned()), "{path} is not linked: {seen:?}");
    }
    assert!(served.get("/newsletters/daily").await.text().contains("/newsletters/daily/editions/1"));
}

#[tokio::test]
async fn an_edition_is_a_page_with_its_articles() {
    let app = app().await;
    app.publish_article("A day later").await;
    app.advance_to("2026-03-03T12:00:00Z").await;
    let served = app.serve().await;
    let first = served.get("/newsletters/daily/editions/1").await;
    assert!(first.text().contains("The ferry sails again") && !first.text().contains("A day later"));
    assert!(first.text().contains("rel=\"next\" href=\"/newsletters/daily/editions/2\""), "{}", first.text());
    assert!(served.get("/newsletters/daily/editions/2").await.text().contains("rel=\"prev\""));
    for path in
        ["/newsletters/daily/editions/3", "/newsletters/daily/editions/x", "/newsletters/daily/editions/0"]
    {
        assert_eq!(served.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn long_lists_go_on_over_pages_to_the_first_article_and_the_first_edition() {
    let app = TestApp::start(vec![daily()], "2026-03-02T05:00:00Z").await;
    let days = (3..=31)
        .map(|day| format!("2026-03-{day:02}"))
        .chain((1..=30).map(|day| format!("2026-04-{day:02}")));
    for (number, day) in (1..).zip(days) {
        app.publish_article(&format!("Story {number}")).await;
        app.advance_to(&format!("{day}T05:00:00Z")).await;
    }
    let served = app.serve().await;
    for (first, count, last) in [
        ("/", 3, "/articles/story-1\""),
        ("/tags/Harbour", 3, "/articles/story-1\""),
        ("/newsletters/daily", 2, "/newsletters/daily/editions/1\""),
    ] {
        let mut path = first.to_owned();
        let mut pages = 0;
        let end = loop {
            let page = served.get(&path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            pages += 1;
            let canonical = format!("rel=\"canonical\" href=\"https://news.example.org{path}\"");
            assert!(page.text().contains(&canonical), "{path}: {}", page.text());
            assert_eq!(page.text().contains("rel=\"prev\""), pages > 1, "{path}");
            let Some(next) = page.text().split("rel=\"next\" href=\"").nth(1) else { break page };
            path = next.split('"').next().unwrap().to_owned();
        };
        assert_eq!(pages, count, "{first}");
        assert!(end.text().contains(last), "{path}: {}", end.text());
        assert_eq!(served.get(&format!("{first}?page={}", count + 1)).await.status, StatusCode::NOT_FOUND);
        assert_eq!(served.get(&format!("{first}?page=none")).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn an_article_changes_its_page_and_not_its_address() {
    let app = app().await;
    let served = app.serve().await;
    let path = "/articles/tea-on-the-quay";
    let before = served.get(path).await;
    let mut content = article::article(1, "Coffee on the quay").content;
    content.url = None;
    app.advance_to("2026-03-04T12:00:00Z").await;
    app.store
        .save_articles("cms", &[("Tea on the quay".to_owned(), content)], app.clock.now())
        .await
        .unwrap();
    let after = served.get(path).await;
    assert!(
        before.text().contains("<h1>Tea on the quay</h1>")
            && after.text().contains("<h1>Coffee on the quay</h1>")
    );
    assert!(after.text().contains("Last changed 4 March 2026"), "{}", after.text());
    assert_ne!(before.header("etag"), after.header("etag"));
    let known = [("if-none-match", after.header("etag"))];
    assert_eq!(served.ask(Method::GET, path, &known).await.status, StatusCode::NOT_MODIFIED);
    let known = [("if-none-match", before.header("etag"))];
    assert_eq!(served.ask(Method::GET, path, &known).await.status, StatusCode::OK);
}

#[tokio::test]
async fn every_failure_is_a_page_in_plain_words() {
    let app = app().await;
    let served = app.serve().await;
    let long = format!("/{}", "x".repeat(5000));
    for (method, path, status, words) in [
        (Method::GET, "/nothing", StatusCode::NOT_FOUND, "There is no such page"),
        (Method::GET, "/articles/none", StatusCode::NOT_FOUND, "There is no such page"),
        (Method::GET, "/articles/%FF", StatusCode::BAD_REQUEST, "could not be understood"),
        (Method::GET, "/../../etc/passwd", StatusCode::NOT_FOUND, "There is no such page"),
        (Method::GET, long.as_str(), StatusCode::NOT_FOUND, "There is no such page"),
        (Method::GET, "/confirm/abc", StatusCode::NOT_FOUND, "This link does not work"),
        (Method::POST, "/unsubscribe/abc", StatusCode::NOT_FOUND, "This link does not work"),
        (Method::DELETE, "/", StatusCode::METHOD_NOT_ALLOWED, "could not be understood"),
        (Method::DELETE, "/subscribe", StatusCode::METHOD_NOT_ALLOWED, "could not be understood"),
    ] {
        let answer = served.ask(method, path, &[]).await;
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.text().contains(words), "{path}: {}", answer.text());
        assert!(answer.text().contains("<h1>"), "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_guarded(&answer, path);
    }
    assert_eq!(served.ask(Method::DELETE, "/", &[]).await.header("allow"), "GET,HEAD");
}

#[tokio::test]
async fn a_newsletter_that_has_ended_is_gone() {
    let app = app().await;
    app.configure(|settings| settings.newsletters.clear());
    let served = app.serve().await;
    for path in ["/newsletters/daily", "/newsletters/daily/editions/1"] {
        let answer = served.get(path).await;
        assert_eq!(answer.status, StatusCode::GONE, "{path}");
        assert!(answer.text().contains("This newsletter has ended"), "{}", answer.text());
    }
    assert!(!served.get("/").await.text().contains("<form"), "there is nothing to subscribe to");
}

#[tokio::test]
async fn the_style_sheet_is_kept_for_ever_under_its_own_name() {
    let app = app().await;
    let served = app.serve().await;
    let front = served.get("/").await;
    let path = front.text().split("rel=\"stylesheet\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let sheet = served.get(path).await;
    assert_eq!(sheet.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(sheet.header("cache-control"), "public, max-age=31536000, immutable");
    let yesterdays = served.get("/assets/style-0123456789abcdef.css").await;
    assert_eq!((yesterdays.status, &yesterdays.bytes), (StatusCode::OK, &sheet.bytes));
    assert_eq!(yesterdays.header("cache-control"), "public, max-age=60");
    assert_eq!(served.get("/assets/passwd").await.status, StatusCode::NOT_FOUND);
    app.configure(|settings| settings.publication.theme.accent = "#005500".to_owned());
    served.web.reload(app.web_settings());
    assert!(!served.get("/").await.text().contains(path), "another colour is another sheet");
}

#[tokio::test]
async fn search_engines_are_told_what_is_at_home_here() {
    let app = app().await;
    let mut elsewhere = article::article(1, "Elsewhere").content;
    elsewhere.url = Some("https://www.example.org/elsewhere".to_owned());
    app.store.save_articles("cms", &[("elsewhere".to_owned(), elsewhere)], app.clock.now()).await.unwrap();
    let served = app.serve().await;
    let robots = served.get("/robots.txt").await;
    assert!(robots.text().contains("Disallow: /unsubscribe/"), "{}", robots.text());
    assert!(robots.text().contains("Sitemap: https://news.example.org/sitemap.xml"), "{}", robots.text());
    let sitemap = served.get("/sitemap.xml").await;
    for path in
        ["", "newsletters/daily", "newsletters/daily/editions/1", "articles/tea-on-the-quay", "tags/Harbour"]
    {
        let location = format!("<loc>https://news.example.org/{path}</loc>");
        assert!(sitemap.text().contains(&location), "{path}: {}", sitemap.text());
    }
    assert!(!sitemap.text().contains("elsewhere"), "its page names another as the one to know it by");
}

#[tokio::test]
async fn articles_that_one_sitemap_cannot_hold_stand_in_several() {
    let app = app().await;
    app.execute(
        "INSERT INTO article (id, source, source_key, external_id, public_id, slug, seq, title, authors, summary, html, text,
            direction, published_at_from, dated_at, first_seen_at, changed_at, cuts, fingerprint)
        SELECT 90000, source, source_key, 'late', 'late', 'much-later', 90000, title, authors, summary, html, text,
            direction, published_at_from, dated_at, first_seen_at, changed_at, cuts, fingerprint FROM article LIMIT 1",
    )
    .await;
    let served = app.serve().await;
    let index = served.get("/sitemap.xml").await;
    let parts = index.text().split("<sitemap><loc>https://news.example.org").skip(1);
    let parts: Vec<&str> = parts.map(|part| part.split('<').next().unwrap()).collect();
    assert_eq!(parts, ["/sitemaps/0.xml", "/sitemaps/1.xml", "/sitemaps/2.xml", "/sitemaps/3.xml"]);
    let mut named = String::new();
    for part in parts {
        named.push_str(served.get(part).await.text());
    }
    for path in ["", "newsletters/daily/editions/1", "articles/tea-on-the-quay", "articles/much-later"] {
        let location = format!("<loc>https://news.example.org/{path}</loc>");
        assert_eq!(named.matches(&location).count(), 1, "{path}: {named}");
    }
    for none in ["/sitemaps/4.xml", "/sitemaps/-1.xml", "/sitemaps/x.xml", "/sitemaps/1"] {
        assert_eq!(served.get(none).await.status, StatusCode::NOT_FOUND, "{none}");
    }
}

#[tokio::test]
async fn the_operators_programs_are_answered() {
    let app = app().await;
    let served = app.serve().await;
    assert_eq!(served.get("/health").await.text(), "live\n");
    assert_eq!(served.get("/ready").await.text(), "ready\n");
    served.get("/nothing").await;
    let metrics = served.get("/metrics").await;
    for line in [
        "courant_http_requests_total{code=\"4xx\"} 1\n",
        "courant_articles 2\n",
        "courant_http_cache_bytes ",
        "courant_delivery_attempts_total{end=\"sent\"} 0\n",
        "courant_sources_failing 0\n",
        "courant_providers_held 0\n",
        "courant_clock_suspect 0\n",
    ] {
        assert!(metrics.text().contains(line), "{line}: {}", metrics.text());
    }
    app.store.close().await;
    assert_eq!(served.get("/ready").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(served.get("/health").await.status, StatusCode::OK);
    let broken = served.get("/").await;
    assert_eq!(broken.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        broken.text().contains("Something went wrong") && !broken.text().contains("ool"),
        "{}",
        broken.text()
    );
}

#[tokio::test]
async fn a_server_that_is_told_to_stop_gives_the_answers_under_way() {
    let app = app().await;
    let served = app.serve().await;
    let id = app.subscribe("ada@example.com", "daily").await;
    let path = app.unsubscribe_path(id, "daily").await;
    let slow =
        served.request(Method::POST, "/subscribe").body("address=ada%40example.com&newsletter=daily").send();
    let (answer, ()) = tokio::join!(slow, async {
        tokio::time::sleep(std::time::Duration::from_millis(60)).await;
        served.get(&path).await;
    });
    assert_eq!(answer.unwrap().status(), StatusCode::OK);
    served.stop().await;
}
