//! What a relay can do to a delivery, and where the delivery stands after it: one table for what is done to a message,
//! one for what is done to every connection.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use courant::mail::inbox::Behaviour;
use courant::mail::inbox::habit::{Act, Stage};
use courant::model::delivery::DeliveryState::{self, *};
use courant::store::{DeliveryFilter, Edition, ListedDelivery};

use crate::support::app::{TestApp, daily};

const BEFORE: &str = "2026-02-27T12:00:00+01:00";
const AFTER: &str = "2026-02-28T07:00:00+01:00";

/// How long a relay may take where one of these faults is that it takes forever. `late` takes two seconds.
const COMMAND: Duration = Duration::from_secs(1);
const DOT: Duration = Duration::from_secs(5);

/// What the relay does to the reader of this name; where the delivery stands after it; how many of its attempts are in
/// doubt; where it stands after the next attempt, ten minutes later; how many messages the relay has then.
type Fault = (&'static str, &'static str, DeliveryState, u32, DeliveryState, usize);

const FAULTS: &[Fault] = &[
    // The answer to RCPT: nothing has been sent.
    ("gone", "550 5.1.1, no such user", Failed, 0, Failed, 0),
    ("full", "552 5.2.2, the mailbox is full", Failed, 0, Failed, 0),
    ("blocked", "550 5.7.1, our address is on a blocklist", Failed, 0, Failed, 0),
    ("regret", "550 5.1.1 once: later it would be taken", Failed, 0, Failed, 0),
    ("busy", "451 4.2.0, try again later", Deferred, 0, Deferred, 0),
    ("greylist", "451 4.7.1 once: try again in 300 seconds", Deferred, 0, Sent, 1),
    ("leaving", "421 4.3.2, and closes", Deferred, 0, Deferred, 0),
    ("hangup", "closes without a word", Deferred, 0, Deferred, 0),
    ("mute", "says nothing", Deferred, 0, Deferred, 0),
    ("garbage", "says what is no reply", Deferred, 0, Deferred, 0),
    ("endless", "says a reply that never ends", Deferred, 0, Deferred, 0),
    // The answer to DATA: still nothing has been sent.
    ("nodata", "554 5.5.0, no data wanted", Failed, 0, Failed, 0),
    ("waitdata", "451 4.3.0, not now", Deferred, 0, Deferred, 0),
    // The message is sent: from here on only a reply is certain.
    ("cut", "closes at the first line of the message", Queued, 1, Queued, 0),
    ("spam", "554 5.7.1 to the dot", Failed, 0, Failed, 0),
    ("later", "452 4.3.1 to the dot", Deferred, 0, Deferred, 0),
    ("drop", "takes it, and closes without a word", Queued, 1, Queued, 2),
    ("droponce", "takes it, and closes without a word, once", Queued, 1, Sent, 2),
    ("silent", "takes it, and says nothing", Queued, 1, Queued, 2),
    ("riddle", "takes it, and says what is no reply: 999", Queued, 1, Queued, 2),
    ("lf", "takes it, and ends its 250 with a bare LF", Queued, 1, Queued, 2),
    ("latin", "takes it, in words that are no UTF-8", Sent, 0, Sent, 1),
    ("late", "takes it, and says so after two seconds", Sent, 0, Sent, 1),
    ("drip", "takes it, and says so letter by letter", Sent, 0, Sent, 1),
    ("ada", "takes it", Sent, 0, Sent, 1),
];

/// At which point the relay does what to every connection. Each time the delivery waits, nothing is counted, and it
/// goes out once when that is over.
const FAULTS_OF_THE_RELAY: &[(Stage, Act)] = &[
    (Stage::Greeting, Act::Reply("554 5.3.2 No mail is taken here")),
    (Stage::Greeting, Act::Farewell("421 4.3.2 Too many connections")),
    (Stage::Greeting, Act::Raw(b"what was that?\r\n")),
    (Stage::Greeting, Act::Close),
    (Stage::Greeting, Act::Mute),
    (Stage::Greeting, Act::Endless),
    (Stage::Ehlo, Act::Farewell("421 4.3.2 Closing for maintenance")),
    (Stage::Ehlo, Act::Raw(b"999 ?\r\n")),
    (Stage::Ehlo, Act::Close),
    (Stage::Ehlo, Act::Mute),
    (Stage::Mail, Act::Reply("451 4.3.0 Not now")),
    (Stage::Mail, Act::Reply("530 5.7.0 Authentication required")),
    (Stage::Mail, Act::Reply("550 5.7.1 This sender is not allowed")),
    (Stage::Mail, Act::Close),
    (Stage::Mail, Act::Mute),
];

async fn started(behaviour: Behaviour) -> TestApp {
    let app = TestApp::start_with_relay(vec![daily()], BEFORE, behaviour).await;
    app.configure(|settings| {
        let limits = &mut settings.sending.as_mut().unwrap().relays[0].limits;
        (limits.greeting, limits.command, limits.data, limits.dot) = (COMMAND, COMMAND, COMMAND, DOT);
    });
    app
}

/// An edition to these readers, sent as far as the relay takes it.
async fn send_to(app: &TestApp, readers: &[&str]) -> Edition {
    for reader in readers {
        app.subscribe(&format!("{reader}@example.org"), "daily").await;
    }
    app.publish_article("Bridge reopens").await;
    app.advance_to(AFTER).await;
    app.editions("daily").await.remove(0)
}

/// Each delivery of the edition, in the order of its readers.
async fn deliveries(app: &TestApp, edition: &Edition) -> Vec<ListedDelivery> {
    let found = app.store.deliveries_of_edition(edition.id, DeliveryFilter::All, 100).await.unwrap();
    assert_eq!(found.len(), usize::try_from(edition.audience).unwrap());
    found
}

#[tokio::test]
async fn a_delivery_stands_after_each_fault_where_the_table_says() {
    let app = started(Behaviour::default()).await;
    app.configure(|settings| settings.sending.as_mut().unwrap().relays[0].connections = FAULTS.len());
    let readers: Vec<&str> = FAULTS.iter().map(|(reader, ..)| *reader).collect();
    let edition = send_to(&app, &readers).await;
    for (found, (reader, does, state, doubts, ..)) in deliveries(&app, &edition).await.iter().zip(FAULTS) {
        let expected = (*state, 1, *doubts);
        assert_eq!((found.state, found.attempts, found.doubts), expected, "{reader}: {does}; {found:?}");
    }
    app.wait(Duration::from_mins(10)).await;
    for (found, (reader, does, _, doubts, state, copies)) in
        deliveries(&app, &edition).await.iter().zip(FAULTS)
    {
        assert_eq!(found.state, *state, "{reader}: {does}; {found:?}");
        let taken = app.inbox().mails_to(&format!("{reader}@example.org"));
        assert_eq!(taken.len(), *copies, "{reader}: {does}; {found:?}");
        let is_tried_again = u32::from(*state == Queued);
        assert_eq!(found.doubts, *doubts + is_tried_again, "{reader}: {does}; {found:?}");
        assert!(taken.iter().all(|mail| mail.bytes == taken[0].bytes), "{reader}: {does}");
    }
}

#[tokio::test]
async fn what_the_relay_does_to_every_connection_costs_no_delivery_an_attempt() {
    for (stage, act) in FAULTS_OF_THE_RELAY {
        let is_wrong = Arc::new(AtomicBool::new(true));
        let hooked = Arc::clone(&is_wrong);
        let hook = move |at, _: &str| (at == *stage && hooked.load(Ordering::SeqCst)).then_some(*act);
        let app = started(Behaviour { hook: Some(Arc::new(hook)), ..Behaviour::default() }).await;
        let edition = send_to(&app, &["ada"]).await;
        let found = deliveries(&app, &edition).await.remove(0);
        assert_eq!(
            (found.state, found.attempts, found.doubts),
            (Queued, 0, 0),
            "{stage:?} {act:?}: {found:?}"
        );
        assert_eq!(app.inbox().taken(), 0, "{stage:?} {act:?}");
        is_wrong.store(false, Ordering::SeqCst);
        app.wait(Duration::from_mins(2)).await;
        let found = deliveries(&app, &edition).await.remove(0);
        assert_eq!((found.state, found.attempts), (Sent, 1), "{stage:?} {act:?}: {found:?}");
        assert_eq!(app.inbox().taken(), 1, "{stage:?} {act:?}");
    }
}
