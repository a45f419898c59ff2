//! Where articles come from, and what is new there.
//!
//! A [`Source`] is asked with [`Source::pull`] what it has after a cursor, and answers with one bounded batch and
//! the cursor to ask with next time. It never writes anything and never keeps anything between two pulls.

pub mod cms;
mod date;
mod encoding;
mod feed;
pub mod fetch;
mod files;
mod find;
mod list;
pub mod markdown;
mod notes;
pub mod page;
pub mod robots;
mod sqlite;

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use self::feed::{FeedList, ListedFeed, Older};
pub use self::fetch::Fetcher;
pub use self::find::{Findings, FoundFeed, find_feeds};
use crate::model::address::canonical;
use crate::model::article::RawArticle;
use crate::model::time::Timestamp;

/// Most articles that one pull brings from a table or a folder.
pub const MAX_BATCH: usize = 500;

/// Where articles come from, as its operator configured it.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name in commands and in the database.
    pub name: String,
    /// Tags that each of its articles has besides its own.
    pub tags: Vec<String>,
    /// What it is, and where.
    pub kind: Kind,
}

/// What a source is, and where.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A table of articles in an SQLite file.
    Sqlite(SqliteSettings),
    /// An RSS, Atom or JSON feed.
    Feed(FeedSettings),
    /// A folder of Markdown files with front matter.
    Markdown(MarkdownSettings),
}

/// An SQLite file of the operator's, opened read-only, and the query that makes articles of it.
#[derive(Clone, Debug)]
pub struct SqliteSettings {
    /// The file.
    pub path: PathBuf,
    /// One SELECT; the names of its columns are the contract (`docs/sources.md`).
    pub query: String,
}

/// A feed at an address.
#[derive(Clone, Default)]
pub struct FeedSettings {
    /// Its address, http or https. It may hold a password or a token.
    pub url: String,
    /// Whether it may stand at a private, loopback or link-local address.
    pub allow_private: bool,
    /// Whether the hub that it names is asked to tell of changes (WebSub).
    pub websub: bool,
    /// Whether the pages of its articles are read where it gives only a teaser.
    pub full_text: bool,
}

/// A hub that tells of changes of a feed (WebSub).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hub {
    /// Where it takes subscriptions.
    pub url: String,
    /// By which address it knows the feed.
    pub topic: String,
}

impl FeedSettings {
    /// The address without what may be a secret.
    fn shown(&self) -> String {
        fetch::parse_url(&self.url).map_or_else(|_| "…".to_owned(), |url| fetch::shown(&url))
    }
}

impl fmt::Debug for FeedSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("FeedSettings");
        fields
            .field("url", &self.shown())
            .field("allow_private", &self.allow_private)
            .field("websub", &self.websub)
            .field("full_text", &self.full_text)
            .finish()
    }
}

/// A folder of Markdown files with front matter, as Hugo, Zola and Jekyll write it.
#[derive(Clone, Debug)]
pub struct MarkdownSettings {
    /// The folder.
    pub path: PathBuf,
    /// Where the folder's articles stand on the web; links and pictures are relative to it.
    pub base_url: Option<String>,
}

/// What one pull brought: a bounded batch.
#[derive(Debug, Default)]
pub struct Pull {
    /// Articles: at most [`MAX_BATCH`] of a table or folder, at most 5,000 of a feed. They need not be new: what is
    /// stored already is compared and left alone.
    pub articles: Vec<RawArticle>,
    /// What to ask with next time. To be stored once the articles are.
    pub cursor: String,
    /// Whether the batch was cut: pull again at once with the new cursor.
    pub more: bool,
    /// Whether the source says that nothing has changed since the cursor.
    pub unchanged: bool,
    /// What was mended, left out or not understood, and why; for the operator to read.
    pub notes: Vec<String>,
    /// The publisher asks not to be asked again before this.
    pub next_not_before: Option<Timestamp>,
    /// The server that was asked, with its port; `None` of what is on this machine.
    pub host: Option<String>,
    /// Who tells of changes, where the source says so and its operator wants it.
    pub hub: Option<Hub>,
}

/// Why a source could not be read. The texts name the thing and the remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The operator has to change something: a path, a query, an address. Trying again soon does not help.
    #[error("{0}")]
    Unusable(String),
    /// It may pass: a locked file, a server that is down.
    #[error("{reason}")]
    Unavailable {
        /// What happened.
        reason: String,
        /// The publisher asks not to be asked again before this.
        not_before: Option<Timestamp>,
    },
    /// Its publisher has ended it (410): it need not be asked again.
    #[error("{0}")]
    Gone(String),
}

impl Error {
    /// Whether it may pass by itself.
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }

    fn unavailable(reason: impl Into<String>) -> Self {
        Self::Unavailable { reason: reason.into(), not_before: None }
    }
}

/// Reads a feed that is at hand as a source reads one that it has fetched; its links are relative to `address`.
///
/// # Errors
/// If it is no feed, in words about `address`.
pub fn read_feed(document: &[u8], address: &url::Url, now: Timestamp) -> Result<Pull, Error> {
    feed::read_document(document, address, now)
}

/// Reads a list of feeds (OPML), however it is encoded; `None` if it is none.
pub fn read_feed_list(document: &[u8]) -> Option<FeedList> {
    feed::read_list(&feed::decode(document, None))
}

/// The server that an address is of, with its port.
pub fn server_of(address: &str) -> Option<String> {
    feed::host_of(&fetch::parse_url(address).ok()?)
}

/// An address as it may be shown: without a password, and without a query, which may hold a token.
pub fn shown_address(address: &str) -> String {
    fetch::parse_url(address)
        .map_or_else(|_| "an address that is none of the web".to_owned(), |url| fetch::shown(&url))
}

/// Whether two addresses are of one feed: `http` or `https`, `www.`, and a slash at the end make no difference.
pub fn same_feed(one: &str, other: &str) -> bool {
    one == other || canonical(one).is_some_and(|one| Some(one) == canonical(other))
}

impl Source {
    /// Where it is, for people: a path, or an address without what may be a secret.
    pub fn place(&self) -> String {
        match &self.kind {
            Kind::Sqlite(settings) => settings.path.display().to_string(),
            Kind::Feed(settings) => settings.shown(),
            Kind::Markdown(settings) => settings.path.display().to_string(),
        }
    }

    /// Asks what is there after `cursor`, which is what an earlier pull returned, or empty.
    ///
    /// One bounded piece of work: some articles, a few tens of MB, the fetcher's deadline.
    ///
    /// # Errors
    /// If the source cannot be read. What an earlier pull brought stays as it is, the cursor too.
    pub async fn pull(&self, fetcher: &Fetcher, cursor: &str, now: Timestamp) -> Result<Pull, Error> {
        let mut pull = match &self.kind {
            Kind::Sqlite(settings) => sqlite::pull(settings, cursor, now).await?,
            Kind::Feed(settings) => feed::pull(settings, fetcher, cursor, now).await?,
            Kind::Markdown(settings) => markdown::pull(settings, cursor, now).await?,
        };
        for article in &mut pull.articles {
            article.tags.extend(self.tags.iter().cloned());
        }
        pull.hub = pull.hub.filter(|_| self.wants_hub());
        Ok(pull)
    }

    /// Whether its hub is to tell of changes.
    pub const fn wants_hub(&self) -> bool {
        matches!(&self.kind, Kind::Feed(settings) if settings.websub)
    }

    /// Whether the pages of its articles are to be read, and whether they may stand at a private address; `None` if they are not.
    pub const fn reads_pages(&self) -> Option<bool> {
        match &self.kind {
            Kind::Feed(settings) if settings.full_text => Some(settings.allow_private),
            _ => None,
        }
    }

    /// Whether what its articles show may stand at a private address.
    pub const fn allows_private(&self) -> bool {
        matches!(&self.kind, Kind::Feed(settings) if settings.allow_private)
    }

    /// Reads one page of what is older than what pulls bring, if this is a feed. `position` is what the page before it
    /// returned, or empty for the first; `cursor` that of the last pull, by which articles are recognised.
    ///
    /// # Errors
    /// If the page cannot be read, or this is no feed; the walk then stands where it stood.
    pub async fn older(
        &self,
        fetcher: &Fetcher,
        (cursor, position): (&str, &str),
        now: Timestamp,
    ) -> Result<Older, Error> {
        let Kind::Feed(settings) = &self.kind else {
            return Err(Error::Unusable("only feeds have older pages: this source is read whole".to_owned()));
        };
        let mut older = feed::older(settings, fetcher, (cursor, position), now).await?;
        for article in &mut older.articles {
            article.tags.extend(self.tags.iter().cloned());
        }
        Ok(older)
    }

    /// The server that is asked before any pull has said where it went; `None` of what is on this machine.
    pub fn host(&self) -> Option<String> {
        match &self.kind {
            Kind::Feed(settings) => feed::host_of(&fetch::parse_url(&settings.url).ok()?),
            Kind::Sqlite(_) | Kind::Markdown(_) => None,
        }
    }

    /// The first moment from `at` on at which its publisher does not ask to be left alone (`skipHours`, `skipDays`).
    pub fn welcome_from(&self, cursor: &str, at: Timestamp) -> Timestamp {
        match &self.kind {
            Kind::Feed(settings) => feed::welcome_from(settings, cursor, at),
            Kind::Sqlite(_) | Kind::Markdown(_) => at,
        }
    }

    /// Where it has moved to for good and is asked now, as it may be shown, if that is not its configured address.
    pub fn moved_to(&self, cursor: &str) -> Option<String> {
        match &self.kind {
            Kind::Feed(settings) => feed::moved_to(settings, cursor),
            Kind::Sqlite(_) | Kind::Markdown(_) => None,
        }
    }

    /// A hash of where it is: after a change it is another one.
    pub fn place_mark(&self) -> String {
        let place = match &self.kind {
            Kind::Feed(settings) => settings.url.clone(),
            Kind::Sqlite(_) | Kind::Markdown(_) => self.place(),
        };
        feed::mark_of(&place)
    }
}
