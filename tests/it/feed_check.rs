//! `courant feed check`: what is wrong with a feed, by rule.

use courant::render::feed::Format;
use courant::render::feed::check::{Severity, check};

use crate::feed_documents::feed_of;
use crate::support::odd::odd_articles;

fn rss(channel: &str, item: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\" \
         xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>T</title>\
         <link>https://example.org/</link><description>D</description>\
         <atom:link rel=\"self\" href=\"https://example.org/feed\"/>{channel}\
         <item><title>One</title><guid>https://example.org/1</guid>{item}</item></channel></rss>"
    )
}

fn atom(entry: &str) -> String {
    format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>urn:x:1</id><title>T</title>\
         <updated>2026-03-02T07:00:00Z</updated><author><name>A</name></author>\
         <link rel=\"self\" href=\"https://example.org/feed\"/>\
         <entry><title>One</title>{entry}</entry></feed>"
    )
}

fn json(item: &str) -> String {
    format!(
        "{{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"T\",\
         \"feed_url\": \"https://example.org/feed\", \"items\": [{item}]}}"
    )
}

const ENTRY: &str =
    "<id>urn:x:2</id><updated>2026-03-02T07:00:00Z</updated><link href=\"https://example.org/1\"/>";

fn rules(document: &str) -> Vec<&'static str> {
    check(document.as_bytes()).into_iter().map(|finding| finding.rule).collect()
}

#[test]
fn our_own_feeds_have_nothing_wrong() {
    for format in Format::ALL {
        assert_eq!(check(feed_of(&odd_articles()).render(format).as_bytes()), [], "{format:?}");
        assert_eq!(check(feed_of(&[]).render(format).as_bytes()), [], "{format:?}");
    }
}

#[test]
fn what_is_valid_is_not_blamed() {
    let item = "{\"id\": \"1\", \"content_text\": \"x\"}";
    for document in
        [rss("", ""), rss("<ttl>5</ttl>", "<link>https://example.org/1</link>"), atom(ENTRY), json(item)]
    {
        assert_eq!(rules(&document), Vec::<&str>::new(), "{document}");
    }
}

#[test]
fn each_fault_is_named_by_its_rule() {
    let utf16: Vec<u8> = "<rss/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(check(b"\xFF\xFE\xFF")[0].rule, "utf-8");
    assert_eq!(check(&utf16)[0].severity, Severity::Error);
    for (document, rule) in [
        (String::new(), "not-a-feed"),
        ("<!DOCTYPE html><title>x</title>".to_owned(), "html"),
        ("<sitemap/>".to_owned(), "not-a-feed"),
        (rss("<b>", ""), "well-formed"),
        (rss("", "R&D"), "well-formed"),
        (rss("", "&nbsp;"), "well-formed"),
        (rss("", "&#11;"), "well-formed"),
        (rss("", "a\u{B}b"), "forbidden-character"),
        (rss(&"<a>".repeat(500), ""), "too-deep"),
        (rss("", "</item></channel></rss><rss/>"), "well-formed"),
        (rss("<title>U</title>", ""), "repeated-element"),
        (rss("<language>the English one</language>", ""), "language"),
        (rss("<lastBuildDate>2026-03-02</lastBuildDate>", ""), "date"),
        (rss("<ttl>soon</ttl>", ""), "number"),
        (rss("", "<link>/1</link>"), "absolute-link"),
        (rss("", "<pubDate>yesterday</pubDate>"), "date"),
        (rss("", "<author>Ines Okafor</author>"), "author"),
        (rss("", "<enclosure url=\"https://example.org/a.mp3\"/>"), "enclosure"),
        (rss("", "<content:encoded>x</content:encoded>"), "description"),
        (rss("", "<description>&lt;a href=\"/x\">x&lt;/a></description>"), "html"),
        (
            rss("", "</item><item><title>&lt;b>x&lt;/b></title><guid>https://example.org/2</guid>"),
            "markup-in-title",
        ),
        (rss("", "</item><item><title>Two</title>"), "guid"),
        (rss("", "</item><item><title>Two</title><guid>two</guid>"), "permalink"),
        (rss("", "</item><item><title>Two</title><guid>https://example.org/1</guid>"), "same-guid"),
        (rss("", "</item><item><guid>https://example.org/2</guid>"), "required-element"),
        ("<rss><channel/></rss>".to_owned(), "rss-version"),
        ("<rss version=\"2.0\"/>".to_owned(), "channel"),
        (atom(""), "required-element"),
        (atom(&ENTRY.replace("urn:x:2", "2")), "id"),
        (atom(&ENTRY.replace("T07:00:00Z", "")), "date"),
        (atom(&format!("{ENTRY}</entry><entry><title>Two</title>{ENTRY}")), "same-id"),
        (atom(&format!("{ENTRY}<summary type=\"plain\">x</summary>")), "text-type"),
        (atom(&format!("{ENTRY}<summary>&lt;/b&gt;</summary>")), "undeclared-markup"),
        (atom(&format!("{ENTRY}<category/>")), "category"),
        (atom("<id>urn:x:2</id><updated>2026-03-02T07:00:00Z</updated>"), "nothing-to-read"),
        (atom(ENTRY).replace("<author><name>A</name></author>", ""), "author"),
        (atom(ENTRY).replace("rel=\"self\"", "rel=\"via\""), "self-link"),
        ("{\"version\": ".to_owned(), "json"),
        ("{\"items\": []}".to_owned(), "json-version"),
        (json("").replace("items", "entries"), "items"),
        (json("{\"content_text\": \"x\"}"), "id"),
        (json("{\"id\": \"1\"}"), "nothing-to-read"),
        (json("{\"id\": \"1\", \"content_text\": \"\", \"date_published\": \"today\"}"), "date"),
        (json("{\"id\": \"1\", \"content_text\": \"\", \"url\": \"/1\"}"), "absolute-link"),
        (json("{\"id\": \"1\", \"content_html\": \"<script>\"}"), "html"),
    ] {
        let found = rules(&document);
        assert!(found.contains(&rule), "{rule} not among {found:?} of {document}");
    }
}

#[test]
fn a_finding_says_where_why_and_what_to_do() {
    let findings = check(rss("\n<ttl>soon</ttl>", "\n<link>1</link>").as_bytes());
    insta::assert_json_snapshot!(findings);
}
