//! Editions on their way to readers, through a relay that does what the reader's name says.

use std::collections::HashSet;
use std::time::Duration;

use courant::mail::inbox::Behaviour;
use courant::model::delivery::UncertainPolicy;
use courant::model::edition::EditionState;
use courant::model::provider::ProviderId;
use courant::store::{Counts, Edition};
use sqlx::{Connection, SqliteConnection};

use crate::support::app::{CONFIG, TestApp, daily};

const BEFORE: &str = "2026-02-27T12:00:00+01:00";
const AFTER: &str = "2026-02-28T07:00:00+01:00";

async fn started() -> TestApp {
    TestApp::start_with_relay(vec![daily()], BEFORE, Behaviour::default()).await
}

/// An edition to these readers, sent as far as the relay takes it.
async fn send_to(app: &TestApp, readers: &[&str]) -> Edition {
    for reader in readers {
        app.subscribe(&format!("{reader}@example.org"), "daily").await;
    }
    app.publish_article("Bridge reopens").await;
    app.advance_to(AFTER).await;
    app.editions("daily").await.remove(0)
}

async fn counts(app: &TestApp, edition: &Edition) -> Counts {
    let counts = app.store.delivery_counts(edition.id).await.unwrap();
    assert_eq!(counts.total(), u64::try_from(edition.audience).unwrap());
    counts
}

#[tokio::test]
async fn every_reader_gets_the_edition_once() {
    let app = started().await;
    let readers: Vec<String> = (0..150).map(|number| format!("reader{number}")).collect();
    let readers: Vec<&str> = readers.iter().map(String::as_str).collect();
    let edition = send_to(&app, &readers).await;
    assert_eq!(counts(&app, &edition).await.sent, 150);
    let mails = app.inbox().mails();
    let to: HashSet<_> = mails.iter().map(|mail| mail.to[0].clone()).collect();
    assert_eq!((mails.len(), to.len()), (150, 150));
    for mail in &mails {
        assert_eq!(mail.header("To"), mail.to[0], "the envelope and the header name the same reader");
    }
    let ids: HashSet<_> = mails.iter().map(|mail| mail.header("Message-ID")).collect();
    let senders: HashSet<_> = mails.iter().map(|mail| mail.from.clone()).collect();
    let links: HashSet<_> = mails.iter().map(|mail| mail.header("List-Unsubscribe")).collect();
    assert_eq!((ids.len(), senders.len(), links.len()), (150, 150, 150));
    let edition = app.store.find_edition(edition.id).await.unwrap().unwrap();
    assert_eq!(edition.state, EditionState::Done);
    assert!(app.inbox().connections() <= 2);
}

#[tokio::test]
async fn each_reader_s_fate_is_told_with_the_relay_s_words() {
    let app = started().await;
    let readers = ["ada", "gone", "full", "blocked", "busy", "spam", "later", "nodata", "hangup", "dörte"];
    let edition = send_to(&app, &readers).await;
    let counts = counts(&app, &edition).await;
    let expected = Counts { sent: 2, failed: 5, deferred: 3, ..Counts::default() };
    assert_eq!(counts, expected);
    let attempts: Vec<_> = app.store.attempts().collect();
    assert_eq!(attempts, [("sent", 2), ("deferred", 3), ("failed", 5), ("in_doubt", 0), ("expired", 0)]);
    let (code, listed) = courant(&app, &["edition", "deliveries", "daily/1"]);
    assert_eq!(code, 0);
    let moments = [(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", "(moment)")];
    insta::with_settings!({ filters => moments }, { insta::assert_snapshot!(listed) });
    let (_, failed) = courant(&app, &["edition", "deliveries", "daily/1", "--state", "failed", "--json"]);
    let failed: serde_json::Value = serde_json::from_str(&failed).unwrap();
    assert_eq!(failed.as_array().unwrap().len(), 5);
    let (_, reader) = courant(&app, &["subscriber", "show", "gone@example.org", "--json"]);
    let reader: serde_json::Value = serde_json::from_str(&reader).unwrap();
    assert_eq!(reader["deliveries"][0]["state"], "failed");
    assert_eq!(reader["deliveries"][0]["reply"], failed[0]["reply"]);
    assert_eq!(reader["reports"][0]["kind"], "hard_bounce");
    let (_, reader) = courant(&app, &["subscriber", "show", "gone@example.org"]);
    assert!(
        reader.contains("hard bounce (no_such_user)") && reader.contains("address suppressed"),
        "{reader}"
    );
}

/// Runs the program beside the daemon; returns its exit code and what it printed.
fn courant(app: &TestApp, arguments: &[&str]) -> (i32, String) {
    let directory = app.database().parent().unwrap().to_owned();
    std::fs::write(directory.join("courant.toml"), CONFIG).unwrap();
    let mut command = assert_cmd::Command::cargo_bin("courant").unwrap();
    let output =
        command.current_dir(directory).env_remove("COURANT_CONFIG").args(arguments).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

#[tokio::test]
async fn an_address_that_does_not_exist_is_never_mailed_again_and_our_faults_cost_no_subscriber() {
    let app = started().await;
    send_to(&app, &["gone", "full", "blocked", "spam", "nodata"]).await;
    let mut suppressed = Vec::new();
    for reader in ["gone", "full", "blocked", "spam", "nodata"] {
        let address = format!("{reader}@example.org").parse().unwrap();
        if app.store.find_suppression(&address).await.unwrap().is_some() {
            suppressed.push(reader);
        }
    }
    assert_eq!(suppressed, ["gone"]);
}

#[tokio::test]
async fn what_was_put_off_is_tried_again_later_with_the_same_message() {
    let app = started().await;
    let edition = send_to(&app, &["greylist", "ada"]).await;
    assert_eq!(counts(&app, &edition).await.deferred, 1);
    app.wait(Duration::from_mins(4)).await;
    assert_eq!(app.inbox().mails_to("greylist@example.org").len(), 0, "the relay asked for five minutes");
    app.wait(Duration::from_mins(2)).await;
    assert_eq!(counts(&app, &edition).await.sent, 2);
}

#[tokio::test]
async fn i2_a_repeated_message_is_the_same_octet_for_octet_whatever_was_configured_meanwhile() {
    let app = started().await;
    let edition = send_to(&app, &["droponce"]).await;
    let counted = counts(&app, &edition).await;
    assert_eq!((counted.queued, counted.doubts, counted.repeated), (1, 1, 0));
    app.configure(|settings| {
        let sending = settings.sending.as_mut().unwrap();
        sending.from = "Somebody Else <else@example.net>".parse().unwrap();
        settings.newsletters[0].title = "Another name".to_owned();
    });
    app.wait(Duration::from_mins(10)).await;
    let mails = app.inbox().mails_to("droponce@example.org");
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0].bytes, mails[1].bytes);
    let counted = counts(&app, &edition).await;
    assert_eq!((counted.sent, counted.doubts, counted.repeated), (1, 1, 1));
}

#[tokio::test]
async fn i10_what_is_in_doubt_follows_the_newsletter_s_policy() {
    for (policy, copies, expected) in [
        (UncertainPolicy::Hold, 1, Counts { uncertain: 1, doubts: 1, ..Counts::default() }),
        (UncertainPolicy::AssumeSent, 1, Counts { sent: 1, doubts: 1, ..Counts::default() }),
        (UncertainPolicy::Retry, 2, Counts { sent: 1, doubts: 1, repeated: 1, ..Counts::default() }),
    ] {
        let mut newsletter = daily();
        newsletter.uncertain = policy;
        let app = TestApp::start_with_relay(vec![newsletter], BEFORE, Behaviour::default()).await;
        let edition = send_to(&app, &["droponce"]).await;
        app.wait(Duration::from_hours(1)).await;
        assert_eq!(counts(&app, &edition).await, expected);
        assert_eq!(app.inbox().taken(), copies, "{policy:?}");
    }
}

#[tokio::test]
async fn an_edition_that_too_many_refuse_stops_by_itself_and_goes_on_when_it_is_resumed() {
    for (word, reason) in [("gone", "addresses do not exist"), ("blocked", "because of us")] {
        let app = started().await;
        let refused = (0..12).map(|number| format!("{word}{number}"));
        let readers: Vec<String> = refused.chain((0..60).map(|number| format!("reader{number}"))).collect();
        let readers: Vec<&str> = readers.iter().map(String::as_str).collect();
        let edition = send_to(&app, &readers).await;
        let stopped = app.store.find_edition(edition.id).await.unwrap().unwrap();
        assert_eq!(stopped.state, EditionState::Paused);
        assert!(stopped.reason.as_ref().unwrap().contains(reason), "{:?}", stopped.reason);
        let at_the_stop = counts(&app, &edition).await;
        assert_eq!((at_the_stop.sent + at_the_stop.failed + at_the_stop.queued, at_the_stop.leased), (72, 0));
        assert!(at_the_stop.queued >= 58, "{at_the_stop:?}");
        let (_, plan) = courant(&app, &["edition", "show", "daily/1"]);
        assert!(plan.contains(reason), "{plan}");
        let (code, watched) = courant(&app, &["edition", "watch", "daily/1"]);
        assert_eq!(code, 0);
        assert!(watched.starts_with("daily/1 is paused: ") && watched.contains("waiting"), "{watched}");
        app.store.set_edition_state(edition.id, EditionState::Sending, "by the operator").await.unwrap();
        app.run_jobs().await;
        let at_the_end = counts(&app, &edition).await;
        assert_eq!((at_the_end.sent, at_the_end.failed), (60, 12));
    }
}

#[tokio::test]
async fn an_edition_is_not_sent_after_its_time() {
    let app = started().await;
    let edition = send_to(&app, &["busy", "ada"]).await;
    app.advance_to("2026-03-02T08:00:00+01:00").await;
    let expected = Counts { sent: 1, expired: 1, ..Counts::default() };
    assert_eq!(counts(&app, &edition).await, expected);
    let edition = app.store.find_edition(edition.id).await.unwrap().unwrap();
    assert_eq!(edition.state, EditionState::Done);
}

#[tokio::test]
async fn a_clock_that_leaps_ahead_costs_nobody_the_edition_unless_an_operator_says_that_it_is_right() {
    for is_right in [false, true] {
        let app = started().await;
        let edition = send_to(&app, &["greylist", "ada"]).await;
        app.set_clock("2026-03-02T12:00:00+01:00").await;
        let expected = Counts { sent: 1, deferred: 1, ..Counts::default() };
        assert_eq!(counts(&app, &edition).await, expected);
        if is_right {
            app.store.record_clock_suspicion(None).await.unwrap();
        } else {
            app.set_clock("2026-02-28T07:30:00+01:00").await;
        }
        app.run_jobs().await;
        let [sent, expired] = if is_right { [1, 1] } else { [2, 0] };
        assert_eq!(counts(&app, &edition).await, Counts { sent, expired, ..Counts::default() });
    }
}

#[tokio::test]
async fn r12_who_leaves_while_the_edition_waits_does_not_get_it() {
    let app = started().await;
    app.inbox().stop().await;
    let edition = send_to(&app, &["ada", "bo"]).await;
    assert_eq!(counts(&app, &edition).await.queued, 2);
    let ada = app.subscribe("ada@example.org", "daily").await;
    let newsletter = app.standing("daily").await.id;
    app.store.end_subscription(ada, newsletter, "a test", app.clock.now()).await.unwrap();
    let counted = counts(&app, &edition).await;
    assert_eq!((counted.queued, counted.cancelled), (1, 1));
}

#[tokio::test]
async fn r13_a_paused_edition_stops_and_goes_on_and_a_cancelled_one_ends() {
    let app = started().await;
    app.inbox().stop().await;
    let edition = send_to(&app, &["ada", "bo"]).await;
    app.store.set_edition_state(edition.id, EditionState::Paused, "a mistake in it").await.unwrap();
    let inbox = restarted_inbox(&app).await;
    app.wait(Duration::from_mins(5)).await;
    assert_eq!((inbox.taken(), counts(&app, &edition).await.queued), (0, 2));
    app.store.set_edition_state(edition.id, EditionState::Sending, "").await.unwrap();
    app.wait(Duration::from_mins(5)).await;
    assert_eq!((inbox.taken(), counts(&app, &edition).await.sent), (2, 2));

    let edition = {
        app.subscribe("busy@example.org", "daily").await;
        app.publish_article("Harbour closes").await;
        app.advance_to("2026-03-01T07:00:00+01:00").await;
        app.editions("daily").await.remove(1)
    };
    assert_eq!(counts(&app, &edition).await.deferred, 1);
    app.store.set_edition_state(edition.id, EditionState::Cancelled, "a mistake in it").await.unwrap();
    app.wait(Duration::from_mins(1)).await;
    assert_eq!(counts(&app, &edition).await, Counts { sent: 2, cancelled: 1, ..Counts::default() });
}

/// Another relay at a new port, and a configuration that names it.
async fn restarted_inbox(app: &TestApp) -> courant::mail::inbox::Inbox {
    let inbox = courant::mail::inbox::Inbox::start(([127, 0, 0, 1], 0).into(), Behaviour::default()).await;
    let inbox = inbox.unwrap();
    let port = inbox.address().port();
    app.configure(|settings| settings.sending.as_mut().unwrap().relays[0].port = port);
    inbox
}

#[tokio::test]
async fn while_the_relay_is_down_deliveries_wait_and_no_attempt_is_counted() {
    let app = started().await;
    app.inbox().stop().await;
    let edition = send_to(&app, &["ada"]).await;
    for _ in 0..5 {
        app.wait(Duration::from_mins(2)).await;
    }
    assert_eq!(counts(&app, &edition).await.queued, 1);
    let inbox = restarted_inbox(&app).await;
    app.wait(Duration::from_mins(2)).await;
    assert_eq!(counts(&app, &edition).await.sent, 1);
    assert_eq!(
        app.store.claim_deliveries((edition.id, ProviderId::NONE), 1, app.clock.now()).await.unwrap(),
        []
    );
    assert_eq!(inbox.taken(), 1);
}

#[tokio::test]
async fn a_relay_that_refuses_our_login_or_our_sender_costs_no_delivery() {
    let login = Some(("user".to_owned(), "secret".to_owned()));
    let behaviour = Behaviour { login, ..Behaviour::default() };
    let app = TestApp::start_with_relay(vec![daily()], BEFORE, behaviour).await;
    let edition = send_to(&app, &["ada", "bo"]).await;
    app.wait(Duration::from_mins(10)).await;
    assert_eq!(counts(&app, &edition).await, Counts { queued: 2, ..Counts::default() });
    app.configure(|settings| {
        let relay = &mut settings.sending.as_mut().unwrap().relays[0];
        let password = "secret".to_owned().into();
        relay.login = Some(courant::mail::relay::Login { user: "user".to_owned(), password });
    });
    app.wait(Duration::from_mins(10)).await;
    assert_eq!(counts(&app, &edition).await.sent, 2);
}

#[tokio::test]
async fn a_relay_that_wants_a_new_connection_for_each_message_gets_one() {
    let behaviour = Behaviour { per_connection: Some(1), ..Behaviour::default() };
    let app = TestApp::start_with_relay(vec![daily()], BEFORE, behaviour).await;
    let readers: Vec<String> = (0..20).map(|number| format!("reader{number}")).collect();
    let readers: Vec<&str> = readers.iter().map(String::as_str).collect();
    let edition = send_to(&app, &readers).await;
    assert_eq!(counts(&app, &edition).await.sent, 20);
    assert!(app.inbox().connections() >= 20);
}

#[tokio::test]
async fn a_mute_reader_does_not_keep_the_others_waiting() {
    let app = started().await;
    app.configure(|settings| {
        settings.sending.as_mut().unwrap().relays[0].limits.command = Duration::from_secs(2);
    });
    let mut readers: Vec<String> = (0..60).map(|number| format!("reader{number}")).collect();
    readers.insert(0, "mute".to_owned());
    let readers: Vec<&str> = readers.iter().map(String::as_str).collect();
    let edition = send_to(&app, &readers).await;
    assert_eq!(counts(&app, &edition).await, Counts { sent: 60, deferred: 1, ..Counts::default() });
}

#[tokio::test]
async fn a_sign_up_is_answered_by_one_confirmation_mail() {
    let app = started().await;
    let newsletter = app.standing("daily").await.id;
    let address = "ada@example.org".parse().unwrap();
    for _ in 0..3 {
        app.store.request_subscriptions(&address, &[newsletter], "the form", app.clock.now()).await.unwrap();
        app.run_jobs().await;
    }
    let mails = app.inbox().mails_to("ada@example.org");
    assert_eq!(mails.len(), 1);
    let text = String::from_utf8(mails[0].bytes.clone()).unwrap();
    assert!(text.contains("confirm/"), "{text}");
    assert_eq!(mails[0].header("List-Unsubscribe"), "");
}

#[tokio::test]
async fn a_confirmation_that_was_put_off_is_tried_again_and_one_to_nobody_is_given_up() {
    let app = started().await;
    let newsletter = app.standing("daily").await.id;
    for reader in ["greylist", "gone"] {
        let address = format!("{reader}@example.org").parse().unwrap();
        app.store.request_subscriptions(&address, &[newsletter], "the form", app.clock.now()).await.unwrap();
    }
    app.run_jobs().await;
    assert_eq!(app.inbox().taken(), 0);
    app.wait(Duration::from_mins(6)).await;
    assert_eq!(app.inbox().mails_to("greylist@example.org").len(), 1);
    assert!(
        app.store.due_confirmations(app.clock.now() + Duration::from_hours(24), 10).await.unwrap().is_empty()
    );
    let gone = "gone@example.org".parse().unwrap();
    assert!(app.store.find_suppression(&gone).await.unwrap().is_some());
}

#[tokio::test]
async fn a_daemon_that_is_told_to_stop_leaves_nothing_half_done_and_repeats_nothing() {
    let app = started().await;
    let readers: Vec<String> = (0..300).map(|number| format!("reader{number}")).collect();
    for reader in &readers {
        app.subscribe(&format!("{reader}@example.org"), "daily").await;
    }
    app.publish_article("Bridge reopens").await;
    app.clock.set(AFTER.parse().unwrap());
    app.publish_now("daily").await;
    app.try_send().await.unwrap();
    let edition = app.editions("daily").await.remove(0);
    let app = app.restart_at(AFTER).await;
    let counted = counts(&app, &edition).await;
    assert_eq!((counted.leased, counted.sending, counted.doubts), (0, 0, 0));
    assert_eq!((counted.sent, app.inbox().taken()), (300, 300));
}

#[tokio::test]
async fn who_only_looks_does_not_wait_for_who_writes() {
    let app = started().await;
    send_to(&app, &["ada"]).await;
    let url = format!("sqlite:{}", app.database().display());
    let mut writer = SqliteConnection::connect(&url).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut writer).await.unwrap();
    for arguments in [
        &["edition", "show", "daily/1"][..],
        &["edition", "list"],
        &["subscriber", "show", "ada@example.org"],
        &["subscriber", "list"],
        &["suppression", "list"],
        &["article", "list"],
        &["source", "list"],
        &["clock", "show"],
    ] {
        assert_eq!(courant(&app, arguments).0, 0, "{arguments:?}");
    }
}

/// What SQLite does of itself when the disk is full: the whole transaction is taken back, not the statement alone.
#[tokio::test]
async fn a_disk_that_was_full_holds_nothing_up_once_there_is_room() {
    let app = started().await;
    app.subscribe("ada@example.org", "daily").await;
    app.publish_article("Bridge reopens").await;
    app.execute(
        "CREATE TRIGGER full BEFORE UPDATE ON delivery BEGIN SELECT raise(ROLLBACK, 'disk full'); END",
    )
    .await;
    app.clock.advance_to(AFTER.parse().unwrap());
    assert!(app.try_publish().await.unwrap() > 0);
    assert!(app.try_send().await.is_err());
    assert_eq!(app.inbox().taken(), 0);
    app.execute("DROP TRIGGER full").await;
    app.run_jobs().await;
    assert_eq!(app.inbox().taken(), 1);
}

#[tokio::test]
async fn i3_no_message_goes_out_whose_marker_the_disk_did_not_keep() {
    let app = started().await;
    send_to(&app, &["ada"]).await;
    assert_eq!(app.inbox().taken(), 1);
    app.publish_article("Harbour closes").await;
    app.clock.set("2026-02-28T08:00:00+01:00".parse().unwrap());
    app.publish_now("daily").await;
    let log = app.database().with_file_name("courant.db-wal");
    std::fs::remove_file(&log).unwrap();
    std::os::unix::fs::symlink(&log, &log).unwrap();
    let mut outcome = app.try_send().await;
    while outcome.as_ref().is_ok_and(|&sent| sent > 0) {
        outcome = app.try_send().await;
    }
    assert!(
        app.is_stopped() || outcome.is_err(),
        "a sync that fails ends the program, a read that fails the step"
    );
    assert_eq!(app.inbox().taken(), 1);
}
