//! The machine: its disk, its clock, its database, as the doctor sees them.

use std::fs;

use courant::model::time::Clock;

use super::{House, text};
use crate::support::app::at;

#[tokio::test]
async fn a_database_that_is_not_there_yet_is_no_fault() {
    let mut house = House::new().await;
    let database = house.app.database().display().to_string();
    house.configure(&database, &house.folder.path().join("new.db").display().to_string());
    let said = house.examine().await;
    assert_eq!(said.advice("contents").0, "yellow");
    assert!(!house.folder.path().join("new.db").exists());
}

#[tokio::test]
async fn a_database_that_is_none_is_red() {
    let mut house = House::new().await;
    let path = house.folder.path().join("other.db");
    fs::write(&path, "this is a letter and not a database, however long it may be").unwrap();
    let database = house.app.database().display().to_string();
    house.configure(&database, &path.display().to_string());
    let said = house.examine().await;
    assert_eq!(said.advice("contents").0, "red");
}

#[tokio::test]
async fn a_database_with_a_broken_rule_is_red_and_says_which() {
    let house = House::new().await;
    house.app.subscribe("ada@example.org", "daily").await;
    house.app.publish_article("Bridge").await;
    house.app.publish_now("daily").await;
    house.app.execute("UPDATE edition SET audience = 7").await;
    let said = house.examine().await;
    let (light, message, _) = said.advice("contents");
    assert!(light == "red" && message.contains("went to 7 subscribers"), "{message}");
}

#[tokio::test]
async fn a_clock_that_is_held_suspect_is_red() {
    let house = House::new().await;
    house.app.store.record_clock_suspicion(Some("it jumped by a year")).await.unwrap();
    let said = house.examine().await;
    let fault = said.fault("time");
    assert!(text(&fault["message"]).contains("it jumped by a year"), "{fault}");
    assert!(text(&fault["remedy"]).contains("courant clock confirm"), "{fault}");
}

#[tokio::test]
async fn a_clock_that_shows_less_than_it_did_is_red() {
    let house = House::new().await;
    let later = Clock::System.now() + std::time::Duration::from_hours(1);
    house.app.store.record_last_seen(later.max(at("2026-01-01T00:00:00Z"))).await.unwrap();
    let said = house.examine().await;
    let (light, message, _) = said.advice("time");
    assert!(light == "red" && message.contains("has shown"), "{message}");
}
