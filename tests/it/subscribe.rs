//! How a reader comes to be subscribed, and how nobody else is.

use std::num::NonZeroU32;
use std::time::Duration;

use courant::model::allowance::Allowance;
use courant::model::subscriber::{EmailAddress, SubscriberId, SubscriptionState};
use reqwest::{Method, StatusCode};

use crate::support::app::{TestApp, daily, newsletter};
use crate::support::served::Answer;

const FORM: &str = "address=ada%40example.com&newsletter=daily";

async fn app() -> TestApp {
    let newsletters = vec![daily(), newsletter("weekly", "0 7 * * SUN", "Europe/Paris")];
    TestApp::start(newsletters, "2026-03-02T05:00:00Z").await
}

async fn find(app: &TestApp, address: &str) -> Option<SubscriberId> {
    let address: EmailAddress = address.parse().unwrap();
    app.store.find_subscriber(&address).await.unwrap().map(|subscriber| subscriber.id)
}

async fn confirmations(app: &TestApp) -> usize {
    app.store.due_confirmations(app.clock.now(), 1000).await.unwrap().len()
}

#[tokio::test]
async fn a_reader_who_asks_and_confirms_is_subscribed() {
    let app = app().await;
    let served = app.serve().await;
    let answer =
        served.post("/subscribe", "address=Ada%40Example.com&newsletter=daily&newsletter=weekly").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text().contains("Look into your inbox"), "{}", answer.text());
    let id = find(&app, "ada@example.com").await.unwrap();
    assert_eq!(app.state(id, "daily").await, Some(SubscriptionState::Pending));
    assert_eq!(confirmations(&app).await, 1);

    let path = app.confirm_path(id);
    let page = served.get(&path).await;
    assert!(page.text().contains("The daily Light and The weekly Light?"), "{}", page.text());
    assert!(page.text().contains(&format!("<form method=\"post\" action=\"{path}\">")), "{}", page.text());
    let done = served.post(&path, "").await;
    assert_eq!(done.status, StatusCode::OK);
    assert!(done.text().contains("You are subscribed"), "{}", done.text());
    for newsletter in ["daily", "weekly"] {
        assert_eq!(app.state(id, newsletter).await, Some(SubscriptionState::Active));
    }
    assert!(served.get(&path).await.text().contains("You are subscribed"), "the link works for ever");
}

#[tokio::test]
async fn whoever_opens_the_address_of_the_form_finds_it() {
    let app = app().await;
    let served = app.serve().await;
    for (asked, path) in [
        ("/subscribe", "/#newsletters"),
        ("/subscribe?newsletter=weekly", "/newsletters/weekly#newsletters"),
        ("/subscribe?newsletter=//evil.example", "/#newsletters"),
    ] {
        let answer = served.get(asked).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{asked}");
        assert_eq!(answer.header("location"), path);
        let page = served.get(path.split('#').next().unwrap()).await;
        assert!(page.text().contains("id=\"newsletters\""), "{path}: {}", page.text());
    }
}

#[tokio::test]
async fn opening_the_link_subscribes_nobody() {
    let app = app().await;
    let served = app.serve().await;
    served.post("/subscribe", FORM).await;
    let id = find(&app, "ada@example.com").await.unwrap();
    for method in [Method::GET, Method::HEAD] {
        let answer = served.ask(method, &app.confirm_path(id), &[]).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
    }
    assert_eq!(app.state(id, "daily").await, Some(SubscriptionState::Pending));
}

#[tokio::test]
async fn the_answer_does_not_tell_whether_an_address_is_known() {
    let app = app().await;
    let served = app.serve().await;
    app.subscribe("active@example.com", "daily").await;
    let gone: EmailAddress = "forgotten@example.com".parse().unwrap();
    app.store.forget(&gone, app.clock.now()).await.unwrap();
    let mut answers: Vec<Answer> = Vec::new();
    for name in ["new", "new", "active", "forgotten"] {
        let began = std::time::Instant::now();
        answers
            .push(served.post("/subscribe", &format!("address={name}%40example.com&newsletter=daily")).await);
        assert!(began.elapsed() >= Duration::from_millis(150), "{name}");
    }
    for answer in &answers {
        assert_eq!((answer.status, &answer.bytes), (StatusCode::OK, &answers[0].bytes));
    }
    assert_eq!(
        find(&app, "forgotten@example.com").await,
        None,
        "nobody who was forgotten comes back by this way"
    );
    assert_eq!(confirmations(&app).await, 1, "only the new address is asked");
}

#[tokio::test]
async fn an_address_gets_one_confirmation_in_ten_minutes() {
    let app = app().await;
    let served = app.serve().await;
    for (moment, expected) in
        [("2026-03-02T05:00:00Z", 1), ("2026-03-02T05:09:59Z", 0), ("2026-03-02T05:10:00Z", 1)]
    {
        app.set_clock(moment).await;
        served.post("/subscribe", FORM).await;
        assert_eq!(confirmations(&app).await, expected, "{moment}");
        let id = find(&app, "ada@example.com").await.unwrap();
        app.store.remove_confirmation(id).await.unwrap();
    }
}

#[tokio::test]
async fn a_form_that_lacks_something_says_what_and_keeps_the_rest() {
    let app = app().await;
    let served = app.serve().await;
    for (form, words) in [
        ("address=ada&newsletter=daily", "This is not an email address"),
        ("newsletter=daily", "This is not an email address"),
        ("address=%00%0D%0ABcc%3A+x%40example.com&newsletter=daily", "This is not an email address"),
        ("address=ada%40example.com", "Choose at least one newsletter"),
        ("address=ada%40example.com&newsletter=none", "Choose from: The daily Light and The weekly Light."),
        ("address=ada%40example.com&newsletter=daily&newsletter=none", "Choose from: The daily Light and"),
        ("", "Choose at least one newsletter"),
        ("%FF%FE=%&&&=", "Choose at least one newsletter"),
    ] {
        let answer = served.post("/subscribe", form).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{form}");
        assert!(answer.text().contains(words), "{form}: {}", answer.text());
        assert!(answer.text().contains("action=\"/subscribe\""), "{form}");
    }
    let again = served.post("/subscribe", "address=%22%3E%3Cscript%3E&newsletter=weekly").await;
    assert!(again.text().contains("value=\"weekly\" checked") && !again.text().contains("<script>"));
    assert_eq!(confirmations(&app).await, 0);
}

#[tokio::test]
async fn a_program_may_ask_in_json() {
    let app = app().await;
    let served = app.serve().await;
    let post = async |body: &str| {
        let request = served.request(Method::POST, "/subscribe").header("content-type", "application/json");
        Answer::read(request.body(body.to_owned()).send().await.unwrap()).await
    };
    let taken = post(r#"{"address": "ada@example.com", "newsletters": ["daily"]}"#).await;
    assert_eq!((taken.status, taken.text()), (StatusCode::ACCEPTED, r#"{"status":"asked"}"#));
    assert_eq!(confirmations(&app).await, 1);
    for (body, expected) in [
        (r#"{"address": "ada", "newsletters": ["daily"]}"#, r#""field":"address""#),
        (r#"{"address": "a@example.com", "newsletters": ["none"]}"#, r#""allowed":["daily","weekly"]"#),
        (r#"{"address": "a@example.com", "newsletters": []}"#, r#""field":"newsletters""#),
        (r#"{"address": "a@example.com"}"#, "missing field `newsletters`"),
        (r#"{"address": "a@example.com", "newsletters": ["daily"], "x": 1}"#, "unknown field `x`"),
        ("[[[[[[[[", "not the JSON expected here"),
    ] {
        let answer = post(body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
        assert!(answer.text().contains(expected), "{body}: {}", answer.text());
    }
    assert_eq!(confirmations(&app).await, 1);
}

#[tokio::test]
async fn one_client_cannot_ask_for_a_thousand_addresses() {
    let app = app().await;
    let burst = NonZeroU32::new(2).unwrap();
    let served = app.serve_with(Allowance { burst, refill: Duration::from_hours(1) }).await;
    let ask = async |number: usize, client: &'static str| {
        let body = format!("address=a{number}%40example.com&newsletter=daily");
        let request = served.request(Method::POST, "/subscribe").header("x-forwarded-for", client);
        Answer::read(request.body(body).send().await.unwrap()).await
    };
    for number in 0..2 {
        assert_eq!(ask(number, "198.51.100.1").await.status, StatusCode::OK);
    }
    let refused = ask(2, "198.51.100.1").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.text().contains("That was too often"), "{}", refused.text());
    assert_ne!(refused.header("retry-after"), "");
    assert_eq!(ask(3, "6.6.6.6, 198.51.100.1").await.status, StatusCode::TOO_MANY_REQUESTS, "made up");
    assert_eq!(ask(4, "198.51.100.2").await.status, StatusCode::OK, "another client");
    assert_eq!(confirmations(&app).await, 3);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let app = app().await;
    let served = app.serve().await;
    let answer = served.post("/subscribe", &format!("{FORM}&x={}", "x".repeat(20_000))).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.text().contains("could not be understood"), "{}", answer.text());
    let many = "&newsletter=daily".repeat(500);
    let answer = served.post("/subscribe", &format!("address=a%40example.com{many}")).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_link_for_one_thing_does_not_do_another() {
    let app = app().await;
    let served = app.serve().await;
    served.post("/subscribe", FORM).await;
    let id = find(&app, "ada@example.com").await.unwrap();
    let (confirm, leave) = (app.confirm_path(id), app.unsubscribe_path(id, "daily").await);
    let crossed = leave.replace("/unsubscribe/", "/confirm/");
    assert_eq!(served.post(&crossed, "").await.status, StatusCode::NOT_FOUND);
    let crossed = confirm.replace("/confirm/", "/unsubscribe/");
    assert_eq!(served.post(&crossed, "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.state(id, "daily").await, Some(SubscriptionState::Pending));
}

#[tokio::test]
async fn who_has_left_is_not_brought_back_by_an_old_confirmation() {
    let app = app().await;
    let served = app.serve().await;
    let id = app.subscribe("ada@example.com", "daily").await;
    served.post(&app.unsubscribe_path(id, "daily").await, "").await;
    let opened = served.get(&app.confirm_path(id)).await;
    let pressed = served.post(&app.confirm_path(id), "").await;
    assert_eq!(app.state(id, "daily").await, Some(SubscriptionState::Ended));
    for answer in [opened, pressed] {
        assert_eq!(answer.status, StatusCode::GONE);
        assert!(answer.text().contains("This link is over"), "{}", answer.text());
        assert!(answer.text().contains("href=\"/newsletters/daily\">Subscribe to"), "{}", answer.text());
    }
}

#[tokio::test]
async fn a_link_to_confirm_what_is_forgotten_leads_to_the_form() {
    let app = app().await;
    let served = app.serve().await;
    served.post("/subscribe", FORM).await;
    let id = find(&app, "ada@example.com").await.unwrap();
    app.store.remove_unconfirmed(app.clock.now() + Duration::from_hours(1)).await.unwrap();
    let answer = served.get(&app.confirm_path(id)).await;
    assert_eq!(answer.status, StatusCode::GONE);
    assert!(answer.text().contains("href=\"/#newsletters\">Subscribe<"), "{}", answer.text());
}
