//! Older articles of a feed, page by page: archives and pages (RFC 5005), JSON Feed's `next_url`, `WordPress`'s `?paged=`.
//!
//! Where a walk stands is a text that the caller keeps; with it the walk goes on another day.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

use super::about::About;
use super::cursor::Cursor;
use super::{Reading, read};
use crate::model::article::RawArticle;
use crate::model::time::Timestamp;
use crate::source::fetch::{Answer, Request, parse_url, shown};
use crate::source::{Error, FeedSettings, Fetcher};

/// The most pages of one walk, however often it goes on.
const MAX_PAGES: u32 = 5_000;

/// One page of older articles.
#[derive(Debug, Default)]
pub struct Older {
    /// Where it was found, as it may be shown.
    pub place: String,
    /// Its articles; none of the feed's newest page, which is read by pulls.
    pub articles: Vec<RawArticle>,
    /// What to go on with; `None`: there is nothing older.
    pub position: Option<String>,
    /// Why the walk ends here, where that is not because the feed says so.
    pub why: Option<&'static str>,
}

/// Where a walk stands.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Position {
    /// The page to be read next.
    next: String,
    /// How many have been read.
    pages: u32,
    /// Marks of addresses and of contents that have been read: none is read twice.
    seen: Vec<u64>,
}

/// Reads the page at which a walk stands; the walk begins where `position` is empty. `cursor` is that of the last pull.
pub(in crate::source) async fn older(
    settings: &FeedSettings,
    fetcher: &Fetcher,
    (cursor, position): (&str, &str),
    now: Timestamp,
) -> Result<Older, Error> {
    let known = Cursor::parse(cursor, &settings.url);
    let configured = parse_url(&settings.url)?;
    let first = known.new_address().unwrap_or_else(|| configured.clone());
    let mut position: Position = serde_json::from_str(position).unwrap_or_default();
    let is_first = position.next.is_empty();
    let url = if is_first { first } else { parse_url(&position.next)? };
    if settings.allow_private && url.host_str() != configured.host_str() {
        return Err(Error::Unusable(format!(
            "{}: older articles are said to be at another server than the feed, which may be a private one: refused",
            shown(&url)
        )));
    }
    position.seen.push(mark(url.as_str().as_bytes()));
    position.pages += 1;
    let place = shown(&url);
    let Some(answer) = ask(fetcher, &url, (settings.allow_private, is_first), now).await? else {
        return Ok(Older { place, ..Older::default() });
    };
    let content = mark(&answer.body);
    if position.seen.contains(&content) {
        return Ok(Older { place, why: Some("this page is one that was read before"), ..Older::default() });
    }
    position.seen.push(content);
    let kind = answer.header("content-type").map(str::to_owned);
    let (found, body) = (answer.url, answer.body);
    let reading = tokio::task::spawn_blocking(move || {
        let reading = read(&body, kind.as_deref(), &found, known.memory, now);
        reading.map(|reading| (reading, found))
    });
    let (reading, found) =
        reading.await.map_err(|_| Error::unavailable("the page made its reader fail"))??;
    Ok(page(reading, place, (&url, &found), position))
}

/// Fetches a page. That there is none behind the last one is no failure.
async fn ask(
    fetcher: &Fetcher,
    url: &Url,
    (allow_private, is_first): (bool, bool),
    now: Timestamp,
) -> Result<Option<Answer>, Error> {
    let request = Request::new(url, super::cursor::ACCEPT, allow_private);
    let answer = fetcher.fetch(&request).await?;
    if answer.is_missing() && !is_first {
        return Ok(None);
    }
    answer.failure(now).map_or(Ok(Some(answer)), Err)
}

fn page(reading: Reading, place: String, (asked, found): (&Url, &Url), mut position: Position) -> Older {
    let is_first = position.pages == 1;
    let is_empty = reading.articles.is_empty();
    let next = next_page(&reading.about, asked, found).filter(|_| !is_empty || reading.about.links_on());
    let articles = if is_first { Vec::new() } else { reading.articles };
    let older = Older { place, articles, ..Older::default() };
    let Some(next) = next else { return older };
    if position.seen.contains(&mark(next.as_str().as_bytes())) {
        return Older { why: Some("it points back to a page that was read before"), ..older };
    }
    if position.pages >= MAX_PAGES {
        return Older { why: Some("it has more pages than are read"), ..older };
    }
    position.next = next.into();
    let text = serde_json::to_string(&position).expect("a position has only text keys");
    Older { position: Some(text), ..older }
}

/// The page behind this one: an archive's comes first, because it does not change any more.
fn next_page(about: &About, asked: &Url, found: &Url) -> Option<Url> {
    let linked = ["prev-archive", "next"].iter().find_map(|relation| about.link(relation));
    if let Some(address) = linked {
        let next = found.join(address).ok()?;
        let is_web = matches!(next.scheme(), "http" | "https");
        return Some(next).filter(|_| is_web);
    }
    about.is_of_wordpress().then(|| next_of_wordpress(asked))
}

fn next_of_wordpress(asked: &Url) -> Url {
    let is_number = |(name, _): &(_, _)| *name == "paged";
    let number = asked.query_pairs().find(is_number).and_then(|(_, number)| number.parse::<u32>().ok());
    let others: Vec<(String, String)> = asked
        .query_pairs()
        .filter(|pair| !is_number(pair))
        .map(|(name, value)| (name.into(), value.into()))
        .collect();
    let mut next = asked.clone();
    let number = number.unwrap_or(1).saturating_add(1).to_string();
    next.query_pairs_mut().clear().extend_pairs(others).append_pair("paged", &number);
    next
}

fn mark(bytes: &[u8]) -> u64 {
    let digest = Sha256::digest(bytes);
    digest.first_chunk().copied().map_or(0, u64::from_be_bytes)
}
