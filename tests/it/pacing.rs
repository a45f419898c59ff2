//! How fast an edition goes out: by the limits of the relay, and by the operator's wish.

use std::time::Duration;

use courant::cli::{self, Output};
use courant::mail::inbox::{Behaviour, Inbox};
use courant::mail::relay::RelaySettings;
use courant::model::warm_up::WarmUp;
use courant::store::{Counts, Edition};

use crate::support::app::{CONFIG, TestApp, daily};

const BEFORE: &str = "2026-02-27T12:00:00+01:00";
const AFTER: &str = "2026-02-28T07:00:00+01:00";

/// A program whose relay has these limits.
async fn limited(limit: impl FnOnce(&mut RelaySettings)) -> TestApp {
    let app = TestApp::start_with_relay(vec![daily()], BEFORE, Behaviour::default()).await;
    app.configure(|settings| limit(&mut settings.sending.as_mut().unwrap().relays[0]));
    app
}

/// An edition to so many readers, at its tick.
async fn send_to(app: &TestApp, readers: usize) -> Edition {
    for number in 0..readers {
        app.subscribe(&format!("reader{number}@example.org"), "daily").await;
    }
    app.publish_article("Bridge reopens").await;
    app.advance_to(AFTER).await;
    app.editions("daily").await.remove(0)
}

pub async fn counts(app: &TestApp, edition: &Edition) -> Counts {
    let counts = app.store.delivery_counts(edition.id).await.unwrap();
    assert_eq!(counts.total(), u64::try_from(edition.audience).unwrap());
    counts
}

/// What a command beside the daemon prints at the daemon's time; the relay has these keys as well.
pub async fn told(app: &TestApp, keys: &str, arguments: &[&str]) -> String {
    let config = app.database().with_file_name("courant.toml");
    let relay = format!("relay.url = 'smtp://127.0.0.1:{}'\n{keys}", app.inbox().address().port());
    std::fs::write(&config, CONFIG.replace("relay.url = 'smtp://127.0.0.1:2525'", &relay)).unwrap();
    let program = ["courant", "--config", config.to_str().unwrap()];
    let line = program.iter().chain(arguments).map(Into::into);
    let (output, captured) = Output::captured();
    cli::run(line.collect::<Vec<_>>(), output, app.clock.clone()).await.unwrap();
    captured.text().replace(&app.inbox().address().to_string(), "127.0.0.1:2525")
}

#[tokio::test]
async fn a_relay_is_handed_no_more_than_its_rate_and_the_rest_stays_queued() {
    let app = limited(|relay| relay.rate = Some("60/minute".parse().unwrap())).await;
    let edition = send_to(&app, 6).await;
    assert_eq!(counts(&app, &edition).await, Counts { sent: 1, queued: 5, ..Counts::default() });
    app.run_jobs().await;
    assert_eq!(app.inbox().taken(), 1, "no time has passed");
    for sent in 2..=6 {
        app.wait(Duration::from_secs(1)).await;
        assert_eq!(app.inbox().taken(), sent);
    }
    let more = send_to_next(&app).await;
    assert_eq!(counts(&app, &more).await.sent, 1, "a pause of a day is not made up for");
}

async fn send_to_next(app: &TestApp) -> Edition {
    app.publish_article("Harbour closes").await;
    app.advance_to("2026-03-01T07:00:00+01:00").await;
    app.editions("daily").await.remove(1)
}

#[tokio::test]
async fn a_confirmation_takes_its_turn_within_the_rate() {
    let app = limited(|relay| relay.rate = Some("1/minute".parse().unwrap())).await;
    let newsletter = app.standing("daily").await.id;
    for reader in ["ada", "bo"] {
        let address = format!("{reader}@example.org").parse().unwrap();
        app.store.request_subscriptions(&address, &[newsletter], "the form", app.clock.now()).await.unwrap();
    }
    app.run_jobs().await;
    assert_eq!(app.inbox().taken(), 1);
    app.wait(Duration::from_secs(59)).await;
    assert_eq!(app.inbox().taken(), 1);
    app.wait(Duration::from_secs(1)).await;
    assert_eq!(app.inbox().taken(), 2);
}

#[tokio::test]
async fn a_daily_cap_holds_until_midnight_where_the_publication_is_also_after_a_restart() {
    let app = limited(|relay| relay.daily_cap = Some(3)).await;
    app.configure(|settings| settings.publication.time_zone = jiff::tz::TimeZone::get("Asia/Tokyo").unwrap());
    let edition = send_to(&app, 7).await;
    assert_eq!(counts(&app, &edition).await, Counts { sent: 3, queued: 4, ..Counts::default() });
    let app = app.restart_at("2026-02-28T23:59:59+09:00").await;
    assert_eq!(counts(&app, &edition).await, Counts { sent: 3, queued: 4, ..Counts::default() });
    app.wait(Duration::from_secs(1)).await;
    assert_eq!(counts(&app, &edition).await, Counts { sent: 6, queued: 1, ..Counts::default() });
}

#[tokio::test]
async fn what_a_relay_refuses_or_puts_off_does_not_count_for_the_day() {
    let app = limited(|relay| relay.daily_cap = Some(2)).await;
    for reader in ["gone", "busy"] {
        app.subscribe(&format!("{reader}@example.org"), "daily").await;
    }
    let edition = send_to(&app, 3).await;
    let expected = Counts { sent: 2, queued: 1, failed: 1, deferred: 1, ..Counts::default() };
    assert_eq!(counts(&app, &edition).await, expected);
}

#[tokio::test]
async fn who_asks_is_told_what_keeps_an_edition_waiting_and_until_when() {
    let app = limited(|relay| relay.daily_cap = Some(3)).await;
    send_to(&app, 7).await;
    let keys = "relay.daily_cap = 3\n";
    insta::assert_snapshot!(told(&app, keys, &["edition", "show", "daily/1"]).await);
    insta::assert_snapshot!(told(&app, keys, &["plan"]).await);
    let shown = told(&app, "relay.rate = '2/hour'\n", &["edition", "show", "daily/1", "--json"]).await;
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown["holds"][0]["why"], "no more may go out at a time (rate: 127.0.0.1:2525 2/hour)");
    assert_eq!(shown["holds"][0]["until"], "2026-02-28T08:00:00Z");
}

#[tokio::test]
async fn a_connection_is_closed_after_as_many_messages_as_it_may_have() {
    let app = limited(|relay| relay.messages_per_connection = 4).await;
    let edition = send_to(&app, 20).await;
    assert_eq!(counts(&app, &edition).await.sent, 20);
    assert!(app.inbox().connections() >= 5);
}

#[tokio::test]
async fn an_edition_is_spread_evenly_over_its_window_also_across_a_restart() {
    let mut newsletter = daily();
    newsletter.over = Duration::from_mins(30);
    let app = TestApp::start_with_relay(vec![newsletter], BEFORE, Behaviour::default()).await;
    let edition = send_to(&app, 120).await;
    let at_the_tick = counts(&app, &edition).await.sent;
    assert!(at_the_tick <= 2, "{at_the_tick}");
    let plan = told(&app, "", &["plan"]).await;
    assert!(!plan.contains("spread"), "the file beside says nothing of it: {plan}");
    let mut sent = at_the_tick;
    for minutes in 1..=15 {
        app.wait(Duration::from_mins(1)).await;
        let now = counts(&app, &edition).await.sent;
        assert!((1..=7).contains(&(now - sent)), "{} in minute {minutes}", now - sent);
        sent = now;
    }
    assert!((55..=65).contains(&sent), "{sent} in half of the time");
    let app = app.restart_at("2026-02-28T07:15:00+01:00").await;
    assert_eq!(counts(&app, &edition).await.sent, sent);
    app.wait(Duration::from_mins(15)).await;
    assert_eq!(counts(&app, &edition).await.sent, 120);
}

#[tokio::test]
async fn an_edition_that_is_spread_keeps_no_other_waiting() {
    let mut slow = crate::support::app::newsletter("slow", "0 7 * * *", "Europe/Paris");
    slow.over = Duration::from_hours(1);
    let app = TestApp::start_with_relay(vec![daily(), slow], BEFORE, Behaviour::default()).await;
    for number in 0..40 {
        app.subscribe(&format!("patient{number}@example.org"), "slow").await;
    }
    let edition = send_to(&app, 40).await;
    assert_eq!(counts(&app, &edition).await.sent, 40);
    let spread = app.editions("slow").await.remove(0);
    assert!(counts(&app, &spread).await.sent < 3);
}

#[tokio::test]
async fn a_clock_that_is_set_back_does_not_hold_up_what_is_due_at_once() {
    let app = limited(|relay| relay.daily_cap = Some(2)).await;
    let edition = send_to(&app, 6).await;
    assert_eq!(counts(&app, &edition).await.queued, 4);
    app.configure(|settings| settings.sending.as_mut().unwrap().relays[0].daily_cap = None);
    app.set_clock("2026-02-28T06:10:00+01:00").await;
    assert_eq!(counts(&app, &edition).await.sent, 6);
    assert_eq!(app.editions("daily").await.len(), 1);
}

#[tokio::test]
async fn a_clock_that_is_set_back_does_not_prolong_the_rest_of_a_relay_that_took_nothing() {
    let app = limited(|_| {}).await;
    app.inbox().stop().await;
    let edition = send_to(&app, 6).await;
    assert_eq!(counts(&app, &edition).await.queued, 6);
    let _inbox = Inbox::start(app.inbox().address(), Behaviour::default()).await.unwrap();
    app.set_clock("2026-02-28T06:10:00+01:00").await;
    assert_eq!(counts(&app, &edition).await.sent, 6);
}

/// Who has got a mail, by their numbers.
fn readers_served(app: &TestApp) -> Vec<usize> {
    let number = |to: &str| to["reader".len()..].split('@').next().unwrap().parse().unwrap();
    let mut served: Vec<usize> = app.inbox().mails().iter().map(|mail| number(&mail.to[0])).collect();
    served.sort_unstable();
    served
}

#[tokio::test]
async fn a_new_sender_begins_with_who_confirmed_last_and_sends_twice_as_much_each_day() {
    let mut newsletter = daily();
    newsletter.age_limit = Some(Duration::from_hours(4 * 24));
    let app = TestApp::start_with_relay(vec![newsletter], BEFORE, Behaviour::default()).await;
    app.configure(|settings| {
        settings.sending.as_mut().unwrap().warm_up = Some(WarmUp { start: 3, ceiling: 10 });
    });
    for number in 0..30 {
        app.clock.advance_to(app.clock.now() + Duration::from_secs(1));
        app.subscribe(&format!("reader{number}@example.org"), "daily").await;
    }
    let edition = send_to(&app, 0).await;
    assert_eq!(readers_served(&app), (27..30).collect::<Vec<_>>());
    let told = told(&app, "warm_up = { start = 3, ceiling = 10 }\n", &["edition", "show", "daily/1"]).await;
    let held = "held until Sun 2026-03-01 00:00 UTC: 0 more of 3 messages may go out today, who confirmed last first (warm_up)";
    assert!(told.contains(held), "{told}");
    let app = app.restart_at("2026-03-01T00:59:59+01:00").await;
    assert_eq!(app.inbox().taken(), 3);
    for (day, first) in [("2026-03-01", 21), ("2026-03-02", 11), ("2026-03-03", 1)] {
        app.advance_to(&format!("{day}T23:59:59Z")).await;
        assert_eq!(readers_served(&app), (first..30).collect::<Vec<_>>(), "{day}");
    }
    app.advance_to("2026-03-05T12:00:00Z").await;
    assert_eq!(counts(&app, &edition).await, Counts { sent: 30, ..Counts::default() });
}

#[tokio::test]
async fn for_whom_there_is_no_room_before_the_edition_is_too_old_it_expires() {
    let app = TestApp::start_with_relay(vec![daily()], BEFORE, Behaviour::default()).await;
    app.configure(|settings| {
        settings.sending.as_mut().unwrap().warm_up = Some(WarmUp { start: 2, ceiling: 10 });
    });
    let edition = send_to(&app, 9).await;
    app.advance_to("2026-03-01T08:00:00+01:00").await;
    assert_eq!(counts(&app, &edition).await, Counts { sent: 6, expired: 3, ..Counts::default() });
}
