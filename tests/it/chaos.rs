//! Editions through a relay that does at each stage what chance says, while the operator and readers change their minds.
//!
//! A seed says what chance says, so a run that fails can be had again; which of two connections comes first it does not say.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use courant::mail::inbox::Behaviour;
use courant::mail::inbox::habit::{Act, Stage};
use courant::model::delivery::DeliveryState::{self, *};
use courant::model::delivery::UncertainPolicy;
use courant::model::edition::EditionState;
use courant::store::{DeliveryFilter, Edition};

use crate::support::app::{TestApp, daily};

const SEEDS: u64 = 40;
const READERS: usize = 12;

const BEFORE: &str = "2026-02-27T12:00:00+01:00";
const AFTER: &str = "2026-02-28T07:00:00+01:00";

/// What the relay may do instead of the usual. Nothing that takes long.
const FAULTS: &[(Stage, Act)] = &[
    (Stage::Greeting, Act::Farewell("421 4.3.2 Too many connections")),
    (Stage::Greeting, Act::Close),
    (Stage::Ehlo, Act::Close),
    (Stage::Mail, Act::Reply("451 4.3.0 Not now")),
    (Stage::Mail, Act::Close),
    (Stage::Rcpt, Act::Reply("451 4.2.0 Mailbox is busy")),
    (Stage::Rcpt, Act::Reply("550 5.1.1 No such user here")),
    (Stage::Rcpt, Act::Farewell("421 4.3.2 Closing for maintenance")),
    (Stage::Rcpt, Act::Close),
    (Stage::Data, Act::Reply("451 4.3.0 Not now")),
    (Stage::Data, Act::Close),
    (Stage::Body, Act::Close),
    (Stage::Dot, Act::Reply("452 4.3.1 Insufficient system storage")),
    (Stage::Dot, Act::Raw(b"999 ?\r\n")),
    (Stage::Dot, Act::Close),
    (Stage::Told, Act::Close),
];

/// Chance: numbers that follow from a seed (`SplitMix64`).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((word ^ (word >> 31)) % limit as u64).unwrap()
    }
}

/// A relay at which every fourth stage goes wrong in one of its ways.
fn relay(seed: u64) -> Behaviour {
    let chance = Mutex::new(Chance(seed));
    let hook = move |stage, _: &str| {
        let ways: Vec<Act> = FAULTS.iter().filter(|(at, _)| *at == stage).map(|(_, act)| *act).collect();
        let mut chance = chance.lock().unwrap();
        (!ways.is_empty() && chance.below(4) == 0).then(|| ways[chance.below(ways.len())])
    };
    Behaviour { hook: Some(Arc::new(hook)), ..Behaviour::default() }
}

/// The edition on its way for some hours, and then for so long that nothing is left of it to go out. Returns how often the
/// operator had to decide about it.
async fn live_through(app: &TestApp, edition: &Edition, chance: &mut Chance) -> usize {
    let newsletter = app.standing("daily").await.id;
    for _ in 0..12 {
        match chance.below(8) {
            0 => {
                let state = [EditionState::Paused, EditionState::Sending][chance.below(2)];
                app.store.set_edition_state(edition.id, state, "a test").await.unwrap();
            }
            1 => {
                let reader =
                    app.store.find_subscriber(&address(chance.below(READERS))).await.unwrap().unwrap();
                app.store.end_subscription(reader.id, newsletter, "a test", app.clock.now()).await.unwrap();
            }
            _ => {}
        }
        app.wait(Duration::from_mins(20)).await;
    }
    app.store.set_edition_state(edition.id, EditionState::Sending, "a test").await.unwrap();
    app.run_jobs().await;
    app.wait(Duration::from_hours(25)).await;
    let mut decided = 0;
    while app.editions("daily").await[0].state == EditionState::Stale {
        decide(app, edition, chance).await;
        decided += 1;
    }
    decided
}

/// What was never tried before the edition was too old is for the operator to decide about.
async fn decide(app: &TestApp, edition: &Edition, chance: &mut Chance) {
    if chance.below(4) == 0 {
        app.store.set_edition_state(edition.id, EditionState::Cancelled, "a test").await.unwrap();
    } else {
        let until = app.clock.now() + Duration::from_hours(2);
        app.store.extend_edition(edition.id, until).await.unwrap();
        app.store.set_edition_state(edition.id, EditionState::Sending, "a test").await.unwrap();
    }
    for _ in 0..8 {
        app.wait(Duration::from_mins(20)).await;
    }
}

fn address(number: usize) -> courant::model::subscriber::EmailAddress {
    format!("reader{number}@example.org").parse().unwrap()
}

/// What the database says of each reader, held against what the relay has. Returns where each delivery ended, and how
/// many copies its reader has.
async fn judge(
    app: &TestApp,
    edition: &Edition,
    policy: UncertainPolicy,
    seed: u64,
) -> Vec<(DeliveryState, usize)> {
    let mut taken: HashMap<String, Vec<Vec<u8>>> = HashMap::new();
    for mail in app.inbox().mails() {
        assert_eq!(mail.header("To"), mail.to[0], "seed {seed}");
        taken.entry(mail.to[0].clone()).or_default().push(mail.bytes.clone());
    }
    let deliveries = app.store.deliveries_of_edition(edition.id, DeliveryFilter::All, 100).await.unwrap();
    assert_eq!(deliveries.len(), READERS, "I8, seed {seed}");
    let mut ends = Vec::new();
    for delivery in deliveries {
        let mails = taken.remove(delivery.address.as_deref().unwrap()).unwrap_or_default();
        let told = format!("{policy:?}, seed {seed}: {} mails, {delivery:?}", mails.len());
        let is_held = policy == UncertainPolicy::Hold && delivery.state == Uncertain;
        assert!(
            matches!(delivery.state, Sent | Failed | Cancelled | Expired) || is_held,
            "not ended: {told}"
        );
        assert!(mails.is_empty() || delivery.state == Sent || delivery.doubts > 0, "forgotten: {told}");
        let is_assumed = policy == UncertainPolicy::AssumeSent && delivery.doubts > 0;
        assert!(!mails.is_empty() || delivery.state != Sent || is_assumed, "I6: {told}");
        assert!(mails.len() <= 1 + delivery.doubts as usize, "I10: {told}");
        assert!(mails.len() <= 1 || policy == UncertainPolicy::Retry, "I10: {told}");
        let is_refused = delivery.reply.as_deref().is_some_and(|reply| reply.starts_with('5'));
        assert!(delivery.state != Failed || is_refused, "without the relay's words: {told}");
        assert!(mails.iter().all(|mail| *mail == mails[0]), "I2: {told}");
        ends.push((delivery.state, mails.len().saturating_sub(1)));
    }
    assert!(taken.is_empty(), "mails to nobody, seed {seed}");
    ends
}

#[tokio::test]
async fn whatever_the_relay_does_the_end_of_each_delivery_is_true() {
    let (mut ends, mut decided) = (Vec::new(), 0);
    let policies = [UncertainPolicy::Retry, UncertainPolicy::Hold, UncertainPolicy::AssumeSent];
    for (seed, policy) in (0..SEEDS).zip(policies.into_iter().cycle()) {
        let mut newsletter = daily();
        newsletter.uncertain = policy;
        let app = TestApp::start_with_relay(vec![newsletter], BEFORE, relay(seed)).await;
        for number in 0..READERS {
            app.subscribe(address(number).as_str(), "daily").await;
        }
        app.publish_article("Bridge reopens").await;
        app.advance_to(AFTER).await;
        let edition = app.editions("daily").await.remove(0);
        decided += live_through(&app, &edition, &mut Chance(!seed)).await;
        ends.extend(judge(&app, &edition, policy, seed).await);
    }
    for state in [Sent, Failed, Cancelled, Expired, Uncertain] {
        assert!(ends.iter().any(|(end, _)| *end == state), "chance has brought none to {state:?}");
    }
    assert!(ends.iter().any(|(_, copies)| *copies > 0), "chance has repeated nothing");
    assert!(decided > 0, "chance has made no edition stale");
}
