//! Rules of Atom 1.0 (RFC 4287).

use std::collections::HashSet;

use super::atom_parts::{check_addresses, check_content, check_people, check_text};
use super::tree::Element;
use super::value::{fault_of_html, is_absolute, is_address, is_rfc3339, is_web_address};
use super::{Findings, Rule};

const REQUIRED: Rule = Rule::error("required-element", "Add the element.");
const REPEATED: Rule = Rule::error("repeated-element", "Keep one of them.");
const ID: Rule = Rule::error("id", "Use an absolute name that never changes, such as urn:uuid:….");
const SAME_ID: Rule = Rule::error("same-id", "Give every entry an id of its own.");
const SAME_UPDATED: Rule = Rule::warning("same-updated", "Give every entry a moment of its own.");
const DATE: Rule = Rule::error("date", "Write dates as in 2026-03-02T07:00:00Z.");
const AUTHOR: Rule = Rule::error("author", "Name an <author> for the feed, or for every entry.");
const SELF: Rule =
    Rule::warning("self-link", "Add <link rel=\"self\" type=\"application/atom+xml\" href=\"…\"/>.");
const UNKNOWN: Rule = Rule::error("unknown-element", "Remove it, or use a namespace of its own.");
const ORDER: Rule = Rule::error("order", "Put what is about the feed before its first entry.");
const BASE: Rule = Rule::error("xml-base", "Write an address into xml:base.");
const ENTRY: Rule = Rule::warning("entry-document", "Publish a <feed> with the entry in it.");
const NOTHING: Rule = Rule::error("nothing-to-read", "Add <content>, or a link to the page.");
const CATEGORY: Rule = Rule::error("category", "Give it a term.");
const HTML: Rule = Rule::warning("html", "Make addresses absolute; leave out scripts, forms and frames.");

/// Elements that a feed or an entry may have once.
const ONCE: &[&str] = &[
    "atom:id",
    "atom:title",
    "atom:subtitle",
    "atom:updated",
    "atom:published",
    "atom:generator",
    "atom:icon",
    "atom:logo",
    "atom:rights",
    "atom:source",
    "atom:summary",
    "atom:content",
];

/// Checks a document, and returns how many entries it has.
pub fn check(feed: &Element, findings: &mut Findings) -> usize {
    check_common(feed, findings);
    let own = feed.all("atom:link").find(|link| link.attribute("rel") == Some("self"));
    if own.and_then(|link| link.attribute("href")).is_none_or(|address| !is_web_address(address)) {
        findings.add(&SELF, feed.place(), "A saved copy does not know where it came from.");
    }
    check_order(feed, findings);
    let is_signed = feed.child("atom:author").is_some();
    let (mut ids, mut moments) = (HashSet::new(), HashSet::new());
    for entry in feed.all("atom:entry") {
        check_entry(entry, findings);
        if !is_signed && !has_author(entry) {
            findings.add(&AUTHOR, entry.place(), "Neither the entry nor the feed names an author.");
        }
        let is_new = |set: &mut HashSet<String>, name| {
            entry.text_of(name).is_none_or(|text| text.is_empty() || set.insert(text.to_owned()))
        };
        if !is_new(&mut ids, "atom:id") {
            findings.add(&SAME_ID, entry.place(), "Another entry has the same id; readers show one of them.");
        }
        if !is_new(&mut moments, "atom:updated") {
            findings.add(&SAME_UPDATED, entry.place(), "Another entry was updated at the same moment.");
        }
    }
    feed.all("atom:entry").count()
}

/// Checks a document that is one entry.
pub fn check_entry_document(entry: &Element, findings: &mut Findings) {
    findings.add(&ENTRY, entry.place(), "It is a single entry; feed readers subscribe to feeds.");
    check_entry(entry, findings);
    if !has_author(entry) {
        findings.add(&AUTHOR, entry.place(), "Neither the entry nor its source names an author.");
    }
}

/// What is about the feed stands before its entries (§4.1.1).
fn check_order(feed: &Element, findings: &mut Findings) {
    let after = feed.children.iter().skip_while(|child| child.name != "atom:entry");
    for late in after.filter(|child| child.name.starts_with("atom:") && child.name != "atom:entry") {
        findings.add(&ORDER, late.place(), "Readers that read as they go have shown entries without it.");
    }
}

fn has_author(entry: &Element) -> bool {
    entry.child("atom:author").is_some()
        || entry.child("atom:source").is_some_and(|source| source.child("atom:author").is_some())
}

/// What holds for a feed and for an entry.
fn check_common(parent: &Element, findings: &mut Findings) {
    for name in ["id", "title", "updated"] {
        if parent.child(&format!("atom:{name}")).is_none() {
            findings.add(&REQUIRED, parent.place(), format!("There is no <{name}>."));
        }
    }
    check_source(parent, findings);
}

/// What holds for a feed, for an entry and for the feed that an entry came from.
fn check_source(parent: &Element, findings: &mut Findings) {
    for name in ONCE {
        if let Some(second) = parent.all(name).nth(1) {
            findings.add(&REPEATED, second.place(), "There is more than one; a reader takes either.");
        }
    }
    if let Some(id) = parent.child("atom:id").filter(|id| !is_absolute(&id.text)) {
        findings.add(&ID, id.place(), format!("{:?} is no absolute name.", id.text.trim()));
    }
    for name in ["atom:updated", "atom:published"] {
        if let Some(date) = parent.child(name).filter(|date| !is_rfc3339(&date.text)) {
            findings.add(&DATE, date.place(), format!("{:?} is no date of RFC 3339.", date.text.trim()));
        }
    }
    if let Some(base) = parent.attribute("xml:base").filter(|base| !is_address(base)) {
        findings.add(&BASE, parent.place(), format!("{base:?} is no address."));
    }
    check_known(parent, findings);
    check_people(parent, findings);
    check_addresses(parent, findings);
    for name in ["atom:title", "atom:subtitle", "atom:summary", "atom:rights"] {
        parent.all(name).for_each(|text| check_text(text, findings));
    }
}

/// Elements of Atom's own namespace, of which no others may be added.
fn check_known(parent: &Element, findings: &mut Findings) {
    let is_feed = parent.name == "atom:feed";
    for child in parent.children.iter().filter(|child| child.name.starts_with("atom:")) {
        let is_known = ONCE.contains(&&*child.name)
            || matches!(&*child.name, "atom:author" | "atom:contributor" | "atom:category" | "atom:link")
            || is_feed && child.name == "atom:entry";
        if !is_known {
            findings.add(&UNKNOWN, child.place(), "Atom knows no such element here.");
        }
    }
}

fn check_entry(entry: &Element, findings: &mut Findings) {
    check_common(entry, findings);
    let has_page =
        entry.all("atom:link").any(|link| matches!(link.attribute("rel"), None | Some("alternate")));
    let content = entry.child("atom:content");
    if content.is_none() && !has_page {
        findings.add(&NOTHING, entry.place(), "It has neither content nor a page.");
    }
    for category in entry.all("atom:category").filter(|category| category.attribute("term").is_none()) {
        findings.add(&CATEGORY, category.place(), "A category without a term says nothing.");
    }
    check_content(entry, findings);
    if let Some(source) = entry.child("atom:source") {
        check_source(source, findings);
    }
    let html = content.filter(|content| content.attribute("type") == Some("html"));
    if let Some((element, why)) = html.and_then(|html| Some((html, fault_of_html(&html.text)?))) {
        findings.add(&HTML, element.place(), why);
    }
}
