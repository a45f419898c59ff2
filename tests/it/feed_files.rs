//! `courant feed write`: feeds and their archives as files of a static host.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use assert_cmd::Command;
use courant::model::article::Content;
use courant::render::feed::check::check;
use serde_json::Value;

use crate::support::app::{CONFIG, TestApp, daily};
use crate::support::article::article;

const SITE: &str = "https://news.example.org/";

/// A publication of so many articles, with the configuration that commands beside the program read.
async fn publication(articles: i64) -> TestApp {
    let app = TestApp::start(vec![daily()], "2026-03-05T00:00:00Z").await;
    app.configure(|settings| {
        settings.publication.description = None;
        settings.publication.postal_address = None;
        settings.newsletters[0].title = String::from("The Daily Light");
    });
    fs::write(app.database().with_file_name("courant.toml"), CONFIG).unwrap();
    save(&app, 1..=articles).await;
    app
}

async fn save(app: &TestApp, numbers: impl Iterator<Item = i64>) {
    let articles: Vec<(String, Content)> = numbers
        .map(|number| {
            let mut content = article(number, &format!("Article {number}")).content;
            content.tags = vec![["Sea & Sky", "Land"][usize::try_from(number % 2).unwrap()].to_owned()];
            (number.to_string(), content)
        })
        .collect();
    app.store.save_articles("cms", &articles, app.clock.now()).await.unwrap();
}

fn command(directory: &Path) -> Command {
    let mut command = Command::cargo_bin("courant").unwrap();
    command.current_dir(directory).env_remove("COURANT_CONFIG");
    command
}

/// Runs `courant feed write`, and returns how many files it wrote and left alone.
fn write(directory: &Path) -> (u64, u64) {
    let assert = command(directory).args(["feed", "write", "public", "--json"]).assert().success();
    let outcome: Value = serde_json::from_slice(&assert.get_output().stdout).unwrap();
    assert_eq!(outcome["left_out"], serde_json::json!([]));
    (outcome["written"].as_u64().unwrap(), outcome["unchanged"].as_u64().unwrap())
}

/// The file that a host of plain files finds at an address.
fn file(public: &Path, address: &str) -> Vec<u8> {
    let path = percent_encoding::percent_decode_str(address).decode_utf8().unwrap();
    fs::read(public.join(&*path)).unwrap_or_else(|error| panic!("{address}: {error}"))
}

/// The addresses and bytes of a feed and of its archive, from the newest to the first article.
fn walk(public: &Path, address: &str) -> Vec<(String, Vec<u8>)> {
    let mut walked = Vec::new();
    let mut next = Some(address.to_owned());
    while let Some(address) = next {
        let bytes = file(public, &address);
        assert_eq!(check(&bytes), [], "{address}");
        next = previous(std::str::from_utf8(&bytes).unwrap());
        walked.push((address, bytes));
    }
    walked
}

fn previous(document: &str) -> Option<String> {
    let address = if document.starts_with('{') {
        let feed: Value = serde_json::from_str(document).unwrap();
        feed["next_url"].as_str()?.to_owned()
    } else {
        let (_, link) = document.split_once("rel=\"prev-archive\"")?;
        link.split_once("href=\"")?.1.split('"').next()?.to_owned()
    };
    Some(address.strip_prefix(SITE).unwrap().to_owned())
}

fn titles(bytes: &[u8]) -> Vec<String> {
    let feed = feed_rs::parser::parse(bytes).unwrap();
    feed.entries.into_iter().map(|entry| entry.title.unwrap().content).collect()
}

#[tokio::test]
async fn every_feed_that_was_written_leads_back_to_its_first_article_and_is_as_it_is_served() {
    let app = publication(1_120).await;
    let directory = app.database().parent().unwrap().to_owned();
    let public = directory.join("public");
    let (written, _) = write(&directory);
    let served = app.serve().await;
    for (feed, step, pages) in [
        ("feed.rss", 1, 23),
        ("feed.atom", 1, 23),
        ("feed.json", 1, 23),
        ("tags/sea%20%26%20sky/feed.rss", 2, 12),
        ("authors/ines%20okafor/feed.atom", 1, 23),
        ("sources/cms/feed.json", 1, 23),
        ("newsletters/daily/feed.rss", 1, 23),
    ] {
        let walked = walk(&public, feed);
        assert_eq!(walked.len(), pages, "{feed}");
        let seen: BTreeSet<String> = walked.iter().flat_map(|(_, bytes)| titles(bytes)).collect();
        let expected =
            (1..=1_120).filter(|number| number % step == 0).map(|number| format!("Article {number}"));
        assert_eq!(seen, expected.collect(), "{feed}");
        for (address, bytes) in &walked {
            assert_eq!(&served.get(&format!("/{address}")).await.bytes, bytes, "{address}");
        }
    }
    // Of all, the author, the source and the newsletter; of two tags; and of editions, of which there is none.
    assert_eq!(written, 3 * (4 * 23 + 2 * 12 + 1));
    let checked = command(&directory).args(["feed", "check", "--all"]).assert().success();
    let told = String::from_utf8_lossy(&checked.get_output().stdout).into_owned();
    assert_eq!(told, format!("{written} feeds: 0 errors, 0 warnings\n"), "it checks all of them");
}

#[tokio::test]
async fn what_is_published_later_writes_the_newest_pages_alone() {
    let app = publication(200).await;
    let directory = app.database().parent().unwrap().to_owned();
    let (written, _) = write(&directory);
    assert_eq!(write(&directory), (0, written), "nothing is written twice");
    save(&app, 201..=201).await;
    // The feeds of all, of the source, the author, the newsletter, and of its tag, in three formats.
    assert_eq!(write(&directory), (15, written - 15));
    let public = directory.join("public");
    save(&app, 202..=260).await;
    write(&directory);
    let last = String::from_utf8(file(&public, "feed/archive/4.atom")).unwrap();
    assert!(last.contains("rel=\"next-archive\"") && last.contains("feed/archive/5.atom"), "{last}");
    let found: BTreeSet<String> =
        walk(&public, "feed.atom").iter().flat_map(|(_, bytes)| titles(bytes)).collect();
    assert_eq!(found.len(), 260);
}
