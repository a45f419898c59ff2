//! What feed-rs makes of a mended feed: every item, or a word about each that it lost.

use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::DateTime;
use feed_rs::model::{Entry, Feed};
use feed_rs::parser::Builder;
use url::Url;

use super::repair::{Facts, Mended};
use crate::source::notes::Notes;

/// A feed, and each of its items with what feed-rs does not say of it.
#[derive(Debug)]
pub(super) struct Parsed {
    pub feed: Feed,
    pub entries: Vec<(Entry, Facts)>,
}

/// Parses a feed that was found at `address`.
///
/// # Errors
/// With feed-rs's words, if it cannot read even what the feed says of itself.
pub(super) fn parse(mended: &mut Mended, address: &Url, notes: &mut Notes) -> Result<Parsed, String> {
    let all: Vec<&str> = mended.items.iter().map(|(item, _)| item.as_str()).collect();
    if let Ok(mut feed) = parse_items(mended, &all, address)
        && feed.entries.len() == all.len()
    {
        let entries = std::mem::take(&mut feed.entries);
        let facts = mended.items.drain(..).map(|(_, facts)| facts);
        return Ok(Parsed { feed, entries: entries.into_iter().zip(facts).collect() });
    }
    parse_one_by_one(mended, address, notes)
}

/// Parses each item alone, so that a bad one costs only itself.
fn parse_one_by_one(mended: &mut Mended, address: &Url, notes: &mut Notes) -> Result<Parsed, String> {
    let feed = parse_items(mended, &[], address)?;
    let mut entries = Vec::new();
    for (number, (item, facts)) in std::mem::take(&mut mended.items).into_iter().enumerate() {
        let alone = parse_items(mended, &[&item], address);
        match alone.map(|mut feed| feed.entries.pop()) {
            Ok(Some(entry)) => entries.push((entry, facts)),
            Ok(None) => notes.add(format!("item {} is left out: the parser finds none in it", number + 1)),
            Err(words) => notes.add(format!("item {} is left out: {words}", number + 1)),
        }
    }
    Ok(Parsed { feed, entries })
}

fn parse_items(mended: &Mended, items: &[&str], address: &Url) -> Result<Feed, String> {
    let length: usize = items.iter().map(|item| item.len() + mended.separator.len()).sum();
    let mut text = String::with_capacity(mended.head.len() + length + mended.tail.len());
    text.push_str(&mended.head);
    for (number, item) in items.iter().enumerate() {
        text.push_str(if number == 0 { "" } else { mended.separator });
        text.push_str(item);
    }
    text.push_str(mended.tail);
    let parser = Builder::new()
        .base_uri(Some(address.as_str()))
        .sanitize_content(false)
        .id_generator(|_, _, _| String::new())
        .timestamp_parser(|seconds| DateTime::from_timestamp(seconds.parse().ok()?, 0))
        .build();
    let parsed = catch_unwind(AssertUnwindSafe(|| parser.parse(text.as_bytes())));
    parsed.map_err(|_| "the parser gave up".to_owned())?.map_err(|error| error.to_string())
}
