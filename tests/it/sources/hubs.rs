//! WebSub: a hub tells of changes, and an article arrives at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::Form;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use courant::jobs::hubs::HubSubscriber;
use courant::jobs::puller::Puller;
use courant::jobs::{Job, ScheduledSource};
use courant::source::{FeedSettings, Fetcher, Kind, Source};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Client;
use sha2::{Sha256, Sha512};

use super::web::Web;
use crate::support::app::TestApp;

type Forms = Arc<Mutex<Vec<HashMap<String, String>>>>;

/// A hub and a feed that names it. The hub asks back as a hub does, and keeps what it was asked.
struct Hub {
    web: Web,
    forms: Forms,
    items: Arc<Mutex<u32>>,
    is_refusing: Arc<Mutex<bool>>,
}

impl Hub {
    async fn new() -> Self {
        let (forms, items): (Forms, _) = (Arc::default(), Arc::new(Mutex::new(1)));
        let is_refusing = Arc::new(Mutex::new(false));
        let (kept, count, refusing) = (Arc::clone(&forms), Arc::clone(&items), Arc::clone(&is_refusing));
        let feed = get(async move || -> Response {
            let item = |number| format!("<item><guid>{number}</guid><title>Item {number}</title></item>");
            let items = (0..*count.lock().unwrap()).map(item).collect::<Vec<_>>().concat();
            let link = "</hub>; rel=hub, </the-topic>; rel=\"self\"";
            ([(header::LINK, link)], format!("<rss version='2.0'><channel>{items}</channel></rss>"))
                .into_response()
        });
        let hub = post(async move |Form(form): Form<HashMap<String, String>>| {
            kept.lock().unwrap().push(form.clone());
            if *refusing.lock().unwrap() {
                return (StatusCode::FORBIDDEN, "not for you");
            }
            let answer = verify(&form, "subscribe", &form["hub.topic"], "a challenge").await;
            assert_eq!(answer, (200, "a challenge".to_owned()));
            (StatusCode::ACCEPTED, "")
        });
        let web = Web::with(Router::new().route("/feed", feed).route("/hub", hub)).await;
        Self { web, forms, items, is_refusing }
    }

    fn last_form(&self) -> HashMap<String, String> {
        self.forms.lock().unwrap().last().unwrap().clone()
    }

    fn publish(&self) {
        *self.items.lock().unwrap() += 1;
    }

    /// Tells the subscriber of a change, with this header, and says what it answers.
    async fn notify(&self, body: &[u8], signature: Option<String>) -> u16 {
        let mut request = Client::new().post(&self.last_form()["hub.callback"]).body(body.to_vec());
        if let Some(signature) = signature {
            request = request.header("x-hub-signature", signature);
        }
        // A server that has heard enough may hang up before all is sent.
        request.send().await.map_or(413, |answer| answer.status().as_u16())
    }

    fn signed(&self, body: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.last_form()["hub.secret"].as_bytes()).unwrap();
        mac.update(body);
        format!("sha256={}", data_encoding::HEXLOWER.encode(&mac.finalize().into_bytes()))
    }
}

/// Asks back whether somebody wants what a form asks for.
async fn verify(form: &HashMap<String, String>, mode: &str, topic: &str, challenge: &str) -> (u16, String) {
    let query = [
        ("hub.mode", mode),
        ("hub.topic", topic),
        ("hub.challenge", challenge),
        ("hub.lease_seconds", "4000"),
        ("hub.reason", "closed"),
    ];
    let url = url::Url::parse_with_params(&form["hub.callback"], query).unwrap();
    let answer = Client::new().get(url).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// The program with one source that is told of changes.
async fn subscriber(hub: &Hub) -> (TestApp, crate::support::served::Served, Puller, HubSubscriber) {
    let app = TestApp::start(Vec::new(), "2026-03-02T12:00:00Z").await;
    let served = app.serve().await;
    let kind = Kind::Feed(FeedSettings {
        url: hub.web.url("/feed"),
        allow_private: true,
        websub: true,
        ..FeedSettings::default()
    });
    let source = Source { name: "wire".to_owned(), tags: Vec::new(), kind };
    app.configure(|settings| {
        settings.publication.base_url = served.url("/").parse().unwrap();
        settings.sources = vec![ScheduledSource { source, every: Duration::from_hours(6) }];
    });
    app.store.register_sources(&["wire"]).await.unwrap();
    let fetcher = Fetcher::new("https://courier.example");
    let puller = Puller::new(app.store.clone(), fetcher.clone(), app.live_settings());
    let hubs = HubSubscriber::new(app.store.clone(), fetcher, app.live_settings());
    (app, served, puller, hubs)
}

#[tokio::test]
async fn a_hub_is_asked_confirms_and_what_it_tells_of_is_pulled_at_once() {
    let hub = Hub::new().await;
    let (app, _served, puller, hubs) = subscriber(&hub).await;
    let now = app.clock.now();
    puller.step(now).await.unwrap();
    hubs.step(now).await.unwrap();
    let form = hub.last_form();
    assert_eq!(
        (form["hub.mode"].as_str(), form["hub.topic"].clone()),
        ("subscribe", hub.web.url("/the-topic"))
    );
    let known = app.store.find_hub("wire").await.unwrap().unwrap();
    assert_eq!(known.lease_until, Some(now + Duration::from_secs(4000)));

    hub.publish();
    let later = now + Duration::from_mins(1);
    puller.step(later).await.unwrap();
    assert_eq!(app.store.count_articles_of("wire").await.unwrap(), 1, "it is not due");
    let body = b"<rss>something that is not believed</rss>";
    assert_eq!(hub.notify(body, Some(hub.signed(body))).await, 202);
    puller.step(later).await.unwrap();
    assert_eq!(app.store.count_articles_of("wire").await.unwrap(), 2);

    hubs.step(now + Duration::from_secs(2999)).await.unwrap();
    assert_eq!(hub.forms.lock().unwrap().len(), 1);
    hubs.step(now + Duration::from_mins(50)).await.unwrap();
    assert_eq!(hub.forms.lock().unwrap().len(), 2, "it is renewed before it ends");
    assert_eq!(hub.last_form()["hub.callback"], form["hub.callback"]);
}

#[tokio::test]
async fn a_notice_of_somebody_else_changes_nothing() {
    let hub = Hub::new().await;
    let (app, served, puller, hubs) = subscriber(&hub).await;
    let now = app.clock.now();
    puller.step(now).await.unwrap();
    hubs.step(now).await.unwrap();
    let next_at = app.store.find_source("wire").await.unwrap().unwrap().next_at;
    let body = b"changed".as_slice();
    let right = hub.signed(body);
    let mut long = Hmac::<Sha512>::new_from_slice(b"another secret").unwrap();
    long.update(body);
    let long = data_encoding::HEXLOWER.encode(&long.finalize().into_bytes());
    for signature in [
        None,
        Some(String::new()),
        Some(right.replace("sha256", "sha1")),
        Some(right.replace("sha256", "md5")),
        Some(right[..30].to_owned()),
        Some("sha256=".to_owned()),
        Some(format!("sha512={long}")),
        Some(hub.signed(b"something else")),
    ] {
        assert_eq!(hub.notify(body, signature.clone()).await, 202, "{signature:?}");
        assert_eq!(app.store.find_source("wire").await.unwrap().unwrap().next_at, next_at, "{signature:?}");
    }
    let large = vec![b'x'; 6 * 1024 * 1024];
    assert_eq!(hub.notify(&large, Some(hub.signed(&large))).await, 413);
    let unknown = Client::new().post(served.url("/websub/0123")).body(body).send().await.unwrap();
    assert_eq!(unknown.status().as_u16(), 404);
    let form = hub.last_form();
    for (mode, topic) in
        [("subscribe", "https://other.example/"), ("unsubscribe", &form["hub.topic"]), ("x", "")]
    {
        assert_eq!(verify(&form, mode, topic, "c").await.0, 404, "{mode}");
    }
    let long = "x".repeat(5000);
    assert_eq!(verify(&form, "subscribe", &form["hub.topic"], &long).await.0, 404);
    assert_eq!(app.store.find_source("wire").await.unwrap().unwrap().next_at, next_at);
}

#[tokio::test]
async fn a_hub_that_refuses_is_asked_more_and_more_seldom_and_forgotten_where_nobody_wants_it() {
    let hub = Hub::new().await;
    *hub.is_refusing.lock().unwrap() = true;
    let (app, _served, puller, hubs) = subscriber(&hub).await;
    let mut now = app.clock.now();
    puller.step(now).await.unwrap();
    for minutes in [10, 20, 40, 80] {
        hubs.step(now).await.unwrap();
        let known = app.store.find_hub("wire").await.unwrap().unwrap();
        assert_eq!(known.error.as_deref(), Some("the hub refuses (403): not for you"));
        assert_eq!(known.next_at, now + Duration::from_mins(minutes));
        now = known.next_at;
    }
    *hub.is_refusing.lock().unwrap() = false;
    hubs.step(now).await.unwrap();
    let form = hub.last_form();
    assert_eq!(app.store.find_hub("wire").await.unwrap().unwrap().failures, 0, "asked, and confirmed");
    assert_eq!(verify(&form, "denied", &form["hub.topic"], "").await.0, 200);
    let known = app.store.find_hub("wire").await.unwrap().unwrap();
    assert_eq!(known.error.as_deref(), Some("the hub refuses: closed"));

    app.configure(|settings| settings.sources.clear());
    hubs.step(known.next_at).await.unwrap();
    assert_eq!(app.store.find_hub("wire").await.unwrap(), None);
    assert_eq!(hub.notify(b"", Some(hub.signed(b""))).await, 404);
}
