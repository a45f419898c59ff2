//! Readers who are asked, after a long time, whether they still want what they get.

use std::time::Duration;

use courant::jobs::Job;
use courant::jobs::sunset::Asker;
use courant::mail::inbox::Behaviour;
use courant::model::newsletter::Newsletter;
use courant::model::subscriber::{SubscriberId, SubscriptionState};
use courant::model::sunset::Sunset;
use courant::store::{Subscription, Unanswered};
use reqwest::StatusCode;

use crate::support::app::{TestApp, daily, newsletter};

const DAY: Duration = Duration::from_hours(24);
const ADA: &str = "ada@example.com";

/// A newsletter that asks after a year, and one that never does.
async fn app() -> TestApp {
    let asking = Newsletter { sunset: Some(Sunset::after(365 * DAY)), ..daily() };
    let silent = newsletter("weekly", "0 7 * * SUN", "Europe/Paris");
    TestApp::start_with_relay(vec![asking, silent], "2026-03-02T05:00:00Z", Behaviour::default()).await
}

/// Lets days pass; the job runs at the end of them.
async fn pass(app: &TestApp, days: u32) {
    app.clock.advance_to(app.clock.now() + days * DAY);
    let asker = Asker::new(app.store.clone(), app.live_settings());
    assert_eq!(asker.step(app.clock.now()).await.unwrap(), 0);
    app.run_jobs().await;
}

fn questions(app: &TestApp, address: &str) -> usize {
    let is_question = |subject: &str| subject.starts_with("Do you still want");
    app.inbox().mails_to(address).iter().filter(|mail| is_question(&mail.header("Subject"))).count()
}

async fn subscription(app: &TestApp, reader: SubscriberId, slug: &str) -> Subscription {
    let all = app.store.subscriptions(reader).await.unwrap();
    all.into_iter().find(|own| own.newsletter == slug).unwrap()
}

/// The path of the button in the mail that came last.
fn path(app: &TestApp, address: &str) -> String {
    let mail = app.inbox().mails_to(address).pop().unwrap();
    let text = mail.read().text;
    let (_, rest) = text.split_once("https://news.example.org").unwrap();
    rest.split_whitespace().next().unwrap().to_owned()
}

#[tokio::test]
async fn a_reader_is_asked_after_a_year_and_keeps_what_they_have_by_one_press() {
    let app = app().await;
    let served = app.serve().await;
    let ada = app.subscribe(ADA, "daily").await;
    app.subscribe(ADA, "weekly").await;
    pass(&app, 364).await;
    assert_eq!(questions(&app, ADA), 0);
    pass(&app, 1).await;
    assert_eq!(questions(&app, ADA), 1, "of the newsletter that asks");
    pass(&app, 1).await;
    assert_eq!(questions(&app, ADA), 1);
    let path = path(&app, ADA);
    assert!(path.starts_with("/keep/"), "{path}");
    let page = served.get(&path).await;
    assert!(page.text().contains("Do you still want The daily Light?"), "{}", page.text());
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert_eq!(subscription(&app, ada, "daily").await.questions, 1, "opening the link is no answer");
    let answer = served.post(&path, "").await;
    assert!(answer.text().contains("It comes to you as before"), "{}", answer.text());
    let own = subscription(&app, ada, "daily").await;
    assert_eq!((own.questions, own.asked_at, own.paused_until), (0, None, None));
    let acts = app.store.consents(ada).await.unwrap();
    assert_eq!(acts.last().map(|act| act.act.as_str()), Some("kept"));
    pass(&app, 364).await;
    assert_eq!(questions(&app, ADA), 1, "the year begins anew");
    pass(&app, 1).await;
    assert_eq!(questions(&app, ADA), 2);
}

#[tokio::test]
async fn who_answers_neither_of_two_questions_is_paused_and_comes_back_by_one_press() {
    let app = app().await;
    let served = app.serve().await;
    let ada = app.subscribe(ADA, "daily").await;
    for (days, asked, expected) in [
        (365, 1, Unanswered { asked: 1, paused: 0 }),
        (29, 1, Unanswered { asked: 1, paused: 0 }),
        (1, 2, Unanswered { asked: 1, paused: 0 }),
        (29, 2, Unanswered { asked: 1, paused: 0 }),
        (1, 2, Unanswered { asked: 0, paused: 1 }),
        (400, 2, Unanswered { asked: 0, paused: 1 }),
    ] {
        pass(&app, days).await;
        let newsletter = app.standing("daily").await.id;
        let found = app.store.count_unanswered(newsletter).await.unwrap();
        assert_eq!((questions(&app, ADA), found), (asked, expected), "after {days} more days");
    }
    assert_eq!(app.state(ada, "daily").await, Some(SubscriptionState::Active), "paused, and not ended");
    app.publish_article("Nobody is told").await;
    app.publish_now("daily").await;
    app.run_jobs().await;
    let digests = || app.inbox().mails_to(ADA).len() - questions(&app, ADA);
    assert_eq!(digests(), 0);
    let page = served.get(&app.manage_path(ada, "daily").await).await;
    assert!(page.text().contains("you were asked whether you still want it"), "{}", page.text());
    assert!(page.text().contains("Send it again now"), "{}", page.text());
    served.post(&path(&app, ADA), "").await;
    app.wait(DAY).await;
    app.publish_article("She is back").await;
    app.publish_now("daily").await;
    app.run_jobs().await;
    assert_eq!(digests(), 1);
}

#[tokio::test]
async fn whoever_changes_something_has_said_that_they_want_it() {
    let app = app().await;
    let served = app.serve().await;
    let ada = app.subscribe(ADA, "daily").await;
    let manage = app.manage_path(ada, "daily").await;
    pass(&app, 300).await;
    served.post(&manage, "act=pause&newsletter=daily&until=2027-01-05").await;
    pass(&app, 364).await;
    assert_eq!(questions(&app, ADA), 0);
    pass(&app, 1).await;
    assert_eq!(questions(&app, ADA), 1);
    served.post(&manage, "act=pause&newsletter=daily&until=2028-01-05").await;
    assert_eq!(subscription(&app, ada, "daily").await.questions, 0);
}

#[tokio::test]
async fn who_has_left_is_suppressed_or_has_just_come_is_not_asked() {
    let app = app().await;
    let served = app.serve().await;
    let left = app.subscribe("left@example.com", "daily").await;
    let asked = app.subscribe("asked@example.com", "daily").await;
    app.subscribe("gone@example.com", "daily").await;
    served.post(&app.unsubscribe_path(left, "daily").await, "").await;
    app.store.forget(&"gone@example.com".parse().unwrap(), app.clock.now()).await.unwrap();
    pass(&app, 364).await;
    app.subscribe("new@example.com", "daily").await;
    pass(&app, 1).await;
    for (name, expected) in [("left", 0), ("gone", 0), ("new", 0), ("asked", 1)] {
        assert_eq!(questions(&app, &format!("{name}@example.com")), expected, "{name}");
    }
    let path = path(&app, "asked@example.com");
    served.post(&app.unsubscribe_path(asked, "daily").await, "").await;
    for answer in [served.get(&path).await, served.post(&path, "").await] {
        assert_eq!(answer.status, StatusCode::GONE);
        assert!(answer.text().contains("This link is over"), "{}", answer.text());
    }
    assert_eq!(app.state(asked, "daily").await, Some(SubscriptionState::Ended));
}
