//! Who gets an edition, where that is so many that they are queued in parts.

use std::time::Duration;

use courant::jobs::mailing::Sending;
use courant::jobs::publisher::Published;
use courant::model::edition::EditionState;
use courant::model::newsletter::Newsletter;
use courant::model::shape::GroupId;
use courant::model::subscriber::SubscriberId;
use courant::model::warm_up::WarmUp;
use courant::store::{Counts, Edition};
use sqlx::{Connection, SqliteConnection};

use crate::support::app::{TestApp, at, daily, sending};

const BEFORE: &str = "2026-02-27T12:00:00+01:00";
const MANY: i64 = 12_001;

/// Readers 1 to 12,001, who have confirmed.
const READERS: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12001)
    INSERT INTO subscriber (id, address, address_key, address_hash, created_at)
    SELECT i, 'reader' || i || '@example.org', 'reader' || i || '@example.org', CAST('h' || i AS BLOB), 0 FROM n";
const SUBSCRIPTIONS: &str =
    "INSERT INTO subscription (subscriber_id, newsletter_id, state, consent, created_at, confirmed_at)
    SELECT id, 1, 'active', 'a test', 0, 0 FROM subscriber";

/// An edition to all of them, of which the first part is queued.
async fn published() -> (TestApp, Edition) {
    let app = with_readers(daily()).await;
    let edition = publish(&app).await;
    (app, edition)
}

async fn with_readers(newsletter: Newsletter) -> TestApp {
    let app = TestApp::start(vec![newsletter], BEFORE).await;
    app.execute(READERS).await;
    app.execute(SUBSCRIPTIONS).await;
    app.publish_article("Bridge reopens").await;
    app
}

async fn publish(app: &TestApp) -> Edition {
    let Published::Edition(edition) = app.publish_now("daily").await else { panic!("there is an article") };
    assert!(edition.is_queueing && (1..MANY).contains(&edition.audience), "{edition:?}");
    edition
}

/// The edition as it is now, and where its deliveries stand: their sum is its audience at any time.
async fn look(app: &TestApp, edition: &Edition) -> (Edition, Counts) {
    let counts = app.store.delivery_counts(edition.id).await.unwrap();
    let edition = app.store.find_edition(edition.id).await.unwrap().unwrap();
    assert_eq!(counts.total(), u64::try_from(edition.audience).unwrap());
    (edition, counts)
}

async fn leave(app: &TestApp, reader: i64) {
    let newsletter = app.standing("daily").await.id;
    app.store.end_subscription(SubscriberId(reader), newsletter, "one click", at(BEFORE)).await.unwrap();
}

#[tokio::test]
async fn all_readers_of_the_moment_of_publication_get_their_delivery_part_by_part() {
    let (app, edition) = published().await;
    app.subscribe("late@example.org", "daily").await;
    let mut seen = vec![edition.audience];
    while app.try_publish().await.unwrap() > 0 {
        seen.push(look(&app, &edition).await.0.audience);
    }
    assert!(seen.len() > 2 && seen.is_sorted(), "{seen:?}");
    let (edition, counts) = look(&app, &edition).await;
    assert_eq!((edition.audience, counts.queued, edition.is_queueing), (MANY, 12_001, false));
}

#[tokio::test]
async fn the_program_may_end_between_two_parts() {
    let (app, edition) = published().await;
    app.try_publish().await.unwrap();
    let app = app.restart_at("2026-02-27T12:05:00+01:00").await;
    app.run_jobs().await;
    let (edition, counts) = look(&app, &edition).await;
    assert_eq!((edition.audience, counts.queued, edition.is_queueing), (MANY, 12_001, false));
}

#[tokio::test]
async fn who_leaves_meanwhile_gets_nothing_whether_they_were_queued_already_or_not() {
    let (app, edition) = published().await;
    leave(&app, 1).await;
    leave(&app, MANY).await;
    app.run_jobs().await;
    let (edition, counts) = look(&app, &edition).await;
    assert_eq!((edition.audience, counts.queued, counts.cancelled), (MANY - 1, 11_999, 1));
}

#[tokio::test]
async fn an_edition_is_not_over_before_all_readers_have_their_delivery() {
    let (app, edition) = published().await;
    app.execute("UPDATE delivery SET state = 'sent'").await;
    app.store.finish_editions(app.clock.now()).await.unwrap();
    let newsletter = app.standing("daily").await.id;
    assert!(app.store.is_sending(newsletter, GroupId::NONE).await.unwrap(), "the next tick waits");
    assert_eq!(look(&app, &edition).await.0.state, EditionState::Sending);
    app.run_jobs().await;
    app.execute("UPDATE delivery SET state = 'sent'").await;
    app.store.finish_editions(app.clock.now()).await.unwrap();
    let (edition, counts) = look(&app, &edition).await;
    assert_eq!((edition.state, counts.sent), (EditionState::Done, 12_001));
}

#[tokio::test]
async fn an_edition_that_is_cancelled_meanwhile_accounts_for_every_reader() {
    let (app, edition) = published().await;
    app.store.set_edition_state(edition.id, EditionState::Cancelled, "by hand").await.unwrap();
    app.store.finish_editions(app.clock.now()).await.unwrap();
    app.run_jobs().await;
    let (edition, counts) = look(&app, &edition).await;
    assert_eq!((edition.state, edition.audience, counts.queued), (EditionState::Cancelled, MANY, 12_001));
    assert_eq!(app.store.cancelled_editions().await.unwrap(), [edition.id], "the sender takes them back");
}

/// How many deliveries there are, and between which moments they are due, in seconds after the publication.
async fn due(app: &TestApp, edition: &Edition) -> (i64, i64, i64) {
    let url = format!("sqlite:{}", app.database().display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    let dues = "SELECT count(DISTINCT due_at), min(due_at) - $1, max(due_at) - $1 FROM delivery";
    sqlx::query_as(dues).bind(edition.published_at).fetch_one(&mut connection).await.unwrap()
}

#[tokio::test]
async fn every_part_is_spread_over_the_edition_s_window() {
    let mut spread = daily();
    spread.over = Duration::from_hours(1);
    let app = with_readers(spread).await;
    let edition = publish(&app).await;
    app.run_jobs().await;
    assert_eq!(due(&app, &edition).await, (3600, 0, 3599));
}

#[tokio::test]
async fn who_confirmed_last_comes_first_while_a_sender_is_warmed_up_whatever_part_they_are_in() {
    let app = with_readers(daily()).await;
    app.execute("UPDATE subscription SET confirmed_at = subscriber_id").await;
    app.configure(|settings| {
        let warm_up = Some(WarmUp { start: 3000, ceiling: 10_000 });
        settings.sending = Some(Sending { warm_up, ..sending() });
    });
    let edition = publish(&app).await;
    app.run_jobs().await;
    let now = "SELECT min(subscriber_id) FROM delivery WHERE due_at <= $1";
    let url = format!("sqlite:{}", app.database().display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    let query = sqlx::query_scalar(now).bind(edition.published_at);
    let first: i64 = query.fetch_one(&mut connection).await.unwrap();
    assert_eq!(first, MANY - 2999, "the last three thousand are due today");
    let (days, _, _) = due(&app, &edition).await;
    assert!(days > 1, "the others on later days");
}
