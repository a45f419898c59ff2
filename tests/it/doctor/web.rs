//! Our own pages, as the doctor reaches them.

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;

use super::House;
use crate::support::app::{TestApp, daily};

/// A web server that is not Courant.
async fn stranger(router: Router) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    TaskTracker::new().spawn(async move { axum::serve(listener, router).await });
    port
}

async fn at_port(port: u16) -> super::Said {
    let mut house = Box::pin(House::new()).await;
    let own = house.served.port();
    house.configure(&format!("harbour.test:{own}"), &format!("harbour.test:{port}"));
    Box::pin(house.examine()).await
}

#[tokio::test]
async fn a_web_server_that_answers_in_courant_s_place_is_not_taken_for_it() {
    let router = Router::new().fallback(async || (StatusCode::NOT_FOUND, "<h1>Not found</h1>"));
    let said = at_port(stranger(router).await).await;
    let (light, message, _) = said.advice("base_url");
    assert!(light == "red" && message.contains("something else than Courant answers"), "{message}");
    let (light, message, _) = said.advice("one-click");
    assert!(light == "red" && message.contains("something else answers (404)"), "{message}");
}

#[tokio::test]
async fn a_proxy_that_hands_on_only_some_of_the_pages_is_found_out() {
    let router = Router::new().route("/health", get(async || "live\n"));
    let said = at_port(stranger(router).await).await;
    assert!(said.about("base_url")[0].starts_with("green"));
    let (light, message, _) = said.advice("one-click");
    assert!(light == "red" && message.contains("does not reach Courant"), "{message}");
}

#[tokio::test]
async fn another_installation_is_not_taken_for_this_one() {
    let other = TestApp::start(vec![daily()], "2026-03-02T05:00:00Z").await;
    let served = other.serve().await;
    let said = at_port(served.port()).await;
    let (light, message, _) = said.advice("one-click");
    assert!(light == "red" && message.contains("another installation of Courant"), "{message}");
}

#[tokio::test]
async fn pages_that_nobody_serves_or_that_are_elsewhere_are_red() {
    let (light, message, _) = at_port(1).await.advice("base_url");
    assert!(light == "red" && message.contains("could not be connected to"), "{message}");
    let house = House::new().await;
    house.names.replace("news.harbour.test A !SERVFAIL");
    let (light, message, _) = house.examine().await.advice("base_url");
    assert!(light == "red" && message.contains("news.harbour.test"), "{message}");
}

#[tokio::test]
async fn nobody_is_unsubscribed_by_being_looked_at() {
    let house = House::new().await;
    let ada = house.app.subscribe("ada@example.org", "daily").await;
    house.examine().await;
    let state = house.app.state(ada, "daily").await;
    assert_eq!(state, Some(courant::model::subscriber::SubscriptionState::Active));
}
