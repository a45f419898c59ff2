//! The way out: one click, at once, for ever; and nothing but a click leads there.

use courant::model::subscriber::{EmailAddress, SubscriptionState};
use courant::store::Store;
use reqwest::{Method, StatusCode};

use crate::support::app::{TestApp, daily, newsletter};
use crate::support::served::Answer;

async fn app() -> TestApp {
    let newsletters = vec![daily(), newsletter("weekly", "0 7 * * SUN", "Europe/Paris")];
    TestApp::start(newsletters, "2026-03-02T05:00:00Z").await
}

async fn deliveries(store: &Store, state: &str) -> i64 {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(store.path()).read_only(true);
    let mut connection = sqlx::ConnectOptions::connect(&options).await.unwrap();
    let count = sqlx::query_scalar("SELECT count(*) FROM delivery WHERE state = $1").bind(state);
    count.fetch_one(&mut connection).await.unwrap()
}

#[tokio::test]
async fn one_click_ends_the_subscription_also_for_what_is_queued() {
    let app = app().await;
    let served = app.serve().await;
    let (ada, ben) =
        (app.subscribe("ada@example.com", "daily").await, app.subscribe("ben@example.com", "daily").await);
    app.publish_article("The ferry sails again").await;
    app.advance_to("2026-03-02T06:30:00Z").await;
    assert_eq!(deliveries(&app.store, "queued").await, 2);
    let answer = served.post(&app.unsubscribe_path(ada, "daily").await, "List-Unsubscribe=One-Click").await;
    assert_eq!(answer.status, StatusCode::OK, "no redirect");
    assert_eq!(answer.header("set-cookie"), "");
    assert_eq!(app.state(ada, "daily").await, Some(SubscriptionState::Ended));
    assert_eq!(app.state(ben, "daily").await, Some(SubscriptionState::Active));
    assert_eq!((deliveries(&app.store, "queued").await, deliveries(&app.store, "cancelled").await), (1, 1));
    let ended = app.store.subscriptions(ada).await.unwrap()[0].ended_by.clone();
    assert_eq!(ended.as_deref(), Some("one_click"));
}

#[tokio::test]
async fn a_mail_program_may_post_a_form_of_several_parts() {
    let app = app().await;
    let served = app.serve().await;
    let ada = app.subscribe("ada@example.com", "daily").await;
    let body =
        "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";
    let request = served.request(Method::POST, &app.unsubscribe_path(ada, "daily").await);
    let request = request.header("content-type", "multipart/form-data; boundary=b").body(body);
    assert_eq!(Answer::read(request.send().await.unwrap()).await.status, StatusCode::OK);
    let subscription = app.store.subscriptions(ada).await.unwrap().remove(0);
    assert_eq!(
        (subscription.state, subscription.ended_by.as_deref()),
        (SubscriptionState::Ended, Some("one_click"))
    );
}

#[tokio::test]
async fn opening_the_link_changes_nothing_and_the_button_does() {
    let app = app().await;
    let served = app.serve().await;
    let ada = app.subscribe("ada@example.com", "daily").await;
    app.subscribe("ada@example.com", "weekly").await;
    let path = app.unsubscribe_path(ada, "daily").await;
    for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
        served.ask(method, &path, &[]).await;
    }
    let page = served.get(&path).await;
    assert!(page.text().contains("Unsubscribe from The daily Light?"), "{}", page.text());
    assert!(page.text().contains(&format!("<form method=\"post\" action=\"{path}\">")), "{}", page.text());
    assert!(!page.text().contains("example.com"), "who gets the mail passed on learns no address");
    assert_eq!(app.state(ada, "daily").await, Some(SubscriptionState::Active));
    let done = served.post(&path, "").await;
    assert!(done.text().contains("You are unsubscribed from The daily Light"), "{}", done.text());
    assert_eq!(app.state(ada, "daily").await, Some(SubscriptionState::Ended));
    assert_eq!(app.state(ada, "weekly").await, Some(SubscriptionState::Active), "only what was asked for");
}

#[tokio::test]
async fn the_link_works_any_number_of_times_and_for_ever() {
    let app = app().await;
    let ada = app.subscribe("ada@example.com", "daily").await;
    let path = app.unsubscribe_path(ada, "daily").await;
    let app = app.restart_at("2036-03-02T05:00:00Z").await;
    let served = app.serve().await;
    for _ in 0..3 {
        assert_eq!(served.post(&path, "List-Unsubscribe=One-Click").await.status, StatusCode::OK);
    }
    let address: EmailAddress = "ada@example.com".parse().unwrap();
    app.store.forget(&address, app.clock.now()).await.unwrap();
    assert_eq!(served.post(&path, "").await.status, StatusCode::OK, "also for who was forgotten");
    app.configure(|settings| settings.newsletters.clear());
    served.web.reload(app.web_settings());
    assert_eq!(served.get(&path).await.status, StatusCode::OK, "also for a newsletter that is no more");
}

#[tokio::test]
async fn a_made_up_link_ends_nothing() {
    let app = app().await;
    let served = app.serve().await;
    let ada = app.subscribe("ada@example.com", "daily").await;
    let path = app.unsubscribe_path(ada, "daily").await;
    for index in "/unsubscribe/".len()..path.len() {
        let other = if path.as_bytes()[index] == b'a' { "b" } else { "a" };
        let mut altered = path.clone();
        altered.replace_range(index..=index, other);
        assert_eq!(served.post(&altered, "").await.status, StatusCode::NOT_FOUND, "{index}");
    }
    for odd in ["/unsubscribe/", "/unsubscribe/%00", &format!("{path}a"), &path[..path.len() - 1]] {
        assert_eq!(served.post(odd, "").await.status, StatusCode::NOT_FOUND, "{odd}");
    }
    assert_eq!(app.state(ada, "daily").await, Some(SubscriptionState::Active));
    assert_eq!(
        served.post(&path.to_uppercase().replace("/UNSUBSCRIBE/", "/unsubscribe/"), "").await.status,
        StatusCode::OK,
        "a mail program changed its case"
    );
}
