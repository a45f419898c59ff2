//! The database as a file: copied and moved. Whatever happens to it, nobody is mailed twice.

use std::fs;

use courant::mail::inbox::Behaviour;
use courant::model::edition::EditionState;
use courant::store::{Edition, EventKind};

use crate::support::app::{Stopped, TestApp, at, daily};

const BEFORE: &str = "2026-02-27T12:00:00+01:00";
const TICK: &str = "2026-02-28T07:00:00+01:00";
const LATER: &str = "2026-02-28T08:00:00+01:00";

/// The program on a copy of its database, which was made while it was stopped.
async fn copy_of(app: TestApp) -> Stopped {
    let stopped = app.stop().await;
    let elsewhere = tempfile::tempdir().unwrap();
    fs::copy(stopped.database(), elsewhere.path().join("courant.db")).unwrap();
    stopped.moved_to(elsewhere)
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
async fn a_file_that_was_copied_by_hand_is_a_copy_too() {
    let copy = copy_of(half_sent().await).await.start_at(LATER).await;
    assert_paused(&copy).await;
    assert_eq!(mails(&copy), (1, 0));
    resume(&copy).await;
    assert_eq!(mails(&copy), (1, 1));
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
    let copy = copy_of(app).await.start_at(LATER).await;
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
    let copy = copy_of(app).await.start_at(LATER).await;
    assert!(copy.store.due_confirmations(at(LATER), 10).await.unwrap().is_empty());
}
