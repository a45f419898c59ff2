//! JSON Feed 1.1. The feed names no author of its own: items without one would inherit it, and in RSS they do not.

use serde::Serialize;

use super::{Feed, Format, Item};
use crate::model::article::Enclosure;
use crate::model::time::Timestamp;
use crate::render::xml::permitted;

#[derive(Serialize)]
struct Document<'a> {
    version: &'static str,
    title: String,
    home_page_url: &'a str,
    feed_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_url: Option<String>,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<&'a str>,
    language: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hubs: Vec<Hub<'a>>,
    items: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Hub<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    url: &'a str,
}

#[derive(Serialize)]
struct Author {
    name: String,
}

#[derive(Serialize)]
struct Attachment<'a> {
    url: &'a str,
    mime_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_in_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_in_seconds: Option<u64>,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    url: &'a str,
    title: String,
    summary: String,
    content_html: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    date_published: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<Timestamp>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment<'a>>,
}

pub fn render(feed: &Feed) -> String {
    let document = Document {
        version: "https://jsonfeed.org/version/1.1",
        title: permitted(&feed.title),
        home_page_url: &feed.page,
        feed_url: feed.own_address(Format::Json),
        next_url: feed.place.previous.map(|page| feed.page_address(page, Format::Json)),
        description: permitted(&feed.description),
        icon: feed.icon.as_deref(),
        language: &feed.language,
        hubs: feed.own_hub().map(|url| Hub { kind: "WebSub", url }).into_iter().collect(),
        items: feed.items.iter().map(Entry::of).collect(),
    };
    let mut text =
        serde_json::to_string_pretty(&document).expect("text, numbers and lists can be written as JSON");
    text.push('\n');
    text
}

impl<'a> Entry<'a> {
    fn of(item: &'a Item) -> Self {
        Self {
            id: &item.id,
            url: &item.link,
            title: permitted(&item.title),
            summary: permitted(&item.summary),
            content_html: permitted(&item.html),
            image: item.image.as_ref().map(|image| image.url.as_str()),
            date_published: item.published_at,
            date_modified: Some(item.updated_at).filter(|updated| *updated != item.published_at),
            authors: item.authors.iter().map(|name| Author { name: permitted(name) }).collect(),
            tags: item.tags.iter().map(|tag| permitted(tag)).collect(),
            language: item.language.as_deref(),
            attachments: item.enclosures.iter().map(Attachment::of).collect(),
        }
    }
}

impl<'a> Attachment<'a> {
    fn of(file: &'a Enclosure) -> Self {
        Self {
            url: &file.url,
            mime_type: &file.media_type,
            size_in_bytes: file.length,
            duration_in_seconds: file.seconds,
        }
    }
}
