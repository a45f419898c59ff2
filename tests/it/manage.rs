//! The page on which readers manage what they get: what its forms do, and that nothing else does it.

use courant::mail::inbox::Behaviour;
use courant::model::subscriber::{EmailAddress, SubscriberId, SubscriptionState};
use courant::model::suppression::SuppressionReason;
use courant::model::time::Timestamp;
use courant::store::Subscription;
use reqwest::{Method, StatusCode};

use crate::support::app::{TestApp, at, daily, newsletter};
use crate::support::served::{Answer, Served};

const START: &str = "2026-03-02T05:00:00Z";

async fn app() -> TestApp {
    let newsletters = vec![daily(), newsletter("weekly", "0 7 * * SUN", "Europe/Paris")];
    TestApp::start(newsletters, START).await
}

/// A reader of the daily, and the page of theirs.
async fn ada(app: &TestApp) -> (SubscriberId, String) {
    let ada = app.subscribe("ada@example.com", "daily").await;
    (ada, app.manage_path(ada, "daily").await)
}

async fn own(app: &TestApp, id: SubscriberId, newsletter: &str) -> Subscription {
    let mut all = app.store.subscriptions(id).await.unwrap().into_iter();
    all.find(|own| own.newsletter == newsletter).unwrap()
}

/// Posts a form, and follows where it leads.
async fn press(served: &Served, path: &str, form: &str) -> Answer {
    let answer = served.post(path, form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{form}: {}", answer.text());
    let place = answer.header("location").to_owned();
    assert_eq!(place.split('#').next(), Some(path));
    served.get(path).await
}

#[tokio::test]
async fn the_page_shows_what_a_reader_has_and_tells_nobody_who_they_are() {
    let app = app().await;
    let served = app.serve().await;
    let (_, path) = ada(&app).await;
    let page = served.get(&path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert!(page.text().contains("<meta name=\"robots\" content=\"noindex\">"));
    assert!(!page.text().contains("example.com"), "who gets the mail passed on learns no address");
    assert!(!page.text().contains("<script"));
    let (daily, weekly) = page.text().split_once("id=\"at-weekly\"").unwrap();
    assert!(daily.contains("It is sent to you.") && daily.contains("value=\"leave\""), "{daily}");
    assert!(weekly.contains("You do not get it.") && weekly.contains("value=\"subscribe\""), "{weekly}");
    assert!(!page.text().contains("value=\"pause_all\""), "one is all there is to pause");
}

#[tokio::test]
async fn opening_the_page_changes_nothing() {
    let app = app().await;
    let served = app.serve().await;
    let (ada, path) = ada(&app).await;
    let before = own(&app, ada, "daily").await;
    for method in [Method::GET, Method::HEAD, Method::OPTIONS, Method::PUT, Method::DELETE] {
        served.ask(method, &format!("{path}?act=leave&newsletter=daily"), &[]).await;
    }
    assert_eq!(own(&app, ada, "daily").await, before);
}

#[tokio::test]
async fn a_reader_who_asks_for_another_newsletter_is_asked_by_mail() {
    let app = app().await;
    let served = app.serve().await;
    let (ada, path) = ada(&app).await;
    let page = press(&served, &path, "act=subscribe&newsletter=weekly").await;
    assert!(page.text().contains("A mail has asked you to confirm."), "{}", page.text());
    assert_eq!(app.state(ada, "weekly").await, Some(SubscriptionState::Pending));
    assert_eq!(app.store.due_confirmations(app.clock.now(), 9).await.unwrap().len(), 1);
    served.post(&app.confirm_path(ada), "").await;
    assert_eq!(app.state(ada, "weekly").await, Some(SubscriptionState::Active));
    assert_eq!(own(&app, ada, "weekly").await.consent, "manage page");
    assert!(served.get(&path).await.text().contains("value=\"pause_all\""));
}

#[tokio::test]
async fn a_farewell_can_be_taken_back_for_a_minute() {
    let app = app().await;
    let served = app.serve().await;
    let (ada, path) = ada(&app).await;
    let before = own(&app, ada, "daily").await;
    let page = press(&served, &path, "act=leave&newsletter=daily").await;
    assert!(page.text().contains("You have unsubscribed.") && page.text().contains("value=\"undo\""));
    assert!(!page.text().contains("id=\"subscribe-daily\""), "one way back at a time");
    app.set_clock("2026-03-02T05:00:59Z").await;
    press(&served, &path, "act=undo&newsletter=daily").await;
    assert_eq!(own(&app, ada, "daily").await, before, "as if nothing had been");

    press(&served, &path, "act=leave&newsletter=daily").await;
    app.set_clock("2026-03-02T05:01:59Z").await;
    let page = press(&served, &path, "act=undo&newsletter=daily").await;
    assert_eq!(app.state(ada, "daily").await, Some(SubscriptionState::Ended), "too late");
    assert!(!page.text().contains("value=\"undo\"") && page.text().contains("id=\"subscribe-daily\""));
}

#[tokio::test]
async fn only_a_farewell_by_a_page_can_be_taken_back() {
    let app = app().await;
    let served = app.serve().await;
    let (ada, path) = ada(&app).await;
    let leave = app.unsubscribe_path(ada, "daily").await;
    let page = served.post(&leave, "").await;
    assert!(page.text().contains("value=\"undo\"") && page.text().contains(&path), "{}", page.text());
    press(&served, &path, "act=undo&newsletter=daily").await;
    assert_eq!(app.state(ada, "daily").await, Some(SubscriptionState::Active));
    served.post(&leave, "List-Unsubscribe=One-Click").await;
    press(&served, &path, "act=undo&newsletter=daily").await;
    assert_eq!(
        app.state(ada, "daily").await,
        Some(SubscriptionState::Ended),
        "the mail program's word holds"
    );

    let ben = app.subscribe("ben@example.com", "daily").await;
    let path = app.manage_path(ben, "daily").await;
    press(&served, &path, "act=leave&newsletter=daily").await;
    let address: EmailAddress = "ben@example.com".parse().unwrap();
    app.store.suppress(&address, SuppressionReason::Complaint, None, app.clock.now()).await.unwrap();
    let page = press(&served, &path, "act=undo&newsletter=daily").await;
    assert_eq!(app.state(ben, "daily").await, Some(SubscriptionState::Ended), "a complaint holds");
    assert!(page.text().contains("Nothing is sent to your address"), "{}", page.text());
    assert!(!page.text().contains("value=\"subscribe\""));
}

#[tokio::test]
async fn a_reader_who_leaves_may_say_why_in_a_few_words() {
    let app = app().await;
    let served = app.serve().await;
    let (ada, path) = ada(&app).await;
    press(&served, &path, "act=why&newsletter=daily&why=I+have+not+left").await;
    assert_eq!(own(&app, ada, "daily").await.ended_why, None);
    let page = press(&served, &path, "act=leave&newsletter=daily").await;
    assert!(page.text().contains("maxlength=\"200\""));
    let page =
        press(&served, &path, "act=why&newsletter=daily&why=Too%0D%0Amany+%3Cb%3E+mails%E2%80%AE").await;
    assert!(page.text().contains("Thank you.") && !page.text().contains("<b> mails"), "{}", page.text());
    assert_eq!(own(&app, ada, "daily").await.ended_why.as_deref(), Some("Too many <b> mails"));
    press(&served, &path, &format!("act=why&newsletter=daily&why={}", "x".repeat(9_000))).await;
    assert_eq!(own(&app, ada, "daily").await.ended_why.unwrap().chars().count(), 200);
    press(&served, &path, "act=undo&newsletter=daily").await;
    assert_eq!(own(&app, ada, "daily").await.ended_why, None, "who has not left has no reason");
}

#[tokio::test]
async fn nothing_is_sent_of_editions_within_a_pause() {
    let app = TestApp::start_with_relay(vec![daily()], START, Behaviour::default()).await;
    let served = app.serve().await;
    let (ada, path) = ada(&app).await;
    app.subscribe("ben@example.com", "daily").await;
    let page = press(&served, &path, "act=pause&newsletter=daily&until=2026-03-05").await;
    assert!(page.text().contains("Paused. It is sent to you again from 5 March 2026 on."), "{}", page.text());
    assert!(page.text().contains("href=\"/newsletters/daily\">All editions"), "where to read what is missed");
    for day in 2..=5 {
        app.publish_article(&format!("News of day {day}")).await;
        app.advance_to(&format!("2026-03-0{day}T12:00:00Z")).await;
    }
    let audiences: Vec<i64> = app.editions("daily").await.iter().map(|own| own.audience).collect();
    assert_eq!(audiences, [1, 1, 1, 2], "from the 5th on, without anybody's doing");
    let sent = app.store.deliveries_to(ada, 9).await.unwrap();
    assert_eq!(sent.len(), 1);
    assert_eq!((sent[0].tick, sent[0].state.as_str()), (at("2026-03-05T06:00:00Z"), "sent"));
    assert!(served.get(&path).await.text().contains("It is sent to you."));
}

#[tokio::test]
async fn a_pause_takes_back_what_is_queued_and_its_end_brings_nothing_of_it() {
    let app = app().await;
    let served = app.serve().await;
    let (ada, path) = ada(&app).await;
    app.publish_article("The ferry sails again").await;
    app.advance_to("2026-03-02T06:30:00Z").await;
    press(&served, &path, "act=pause&newsletter=daily&until=2026-04-01").await;
    assert_eq!(app.store.deliveries_to(ada, 9).await.unwrap()[0].state.as_str(), "cancelled");
    app.advance_to("2026-03-03T12:00:00Z").await;
    let page = press(&served, &path, "act=resume&newsletter=daily").await;
    assert!(page.text().contains("It is sent to you.") && !page.text().contains("value=\"resume\""));
    app.publish_article("Tea on the quay").await;
    app.advance_to("2026-03-04T12:00:00Z").await;
    let states: Vec<_> =
        app.store.deliveries_to(ada, 9).await.unwrap().iter().map(|own| own.state.as_str()).collect();
    assert_eq!(states, ["queued", "cancelled"]);
}

#[tokio::test]
async fn all_can_be_paused_at_once() {
    let app = app().await;
    let served = app.serve().await;
    let (ada, path) = ada(&app).await;
    app.subscribe("ada@example.com", "weekly").await;
    press(&served, &path, "act=pause_all&until=2026-03-10").await;
    for newsletter in ["daily", "weekly"] {
        let until = own(&app, ada, newsletter).await.paused_until;
        assert_eq!(until, Some(at("2026-03-09T23:00:00Z")), "{newsletter}");
    }
}

#[tokio::test]
async fn a_day_on_which_no_pause_ends_is_refused_and_kept_in_the_form() {
    let app = app().await;
    let served = app.serve().await;
    let (ada, path) = ada(&app).await;
    app.subscribe("ada@example.com", "weekly").await;
    for (form, id) in [
        ("act=pause&newsletter=daily&until=2026-03-02", "daily"),
        ("act=pause&newsletter=daily&until=1999-12-31", "daily"),
        ("act=pause&newsletter=weekly&until=2999-12-31", "weekly"),
        ("act=pause&newsletter=daily&until=tomorrow%22%3E%3Cb%3E", "daily"),
        ("act=pause&newsletter=daily", "daily"),
        ("act=pause_all&until=2026-03-01", "all_"),
    ] {
        let answer = served.post(&path, form).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{form}");
        let fault = format!("aria-describedby=\"hint-{id} fault\" aria-invalid=\"true\"");
        assert!(answer.text().contains(&fault), "{form}: {}", answer.text());
        assert!(answer.text().contains("Choose a day from tomorrow on") && !answer.text().contains("<b>\""));
        assert_eq!(own(&app, ada, "daily").await.paused_until, None::<Timestamp>);
    }
}

#[tokio::test]
async fn what_no_form_of_ours_says_changes_nothing() {
    let app = app().await;
    let served = app.serve().await;
    let (ada, path) = ada(&app).await;
    let before = app.store.subscriptions(ada).await.unwrap();
    for form in [
        "",
        "act=leave",
        "act=leave&newsletter=none",
        "act=erase&newsletter=daily",
        "newsletter=daily",
        "%FF=%&&=",
    ] {
        assert_eq!(served.post(&path, form).await.status, StatusCode::BAD_REQUEST, "{form}");
    }
    assert_eq!(app.store.subscriptions(ada).await.unwrap(), before);
}

#[tokio::test]
async fn a_link_that_is_not_ours_leads_nowhere() {
    let app = app().await;
    let served = app.serve().await;
    let (ada, path) = ada(&app).await;
    let crossed = app.confirm_path(ada).replace("/confirm/", "/manage/");
    let altered = format!("{}{}", &path[..path.len() - 2], if path.ends_with("aa") { "bb" } else { "aa" });
    for path in [crossed, altered, "/manage/x".to_owned(), format!("{path}a")] {
        for answer in [served.get(&path).await, served.post(&path, "act=leave&newsletter=daily").await] {
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            assert_eq!(answer.header("cache-control"), "no-store");
            assert!(answer.text().contains("This link does not work"));
        }
    }
    assert_eq!(app.state(ada, "daily").await, Some(SubscriptionState::Active));
    let address: EmailAddress = "ada@example.com".parse().unwrap();
    app.store.forget(&address, app.clock.now()).await.unwrap();
    assert_eq!(served.get(&path).await.status, StatusCode::NOT_FOUND, "nothing is left to manage");
}
