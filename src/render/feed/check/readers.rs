//! What readers make of a document.

use std::panic::catch_unwind;

use super::{Findings, Rule};
use crate::render::feed::Format;

const FEED_RS: Rule = Rule::warning("feed-rs", "Mend what the other findings name.");
const RSS_CRATE: Rule = Rule::warning("rss-crate", "Mend what the other findings name.");
const OLD: Rule = Rule::warning("old-format", "Publish RSS 2.0 or Atom 1.0.");
const LOST: Rule = Rule::error("lost-items", "Look at ids and at required elements of the items.");

/// Reads the document as readers do, and compares how many items they see.
pub fn check(text: &str, format: Format, items: usize, findings: &mut Findings) {
    if let Some(seen) = seen_by_feed_rs(text, findings) {
        compare("feed-rs", seen, items, findings);
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

/// Reads a document of RSS 0.9 or 1.0, for which there are no rules here.
pub fn check_old(text: &str, findings: &mut Findings) {
    if seen_by_feed_rs(text, findings).is_some() {
        findings.add(&OLD, "document", "RSS 1.0 has had no reader of its own for long.");
    }
}

fn seen_by_feed_rs(text: &str, findings: &mut Findings) -> Option<usize> {
    match catch_unwind(|| feed_rs::parser::parse(text.as_bytes())) {
        Ok(Ok(feed)) => return Some(feed.entries.len()),
        Ok(Err(error)) => findings.add(&FEED_RS, "document", format!("A reader refuses the feed: {error}.")),
        Err(_) => findings.add(&FEED_RS, "document", "A reader fails on the feed."),
    }
    None
}

fn compare(reader: &str, seen: usize, items: usize, findings: &mut Findings) {
    if seen != items {
        let why = format!("{reader} sees {seen} items where there are {items}.");
        findings.add(&LOST, "document", why);
    }
}
