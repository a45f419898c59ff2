//! Articles that are taken back: gone from everything that a reader can see, at once, and shown again if they come back.

use assert_cmd::Command;
use courant::model::article::{Article, ArticleId};
use courant::store::Entry;
use reqwest::StatusCode;

use crate::support::app::{CONFIG, TestApp, at, daily};
use crate::support::served::Served;

const KEPT: &str = "The ferry sails again";
const TAKEN: &str = "The mayor resigns";

/// Every address at which a reader could meet an article of the one edition.
const ADDRESSES: [&str; 15] = [
    "/",
    "/tags/Harbour",
    "/newsletters/daily",
    "/newsletters/daily/editions/1",
    "/sitemap.xml",
    "/sitemap-news.xml",
    "/search?q=the",
    "/feed.rss",
    "/feed.atom",
    "/feed.json",
    "/tags/harbour/feed.rss",
    "/authors/ines%20okafor/feed.atom",
    "/newsletters/daily/editions.rss",
    "/newsletters/daily/editions.json",
    "/feed.rss?q=ferry%20OR%20mayor",
];

/// Two articles that went out in an edition, of which the one that is taken back led.
async fn app() -> TestApp {
    let app = TestApp::start(vec![daily()], "2026-03-02T04:00:00Z").await;
    app.publish_article(KEPT).await;
    app.advance_to("2026-03-02T05:00:00Z").await;
    app.publish_article(TAKEN).await;
    app.advance_to("2026-03-02T12:00:00Z").await;
    app
}

async fn article(app: &TestApp, title: &str) -> Article {
    app.store.find_article_of_source("cms", title).await.unwrap().unwrap()
}

async fn retract(app: &TestApp, title: &str) -> ArticleId {
    let id = article(app, title).await.id;
    assert!(app.store.retract_article(id, app.clock.now()).await.unwrap());
    id
}

/// The addresses that show a headline, or the name that its page has.
async fn shown_at(served: &Served, title: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    for path in ADDRESSES {
        let answer = served.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        if answer.text().contains(title) || answer.text().contains(&slug::slugify(title)) {
            found.push(path);
        }
    }
    found
}

#[tokio::test]
async fn a_retracted_article_is_gone_from_everything_that_a_reader_can_see() {
    let app = app().await;
    let served = app.serve().await;
    assert_eq!(shown_at(&served, TAKEN).await, ADDRESSES);
    assert_eq!(served.get("/articles/the-mayor-resigns").await.status, StatusCode::OK);
    app.advance_to("2026-03-02T13:00:00Z").await;
    let id = retract(&app, TAKEN).await;
    assert_eq!(shown_at(&served, TAKEN).await, Vec::<&str>::new());
    let kept = shown_at(&served, KEPT).await;
    assert_eq!(
        kept.len(),
        ADDRESSES.len() - 1,
        "all but the newsletter's page, which lists subjects: {kept:?}"
    );
    let page = served.get("/articles/the-mayor-resigns").await;
    assert_eq!(page.status, StatusCode::GONE);
    assert!(page.text().contains("This article has been withdrawn") && !page.text().contains(TAKEN));
    assert!(served.get("/newsletters/daily").await.text().contains("The daily Light, No. 1"));
    assert!(!app.store.retract_article(id, app.clock.now()).await.unwrap(), "a second time changes nothing");
}

#[tokio::test]
async fn what_the_source_goes_on_to_show_stays_retracted() {
    let app = app().await;
    let served = app.serve().await;
    retract(&app, TAKEN).await;
    app.advance_to("2026-03-02T14:00:00Z").await;
    let mut edited = article(&app, TAKEN).await.content;
    edited.text = format!("{TAKEN}, edited.");
    app.store.save_articles("cms", &[(TAKEN.to_owned(), edited)], app.clock.now()).await.unwrap();
    assert_eq!(shown_at(&served, TAKEN).await, Vec::<&str>::new());
}

#[tokio::test]
async fn no_edition_that_is_still_to_come_holds_a_retracted_article() {
    let app = app().await;
    app.publish_article("Storm warning").await;
    let id = retract(&app, "Storm warning").await;
    app.publish_article("Calm sea").await;
    app.advance_to("2026-03-03T12:00:00Z").await;
    assert_eq!(app.edition_titles("daily").await[1..], [["Calm sea"]]);
    assert!(app.store.reinstate_article(id, app.clock.now()).await.unwrap());
    app.advance_to("2026-03-04T12:00:00Z").await;
    assert_eq!(app.edition_titles("daily").await[2..], [["Storm warning"]], "it is new to the newsletter");
}

#[tokio::test]
async fn an_article_that_waits_for_room_does_not_go_once_it_is_retracted() {
    let mut small = daily();
    small.max_articles = 1;
    let app = TestApp::start(vec![small], "2026-03-02T04:00:00Z").await;
    app.publish_article("First").await;
    app.advance_to("2026-03-02T12:00:00Z").await;
    app.publish_article("Second").await;
    app.advance_to("2026-03-02T13:00:00Z").await;
    app.publish_article("Third").await;
    app.advance_to("2026-03-03T12:00:00Z").await;
    let id = retract(&app, "Second").await;
    assert!(matches!(app.store.fates(id).await.unwrap().unwrap()[0].entry, Entry::Waiting { .. }));
    app.advance_to("2026-03-06T12:00:00Z").await;
    assert_eq!(app.edition_titles("daily").await, [["First"], ["Third"]]);
}

#[tokio::test]
async fn an_edition_composed_before_a_retraction_is_composed_again() {
    let app = app().await;
    app.publish_article("Storm warning").await;
    let standing = app.standing("daily").await;
    let choice = courant::model::newsletter::Choice::default();
    let candidates = app.store.candidates(standing, &choice, 20).await.unwrap();
    retract(&app, "Storm warning").await;
    let edition = courant::store::NewEdition {
        articles: &candidates.articles,
        tick: at("2026-03-03T06:00:00Z"),
        subject: "Storm warning",
        preheader: "",
        html: "",
        text: "",
        detail: "",
        over: std::time::Duration::ZERO,
        waves: &[],
    };
    assert_eq!(
        app.store
            .publish((&candidates, courant::model::newsletter::Overflow::Next), &edition, app.clock.now())
            .await
            .unwrap(),
        None
    );
    assert_eq!(app.editions("daily").await.len(), 1);
}

#[tokio::test]
async fn an_article_that_comes_back_has_the_id_that_it_had() {
    let app = app().await;
    let served = app.serve().await;
    let before = article(&app, TAKEN).await;
    let id = retract(&app, TAKEN).await;
    app.advance_to("2026-03-02T15:00:00Z").await;
    assert!(app.store.reinstate_article(id, app.clock.now()).await.unwrap());
    assert_eq!(shown_at(&served, TAKEN).await, ADDRESSES);
    let after = article(&app, TAKEN).await;
    assert_eq!((&after.public_id, &after.slug), (&before.public_id, &before.slug));
    app.advance_to("2026-03-03T12:00:00Z").await;
    assert_eq!(app.editions("daily").await.len(), 1, "it has gone out already");
}

#[tokio::test]
async fn an_atom_feed_says_what_was_deleted_where_the_operator_wants_it() {
    let app = app().await;
    let served = app.serve().await;
    let id = article(&app, TAKEN).await.public_id;
    app.advance_to("2026-03-02T13:00:00Z").await;
    let before = served.get("/feed.atom").await;
    retract(&app, TAKEN).await;
    let plain = served.get("/feed.atom").await;
    assert!(!plain.text().contains(&id), "validators warn of it");
    assert_ne!(plain.header("last-modified"), before.header("last-modified"));
    served.web.reload(courant::web::Settings { tombstones: true, ..app.web_settings() });
    let told = served.get("/feed.atom").await;
    let tombstone = format!("<at:deleted-entry ref=\"{id}\" when=\"2026-03-02T13:00:00Z\"/>");
    assert!(told.text().contains(&tombstone), "{}", told.text());
    assert_eq!(courant::render::feed::check::check(&told.bytes), []);
    assert!(!served.get("/feed.rss").await.text().contains(&id));
}

#[tokio::test]
async fn the_operator_is_told_what_a_retraction_does_not_reach() {
    let app = app().await;
    app.subscribe("ada@example.org", "daily").await;
    app.publish_article("Storm warning").await;
    app.advance_to("2026-03-03T12:00:00Z").await;
    let stopped = app.stop().await;
    std::fs::write(stopped.directory.path().join("courant.toml"), CONFIG).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::cargo_bin("courant").unwrap();
        let assert = command.current_dir(stopped.directory.path()).arg("article").args(arguments).assert();
        String::from_utf8(assert.success().get_output().stdout.clone()).unwrap()
    };
    let told = run(&["retract", "storm-warning"]);
    assert!(told.contains("Retracted: article 3, \"Storm warning\""), "{told}");
    assert!(told.contains("It went out in daily/2, whose mails stay as they are."), "{told}");
    assert!(
        told.contains("1 of them have not been sent: `courant edition cancel daily/2` stops them"),
        "{told}"
    );
    assert!(run(&["retract", "3"]).contains("was retracted before"));
    assert!(run(&["explain", "3"]).contains("\nRetracted 2"));
    assert!(run(&["show", "3"]).contains("\nRetracted 2"));
    assert!(run(&["reinstate", "3"]).contains("Shown again: article 3"));
    assert!(run(&["reinstate", "3"]).contains("is not retracted"));
    assert!(!run(&["explain", "3"]).contains("\nRetracted 2"));
}
