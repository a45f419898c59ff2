//! The hub (WebSub): subscribers on a server of their own are verified, and sent what has changed.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use courant::daemon::HubWork;
use courant::jobs::Job;
use courant::model::token::signature;
use courant::render::feed::Format;
use courant::render::feed::check::check;
use courant::source::fetch::Network;
use courant::web::{Hub, Settings};

use crate::sources::web::Web;
use crate::support::app::{TestApp, daily};
use crate::support::served::Served;

const TOPIC: &str = "https://news.example.org/feed.rss";

/// What a subscriber was sent: the name of the callback, the headers, the body.
type Parcels = Arc<Mutex<Vec<(String, HeaderMap, String)>>>;

/// Subscribers, by the names of their callbacks.
struct Subscribers {
    web: Web,
    parcels: Parcels,
    /// What the next parcel is answered.
    answer: Arc<Mutex<StatusCode>>,
}

#[derive(serde::Deserialize)]
struct Question {
    #[serde(rename = "hub.mode")]
    mode: String,
    #[serde(rename = "hub.topic")]
    topic: String,
    #[serde(rename = "hub.challenge")]
    challenge: String,
    own: Option<String>,
}

impl Subscribers {
    async fn start() -> Self {
        let (parcels, answer) = (Parcels::default(), Arc::new(Mutex::new(StatusCode::OK)));
        let ask = async |Path(name): Path<String>, Query(question): Query<Question>| match name.as_str() {
            "stranger" => (StatusCode::NOT_FOUND, String::new()),
            "liar" => (StatusCode::OK, "yes".to_owned()),
            "down" => (StatusCode::BAD_GATEWAY, String::new()),
            _ => {
                assert!(["subscribe", "unsubscribe"].contains(&question.mode.as_str()));
                assert_eq!((question.topic.as_str(), question.own.as_deref()), (TOPIC, Some("kept")));
                (StatusCode::OK, question.challenge)
            }
        };
        let (kept, status) = (Arc::clone(&parcels), Arc::clone(&answer));
        let take = async move |Path(name): Path<String>, headers: HeaderMap, body: Bytes| {
            kept.lock().unwrap().push((name, headers, String::from_utf8(body.to_vec()).unwrap()));
            *status.lock().unwrap()
        };
        let web = Web::with(Router::new().route("/{name}", get(ask).post(take))).await;
        Self { web, parcels, answer }
    }

    fn form(&self, mode: &str, name: &str, more: &str) -> String {
        let callback = self.web.url(&format!("/{name}?own=kept")).replace('?', "%3F").replace('=', "%3D");
        format!("hub.mode={mode}&hub.topic={TOPIC}&hub.callback={callback}{more}")
    }

    fn answer(&self, status: StatusCode) {
        *self.answer.lock().unwrap() = status;
    }

    /// Who was sent something since the last time this was asked.
    fn sent(&self) -> Vec<(String, HeaderMap, String)> {
        std::mem::take(&mut *self.parcels.lock().unwrap())
    }
}

async fn app() -> (TestApp, Served) {
    let app = TestApp::start(vec![daily()], "2026-03-02T05:00:00Z").await;
    app.publish_article("Ferry sails").await;
    let served = serve(&app, Hub::Own).await;
    (app, served)
}

async fn serve(app: &TestApp, hub: Hub) -> Served {
    let served = app.serve().await;
    served.web.reload(Settings { hub, ..app.web_settings() });
    served
}

/// Does all that the hub has to do now.
async fn work(app: &TestApp, served: &Served) {
    let network = Network { trusted: vec![Ipv4Addr::LOCALHOST.into()], ..Network::default() };
    let work = HubWork::new(served.web.clone(), "https://news.example.org", network);
    for _ in 0..20 {
        if work.step(app.clock.now()).await.unwrap() == 0 {
            return;
        }
    }
    panic!("the hub does not come to an end");
}

#[tokio::test]
async fn a_subscriber_is_sent_each_change_signed_and_nothing_else() {
    let (app, served) = app().await;
    let subscribers = Subscribers::start().await;
    let form = subscribers.form("subscribe", "reader", "&hub.secret=tide");
    assert_eq!(served.post("/hub", &form).await.status, StatusCode::ACCEPTED);
    work(&app, &served).await;
    assert_eq!(subscribers.sent(), [], "it can fetch what there is");

    app.wait(Duration::from_mins(1)).await;
    app.publish_article("Bridge opens").await;
    work(&app, &served).await;
    work(&app, &served).await;
    let sent = subscribers.sent();
    let [(name, headers, body)] = &sent[..] else { panic!("one parcel: {sent:?}") };
    assert_eq!((name.as_str(), body.as_str()), ("reader", served.get("/feed.rss").await.text()));
    assert!(body.contains("Bridge opens"));
    assert_eq!(headers["x-hub-signature"], format!("sha256={}", signature("tide", body.as_bytes())));
    assert_eq!(headers["content-type"], "application/rss+xml; charset=utf-8");
    let link =
        "<https://news.example.org/hub>; rel=\"hub\", <https://news.example.org/feed.rss>; rel=\"self\"";
    assert_eq!(headers["link"], link);

    let form = subscribers.form("unsubscribe", "reader", "");
    assert_eq!(served.post("/hub", &form).await.status, StatusCode::ACCEPTED);
    work(&app, &served).await;
    app.publish_article("Market closes").await;
    work(&app, &served).await;
    assert_eq!(subscribers.sent(), []);
}

#[tokio::test]
async fn nobody_is_subscribed_who_does_not_say_so() {
    let (app, served) = app().await;
    let subscribers = Subscribers::start().await;
    for name in ["stranger", "liar", "down"] {
        served.post("/hub", &subscribers.form("subscribe", name, "")).await;
    }
    work(&app, &served).await;
    for _ in 0..3 {
        app.wait(Duration::from_hours(1)).await;
        work(&app, &served).await;
    }
    app.publish_article("Bridge opens").await;
    work(&app, &served).await;
    assert_eq!(subscribers.sent(), []);
    let asked = |name: &str| {
        let requests = subscribers.web.requests();
        requests.iter().filter(|(path, _)| path.starts_with(&format!("/{name}?"))).count()
    };
    assert_eq!((asked("stranger"), asked("liar"), asked("down")), (1, 1, 3));
}

#[tokio::test]
async fn a_subscription_outlives_a_restart_and_ends_with_its_lease() {
    let (app, served) = app().await;
    let subscribers = Subscribers::start().await;
    served.post("/hub", &subscribers.form("subscribe", "reader", "&hub.lease_seconds=86400")).await;
    work(&app, &served).await;
    served.stop().await;
    let app = app.restart_at("2026-03-02T09:00:00Z").await;
    let served = serve(&app, Hub::Own).await;
    app.publish_article("Bridge opens").await;
    work(&app, &served).await;
    assert_eq!(subscribers.sent().len(), 1, "it was not lost, nor sent twice");
    app.wait(Duration::from_hours(24)).await;
    app.publish_article("Market closes").await;
    work(&app, &served).await;
    assert_eq!(subscribers.sent(), []);
}

#[tokio::test]
async fn what_a_subscriber_does_not_take_is_sent_again_also_after_a_restart_and_in_its_newest_version() {
    let (app, served) = app().await;
    let subscribers = Subscribers::start().await;
    served.post("/hub", &subscribers.form("subscribe", "reader", "")).await;
    work(&app, &served).await;
    subscribers.answer(StatusCode::SERVICE_UNAVAILABLE);
    app.publish_article("Bridge opens").await;
    work(&app, &served).await;
    work(&app, &served).await;
    assert_eq!(subscribers.sent().len(), 1, "not again at once");

    served.stop().await;
    let app = app.restart_at("2026-03-02T05:10:00Z").await;
    let served = serve(&app, Hub::Own).await;
    app.publish_article("Market closes").await;
    subscribers.answer(StatusCode::NO_CONTENT);
    work(&app, &served).await;
    let sent = subscribers.sent();
    assert!(sent.len() == 1 && sent[0].2.contains("Market closes"), "{sent:?}");

    subscribers.answer(StatusCode::GONE);
    app.publish_article("Lamp burns").await;
    work(&app, &served).await;
    assert_eq!(subscribers.sent().len(), 1);
    subscribers.answer(StatusCode::OK);
    app.publish_article("Boat found").await;
    work(&app, &served).await;
    assert_eq!(subscribers.sent(), [], "it said that it is gone");
}

#[tokio::test]
async fn what_the_hub_cannot_do_is_refused_with_the_reason() {
    let (app, served) = app().await;
    let form = |mode: &str, topic: &str, callback: &str| {
        format!("hub.mode={mode}&hub.topic={topic}&hub.callback={callback}")
    };
    let own = "https://reader.example/hook";
    let long = format!("{}&hub.secret={}", form("subscribe", TOPIC, own), "a".repeat(200));
    for (body, word) in [
        (form("publish", TOPIC, own), "hub.mode"),
        (form("subscribe", "https://other.example/feed.rss", own), "hub.topic"),
        (form("subscribe", "https://news.example.org/feed.rss%3Fq=ferry", own), "hub.topic"),
        (form("subscribe", "https://news.example.org/feed/archive/1.rss", own), "hub.topic"),
        (form("subscribe", TOPIC, "ftp://reader.example/"), "hub.callback"),
        (form("subscribe", TOPIC, "https://ada:pass@reader.example/"), "hub.callback"),
        (form("subscribe", TOPIC, "https://reader.example/%23top"), "hub.callback"),
        (long, "hub.secret"),
    ] {
        let answer = served.post("/hub", &body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
        assert!(answer.text().contains(word), "{}", answer.text());
    }
    let served = serve(&app, Hub::None).await;
    assert_eq!(served.post("/hub", &form("subscribe", TOPIC, own)).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_callback_in_a_private_network_is_never_spoken_to() {
    let (app, served) = app().await;
    let subscribers = Subscribers::start().await;
    served.post("/hub", &subscribers.form("subscribe", "reader", "")).await;
    let work = HubWork::new(served.web.clone(), "https://news.example.org", Network::default());
    assert_eq!(work.step(app.clock.now()).await.unwrap(), 1);
    app.wait(Duration::from_hours(1)).await;
    assert_eq!(work.step(app.clock.now()).await.unwrap(), 0, "it is not asked again");
    assert_eq!(subscribers.web.requests().len(), 0);
}

#[tokio::test]
async fn one_host_cannot_take_all_the_room() {
    let (app, served) = app().await;
    for number in 0..200 {
        let callback = format!("https://reader.example/{number}");
        let request = courant::store::NewHubRequest {
            topic: TOPIC,
            callback: &callback,
            host: "reader.example",
            mode: "subscribe",
            secret: None,
            lease_seconds: 300,
        };
        app.store.ask_hub(&request, app.clock.now()).await.unwrap();
    }
    let form = |host: &str| format!("hub.mode=subscribe&hub.topic={TOPIC}&hub.callback=https://{host}/more");
    assert_eq!(served.post("/hub", &form("reader.example")).await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(served.post("/hub", &form("other.example")).await.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn every_lasting_feed_names_the_hub_and_an_archive_does_not() {
    let (app, served) = app().await;
    for which in ["feed", "newsletters/daily/feed", "newsletters/daily/editions"] {
        for format in Format::ALL {
            let answer = served.get(&format!("/{which}.{}", format.extension())).await;
            assert!(answer.header("link").contains("<https://news.example.org/hub>; rel=\"hub\""), "{which}");
            assert_eq!(answer.text().matches("https://news.example.org/hub").count(), 1, "{}", answer.text());
            assert_eq!(check(&answer.bytes), []);
        }
    }
    for path in ["/feed.rss?q=ferry", "/feed/archive/1.rss"] {
        let answer = served.get(path).await;
        assert!(!answer.text().contains("example.org/hub"), "{path}");
        assert!(!answer.header("link").contains("rel=\"hub\""), "{path}");
    }
    let served = serve(&app, Hub::None).await;
    assert!(!served.get("/feed.rss").await.text().contains("hub"));
}

#[tokio::test]
async fn another_hub_is_told_of_each_feed_that_changed() {
    let (app, served) = app().await;
    served.stop().await;
    let subscribers = Subscribers::start().await;
    let hub = subscribers.web.url("/hub").parse().unwrap();
    let served = serve(&app, Hub::Outside(hub)).await;
    // It stands at a private address, which the operator wrote.
    let work = HubWork::new(served.web.clone(), "https://news.example.org", Network::default());
    while work.step(app.clock.now()).await.unwrap() > 0 {}
    assert_eq!(subscribers.sent().len(), 9, "three feeds in three formats, as they are");
    app.wait(Duration::from_mins(1)).await;
    app.publish_article("Bridge opens").await;
    while work.step(app.clock.now()).await.unwrap() > 0 {}
    let sent = subscribers.sent();
    assert_eq!(sent.len(), 6, "no edition has been published: {sent:?}");
    let expected = "hub.mode=publish&hub.url=https%3A%2F%2Fnews.example.org%2Ffeed.rss";
    assert!(sent.iter().any(|(_, _, body)| body.starts_with(expected)), "{sent:?}");
    assert!(
        served
            .get("/feed.atom")
            .await
            .text()
            .contains(&format!("<link rel=\"hub\" href=\"{}\"/>", subscribers.web.url("/hub")))
    );
}
