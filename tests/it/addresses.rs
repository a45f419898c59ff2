//! Addresses as people type them: which are taken, and what is said of the others, by the form and in JSON alike.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::app::{TestApp, daily};
use crate::support::served::Answer;

fn long(local: usize, domain: usize) -> String {
    let label = "d".repeat(50);
    let mut name = vec![label.as_str(); domain / 51].join(".");
    name.push('.');
    name.push_str(&"e".repeat(domain - name.len()));
    format!("{}@{name}", "a".repeat(local))
}

#[tokio::test]
async fn an_odd_address_is_taken_or_told_to_be_none_and_never_stored_as_another() {
    let app = TestApp::start(vec![daily()], "2026-03-02T05:00:00Z").await;
    let served = app.serve().await;
    for (typed, kept) in [
        (" ada@example.org ", Some("ada@example.org")),
        ("\tben@example.org\n", Some("ben@example.org")),
        ("cy@müller.example", Some("cy@müller.example")),
        ("dora@xn--mller-kva.example", Some("dora@xn--mller-kva.example")),
        ("élise@example.org", Some("élise@example.org")),
        ("用户@例子.example", Some("用户@例子.example")),
        ("o'neil@example.org", Some("o'neil@example.org")),
        ("\"fay\"@example.org", Some("\"fay\"@example.org")),
        ("Gil@EXAMPLE.org", Some("Gil@example.org")),
        (&long(64, 189), Some(&long(64, 189))),
        (&long(64, 190), None),
        (&long(65, 100), None),
        ("ada brook@example.org", None),
        ("\"ada brook\"@example.org", None),
        ("Ada <ada@example.org>", None),
        ("<ada@example.org>", None),
        ("ada@example.org, ben@example.org", None),
        ("ada@example.org;ben@example.org", None),
        ("ada@@example.org", None),
        ("ada@example..org", None),
        ("ada@example.org.", None),
        (".ada@example.org", None),
        ("ada@", None),
        ("@example.org", None),
        ("ada", None),
        ("ada@intranet", None),
        ("ada\u{202e}@example.org", None),
        ("ada\u{200b}@example.org", None),
        ("", None),
    ] {
        let body: String = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("newsletter", "daily"), ("address", typed)])
            .finish();
        let form = served.post("/subscribe", &body).await;
        let request = served.request(Method::POST, "/api/v1/subscriptions");
        let body = json!({"address": typed, "newsletters": ["daily"]}).to_string();
        let request = request.header("content-type", "application/json").body(body);
        let program = Answer::read(request.send().await.unwrap()).await;
        let all = courant::store::SubscriptionFilter::default();
        let listed = app.store.list_subscriptions(&all, None, 100).await.unwrap();
        let listed: Vec<String> = listed.into_iter().map(|own| own.address).collect();
        if let Some(kept) = kept {
            assert_eq!((form.status, program.status), (StatusCode::OK, StatusCode::ACCEPTED), "{typed:?}");
            assert_eq!(listed.last().map(String::as_str), Some(kept), "{typed:?}");
        } else {
            assert_eq!(form.status, StatusCode::BAD_REQUEST, "{typed:?}");
            assert!(form.text().contains("This is not an email address"), "{typed:?}");
            let told: Value = serde_json::from_slice(&program.bytes).unwrap();
            assert_eq!(
                (program.status, &told["field"]),
                (StatusCode::BAD_REQUEST, &json!("address")),
                "{typed:?}"
            );
        }
    }
}
