//! A reader's own data: who can have it, change it and erase it, and by which link.

use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use courant::mail::inbox::Behaviour;
use courant::model::allowance::Allowance;
use courant::model::report::{Consequence, ReportKind};
use courant::model::subscriber::{EmailAddress, SubscriberId, SubscriptionState};
use courant::model::suppression::SuppressionReason;
use courant::store::{DeliveryKey, NewReport};
use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::support::app::{TestApp, daily, newsletter};
use crate::support::served::{Answer, Served};

const START: &str = "2026-03-02T05:00:00Z";

async fn app() -> TestApp {
    let newsletters = vec![daily(), newsletter("weekly", "0 7 * * SUN", "Europe/Paris")];
    TestApp::start_with_relay(newsletters, START, Behaviour::default()).await
}

fn address(text: &str) -> EmailAddress {
    text.parse().unwrap()
}

async fn find(app: &TestApp, text: &str) -> Option<SubscriberId> {
    app.store.find_subscriber(&address(text)).await.unwrap().map(|found| found.id)
}

/// The path of the link in the last mail to an address; empty if none came.
async fn last_link(app: &TestApp, to: &str) -> String {
    app.run_jobs().await;
    let Some(mail) = app.inbox().mails_to(to).pop() else { return String::new() };
    let text = mail.read().text;
    let link = text.lines().find_map(|line| line.strip_prefix("https://news.example.org"));
    link.unwrap_or_default().to_owned()
}

/// The page of a reader's own data, by the link that is mailed to them.
async fn personal(app: &TestApp, served: &Served, to: &str) -> String {
    let form = format!("address={}", to.replace('@', "%40"));
    assert_eq!(served.post("/manage", &form).await.status, StatusCode::OK);
    let path = last_link(app, to).await;
    assert!(path.starts_with("/manage/"), "{path}");
    path
}

#[tokio::test]
async fn the_link_in_a_digest_shows_no_data_and_has_one_mailed_that_does() {
    let app = app().await;
    let served = app.serve().await;
    let ada = app.subscribe("ada@example.com", "daily").await;
    let path = app.manage_path(ada, "daily").await;
    for act in ["download", "change&address=eve%40example.com", "erase", "erase_all"] {
        let answer = served.post(&path, &format!("act={act}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{act}");
        assert!(!answer.text().contains("example.com"), "{act}");
    }
    assert!(find(&app, "ada@example.com").await.is_some());
    assert!(served.get(&path).await.text().contains("value=\"link\""));
    assert!(served.post(&path, "act=link").await.text().contains("Look into your inbox"));
    let own = last_link(&app, "ada@example.com").await;
    let page = served.get(&own).await;
    assert!(page.text().contains("What is known about ada@example.com"), "{}", page.text());
    assert_eq!((page.header("cache-control"), page.header("referrer-policy")), ("no-store", "no-referrer"));
    let mail = app.inbox().mails_to("ada@example.com").pop().unwrap();
    assert_eq!(mail.header("List-Unsubscribe"), "", "it is no digest");
}

#[tokio::test]
async fn the_answer_does_not_tell_whether_an_address_is_known() {
    let app = app().await;
    let served = app.serve().await;
    app.subscribe("active@example.com", "daily").await;
    app.subscribe("complained@example.com", "daily").await;
    let daily = app.standing("daily").await.id;
    let now = app.clock.now();
    app.store
        .suppress(&address("complained@example.com"), SuppressionReason::Complaint, None, now)
        .await
        .unwrap();
    app.store.request_subscriptions(&address("pending@example.com"), &[daily], "form", now).await.unwrap();
    app.store.forget(&address("forgotten@example.com"), now).await.unwrap();
    let mut answers: Vec<Answer> = Vec::new();
    for name in ["active", "unknown", "complained", "pending", "forgotten", "ACTIVE"] {
        let began = Instant::now();
        answers.push(served.post("/manage", &format!("address={name}%40example.com")).await);
        assert!(began.elapsed() >= Duration::from_millis(150), "{name}");
    }
    for answer in &answers {
        assert_eq!((answer.status, &answer.bytes), (StatusCode::OK, &answers[0].bytes));
    }
    app.run_jobs().await;
    assert_eq!(app.inbox().mails_to("active@example.com").len(), 1, "one in ten minutes");
    for name in ["unknown", "complained", "forgotten"] {
        assert!(app.inbox().mails_to(&format!("{name}@example.com")).is_empty(), "{name}");
    }
    let pending = app.inbox().mails_to("pending@example.com");
    assert_eq!(pending.len(), 1, "who has not confirmed gets the confirmation alone");
    app.wait(Duration::from_mins(10)).await;
    served.post("/manage", "address=active%40example.com").await;
    app.run_jobs().await;
    assert_eq!(app.inbox().mails_to("active@example.com").len(), 2);
}

#[tokio::test]
async fn who_asks_for_links_too_often_is_refused_and_no_address_says_so() {
    let app = app().await;
    let burst = NonZeroU32::new(2).unwrap();
    let served = app.serve_with(Allowance { burst, refill: Duration::from_hours(1) }).await;
    let form = served.get("/manage").await;
    assert!(form.text().contains("action=\"/manage\"") && form.text().contains("noindex"), "{}", form.text());
    let wrong = served.post("/manage", "address=%22%3E%3Cb%3E").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.text().contains("This is not an email address") && !wrong.text().contains("<b>"));
    served.post("/manage", "address=a%40example.com").await;
    let refused = served.post("/manage", "address=b%40example.com").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_personal_link_is_over_after_a_day_and_offers_another() {
    let app = app().await;
    let served = app.serve().await;
    app.subscribe("ada@example.com", "daily").await;
    let path = personal(&app, &served, "ada@example.com").await;
    app.set_clock("2026-03-03T04:59:59Z").await;
    assert_eq!(served.get(&path).await.status, StatusCode::OK);
    app.set_clock("2026-03-03T05:00:00Z").await;
    for answer in [served.get(&path).await, served.post(&path, "act=download").await] {
        assert_eq!(answer.status, StatusCode::GONE);
        assert!(answer.text().contains("This link is over"), "{}", answer.text());
        assert!(answer.text().contains("action=\"/manage\""), "a new one can be had");
        assert!(!answer.text().contains("example.com"));
    }
}

#[tokio::test]
async fn a_reader_has_all_that_is_known_about_them() {
    let app = app().await;
    let served = app.serve().await;
    app.subscribe("ada@example.com", "daily").await;
    app.subscribe("ben@example.com", "daily").await;
    app.publish_article("The ferry sails again").await;
    app.advance_to("2026-03-02T12:00:00Z").await;
    let path = personal(&app, &served, "ada@example.com").await;
    let answer = served.post(&path, "act=download").await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"my-data.json\"");
    assert_eq!(answer.header("cache-control"), "no-store");
    let data: Value = serde_json::from_slice(&answer.bytes).unwrap();
    assert_eq!(data["address"], "ada@example.com");
    assert_eq!(data["subscriptions"][0]["newsletter"], "daily");
    assert_eq!(data["subscriptions"][0]["consent"], "a test");
    assert_eq!(data["deliveries"][0]["state"], "sent");
    assert_eq!(data["suppression"], Value::Null);
    assert!(!answer.text().contains("ben@"));
}

#[tokio::test]
async fn a_reader_is_erased_after_they_are_asked_once_more() {
    let app = app().await;
    let served = app.serve().await;
    let ada = app.subscribe("ada@example.com", "daily").await;
    let path = personal(&app, &served, "ada@example.com").await;
    let asked = served.post(&path, "act=erase").await;
    assert!(asked.text().contains("Erase everything about you?"), "{}", asked.text());
    assert!(asked.text().contains("name=\"act\" value=\"erase_all\""));
    assert_eq!(app.state(ada, "daily").await, Some(SubscriptionState::Active), "not yet");
    let done = served.post(&path, "act=erase_all").await;
    assert!(done.text().contains("You are erased"), "{}", done.text());
    assert_eq!(find(&app, "ada@example.com").await, None);
    let reason = app.store.find_suppression(&address("ada@example.com")).await.unwrap();
    assert_eq!(reason, Some(SuppressionReason::Forgotten), "the keyed hash keeps it out");
    assert_eq!(served.post(&path, "act=erase_all").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_address_is_changed_once_both_sides_know() {
    let app = app().await;
    let served = app.serve().await;
    let ada = app.subscribe("ada@example.com", "daily").await;
    let path = personal(&app, &served, "ada@example.com").await;
    let asked = served.post(&path, "act=change&address=Ada%40new.example.org").await;
    assert!(asked.text().contains("Look into the new inbox"), "{}", asked.text());
    let data: Value = serde_json::from_slice(&served.post(&path, "act=download").await.bytes).unwrap();
    assert_eq!(data["address_change"]["new_address"], "Ada@new.example.org");
    let confirm = last_link(&app, "Ada@new.example.org").await;
    let keep = last_link(&app, "ada@example.com").await;
    assert!(confirm.starts_with("/address/") && keep.starts_with("/address/"), "{confirm} {keep}");
    let told = app.inbox().mails_to("ada@example.com").pop().unwrap().read().text;
    assert!(!told.contains("new.example.org"), "the old mailbox may be somebody else's by now");

    for link in [&confirm, &keep] {
        for method in [Method::GET, Method::HEAD] {
            let answer = served.ask(method, link, &[]).await;
            assert_eq!(answer.status, StatusCode::OK);
            assert_eq!(
                (answer.header("cache-control"), answer.header("referrer-policy")),
                ("no-store", "no-referrer")
            );
        }
    }
    assert_eq!(find(&app, "ada@example.com").await, Some(ada), "opening a link changes nothing");
    let done = served.post(&confirm, "").await;
    assert!(done.text().contains("Your address is changed"), "{}", done.text());
    assert_eq!(
        (find(&app, "ada@example.com").await, find(&app, "ada@new.example.org").await),
        (None, Some(ada))
    );
    for method in [Method::GET, Method::POST] {
        let again = served.ask(method, &confirm, &[]).await;
        assert_eq!(again.status, StatusCode::GONE, "once");
        assert!(again.text().contains("This link is over"));
    }
    assert_eq!(served.get(&path).await.status, StatusCode::GONE, "nor does the old mailbox show the data");

    app.publish_article("The ferry sails again").await;
    app.advance_to("2026-03-02T12:00:00Z").await;
    assert_eq!(app.inbox().mails_to("Ada@new.example.org").len(), 2);
    let path = app.manage_path(ada, "daily").await;
    assert_eq!(served.get(&path).await.status, StatusCode::OK, "links in digests hold for ever");
}

#[tokio::test]
async fn the_old_address_can_stop_a_change_and_take_it_back_for_three_days() {
    for (confirms, moment, is_kept) in [
        (false, "2026-03-02T06:00:00Z", true),
        (false, "2026-03-03T05:00:00Z", false),
        (true, "2026-03-05T04:59:59Z", true),
        (true, "2026-03-05T05:00:00Z", false),
    ] {
        let app = app().await;
        let served = app.serve().await;
        let ada = app.subscribe("ada@example.com", "daily").await;
        let path = personal(&app, &served, "ada@example.com").await;
        served.post(&path, "act=change&address=eve%40example.org").await;
        let (confirm, keep) =
            (last_link(&app, "eve@example.org").await, last_link(&app, "ada@example.com").await);
        if confirms {
            served.post(&confirm, "").await;
            assert_eq!(find(&app, "eve@example.org").await, Some(ada));
            app.wait(Duration::from_mins(10)).await;
            let other = personal(&app, &served, "eve@example.org").await;
            let refused = served.post(&other, "act=change&address=far%40example.org").await;
            assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "nobody runs away with it");
        }
        app.set_clock(moment).await;
        let answer = served.post(&keep, "").await;
        let expected = if is_kept { StatusCode::OK } else { StatusCode::GONE };
        assert_eq!(answer.status, expected, "{moment}: {}", answer.text());
        let owner = if confirms && !is_kept { "eve@example.org" } else { "ada@example.com" };
        assert_eq!(find(&app, owner).await, Some(ada), "{moment}");
        assert_eq!(served.post(&confirm, "").await.status, StatusCode::GONE, "{moment}");
        assert_eq!(served.post(&keep, "").await.status, StatusCode::GONE, "{moment}");
    }
}

#[tokio::test]
async fn an_address_that_somebody_has_is_not_taken_and_nobody_learns_of_it() {
    let app = app().await;
    let served = app.serve().await;
    let ada = app.subscribe("ada@example.com", "daily").await;
    app.subscribe("ben@example.com", "daily").await;
    app.store.forget(&address("gone@example.com"), app.clock.now()).await.unwrap();
    let path = personal(&app, &served, "ada@example.com").await;
    let mut answers = Vec::new();
    for new in ["ben@example.com", "gone@example.com", "ADA@example.com", "free@example.org"] {
        let began = Instant::now();
        answers.push(served.post(&path, &format!("act=change&address={}", new.replace('@', "%40"))).await);
        assert!(began.elapsed() >= Duration::from_millis(150), "{new}");
    }
    for answer in &answers {
        assert_eq!((answer.status, &answer.bytes), (StatusCode::OK, &answers[0].bytes));
    }
    let confirm = last_link(&app, "free@example.org").await;
    assert!(app.inbox().mails_to("ben@example.com").is_empty());
    app.subscribe("free@example.org", "weekly").await;
    let late = served.post(&confirm, "").await;
    assert!(late.text().contains("This address cannot be used"), "{}", late.text());
    assert_eq!(find(&app, "ada@example.com").await, Some(ada));
    let wrong = served.post(&path, "act=change&address=nobody").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.text().contains("This is not an email address"));
}

#[tokio::test]
async fn what_the_old_mailbox_says_later_is_nothing_to_the_new_one() {
    for (kind, expected) in
        [(ReportKind::HardBounce, Consequence::Nothing), (ReportKind::Complaint, Consequence::Suppressed)]
    {
        let app = app().await;
        let served = app.serve().await;
        let ada = app.subscribe("ada@example.com", "daily").await;
        app.publish_article("The ferry sails again").await;
        app.advance_to("2026-03-02T12:00:00Z").await;
        let edition = app.editions("daily").await[0].id;
        let path = personal(&app, &served, "ada@example.com").await;
        served.post(&path, "act=change&address=ada%40new.example.org").await;
        served.post(&last_link(&app, "ada@new.example.org").await, "").await;
        let report = NewReport {
            fingerprint: b"a report".to_vec(),
            delivery: DeliveryKey { edition, subscriber: ada },
            kind,
            reason: "user_unknown".to_owned(),
            status: None,
            diagnostic: None,
        };
        let followed = app.store.record_report(&report, app.clock.now()).await.unwrap();
        assert_eq!(followed, Some(expected));
    }
}

#[tokio::test]
async fn links_of_one_kind_do_not_do_what_others_do() {
    let app = app().await;
    let served = app.serve().await;
    app.subscribe("ada@example.com", "daily").await;
    let own = personal(&app, &served, "ada@example.com").await;
    served.post(&own, "act=change&address=eve%40example.org").await;
    let confirm = last_link(&app, "eve@example.org").await;
    let pages = ["/manage/", "/address/", "/confirm/", "/unsubscribe/"];
    for path in [own, confirm] {
        let token = path.rsplit('/').next().unwrap();
        for page in pages.iter().filter(|page| !path.starts_with(**page)) {
            let answer = served.post(&format!("{page}{token}"), "").await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{page}");
        }
    }
}
