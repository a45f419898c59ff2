//! What a page says of the feeds of its site.

use url::Url;

use super::markup::{Kind, Tag, Tokens};
use super::reference::{Entities, decode};

/// The most feeds that are told of.
const MAX_FEEDS: usize = 5;

/// The most links of each kind that are kept of a page.
const MAX_LINKS: usize = 12;

/// What a page says of the feeds of its site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::source) struct Hints {
    /// The addresses of feeds in its link elements, in their order.
    pub feeds: Vec<String>,
    /// What its text links to and is called as feeds are.
    pub likely: Vec<String>,
    /// The program that made it, in small letters.
    pub generator: String,
}

/// The addresses of feeds in a page's link elements, in their order.
pub(super) fn feeds_of(html: &str, address: &Url) -> Vec<String> {
    let mut feeds = hints_of(html, address).feeds;
    feeds.truncate(MAX_FEEDS);
    feeds
}

/// What a page at `address` says of feeds.
pub(in crate::source) fn hints_of(html: &str, address: &Url) -> Hints {
    let mut hints = Hints::default();
    let (mut base, mut is_body) = (address.clone(), false);
    for token in Tokens::of(html) {
        let Kind::Start(tag) = token.kind else { continue };
        match tag.name.to_ascii_lowercase().as_str() {
            "body" => is_body = true,
            "base" => base = href(tag, address).unwrap_or(base),
            "link" if !is_body && is_feed_link(tag) => add(&mut hints.feeds, href(tag, &base)),
            "a" => add(&mut hints.likely, href(tag, &base).filter(is_called_a_feed)),
            "meta" if value(tag, "name").is_some_and(|name| name == "generator") => {
                hints.generator = value(tag, "content").unwrap_or_default().chars().take(100).collect();
            }
            _ => {}
        }
    }
    hints
}

fn add(list: &mut Vec<String>, url: Option<Url>) {
    if let Some(url) = url.map(String::from)
        && list.len() < MAX_LINKS
        && !list.contains(&url)
    {
        list.push(url);
    }
}

/// An attribute's value, in small letters.
fn value(tag: Tag<'_>, name: &str) -> Option<String> {
    tag.attribute(name).map(|value| decode(value, &Entities::default()).trim().to_ascii_lowercase())
}

fn href(tag: Tag<'_>, base: &Url) -> Option<Url> {
    let href = decode(tag.attribute("href")?, &Entities::default()).trim().to_owned();
    base.join(&href).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

fn is_feed_link(tag: Tag<'_>) -> bool {
    let relation = value(tag, "rel").unwrap_or_default();
    let is_alternate = relation.split_whitespace().any(|one| matches!(one, "alternate" | "feed"));
    is_alternate && value(tag, "type").is_some_and(|kind| is_feed(&kind))
}

/// Whether this is the type of a feed.
pub(in crate::source) fn is_feed(kind: &str) -> bool {
    matches!(
        kind,
        "application/rss+xml" | "application/atom+xml" | "application/feed+json" | "application/rdf+xml"
    )
}

fn is_called_a_feed(url: &Url) -> bool {
    let path = url.path().trim_end_matches('/').to_ascii_lowercase();
    let name = path.rsplit('/').next().unwrap_or_default();
    matches!(name, "feed" | "rss" | "atom" | "rss.xml" | "atom.xml" | "feed.xml" | "index.xml" | "feed.json")
        || name.rsplit_once('.').is_some_and(|(_, kind)| matches!(kind, "rss" | "atom" | "rdf"))
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

    #[test]
    fn a_page_hints_at_feeds_by_its_maker_and_its_links() {
        let html = "<head><meta name=Generator content='Ghost 5.9'><base href='/blog/'></head><body>\
            <a href=about>About</a><a href='rss/'>Follow</a><a href='javascript:rss'>x</a><a href=news.rss>y</a>";
        let hints = hints_of(html, &Url::parse("https://a.example/").unwrap());
        assert_eq!(hints.generator, "ghost 5.9");
        assert_eq!(hints.likely, ["https://a.example/blog/rss/", "https://a.example/blog/news.rss"]);
    }
}
