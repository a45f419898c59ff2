//! Pictures that are not kept, and why.

use std::time::Duration;

use axum::http::StatusCode;
use courant::model::newsletter::Newsletter;

use super::drawing::{bomb, jpeg, photograph};
use super::{Desk, desk, desk_of, media};
use crate::support::app::{daily, newsletter};

#[tokio::test]
async fn what_is_no_picture_is_given_up_and_the_operator_can_see_why() {
    let desk = desk().await;
    let whole = jpeg(&photograph(600, 400), 1);
    desk.put("cut.jpg", "image/jpeg", whole[..whole.len() / 2].to_vec());
    desk.put("bomb.png", "image/png", bomb());
    desk.put("page.jpg", "image/jpeg", b"<!doctype html><title>Log in</title>".to_vec());
    desk.put(
        "drawing.svg",
        "image/svg+xml",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>".to_vec(),
    );
    desk.put("hidden.jpg", "image/jpeg", whole.clone());
    desk.put("good.jpg", "image/jpeg", whole);
    let names = ["cut.jpg", "bomb.png", "page.jpg", "drawing.svg", "hidden.jpg", "good.jpg"];
    let own = desk.publish("The ferry sails again", &names).await;
    desk.keep().await;
    let told: Vec<_> =
        desk.standing(&own).await.into_iter().map(|own| (own.state, own.error.unwrap_or_default())).collect();
    let server = desk.web.address;
    let expected = [
        ("failed", "it is cut off or damaged".to_owned()),
        ("failed", "it has 60000 × 60000 pixels, which is too many".to_owned()),
        ("failed", "it is no JPEG, PNG, GIF or WebP".to_owned()),
        ("failed", "it is no JPEG, PNG, GIF or WebP".to_owned()),
        ("failed", format!("robots.txt of {server} does not want programs there")),
        ("kept", String::new()),
    ];
    assert_eq!(told, expected.map(|(state, why)| (state.to_owned(), why)));
    assert_eq!(desk.asked(), ["cut.jpg", "bomb.png", "page.jpg", "drawing.svg", "good.jpg"], "each once");
    let served = desk.app.serve().await;
    let page = served.get("/articles/the-ferry-sails-again").await.text().to_owned();
    assert_eq!(media(&page).len(), 1);
    assert!(page.contains(&desk.url("drawing.svg")), "the others are shown where they are");
    let metrics = served.get("/metrics").await.text().to_owned();
    assert!(
        metrics.contains("courant_pictures{state=\"failed\"} 5")
            && metrics.contains("courant_picture_bytes ")
    );
}

#[tokio::test]
async fn a_server_that_is_down_is_asked_again_a_few_times_and_then_no_more() {
    let desk = desk().await;
    let own = desk.publish("The ferry sails again", &["quay.jpg"]).await;
    desk.files
        .lock()
        .unwrap()
        .insert("quay.jpg", (StatusCode::SERVICE_UNAVAILABLE, "text/plain", Vec::new()));
    desk.keep().await;
    assert_eq!((desk.asked().len(), desk.states(&own).await), (1, vec!["due".to_owned()]));
    for hours in [1, 2, 7, 25, 25, 48, 96] {
        desk.app.clock.advance_to(desk.app.clock.now() + Duration::from_hours(hours));
        desk.keep().await;
    }
    assert_eq!((desk.asked().len(), desk.states(&own).await), (5, vec!["failed".to_owned()]));
}

#[tokio::test]
async fn a_server_that_comes_back_is_asked_again() {
    let desk = desk().await;
    let own = desk.publish("The ferry sails again", &["quay.jpg"]).await;
    desk.keep().await;
    assert_eq!(desk.states(&own).await, ["due"]);
    desk.put("quay.jpg", "image/jpeg", jpeg(&photograph(600, 400), 1));
    desk.app.clock.advance_to(desk.app.clock.now() + Duration::from_mins(10));
    desk.keep().await;
    assert_eq!(desk.states(&own).await, ["kept"]);
}

/// A newsletter for everybody, and one for its readers alone.
fn newsletters() -> Vec<Newsletter> {
    let mut open = daily();
    open.choice.sources = vec!["cms".to_owned()];
    let mut closed = Newsletter { is_private: true, ..newsletter("insiders", "0 7 * * *", "Europe/Paris") };
    closed.choice.sources = vec!["backroom".to_owned()];
    vec![open, closed]
}

async fn kept(desk: &Desk) -> Vec<String> {
    desk.keep().await;
    desk.asked()
}

#[tokio::test]
async fn pictures_that_only_readers_of_a_private_newsletter_see_are_left_where_they_are() {
    let desk = desk_of(newsletters()).await;
    desk.put("quay.jpg", "image/jpeg", jpeg(&photograph(600, 400), 1));
    desk.put("vault.jpg", "image/jpeg", jpeg(&photograph(400, 600), 1));
    let secret = desk.publish_from("backroom", "A lamp in the vault", &["vault.jpg"]).await;
    desk.publish("The ferry sails again", &["quay.jpg"]).await;
    assert_eq!(kept(&desk).await, ["quay.jpg"]);
    assert!(desk.standing(&secret).await.is_empty());
    desk.app.configure(|settings| settings.newsletters[1].is_private = false);
    assert_eq!(kept(&desk).await, ["quay.jpg", "vault.jpg"], "once everybody may see it");
    let own = desk.app.store.find_article(secret.id).await.unwrap().unwrap();
    let hash = own.pictures.0[0].renditions[0].hash.clone();
    desk.app.configure(|settings| settings.newsletters[1].is_private = true);
    desk.app.clock.advance_to(desk.app.clock.now() + Duration::from_mins(11));
    desk.keep().await;
    assert!(!desk.names().iter().any(|name| name.starts_with(&hash)), "and not once nobody may");
}

#[tokio::test]
async fn an_address_of_this_machine_is_not_asked_for_what_an_article_wants() {
    let desk = desk().await;
    let image = Some(courant::model::article::Image {
        url: "http://127.0.0.2:1/a.jpg".to_owned(),
        ..Default::default()
    });
    let content =
        courant::model::article::Content { image, ..crate::support::article::article(1, "A trap").content };
    let now = desk.app.clock.now();
    let content = courant::model::article::Content { published_at: Some(now), ..content };
    desk.app.store.save_articles("cms", &[("trap".to_owned(), content)], now).await.unwrap();
    desk.keep().await;
    let own = desk.app.store.find_article_of_source("cms", "trap").await.unwrap().unwrap();
    let standing = desk.standing(&own).await.remove(0);
    assert_eq!(standing.state, "failed");
    assert!(standing.error.unwrap().contains("a private address: refused"));
}
