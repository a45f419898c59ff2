//! The feeds that a publication reads, as a list for other readers of feeds: OPML 2.0

use askama::Template;

use crate::model::text;
use crate::model::time::Timestamp;

/// One feed of the list.
#[derive(Clone, Debug)]
pub struct ListedFeed {
    /// What it is called.
    pub name: String,
    /// Its address.
    pub url: String,
    /// Its tags.
    pub tags: Vec<String>,
}

#[derive(Template)]
#[template(path = "sources/opml.xml")]
struct List<'a> {
    title: &'a str,
    created: String,
    sources: Vec<Listed<'a>>,
}

struct Listed<'a> {
    name: &'a str,
    url: &'a str,
    category: String,
}

/// The list as OPML 2.0. Tags become categories; a comma or slash in one, which would part it, becomes a space.
///
/// # Errors
/// If the template fails, which it does for want of memory only.
pub fn opml(title: &str, feeds: &[ListedFeed], now: Timestamp) -> Result<String, askama::Error> {
    let listed = |feed: &'_ ListedFeed| {
        let tags = feed.tags.iter().map(|tag| text::line(&tag.replace([',', '/'], " ")));
        tags.collect::<Vec<_>>().join(",")
    };
    let sources = feeds
        .iter()
        .map(|feed| Listed { name: &feed.name, url: &feed.url, category: listed(feed) })
        .collect();
    List { title, created: now.to_http_date(), sources }.render().map(|list| list + "\n")
}
