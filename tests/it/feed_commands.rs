//! `courant feed`, as an operator calls it.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use courant::model::time::Timestamp;
use courant::store::Store;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::article::{MORNING, article};

const CONFIG: &str = r#"
[publication]
title = "The Harbour Light"
base_url = "https://news.example.org"
postal_address = "1 Quay Street, Seaport"

[mail]
from = "The Harbour Light <digest@news.example.org>"
[mail.relay]
url = "smtp://127.0.0.1:2525"

[database]
url = "sqlite:courant.db"

[[newsletter]]
slug = "daily"
title = "The Daily Light"
schedule = "0 7 * * *"
"#;

async fn publication() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("courant.toml"), CONFIG).unwrap();
    let now = Timestamp::from_unix(MORNING);
    let store = Store::open(&directory.path().join("courant.db"), now).await.unwrap();
    let mut odd = article(2, "Odd").content;
    odd.tags = vec!["..".to_owned(), "a/b".to_owned()];
    let saved = [("1".to_owned(), article(1, "One").content), ("2".to_owned(), odd)];
    store.save_articles("cms", &saved, now).await.unwrap();
    store.close().await;
    directory
}

fn feed(directory: &Path) -> Command {
    let mut command = Command::cargo_bin("courant").unwrap();
    command.current_dir(directory).arg("feed");
    command
}

fn json(command: &mut Command) -> Value {
    serde_json::from_slice(&command.arg("--json").assert().get_output().stdout).unwrap()
}

#[tokio::test]
async fn every_feed_is_written_once_and_left_alone_while_nothing_changes() {
    let directory = publication().await;
    let site = directory.path().join("public");
    let first = json(feed(directory.path()).args(["write", "public"]));
    assert_eq!(first, serde_json::json!({"written": 21, "unchanged": 0, "left_out": ["tags/../feed"]}));
    for file in [
        "feed.rss",
        "feed.json",
        "newsletters/daily/editions.atom",
        "tags/harbour/feed.atom",
        "authors/ines okafor/feed.json",
        "sources/cms/feed.rss",
        "tags/a/b/feed.rss",
    ] {
        assert!(site.join(file).is_file(), "{file}");
    }
    let changed = |file: &str| fs::metadata(site.join(file)).unwrap().modified().unwrap();
    let before = changed("feed.rss");
    fs::write(site.join("feed.atom"), "spoilt").unwrap();
    let second = json(feed(directory.path()).args(["write", "public"]));
    assert_eq!((&second["written"], &second["unchanged"]), (&1.into(), &20.into()));
    assert_eq!(changed("feed.rss"), before);
    assert!(fs::read_to_string(site.join("feed.atom")).unwrap().contains("<title type=\"text\">One</title>"));
    feed(directory.path()).args(["check", "public/feed.rss", "public/tags/a/b/feed.json"]).assert().success();
}

#[tokio::test]
async fn all_feeds_of_a_publication_are_checked_at_once() {
    let directory = publication().await;
    let assert = feed(directory.path()).args(["check", "--all"]).assert().success();
    let printed = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
    assert_eq!(printed, "24 feeds: 0 errors, 0 warnings\n");
}

#[test]
fn a_feed_that_is_not_valid_fails_and_says_why() {
    let directory = tempfile::tempdir().unwrap();
    let broken =
        "<rss version=\"2.0\"><channel><title>T</title><item><pubDate>soon</pubDate></item></channel></rss>";
    fs::write(directory.path().join("broken.rss"), broken).unwrap();
    let assert = feed(directory.path()).args(["check", "broken.rss"]).assert().code(1).stderr("");
    insta::assert_snapshot!(String::from_utf8(assert.get_output().stdout.clone()).unwrap());
    let findings = json(feed(directory.path()).args(["check", "broken.rss"]));
    assert_eq!(findings[0]["feed"], "broken.rss");
    assert_eq!(findings[0]["findings"][0]["severity"], "error");
    fs::write(directory.path().join("cut.json"), "{").unwrap();
    let assert = feed(directory.path()).args(["check", "cut.json"]).assert().code(1);
    let printed = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
    assert!(printed.ends_with("\n1 feed: 1 error, 0 warnings\n"), "{printed}");
    let standard = feed(directory.path()).args(["check", "-"]).write_stdin("no feed").assert().code(1);
    assert!(String::from_utf8_lossy(&standard.get_output().stdout).contains("neither XML nor JSON"));
}

#[test]
fn wrong_use_is_told() {
    let directory = tempfile::tempdir().unwrap();
    for (arguments, words) in [
        (&["check"] as &[&str], "required"),
        (&["check", "none.rss"], "none.rss cannot be read"),
        (&["check", "--all", "x.rss"], "cannot be used with"),
    ] {
        let assert = feed(directory.path()).args(arguments).assert().code(2);
        let told = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
        assert!(told.contains(words), "{arguments:?}: {told}");
    }
}
