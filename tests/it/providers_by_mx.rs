//! Domains that no provider names, and whose provider is found by who takes their mail.

use std::sync::atomic::Ordering;
use std::time::Duration;

use courant::dns::{Limits, Resolver};
use courant::jobs::Job;
use courant::jobs::janitor::Janitor;
use courant::jobs::providers::ProviderFinder;
use courant::store::Counts;
use tokio_util::sync::CancellationToken;

use crate::pacing::{counts, told};
use crate::providers::{DEFERRED, Receivers, provider, send_to, started};
use crate::support::app::TestApp;
use crate::support::names::Names;

const DAY: Duration = Duration::from_hours(24);

const ZONE: &str = "\
club.example MX 20 backup.example
club.example MX 10 a.mx.slow.example
alone.example MX 10 mx.alone.example
silent.example MX 0 .
xn--mnchen-3ya.example MX 10 mx.slow.example";

/// A limit of one message an hour for who has the provider.
fn tight(app: &TestApp) {
    app.configure(|settings| {
        let sending = settings.sending.as_mut().unwrap();
        sending.providers = vec![provider(None, Some("1/hour"))];
        sending.providers_by_mx = true;
    });
}

/// A publication that asks who takes the mail of these domains' readers, one each, and a server that says it.
async fn asking(domains: &[&str]) -> (TestApp, Names) {
    let app = started(Receivers::default().behaviour(""), Vec::new()).await;
    tight(&app);
    for domain in domains {
        app.subscribe(&format!("ada@{domain}"), "daily").await;
    }
    app.run_jobs().await;
    (app, Names::start(ZONE).await)
}

fn finder(app: &TestApp, names: &Names) -> ProviderFinder {
    let limits = Limits {
        attempt: Duration::from_millis(50),
        question: Duration::from_millis(200),
        ..Limits::default()
    };
    let resolver = Resolver::at(names.address(), limits);
    ProviderFinder::new(app.store.clone(), app.live_settings(), resolver, CancellationToken::new())
}

/// Lets the finder work until it finds nothing to do.
async fn find(app: &TestApp, finder: &ProviderFinder) {
    while finder.step(app.clock.now()).await.unwrap() > 0 {}
}

/// The provider and the server that are known of a domain.
async fn known(app: &TestApp, domain: &str) -> (Option<String>, Option<String>) {
    let facts = app.store.find_domain(domain).await.unwrap().unwrap();
    (facts.provider, facts.mx)
}

fn slow(server: &str) -> (Option<String>, Option<String>) {
    (Some("slow".to_owned()), Some(server.to_owned()))
}

#[tokio::test]
async fn a_domain_has_the_provider_of_the_server_that_takes_its_mail_first() {
    let (app, names) = asking(&["club.example", "alone.example"]).await;
    find(&app, &finder(&app, &names)).await;
    assert_eq!(known(&app, "club.example").await, slow("a.mx.slow.example"));
    assert_eq!(known(&app, "alone.example").await, (None, Some("mx.alone.example".to_owned())));
    let edition = send_to(&app, 2, &["club.example", "alone.example"]).await;
    assert_eq!(counts(&app, &edition).await, Counts { sent: 4, queued: 2, ..Counts::default() });
    let shown = told(&app, "", &["subscriber", "show", "ada@club.example"]).await;
    let expected = "slow: its mail goes to a.mx.slow.example, looked up 2026-02-27T11:00:00Z";
    assert!(shown.contains(expected), "{shown}");
    let shown = told(&app, "", &["subscriber", "show", "ada@alone.example"]).await;
    assert!(shown.contains("none that is known by name: its mail goes to mx.alone.example"), "{shown}");
}

#[tokio::test]
async fn nothing_is_asked_unless_the_operator_wants_it_nor_about_domains_that_a_provider_names() {
    let (app, names) = asking(&["club.example", "slow.example"]).await;
    let finder = finder(&app, &names);
    app.configure(|settings| settings.sending.as_mut().unwrap().providers_by_mx = false);
    find(&app, &finder).await;
    assert_eq!(names.asked(), [] as [&str; 0]);
    app.configure(|settings| settings.sending.as_mut().unwrap().providers_by_mx = true);
    find(&app, &finder).await;
    assert_eq!(names.asked(), ["MX club.example"]);
    assert_eq!(known(&app, "slow.example").await, (Some("slow".to_owned()), None));
}

#[tokio::test]
async fn a_domain_is_asked_about_again_after_a_week_and_has_its_new_provider_then() {
    let (app, names) = asking(&["club.example"]).await;
    let finder = finder(&app, &names);
    find(&app, &finder).await;
    names.replace("club.example MX 10 mx.elsewhere.example");
    app.clock.advance_to(app.clock.now() + 7 * DAY - Duration::from_secs(1));
    find(&app, &finder).await;
    assert_eq!((names.asked().len(), known(&app, "club.example").await), (1, slow("a.mx.slow.example")));
    app.clock.advance_to(app.clock.now() + Duration::from_secs(1));
    find(&app, &finder).await;
    assert_eq!(known(&app, "club.example").await, (None, Some("mx.elsewhere.example".to_owned())));
}

#[tokio::test]
async fn a_domain_without_a_server_an_address_in_brackets_and_a_name_in_other_letters_are_looked_up() {
    let (app, names) = asking(&["silent.example", "nowhere.example", "[192.0.2.1]", "münchen.example"]).await;
    let finder = finder(&app, &names);
    find(&app, &finder).await;
    let mut asked = names.asked();
    asked.sort_unstable();
    assert_eq!(asked, ["MX nowhere.example", "MX silent.example", "MX xn--mnchen-3ya.example"]);
    for domain in ["silent.example", "nowhere.example", "[192.0.2.1]"] {
        assert_eq!(known(&app, domain).await, (None, None), "{domain}");
    }
    assert_eq!(known(&app, "münchen.example").await, slow("mx.slow.example"));
    names.replace("nowhere.example MX 10 mx.slow.example");
    app.clock.advance_to(app.clock.now() + DAY);
    find(&app, &finder).await;
    assert_eq!(
        known(&app, "nowhere.example").await,
        slow("mx.slow.example"),
        "that it has none stands for a day"
    );
    assert_eq!(names.asked().len(), 5);
}

#[tokio::test]
async fn a_domain_of_which_nobody_answers_keeps_its_provider_and_waits_longer_each_time_apart_from_the_others()
 {
    let (app, names) = asking(&["club.example", "alone.example"]).await;
    let finder = finder(&app, &names);
    find(&app, &finder).await;
    app.clock.advance_to(app.clock.now() + 7 * DAY);
    names.replace("club.example MX !SERVFAIL");
    let asked = || names.asked().iter().filter(|question| **question == "MX club.example").count();
    for (hours, expected) in [(0, 2), (1, 3), (1, 3), (1, 4), (3, 4), (1, 5)] {
        app.clock.advance_to(app.clock.now() + Duration::from_hours(hours));
        find(&app, &finder).await;
        assert_eq!(asked(), expected, "after {hours} more hours");
    }
    assert_eq!(known(&app, "club.example").await, slow("a.mx.slow.example"));
    assert_eq!(names.asked().iter().filter(|question| question.ends_with("alone.example")).count(), 2);
}

#[tokio::test]
async fn a_resolver_that_says_nothing_holds_no_edition_up_and_is_left_alone_for_a_while() {
    let domains: Vec<String> = (0..50).map(|number| format!("d{number}.example")).collect();
    let domains: Vec<&str> = domains.iter().map(String::as_str).collect();
    let (app, names) = asking(&domains).await;
    names.publish(&domains.map_lines(" MX !mute"));
    let finder = finder(&app, &names);
    assert_eq!(finder.step(app.clock.now()).await.unwrap(), 20, "a step is bounded");
    assert_eq!(finder.step(app.clock.now()).await.unwrap(), 0);
    let edition = send_to(&app, 0, &[]).await;
    assert_eq!(counts(&app, &edition).await.sent, 50);
    names.publish(&domains.map_lines(" MX 10 mx.slow.example"));
    find(&app, &finder).await;
    for domain in domains {
        assert_eq!(known(&app, domain).await, slow("mx.slow.example"));
    }
}

#[tokio::test]
async fn a_domain_that_nobody_is_at_any_more_is_forgotten() {
    let (app, names) = asking(&["club.example", "alone.example", "slow.example"]).await;
    find(&app, &finder(&app, &names)).await;
    for reader in ["ada@club.example", "ada@slow.example"] {
        app.store.forget(&reader.parse().unwrap(), app.clock.now()).await.unwrap();
    }
    Janitor::new(app.store.clone()).step(app.clock.now()).await.unwrap();
    assert_eq!(app.store.find_domain("club.example").await.unwrap(), None);
    assert_eq!(known(&app, "alone.example").await.1.unwrap(), "mx.alone.example");
    assert!(app.store.find_domain("slow.example").await.unwrap().unwrap().is_named);
}

/// A zone with the same words about each of these domains.
trait Zone {
    fn map_lines(&self, words: &str) -> String;
}

impl Zone for Vec<&str> {
    fn map_lines(&self, words: &str) -> String {
        self.iter().map(|domain| format!("{domain}{words}")).collect::<Vec<_>>().join("\n")
    }
}

#[tokio::test]
async fn what_was_looked_up_counts_by_the_providers_of_the_configuration_as_it_is_now() {
    let (app, names) = asking(&["club.example"]).await;
    find(&app, &finder(&app, &names)).await;
    for (by_mx, servers, expected) in [
        (false, &["mx.slow.example"][..], None),
        (true, &["mx.slow.example"], Some("slow")),
        (true, &["other.example"], None),
        (true, &["example", "other.example"], Some("slow")),
    ] {
        app.configure(|settings| {
            let sending = settings.sending.as_mut().unwrap();
            sending.providers_by_mx = by_mx;
            sending.providers[0].servers = servers.iter().map(|name| (*name).to_owned()).collect();
        });
        app.run_jobs().await;
        assert_eq!(known(&app, "club.example").await.0.as_deref(), expected, "{by_mx} {servers:?}");
    }
    assert_eq!(names.asked().len(), 1);
}

#[tokio::test]
async fn a_domain_that_was_given_to_a_provider_by_its_mx_alone_cannot_have_the_provider_held() {
    let receivers = Receivers::slow();
    let app = started(receivers.behaviour(DEFERRED), vec![provider(None, None)]).await;
    app.configure(|settings| {
        let sending = settings.sending.as_mut().unwrap();
        sending.providers[0].domains = vec!["big.example".to_owned()];
        sending.providers_by_mx = true;
    });
    app.subscribe("ada@evil-slow.example", "daily").await;
    let names = Names::start("evil-slow.example MX 10 mx.slow.example").await;
    app.run_jobs().await;
    find(&app, &finder(&app, &names)).await;
    let edition = send_to(&app, 20, &["big.example", "evil-slow.example"]).await;
    assert_eq!(counts(&app, &edition).await.sent, 20);
    let tried = receivers.tried("evil-slow.example");
    assert!(tried <= 8, "{tried}: it is left alone itself");
    receivers.is_slow.store(false, Ordering::SeqCst);
    app.wait(Duration::from_mins(15)).await;
    assert_eq!(counts(&app, &edition).await.sent, 41);
}

#[tokio::test]
async fn what_a_provider_says_holds_for_domains_that_have_it_by_their_mx_too() {
    let receivers = Receivers::slow();
    let app = started(receivers.behaviour(DEFERRED), vec![provider(None, None)]).await;
    app.configure(|settings| settings.sending.as_mut().unwrap().providers_by_mx = true);
    let names = Names::start(ZONE).await;
    app.subscribe("ada@club.example", "daily").await;
    app.run_jobs().await;
    find(&app, &finder(&app, &names)).await;
    send_to(&app, 9, &["slow.example"]).await;
    let tried = receivers.tried("club.example");
    app.publish_article("Harbour closes").await;
    app.wait(Duration::from_mins(1)).await;
    app.publish_now("daily").await;
    app.run_jobs().await;
    assert_eq!(app.editions("daily").await.len(), 2);
    assert_eq!(receivers.tried("club.example"), tried);
    receivers.is_slow.store(false, Ordering::SeqCst);
    app.wait(Duration::from_mins(15)).await;
    assert!(receivers.tried("club.example") > tried);
}
