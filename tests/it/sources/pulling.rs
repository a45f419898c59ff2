//! The puller and the commands: a source that fails is marked and asked again, and the others go on.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use courant::cli::{self, Output};
use courant::config::zones::Zones;
use courant::jobs::puller::Puller;
use courant::jobs::{Job, ScheduledSource, Settings};
use courant::model::time::Clock;
use courant::source::{Fetcher, Kind, MarkdownSettings, Source};
use courant::store::{SourceStanding, Store};
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::watch;

use super::NOW;
use super::web::Web;
use crate::support::app::{at, newsletter};
use crate::support::article;

const FEED: &str = "<rss version='2.0'><channel><item><guid>1</guid><title>R&D grows</title>\
    <description>By a tenth.</description></item></channel></rss>";

/// A server whose feed is there or not.
async fn wire() -> (Web, Arc<AtomicBool>) {
    let is_up = Arc::new(AtomicBool::new(false));
    let state = Arc::clone(&is_up);
    let feed =
        get(
            async move || {
                if state.load(Ordering::SeqCst) { Ok(FEED) } else { Err(StatusCode::INTERNAL_SERVER_ERROR) }
            },
        );
    (Web::with(Router::new().route("/feed", feed)).await, is_up)
}

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("a.md"), "---\ntitle: A note\n---\nThe text of the note.").unwrap();
    folder
}

fn scheduled(name: &str, kind: Kind) -> ScheduledSource {
    let source = Source { name: name.to_owned(), tags: Vec::new(), kind };
    ScheduledSource { source, every: Duration::from_mins(15) }
}

fn markdown(path: &Path) -> Kind {
    Kind::Markdown(MarkdownSettings { path: path.to_owned(), base_url: None })
}

async fn standing(store: &Store, name: &str) -> SourceStanding {
    store.find_source(name).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_failing_source_is_asked_after_growing_pauses_and_the_others_go_on() {
    let (web, is_up) = wire().await;
    let (files, data) = (folder(), TempDir::new().unwrap());
    let store = Store::open_as_daemon(&data.path().join("courant.db"), NOW).await.unwrap();
    let settings = Settings {
        publication: article::publication(),
        newsletters: Vec::new(),
        sources: vec![scheduled("wire", web.feed("/feed")), scheduled("notes", markdown(files.path()))],
        sending: None,
        reports: courant::jobs::Reports::default(),
        picture_disk: None,
        zones: Zones::built_in(),
    };
    let settings = watch::channel(Arc::new(settings)).1;
    let puller = Puller::new(store.clone(), Fetcher::new("https://courier.example"), settings);

    let mut now = NOW;
    let mut failures = 0;
    for pause in [1, 5, 15, 60, 180, 360, 360] {
        puller.step(now).await.unwrap();
        failures += 1;
        let wire = standing(&store, "wire").await;
        assert_eq!((wire.failures, wire.next_at), (failures, now + Duration::from_mins(pause)));
        let reason = format!("{} is in trouble itself (500); it may pass", web.url("/feed"));
        assert_eq!(wire.error, Some(reason));
        let before = web.requests().len();
        puller.step(wire.next_at - Duration::from_secs(1)).await.unwrap();
        assert_eq!(web.requests().len(), before, "it is left alone until it is due");
        now = wire.next_at;
    }
    assert_eq!(store.count_articles_of("notes").await.unwrap(), 1);

    is_up.store(true, Ordering::SeqCst);
    puller.step(now).await.unwrap();
    let wire = standing(&store, "wire").await;
    assert_eq!((wire.failures, wire.error.as_deref(), wire.succeeded_at), (0, None, Some(now)));
    assert_eq!(
        wire.notes,
        "mended: an & is not written as &amp;. Its publisher can mend it: write &amp; for &, in addresses too"
    );
    assert_eq!(store.count_articles_of("wire").await.unwrap(), 1);

    puller.step(wire.next_at).await.unwrap();
    let again = standing(&store, "wire").await;
    assert_eq!((again.changed_at, again.notes), (wire.changed_at, wire.notes), "what holds is not forgotten");
    store.close().await;
}

#[tokio::test]
async fn a_source_is_asked_a_minute_before_the_tick_of_a_newsletter_that_takes_from_it() {
    let (web, is_up) = wire().await;
    is_up.store(true, Ordering::SeqCst);
    let (files, data) = (folder(), TempDir::new().unwrap());
    let store = Store::open_as_daemon(&data.path().join("courant.db"), NOW).await.unwrap();
    let mut daily = newsletter("daily", "0 7 * * *", "UTC");
    daily.choice.sources = vec!["Wire".to_owned(), "notes".to_owned()];
    let settings = Settings {
        publication: article::publication(),
        newsletters: vec![daily],
        sources: vec![
            scheduled("wire", web.feed("/feed")),
            scheduled("notes", markdown(files.path())),
            scheduled("other", markdown(files.path())),
        ],
        sending: None,
        reports: courant::jobs::Reports::default(),
        picture_disk: None,
        zones: Zones::built_in(),
    };
    let settings = watch::channel(Arc::new(settings)).1;
    let moment = |time: &str| at(&format!("2026-03-10T{time}Z"));
    // A feed is asked less often while it brings nothing, and never exactly when it is due.
    for (now, notes, wire, other) in [
        ("06:44:00", "06:59:00", "06:59:00", "06:59:00"),
        ("06:50:00", "06:59:00", "06:59:00", "07:05:00"),
        ("06:56:00", "06:59:00", "07:25:17", "07:11:00"),
        ("06:59:00", "07:14:00", "07:35:36", "07:14:00"),
    ] {
        for (name, expected, jitter) in [("notes", notes, 0), ("wire", wire, 230), ("other", other, 0)] {
            // Another puller each time: one does not ask a server twice in the same second.
            let puller =
                Puller::new(store.clone(), Fetcher::new("https://courier.example"), settings.clone());
            store.hurry_source(name).await.unwrap();
            puller.step(moment(now)).await.unwrap();
            let (next, earliest) = (standing(&store, name).await.next_at, moment(expected));
            let jitter = if expected == "06:59:00" { 0 } else { jitter };
            let latest = earliest + Duration::from_secs(jitter);
            assert!((earliest..=latest).contains(&next), "{name} at {now}: {next}");
        }
    }
    store.close().await;
}

#[tokio::test]
async fn any_feed_can_be_checked_before_it_is_a_source_and_without_a_configuration() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("wire.xml");
    let feed = "<rss><channel><title>Wire</title>\
        <item><title>R&D grows</title><link>/grows</link><guid>1</guid></item>\
        <item><guid>2</guid></item></channel></rss>";
    std::fs::write(&file, feed).unwrap();
    let file = file.to_str().unwrap();
    let run = async |arguments: &[&str]| {
        let line = ["courant", "--config", "nowhere.toml"].iter().chain(arguments).map(Into::into);
        let (output, captured) = Output::captured();
        let is_well = cli::run(line.collect::<Vec<_>>(), output, Clock::manual(NOW)).await.is_ok();
        (is_well, captured.text())
    };
    let (is_well, text) = run(&["source", "check", file]).await;
    assert!(is_well && text.contains("wire.xml: 1 article\n"), "{text}");
    assert!(text.contains("write <rss version=\"2.0\">") && text.contains("write &amp; for &"), "{text}");

    let arguments = ["source", "check", file, "--url", "https://wire.example/feed", "--json"];
    let checked: Value = serde_json::from_str(&run(&arguments).await.1).unwrap();
    let articles = checked[0]["articles"].as_array().unwrap();
    assert_eq!(articles[0]["url"], "https://wire.example/grows");
    let left_out: Vec<_> = articles.iter().map(|article| article["left_out"].as_str()).collect();
    assert_eq!(left_out, [None, Some("it has neither a headline nor text")]);

    let (is_well, text) = run(&["source", "check", "./wires.xml"]).await;
    assert_eq!((is_well, text.as_str()), (false, ""), "a file that is not there");
    std::fs::write(file, "<html><p>Hello").unwrap();
    let (is_well, text) = run(&["source", "check", file]).await;
    assert!(!is_well && text.contains("wire.xml is a web page, not a feed"), "{text}");

    let (web, is_up) = wire().await;
    is_up.store(true, Ordering::SeqCst);
    let url = web.url("/feed");
    let (is_well, text) = run(&["source", "check", &url]).await;
    assert!(!is_well && text.contains("a private address: refused"), "{text}");
    let (is_well, text) = run(&["source", "check", &url, "--allow-private"]).await;
    assert!(is_well && text.contains(": 1 article\n"), "{text}");
}

/// A configuration of a feed and a folder, and what a command says about it.
struct Operator {
    folder: TempDir,
}

impl Operator {
    fn new(web: &Web, notes: &Path) -> Self {
        let folder = TempDir::new().unwrap();
        let database = folder.path().join("courant.db");
        let text = format!(
            "[publication]\ntitle = \"The Courier\"\nbase_url = \"https://courier.example\"\n\
             [database]\nurl = \"sqlite:{}\"\n[web]\nlisten = \"127.0.0.1:0\"\n\
             [[source]]\nname = \"wire\"\nkind = \"feed\"\nurl = \"{}\"\nallow_private = true\n\
             [[source]]\nname = \"notes\"\nkind = \"markdown\"\npath = \"{}\"\n",
            database.display(),
            web.url("/feed"),
            notes.display(),
        );
        std::fs::write(folder.path().join("courant.toml"), text).unwrap();
        Self { folder }
    }

    async fn run(&self, arguments: &[&str]) -> (bool, String) {
        let config = self.folder.path().join("courant.toml");
        let config = ["--config", config.to_str().unwrap()];
        let line = ["courant"].iter().chain(arguments).chain(&config).map(Into::into);
        let (output, captured) = Output::captured();
        let result = cli::run(line.collect::<Vec<_>>(), output, Clock::manual(NOW)).await;
        if let Err(error) = &result
            && captured.text().is_empty()
        {
            return (false, error.to_string());
        }
        (result.is_ok(), captured.text())
    }

    async fn json(&self, arguments: &[&str]) -> Value {
        let (_, text) = self.run(&[arguments, &["--json"]].concat()).await;
        serde_json::from_str(&text).unwrap()
    }
}

#[tokio::test]
async fn an_operator_sees_how_each_source_is_doing_and_asks_it_now() {
    let (web, is_up) = wire().await;
    let files = folder();
    let operator = Operator::new(&web, files.path());

    let list = operator.json(&["source", "list"]).await;
    assert_eq!((list[0]["state"].as_str(), list[1]["state"].as_str()), (Some("new"), Some("new")));

    let failed = format!("wire: failed: {} is in trouble itself (500); it may pass\n", web.url("/feed"));
    let (is_well, text) = operator.run(&["source", "fetch"]).await;
    assert_eq!((is_well, text), (false, format!("{failed}notes: 1 new, 0 changed\n")));
    assert_eq!(operator.run(&["source", "fetch", "notes"]).await, (true, "notes: nothing new\n".to_owned()));
    let older = "notes is read whole each time: only feeds have older pages".to_owned();
    assert_eq!(operator.run(&["source", "backfill", "notes"]).await, (false, older));

    let list = operator.json(&["source", "list"]).await;
    assert_eq!((list[0]["state"].as_str(), list[0]["failures"].as_i64()), (Some("failing"), Some(1)));
    assert_eq!((list[1]["state"].as_str(), list[1]["articles"].as_i64()), (Some("well"), Some(1)));
    let (_, table) = operator.run(&["source", "list"]).await;
    assert!(table.contains("is in trouble itself (500)") && table.contains("in 1 min"), "{table}");

    is_up.store(true, Ordering::SeqCst);
    let (is_well, text) = operator.run(&["source", "check", "wire"]).await;
    assert!(
        is_well && text.starts_with("wire: 1 article\n  undated") && text.contains("R&D grows"),
        "{text}"
    );
    assert_eq!(operator.json(&["source", "list"]).await[0]["articles"], 0, "a check stores nothing");

    let fetched = operator.json(&["source", "fetch", "wire"]).await;
    assert_eq!((fetched[0]["new"].as_i64(), fetched[0]["error"].as_str()), (Some(1), None));
    let (_, shown) = operator.run(&["source", "show", "wire"]).await;
    assert!(shown.contains("note       mended: an & is not written as &amp;"), "{shown}");

    let (is_well, error) = operator.run(&["source", "show", "wires"]).await;
    assert_eq!(
        (is_well, error.as_str()),
        (false, "there is no source \"wires\" in the configuration; it has: wire, notes")
    );
}

#[test]
fn settings_show_no_secret() {
    let url = "https://ada:secret@wire.example/feed?token=secret".to_owned();
    let settings = courant::source::FeedSettings {
        url,
        allow_private: false,
        ..courant::source::FeedSettings::default()
    };
    let source = scheduled("wire", Kind::Feed(settings)).source;
    assert_eq!(source.place(), "https://wire.example/feed");
    assert!(!format!("{source:?}").contains("secret"));
}
