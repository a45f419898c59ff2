//! `courant db restore`.

use std::fs;
use std::path::{Path, PathBuf};

use courant::mail::inbox::Behaviour;
use courant::model::edition::EditionState;
use courant::model::subscriber::SubscriptionState;
use courant::model::suppression::SuppressionReason;
use courant::model::time::Timestamp;
use courant::store::Store;
use sqlx::{Connection, SqliteConnection};

use super::{AFTER, BEFORE, LATER, assert_paused, backup, courant, edition, half_sent, mails, resume};
use crate::choices::{choosy, had, shape, subscribe};
use crate::support::app::{Stopped, TestApp, at, daily};

/// Stops the program and puts a backup back; returns what that said.
async fn restore(app: TestApp, file: &Path, now: &str) -> (Stopped, String) {
    let stopped = app.stop().await;
    let arguments = ["db", "restore", file.to_str().unwrap()];
    let said = Box::pin(courant(stopped.directory.path(), now, &arguments)).await;
    (stopped, said.unwrap())
}

/// The database that was there before a restore.
fn moved_aside(stopped: &Stopped) -> PathBuf {
    let entries = fs::read_dir(stopped.directory.path()).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> =
        entries.filter(|path| path.to_string_lossy().contains(".before-restore-")).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[tokio::test]
async fn what_went_out_since_the_backup_does_not_go_out_again() {
    let app = half_sent().await;
    let (_elsewhere, file) = backup(&app.database(), "backup.db").await;
    app.advance_to(AFTER).await;
    app.publish_article("Harbour closes").await;
    app.publish_now("daily").await;
    app.run_jobs().await;
    assert_eq!(mails(&app), (2, 2));
    let (stopped, said) = restore(app, &file, LATER).await;
    assert!(said.contains("1  deliveries") && said.contains("1  articles"), "{said}");
    let app = stopped.start_at(LATER).await;
    app.publish_article("Harbour closes").await; // the source has it still
    app.publish_article("Fair begins").await;
    app.advance_to("2026-03-01T12:00:00+01:00").await;
    assert_eq!(app.edition_titles("daily").await, [["Bridge reopens"], ["Fair begins"]]);
    assert_eq!(mails(&app), (3, 3));
}

#[tokio::test]
async fn what_went_out_to_a_group_since_the_backup_does_not_go_out_again() {
    let app = TestApp::start(vec![choosy()], BEFORE).await;
    let ada = subscribe(&app, "ada", &shape("each_article", &[])).await;
    app.publish_article("Bridge reopens").await;
    app.run_jobs().await;
    app.execute("UPDATE delivery SET state = 'sent'").await;
    let (_elsewhere, file) = backup(&app.database(), "backup.db").await;
    app.publish_article("Harbour closes").await;
    app.run_jobs().await;
    app.execute("UPDATE delivery SET state = 'sent'").await;
    assert_eq!(had(&app, ada).await, [["Bridge reopens"], ["Harbour closes"]]);
    let (stopped, _) = restore(app, &file, LATER).await;
    let app = stopped.start_at(LATER).await;
    app.publish_article("Harbour closes").await; // the source has it still
    app.publish_article("Fair begins").await;
    app.run_jobs().await;
    assert_eq!(had(&app, ada).await, [["Bridge reopens"], ["Fair begins"]]);
}

#[tokio::test]
async fn what_was_queued_and_went_out_since_the_backup_does_not_go_out_again() {
    let app = TestApp::start(vec![daily()], BEFORE).await;
    app.execute(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)
        INSERT INTO subscriber (id, address, address_key, address_hash, created_at)
        SELECT i, i || '@example.org', i || '@example.org', CAST('h' || i AS BLOB), 0 FROM n",
    )
    .await;
    app.execute(
        "INSERT INTO subscription (subscriber_id, newsletter_id, state, consent, created_at, confirmed_at)
        SELECT id, 1, 'active', 'a test', 0, 0 FROM subscriber",
    )
    .await;
    app.publish_article("Bridge reopens").await;
    app.publish_now("daily").await;
    let (_elsewhere, file) = backup(&app.database(), "backup.db").await;
    app.run_jobs().await;
    app.execute("UPDATE delivery SET state = 'sent' WHERE subscriber_id BETWEEN 4000 AND 5900").await;
    let (stopped, _) = restore(app, &file, LATER).await;
    let app = stopped.start_at(LATER).await;
    app.run_jobs().await;
    let edition = edition(&app).await;
    let counts = app.store.delivery_counts(edition.id).await.unwrap();
    assert_eq!((counts.sent, counts.queued, edition.audience), (1901, 4099, 6000));
}

#[tokio::test]
async fn what_was_retracted_since_the_backup_stays_retracted() {
    let app = TestApp::start(vec![daily()], BEFORE).await;
    app.publish_article("In the backup").await;
    let (_elsewhere, file) = backup(&app.database(), "backup.db").await;
    app.publish_article("After the backup").await;
    let find = async |app: &TestApp, title| app.store.find_article_of_source("cms", title).await.unwrap();
    for title in ["In the backup", "After the backup"] {
        let id = find(&app, title).await.unwrap().id;
        assert!(app.store.retract_article(id, app.clock.now()).await.unwrap());
    }
    let (stopped, _) = restore(app, &file, LATER).await;
    let app = stopped.start_at(LATER).await;
    for title in ["In the backup", "After the backup"] {
        app.publish_article(title).await; // the source has it still
        assert!(find(&app, title).await.unwrap().retracted_at.is_some(), "{title}");
    }
    let authored = app.store.find_author("ines okafor", &courant::store::Sight::Operator).await.unwrap();
    assert_eq!(authored.as_deref(), Some("Ines Okafor"));
}

#[tokio::test]
async fn the_rest_of_an_edition_waits_for_the_operator_and_is_sent_once() {
    let app = half_sent().await;
    let (_elsewhere, file) = backup(&app.database(), "backup.db").await;
    let (stopped, said) = restore(app, &file, LATER).await;
    assert!(said.contains("are paused: 1"), "{said}");
    let app = stopped.start_at(LATER).await;
    assert_paused(&app).await;
    assert_eq!(mails(&app), (1, 0));
    resume(&app).await;
    assert_eq!(mails(&app), (1, 1));
}

#[tokio::test]
async fn who_left_since_the_backup_stays_out() {
    let app = TestApp::start(vec![daily()], BEFORE).await;
    let now = app.clock.now();
    for reader in ["left", "spam", "erased", "stays"] {
        app.subscribe(&format!("{reader}@example.org"), "daily").await;
    }
    let (_elsewhere, file) = backup(&app.database(), "backup.db").await;
    let daily = app.standing("daily").await.id;
    for reader in ["left", "fleeting"] {
        let id = app.subscribe(&format!("{reader}@example.org"), "daily").await;
        app.store.end_subscription(id, daily, "one click", now).await.unwrap();
    }
    let spam = "spam@example.org".parse().unwrap();
    app.store.suppress(&spam, SuppressionReason::Complaint, None, now).await.unwrap();
    let erased = "erased@example.org".parse().unwrap();
    app.store.forget(&erased, now).await.unwrap();

    let (stopped, said) = restore(app, &file, LATER).await;
    for line in ["2  addresses that are never mailed", "1  subscribers who had asked"] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    let app = stopped.start_at(LATER).await;
    assert!(app.store.find_subscriber(&erased).await.unwrap().is_none());
    assert!(app.store.find_suppression(&erased).await.unwrap().is_some());
    for (reader, state) in [
        ("left", SubscriptionState::Ended),
        ("fleeting", SubscriptionState::Ended),
        ("spam", SubscriptionState::Ended),
        ("stays", SubscriptionState::Active),
    ] {
        let address = format!("{reader}@example.org").parse().unwrap();
        let id = app.store.find_subscriber(&address).await.unwrap().unwrap().id;
        assert_eq!(app.store.subscriptions(id).await.unwrap()[0].state, state, "{reader}");
    }
    let standing = app.standing("daily").await;
    assert_eq!(app.store.count_readers(standing.id, app.clock.now()).await.unwrap(), 1);
}

#[tokio::test]
async fn who_paused_since_the_backup_stays_paused() {
    let app = TestApp::start(vec![daily()], BEFORE).await;
    let daily = app.standing("daily").await.id;
    let [pauses, resumes, other] =
        ["pauses", "resumes", "other"].map(|reader| format!("{reader}@example.org"));
    let [pauses, resumes, other] = [
        app.subscribe(&pauses, "daily").await,
        app.subscribe(&resumes, "daily").await,
        app.subscribe(&other, "daily").await,
    ];
    let until = at(LATER) + std::time::Duration::from_hours(24);
    app.store.pause_subscriptions(resumes, &[(daily, until)], "a test", at(BEFORE)).await.unwrap();
    let (_elsewhere, file) = backup(&app.database(), "backup.db").await;
    app.store.pause_subscriptions(pauses, &[(daily, until)], "a test", at(BEFORE)).await.unwrap();
    app.store.resume_subscriptions(resumes, &[daily], "a test", at(BEFORE)).await.unwrap();
    let (stopped, _) = restore(app, &file, LATER).await;
    let app = stopped.start_at(LATER).await;
    for (id, expected) in [(pauses, Some(until)), (resumes, Some(at(BEFORE))), (other, None)] {
        assert_eq!(app.store.subscriptions(id).await.unwrap()[0].paused_until, expected);
    }
    assert_eq!(app.store.count_readers(daily, at(LATER)).await.unwrap(), 2);
}

#[tokio::test]
async fn a_readers_own_feed_that_ended_since_the_backup_stays_ended() {
    let app = TestApp::start(vec![daily()], BEFORE).await;
    let daily = app.standing("daily").await.id;
    let [ends, renews, keeps, makes] =
        ["ends", "renews", "keeps", "makes"].map(|name| format!("{name}@example.org"));
    let ids = [
        app.subscribe(&ends, "daily").await,
        app.subscribe(&renews, "daily").await,
        app.subscribe(&keeps, "daily").await,
        app.subscribe(&makes, "daily").await,
    ];
    let [ends, renews, keeps, makes] = ids;
    for reader in [ends, renews, keeps] {
        assert!(app.store.make_private_feed(reader, daily, at(BEFORE)).await.unwrap());
    }
    let (_elsewhere, file) = backup(&app.database(), "backup.db").await;
    assert!(app.store.end_private_feed(ends, daily).await.unwrap());
    for reader in [renews, makes] {
        assert!(app.store.make_private_feed(reader, daily, at(BEFORE)).await.unwrap());
    }
    let mut expected = Vec::new();
    for reader in ids {
        expected.push(app.store.private_feeds_of(reader).await.unwrap());
    }
    let (stopped, _) = restore(app, &file, LATER).await;
    let app = stopped.start_at(LATER).await;
    for (reader, expected) in ids.into_iter().zip(expected) {
        assert_eq!(app.store.private_feeds_of(reader).await.unwrap(), expected);
    }
    assert_eq!(app.store.count_private_feeds(daily).await.unwrap(), 3);
    assert!(app.store.make_private_feed(ends, daily, at(LATER)).await.unwrap());
    let [(_, feed)] = app.store.private_feeds_of(ends).await.unwrap()[..] else { panic!("one feed") };
    assert!(feed.0 > 5, "no address is given out twice: {feed:?}");
}

#[tokio::test]
async fn who_subscribed_again_before_the_backup_stays_subscribed() {
    let app = TestApp::start(vec![daily()], BEFORE).await;
    let id = app.subscribe("ada@example.org", "daily").await;
    let daily = app.standing("daily").await.id;
    app.store.end_subscription(id, daily, "one click", at(BEFORE)).await.unwrap();
    let (_early, old) = backup(&app.database(), "old.db").await;
    app.store
        .request_subscriptions(&"ada@example.org".parse().unwrap(), &[daily], "form", at(AFTER))
        .await
        .unwrap();
    app.store.confirm_subscriptions(id, "a test", at(AFTER)).await.unwrap();
    let (_late, new) = backup(&app.database(), "new.db").await;
    let (stopped, _) = restore(app, &old, LATER).await;
    fs::remove_file(moved_aside(&stopped)).unwrap();
    let app = stopped.start_at(LATER).await;
    let (stopped, _) = restore(app, &new, LATER).await;
    let app = stopped.start_at(LATER).await;
    assert_eq!(app.store.subscriptions(id).await.unwrap()[0].state, SubscriptionState::Active);
}

#[tokio::test]
async fn no_number_is_given_twice() {
    let app = TestApp::start(vec![daily()], BEFORE).await;
    let (_elsewhere, file) = backup(&app.database(), "backup.db").await;
    let before = app.subscribe("ada@example.org", "daily").await;
    app.publish_article("Bridge reopens").await;
    app.publish_now("daily").await;
    let first = edition(&app).await;
    let (stopped, _) = restore(app, &file, AFTER).await;
    let app = stopped.start_at(AFTER).await;
    let after = app.subscribe("eve@example.org", "daily").await;
    assert!(after.0 > before.0, "an old link would name a stranger");
    app.publish_article("Harbour closes").await;
    app.publish_now("daily").await;
    let next = edition(&app).await;
    assert!(next.id.0 > first.id.0, "its mails would have the Message-IDs of others");
    assert_eq!(next.number, first.number + 1);
}

#[tokio::test]
async fn a_newsletter_that_was_paused_since_the_backup_stays_paused() {
    let app = TestApp::start(vec![daily()], BEFORE).await;
    let (_elsewhere, file) = backup(&app.database(), "backup.db").await;
    let standing = app.standing("daily").await;
    app.store.set_newsletter_paused(standing.id, Some(at(AFTER))).await.unwrap();
    let (stopped, _) = restore(app, &file, LATER).await;
    let app = stopped.start_at(LATER).await;
    assert_eq!(app.standing("daily").await.paused_at, Some(at(AFTER)));
}

#[tokio::test]
async fn nothing_is_put_back_while_a_command_has_the_database_open() {
    let app = half_sent().await;
    let (_elsewhere, file) = backup(&app.database(), "backup.db").await;
    let stopped = app.stop().await;
    let arguments = ["db", "restore", file.to_str().unwrap()];
    let command = Store::open(&stopped.database(), now()).await.unwrap();
    let refused = courant(stopped.directory.path(), LATER, &arguments).await.unwrap_err();
    assert!(refused.contains("another program has the database"), "{refused}");
    command.close().await;
    courant(stopped.directory.path(), LATER, &arguments).await.unwrap();
}

#[tokio::test]
async fn a_file_that_is_no_backup_of_ours_changes_nothing() {
    let app = half_sent().await;
    let (elsewhere, good) = backup(&app.database(), "backup.db").await;
    let stopped = app.stop().await;
    let before = fs::read(stopped.database()).unwrap();
    let file = |name: &str| elsewhere.path().join(name);

    let mut bytes = fs::read(&good).unwrap();
    let half = bytes.len() / 2;
    bytes[half..].fill(0x55);
    fs::write(file("corrupt"), bytes).unwrap();
    fs::write(file("prose"), "Once upon a time there was a newsletter.").unwrap();
    fs::write(file("empty"), "").unwrap();
    execute(&file("foreign"), "CREATE TABLE posts (id INTEGER)").await;
    fs::copy(&good, file("newer")).unwrap();
    let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        VALUES (9999, 'later', 1, x'00', 0)";
    execute(&file("newer"), later).await;

    for (name, words) in [
        ("corrupt", "is damaged"),
        ("prose", "is damaged, or no database"),
        ("empty", "not one of Courant's"),
        ("foreign", "not one of Courant's"),
        ("newer", "newer version of Courant"),
        ("missing", "there is no database"),
    ] {
        let path = file(name);
        let arguments = ["db", "restore", path.to_str().unwrap()];
        let refused = courant(stopped.directory.path(), LATER, &arguments).await.unwrap_err();
        assert!(refused.contains(words) && refused.contains(path.to_str().unwrap()), "{name}: {refused}");
        assert!(refused.contains("stays as it was"), "{refused}");
        assert!(fs::read(stopped.database()).unwrap() == before, "{name}");
    }
    let mut left: Vec<_> =
        fs::read_dir(stopped.directory.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["courant.db", "courant.db.lock", "courant.toml"]);
}

#[tokio::test]
async fn a_damaged_database_is_kept_and_what_cannot_be_carried_over_is_told() {
    let app = half_sent().await;
    let (_elsewhere, file) = backup(&app.database(), "backup.db").await;
    let stopped = app.stop().await;
    fs::write(stopped.database(), vec![0x55; 50_000]).unwrap();
    let said =
        courant(stopped.directory.path(), LATER, &["db", "restore", file.to_str().unwrap()]).await.unwrap();
    assert!(said.contains("NOT carried over") && said.contains("cannot be read"), "{said}");
    assert!(fs::read(moved_aside(&stopped)).unwrap() == vec![0x55; 50_000]);
    assert_paused(&stopped.start_at(LATER).await).await;
}

#[tokio::test]
async fn a_backup_of_another_installation_is_told_apart() {
    let app = half_sent().await;
    let (_elsewhere, file) = backup(&app.database(), "backup.db").await;
    let other = TestApp::start(vec![daily()], BEFORE).await;
    let eve = "eve@example.org".parse().unwrap();
    other.store.suppress(&eve, SuppressionReason::Operator, None, at(BEFORE)).await.unwrap();
    let (_stopped, said) = restore(other, &file, LATER).await;
    assert!(said.contains("another installation's") && said.contains("1 suppressions"), "{said}");
}

#[tokio::test]
async fn a_backup_is_put_where_there_was_no_database() {
    let app = half_sent().await;
    let (_elsewhere, file) = backup(&app.database(), "backup.db").await;
    let stopped = app.stop().await;
    let fresh = tempfile::tempdir().unwrap();
    let said = courant(fresh.path(), LATER, &["db", "restore", file.to_str().unwrap()]).await.unwrap();
    assert!(said.contains("2 subscribers, 1 edition, 1 article."), "{said}");
    let app = stopped.moved_to(fresh).start_at(LATER).await;
    assert_paused(&app).await;
}

#[tokio::test]
async fn a_restore_broken_off_at_its_last_step_leaves_no_empty_database_and_is_finished_by_the_next() {
    let app = half_sent().await;
    let (_elsewhere, file) = backup(&app.database(), "backup.db").await;
    let (stopped, _) = restore(app, &file, AFTER).await;
    let ready = stopped.directory.path().join("courant.db.restored");
    fs::rename(stopped.database(), &ready).unwrap();

    let refused = courant(stopped.directory.path(), LATER, &["edition", "list"]).await.unwrap_err();
    assert!(refused.contains("restore was broken off"), "{refused}");
    assert!(Store::open_as_daemon(&stopped.database(), now()).await.is_err());
    assert!(!stopped.database().exists());

    courant(stopped.directory.path(), LATER, &["db", "restore", file.to_str().unwrap()]).await.unwrap();
    assert!(!ready.exists());
    assert_paused(&stopped.start_at(LATER).await).await;
}

#[tokio::test]
async fn a_link_to_the_database_stays_a_link() {
    let app = half_sent().await;
    let (_elsewhere, file) = backup(&app.database(), "backup.db").await;
    let stopped = app.stop().await;
    let disk = tempfile::tempdir().unwrap();
    fs::rename(stopped.database(), disk.path().join("big.db")).unwrap();
    std::os::unix::fs::symlink(disk.path().join("big.db"), stopped.database()).unwrap();
    courant(stopped.directory.path(), LATER, &["db", "restore", file.to_str().unwrap()]).await.unwrap();
    assert!(fs::symlink_metadata(stopped.database()).unwrap().is_symlink());
    let names: Vec<_> = fs::read_dir(disk.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 3, "the database, its lock and the one before it: {names:?}");
    assert_paused(&stopped.start_at(LATER).await).await;
}

fn now() -> Timestamp {
    at(LATER)
}

async fn execute(path: &Path, statement: &'static str) {
    let url = format!("sqlite:{}?mode=rwc", path.display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    sqlx::query(statement).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn a_stale_edition_that_is_put_back_waits_for_the_operator_and_nobody_has_it_twice() {
    let app = TestApp::start_with_relay(vec![daily()], BEFORE, Behaviour::default()).await;
    app.configure(|settings| settings.sending.as_mut().unwrap().relays[0].daily_cap = Some(1));
    for reader in ["ada", "bo", "cy", "di"] {
        app.subscribe(&format!("{reader}@example.org"), "daily").await;
    }
    app.publish_article("Bridge reopens").await;
    app.advance_to("2026-03-02T12:00:00+01:00").await;
    let (_elsewhere, file) = backup(&app.database(), "backup.db").await;
    let resume = ["edition", "resume", "daily/1"];
    courant(app.database().parent().unwrap(), "2026-03-02T12:00:00+01:00", &resume).await.unwrap();
    app.run_jobs().await;
    assert_eq!(app.inbox().taken(), 3);
    let (stopped, _) = restore(app, &file, "2026-03-02T13:00:00+01:00").await;
    let app = stopped.start_at("2026-03-03T13:00:00+01:00").await;
    let stale = edition(&app).await;
    let counts = app.store.delivery_counts(stale.id).await.unwrap();
    assert_eq!((stale.state, counts.sent, counts.queued), (EditionState::Stale, 3, 1));
    courant(app.database().parent().unwrap(), "2026-03-03T13:00:00+01:00", &resume).await.unwrap();
    app.run_jobs().await;
    assert_eq!((edition(&app).await.state, app.inbox().taken()), (EditionState::Done, 4));
}
