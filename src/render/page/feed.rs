//! A feed as a page: what a reader sees whose browser opens the address of one.

use askama::Template;

use super::frame::{Day, FeedLink, Frame, Head, Link};
use super::{Site, written};
use crate::model::text::shorten;
use crate::model::words::Words;
use crate::render::feed::{Feed, Format, Item};

const SUMMARY_LIMIT: usize = 280;

#[derive(Template)]
#[template(path = "page/feed.html")]
struct Page<'a> {
    frame: Frame<'a>,
    head: Head,
    feed: &'a Feed,
    address: String,
    others: Vec<Link>,
    entries: Vec<Entry<'a>>,
    older: Option<String>,
    newer: Option<String>,
    all: String,
}

struct Entry<'a> {
    own: &'a Item,
    date: Day,
    /// The summary, where it says more than the title.
    summary: Option<String>,
}

impl Site {
    /// The page of a feed, or of a page of its archive, in one of its formats.
    pub fn feed_page(&self, feed: &Feed, format: Format) -> String {
        let frame = self.frame_in(&feed.language);
        let others = Format::ALL.into_iter().filter(|other| *other != format);
        let older = feed.place.previous.map(|page| self.path_of(&feed.page_address(page, format)));
        let newer = feed.place.page.map(|_| match feed.place.next {
            Some(page) => self.path_of(&feed.page_address(page, format)),
            None => self.path_of(&feed.address(format)),
        });
        let words = frame.words;
        written(&Page {
            head: self.feed_head(feed, &frame),
            address: feed.address(format),
            others: others.map(|other| self.link_to(feed, other)).collect(),
            entries: feed.items.iter().map(|item| self.entry(item, words)).collect(),
            older,
            newer,
            all: self.path("feeds.opml"),
            frame,
            feed,
        })
    }

    fn feed_head(&self, feed: &Feed, frame: &Frame<'_>) -> Head {
        let (title, stem, query) = (feed.title.clone(), self.path_of(&feed.stem), feed.query.clone());
        let own = FeedLink { title, stem, query };
        Head {
            title: format!("{} – {}", feed.title, frame.words.page.feed),
            heading: feed.title.clone(),
            description: feed.description.clone(),
            feeds: if feed.query.is_empty() { vec![own] } else { vec![self.site_feed()] },
            is_small: true,
            ..Head::default()
        }
    }

    fn link_to(&self, feed: &Feed, format: Format) -> Link {
        Link { name: format.name().to_owned(), link: self.path_of(&feed.address(format)) }
    }

    /// An address of ours without scheme and host.
    fn path_of(&self, address: &str) -> String {
        let path = address.strip_prefix(self.publication.base_url.as_str());
        path.map_or_else(|| address.to_owned(), |path| self.path(path))
    }

    fn entry<'a>(&self, item: &'a Item, words: &Words) -> Entry<'a> {
        let summary = shorten(&item.summary, SUMMARY_LIMIT);
        Entry {
            own: item,
            date: Day::long(item.published_at, &self.publication.time_zone, words),
            summary: Some(summary).filter(|summary| *summary != item.title),
        }
    }
}
