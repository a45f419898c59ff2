//! Sources that come to newsletters which have gone out: what was there before is no news.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use assert_cmd::Command;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use courant::jobs::ScheduledSource;
use courant::jobs::puller::{Pulled, Puller};
use courant::model::time::Timestamp;
use courant::source::{Fetcher, Source};
use courant::store::Entry;

use crate::sources::web::Web;
use crate::support::app::{CONFIG, TestApp, at, daily};

/// A feed whose items a test names, with their dates, and who reads it.
struct Wire {
    items: Arc<Mutex<String>>,
    puller: Puller,
    scheduled: ScheduledSource,
}

impl Wire {
    async fn new(app: &TestApp, items: &[(&str, &str)]) -> Self {
        let document = Arc::new(Mutex::new(String::new()));
        let serve = async |State(document): State<Arc<Mutex<String>>>| document.lock().unwrap().clone();
        let web = Web::with(Router::new().route("/feed", get(serve)).with_state(Arc::clone(&document))).await;
        let source = Source { name: "wire".to_owned(), tags: Vec::new(), kind: web.feed("/feed") };
        let scheduled = ScheduledSource { source, every: Duration::from_mins(15) };
        let fetcher = Fetcher::new("https://courier.example");
        let puller = Puller::new(app.store.clone(), fetcher, app.live_settings());
        let wire = Self { items: document, puller, scheduled };
        wire.show(items);
        wire
    }

    fn show(&self, items: &[(&str, &str)]) {
        let item = |(title, date): &(&str, &str)| {
            let date = if date.is_empty() { String::new() } else { format!("<pubDate>{date}</pubDate>") };
            format!(
                "<item><guid>{title}</guid><title>{title}</title><description>It is so.</description>{date}</item>"
            )
        };
        let items: String = items.iter().map(item).collect();
        *self.items.lock().unwrap() = format!("<rss version='2.0'><channel>{items}</channel></rss>");
    }

    async fn pull(&self, app: &TestApp) -> Pulled {
        let pulled = self.puller.pull(&self.scheduled, &app.settings(), app.clock.now()).await;
        pulled.unwrap().unwrap()
    }
}

/// What came of an item of the wire in the newsletter.
async fn entry(app: &TestApp, title: &str) -> Entry {
    let article = app.store.find_article_of_source("wire", title).await.unwrap().unwrap();
    app.store.fates(article.id).await.unwrap().unwrap().remove(0).entry
}

fn passed_over(reason: &str) -> Entry {
    Entry::PassedOver { reason: reason.to_owned() }
}

/// A newsletter that went out on 3 March 2026, at 06:00 UTC.
async fn app() -> TestApp {
    let app = TestApp::start(vec![daily()], "2026-03-02T12:00:00Z").await;
    app.publish_article("The first").await;
    app.advance_to("2026-03-03T12:00:00Z").await;
    assert_eq!(app.editions("daily").await.len(), 1);
    app
}

const OLD: (&str, &str) = ("Old", "2026-02-20T10:00:00Z");
const NEW: (&str, &str) = ("New", "2026-03-03T10:00:00Z");

#[tokio::test]
async fn of_a_new_source_only_what_came_since_the_last_edition_is_news() {
    let app = app().await;
    let wire = Wire::new(&app, &[OLD, NEW, ("Undated", "")]).await;
    let pulled = wire.pull(&app).await;
    assert_eq!(pulled.saved.new, 3);
    let note = "2 articles that were there before the last edition are passed over by newsletters that have gone out; \
        `courant newsletter take NEWSLETTER --source wire` takes them in";
    assert!(pulled.notes.contains(&note.to_owned()), "{:?}", pulled.notes);
    app.advance_to("2026-03-04T12:00:00Z").await;
    assert_eq!(app.edition_titles("daily").await[1..], [["New"]]);
    assert_eq!(entry(&app, "Old").await, passed_over("its source was new, and it is older than edition 1"));
    let undated = "its source was new, and nothing says that it came after edition 1";
    assert_eq!(entry(&app, "Undated").await, passed_over(undated));
}

#[tokio::test]
async fn what_comes_once_a_source_is_known_is_news_whatever_its_date() {
    let app = app().await;
    let wire = Wire::new(&app, &[OLD]).await;
    wire.pull(&app).await;
    app.clock.advance_to(app.clock.now() + Duration::from_hours(1));
    wire.show(&[OLD, ("Backdated", "2026-01-01T00:00:00Z"), ("Undated", "")]);
    assert!(wire.pull(&app).await.notes.is_empty());
    app.advance_to("2026-03-04T12:00:00Z").await;
    assert_eq!(app.edition_titles("daily").await[1..], [["Undated", "Backdated"]]);
}

#[tokio::test]
async fn a_newsletter_that_has_not_gone_out_begins_with_the_newest_of_all_its_sources() {
    let app = TestApp::start(vec![daily()], "2026-03-02T12:00:00Z").await;
    app.publish_article("The first").await;
    let wire = Wire::new(&app, &[OLD, ("Undated", "")]).await;
    assert!(wire.pull(&app).await.notes.is_empty());
    app.advance_to("2026-03-03T12:00:00Z").await;
    assert_eq!(app.edition_titles("daily").await, [["Undated", "The first", "Old"]]);
}

#[tokio::test]
async fn an_operator_takes_in_what_was_passed_over() {
    let app = app().await;
    let wire = Wire::new(&app, &[OLD, ("Older", "2026-01-20T10:00:00Z"), ("Undated", "")]).await;
    wire.pull(&app).await;
    let stopped = app.stop().await;
    std::fs::write(stopped.directory.path().join("courant.toml"), CONFIG).unwrap();
    let take = |rest: &[&str]| {
        let mut command = Command::cargo_bin("courant").unwrap();
        let arguments = [&["newsletter", "take", "daily", "--source"], rest].concat();
        let output = command.current_dir(stopped.directory.path()).args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(
        take(&["wire", "--since", "2026-02-20"]),
        "2 articles of wire wait for the next edition of daily\n"
    );
    assert!(take(&["wire", "--since", "2026-02-20"]).contains("has passed over no article"));
    assert!(take(&["cms"]).contains("has passed over no article"));
    let app = stopped.start_at("2026-03-03T13:00:00Z").await;
    assert!(matches!(entry(&app, "Old").await, Entry::Waiting { .. }));
    assert_eq!(entry(&app, "Older").await, passed_over("its source was new, and it is older than edition 1"));
}

#[tokio::test]
async fn nothing_is_taken_in_that_a_newsletter_does_not_choose() {
    let mut own = daily();
    own.choice.tags = vec!["harbour".to_owned()];
    let app = TestApp::start(vec![own], "2026-03-02T12:00:00Z").await;
    app.publish_article("The first").await;
    app.advance_to("2026-03-03T12:00:00Z").await;
    let wire = Wire::new(&app, &[OLD]).await;
    wire.pull(&app).await;
    let (id, choice) = (app.standing("daily").await.id, app.settings().newsletters[0].choice.clone());
    let begin = Timestamp::from_unix(0);
    let taken = app.store.take_passed_over(id, (&choice, "wire"), begin, at("2026-03-03T13:00:00Z")).await;
    assert_eq!(taken.unwrap(), 0);
}
