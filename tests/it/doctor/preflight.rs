//! Editions that wait while the preflight is red.

use std::time::Duration;

use courant::dns::{Limits, Resolver};
use courant::jobs::Job;
use courant::jobs::doctor::Means;
use courant::jobs::preflight::Preflight;
use courant::mail::inbox::Behaviour;
use courant::model::dkim::Signer;
use courant::model::time::Clock;
use tokio_util::sync::CancellationToken;

use super::{KEY, ZONE};
use crate::support::app::{TestApp, daily};
use crate::support::names::Names;
use crate::support::served::Served;

/// A publication whose editions wait until all is well, and a reader.
struct Careful {
    app: TestApp,
    names: Names,
    preflight: Preflight,
    _served: Served,
}

impl Careful {
    async fn new(requires: bool) -> Self {
        let now = Clock::System.now().to_string();
        let app = TestApp::start_with_relay(vec![daily()], &now, Behaviour::default()).await;
        let served = app.serve().await;
        let signer =
            Signer { domain: "news.harbour.test".to_owned(), selector: "s1".to_owned(), key: KEY.clone() };
        let names = Names::start(&ZONE.replace("KEY", &signer.record().unwrap())).await;
        let base = format!("http://news.harbour.test:{}/", served.port()).parse().unwrap();
        app.configure(|settings| {
            settings.publication.base_url = base;
            let sending = settings.sending.as_mut().unwrap();
            sending.from = "The Harbour <digest@news.harbour.test>".parse().unwrap();
            sending.bounce_domain = "bounce.harbour.test".into();
            sending.dkim = vec![signer];
            sending.require_preflight = requires;
        });
        let resolver = Resolver::at(names.address(), Limits::default());
        let means = Means { resolver, is_named: true, addresses: Vec::new() };
        let looks = (app.gate.clone(), means);
        let end = CancellationToken::new();
        let preflight = Preflight::new(app.store.clone(), app.live_settings(), looks, end);
        app.subscribe("ada@example.org", "daily").await;
        Self { app, names, preflight, _served: served }
    }

    async fn publish(&self, title: &str) {
        self.app.publish_article(title).await;
        self.app.publish_now("daily").await;
        self.app.run_jobs().await;
    }

    /// Lets time pass, everything be looked at, and the jobs run.
    async fn wait(&self, time: Duration) {
        self.app.clock.advance_to(self.app.clock.now() + time);
        while self.preflight.step(self.app.clock.now()).await.unwrap() > 0 {}
        self.app.run_jobs().await;
    }

    fn sent(&self) -> usize {
        self.app.inbox().mails().len()
    }
}

const NO_DMARC: &str = "_dmarc.harbour.test TXT hello";
const DMARC: &str = "_dmarc.harbour.test TXT v=DMARC1; p=none";

#[tokio::test]
async fn an_edition_waits_while_something_is_red_and_goes_out_when_it_is_put_right() {
    let careful = Careful::new(true).await;
    careful.names.replace(NO_DMARC);
    careful.publish("Bridge").await;
    careful.wait(Duration::from_secs(1)).await;
    assert_eq!(careful.sent(), 0);
    let why = careful.app.store.find_preflight().await.unwrap().unwrap();
    assert!(why.starts_with("DNS: DMARC: news.harbour.test has no DMARC record"), "{why}");
    careful.names.replace(DMARC);
    careful.wait(Duration::from_secs(30)).await;
    assert_eq!(careful.sent(), 0, "it is not looked at again so soon");
    careful.wait(Duration::from_secs(31)).await;
    assert_eq!(careful.sent(), 1);
    assert_eq!(careful.app.store.find_preflight().await.unwrap(), None);
}

#[tokio::test]
async fn nothing_goes_out_before_somebody_has_looked() {
    let careful = Careful::new(true).await;
    careful.publish("Bridge").await;
    assert_eq!(careful.sent(), 0);
    careful.wait(Duration::from_secs(1)).await;
    assert_eq!(careful.sent(), 1);
}

#[tokio::test]
async fn red_stops_nothing_where_no_preflight_is_required() {
    let careful = Careful::new(false).await;
    careful.names.replace(NO_DMARC);
    careful.publish("Bridge").await;
    assert_eq!(careful.sent(), 1);
    careful.wait(Duration::from_secs(1)).await;
    assert!(careful.names.asked().is_empty());
}

#[tokio::test]
async fn what_was_green_is_looked_at_again_every_five_minutes() {
    let careful = Careful::new(true).await;
    careful.wait(Duration::from_secs(1)).await;
    careful.names.replace(NO_DMARC);
    careful.wait(Duration::from_mins(4)).await;
    careful.publish("Bridge").await;
    assert_eq!(careful.sent(), 1);
    careful.wait(Duration::from_secs(61)).await;
    careful.publish("Harbour").await;
    assert_eq!(careful.sent(), 1);
}

#[tokio::test]
async fn a_verdict_that_nobody_renews_is_not_believed_for_ever() {
    let careful = Careful::new(true).await;
    careful.wait(Duration::from_secs(1)).await;
    careful.app.clock.advance_to(careful.app.clock.now() + Duration::from_mins(16));
    careful.publish("Bridge").await;
    assert_eq!(careful.sent(), 0);
}

#[tokio::test]
async fn a_verdict_holds_only_for_the_configuration_that_it_was_made_by() {
    let careful = Careful::new(true).await;
    careful.wait(Duration::from_secs(1)).await;
    careful.app.configure(|settings| {
        settings.sending.as_mut().unwrap().bounce_domain = "nowhere.harbour.test".into();
    });
    careful.publish("Bridge").await;
    assert_eq!(careful.sent(), 0, "not before somebody has looked again");
    careful.wait(Duration::from_secs(1)).await;
    assert_eq!(careful.sent(), 0);
    let why = careful.app.store.find_preflight().await.unwrap().unwrap();
    assert!(why.contains("nowhere.harbour.test has no SPF record"), "{why}");
}

#[tokio::test]
async fn an_edition_that_has_begun_goes_on() {
    let careful = Careful::new(false).await;
    careful.app.subscribe("greylist@example.org", "daily").await;
    careful.publish("Bridge").await;
    assert_eq!(careful.sent(), 1, "the other one is put off");
    careful.names.replace(NO_DMARC);
    careful.app.configure(|settings| settings.sending.as_mut().unwrap().require_preflight = true);
    careful.wait(Duration::from_mins(10)).await;
    assert!(careful.app.store.find_preflight().await.unwrap().is_some());
    assert_eq!(careful.sent(), 2);
}

#[tokio::test]
async fn an_edition_that_nobody_holds_any_more_goes_out() {
    let careful = Careful::new(true).await;
    careful.names.replace(NO_DMARC);
    careful.publish("Bridge").await;
    careful.wait(Duration::from_secs(1)).await;
    careful.app.configure(|settings| settings.sending.as_mut().unwrap().require_preflight = false);
    careful.app.run_jobs().await;
    assert_eq!(careful.sent(), 1);
}

#[tokio::test]
async fn a_configuration_is_not_replaced_in_the_middle_of_a_beginning() {
    let careful = Careful::new(true).await;
    let turn = careful.app.gate.turn().await;
    careful.app.publish_article("Bridge").await;
    careful.app.publish_now("daily").await;
    careful.wait_for_turn(turn).await;
    let waiting = careful.app.store.waiting_editions(careful.app.clock.now()).await.unwrap();
    assert!(matches!(&waiting[..], [edition] if !edition.is_begun), "{waiting:?}");
    careful.app.run_jobs().await;
    assert_eq!(careful.sent(), 0);
}

impl Careful {
    /// A step of the sender that comes to begin an edition while the configuration is being replaced, by one that all
    /// is well for, then by one that is red.
    async fn wait_for_turn(&self, turn: tokio::sync::MutexGuard<'_, ()>) {
        self.preflight.step(self.app.clock.now()).await.unwrap();
        let replace = async {
            tokio::task::yield_now().await;
            self.app.configure(|settings| {
                settings.sending.as_mut().unwrap().bounce_domain = "nowhere.harbour.test".into();
            });
            drop(turn);
        };
        let (step, ()) = tokio::join!(self.app.try_send(), replace);
        step.unwrap();
    }
}
