//! Feeds that a page names.

use url::Url;

use super::markup::{Kind, Tokens};
use super::reference::{Entities, decode};

/// The most feeds that are told of.
const MAX_FEEDS: usize = 5;

/// The addresses of feeds in a page's link elements, in their order.
pub(super) fn feeds_of(html: &str, address: &Url) -> Vec<String> {
    let mut feeds = Vec::new();
    for token in Tokens::of(html) {
        let Kind::Start(tag) = token.kind else { continue };
        if tag.name.eq_ignore_ascii_case("body") || feeds.len() == MAX_FEEDS {
            break;
        }
        let attribute =
            |name| tag.attribute(name).map(|value| decode(value, &Entities::default()).to_ascii_lowercase());
        let is_alternate =
            attribute("rel").is_some_and(|rel| rel.split_whitespace().any(|rel| rel == "alternate"));
        let is_feed = attribute("type").is_some_and(|kind| is_feed(kind.trim()));
        if tag.name.eq_ignore_ascii_case("link") && is_alternate && is_feed {
            let href = tag.attribute("href").map(|href| decode(href, &Entities::default()).trim().to_owned());
            feeds.extend(href.and_then(|href| address.join(&href).ok()).map(String::from));
        }
    }
    feeds.dedup();
    feeds
}

fn is_feed(kind: &str) -> bool {
    matches!(
        kind,
        "application/rss+xml" | "application/atom+xml" | "application/feed+json" | "application/rdf+xml"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_are_found_in_link_elements() {
        let html = "<!doctype html><html><head><LINK rel='stylesheet' href=x><link rel=\"alternate home\" \
            type='application/rss+xml' href='/feed?a=1&amp;b=2'><link rel=alternate type=application/atom+xml \
            href=https://b.example/atom></head><body><link rel=alternate type=application/rss+xml href=/no>";
        let feeds = feeds_of(html, &Url::parse("https://a.example/news/").unwrap());
        assert_eq!(feeds, ["https://a.example/feed?a=1&b=2", "https://b.example/atom"]);
    }
}
