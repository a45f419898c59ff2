//! When newsletters go out, and with which articles.

use courant::model::newsletter::Overflow;
use courant::store::EventKind::{Missed, NothingNew, Paused, Published, TooFew, Waiting};
use courant::store::{Entry, EventKind};

use crate::support::app::{TestApp, at, daily, newsletter, schedule};

async fn started() -> TestApp {
    TestApp::start(vec![daily()], "2026-02-27T12:00:00+01:00").await
}

async fn what_happened(app: &TestApp) -> Vec<(String, EventKind)> {
    let events = app.events("daily").await;
    events.into_iter().map(|event| (event.tick.to_string(), event.kind)).collect()
}

fn said(events: &[(&str, EventKind)]) -> Vec<(String, EventKind)> {
    events.iter().map(|(tick, kind)| (at(tick).to_string(), *kind)).collect()
}

#[tokio::test]
async fn a_reader_gets_each_article_once() {
    let app = started().await;
    app.publish_article("Bridge reopens").await;
    app.advance_to("2026-02-28T12:00:00+01:00").await;
    app.publish_article("Harbour closes").await;
    app.advance_to("2026-03-02T12:00:00+01:00").await;
    assert_eq!(app.edition_titles("daily").await, [["Bridge reopens"], ["Harbour closes"]]);
    let expected = [
        ("2026-02-28T07:00:00+01:00", Published),
        ("2026-03-01T07:00:00+01:00", Published),
        ("2026-03-02T07:00:00+01:00", NothingNew),
    ];
    assert_eq!(what_happened(&app).await, said(&expected));
}

#[tokio::test]
async fn undated_future_and_backdated_articles_appear_in_exactly_one_edition() {
    let app = started().await;
    app.publish_article("First").await;
    app.advance_to("2026-02-28T12:00:00+01:00").await;
    app.publish_article_dated("Of the future", at("2031-01-01T00:00:00Z")).await;
    app.publish_article_dated("Of the past", at("1999-01-01T00:00:00Z")).await;
    app.advance_to("2026-03-05T12:00:00+01:00").await;
    assert_eq!(app.edition_titles("daily").await, [vec!["First"], vec!["Of the future", "Of the past"]]);
}

#[tokio::test]
async fn articles_carry_over_until_there_are_enough() {
    let mut weekly = daily();
    weekly.min_articles = 2;
    let app = TestApp::start(vec![weekly], "2026-02-27T12:00:00+01:00").await;
    app.publish_article("One").await;
    app.advance_to("2026-02-28T12:00:00+01:00").await;
    app.publish_article("Two").await;
    app.advance_to("2026-03-01T12:00:00+01:00").await;
    app.publish_article("Three").await;
    app.advance_to("2026-03-02T12:00:00+01:00").await;
    app.publish_article("Four").await;
    app.advance_to("2026-03-03T12:00:00+01:00").await;
    assert_eq!(app.edition_titles("daily").await, [["Two", "One"], ["Four", "Three"]]);
    let kinds: Vec<_> = what_happened(&app).await.into_iter().map(|(_, kind)| kind).collect();
    assert_eq!(kinds, [TooFew, Published, TooFew, Published]);
}

#[tokio::test]
async fn m1_a_short_stop_around_the_tick_still_brings_one_edition_with_its_own_time() {
    let app = started().await;
    app.publish_article("Bridge reopens").await;
    app.advance_to("2026-03-01T06:50:00+01:00").await;
    app.publish_article("Harbour closes").await;
    let app = app.restart_at("2026-03-01T07:10:00+01:00").await;
    assert_eq!(app.editions("daily").await[1].tick, at("2026-03-01T07:00:00+01:00"));
    assert_eq!(app.editions("daily").await.len(), 2);
}

#[tokio::test]
async fn m2_a_tick_missed_by_more_than_late_goes_with_the_next_one() {
    let app = started().await;
    app.publish_article("Bridge reopens").await;
    app.advance_to("2026-03-01T06:50:00+01:00").await;
    app.publish_article("Harbour closes").await;
    let app = app.restart_at("2026-03-01T13:30:00+01:00").await;
    assert_eq!(app.editions("daily").await.len(), 1);
    app.publish_article("Market opens").await;
    app.advance_to("2026-03-02T12:00:00+01:00").await;
    assert_eq!(app.edition_titles("daily").await[1], ["Market opens", "Harbour closes"]);
    assert!(what_happened(&app).await.contains(&said(&[("2026-03-01T07:00:00+01:00", Missed)])[0]));
}

#[tokio::test]
async fn m3_three_days_down_bring_todays_edition_and_two_misses() {
    let app = started().await;
    app.publish_article("Bridge reopens").await;
    app.advance_to("2026-03-01T12:00:00+01:00").await;
    app.publish_article("Harbour closes").await;
    let app = app.restart_at("2026-03-04T09:00:00+01:00").await;
    let events = what_happened(&app).await;
    let expected = [
        ("2026-03-02T07:00:00+01:00", Missed),
        ("2026-03-03T07:00:00+01:00", Missed),
        ("2026-03-04T07:00:00+01:00", Published),
    ];
    assert_eq!(events[2..], said(&expected));
}

#[tokio::test]
async fn m4_a_clock_that_is_set_back_repeats_nothing() {
    let app = started().await;
    app.publish_article("Bridge reopens").await;
    app.advance_to("2026-02-28T07:05:00+01:00").await;
    app.publish_article("Harbour closes").await;
    app.set_clock("2026-02-28T06:05:00+01:00").await;
    app.advance_to("2026-02-28T08:00:00+01:00").await;
    assert_eq!(app.editions("daily").await.len(), 1);
}

#[tokio::test]
async fn m5_a_clock_that_is_set_ahead_over_a_tick_brings_one_edition_marked_late() {
    let app = started().await;
    app.publish_article("Bridge reopens").await;
    app.advance_to("2026-02-28T06:00:00+01:00").await;
    app.set_clock("2026-02-28T08:00:00+01:00").await;
    let events = app.events("daily").await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].tick, at("2026-02-28T07:00:00+01:00"));
    assert!(events[0].detail.contains("3600 s after its time"), "{}", events[0].detail);
}

#[tokio::test]
async fn m6_a_clock_that_leaps_a_year_or_was_never_set_holds_all_editions_until_it_is_confirmed() {
    let app = started().await;
    app.publish_article("Bridge reopens").await;
    for wrong in ["2027-04-03T12:00:00Z", "1970-01-01T00:05:00Z"] {
        app.set_clock(wrong).await;
        assert!(app.editions("daily").await.is_empty(), "{wrong}");
        assert!(app.store.find_clock_suspicion().await.unwrap().is_some(), "{wrong}");
    }
    app.set_clock("2026-02-28T07:00:00+01:00").await;
    assert_eq!(app.editions("daily").await.len(), 0, "19 hours ahead of what has passed");
    app.store.record_clock_suspicion(None).await.unwrap();
    app.run_jobs().await;
    assert_eq!(app.editions("daily").await.len(), 1, "the operator has confirmed the clock");
}

#[tokio::test]
async fn a_clock_that_was_suspect_stays_so_over_a_restart_until_it_is_confirmed() {
    let app = started().await;
    app.publish_article("Bridge reopens").await;
    app.set_clock("2026-02-28T07:00:00+01:00").await;
    let app = app.restart_at("2026-02-28T07:05:00+01:00").await;
    assert_eq!(app.editions("daily").await.len(), 0, "a restart does not make a clock right");
    app.store.record_clock_suspicion(None).await.unwrap();
    app.run_jobs().await;
    assert_eq!(app.editions("daily").await.len(), 1);
}

#[tokio::test]
async fn m9_a_line_that_is_moved_to_an_earlier_hour_begins_the_next_day() {
    let app = started().await;
    app.publish_article("Bridge reopens").await;
    app.advance_to("2026-03-01T06:30:00+01:00").await;
    app.publish_article("Harbour closes").await;
    app.configure(|settings| settings.newsletters[0].schedule = schedule("0 6 * * *", "Europe/Paris"));
    app.advance_to("2026-03-02T12:00:00+01:00").await;
    let ticks: Vec<_> = app.editions("daily").await.into_iter().map(|edition| edition.tick).collect();
    assert_eq!(ticks, [at("2026-02-28T07:00:00+01:00"), at("2026-03-02T06:00:00+01:00")]);
}

#[tokio::test]
async fn m10_a_tick_waits_while_the_edition_before_it_is_being_sent() {
    let app = started().await;
    app.subscribe("ada@example.org", "daily").await;
    app.publish_article("Bridge reopens").await;
    app.advance_to("2026-02-28T12:00:00+01:00").await;
    app.publish_article("Harbour closes").await;
    app.advance_to("2026-03-01T20:00:00+01:00").await;
    assert_eq!(app.editions("daily").await.len(), 1, "the first has not been sent");
    assert!(what_happened(&app).await.contains(&said(&[("2026-03-01T07:00:00+01:00", Waiting)])[0]));
    app.execute("UPDATE delivery SET state = 'sent'").await;
    app.run_jobs().await;
    assert_eq!(app.editions("daily").await[1].tick, at("2026-03-01T07:00:00+01:00"));
}

#[tokio::test]
async fn m11_a_database_that_cannot_be_written_at_the_tick_delays_the_edition_and_loses_nothing() {
    let app = started().await;
    app.publish_article("Bridge reopens").await;
    app.advance_to("2026-02-28T06:59:00+01:00").await;
    app.execute("CREATE TRIGGER full BEFORE INSERT ON edition BEGIN SELECT raise(ABORT, 'disk full'); END")
        .await;
    app.clock.advance_to(at("2026-02-28T07:00:00+01:00"));
    assert!(app.try_publish().await.is_err());
    assert!(what_happened(&app).await.is_empty());
    app.execute("DROP TRIGGER full").await;
    app.advance_to("2026-02-28T07:10:00+01:00").await;
    assert_eq!(app.editions("daily").await[0].tick, at("2026-02-28T07:00:00+01:00"));
}

#[tokio::test]
async fn a_paused_newsletter_skips_its_ticks_and_keeps_its_articles() {
    let app = started().await;
    app.publish_article("Bridge reopens").await;
    app.advance_to("2026-02-28T12:00:00+01:00").await;
    let id = app.standing("daily").await.id;
    app.store.set_newsletter_paused(id, Some(app.clock.now())).await.unwrap();
    app.publish_article("Harbour closes").await;
    app.advance_to("2026-03-01T12:00:00+01:00").await;
    app.store.set_newsletter_paused(id, None).await.unwrap();
    app.advance_to("2026-03-02T12:00:00+01:00").await;
    let kinds: Vec<_> = what_happened(&app).await.into_iter().map(|(_, kind)| kind).collect();
    assert_eq!(kinds, [Published, Paused, Published]);
    assert_eq!(app.edition_titles("daily").await[1], ["Harbour closes"]);
}

#[tokio::test]
async fn an_edition_out_of_turn_holds_what_is_new_and_the_next_tick_does_not_repeat_it() {
    let app = started().await;
    app.publish_article("Bridge reopens").await;
    app.advance_to("2026-02-28T12:00:00+01:00").await;
    app.publish_article("Harbour closes").await;
    app.publish_now("daily").await;
    app.advance_to("2026-03-01T12:00:00+01:00").await;
    assert_eq!(app.edition_titles("daily").await, [["Bridge reopens"], ["Harbour closes"]]);
}

#[tokio::test]
async fn each_newsletter_has_its_own_ledger_and_choice() {
    let mut sport = newsletter("sport", "0 8 * * *", "Europe/Paris");
    sport.choice.tags = vec!["sport".to_owned()];
    let app = TestApp::start(vec![daily(), sport], "2026-02-27T12:00:00+01:00").await;
    app.publish_article("Bridge reopens").await;
    app.advance_to("2026-02-28T12:00:00+01:00").await;
    assert_eq!(app.edition_titles("daily").await, [["Bridge reopens"]]);
    assert!(app.editions("sport").await.is_empty(), "nothing is tagged sport");
    let article = app.store.find_article_by_slug("bridge-reopens").await.unwrap().unwrap();
    let fates = app.store.fates(article.id).await.unwrap().unwrap();
    assert!(matches!(fates[0].entry, Entry::Published { edition: 1, .. }));
    assert_eq!(fates[1].entry, Entry::NotConsidered);
}

#[tokio::test]
async fn a_digest_says_how_many_more_there_are() {
    let mut small = daily();
    small.max_articles = 1;
    small.overflow = Overflow::Drop;
    let app = TestApp::start(vec![small], "2026-02-27T12:00:00+01:00").await;
    app.publish_article("Zero").await;
    app.advance_to("2026-02-28T12:00:00+01:00").await;
    for title in ["One", "Two", "Three"] {
        app.publish_article(title).await;
    }
    app.advance_to("2026-03-01T12:00:00+01:00").await;
    let edition = app.editions("daily").await.pop().unwrap();
    let (_, text) = app.store.find_edition_body(edition.id).await.unwrap().unwrap();
    assert!(text.contains("2 more"), "{text}");
}
