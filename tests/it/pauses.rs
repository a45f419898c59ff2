//! Pauses: what is not sent, whenever it would be. The rule is in `docs/delivery.md`.

use std::time::Duration;

use courant::model::delivery::DeliveryState::{Cancelled, Sending};
use courant::model::subscriber::SubscriberId;

use crate::deliveries::{Desk, NOW};

#[tokio::test]
async fn i4_a_marker_is_refused_once_the_reader_has_paused() {
    let desk = Desk::new(3).await;
    let attempts = desk.claim(2).await;
    assert_eq!(desk.mark(&attempts[..1]).await, 1);
    let until = NOW + Duration::from_hours(48);
    for reader in (1..=3).map(SubscriberId) {
        desk.store.pause_subscriptions(reader, &[(desk.newsletter, until)], "a test", NOW).await.unwrap();
    }
    assert_eq!(desk.mark(&attempts).await, 0, "neither the one that was marked ahead nor the other");
    let counts = desk.store.delivery_counts(desk.edition).await.unwrap();
    assert_eq!((counts.cancelled, counts.total()), (3, 3));
}

#[tokio::test]
async fn i4_a_pause_that_is_over_refuses_the_editions_of_its_days_and_no_other() {
    let desk = Desk::new(2).await;
    let attempts = desk.claim(2).await;
    for (reader, until) in [(attempts[0], NOW), (attempts[1], NOW + Duration::from_secs(1))] {
        let pause = [(desk.newsletter, until)];
        desk.store.pause_subscriptions(reader.key.subscriber, &pause, "a test", NOW).await.unwrap();
    }
    desk.mark(&attempts).await;
    assert_eq!(desk.state_of(attempts[0]).await, Sending, "its tick is when the pause ends");
    assert_eq!(desk.state_of(attempts[1]).await, Cancelled);
}
