//! What readers make of a document.

use std::panic::catch_unwind;

use super::{Findings, Rule};
use crate::render::feed::Format;

const FEED_RS: Rule = Rule::error("feed-rs", "Mend what the other findings name.");
const RSS_CRATE: Rule = Rule::error("rss-crate", "Mend what the other findings name.");
const LOST: Rule = Rule::error("lost-items", "Look at ids and at required elements of the items.");

/// Reads the document as readers do, and compares how many items they see.
pub fn check(text: &str, format: Format, items: usize, findings: &mut Findings) {
    match catch_unwind(|| feed_rs::parser::parse(text.as_bytes())) {
        Ok(Ok(feed)) => compare("feed-rs", feed.entries.len(), items, findings),
        Ok(Err(error)) => findings.add(&FEED_RS, "document", format!("A reader refuses the feed: {error}.")),
        Err(_) => findings.add(&FEED_RS, "document", "A reader fails on the feed."),
    }
    if format == Format::Rss {
        match rss::Channel::read_from(text.as_bytes()) {
            Ok(channel) => compare("the rss crate", channel.items().len(), items, findings),
            Err(error) => {
                findings.add(&RSS_CRATE, "document", format!("A reader refuses the feed: {error}."));
            }
        }
    }
}

fn compare(reader: &str, seen: usize, items: usize, findings: &mut Findings) {
    if seen != items {
        let why = format!("{reader} sees {seen} items where there are {items}.");
        findings.add(&LOST, "document", why);
    }
}
