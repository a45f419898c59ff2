//! RSS, Atom and JSON Feed: bytes → text → mended → feed-rs → what feed-rs leaves out → articles.

mod decode;
mod discover;
mod entry;
mod identity;
mod json;
mod markup;
mod names;
mod parse;
mod reference;
mod repair;
mod repairs;
mod scan;
mod skeleton;
mod value;
mod write;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

use self::identity::Memory;
use self::repair::NotAFeed;
use self::repairs::{Repair, Repairs};
use super::fetch::{Answer, Request, parse_url, shown};
use super::notes::Notes;
use super::{Error, FeedSettings, Fetcher, Pull};
use crate::model::article::RawArticle;
use crate::model::time::Timestamp;

/// Bytes as text, whatever their server says of them.
pub(super) fn decode(bytes: &[u8], content_type: Option<&str>) -> String {
    decode::decode(bytes, content_type).text
}

/// After so long a feed is fetched and read whole, whatever its server says of changes.
const FULL_AFTER: Duration = Duration::from_hours(8 * 24);

/// The longest that a feed's `ttl` keeps us away.
const LONGEST_TTL: Duration = Duration::from_hours(24);

/// What is known of a feed from the last time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Cursor {
    /// Where it was fetched: the validators of another address say nothing.
    url: String,
    /// By which version of this program it was read.
    version: String,
    etag: Option<String>,
    last_modified: Option<String>,
    /// When it was last read whole, in seconds since 1970.
    read_at: i64,
    /// Of the bytes that were read.
    digest: String,
    memory: Memory,
}

/// What was read in a document.
struct Reading {
    articles: Vec<RawArticle>,
    notes: Notes,
    memory: Memory,
    ttl: Option<Duration>,
}

/// Fetches a feed if it has changed, and reads it.
pub(super) async fn pull(
    settings: &FeedSettings,
    fetcher: &Fetcher,
    cursor: &str,
    now: Timestamp,
) -> Result<Pull, Error> {
    let url = parse_url(&settings.url)?;
    let known: Cursor = serde_json::from_str(cursor).unwrap_or_default();
    let is_fresh = known.is_fresh(&settings.url, now);
    let request = Request {
        url: &url,
        accept: "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5",
        allow_private: settings.allow_private,
        etag: known.etag.as_deref().filter(|_| is_fresh),
        last_modified: known.last_modified.as_deref().filter(|_| is_fresh),
    };
    let answer = fetcher.fetch(&request).await?;
    if let Some(error) = answer.failure(now) {
        return Err(error);
    }
    let digest = digest(&answer.body);
    if answer.is_not_modified() || (is_fresh && digest == known.digest) {
        let next_not_before = answer.not_before(now);
        return Ok(Pull { cursor: cursor.to_owned(), unchanged: true, next_not_before, ..Pull::default() });
    }
    read_answer(answer, Cursor { url: settings.url.clone(), digest, ..known }, now).await
}

/// Reads a document that was not fetched, as if it had been found at `address`.
pub(super) fn read_document(body: Vec<u8>, address: &Url, now: Timestamp) -> Result<Pull, Error> {
    let reading = read(body, None, address, Memory::default(), now)?;
    Ok(Pull { articles: reading.articles, notes: reading.notes.into_lines(), ..Pull::default() })
}

/// Reads on a thread that may block: 10 MB take a moment.
async fn read_answer(answer: Answer, known: Cursor, now: Timestamp) -> Result<Pull, Error> {
    let cursor = Cursor {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        etag: answer.header("etag").map(str::to_owned),
        last_modified: answer.header("last-modified").map(str::to_owned),
        read_at: now.as_unix(),
        ..known
    };
    let not_before = answer.not_before(now);
    let moved = answer.moved.clone();
    let memory = cursor.memory.clone();
    let read = move || {
        let content_type = answer.header("content-type").map(str::to_owned);
        read(answer.body, content_type.as_deref(), &answer.url, memory, now)
    };
    let read = tokio::task::spawn_blocking(read).await;
    let mut reading = read.map_err(|_| Error::unavailable("the feed made its reader fail"))??;
    if let Some(moved) = moved {
        reading.notes.add(format!("it has moved for good to {}: change `url`", shown(&moved)));
    }
    let cursor = Cursor { memory: reading.memory, ..cursor };
    let cursor = serde_json::to_string(&cursor).map_err(|error| Error::unavailable(error.to_string()))?;
    let next_not_before = not_before.max(reading.ttl.map(|ttl| now + ttl.min(LONGEST_TTL)));
    Ok(Pull {
        articles: reading.articles,
        cursor,
        notes: reading.notes.into_lines(),
        next_not_before,
        ..Pull::default()
    })
}

/// Reads a document that was found at `address`.
fn read(
    body: Vec<u8>,
    content_type: Option<&str>,
    address: &Url,
    mut memory: Memory,
    now: Timestamp,
) -> Result<Reading, Error> {
    let decoded = decode::decode(&body, content_type);
    drop(body);
    let mut notes = Notes::default();
    if let Some(encoding) = decoded.surprise {
        notes.add(format!("it is not in the encoding it names: it was read as {encoding}"));
    }
    let is_json = decoded.text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    let mended = if is_json {
        json::mend(&decoded.text).ok_or_else(|| unreadable(address, "is JSON, but no JSON Feed"))?
    } else {
        repair::mend(&decoded.text, address).map_err(|error| explain(&error, &decoded.text, address))?
    };
    if decoded.had_illegal {
        let mut repairs = Repairs::default();
        repairs.add(Repair::IllegalCharacter);
        repairs.tell(&mut notes);
    }
    mended.repairs.tell(&mut notes);
    let parsed = parse::parse(&mended, address, &mut notes)
        .map_err(|words| unreadable(address, &format!("could not be read as a feed ({words})")))?;
    let context = entry::Context { authors: &parsed.feed.authors, now };
    let articles =
        parsed.entries.into_iter().map(|(entry, facts)| entry::article(entry, &facts, &context, &mut notes));
    let articles: Vec<RawArticle> = articles.collect();
    let found = articles.len();
    let articles = memory.identify(articles);
    if articles.len() < found {
        notes.add(format!("items that are in the feed twice were left out: {}", found - articles.len()));
    }
    let ttl = parsed.feed.ttl.map(|minutes| Duration::from_mins(minutes.into()));
    Ok(Reading { articles, notes, memory, ttl })
}

impl Cursor {
    /// Whether what is known of the feed still spares us reading it.
    fn is_fresh(&self, url: &str, now: Timestamp) -> bool {
        self.url == url
            && self.version == env!("CARGO_PKG_VERSION")
            && now.since(Timestamp::from_unix(self.read_at)) < FULL_AFTER
    }
}

fn digest(body: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(body)[..16])
}

fn explain(error: &NotAFeed, text: &str, address: &Url) -> Error {
    match error {
        NotAFeed::Html => {
            let feeds = discover::feeds_of(text, address);
            if feeds.is_empty() {
                return unreadable(address, "is a web page, not a feed, and names no feed");
            }
            unreadable(
                address,
                &format!(
                    "is a web page, not a feed; it names these feeds: {}. Put one into `url`",
                    feeds.join(", ")
                ),
            )
        }
        NotAFeed::Root(name) => {
            unreadable(address, &format!("is XML, but no feed: its first element is <{name}>"))
        }
        NotAFeed::NotXml if text.trim().is_empty() => unreadable(address, "is empty"),
        NotAFeed::NotXml => unreadable(address, "is no feed: neither XML nor JSON"),
    }
}

fn unreadable(address: &Url, what: &str) -> Error {
    Error::unavailable(format!("{} {what}", shown(address)))
}
