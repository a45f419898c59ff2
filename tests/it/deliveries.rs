//! Deliveries in the store: who may claim, mark and settle them, and what a crash leaves.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use courant::model::delivery::DeliveryState::{self, *};
use courant::model::delivery::UncertainPolicy;
use courant::model::edition::{EditionId, EditionState};
use courant::model::newsletter::{Choice, NewsletterId, Overflow};
use courant::model::provider::ProviderId;
use courant::model::report::ReportKind;
use courant::model::subscriber::{EmailAddress, SubscriberId};
use courant::model::suppression::SuppressionReason;
use courant::model::time::Timestamp;
use courant::store::{Attempt, Claim, Exchange, NewEdition, NewReport, Settlement, Store};
use proptest::prelude::*;
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;

use crate::support::article;

pub(crate) const NOW: Timestamp = Timestamp::from_unix(1_772_434_800);

/// One edition to some subscribers, and the store that holds it.
pub(crate) struct Desk {
    pub(crate) store: Store,
    pub(crate) edition: EditionId,
    pub(crate) newsletter: NewsletterId,
    pub(crate) path: PathBuf,
    directory: TempDir,
}

impl Desk {
    pub(crate) async fn new(audience: usize) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("courant.db");
        let store = Store::open_as_daemon(&path, NOW).await.unwrap();
        store.register_newsletters(&[("daily", "0 7 * * *")], NOW).await.unwrap();
        let newsletter = store.find_newsletter("daily").await.unwrap().unwrap().id;
        for number in 0..audience {
            let address = address(number);
            store.add_subscription((&address, None), newsletter, "a test", NOW).await.unwrap();
        }
        let edition = publish(&store).await;
        Self { store, edition, newsletter, path, directory }
    }

    /// The same after the process has died and another has been started.
    pub(crate) async fn restarted(self, policy: UncertainPolicy) -> Self {
        self.store.close().await;
        let Self { edition, newsletter, path, directory, store } = self;
        drop(store);
        let store = Store::open_as_daemon(&path, NOW).await.unwrap();
        store.recover_deliveries(|_| policy, NOW).await.unwrap();
        Self { store, edition, newsletter, path, directory }
    }

    pub(crate) async fn claim(&self, limit: usize) -> Vec<Attempt> {
        let claims = self.store.claim_deliveries((self.edition, ProviderId::NONE), limit, NOW).await.unwrap();
        claims.iter().map(|claim: &Claim| claim.attempt).collect()
    }

    pub(crate) async fn mark(&self, marked: &[Attempt]) -> usize {
        let mut exchange = Exchange { marked: marked.to_vec(), ..Exchange::default() };
        self.store.exchange(&mut exchange, NOW).await.unwrap().attempts.len()
    }

    pub(crate) async fn settle(&self, attempt: Attempt, state: DeliveryState, is_uncertain: bool) {
        let reply = Some("said the relay".to_owned());
        let settlement = Settlement { attempt, state, due_at: NOW, is_uncertain, reply };
        let mut exchange = Exchange { settled: vec![settlement], ..Exchange::default() };
        self.store.exchange(&mut exchange, NOW).await.unwrap();
    }

    async fn release(&self, released: &[Attempt]) {
        let mut exchange = Exchange { released: released.to_vec(), ..Exchange::default() };
        self.store.exchange(&mut exchange, NOW).await.unwrap();
    }

    /// Does to the database what no command does.
    pub(crate) async fn execute(&self, statement: &'static str) {
        let mut connection =
            SqliteConnection::connect(&format!("sqlite:{}", self.path.display())).await.unwrap();
        sqlx::query(statement).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    async fn states(&self) -> HashMap<SubscriberId, DeliveryState> {
        let mut connection =
            SqliteConnection::connect(&format!("sqlite:{}", self.path.display())).await.unwrap();
        let rows: Vec<(SubscriberId, DeliveryState)> =
            sqlx::query_as("SELECT subscriber_id, state FROM delivery")
                .fetch_all(&mut connection)
                .await
                .unwrap();
        connection.close().await.unwrap();
        rows.into_iter().collect()
    }

    pub(crate) async fn state_of(&self, attempt: Attempt) -> DeliveryState {
        self.states().await[&attempt.key.subscriber]
    }
}

/// A report that the address of this attempt does not exist.
pub(crate) fn hard_bounce(attempt: Attempt) -> NewReport {
    NewReport {
        fingerprint: b"a report".to_vec(),
        delivery: attempt.key,
        kind: ReportKind::HardBounce,
        reason: "user_unknown".to_owned(),
        status: None,
        diagnostic: None,
    }
}

fn address(number: usize) -> EmailAddress {
    format!("reader{number}@example.org").parse().unwrap()
}

pub(crate) async fn publish(store: &Store) -> EditionId {
    let content = article::article(1, "Bridge reopens").content;
    store.save_articles("cms", &[("1".to_owned(), content)], NOW).await.unwrap();
    let standing = store.find_newsletter("daily").await.unwrap().unwrap();
    let candidates = store.candidates(standing, &Choice::default(), 20).await.unwrap();
    let edition = NewEdition {
        articles: &candidates.articles,
        tick: NOW,
        subject: "Bridge reopens",
        preheader: "",
        html: "<p></p>",
        text: "",
        detail: "",
        over: std::time::Duration::ZERO,
        waves: &[],
    };
    store.publish((&candidates, Overflow::Next), &edition, NOW).await.unwrap().unwrap().id
}

#[tokio::test]
async fn a_delivery_is_claimed_by_one() {
    let desk = Desk::new(5).await;
    let (first, second) = (desk.claim(3).await, desk.claim(3).await);
    assert_eq!((first.len(), second.len()), (3, 2));
    assert!(first.iter().all(|attempt| !second.contains(attempt)));
    assert!(desk.claim(3).await.is_empty());
    assert!(desk.store.waiting_editions(NOW).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_put_off_for_its_provider_waits_until_then_and_counts_as_no_attempt() {
    let desk = Desk::new(2).await;
    let attempts = desk.claim(2).await;
    desk.mark(&attempts[..1]).await;
    let later = NOW + std::time::Duration::from_mins(5);
    let postponed = attempts.iter().map(|attempt| (*attempt, later)).collect();
    let mut exchange = Exchange { postponed, ..Exchange::default() };
    desk.store.exchange(&mut exchange, NOW).await.unwrap();
    assert_eq!(desk.state_of(attempts[0]).await, Queued);
    assert!(desk.claim(2).await.is_empty());
    let claims = desk.store.claim_deliveries((desk.edition, ProviderId::NONE), 2, later).await.unwrap();
    assert!(claims.len() == 2 && claims.iter().all(|claim| claim.attempt.number == 1));
}

#[tokio::test]
async fn i4_a_marker_is_refused_once_the_reader_has_left() {
    let desk = Desk::new(3).await;
    let attempts = desk.claim(3).await;
    desk.store.end_subscription(attempts[0].key.subscriber, desk.newsletter, "a test", NOW).await.unwrap();
    let suppressed = desk.store.find_subscriber_by_id(attempts[1].key.subscriber).await.unwrap().unwrap();
    desk.store.suppress(&suppressed.address, SuppressionReason::Complaint, None, NOW).await.unwrap();
    assert_eq!(desk.mark(&attempts).await, 1);
    let states = [
        desk.state_of(attempts[0]).await,
        desk.state_of(attempts[1]).await,
        desk.state_of(attempts[2]).await,
    ];
    assert_eq!(states, [Cancelled, Cancelled, Sending]);
}

#[tokio::test]
async fn i4_an_attempt_that_is_marked_is_checked_again_before_its_dot() {
    let desk = Desk::new(2).await;
    let attempts = desk.claim(2).await;
    assert_eq!(desk.mark(&attempts).await, 2);
    desk.store.set_edition_state(desk.edition, EditionState::Paused, "a test").await.unwrap();
    assert_eq!(desk.mark(&attempts[..1]).await, 0);
    assert_eq!(desk.state_of(attempts[0]).await, Queued);
    assert!(desk.claim(2).await.is_empty() && desk.store.waiting_editions(NOW).await.unwrap().is_empty());
    desk.store.set_edition_state(desk.edition, EditionState::Sending, "a test").await.unwrap();
    assert_eq!(desk.claim(2).await[0].number, 1, "an attempt that was not made does not count");
}

#[tokio::test]
async fn i4_a_marker_is_refused_in_the_very_write_that_suppresses_its_address() {
    let desk = Desk::new(2).await;
    let attempts = desk.claim(2).await;
    let reports = vec![hard_bounce(attempts[0])];
    let mut exchange = Exchange { reports, marked: attempts.clone(), ..Exchange::default() };
    assert_eq!(desk.store.exchange(&mut exchange, NOW).await.unwrap().attempts, HashSet::from([attempts[1]]));
    assert_eq!(desk.state_of(attempts[0]).await, Cancelled);
}

#[tokio::test]
async fn i7_after_a_crash_what_was_claimed_waits_and_what_was_marked_is_in_doubt() {
    for (policy, state) in [
        (UncertainPolicy::Retry, Queued),
        (UncertainPolicy::Hold, Uncertain),
        (UncertainPolicy::AssumeSent, Sent),
    ] {
        let desk = Desk::new(3).await;
        let attempts = desk.claim(2).await;
        desk.mark(&attempts[..1]).await;
        let desk = desk.restarted(policy).await;
        assert_eq!(desk.state_of(attempts[0]).await, state);
        assert_eq!(desk.state_of(attempts[1]).await, Queued);
        let counts = desk.store.delivery_counts(desk.edition).await.unwrap();
        assert_eq!((counts.total(), counts.doubts, counts.repeated), (3, 1, 0));
    }
}

#[tokio::test]
async fn i6_a_late_250_is_the_truth() {
    let desk = Desk::new(2).await;
    let attempts = desk.claim(2).await;
    desk.mark(&attempts).await;
    desk.settle(attempts[0], Queued, true).await;
    desk.settle(attempts[1], Deferred, false).await;
    desk.settle(attempts[0], Sent, false).await;
    desk.settle(attempts[1], Sent, false).await;
    assert_eq!(desk.state_of(attempts[0]).await, Sent);
    assert_eq!(desk.state_of(attempts[1]).await, Deferred, "no doubt was noted: this is no late truth");
}

#[tokio::test]
async fn an_edition_is_done_when_its_last_delivery_has_ended() {
    let desk = Desk::new(2).await;
    let attempts = desk.claim(2).await;
    desk.mark(&attempts).await;
    desk.settle(attempts[0], Sent, false).await;
    assert_eq!(desk.store.finish_editions(NOW).await.unwrap(), 0);
    desk.settle(attempts[1], Failed, false).await;
    assert_eq!(desk.store.finish_editions(NOW).await.unwrap(), 1);
    let edition = desk.store.find_edition(desk.edition).await.unwrap().unwrap();
    assert_eq!((edition.state, edition.finished_at), (EditionState::Done, Some(NOW)));
}

#[tokio::test]
async fn what_is_held_in_doubt_is_resolved_by_the_operator() {
    let desk = Desk::new(1).await;
    let attempts = desk.claim(1).await;
    desk.mark(&attempts).await;
    desk.settle(attempts[0], Uncertain, true).await;
    assert_eq!(desk.store.finish_editions(NOW).await.unwrap(), 0);
    assert_eq!(desk.store.resolve_uncertain(desk.edition, Sent, NOW).await.unwrap(), 1);
    assert_eq!(desk.store.finish_editions(NOW).await.unwrap(), 1);
}

#[tokio::test]
async fn a_cancelled_edition_ends_what_waits() {
    let desk = Desk::new(3).await;
    let attempts = desk.claim(1).await;
    desk.mark(&attempts).await;
    desk.store.set_edition_state(desk.edition, EditionState::Cancelled, "a mistake in it").await.unwrap();
    assert_eq!(desk.store.cancelled_editions().await.unwrap(), [desk.edition]);
    assert_eq!(desk.store.cancel_waiting_deliveries(desk.edition, NOW).await.unwrap(), 2);
    desk.settle(attempts[0], Sent, false).await;
    assert_eq!(desk.store.finish_editions(NOW).await.unwrap(), 1);
    let edition = desk.store.find_edition(desk.edition).await.unwrap().unwrap();
    assert_eq!(edition.state, EditionState::Cancelled);
    assert!(desk.store.cancelled_editions().await.unwrap().is_empty());
}

#[tokio::test]
async fn i2_the_first_header_of_an_edition_is_kept() {
    let desk = Desk::new(1).await;
    for head in ["From: one", "From: two"] {
        assert_eq!(desk.store.keep_edition_head(desk.edition, head).await.unwrap(), "From: one");
    }
}

#[tokio::test]
async fn no_statement_looks_at_a_whole_edition() {
    let desk = Desk::new(2).await;
    let mut connection = SqliteConnection::connect(&format!("sqlite:{}", desk.path.display())).await.unwrap();
    for (name, text) in super::store::statements() {
        if !(name.contains("store/delivery/") || name.contains("edition/age")) || name.ends_with(": COUNT") {
            continue;
        }
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}")))
                .fetch_all(&mut connection)
                .await
                .unwrap();
        for (.., step) in plan {
            let is_scan = step.starts_with("SCAN d") && !step.contains("INDEX delivery_open");
            assert!(!is_scan, "{name}: {step}");
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Act {
    Claim(usize),
    Mark(usize),
    Settle(usize, DeliveryState),
    Release(usize),
    Unsubscribe(usize),
    SetEdition(EditionState),
    GrowTooOld,
    Crash(UncertainPolicy),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let end = prop_oneof![Just(Sent), Just(Failed), Just(Deferred), Just(Uncertain)];
    let edition = prop_oneof![
        3 => Just(EditionState::Sending),
        1 => Just(EditionState::Paused),
    ];
    let policy = prop_oneof![
        Just(UncertainPolicy::Retry),
        Just(UncertainPolicy::Hold),
        Just(UncertainPolicy::AssumeSent),
    ];
    let act = prop_oneof![
        4 => (1..4_usize).prop_map(Act::Claim),
        6 => (0..8_usize).prop_map(Act::Mark),
        6 => (0..8_usize, end).prop_map(|(index, state)| Act::Settle(index, state)),
        1 => (0..8_usize).prop_map(Act::Release),
        1 => (0..6_usize).prop_map(Act::Unsubscribe),
        2 => edition.prop_map(Act::SetEdition),
        1 => Just(Act::GrowTooOld),
        1 => policy.prop_map(Act::Crash),
    ];
    proptest::collection::vec(act, 1..40)
}

/// The arrows of `docs/delivery.md`.
fn is_allowed(from: DeliveryState, to: DeliveryState) -> bool {
    match from {
        // `Sent`: the 250 of an attempt in doubt came late, and a late truth wins.
        Queued => matches!(to, Leased | Sent | Cancelled | Expired),
        Deferred => matches!(to, Leased | Cancelled | Expired),
        Leased => matches!(to, Sending | Queued | Sent | Failed | Deferred | Uncertain | Cancelled),
        Sending => matches!(to, Sent | Failed | Deferred | Uncertain | Queued | Cancelled),
        Uncertain => matches!(to, Sent),
        Sent | Failed | Cancelled | Expired => false,
    }
}

async fn perform(desk: Desk, act: Act, attempts: &mut Vec<Attempt>) -> Desk {
    let pick = |index: usize| attempts.get(index % attempts.len().max(1)).copied();
    match act {
        Act::Claim(limit) => attempts.extend(desk.claim(limit).await),
        Act::Mark(index) => {
            if let Some(attempt) = pick(index) {
                desk.mark(&[attempt]).await;
            }
        }
        Act::Settle(index, state) => {
            if let Some(attempt) = pick(index) {
                desk.settle(attempt, state, state == Uncertain).await;
            }
        }
        Act::Release(index) => {
            if let Some(attempt) = pick(index) {
                desk.release(&[attempt]).await;
            }
        }
        Act::Unsubscribe(number) => {
            let reader = desk.store.find_subscriber(&address(number)).await.unwrap().unwrap();
            desk.store.end_subscription(reader.id, desk.newsletter, "a test", NOW).await.unwrap();
        }
        Act::SetEdition(state) => {
            desk.store.set_edition_state(desk.edition, state, "a test").await.unwrap();
        }
        Act::GrowTooOld => {
            desk.store.age_edition(desk.edition, NOW, NOW).await.unwrap();
        }
        Act::Crash(policy) => return desk.restarted(policy).await,
    }
    desk
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn i8_i9_whatever_happens_the_sum_is_the_audience_and_an_end_is_an_end(acts in acts()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut desk = Desk::new(6).await;
            let mut attempts = Vec::new();
            let mut before = desk.states().await;
            for act in acts {
                desk = perform(desk, act, &mut attempts).await;
                let after = desk.states().await;
                for (subscriber, state) in &after {
                    let was = before[subscriber];
                    prop_assert!(was == *state || is_allowed(was, *state), "{was:?} → {state:?} by {act:?}");
                }
                let counts = desk.store.delivery_counts(desk.edition).await.unwrap();
                prop_assert_eq!(counts.total(), 6);
                before = after;
            }
            Ok(())
        })?;
    }
}
