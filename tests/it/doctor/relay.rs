//! The relay, as the doctor sees it.

use std::sync::Arc;

use courant::mail::inbox::Behaviour;
use courant::mail::inbox::habit::{Act, Stage};

use super::House;

#[tokio::test]
async fn a_relay_that_is_not_there_is_red() {
    let mut house = House::new().await;
    let port = house.inbox.address().port();
    house.configure(&format!("smtp://127.0.0.1:{port}"), "smtp://127.0.0.1:1");
    let said = house.examine().await;
    let (light, message, _) = said.advice("connection");
    assert!(light == "red" && message.contains("127.0.0.1, port 1: cannot connect"), "{message}");
}

#[tokio::test]
async fn of_several_relays_one_that_is_not_there_is_yellow_while_another_takes_mail() {
    let mut house = House::new().await;
    let working = format!("relay.url = 'smtp://127.0.0.1:{}'", house.inbox.address().port());
    let relays = |urls: &[&str]| {
        let tables: Vec<String> = urls.iter().map(|url| format!("{{ url = '{url}' }}")).collect();
        format!("relay = [{}]", tables.join(", "))
    };
    let alive = format!("smtp://127.0.0.1:{}", house.inbox.address().port());
    let one_dead = relays(&[&alive, "smtp://127.0.0.1:1"]);
    house.configure(&working, &one_dead);
    let said = house.examine().await;
    let told = said.about("connection");
    assert!(told[0].starts_with("green: 127.0.0.1:") && !said.is_red, "{told:?}");
    assert!(told[1].starts_with("yellow: 127.0.0.1:1: ") && told[1].contains("cannot connect"), "{told:?}");
    house.configure(&one_dead, &relays(&["smtp://127.0.0.1:1", "smtp://127.0.0.1:2"]));
    let said = house.examine().await;
    let told = said.about("connection");
    assert!(said.is_red && told.iter().all(|told| told.starts_with("red: ")), "{told:?}");
}

#[tokio::test]
async fn the_relay_s_name_is_asked_of_the_resolver_that_was_named() {
    let mut house = House::new().await;
    house.configure("smtp://127.0.0.1:", "smtp://relay.harbour.test:");
    let port = house.inbox.address().port();
    house.configure(&format!(":{port}'"), &format!(":{port}?tls=none'"));
    let said = house.examine().await;
    assert_eq!(
        said.about("connection"),
        [format!("green: relay.harbour.test, port {port} takes connections")]
    );
    assert_eq!(said.advice("TLS").0, "yellow");
    assert!(house.names.asked().contains(&"A relay.harbour.test".to_owned()));
    house.names.replace("relay.harbour.test A !SERVFAIL");
    let (light, message, _) = house.examine().await.advice("connection");
    assert!(light == "red" && message.contains("relay.harbour.test is nowhere"), "{message}");
}

#[tokio::test]
async fn what_the_relay_offers_is_judged() {
    let behaviour =
        Behaviour { pipelining: false, smtputf8: false, max_size: 100_000, ..Behaviour::default() };
    let said = House::with_relay(behaviour).await.examine().await;
    assert_eq!(said.advice("PIPELINING").0, "yellow");
    assert_eq!(said.advice("SMTPUTF8").0, "yellow");
    let (light, message, _) = said.advice("size");
    assert!(light == "red" && message.contains("the relay takes 100000 octets"), "{message}");
}

#[tokio::test]
async fn a_login_that_is_refused_is_red_in_the_relay_s_words_and_shows_no_password() {
    let login = Some(("press".to_owned(), "right".to_owned()));
    let mut house = House::with_relay(Behaviour { login, ..Behaviour::default() }).await;
    house.configure("smtp://127.0.0.1:", "smtp://press:hunter2@127.0.0.1:");
    let (failed, printed) = house.print(&[]).await;
    assert!(failed && printed.contains("  red     login: 127.0.0.1, port "), "{printed}");
    assert!(printed.contains(": 535 ") && !printed.contains("hunter2"), "{printed}");
    house.configure("press:hunter2@", "press:right@");
    assert_eq!(house.examine().await.about("login"), ["green: the relay takes user and password"]);
}

#[tokio::test]
async fn a_relay_without_the_encryption_that_is_required_is_red() {
    let mut house = House::new().await;
    house.configure("smtp://127.0.0.1:", "smtp://relay.harbour.test:");
    let said = house.examine().await;
    let (light, message, _) = said.advice("TLS");
    assert!(light == "red" && message.contains("does not offer STARTTLS"), "{message}");
}

#[tokio::test]
async fn what_greets_with_no_is_red() {
    let hook = |stage, _: &str| (stage == Stage::Greeting).then_some(Act::Farewell("554 5.7.1 Not you"));
    let said = House::with_relay(Behaviour { hook: Some(Arc::new(hook)), ..Behaviour::default() })
        .await
        .examine()
        .await;
    let (light, message, _) = said.advice("greeting");
    assert!(light == "red" && message.contains("554 5.7.1 Not you"), "{message}");
}
