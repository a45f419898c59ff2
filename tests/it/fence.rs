//! The fence: of all who have held an attempt, only the one who holds it now may go on with it.

use courant::model::delivery::DeliveryState::*;
use courant::model::delivery::UncertainPolicy;
use courant::model::provider::ProviderId;
use courant::store::{Attempt, Exchange, Store};

use crate::deliveries::{Desk, NOW};

/// The disk fills up between the two transactions of an exchange, and the sender claims again what the first one gave back.
#[tokio::test]
async fn i5_an_exchange_that_is_repeated_takes_nothing_from_who_claimed_it_meanwhile() {
    let desk = Desk::new(2).await;
    let attempts = desk.claim(2).await;
    desk.store.end_subscription(attempts[1].key.subscriber, desk.newsletter, "a test", NOW).await.unwrap();
    let full = "CREATE TRIGGER full BEFORE UPDATE ON delivery WHEN new.state = 'cancelled'
        BEGIN SELECT raise(ROLLBACK, 'disk full'); END";
    desk.execute(full).await;
    let (released, marked) = (attempts[..1].to_vec(), attempts[1..].to_vec());
    let mut exchange = Exchange { released, marked, ..Exchange::default() };
    assert!(desk.store.exchange(&mut exchange, NOW).await.is_err());
    let claimed = desk.claim(1).await[0];
    desk.execute("DROP TRIGGER full").await;
    assert!(desk.store.exchange(&mut exchange, NOW).await.unwrap().is_empty());
    assert_eq!((desk.state_of(claimed).await, desk.state_of(attempts[1]).await), (Leased, Cancelled));
}

#[tokio::test]
async fn i5_a_late_worker_neither_marks_nor_settles() {
    let desk = Desk::new(1).await;
    let old = desk.claim(1).await[0];
    let desk = desk.restarted(UncertainPolicy::Retry).await;
    let new = desk.claim(1).await[0];
    let late = Attempt { number: old.number + 1, ..old };
    assert_eq!(desk.mark(&[late]).await, 0);
    desk.settle(late, Failed, false).await;
    assert_eq!(desk.state_of(new).await, Leased);
    assert_eq!(desk.mark(&[new]).await, 1);
}

#[tokio::test]
async fn i5_the_number_of_an_attempt_whose_worker_is_lost_is_not_used_again() {
    let desk = Desk::new(1).await;
    let lost = desk.claim(1).await[0];
    desk.execute("UPDATE delivery SET lease_until = 0").await;
    desk.store.recover_deliveries(|_| UncertainPolicy::Retry, NOW).await.unwrap();
    let new = desk.claim(1).await[0];
    assert_ne!(lost.number, new.number);
    assert_eq!((desk.mark(&[lost]).await, desk.mark(&[new]).await), (0, 1));
}

/// The lock file was removed, or the disk is no good at locks: two daemons run on one database.
#[tokio::test]
async fn i5_a_daemon_that_another_one_has_replaced_claims_nothing_and_takes_nothing_back() {
    let old = Desk::new(1).await;
    let before = old.claim(1).await[0];
    std::fs::remove_file(old.path.with_file_name("courant.db.lock")).unwrap();
    let new = Store::open_as_daemon(&old.path, NOW).await.unwrap();
    new.recover_deliveries(|_| UncertainPolicy::Retry, NOW).await.unwrap();
    assert_eq!(old.claim(1).await, []);
    let now = new.claim_deliveries((old.edition, ProviderId::NONE), 1, NOW).await.unwrap()[0].attempt;
    old.store.recover_deliveries(|_| UncertainPolicy::Retry, NOW).await.unwrap();
    assert_eq!((old.mark(&[before]).await, old.state_of(now).await), (0, Leased));
}
