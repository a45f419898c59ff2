//! Editions that grow too old before all of them was tried: they wait for their operator.

use std::time::Duration;

use courant::mail::inbox::Behaviour;
use courant::model::delivery::DeliveryState::{Deferred, Queued, Sent};
use courant::model::edition::EditionState;
use courant::store::{Aged, Counts, Edition};

use crate::deliveries::{Desk, NOW};
use crate::pacing::told;
use crate::support::app::{TestApp, daily};

const BEFORE: &str = "2026-02-27T12:00:00+01:00";
const TICK: &str = "2026-02-28T07:00:00+01:00";
const IN_TIME: &str = "2026-03-01T06:30:00+01:00";
const TOO_LATE: &str = "2026-03-01T07:30:00+01:00";

/// An edition to these readers, and a relay that takes one message a day.
async fn slow(readers: &[&str]) -> (TestApp, Edition) {
    let app = TestApp::start_with_relay(vec![daily()], BEFORE, Behaviour::default()).await;
    cap(&app, Some(1));
    for reader in readers {
        app.subscribe(&format!("{reader}@example.org"), "daily").await;
    }
    app.publish_article("Bridge reopens").await;
    app.advance_to(TICK).await;
    let edition = app.editions("daily").await.remove(0);
    (app, edition)
}

fn cap(app: &TestApp, cap: Option<u32>) {
    app.configure(|settings| settings.sending.as_mut().unwrap().relays[0].daily_cap = cap);
}

async fn stands(app: &TestApp, edition: &Edition) -> (EditionState, Counts) {
    let state = app.store.find_edition(edition.id).await.unwrap().unwrap().state;
    (state, app.store.delivery_counts(edition.id).await.unwrap())
}

fn counted(sent: u64, queued: u64) -> Counts {
    Counts { sent, queued, ..Counts::default() }
}

#[tokio::test]
async fn an_edition_whose_time_is_over_before_all_of_it_was_tried_waits_for_its_operator() {
    let (app, edition) = slow(&["ada", "bo", "cy", "di"]).await;
    app.advance_to(IN_TIME).await;
    assert_eq!(stands(&app, &edition).await, (EditionState::Sending, counted(2, 2)));
    app.advance_to(TOO_LATE).await;
    assert_eq!(stands(&app, &edition).await, (EditionState::Stale, counted(2, 2)));
    cap(&app, None);
    let app = app.restart_at("2026-03-01T09:00:00+01:00").await;
    app.advance_to("2026-03-04T09:00:00+01:00").await;
    assert_eq!(stands(&app, &edition).await, (EditionState::Stale, counted(2, 2)));

    let what_to_do = "`courant edition resume 1` sends it after all, `courant edition cancel 1` does not";
    let why = "at the end of its time, 2026-03-01T06:00:00Z, 2 deliveries had never been tried";
    let plan = told(&app, "", &["plan"]).await;
    assert!(plan.contains(&format!("! edition 1 is stale, {why}: {what_to_do}\n")), "{plan}");
    let shown = told(&app, "", &["edition", "show", "daily/1"]).await;
    assert!(shown.contains(&format!("stale: {why}, to 4 subscribers\n  {what_to_do}\n")), "{shown}");
    let watched = told(&app, "", &["edition", "watch", "daily/1"]).await;
    assert!(watched.starts_with(&format!("daily/1 is stale: {why}: {what_to_do}\n")), "{watched}");
    let listed = told(&app, "", &["edition", "list"]).await;
    assert!(listed.contains("stale"), "{listed}");
    let metrics = app.serve().await.get("/metrics").await.text().to_owned();
    assert!(metrics.contains("courant_editions_unfinished{state=\"stale\"} 1\n"), "{metrics}");
}

#[tokio::test]
async fn a_stale_edition_that_is_resumed_is_sent_for_its_age_limit_or_as_long_as_the_operator_says() {
    for (arguments, until, end) in [
        (&[][..], "Thu 2026-03-05 08:00 UTC", "2026-03-05T09:00:00+01:00"),
        (&["--for", "6h"], "Wed 2026-03-04 14:00 UTC", "2026-03-04T15:00:00+01:00"),
    ] {
        let (app, edition) = slow(&["ada", "bo", "cy", "di", "ed", "fi"]).await;
        cap(&app, Some(2));
        app.advance_to("2026-03-04T09:00:00+01:00").await;
        assert_eq!(stands(&app, &edition).await, (EditionState::Stale, counted(4, 2)));
        cap(&app, Some(1));
        let line: Vec<_> = ["edition", "resume", "daily/1"].iter().chain(arguments).copied().collect();
        assert_eq!(told(&app, "", &line).await, format!("daily/1 goes on until {until}\n"));
        let shown = told(&app, "", &["edition", "show", "daily/1"]).await;
        assert!(shown.contains(&format!("sent until {until}\n")), "{shown}");
        app.run_jobs().await;
        let left = stands(&app, &edition).await;
        assert_eq!(left, (EditionState::Sending, counted(5, 1)), "{arguments:?}");
        cap(&app, Some(0));
        app.advance_to(end).await;
        assert_eq!(stands(&app, &edition).await.0, EditionState::Sending, "to the second");
        app.wait(Duration::from_mins(1)).await;
        assert_eq!(stands(&app, &edition).await, (EditionState::Stale, counted(5, 1)), "and stale again");
        cap(&app, None);
        told(&app, "", &["edition", "resume", "daily/1"]).await;
        app.run_jobs().await;
        assert_eq!(stands(&app, &edition).await, (EditionState::Done, counted(6, 0)));
    }
}

#[tokio::test]
async fn a_stale_edition_that_is_cancelled_ends() {
    let (app, edition) = slow(&["ada", "bo", "cy", "busy"]).await;
    app.advance_to(TOO_LATE).await;
    assert_eq!(stands(&app, &edition).await.0, EditionState::Stale);
    told(&app, "", &["edition", "cancel", "daily/1"]).await;
    app.run_jobs().await;
    let expected = Counts { sent: 2, cancelled: 2, ..Counts::default() };
    assert_eq!(stands(&app, &edition).await, (EditionState::Cancelled, expected));
}

#[tokio::test]
async fn what_was_tried_in_vain_makes_no_edition_stale() {
    let (app, edition) = slow(&["busy", "ada"]).await;
    app.advance_to(TOO_LATE).await;
    let expected = Counts { sent: 1, expired: 1, ..Counts::default() };
    assert_eq!(stands(&app, &edition).await, (EditionState::Done, expected));
    let deliveries = told(&app, "", &["edition", "deliveries", "daily/1"]).await;
    assert!(
        deliveries.contains("expired") && deliveries.contains("451"),
        "with the last words: {deliveries}"
    );
}

#[tokio::test]
async fn a_stale_edition_does_not_hold_the_next_one_up() {
    let (app, edition) = slow(&["ada", "bo", "cy"]).await;
    app.publish_article("Harbour closes").await;
    app.advance_to("2026-03-01T08:00:00+01:00").await;
    assert_eq!(stands(&app, &edition).await.0, EditionState::Stale);
    assert_eq!(app.editions("daily").await.len(), 2);
}

#[tokio::test]
async fn a_clock_that_leaps_ahead_makes_no_edition_stale_before_it_is_believed() {
    for is_right in [false, true] {
        let (app, edition) = slow(&["ada", "bo"]).await;
        app.set_clock("2026-03-05T12:00:00+01:00").await;
        assert_eq!(stands(&app, &edition).await, (EditionState::Sending, counted(1, 1)));
        if is_right {
            app.store.record_clock_suspicion(None).await.unwrap();
        } else {
            cap(&app, None);
            app.set_clock("2026-02-28T07:30:00+01:00").await;
        }
        app.run_jobs().await;
        let expected =
            if is_right { (EditionState::Stale, counted(1, 1)) } else { (EditionState::Done, counted(2, 0)) };
        assert_eq!(stands(&app, &edition).await, expected);
    }
}

#[tokio::test]
async fn an_edition_that_was_paused_beyond_its_time_stays_paused_and_goes_on_when_it_is_resumed() {
    let (app, edition) = slow(&["ada", "bo", "cy"]).await;
    told(&app, "", &["edition", "pause", "daily/1"]).await;
    cap(&app, None);
    app.advance_to("2026-03-03T09:00:00+01:00").await;
    assert_eq!(stands(&app, &edition).await, (EditionState::Paused, counted(1, 2)));
    let resumed = told(&app, "", &["edition", "resume", "daily/1"]).await;
    assert_eq!(resumed, "daily/1 goes on until Wed 2026-03-04 08:00 UTC\n");
    app.run_jobs().await;
    assert_eq!(stands(&app, &edition).await, (EditionState::Done, counted(3, 0)));
}

#[tokio::test]
async fn an_edition_that_is_resumed_in_time_keeps_its_age_limit_unless_the_operator_says_another() {
    let (app, edition) = slow(&["ada", "bo", "cy"]).await;
    told(&app, "", &["edition", "pause", "daily/1"]).await;
    app.wait(Duration::from_hours(1)).await;
    assert_eq!(told(&app, "", &["edition", "resume", "daily/1"]).await, "daily/1 goes on\n");
    let resumed = told(&app, "", &["edition", "resume", "daily/1", "--for", "30m"]).await;
    assert_eq!(resumed, "daily/1 goes on until Sat 2026-02-28 07:30 UTC\n");
    app.wait(Duration::from_hours(1)).await;
    assert_eq!(stands(&app, &edition).await, (EditionState::Stale, counted(1, 2)));
}

#[tokio::test]
async fn an_edition_that_the_preflight_never_let_begin_is_stale_at_last() {
    let app = TestApp::start_with_relay(vec![daily()], BEFORE, Behaviour::default()).await;
    app.configure(|settings| settings.sending.as_mut().unwrap().require_preflight = true);
    app.subscribe("ada@example.org", "daily").await;
    app.publish_article("Bridge reopens").await;
    app.advance_to(TOO_LATE).await;
    let edition = app.editions("daily").await.remove(0);
    assert_eq!(stands(&app, &edition).await, (EditionState::Stale, counted(0, 1)));
}

#[tokio::test]
async fn a_stale_edition_stays_so_in_a_copy_of_the_database() {
    let (app, edition) = slow(&["ada", "bo", "cy"]).await;
    app.advance_to(TOO_LATE).await;
    let stopped = app.stop().await;
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::copy(stopped.database(), elsewhere.path().join("courant.db")).unwrap();
    let copy = stopped.moved_to(elsewhere).start_at("2026-03-01T10:00:00+01:00").await;
    assert_eq!(stands(&copy, &edition).await, (EditionState::Stale, counted(2, 1)));
    let shown = told(&copy, "", &["edition", "show", "daily/1"]).await;
    assert!(shown.contains("had never been tried"), "{shown}");
}

#[tokio::test]
async fn an_edition_that_grows_too_old_is_stale_if_anything_was_never_tried_and_ends_if_all_was() {
    let desk = Desk::new(3).await;
    let attempts = desk.claim(2).await;
    desk.mark(&attempts).await;
    desk.settle(attempts[0], Deferred, false).await;
    desk.settle(attempts[1], Sent, false).await;
    assert_eq!(desk.store.age_edition(desk.edition, NOW, NOW).await.unwrap(), Aged::Stale(1));
    assert_eq!(desk.state_of(attempts[0]).await, Deferred, "it waits with the others");
    assert!(desk.claim(3).await.is_empty());
    assert!(!desk.store.set_edition_state(desk.edition, EditionState::Paused, "a test").await.unwrap());
    assert!(desk.store.set_edition_state(desk.edition, EditionState::Sending, "a test").await.unwrap());
    let attempts = desk.claim(3).await;
    assert_eq!(attempts.len(), 2);
    for attempt in &attempts {
        desk.settle(*attempt, Deferred, false).await;
    }
    assert_eq!(desk.store.age_edition(desk.edition, NOW, NOW).await.unwrap(), Aged::Expired(2));
    assert_eq!(desk.store.finish_editions(NOW).await.unwrap(), 1);
    assert_eq!(desk.store.age_edition(desk.edition, NOW, NOW).await.unwrap(), Aged::Expired(0));
}

#[tokio::test]
async fn an_edition_that_an_operator_lets_go_on_does_not_age_by_what_was_reckoned_before() {
    let desk = Desk::new(1).await;
    assert!(desk.store.extend_edition(desk.edition, NOW + Duration::from_hours(1)).await.unwrap());
    assert_eq!(desk.store.age_edition(desk.edition, NOW, NOW).await.unwrap(), Aged::Stale(0));
    assert_eq!(desk.claim(1).await.len(), 1);
    desk.store.set_edition_state(desk.edition, EditionState::Cancelled, "a test").await.unwrap();
    assert!(!desk.store.extend_edition(desk.edition, NOW + Duration::from_hours(1)).await.unwrap());
}

#[tokio::test]
async fn i4_nothing_of_a_stale_edition_is_marked() {
    let desk = Desk::new(2).await;
    let attempts = desk.claim(1).await;
    assert_eq!(desk.store.age_edition(desk.edition, NOW, NOW).await.unwrap(), Aged::Stale(1));
    assert_eq!(desk.mark(&attempts).await, 0);
    assert_eq!(desk.state_of(attempts[0]).await, Queued);
}
