//! RSS, Atom and JSON Feed: bytes → text → mended → feed-rs → what feed-rs leaves out → articles.

mod about;
mod backfill;
mod cursor;
mod decode;
mod discover;
mod entry;
mod identity;
mod json;
mod markup;
mod names;
mod opml;
mod parse;
mod reference;
mod repair;
mod repairs;
mod scan;
mod skeleton;
mod texts;
mod value;
mod write;

use url::Url;

use self::about::About;
pub use self::backfill::Older;
pub(super) use self::backfill::older;
use self::cursor::{Cursor, digest};
pub(super) use self::discover::{hints_of, is_feed};
use self::identity::Memory;
pub(super) use self::opml::read as read_list;
pub use self::opml::{FeedList, ListedFeed};
use self::repair::NotAFeed;
use self::repairs::{Repair, Repairs};
pub(super) use self::value::seconds as seconds_of;
use super::fetch::{Answer, parse_url, shown};
use super::notes::Notes;
use super::{Error, FeedSettings, Fetcher, FoundFeed, Hub, Pull};
use crate::model::article::RawArticle;
use crate::model::time::Timestamp;

/// Bytes as text, whatever their server says of them.
pub(super) fn decode(bytes: &[u8], content_type: Option<&str>) -> String {
    decode::decode(bytes, content_type).text.into_owned()
}

/// What was read in a document.
struct Reading {
    articles: Vec<RawArticle>,
    notes: Notes,
    memory: Memory,
    about: About,
    title: Option<String>,
}

/// Fetches a feed if it has changed, and reads it.
pub(super) async fn pull(
    settings: &FeedSettings,
    fetcher: &Fetcher,
    cursor: &str,
    now: Timestamp,
) -> Result<Pull, Error> {
    let mut known = Cursor::parse(cursor, &settings.url);
    let is_fresh = known.is_fresh(now);
    let (asked, answer) = ask(settings, fetcher, &known, now).await?;
    if let Some(error) = answer.failure(now) {
        return Err(error);
    }
    if answer.is_not_modified() && known.digest.is_empty() {
        return Err(unreadable(&asked, "says that nothing has changed (304) although it was never read"));
    }
    known.note(&answer, &asked, now);
    if answer.is_strange_delta() {
        (known.etag, known.last_modified) = (None, None); // the next answer is whole
        return Ok(unchanged(known, &answer, &asked, now));
    }
    let digest = digest(&answer.body);
    if answer.is_not_modified() || (is_fresh && digest == known.digest) {
        if !is_fresh {
            known.read_at = now.as_unix(); // it does not give it whole: it is asked to again in a week
        }
        return Ok(unchanged(known, &answer, &asked, now));
    }
    if !answer.is_delta() {
        known.read_at = now.as_unix();
    }
    read_answer(answer, asked, Cursor { digest, ..known }, now).await
}

/// Asks where the feed is. Where it has moved to is asked first; if it is not there any more, where it was.
async fn ask(
    settings: &FeedSettings,
    fetcher: &Fetcher,
    known: &Cursor,
    now: Timestamp,
) -> Result<(Url, Answer), Error> {
    let configured = parse_url(&settings.url)?;
    if let Some(new) = known.new_address() {
        let answer = fetcher.fetch(&known.request(&new, settings.allow_private, now)).await;
        if let Ok(answer) = answer
            && !answer.is_missing()
        {
            return Ok((new, answer));
        }
    }
    let answer = fetcher.fetch(&known.request(&configured, settings.allow_private, now)).await?;
    Ok((configured, answer))
}

fn unchanged(known: Cursor, answer: &Answer, asked: &Url, now: Timestamp) -> Pull {
    let hub = known.hub.clone();
    Pull {
        next_not_before: known.not_before(answer, now),
        cursor: known.into_text(),
        unchanged: true,
        host: host_of(asked),
        hub,
        ..Pull::default()
    }
}

/// Who tells of changes of a feed: by the head of its answer, else by its own words (WebSub, 4).
fn hub_of(answer: &Answer, about: &About) -> Option<Hub> {
    let links = answer.links();
    let linked =
        |relation: &str| links.iter().find(|link| link.is(relation)).map(|link| link.target.as_str());
    let of = |relation| linked(relation).or_else(|| about.link(relation));
    let address = |text: &str| parse_url(answer.url.join(text).ok()?.as_str()).ok();
    let topic = of("self").and_then(address).unwrap_or_else(|| answer.url.clone());
    Some(Hub { url: address(of("hub")?)?.into(), topic: topic.into() })
}

/// The first moment from `at` on at which the feed does not ask to be left alone.
pub(super) fn welcome_from(settings: &FeedSettings, cursor: &str, at: Timestamp) -> Timestamp {
    Cursor::parse(cursor, &settings.url).cadence.welcome_from(at)
}

/// Where the feed is asked in the place of its configured address, as it may be shown.
pub(super) fn moved_to(settings: &FeedSettings, cursor: &str) -> Option<String> {
    Cursor::parse(cursor, &settings.url).new_address().map(|url| shown(&url))
}

/// A hash by which an address is known where it must not be told.
pub(super) fn mark_of(address: &str) -> String {
    digest(address.as_bytes())
}

/// The server that an address is of: host and port.
pub(super) fn host_of(url: &Url) -> Option<String> {
    Some(format!("{}:{}", url.host_str()?, url.port_or_known_default()?))
}

/// Reads a document that was not fetched, as if it had been found at `address`.
pub(super) fn read_document(body: &[u8], address: &Url, now: Timestamp) -> Result<Pull, Error> {
    let reading = read(body, None, address, Memory::default(), now)?;
    Ok(Pull { articles: reading.articles, notes: reading.notes.into_lines(), ..Pull::default() })
}

/// What a feed holds, if an answer is one.
pub(super) fn survey(answer: &Answer, now: Timestamp) -> Option<FoundFeed> {
    let kind = answer.header("content-type");
    let reading = read(&answer.body, kind, &answer.url, Memory::default(), now).ok()?;
    Some(FoundFeed {
        url: answer.url.to_string(),
        title: reading.title.filter(|title| !title.is_empty()),
        articles: reading.articles.len(),
        newest: reading.articles.iter().filter_map(|article| article.published_at).max(),
    })
}

/// Reads on a thread that may block: 10 MB take a moment.
async fn read_answer(answer: Answer, asked: Url, known: Cursor, now: Timestamp) -> Result<Pull, Error> {
    let mut cursor = Cursor { version: env!("CARGO_PKG_VERSION").to_owned(), ..known };
    let memory = cursor.memory.clone();
    let read = move || {
        let reading = read(&answer.body, answer.header("content-type"), &answer.url, memory, now)?;
        Ok::<_, Error>((reading, Answer { body: Vec::new(), ..answer }))
    };
    let read = tokio::task::spawn_blocking(read).await;
    let (mut reading, answer) = read.map_err(|_| Error::unavailable("the feed made its reader fail"))??;
    match (&cursor.moved, &answer.moved) {
        (Some(moved), _) if moved.is_settled => reading.notes.add(format!(
            "it has moved for good to {} and is asked there: change `url`",
            Url::parse(&moved.to).map_or_else(|_| "…".to_owned(), |url| shown(&url))
        )),
        (_, Some(moved)) => {
            reading.notes.add(format!("it has moved for good to {}: change `url`", shown(moved)));
        }
        _ => {}
    }
    if !answer.is_delta() {
        cursor.cadence = reading.about.cadence();
        cursor.hub = hub_of(&answer, &reading.about);
    }
    let cursor = Cursor { memory: reading.memory, ..cursor };
    let hub = cursor.hub.clone();
    Ok(Pull {
        hub,
        articles: reading.articles,
        next_not_before: cursor.not_before(&answer, now),
        cursor: cursor.into_text(),
        notes: reading.notes.into_lines(),
        host: host_of(&asked),
        ..Pull::default()
    })
}

/// Reads a document that was found at `address`.
fn read(
    body: &[u8],
    content_type: Option<&str>,
    address: &Url,
    mut memory: Memory,
    now: Timestamp,
) -> Result<Reading, Error> {
    let decoded = decode::decode(body, content_type);
    let mut notes = Notes::default();
    if let Some(encoding) = decoded.surprise {
        notes.add(format!("it is not in the encoding it names: it was read as {encoding}"));
    }
    let is_json = decoded.text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    let mut mended = if is_json {
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
    let parsed = parse::parse(&mut mended, address, &mut notes)
        .map_err(|words| unreadable(address, &format!("could not be read as a feed ({words})")))?;
    let context = entry::Context { authors: &parsed.feed.authors, now };
    let articles =
        parsed.entries.into_iter().map(|(entry, facts)| entry::article(entry, facts, &context, &mut notes));
    let articles: Vec<RawArticle> = articles.collect();
    let found = articles.len();
    let articles = memory.identify(articles);
    if articles.len() < found {
        notes.add(format!("items that are in the feed twice were left out: {}", found - articles.len()));
    }
    let title = parsed.feed.title.map(|title| title.content.trim().to_owned());
    Ok(Reading { articles, notes, memory, about: mended.about, title })
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
