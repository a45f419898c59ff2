//! The record of consent: what a reader agreed to, by which words, when and where.

use courant::jobs::Job;
use courant::jobs::janitor::Janitor;
use courant::model::consent::ConsentAct::{self, *};
use courant::model::subscriber::{EmailAddress, SubscriberId};
use courant::store::Consent;
use reqwest::Method;
use serde_json::Value;

use crate::support::app::{CONFIG, TestApp, daily, newsletter};
use crate::support::served::{Answer, Served};

async fn app() -> TestApp {
    let newsletters = vec![daily(), newsletter("weekly", "0 7 * * SUN", "Europe/Paris")];
    TestApp::start(newsletters, "2026-03-02T05:00:00Z").await
}

/// Posts a form as a reader at this address does, behind our proxy.
async fn post(served: &Served, path: &str, form: &str, client: &str) -> Answer {
    let request = served.request(Method::POST, path).header("x-forwarded-for", client);
    Answer::read(request.body(form.to_owned()).send().await.unwrap()).await
}

async fn ada(app: &TestApp) -> SubscriberId {
    let address: EmailAddress = "ada@example.com".parse().unwrap();
    app.store.find_subscriber(&address).await.unwrap().unwrap().id
}

fn acts(record: &[Consent]) -> Vec<(ConsentAct, &str, &str)> {
    record.iter().map(|own| (own.act, own.newsletter.as_str(), own.form.as_str())).collect()
}

#[tokio::test]
async fn what_a_reader_does_is_on_record_with_the_words_that_they_saw() {
    let app = app().await;
    let served = app.serve().await;
    post(&served, "/subscribe", "address=ada%40example.com&newsletter=daily", "203.0.113.77").await;
    let ada = ada(&app).await;
    app.set_clock("2026-03-02T05:10:00Z").await;
    post(&served, &app.confirm_path(ada), "", "2001:db8:1:2::9").await;
    let path = app.manage_path(ada, "daily").await;
    for form in [
        "act=pause&newsletter=daily&until=2026-03-09",
        "act=resume&newsletter=daily",
        "act=resume&newsletter=daily",
        "act=leave&newsletter=daily",
        "act=undo&newsletter=daily",
        "act=subscribe&newsletter=weekly",
    ] {
        post(&served, &path, form, "203.0.113.77").await;
    }
    post(&served, &app.unsubscribe_path(ada, "daily").await, "List-Unsubscribe=One-Click", "192.0.2.1").await;
    let record = app.store.consents(ada).await.unwrap();
    assert_eq!(
        acts(&record),
        [
            (Requested, "daily", "form"),
            (Confirmed, "daily", "confirmation page"),
            (Paused, "daily", "manage page"),
            (Resumed, "daily", "manage page"),
            (Ended, "daily", "page"),
            (TakenBack, "daily", "manage page"),
            (Requested, "weekly", "manage page"),
            (Ended, "daily", "one_click"),
        ]
    );
    let words = |index: usize| record[index].text.as_deref().unwrap();
    assert!(words(0).starts_with("Subscribe to The daily Light. One mail asks you"), "{}", words(0));
    assert!(words(1).starts_with("Subscribe to The daily Light? One press"), "{}", words(1));
    assert_eq!(words(2), "Your newsletters – The daily Light – 2026-03-09");
    assert_eq!(record[0].network.as_deref(), Some("203.0.113.0/24"), "no machine is named");
    assert_eq!(record[1].network.as_deref(), Some("2001:db8:1::/48"));
    assert_eq!(record[7].network, None, "a mail program's word is enough");
    assert!(record[0].at < record[1].at);
}

#[tokio::test]
async fn what_changes_nothing_is_not_on_record() {
    let app = app().await;
    let served = app.serve().await;
    app.subscribe("ada@example.com", "daily").await;
    let ada = ada(&app).await;
    let before = app.store.consents(ada).await.unwrap();
    assert_eq!(acts(&before), [(Added, "daily", "operator")]);
    assert_eq!(before[0].text.as_deref(), Some("a test"));
    for _ in 0..3 {
        post(&served, "/subscribe", "address=ada%40example.com&newsletter=daily", "203.0.113.77").await;
        post(&served, &app.confirm_path(ada), "", "203.0.113.77").await;
    }
    assert_eq!(app.store.consents(ada).await.unwrap(), before);
}

#[tokio::test]
async fn the_network_is_forgotten_after_thirty_days_and_all_of_it_with_the_reader() {
    let app = app().await;
    let served = app.serve().await;
    post(&served, "/subscribe", "address=ada%40example.com&newsletter=daily", "203.0.113.77").await;
    let ada = ada(&app).await;
    post(&served, &app.confirm_path(ada), "", "203.0.113.77").await;
    let janitor = Janitor::new(app.store.clone());
    for (moment, known) in [("2026-04-01T05:00:00Z", true), ("2026-04-01T05:00:01Z", false)] {
        app.set_clock(moment).await;
        janitor.step(app.clock.now()).await.unwrap();
        let record = app.store.consents(ada).await.unwrap();
        assert_eq!(record.len(), 2);
        assert!(record.iter().all(|own| own.network.is_some() == known), "{moment}");
    }
    app.store.forget(&"ada@example.com".parse().unwrap(), app.clock.now()).await.unwrap();
    assert!(app.store.consents(ada).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_operator_has_the_proof_for_one_reader() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("courant.toml"), CONFIG).unwrap();
    std::fs::write(directory.path().join("people.csv"), "email\nada@example.com\nben@example.com\n").unwrap();
    let run = |arguments: &[&str]| {
        let mut command = assert_cmd::Command::cargo_bin("courant").unwrap();
        command.current_dir(directory.path()).env_remove("COURANT_CONFIG").args(arguments).output().unwrap()
    };
    let import = ["subscriber", "import", "people.csv", "--newsletter", "daily", "--confirmed", "town fair"];
    for _ in 0..2 {
        assert!(run(&import).status.success());
    }
    let said = run(&["subscriber", "consent", "Ada@example.com", "--json"]);
    let record: Value = serde_json::from_slice(&said.stdout).unwrap();
    assert_eq!(record["address"], "ada@example.com");
    let consent = record["consent"].as_array().unwrap();
    assert_eq!(consent.len(), 1, "the second import changed nothing: {record}");
    assert_eq!(
        (&consent[0]["act"], &consent[0]["newsletter"]),
        (&Value::from("imported"), &Value::from("daily"))
    );
    assert!(consent[0]["text"].as_str().unwrap().contains("town fair"), "{record}");
    let table = String::from_utf8(run(&["subscriber", "consent", "ben@example.com"]).stdout).unwrap();
    assert!(table.contains("imported") && table.contains("town fair"), "{table}");
    let unknown = run(&["subscriber", "consent", "eve@example.com"]);
    assert!(!unknown.status.success());
    assert!(!String::from_utf8(unknown.stderr).unwrap().contains("eve@"));
}
