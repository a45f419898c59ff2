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
