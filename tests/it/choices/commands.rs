//! Groups at the command line.

use std::fs;

use courant::cli::{self, Output};
use courant::model::time::Clock;

use crate::support::app::{CONFIG, TestApp, at};

use super::{START, choosy, publish};

/// The program beside the daemon of `app`.
async fn courant(app: &TestApp, arguments: &[&str]) -> Result<String, String> {
    let config = app.database().with_file_name("courant.toml");
    let choices = "[newsletter.choices]\ntopics = ['Politics', 'Culture', 'Sport']\n\
        rhythms = ['each_article', 'daily', 'weekly']\nhours = true\nweekly_on = 'FRI'\n";
    fs::write(&config, format!("{CONFIG}time_zone = 'Europe/Paris'\n{choices}")).unwrap();
    let program = ["courant", "--config", config.to_str().unwrap()];
    let line = program.iter().chain(arguments).map(Into::into);
    let (output, captured) = Output::captured();
    match cli::run(line.collect::<Vec<_>>(), output, Clock::manual(app.clock.now())).await {
        Ok(()) => Ok(captured.text()),
        Err(error) => Err(format!("{}{error:#}", captured.text())),
    }
}

#[tokio::test]
async fn an_operator_sets_what_a_reader_wants_and_sees_when_they_are_written_to() {
    let app = TestApp::start(vec![choosy()], START).await;
    let ada = ["ada@example.org", "--newsletter", "daily"];
    let add = [&["subscriber", "add"], &ada[..], &["--confirmed", "by phone", "--topic", "sport"]].concat();
    courant(&app, &add).await.unwrap();
    let shape = [&["subscriber", "shape"], &ada[..]].concat();
    let chosen = ["--rhythm", "daily", "--hour", "8", "--time-zone", "Asia/Kathmandu", "--topic", "Politics"];
    let said = courant(&app, &[&shape[..], &chosen[..]].concat()).await.unwrap();
    let expected = "ada@example.org has daily from now on: daily at 8:00 in Asia/Kathmandu, of politics.\n";
    assert_eq!(said, expected);
    let shown = courant(&app, &["subscriber", "show", "ada@example.org"]).await.unwrap();
    assert!(shown.contains("daily at 8:00 in Asia/Kathmandu, of politics"), "{shown}");
    assert!(shown.contains("2026-03-02T02:15:00Z"), "{shown}");
    let json = courant(&app, &["subscriber", "show", "ada@example.org", "--json"]).await.unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let wants = serde_json::json!(
        {"rhythm": "daily", "hour": 8, "time_zone": "Asia/Kathmandu", "topics": ["politics"]}
    );
    assert_eq!(json["subscriptions"][0]["wants"], wants);
    publish(&app, "The vote", &["Politics"]).await;
    app.advance_to("2026-03-02T04:00:00+01:00").await;
    let shown = courant(&app, &["newsletter", "show", "daily"]).await.unwrap();
    assert!(
        shown.contains("daily at 8:00 in Asia/Kathmandu, of politics") && shown.contains("published"),
        "{shown}"
    );
    let plan = courant(&app, &["plan"]).await.unwrap();
    assert!(plan.contains("of politics: 2026-03-03T02:15:00Z, to 1 subscribers"), "{plan}");
    assert!(plan.contains("to 0 subscribers"), "the newsletter as it is: {plan}");
    let edition = courant(&app, &["edition", "show", "daily/2.1"]).await.unwrap();
    assert!(edition.starts_with("daily/2.1: The vote\n"), "{edition}");
    let said = courant(&app, &shape).await.unwrap();
    assert_eq!(said, "ada@example.org has daily from now on: as the newsletter goes out.\n");
    let retracted = courant(&app, &["article", "retract", "1"]).await.unwrap();
    assert!(retracted.contains("courant edition cancel daily/2.1"), "{retracted}");
}

#[tokio::test]
async fn what_is_not_offered_is_refused_with_what_is_and_nothing_is_kept() {
    let app = TestApp::start(vec![choosy()], START).await;
    for (option, value, expected) in [
        ("--topic", "Weather", "daily: topics is not offered: use Politics, Culture, Sport"),
        ("--rhythm", "hourly", "daily: rhythm is not offered: use newsletter, each_article, daily, weekly"),
        ("--time-zone", "Mars", "daily: time_zone is not offered: use Africa/Abidjan"),
        ("--hour", "24", "daily: hour is not offered: use 0, 1, 2"),
    ] {
        let line = [
            "subscriber",
            "add",
            "ada@example.org",
            "--newsletter",
            "daily",
            "--confirmed",
            "x",
            option,
            value,
        ];
        let said = courant(&app, &line).await.unwrap_err();
        assert!(said.starts_with(expected), "{said}");
    }
    assert!(courant(&app, &["subscriber", "show", "ada@example.org"]).await.is_err());
    assert_eq!(app.clock.now(), at(START));
}
