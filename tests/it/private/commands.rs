//! What commands tell of private newsletters, and how they end feeds.

use courant::cli::{self, Output};
use courant::config::{Environment, load_in};
use reqwest::StatusCode;

use super::{app, feeds};
use crate::support::app::{CONFIG, TestApp};

/// What a command beside the program prints.
async fn courant(app: &TestApp, arguments: &[&str]) -> Result<String, String> {
    let config = app.database().parent().unwrap().join("courant.toml");
    let insiders =
        "[[newsletter]]\nslug = 'insiders'\ntitle = 'The Insiders'\nprivate = true\nschedule = '0 7 * * *'\n";
    std::fs::write(&config, format!("{CONFIG}{insiders}")).unwrap();
    assert!(load_in(&config, &Environment::default()).is_ok());
    let program = ["courant", "--config", config.to_str().unwrap()];
    let line: Vec<_> = program.iter().chain(arguments).map(Into::into).collect();
    let (output, captured) = Output::captured();
    match cli::run(line, output, app.clock.clone()).await {
        Ok(()) => Ok(captured.text()),
        Err(error) => Err(format!("{error:#}")),
    }
}

#[tokio::test]
async fn a_newsletter_is_said_to_be_private_and_how_many_have_a_feed() {
    let app = app().await;
    let served = app.serve().await;
    feeds::ada(&app, &served).await;
    let list = courant(&app, &["newsletter", "list"]).await.unwrap();
    assert!(list.contains("active, private"), "{list}");
    let shown = courant(&app, &["newsletter", "show", "insiders"]).await.unwrap();
    assert!(shown.contains("The Insiders (insiders), active, private"), "{shown}");
    assert!(shown.contains("1 of them have a feed of their own"), "{shown}");
    let json = courant(&app, &["newsletter", "show", "insiders", "--json"]).await.unwrap();
    assert!(json.contains("\"private\": true") && json.contains("\"private_feeds\": 1"), "{json}");
    let plan = courant(&app, &["plan"]).await.unwrap();
    assert!(plan.contains("to 1 subscribers, private"), "{plan}");
    assert!(!courant(&app, &["newsletter", "show", "daily"]).await.unwrap().contains("private"));
}

#[tokio::test]
async fn an_operator_ends_the_feed_of_one_reader_or_of_all() {
    let app = app().await;
    let served = app.serve().await;
    let feeds::Ada { manage, feed, .. } = feeds::ada(&app, &served).await;
    let shown = courant(&app, &["subscriber", "show", "ada@example.com"]).await.unwrap();
    assert!(shown.contains("active, with a feed of their own since 2026-03-02T06:05:00Z"), "{shown}");
    let token = feed.trim_start_matches("/feed/private/");
    let json = courant(&app, &["subscriber", "show", "ada@example.com", "--json"]).await.unwrap();
    assert!(json.contains("private_feed_since") && !json.contains(token), "{json}");
    let end = ["subscriber", "end-feed", "ada@example.com", "--newsletter", "insiders"];
    let ended = courant(&app, &end).await.unwrap();
    assert!(ended.contains("The feed of insiders has ended"), "{ended}");
    assert_eq!(feeds::status(&served, &feed).await, StatusCode::GONE);
    assert!(courant(&app, &end).await.unwrap_err().contains("this address has no feed of insiders"));

    let another = feeds::press(&served, &manage, feeds::MAKE).await;
    assert_eq!(feeds::status(&served, &another).await, StatusCode::OK);
    let ended = courant(&app, &["newsletter", "end-feeds", "insiders"]).await.unwrap();
    assert!(ended.contains("1 feed has ended"), "{ended}");
    assert_eq!(feeds::status(&served, &another).await, StatusCode::GONE);
    let ended = courant(&app, &["newsletter", "end-feeds", "insiders"]).await.unwrap();
    assert!(ended.contains("No reader of insiders had a feed"), "{ended}");
}

#[tokio::test]
async fn feeds_are_written_as_files_without_what_is_private() {
    let app = app().await;
    let folder = app.database().parent().unwrap().join("public");
    courant(&app, &["feed", "write", folder.to_str().unwrap()]).await.unwrap();
    let mut waiting = vec![folder.clone()];
    let mut files = 0;
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        files += 1;
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!text.contains("/newsletters/insiders"), "{}", path.display());
        assert!(!path.to_str().unwrap().contains("insiders"), "{}", path.display());
    }
    assert!(files > 9, "{files}");
}
