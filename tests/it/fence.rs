//! The fence: of all who have held an attempt, only the one who holds it now may go on with it.

use std::collections::HashSet;

use courant::model::delivery::DeliveryState::*;
use courant::model::delivery::UncertainPolicy;
use courant::model::edition::EditionState;
use courant::model::provider::ProviderId;
use courant::store::{Attempt, Exchange, Snapshot, Store};

use crate::deliveries::{Desk, NOW, hard_bounce};

/// No marker is set a second time.
const NEVER_TWICE: &str =
    "CREATE TRIGGER once BEFORE UPDATE ON delivery WHEN old.state = 'sending' AND new.state = 'sending'
    BEGIN SELECT raise(ROLLBACK, 'marked twice'); END";

/// Has these marked ahead of their turn; returns them as the sender hands them in when it comes.
async fn mark_ahead(desk: &Desk, marked: &[Attempt]) -> Vec<(Attempt, Snapshot)> {
    let mut exchange = Exchange { marked: marked.to_vec(), is_ahead: true, ..Exchange::default() };
    let granted = desk.store.exchange(&mut exchange, NOW).await.unwrap();
    assert_eq!(granted.attempts.len(), marked.len());
    let snapshot = granted.snapshot.unwrap();
    marked.iter().map(|attempt| (*attempt, snapshot)).collect()
}

async fn check(desk: &Desk, in_turn: &[(Attempt, Snapshot)]) -> HashSet<Attempt> {
    let mut exchange = Exchange { in_turn: in_turn.to_vec(), ..Exchange::default() };
    desk.store.exchange(&mut exchange, NOW).await.unwrap().attempts
}

#[tokio::test]
async fn what_is_marked_together_is_written_once_each() {
    let desk = Desk::new(3).await;
    let attempts = desk.claim(3).await;
    desk.execute(NEVER_TWICE).await;
    assert_eq!(mark_ahead(&desk, &attempts).await.len(), 3);
}

#[tokio::test]
async fn i4_what_was_marked_ahead_is_written_again_only_where_something_has_changed_since() {
    let desk = Desk::new(2).await;
    let attempts = desk.claim(2).await;
    desk.execute(NEVER_TWICE).await;
    let ahead = mark_ahead(&desk, &attempts).await;
    desk.settle(attempts[0], Sent, false).await;
    assert_eq!(check(&desk, &ahead[1..]).await.len(), 1);
    desk.execute("UPDATE subscriber SET name = 'Ada'").await;
    let mut exchange = Exchange { in_turn: ahead[1..].to_vec(), ..Exchange::default() };
    assert!(desk.store.exchange(&mut exchange, NOW).await.is_err());
    desk.execute("DROP TRIGGER once").await;
    assert_eq!(check(&desk, &ahead[1..]).await.len(), 1);
}

#[tokio::test]
async fn i4_who_leaves_after_the_marker_that_was_set_ahead_is_found_when_its_turn_comes() {
    let desk = Desk::new(3).await;
    let attempts = desk.claim(3).await;
    let ahead = mark_ahead(&desk, &attempts).await;
    desk.store.end_subscription(attempts[0].key.subscriber, desk.newsletter, "a test", NOW).await.unwrap();
    assert_eq!(check(&desk, &ahead[..2]).await, HashSet::from([attempts[1]]));
    desk.store.set_edition_state(desk.edition, EditionState::Paused, "a test").await.unwrap();
    assert_eq!(check(&desk, &ahead[1..]).await, HashSet::new());
}

#[tokio::test]
async fn i4_a_report_of_the_same_write_is_found_when_the_turn_of_a_marker_comes() {
    let desk = Desk::new(2).await;
    let attempts = desk.claim(2).await;
    let ahead = mark_ahead(&desk, &attempts).await;
    let reports = vec![hard_bounce(attempts[0])];
    let mut exchange = Exchange { reports, in_turn: ahead.clone(), ..Exchange::default() };
    let granted = desk.store.exchange(&mut exchange, NOW).await.unwrap();
    assert_eq!(granted.attempts, HashSet::from([attempts[1]]));
    assert_ne!(granted.snapshot, Some(ahead[1].1));
}

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
    assert!(desk.store.exchange(&mut exchange, NOW).await.unwrap().attempts.is_empty());
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
