//! Rules of Atom 1.0 (RFC 4287).

use std::collections::HashSet;

use super::tree::Element;
use super::value::{fault_of_html, has_markup, is_absolute, is_rfc3339, is_web_address};
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
const LINK: Rule = Rule::error("link", "Give it a href.");
const RELATIVE: Rule = Rule::warning("absolute-link", "Write the whole address, with https:// and host.");
const TYPE: Rule = Rule::error("text-type", "Use type=\"text\", \"html\" or \"xhtml\".");
const MARKUP: Rule = Rule::warning("undeclared-markup", "Say type=\"html\", or remove the markup.");
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
    let has_author = feed.child("atom:author").is_some();
    let (mut ids, mut moments) = (HashSet::new(), HashSet::new());
    for entry in feed.all("atom:entry") {
        check_entry(entry, findings);
        if !has_author && entry.child("atom:author").is_none() {
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

/// What holds for a feed and for an entry.
fn check_common(parent: &Element, findings: &mut Findings) {
    for name in ["id", "title", "updated"] {
        if parent.child(&format!("atom:{name}")).is_none() {
            findings.add(&REQUIRED, parent.place(), format!("There is no <{name}>."));
        }
    }
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
    for link in parent.all("atom:link") {
        match link.attribute("href") {
            None => findings.add(&LINK, link.place(), "The link leads nowhere."),
            Some(address) if is_absolute(address) => {}
            Some(_) => findings.add(&RELATIVE, link.place(), "Readers resolve it in different ways."),
        }
    }
    for name in ["atom:title", "atom:subtitle", "atom:summary", "atom:rights"] {
        parent.all(name).for_each(|text| check_text(text, findings));
    }
}

fn check_text(text: &Element, findings: &mut Findings) {
    match text.attribute("type").unwrap_or("text") {
        "text" if has_markup(&text.text) => {
            findings.add(&MARKUP, text.place(), "Readers show the tags as they stand.");
        }
        "text" | "html" | "xhtml" => {}
        other => findings.add(&TYPE, text.place(), format!("{other:?} is no type of text.")),
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
    let html = content.filter(|content| content.attribute("type") == Some("html"));
    if let Some((element, why)) = html.and_then(|html| Some((html, fault_of_html(&html.text)?))) {
        findings.add(&HTML, element.place(), why);
    }
}
