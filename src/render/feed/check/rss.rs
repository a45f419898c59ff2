//! Rules of RSS 2.0 and its profile.

use std::collections::HashSet;

use super::tree::Element;
use super::value::{fault_of_html, has_markup, is_absolute, is_language, is_rfc822, is_web_address};
use super::{Findings, LANGUAGE, Rule, rss_parts};

const VERSION: Rule = Rule::error("rss-version", "Write <rss version=\"2.0\">.");
const OLD_VERSION: Rule =
    Rule::warning("old-version", "Write <rss version=\"2.0\">, and a guid into each item.");
const CHANNEL: Rule = Rule::error("channel", "Put everything into one <channel>.");
const REQUIRED: Rule = Rule::error("required-element", "Add the element.");
const REPEATED: Rule = Rule::error("repeated-element", "Keep one of them.");
const LINK: Rule = Rule::error("absolute-link", "Write the whole address, with https:// and host.");
const DATE: Rule = Rule::error("date", "Write dates as in Mon, 02 Mar 2026 07:00:00 GMT.");
const NUMBER: Rule = Rule::error("number", "Write a whole number.");
const SELF: Rule =
    Rule::warning("self-link", "Add <atom:link rel=\"self\" type=\"application/rss+xml\" href=\"…\"/>.");
const GUID: Rule = Rule::warning("guid", "Give every item a guid that never changes.");
const SAME_GUID: Rule = Rule::error("same-guid", "Give every item a guid of its own.");
const PERMALINK: Rule = Rule::error("permalink", "Add isPermaLink=\"false\" to a guid that is no address.");
const AUTHOR: Rule = Rule::error("author", "Use <dc:creator> for names; <author> is for mail addresses.");
const ENCLOSURE: Rule = Rule::error("enclosure", "Give it url, length in bytes, and type.");
const MARKUP: Rule = Rule::warning("markup-in-title", "Titles are plain text: remove tags, decode entities.");
const DESCRIPTION: Rule = Rule::warning("description", "Put a plain summary into <description>.");
const HTML: Rule = Rule::warning("html", "Make addresses absolute; leave out scripts, forms and frames.");

/// Elements that a channel or an item may have once.
const ONCE: &[&str] = &[
    "title",
    "link",
    "description",
    "language",
    "copyright",
    "managingEditor",
    "docs",
    "cloud",
    "image",
    "textInput",
    "skipHours",
    "skipDays",
    "pubDate",
    "lastBuildDate",
    "ttl",
    "guid",
    "source",
    "content:encoded",
];

/// Checks a document, and returns how many items it has.
pub fn check(root: &Element, findings: &mut Findings) -> usize {
    match root.attribute("version").unwrap_or("none") {
        "2.0" => {}
        "0.91" | "0.92" | "0.93" | "0.94" => {
            findings.add(&OLD_VERSION, root.place(), "Its version is older than ids, which readers want.");
        }
        other => {
            findings.add(
                &VERSION,
                root.place(),
                format!("Its version is {other:?}; readers guess the rest."),
            );
        }
    }
    let Some(channel) = root.child("channel") else {
        findings.add(&CHANNEL, root.place(), "There is no channel, and so nothing to read.");
        return 0;
    };
    check_channel(channel, findings);
    let mut guids = HashSet::new();
    for item in channel.all("item") {
        check_item(item, findings);
        check_guid(item, &mut guids, findings);
    }
    channel.all("item").count()
}

fn check_channel(channel: &Element, findings: &mut Findings) {
    for name in ["title", "link", "description"] {
        if channel.child(name).is_none() {
            findings.add(&REQUIRED, channel.place(), format!("A channel must have a <{name}>."));
        }
    }
    check_common(channel, findings);
    if let Some(language) = channel.child("language").filter(|element| !is_language(element.text.trim())) {
        findings.add(&LANGUAGE, language.place(), format!("{:?} is no language tag.", language.text.trim()));
    }
    if let Some(ttl) = channel.child("ttl").filter(|element| element.text.trim().parse::<u32>().is_err()) {
        findings.add(&NUMBER, ttl.place(), format!("{:?} is not a number of minutes.", ttl.text.trim()));
    }
    rss_parts::check_channel(channel, findings);
    let own = channel.all("atom:link").find(|link| link.attribute("rel") == Some("self"));
    match own.and_then(|link| link.attribute("href")) {
        Some(address) if is_web_address(address) => {}
        Some(_) => findings.add(&SELF, channel.place(), "The feed's own address is not absolute."),
        None => findings.add(&SELF, channel.place(), "A saved copy does not know where it came from."),
    }
}

/// What holds for a channel and for an item.
fn check_common(parent: &Element, findings: &mut Findings) {
    for name in ONCE {
        if let Some(second) = parent.all(name).nth(1) {
            findings.add(&REPEATED, second.place(), format!("There is more than one <{name}>."));
        }
    }
    if let Some(link) = parent.child("link").filter(|link| !is_absolute(&link.text)) {
        findings.add(&LINK, link.place(), format!("{:?} is not an absolute address.", link.text.trim()));
    }
    for name in ["pubDate", "lastBuildDate"] {
        if let Some(date) = parent.child(name).filter(|date| !is_rfc822(&date.text)) {
            findings.add(&DATE, date.place(), format!("{:?} is no date of RFC 822.", date.text.trim()));
        }
    }
    if let Some(title) = parent.child("title").filter(|title| has_markup(&title.text)) {
        findings.add(&MARKUP, title.place(), "Some readers show the markup, others drop what is in it.");
    }
}

fn check_item(item: &Element, findings: &mut Findings) {
    check_common(item, findings);
    rss_parts::check_item(item, findings);
    if item.child("title").is_none() && item.child("description").is_none() {
        findings.add(&REQUIRED, item.place(), "An item must have a <title> or a <description>.");
    }
    if item.child("content:encoded").is_some() && item.child("description").is_none() {
        findings.add(&DESCRIPTION, item.place(), "Readers that know no content:encoded show nothing.");
    }
    if let Some(author) = item.child("author").filter(|author| !is_mailbox(&author.text)) {
        findings.add(&AUTHOR, author.place(), format!("{:?} is no mail address.", author.text.trim()));
    }
    for enclosure in item.all("enclosure") {
        let has_length = enclosure.attribute("length").is_some_and(|length| length.parse::<u64>().is_ok());
        let has_url = enclosure.attribute("url").is_some_and(is_web_address);
        if !has_length || !has_url || enclosure.attribute("type").is_none() {
            findings.add(&ENCLOSURE, enclosure.place(), "Players cannot fetch it without all three.");
        }
    }
    for name in ["description", "content:encoded"] {
        if let Some((element, why)) =
            item.child(name).and_then(|html| Some((html, fault_of_html(&html.text)?)))
        {
            findings.add(&HTML, element.place(), why);
        }
    }
}

fn is_mailbox(author: &str) -> bool {
    author.contains('@') || author.trim().starts_with("mailto:")
}

fn check_guid(item: &Element, seen: &mut HashSet<String>, findings: &mut Findings) {
    let Some(guid) = item.child("guid") else {
        return findings.add(&GUID, item.place(), "Readers show an edited title as a new item.");
    };
    let id = guid.text.trim();
    if guid.attribute("isPermaLink") != Some("false") && !is_web_address(id) {
        findings.add(&PERMALINK, guid.place(), format!("{id:?} is taken for an address and is none."));
    }
    if !seen.insert(id.to_owned()) {
        findings.add(&SAME_GUID, guid.place(), format!("Another item has {id:?}; readers show one of them."));
    }
}
