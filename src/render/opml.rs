//! Lists of feeds for feed readers (OPML 2.0).

use askama::Template;

/// A feed in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Its name for readers, plain.
    pub title: String,
    /// Its address.
    pub feed: String,
    /// The address of the page of which it is the feed.
    pub page: String,
}

#[derive(Template)]
#[template(path = "feed/list.opml.xml")]
struct Document<'a> {
    title: &'a str,
    outlines: &'a [Outline],
}

/// The list of these feeds.
pub fn render(title: &str, outlines: &[Outline]) -> String {
    Document { title, outlines }.to_string()
}
