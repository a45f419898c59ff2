//! The database as a file: copied, backed up, put back. Whatever happens to it, nobody is mailed twice.

mod restore;
mod tools;

use std::fs;
use std::path::{Path, PathBuf};

use courant::cli::{self, Output};
use courant::mail::inbox::Behaviour;
use courant::model::edition::EditionState;
use courant::model::time::Clock;
use courant::store::{Edition, EventKind};
use tempfile::TempDir;

use crate::support::app::{CONFIG, TestApp, at, daily};

const BEFORE: &str = "2026-02-27T12:00:00+01:00";
const TICK: &str = "2026-02-28T07:00:00+01:00";
const AFTER: &str = "2026-02-28T07:30:00+01:00";
const LATER: &str = "2026-02-28T08:00:00+01:00";

/// Runs `courant …` on the database in this directory: what it printed, or why it failed.
async fn courant(directory: &Path, now: &str, arguments: &[&str]) -> Result<String, String> {
    let config = directory.join("courant.toml");
    fs::write(&config, CONFIG).unwrap();
    let program = ["courant", "--config", config.to_str().unwrap()];
    let line = program.iter().chain(arguments).map(Into::into);
    let (output, captured) = Output::captured();
    match cli::run(line.collect::<Vec<_>>(), output, Clock::manual(at(now))).await {
        Ok(()) => Ok(captured.text()),
        Err(error) => Err(format!("{}{error:#}", captured.text())),
    }
}

/// A backup of a database, under this name in a directory of its own.
async fn backup(database: &Path, name: &str) -> (TempDir, PathBuf) {
    let elsewhere = tempfile::tempdir().unwrap();
    let file = elsewhere.path().join(name);
    let directory = database.parent().unwrap();
    courant(directory, AFTER, &["db", "backup", file.to_str().unwrap()]).await.unwrap();
    (elsewhere, file)
}

/// An edition that ada has and that the relay did not take for greylist yet.
async fn half_sent() -> TestApp {
    let app = TestApp::start_with_relay(vec![daily()], BEFORE, Behaviour::default()).await;
    for reader in ["ada", "greylist"] {
        app.subscribe(&format!("{reader}@example.org"), "daily").await;
    }
    app.publish_article("Bridge reopens").await;
    app.advance_to(TICK).await;
    assert_eq!(mails(&app), (1, 0));
    app
}

/// How many mails ada and greylist have.
fn mails(app: &TestApp) -> (usize, usize) {
    let to = |reader: &str| app.inbox().mails_to(&format!("{reader}@example.org")).len();
    (to("ada"), to("greylist"))
}

async fn edition(app: &TestApp) -> Edition {
    app.editions("daily").await.remove(0)
}

async fn resume(app: &TestApp) {
    let edition = edition(app).await;
    assert!(app.store.set_edition_state(edition.id, EditionState::Sending, "a test").await.unwrap());
    app.run_jobs().await;
}

/// That the edition waits for its operator, and why.
async fn assert_paused(app: &TestApp) {
    let edition = edition(app).await;
    assert_eq!(edition.state, EditionState::Paused);
    assert!(edition.reason.unwrap().contains("is a copy, or was put back"));
}

#[tokio::test]
async fn a_backup_taken_during_sending_sends_nothing_until_resumed_and_then_nobody_twice() {
    let app = half_sent().await;
    let (elsewhere, _) = backup(&app.database(), "courant.db").await;
    let stopped = app.stop().await;
    let copy = stopped.moved_to(elsewhere).start_at(LATER).await;
    assert_eq!(mails(&copy), (1, 0), "it is due again since long, and does not go out by itself");
    assert_paused(&copy).await;
    resume(&copy).await;
    assert_eq!(mails(&copy), (1, 1));
    assert_eq!(edition(&copy).await.state, EditionState::Done);
}

#[tokio::test]
async fn a_file_that_was_copied_by_hand_is_a_copy_too() {
    let stopped = half_sent().await.stop().await;
    let elsewhere = tempfile::tempdir().unwrap();
    fs::copy(stopped.database(), elsewhere.path().join("courant.db")).unwrap();
    let copy = stopped.moved_to(elsewhere).start_at(LATER).await;
    assert_paused(&copy).await;
    assert_eq!(mails(&copy), (1, 0));
}

#[tokio::test]
async fn a_backup_that_is_written_into_the_old_file_is_known_as_one() {
    let app = half_sent().await;
    let (_elsewhere, file) = backup(&app.database(), "backup.db").await;
    let stopped = app.stop().await;
    fs::write(stopped.database(), fs::read(file).unwrap()).unwrap();
    assert_paused(&stopped.start_at(LATER).await).await;
}

#[tokio::test]
async fn a_database_that_stays_or_is_renamed_is_no_copy() {
    let app = half_sent().await;
    let stopped = app.restart_at("2026-02-28T07:01:00+01:00").await.stop().await;
    let other = tempfile::tempdir().unwrap();
    fs::rename(stopped.database(), other.path().join("courant.db")).unwrap();
    let app = stopped.moved_to(other).start_at(LATER).await;
    assert_eq!(mails(&app), (1, 1), "what was put off goes out when it is due");
}

#[tokio::test]
async fn a_copy_misses_the_ticks_that_have_passed_and_keeps_the_next() {
    let app = TestApp::start(vec![daily()], BEFORE).await;
    app.publish_article("Bridge reopens").await;
    let (elsewhere, _) = backup(&app.database(), "courant.db").await;
    let copy = app.stop().await.moved_to(elsewhere).start_at(LATER).await;
    assert!(copy.editions("daily").await.is_empty());
    let events = copy.events("daily").await;
    assert_eq!((events.len(), events[0].kind, events[0].tick), (1, EventKind::Missed, at(LATER)));
    assert!(events[0].detail.contains("not made up"), "{}", events[0].detail);
    copy.advance_to("2026-03-01T12:00:00+01:00").await;
    assert_eq!(copy.edition_titles("daily").await, [["Bridge reopens"]]);
}

#[tokio::test]
async fn a_copy_does_not_ask_anybody_for_a_confirmation() {
    let app = TestApp::start(vec![daily()], BEFORE).await;
    let daily = app.standing("daily").await.id;
    let ada = "ada@example.org".parse().unwrap();
    app.store.request_subscriptions(&ada, &[daily], "form", app.clock.now()).await.unwrap();
    let (elsewhere, _) = backup(&app.database(), "courant.db").await;
    let copy = app.stop().await.moved_to(elsewhere).start_at(LATER).await;
    assert!(copy.store.due_confirmations(at(LATER), 10).await.unwrap().is_empty());
}
