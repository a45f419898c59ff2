//! Which feeds are made again after a change, and which are kept as they are.

use courant::model::article::Content;
use courant::web::Settings;
use reqwest::{Method, StatusCode};

use crate::support::app::{TestApp, daily, newsletter};
use crate::support::article::article;
use crate::support::served::{Answer, Served};

/// So many tags have a feed, and so many authors.
const LABELS: i64 = 498;

/// A publication with 1,000 feeds that hold something: of each tag and author, of all, the source, and two newsletters.
async fn app() -> (TestApp, Vec<String>) {
    let mut sea = newsletter("sea", "0 7 * * *", "UTC");
    sea.choice.tags = vec!["tag 1".to_owned(), "tag 2".to_owned()];
    let app = TestApp::start(vec![daily(), sea], "2026-03-02T04:00:00Z").await;
    let articles: Vec<(String, Content)> = (1..=LABELS)
        .map(|number| {
            (number.to_string(), content(number, &[&format!("Tag {number}")], &format!("Author {number}")))
        })
        .collect();
    app.store.save_articles("cms", &articles, app.clock.now()).await.unwrap();
    let mut feeds: Vec<String> =
        ["/feed", "/sources/cms/feed", "/newsletters/daily/feed", "/newsletters/sea/feed"]
            .map(str::to_owned)
            .into();
    feeds.extend((1..=LABELS).map(|number| format!("/tags/tag%20{number}/feed")));
    feeds.extend((1..=LABELS).map(|number| format!("/authors/author%20{number}/feed")));
    (app, feeds.into_iter().map(|stem| format!("{stem}.rss")).collect())
}

fn content(number: i64, tags: &[&str], author: &str) -> Content {
    Content {
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        authors: vec![author.to_owned()],
        ..article(number, &format!("Article {number}")).content
    }
}

async fn save(app: &TestApp, name: &str, content: Content) {
    app.store.save_articles("cms", &[(name.to_owned(), content)], app.clock.now()).await.unwrap();
}

async fn figure(served: &Served, name: &str) -> usize {
    let metrics = served.get("/metrics").await;
    let line = metrics.text().lines().find_map(|line| line.strip_prefix(&format!("{name} ")));
    line.unwrap().parse().unwrap()
}

async fn made(served: &Served) -> usize {
    figure(served, "courant_documents_made_total").await
}

async fn ask_all(served: &Served, feeds: &[String]) -> Vec<Answer> {
    let mut answers = Vec::new();
    for path in feeds {
        let answer = served.ask(Method::GET, path, &[("accept-encoding", "gzip")]).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        answers.push(answer);
    }
    answers
}

/// The feeds that say something else than before.
fn changed<'a>(feeds: &'a [String], before: &[Answer], after: &[Answer]) -> Vec<&'a str> {
    let pairs = before.iter().zip(after).zip(feeds);
    let other = pairs.filter(|((before, after), _)| before.header("etag") != after.header("etag"));
    other.map(|(_, path)| path.as_str()).collect()
}

#[tokio::test]
async fn a_change_has_those_of_a_thousand_feeds_made_again_that_show_it() {
    let (app, feeds) = app().await;
    assert_eq!(feeds.len(), 1_000);
    let served = app.serve().await;
    let mut before = ask_all(&served, &feeds).await;
    assert_eq!(made(&served).await, 1_000);
    ask_all(&served, &feeds).await;
    assert_eq!(made(&served).await, 1_000, "nothing has changed");

    let of_all = ["/feed.rss", "/sources/cms/feed.rss", "/newsletters/daily/feed.rss"];
    let of_labels = ["/tags/tag%202/feed.rss", "/tags/tag%207/feed.rss", "/authors/author%209/feed.rss"];
    let shown_in = |more: &[&'static str]| [&of_all[..], more, &of_labels].concat();
    let new = content(1_000, &["Tag 2", "Tag 7"], "Author 9");
    let corrected = Content { title: "Corrected".to_owned(), ..new.clone() };
    let moved = Content { tags: vec!["Tag 7".to_owned(), "Tag 8".to_owned()], ..corrected.clone() };
    let id = async || app.store.find_article_of_source("cms", "new").await.unwrap().unwrap().id;
    for change in ["new", "corrected within the second", "given other tags", "retracted", "reinstated"] {
        let mut expected = shown_in(&["/newsletters/sea/feed.rss"]);
        match change {
            "new" => save(&app, "new", new.clone()).await,
            "corrected within the second" => save(&app, "new", corrected.clone()).await,
            "given other tags" => {
                save(&app, "new", moved.clone()).await;
                expected.insert(6, "/tags/tag%208/feed.rss");
            }
            _ => {
                let (id, now) = (id().await, app.clock.now());
                let is_done = match change {
                    "retracted" => app.store.retract_article(id, now).await.unwrap(),
                    _ => app.store.reinstate_article(id, now).await.unwrap(),
                };
                assert!(is_done);
                expected
                    .retain(|path| !["/newsletters/sea/feed.rss", "/tags/tag%202/feed.rss"].contains(path));
                expected.insert(4, "/tags/tag%208/feed.rss");
            }
        }
        let count = made(&served).await;
        let after = ask_all(&served, &feeds).await;
        assert_eq!(changed(&feeds, &before, &after), expected, "{change}");
        assert_eq!(made(&served).await - count, expected.len(), "{change}");
        before = after;
    }
}

#[tokio::test]
async fn an_edition_has_its_own_feed_made_again_and_no_other() {
    let (app, _) = app().await;
    let served = app.serve().await;
    let feeds: Vec<String> =
        ["/feed", "/newsletters/daily/editions", "/newsletters/sea/editions", "/newsletters/sea/feed"]
            .map(|stem| format!("{stem}.atom"))
            .into();
    let before = ask_all(&served, &feeds).await;
    // Seven in Paris is six in the time of the newsletter that is not due yet.
    app.advance_to("2026-03-02T06:30:00Z").await;
    let after = ask_all(&served, &feeds).await;
    assert_eq!(changed(&feeds, &before, &after), ["/newsletters/daily/editions.atom"]);
    assert_eq!(made(&served).await, feeds.len() + 1);
    let [article] = &app.edition_titles("daily").await[0][..1] else { panic!("it holds one") };
    let number = article.strip_prefix("Article ").unwrap();
    let id = app.store.find_article_of_source("cms", number).await.unwrap().unwrap().id;
    app.store.retract_article(id, app.clock.now()).await.unwrap();
    let retracted = ask_all(&served, &feeds).await;
    assert!(changed(&feeds, &after, &retracted).contains(&"/newsletters/daily/editions.atom"));
}

#[tokio::test]
async fn a_page_of_an_archive_is_kept_until_something_in_it_changes() {
    let (app, _) = app().await;
    let served = app.serve().await;
    let pages: Vec<String> = (1..=9).map(|number| format!("/feed/archive/{number}.json")).collect();
    let before = ask_all(&served, &pages).await;
    save(&app, "new", content(1_000, &["Tag 2"], "Author 9")).await;
    save(&app, "70", Content { title: "Corrected".to_owned(), ..content(70, &["Tag 70"], "Author 70") })
        .await;
    let count = made(&served).await;
    let after = ask_all(&served, &pages).await;
    assert_eq!(changed(&pages, &before, &after), ["/feed/archive/2.json"]);
    assert_eq!(made(&served).await - count, 1);
}

#[tokio::test]
async fn however_many_feeds_are_asked_for_no_more_is_kept_than_is_allowed_and_the_least_used_are_made_again()
{
    let (app, feeds) = app().await;
    let feeds = &feeds[10..310];
    let served = app.serve().await;
    let before = ask_all(&served, feeds).await;
    let (limit, count) = (200_000, made(&served).await);
    served.web.reload(Settings { cache_bytes: limit, ..app.web_settings() });
    for path in feeds {
        ask_all(&served, &[path.clone(), feeds[0].clone()]).await;
        assert!(figure(&served, "courant_http_cache_bytes").await <= limit, "{path}");
    }
    assert_eq!(made(&served).await - count, 300, "what is used between them stays");
    let after = ask_all(&served, feeds).await;
    assert!(made(&served).await - count > 500, "most were let go");
    assert_eq!(changed(feeds, &before, &after), Vec::<&str>::new(), "and are the same again");
}
