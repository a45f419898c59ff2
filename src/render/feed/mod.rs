//! Articles and editions as feeds: RSS 2.0, Atom 1.0 and JSON Feed 1.1 of the same items.
//!
//! The three agree on ids, titles, links, dates, authors and tags. The same [`Feed`] gives the same bytes.

mod atom;
pub mod check;
mod item;
mod json;
mod rss;

use std::time::Duration;

pub(super) use item::picture_beside;
pub use item::{Edition, Item, Print, link, private_link, web_address, web_image};

use crate::model::time::Timestamp;

/// How a feed is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// RSS 2.0 with the modules that readers know: Atom, Content, Dublin Core, Media, Syndication.
    Rss,
    /// Atom 1.0 (RFC 4287).
    Atom,
    /// JSON Feed 1.1.
    Json,
}

impl Format {
    /// Every format, the one that most readers take first.
    pub const ALL: [Self; 3] = [Self::Rss, Self::Atom, Self::Json];

    /// How the name of its file ends, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Rss => "rss",
            Self::Atom => "atom",
            Self::Json => "json",
        }
    }

    /// The format whose file's name ends so.
    pub fn of_extension(extension: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.extension() == extension)
    }

    /// Its media type, without parameters.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Rss => "application/rss+xml",
            Self::Atom => "application/atom+xml",
            Self::Json => "application/feed+json",
        }
    }

    /// Its name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rss => "RSS",
            Self::Atom => "Atom",
            Self::Json => "JSON Feed",
        }
    }
}

/// A feed, whatever its format. Text is plain; addresses are absolute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// A `urn:uuid:` that never changes.
    pub id: String,
    /// Its name for readers.
    pub title: String,
    /// One line about it.
    pub description: String,
    /// BCP 47 tag.
    pub language: String,
    /// The page of which this is the feed.
    pub page: String,
    /// The feed's address without `.rss`, `.atom` or `.json`.
    pub stem: String,
    /// What follows the ending in its address: a query with its question mark, or nothing.
    pub query: String,
    /// Who publishes it.
    pub publisher: String,
    /// The publication's picture.
    pub icon: Option<String>,
    /// When anything in it last changed.
    pub changed_at: Timestamp,
    /// How long a reader may wait before it asks again.
    pub max_age: Duration,
    /// The newest first.
    pub items: Vec<Item>,
    /// Where it stands among the pages of its archive.
    pub place: Place,
    /// What was in it and is no more, for who can be told that (Atom, RFC 6721).
    pub tombstones: Vec<Tombstone>,
    /// The address of the hub that tells of its changes (WebSub).
    pub hub: Option<String>,
    /// What directories of podcasts ask to know, where it is listed as a podcast (RSS).
    pub podcast: Option<Podcast>,
}

/// What directories of podcasts ask to know of a feed: Apple's elements, and those of the podcast namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Podcast {
    /// Who speaks.
    pub author: String,
    /// Where its owner can be reached.
    pub email: Option<String>,
    /// The address of the square picture that it is known by.
    pub image: String,
    /// One of Apple's categories.
    pub category: String,
    /// One of its subcategories.
    pub subcategory: Option<String>,
    /// Whether children had better not hear it.
    pub explicit: bool,
    /// Whether other hosts may not import it.
    pub locked: bool,
    /// A UUID that never changes.
    pub guid: String,
}

/// Where a document stands in the archive of its feed (RFC 5005), whose pages are numbered from the oldest on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Which page it is; `None` for the feed itself, which holds the newest.
    pub page: Option<i64>,
    /// The page of what is older.
    pub previous: Option<i64>,
    /// The page of what is newer.
    pub next: Option<i64>,
}

/// Another document of the same archive.
pub(super) struct Neighbour {
    /// What it is, as a relation of links.
    pub relation: &'static str,
    /// Its address.
    pub address: String,
}

/// An article that was in a feed and has been retracted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// The id that it had.
    pub id: String,
    /// When it was retracted.
    pub retracted_at: Timestamp,
}

impl Feed {
    /// The feed as a document, in UTF-8.
    pub fn render(&self, format: Format) -> String {
        match format {
            Format::Rss => rss::render(self),
            Format::Atom => atom::render(self),
            Format::Json => json::render(self),
        }
    }

    /// The prints of its items.
    pub fn prints(&self) -> Vec<Print> {
        self.items.iter().map(Item::print).collect()
    }

    /// The same feed with no other items than those at these places.
    #[must_use]
    pub fn with_only(self, places: &[usize]) -> Self {
        let items = places.iter().filter_map(|place| self.items.get(*place).cloned()).collect();
        Self { items, ..self }
    }

    /// The feed's address in one format.
    pub fn address(&self, format: Format) -> String {
        format!("{}.{}{}", self.stem, format.extension(), self.query)
    }

    /// The address of a page of its archive.
    pub fn page_address(&self, page: i64, format: Format) -> String {
        format!("{}/archive/{page}.{}", self.stem, format.extension())
    }

    /// This document's own address: the feed's, or that of a page of its archive.
    pub fn own_address(&self, format: Format) -> String {
        self.place.page.map_or_else(|| self.address(format), |page| self.page_address(page, format))
    }

    /// The hub of this document: a page of the archive has none.
    pub fn own_hub(&self) -> Option<&str> {
        self.hub.as_deref().filter(|_| self.place.page.is_none())
    }

    /// The other documents of its archive that it names.
    fn neighbours(&self, format: Format) -> Vec<Neighbour> {
        let page = |relation, page: Option<i64>| {
            page.map(|page| Neighbour { relation, address: self.page_address(page, format) })
        };
        let current =
            self.place.page.map(|_| Neighbour { relation: "current", address: self.address(format) });
        let pages = [page("prev-archive", self.place.previous), page("next-archive", self.place.next)];
        current.into_iter().chain(pages.into_iter().flatten()).collect()
    }
}
