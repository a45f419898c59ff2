//! `courant feed check`: feeds with one odd thing each, and what the programs ask that bring feeds to more readers.

use std::fs;
use std::path::{Path, PathBuf};

use courant::render::feed::check::{Profile, Severity, check, check_profile};

fn fixtures(kind: &str) -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/checked_feeds").join(kind);
    let files: Vec<PathBuf> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() > 10, "{kind}: {files:?}");
    files
}

#[test]
fn each_odd_feed_is_blamed_by_the_rule_that_it_is_named_after() {
    for file in fixtures("faulty") {
        let name = file.file_name().unwrap().to_str().unwrap();
        let (rule, _) = name.split_once("--").unwrap();
        let findings = check(&fs::read(&file).unwrap());
        let is_blamed =
            findings.iter().any(|finding| finding.rule == rule && finding.severity == Severity::Error);
        assert!(is_blamed, "{name}: {findings:?}");
    }
}

#[test]
fn what_is_valid_and_rare_is_not_blamed() {
    for file in fixtures("valid") {
        let findings = check(&fs::read(&file).unwrap());
        assert!(
            findings.iter().all(|finding| finding.severity == Severity::Warning),
            "{}: {findings:?}",
            file.display()
        );
    }
}

fn example(name: &str) -> String {
    let file = format!("tests/fixtures/checked_feeds/valid/{name}.rss");
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

fn rules(document: &str, profile: Profile) -> Vec<&'static str> {
    check_profile(document.as_bytes(), profile).iter().map(|finding| finding.rule).collect()
}

#[test]
fn a_feed_that_does_what_a_program_asks_is_not_blamed() {
    for (name, profile) in Profile::ALL {
        assert_eq!(rules(&example(name), profile), Vec::<&str>::new(), "{name}");
        assert_eq!(rules("{\"items\": []}", profile), ["profile-format"], "{name}");
    }
}

/// A whole feed for the profile, with `from` made `to` wherever it stands.
fn mended(profile: &str, from: &str, to: &str) -> Vec<&'static str> {
    let document = example(profile);
    assert!(document.contains(from), "{profile}: {from}");
    rules(&document.replace(from, to), Profile::of_name(profile).unwrap())
}

#[test]
fn each_demand_of_a_program_is_named_by_its_rule() {
    let long = format!("<description>{}", "a".repeat(4100));
    let second =
        "</item><item><title>T</title><guid>x</guid><enclosure url=\"https://press.example/ferry.mp3\"";
    for (profile, from, to, rule) in [
        ("podcast", "itunes:image", "itunes:picture", "podcast-image"),
        ("podcast", "<language>en", "<language>the english one", "podcast-language"),
        ("podcast", "text=\"News\"", "text=\"Boats\"", "podcast-category"),
        ("podcast", ">false<", ">no idea<", "podcast-explicit"),
        ("podcast", "itunes:author", "itunes:by", "podcast-author"),
        ("podcast", "podcast:guid", "podcast:id", "podcast-guid"),
        ("podcast", ">yes<", ">maybe<", "podcast-locked"),
        ("podcast", "<description>", &long, "podcast-description"),
        ("podcast", "</item>", &format!("{second} type=\"audio/mpeg\"/></item>"), "podcast-same-file"),
        ("podcast", "audio/mpeg", "image/png", "podcast-enclosure"),
        ("podcast", "length=\"40000\"", "length=\"0\"", "podcast-length"),
        ("podcast", "<guid>https://press.example/ferry</guid>", "", "podcast-id"),
        ("podcast", "<title>The ferry sails</title>", "", "podcast-title"),
        ("podcast", "<pubDate>Mon", "<pubDate>Some", "podcast-date"),
        ("podcast", ">61<", ">a minute<", "podcast-duration"),
        ("flipboard", "<language>en</language>", "", "flipboard-channel"),
        ("flipboard", "item>", "other>", "flipboard-items"),
        ("flipboard", "guid>", "id>", "flipboard-item"),
        ("flipboard", "media:content", "media:player", "flipboard-image"),
        ("flipboard", "height=\"800\"", "height=\"80\"", "flipboard-image-size"),
        ("flipboard", "dc:creator", "dc:publisher", "flipboard-creator"),
        ("flipboard", "The ferry sails at seven from the old quay", "", "flipboard-excerpt"),
        ("smartnews", "<title>The Press</title>", "", "smartnews-channel"),
        ("smartnews", "lastBuildDate", "built", "smartnews-date"),
        ("smartnews", "<language>en</language>", "", "smartnews-language"),
        ("smartnews", "snf:logo", "snf:mark", "smartnews-logo"),
        (
            "smartnews",
            "News from the quay",
            "All the news that there is, from the old quay",
            "smartnews-description",
        ),
        ("smartnews", "<guid>", "<id/><guid isPermaLink=\"false\"/><guid>", "smartnews-item"),
        ("smartnews", "content:encoded", "content:items", "smartnews-content"),
        ("smartnews", "It sails at seven.&lt;", "&lt;script&gt;&lt;", "smartnews-script"),
        ("smartnews", "media:thumbnail", "media:player", "smartnews-thumbnail"),
        ("google-news", "<guid>https://press.example/0</guid>", "", "google-news-item"),
        ("google-news", "pubDate", "date", "google-news-date"),
        ("google-news", "content:encoded", "content:items", "google-news-content"),
        ("google-news", "dc:creator", "dc:publisher", "google-news-author"),
        ("google-news", "media:content", "media:player", "google-news-image"),
        ("google-news", "It sails at seven.", &"a".repeat(1 << 20), "google-news-article-size"),
        ("google-news", "It sails at seven.", &"a".repeat(2 << 20), "google-news-size"),
        ("google-news", "</channel>", &format!("{}</channel>", "<item/>".repeat(60)), "google-news-items"),
    ] {
        let found = mended(profile, from, to);
        assert!(found.contains(&rule), "{rule} not among {found:?}");
    }
}
