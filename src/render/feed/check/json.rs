//! Rules of JSON Feed 1.1.

use std::collections::HashSet;

use serde_json::Value;

use super::value::{fault_of_html, is_rfc3339, is_web_address};
use super::{Findings, Rule, readers};
use crate::render::feed::Format;

const JSON: Rule = Rule::error("json", "Write the feed with a JSON writer, not by joining text.");
const VERSION: Rule = Rule::error("json-version", "Write \"version\": \"https://jsonfeed.org/version/1.1\".");
const TITLE: Rule = Rule::error("title", "Give the feed a title.");
const ITEMS: Rule = Rule::error("items", "Put the items into a list \"items\"; it may be empty.");
const OWN: Rule = Rule::warning("self-link", "Add \"feed_url\" with the feed's own address.");
const ID: Rule = Rule::error("id", "Give every item an id that never changes, as a string.");
const SAME_ID: Rule = Rule::error("same-id", "Give every item an id of its own.");
const CONTENT: Rule = Rule::error("nothing-to-read", "Add \"content_html\" or \"content_text\".");
const DATE: Rule = Rule::error("date", "Write dates as in 2026-03-02T07:00:00Z.");
const LINK: Rule = Rule::error("absolute-link", "Write the whole address, with https:// and host.");
const AUTHOR: Rule = Rule::warning("author", "Use the list \"authors\"; \"author\" is of version 1.");
const HTML: Rule = Rule::warning("html", "Make addresses absolute; leave out scripts, forms and frames.");

/// Checks a document.
pub fn check(text: &str, findings: &mut Findings) {
    let feed: Value = match serde_json::from_str(text) {
        Ok(feed) => feed,
        Err(error) => {
            let place = format!("line {}", error.line());
            return findings.add(&JSON, place, format!("It is not JSON: {error}."));
        }
    };
    check_feed(&feed, findings);
    let Some(items) = feed["items"].as_array() else {
        return findings.add(&ITEMS, "items", "There is no list of items.");
    };
    let mut ids = HashSet::new();
    for (index, item) in items.iter().enumerate() {
        check_item(item, &format!("items[{index}]"), findings);
        if item["id"].as_str().is_some_and(|id| !ids.insert(id.to_owned())) {
            findings.add(&SAME_ID, format!("items[{index}].id"), "Another item has the same id.");
        }
    }
    readers::check(text, Format::Json, items.len(), findings);
}

fn check_feed(feed: &Value, findings: &mut Findings) {
    let version = feed["version"].as_str().unwrap_or_default();
    if !version.starts_with("https://jsonfeed.org/version/1") {
        findings.add(&VERSION, "version", format!("{version:?} is no version of JSON Feed."));
    }
    if !feed["title"].is_string() {
        findings.add(&TITLE, "title", "The feed has no title.");
    }
    if !feed["feed_url"].as_str().is_some_and(is_web_address) {
        findings.add(&OWN, "feed_url", "A saved copy does not know where it came from.");
    }
}

fn check_item(item: &Value, place: &str, findings: &mut Findings) {
    if !item["id"].is_string() {
        findings.add(&ID, format!("{place}.id"), "Readers cannot tell whether they know the item.");
    }
    if !item["content_html"].is_string() && !item["content_text"].is_string() {
        findings.add(&CONTENT, place, "An item must have content.");
    }
    for name in ["date_published", "date_modified"] {
        if !item[name].is_null() && !item[name].as_str().is_some_and(is_rfc3339) {
            findings.add(&DATE, format!("{place}.{name}"), format!("{} is no date.", item[name]));
        }
    }
    for name in ["url", "external_url", "image", "banner_image"] {
        if !item[name].is_null() && !item[name].as_str().is_some_and(is_web_address) {
            findings.add(&LINK, format!("{place}.{name}"), format!("{} is no absolute address.", item[name]));
        }
    }
    if !item["author"].is_null() {
        findings.add(&AUTHOR, format!("{place}.author"), "Readers of version 1.1 do not look there.");
    }
    if let Some(why) = item["content_html"].as_str().and_then(fault_of_html) {
        findings.add(&HTML, format!("{place}.content_html"), why);
    }
}
