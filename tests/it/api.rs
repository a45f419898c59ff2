//! Sign-up from elsewhere: by a program in JSON, and by a form in another site's pages.

use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use courant::mail::inbox::Behaviour;
use courant::model::allowance::Allowance;
use courant::model::shape::{Choices, Rhythm};
use courant::model::subscriber::{EmailAddress, SubscriberId, SubscriptionState};
use courant::model::words::Vocabulary;
use courant::render::page::embedded_form;
use jiff::civil::Weekday;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::app::{CONFIG, TestApp, daily, newsletter};
use crate::support::served::{Answer, Served};

const PATH: &str = "/api/v1/subscriptions";

async fn app() -> TestApp {
    let newsletters = vec![daily(), newsletter("weekly", "0 7 * * SUN", "Europe/Paris")];
    TestApp::start_with_relay(newsletters, "2026-03-02T05:00:00Z", Behaviour::default()).await
}

async fn post(served: &Served, body: &Value, headers: &[(&str, &str)]) -> Answer {
    let mut request = served.request(Method::POST, PATH).header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Answer::read(request.body(body.to_string()).send().await.unwrap()).await
}

fn told(answer: &Answer) -> Value {
    assert_eq!(answer.header("content-type"), "application/json");
    serde_json::from_slice(&answer.bytes).unwrap()
}

async fn confirmations(app: &TestApp) -> usize {
    app.store.due_confirmations(app.clock.now(), 1000).await.unwrap().len()
}

#[tokio::test]
async fn a_program_signs_readers_up_and_a_mail_asks_them_first() {
    let app = app().await;
    let served = app.serve().await;
    let body = json!({"address": "ada@example.com", "newsletters": ["daily", "weekly"], "language": "de-AT"});
    let answer = post(&served, &body, &[]).await;
    assert_eq!((answer.status, told(&answer)), (StatusCode::ACCEPTED, json!({"status": "asked"})));
    assert_eq!(answer.header("cache-control"), "no-store");
    let address: EmailAddress = "ada@example.com".parse().unwrap();
    let ada = app.store.find_subscriber(&address).await.unwrap().unwrap();
    assert_eq!(app.state(ada.id, "daily").await, Some(SubscriptionState::Pending));
    assert_eq!(app.store.consents(ada.id).await.unwrap()[0].form, "program");
    app.run_jobs().await;
    let mail = app.inbox().mails_to("ada@example.com").pop().unwrap().read().text;
    assert!(mail.contains("Bitte bestätigen"), "{mail}");

    let other = json!({"address": "ada@example.com", "newsletters": ["daily"], "language": "ar"});
    post(&served, &other, &[]).await;
    let ada = app.store.find_subscriber(&address).await.unwrap().unwrap();
    assert_eq!(ada.language.as_deref(), Some("de"), "nobody else says in which language they read");
}

#[tokio::test]
async fn what_is_wrong_is_told_with_its_field_and_what_may_stand_there() {
    let app = app().await;
    let served = app.serve().await;
    let (good, languages) = ("a@example.com", json!(["ar", "de", "en", "es", "fa", "fr", "ja"]));
    for (body, field, allowed) in [
        (json!({"newsletters": ["daily"]}), "address", Value::Null),
        (json!({"address": "ada", "newsletters": ["daily"]}), "address", Value::Null),
        (json!({"address": 5, "newsletters": ["daily"]}), "address", Value::Null),
        (json!({"address": good}), "newsletters", json!(["daily", "weekly"])),
        (json!({"address": good, "newsletters": "daily"}), "newsletters", json!(["daily", "weekly"])),
        (json!({"address": good, "newsletters": [1]}), "newsletters", json!(["daily", "weekly"])),
        (json!({"address": good, "newsletters": []}), "newsletters", json!(["daily", "weekly"])),
        (json!({"address": good, "newsletters": ["none"]}), "newsletters", json!(["daily", "weekly"])),
        (
            json!({"address": good, "newsletters": ["daily"], "language": "tlh"}),
            "language",
            languages.clone(),
        ),
        (json!({"address": good, "newsletters": ["daily"], "language": 1}), "language", languages),
    ] {
        let answer = post(&served, &body, &[]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
        let why = told(&answer);
        assert_eq!((&why["field"], &why["allowed"]), (&Value::from(field), &allowed), "{body}: {why}");
        assert!(!answer.text().contains("example.com"), "no address in an error");
    }
    for body in [json!({"address": good, "newsletters": ["daily"], "x": 1}), json!([1]), json!(null)] {
        let answer = post(&served, &body, &[]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
        let fields = ["address", "newsletters", "language", "topics", "rhythm", "hour", "time_zone"];
        assert_eq!(told(&answer)["allowed"], json!(fields));
    }
    let plain = served.post(PATH, "address=a%40example.com&newsletter=daily").await;
    assert_eq!((plain.status, told(&plain)["error"].is_string()), (StatusCode::UNSUPPORTED_MEDIA_TYPE, true));
    let opened = served.get(PATH).await;
    assert_eq!(
        (opened.status, &told(&opened)["error"]),
        (StatusCode::METHOD_NOT_ALLOWED, &json!("method not allowed"))
    );
    let large = post(&served, &json!({"address": "a".repeat(100_000), "newsletters": ["daily"]}), &[]).await;
    assert_eq!(
        (large.status, &told(&large)["error"]),
        (StatusCode::PAYLOAD_TOO_LARGE, &json!("payload too large"))
    );
    assert_eq!(confirmations(&app).await, 0);
}

#[tokio::test]
async fn the_answer_does_not_tell_whether_an_address_is_known() {
    let app = app().await;
    let served = app.serve().await;
    app.subscribe("active@example.com", "daily").await;
    let gone: EmailAddress = "forgotten@example.com".parse().unwrap();
    app.store.forget(&gone, app.clock.now()).await.unwrap();
    let mut answers = Vec::new();
    for name in ["new", "new", "active", "forgotten"] {
        let began = Instant::now();
        let body = json!({"address": format!("{name}@example.com"), "newsletters": ["daily"]});
        answers.push(post(&served, &body, &[("idempotency-key", name)]).await);
        assert!(began.elapsed() >= Duration::from_millis(150), "{name}");
    }
    for answer in &answers {
        assert_eq!((answer.status, &answer.bytes), (StatusCode::ACCEPTED, &answers[0].bytes));
    }
    assert_eq!(confirmations(&app).await, 1);
}

#[tokio::test]
async fn a_request_is_sent_again_under_its_name_and_another_is_not() {
    let app = app().await;
    let served = app.serve().await;
    let (one, other) = (
        json!({"address": "a@example.com", "newsletters": ["daily"]}),
        json!({"address": "b@example.com", "newsletters": ["daily"]}),
    );
    let name = [("idempotency-key", "7f3a")];
    for _ in 0..3 {
        assert_eq!(post(&served, &one, &name).await.status, StatusCode::ACCEPTED);
    }
    app.clock.advance_to(app.clock.now() + Duration::from_mins(11));
    let before = app.store.consents(SubscriberId(1)).await.unwrap();
    app.run_jobs().await;
    assert_eq!(post(&served, &one, &name).await.status, StatusCode::ACCEPTED);
    assert_eq!(confirmations(&app).await, 0, "no second mail, whenever it is sent again");
    assert_eq!(app.store.consents(SubscriberId(1)).await.unwrap(), before);
    let bad = json!({"address": "a", "newsletters": ["daily"]});
    for (body, status) in [(&bad, StatusCode::BAD_REQUEST), (&one, StatusCode::ACCEPTED)] {
        let answer = post(&served, body, &[("idempotency-key", "mended")]).await;
        assert_eq!(answer.status, status, "what was refused was not asked");
    }
    app.run_jobs().await;
    let taken = post(&served, &other, &name).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told(&taken)["error"].as_str().unwrap().contains("Idempotency-Key"));
    assert_eq!(confirmations(&app).await, 0);
    let elsewhere = [("idempotency-key", "7f3a"), ("x-forwarded-for", "198.51.100.7")];
    assert_eq!(post(&served, &other, &elsewhere).await.status, StatusCode::ACCEPTED, "a stranger's name");
    app.store.forget_requests(app.clock.now() + Duration::from_secs(1)).await.unwrap();
    assert_eq!(post(&served, &other, &name).await.status, StatusCode::ACCEPTED, "after a day it is free");
    for name in ["", &"x".repeat(256)] {
        assert_eq!(post(&served, &one, &[("idempotency-key", name)]).await.status, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn programs_and_forms_share_one_allowance() {
    let app = app().await;
    let burst = NonZeroU32::new(2).unwrap();
    let served = app.serve_with(Allowance { burst, refill: Duration::from_hours(1) }).await;
    let body = json!({"address": "a@example.com", "newsletters": ["daily"]});
    assert_eq!(post(&served, &body, &[]).await.status, StatusCode::ACCEPTED);
    served.post("/subscribe", "address=b%40example.com&newsletter=daily").await;
    let refused = post(&served, &body, &[]).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(told(&refused)["error"].is_string());
    assert_ne!(refused.header("retry-after"), "");
}

#[tokio::test]
async fn only_pages_of_configured_sites_may_ask_in_a_browser() {
    let app = app().await;
    let served = app.serve().await;
    let body = json!({"address": "a@example.com", "newsletters": ["daily"]});
    for (origin, allowed) in [
        ("https://www.example.org", "https://www.example.org"),
        ("https://evil.example", ""),
        ("https://www.example.org.evil.example", ""),
        ("http://www.example.org", ""),
        ("null", ""),
    ] {
        let preflight = [
            ("origin", origin),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "content-type,idempotency-key"),
        ];
        let asked = served.ask(Method::OPTIONS, PATH, &preflight).await;
        assert_eq!(asked.header("access-control-allow-origin"), allowed, "{origin}");
        let answer = post(&served, &body, &[("origin", origin)]).await;
        assert_eq!(answer.header("access-control-allow-origin"), allowed, "{origin}");
    }
    served.web.reload(courant::web::Settings { cors_origins: Vec::new(), ..app.web_settings() });
    let answer = post(&served, &body, &[("origin", "https://www.example.org")]).await;
    assert_eq!(answer.header("access-control-allow-origin"), "", "as the configuration is now");
}

#[tokio::test]
async fn a_form_for_other_sites_is_a_kilobyte_at_most_and_is_taken() {
    let app = app().await;
    let served = app.serve().await;
    let mut newsletter = daily();
    for language in Vocabulary::built_in().languages() {
        newsletter.language = language.to_owned();
        let form = embedded_form(&app.settings().publication, &newsletter);
        assert!(form.len() <= 1024, "{language}: {}", form.len());
        assert!(form.contains("action=\"https://news.example.org/subscribe\""), "{form}");
        assert!(!form.contains("<script") && form.contains("<label>"), "{form}");
        assert_eq!(form.contains("dir=\"rtl\""), ["ar", "fa"].contains(&language));
    }
    newsletter.language = "en".to_owned();
    newsletter.choices = Some(Choices {
        topics: ["Politics", "Culture"].map(str::to_owned).to_vec(),
        rhythms: vec![Rhythm::EachArticle, Rhythm::Daily, Rhythm::Weekly],
        has_hours: true,
        weekly_on: Weekday::Monday,
    });
    let form = embedded_form(&app.settings().publication, &newsletter);
    assert!(form.contains("name=\"hour\"") && form.len() <= 1300, "{}: {form}", form.len());
    let request = served.request(Method::POST, "/subscribe");
    let request =
        request.header("origin", "https://elsewhere.example").header("sec-fetch-site", "cross-site");
    let answer = request.body("newsletter=daily&address=ada%40example.com").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(confirmations(&app).await, 1);
}

#[test]
fn the_form_is_printed_for_a_newsletter_that_there_is() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("courant.toml"), CONFIG).unwrap();
    let run = |slug: &str| {
        let mut command = assert_cmd::Command::cargo_bin("courant").unwrap();
        command.current_dir(directory.path()).env_remove("COURANT_CONFIG");
        command.args(["newsletter", "form", slug]).output().unwrap()
    };
    let form = String::from_utf8(run("daily").stdout).unwrap();
    assert!(form.starts_with("<form method=\"post\"") && form.contains("value=\"daily\""), "{form}");
    assert!(!run("none").status.success());
}
