//! Several relays: they share the mail by weight, and stand in for each other.

use std::time::Duration;

use courant::mail::inbox::{Behaviour, Inbox};
use courant::mail::relay::RelaySettings;
use courant::store::{Counts, Edition};

use crate::pacing::counts;
use crate::support::app::{TestApp, daily};

const BEFORE: &str = "2026-02-27T12:00:00+01:00";
const AFTER: &str = "2026-02-28T07:00:00+01:00";

/// A program with two relays, and the second of them; `change` says how they differ.
async fn with_two(change: impl FnOnce(&mut [RelaySettings])) -> (TestApp, Inbox) {
    let app = TestApp::start_with_relay(vec![daily()], BEFORE, Behaviour::default()).await;
    let second = Inbox::start(([127, 0, 0, 1], 0).into(), Behaviour::default()).await.unwrap();
    app.configure(|settings| {
        let relays = &mut settings.sending.as_mut().unwrap().relays;
        relays.push(RelaySettings { port: second.address().port(), ..relays[0].clone() });
        change(relays);
    });
    (app, second)
}

async fn send_to(app: &TestApp, readers: usize) -> Edition {
    for number in 0..readers {
        app.subscribe(&format!("reader{number}@example.org"), "daily").await;
    }
    app.publish_article("Bridge reopens").await;
    app.advance_to(AFTER).await;
    app.editions("daily").await.remove(0)
}

/// The same relay as before, at the port where it was.
async fn opened_again(inbox: &Inbox) -> Inbox {
    Inbox::start(inbox.address(), Behaviour::default()).await.unwrap()
}

#[tokio::test]
async fn relays_share_the_mail_by_their_weights() {
    let (app, second) = with_two(|relays| relays[0].weight = 3).await;
    let edition = send_to(&app, 80).await;
    assert_eq!(counts(&app, &edition).await.sent, 80);
    assert_eq!((app.inbox().taken(), second.taken()), (60, 20));
}

#[tokio::test]
async fn a_relay_that_is_down_leaves_its_share_to_the_others_and_has_it_again_once_it_is_up() {
    let (app, second) = with_two(|_| {}).await;
    second.stop().await;
    let edition = send_to(&app, 40).await;
    assert_eq!(counts(&app, &edition).await, Counts { sent: 40, ..Counts::default() });
    assert_eq!(app.inbox().taken(), 40);

    let second = opened_again(&second).await;
    app.publish_article("Harbour closes").await;
    app.advance_to("2026-03-01T07:00:00+01:00").await;
    let tried = second.taken();
    assert!(tried >= 1, "it was tried");
    app.publish_article("Ferry delayed").await;
    app.advance_to("2026-03-02T07:00:00+01:00").await;
    let edition = app.editions("daily").await.remove(2);
    assert_eq!(counts(&app, &edition).await.sent, 40);
    assert_eq!(second.taken() - tried, 20, "its share, and nothing to make up for");
}

#[tokio::test]
async fn a_relay_that_goes_down_in_the_middle_loses_nothing() {
    let (app, second) = with_two(|_| {}).await;
    let edition = send_to(&app, 10).await;
    assert_eq!(counts(&app, &edition).await.sent, 10);
    second.stop().await;
    app.publish_article("Harbour closes").await;
    app.advance_to("2026-03-01T07:00:00+01:00").await;
    let edition = app.editions("daily").await.remove(1);
    assert_eq!(counts(&app, &edition).await, Counts { sent: 10, ..Counts::default() });
}

#[tokio::test]
async fn a_relay_that_stands_by_is_handed_mail_only_while_no_other_takes_any() {
    let (app, standby) = with_two(|relays| relays[1].weight = 0).await;
    let edition = send_to(&app, 20).await;
    assert_eq!((counts(&app, &edition).await.sent, standby.taken()), (20, 0));
    app.inbox().stop().await;
    app.publish_article("Harbour closes").await;
    app.advance_to("2026-03-01T07:00:00+01:00").await;
    assert_eq!(standby.taken(), 20);

    let first = opened_again(app.inbox()).await;
    app.publish_article("Ferry delayed").await;
    app.advance_to("2026-03-02T07:00:00+01:00").await;
    assert_eq!(first.taken() + standby.taken(), 40);
    let tried = first.taken();
    assert!(tried >= 1, "it was tried");
    app.publish_article("Market on Monday").await;
    app.advance_to("2026-03-03T07:00:00+01:00").await;
    assert_eq!(first.taken() - tried, 20);
}

#[tokio::test]
async fn a_relay_that_may_have_no_more_today_leaves_the_rest_to_the_others() {
    let (app, second) = with_two(|relays| relays[1].daily_cap = Some(5)).await;
    let edition = send_to(&app, 40).await;
    assert_eq!(counts(&app, &edition).await.sent, 40);
    assert_eq!((app.inbox().taken(), second.taken()), (35, 5));
}

#[tokio::test]
async fn confirmations_go_by_the_first_relay_that_takes_them() {
    let (app, second) = with_two(|_| {}).await;
    app.inbox().stop().await;
    let newsletter = app.standing("daily").await.id;
    let address = "ada@example.org".parse().unwrap();
    app.store.request_subscriptions(&address, &[newsletter], "the form", app.clock.now()).await.unwrap();
    app.run_jobs().await;
    assert_eq!(second.taken(), 1);
}

#[tokio::test]
async fn after_a_change_of_relays_what_waited_for_one_that_is_gone_goes_by_the_others() {
    let (app, second) = with_two(|relays| relays[1].rate = Some("1/hour".parse().unwrap())).await;
    app.inbox().stop().await;
    let edition = send_to(&app, 5).await;
    assert_eq!(counts(&app, &edition).await.sent, 1);
    app.configure(|settings| {
        let relays = &mut settings.sending.as_mut().unwrap().relays;
        relays.remove(0);
        relays[0].rate = None;
    });
    app.wait(Duration::from_secs(1)).await;
    assert_eq!((counts(&app, &edition).await.sent, second.taken()), (5, 5));
}
