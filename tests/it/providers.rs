//! Mailbox providers: each is given as much as it takes, and who wants nothing for a while keeps no other waiting.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use courant::jobs::Job;
use courant::jobs::janitor::Janitor;
use courant::mail::inbox::Behaviour;
use courant::mail::inbox::habit::{Act, Stage};
use courant::model::provider::Provider;
use courant::store::{Counts, Edition};

use crate::pacing::{counts, told};
use crate::support::app::{TestApp, daily};

const BEFORE: &str = "2026-02-27T12:00:00+01:00";
const AFTER: &str = "2026-02-28T07:00:00+01:00";

pub const DEFERRED: &str = "421 4.7.0 [TSS04] Messages temporarily deferred due to unexpected volume";

/// A relay that passes on what the receivers at a domain say, as long as they say it.
#[derive(Clone, Default)]
pub struct Receivers {
    pub is_slow: Arc<AtomicBool>,
    tries: Arc<Mutex<HashMap<String, Tries>>>,
}

/// How often a domain was tried, how many are at it now, and how many were at most.
#[derive(Clone, Copy, Default)]
struct Tries {
    tried: usize,
    now: usize,
    most: usize,
}

impl Receivers {
    pub fn slow() -> Self {
        let receivers = Self::default();
        receivers.is_slow.store(true, Ordering::SeqCst);
        receivers
    }

    /// At `slow.example`, and at domains that end so, they give this reply to RCPT; whoever else is named is taken after a while.
    pub fn behaviour(&self, reply: &'static str) -> Behaviour {
        let receivers = self.clone();
        let act = move |stage, recipient: &str| {
            let domain = recipient.split('@').nth(1).unwrap_or_default();
            receivers.note(stage, domain);
            let refuses = domain.ends_with("slow.example") && receivers.is_slow.load(Ordering::SeqCst);
            match stage {
                Stage::Rcpt if refuses => Some(Act::Reply(reply)),
                Stage::Rcpt => Some(Act::Late(Duration::from_millis(5))),
                _ => None,
            }
        };
        Behaviour { hook: Some(Arc::new(act)), ..Behaviour::default() }
    }

    fn note(&self, stage: Stage, domain: &str) {
        let mut tries = self.tries.lock().unwrap();
        let tries = tries.entry(domain.to_owned()).or_default();
        match stage {
            Stage::Rcpt => {
                tries.tried += 1;
                tries.now += 1;
                tries.most = tries.most.max(tries.now);
            }
            Stage::Dot => tries.now -= 1,
            _ => {}
        }
    }

    pub fn tried(&self, domain: &str) -> usize {
        self.tries.lock().unwrap().get(domain).map_or(0, |tries| tries.tried)
    }

    fn most_at_a_time(&self, domain: &str) -> usize {
        self.tries.lock().unwrap()[domain].most
    }
}

pub fn provider(connections: Option<usize>, rate: Option<&str>) -> Provider {
    Provider {
        name: "slow".to_owned(),
        domains: vec!["slow.example".to_owned()],
        servers: vec!["mx.slow.example".to_owned()],
        connections,
        rate: rate.map(|rate| rate.parse().unwrap()),
    }
}

pub async fn started(behaviour: Behaviour, providers: Vec<Provider>) -> TestApp {
    let app = TestApp::start_with_relay(vec![daily()], BEFORE, behaviour).await;
    app.configure(|settings| {
        let sending = settings.sending.as_mut().unwrap();
        sending.providers = providers;
        sending.relays[0].connections = 4;
    });
    app
}

/// An edition to so many readers at each of these domains, at its tick.
pub async fn send_to(app: &TestApp, readers: usize, domains: &[&str]) -> Edition {
    for domain in domains {
        for number in 0..readers {
            app.subscribe(&format!("reader{number}@{domain}"), "daily").await;
        }
    }
    app.publish_article("Bridge reopens").await;
    app.advance_to(AFTER).await;
    app.editions("daily").await.remove(0)
}

#[tokio::test]
async fn a_provider_that_wants_nothing_for_a_while_is_left_alone_and_others_flow_also_after_a_restart() {
    let receivers = Receivers::slow();
    let app = started(receivers.behaviour(DEFERRED), vec![provider(None, None)]).await;
    let edition = send_to(&app, 30, &["slow.example", "other.example"]).await;
    let counted = counts(&app, &edition).await;
    assert_eq!((counted.sent, counted.queued + counted.deferred), (30, 30));
    let tried = receivers.tried("slow.example");
    assert!((1..=8).contains(&tried), "{tried}: those that were on their way when it said so");
    assert_eq!(counted.deferred, tried as u64, "only what was tried counts as an attempt");

    let app = app.restart_at("2026-02-28T07:14:59+01:00").await;
    assert_eq!(receivers.tried("slow.example"), tried, "the hold survives a restart");
    receivers.is_slow.store(false, Ordering::SeqCst);
    app.wait(Duration::from_secs(1)).await;
    assert_eq!(counts(&app, &edition).await, Counts { sent: 60, ..Counts::default() });
    assert_eq!(receivers.tried("slow.example"), tried + 30);
}

#[tokio::test]
async fn a_provider_that_says_so_again_is_tried_by_one_message_and_left_alone_for_longer() {
    let receivers = Receivers::slow();
    let app = started(receivers.behaviour(DEFERRED), vec![provider(None, None)]).await;
    let edition = send_to(&app, 30, &["slow.example"]).await;
    let tried = receivers.tried("slow.example");
    app.wait(Duration::from_mins(15)).await;
    assert_eq!(receivers.tried("slow.example"), tried + 1);
    app.wait(Duration::from_mins(29)).await;
    assert_eq!(receivers.tried("slow.example"), tried + 1, "half an hour this time");
    app.wait(Duration::from_mins(1)).await;
    assert_eq!(receivers.tried("slow.example"), tried + 2);
    receivers.is_slow.store(false, Ordering::SeqCst);
    app.wait(Duration::from_hours(1)).await;
    assert_eq!(counts(&app, &edition).await.sent, 30);
}

#[tokio::test]
async fn a_domain_of_which_nothing_is_known_is_left_alone_for_as_long_as_it_asks() {
    let receivers = Receivers::slow();
    let reply = "451 4.7.1 Too much for us, try again in 300 seconds";
    let app = started(receivers.behaviour(reply), Vec::new()).await;
    let edition = send_to(&app, 20, &["slow.example", "other.example"]).await;
    assert_eq!(counts(&app, &edition).await.sent, 20);
    let tried = receivers.tried("slow.example");
    assert!(tried <= 8, "{tried}");
    receivers.is_slow.store(false, Ordering::SeqCst);
    app.wait(Duration::from_secs(299)).await;
    assert_eq!(receivers.tried("slow.example"), tried);
    app.wait(Duration::from_secs(1)).await;
    assert_eq!(counts(&app, &edition).await.sent, 40);
}

#[tokio::test]
async fn what_a_provider_said_is_forgotten_a_day_after_its_hold() {
    let receivers = Receivers::slow();
    let app = started(receivers.behaviour(DEFERRED), vec![provider(None, None)]).await;
    send_to(&app, 1, &["slow.example"]).await;
    let janitor = Janitor::new(app.store.clone());
    let held = app.clock.now() + Duration::from_mins(15);
    for (now, remembered) in [(held, 1), (held + Duration::from_hours(24), 0)] {
        janitor.step(now).await.unwrap();
        let holds = app.store.provider_holds(app.clock.now()).await.unwrap();
        assert_eq!(holds.len(), remembered);
    }
}

#[tokio::test]
async fn what_one_mailbox_says_holds_no_other() {
    let app = started(Behaviour::default(), vec![provider(None, None)]).await;
    for reader in ["greylist", "busy", "full", "gone"] {
        app.subscribe(&format!("{reader}@slow.example"), "daily").await;
    }
    let edition = send_to(&app, 20, &["slow.example"]).await;
    assert_eq!(counts(&app, &edition).await.sent, 20);
}

#[tokio::test]
async fn who_asks_is_told_which_provider_is_left_alone_until_when_and_what_it_said() {
    let receivers = Receivers::slow();
    let app = started(receivers.behaviour(DEFERRED), vec![provider(None, None)]).await;
    app.configure(|settings| settings.sending.as_mut().unwrap().relays[0].connections = 1);
    send_to(&app, 9, &["slow.example", "other.example"]).await;
    insta::assert_snapshot!(told(&app, "", &["edition", "show", "daily/1"]).await);
}

#[tokio::test]
async fn a_provider_has_no_more_connections_than_it_may_and_keeps_nobody_from_the_others() {
    let receivers = Receivers::default();
    let app = started(receivers.behaviour(""), vec![provider(Some(1), None)]).await;
    let edition = send_to(&app, 30, &["slow.example", "other.example"]).await;
    assert_eq!(counts(&app, &edition).await.sent, 60);
    assert_eq!(receivers.most_at_a_time("slow.example"), 1);
    assert!(receivers.most_at_a_time("other.example") > 1);
}

#[tokio::test]
async fn a_provider_is_given_no_more_than_its_rate_and_the_others_are_not_slowed() {
    let receivers = Receivers::default();
    let app = started(receivers.behaviour(""), vec![provider(None, Some("60/minute"))]).await;
    let edition = send_to(&app, 5, &["slow.example", "other.example"]).await;
    assert_eq!(counts(&app, &edition).await, Counts { sent: 6, queued: 4, ..Counts::default() });
    for sent in 7..=10 {
        app.wait(Duration::from_secs(1)).await;
        assert_eq!(counts(&app, &edition).await.sent, sent);
    }
}

#[tokio::test]
async fn a_change_of_providers_holds_for_readers_who_were_there_before_and_for_who_is_imported() {
    let receivers = Receivers::default();
    let app = started(receivers.behaviour(""), Vec::new()).await;
    app.subscribe("early@slow.example", "daily").await;
    app.run_jobs().await;
    let limit = || vec![provider(None, Some("1/hour"))];
    app.configure(|settings| settings.sending.as_mut().unwrap().providers = limit());
    app.run_jobs().await;
    let newsletter = app.standing("daily").await.id;
    let mut import = app.store.begin_import(newsletter).await.unwrap();
    let people: Vec<_> =
        ["a@slow.example", "b@new.example"].iter().map(|to| (to.parse().unwrap(), None)).collect();
    import.stage(&people).await.unwrap();
    import.apply("a test", app.clock.now()).await.unwrap();
    let edition = send_to(&app, 0, &[]).await;
    assert_eq!(counts(&app, &edition).await, Counts { sent: 2, queued: 1, ..Counts::default() });
    app.configure(|settings| settings.sending.as_mut().unwrap().providers = Vec::new());
    app.run_jobs().await;
    assert_eq!(counts(&app, &edition).await.sent, 3, "what was queued for a provider that is gone goes out");
}
