//! Feeds over HTTP, with their validators.

use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};

use super::answer::{caching, response, share};
use super::cache::Document;
use super::feed::{Condition, Feeds, Which};
use super::guard::headers_of_public;
use super::pages::{HTML, PAGE_AGE};
use super::ready::{Head, is_plain};
use super::{Error, FOR_EVER, Live, Settings, Web, delta, links, negotiation};
use crate::model::text::line;
use crate::render::feed::{Feed, Format, Print};
use crate::render::opml::{self, Outline};
use crate::render::page::path_segment;
use crate::store::{self, NewDocument};

/// The longest query that is read.
pub(super) const QUERY_BYTES: usize = 2000;

/// For how many seconds the list of feeds is good.
const LIST_AGE: u64 = 3600;

/// A browser asks before it sends `If-None-Match` to another site's feed; it may.
const PREFLIGHT: [(HeaderName, &str); 4] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, OPTIONS"),
    (header::ACCESS_CONTROL_ALLOW_HEADERS, "*"),
    (header::ACCESS_CONTROL_MAX_AGE, "86400"),
];

pub fn router() -> Router<Web> {
    Format::ALL
        .into_iter()
        .fold(Router::new(), |router, format| {
            let ending = format.extension();
            router
                .route(&format!("/feed.{ending}"), site(format))
                .route(&format!("/authors/{{name}}/feed.{ending}"), named(format, Condition::author))
                .route(&format!("/newsletters/{{name}}/feed.{ending}"), named(format, Condition::newsletter))
                .route(&format!("/sources/{{name}}/feed.{ending}"), named(format, Condition::source))
                .route(&format!("/tags/{{name}}/feed.{ending}"), named(format, Condition::tag))
                .route(&format!("/newsletters/{{name}}/editions.{ending}"), editions(format))
        })
        .route("/feeds.opml", get(list))
        .route("/feed/archive/{page}", site_archive())
        .route("/authors/{name}/feed/archive/{page}", archive(|name| Which::of(Condition::author(name))))
        .route(
            "/newsletters/{name}/feed/archive/{page}",
            archive(|name| Which::of(Condition::newsletter(name))),
        )
        .route("/sources/{name}/feed/archive/{page}", archive(|name| Which::of(Condition::source(name))))
        .route("/tags/{name}/feed/archive/{page}", archive(|name| Which::of(Condition::tag(name))))
        .route(
            "/newsletters/{name}/editions/archive/{page}",
            archive(|name| Which::Editions(name.to_owned())),
        )
}

/// All feeds that have an address of their own, for who subscribes to several at once.
async fn list(State(web): State<Web>, headers: HeaderMap) -> Result<Response, Error> {
    let settings = web.settings();
    let make = async {
        let publication = &settings.site.publication;
        let outline = |(which, title): (Which, String)| Outline {
            title,
            feed: publication.link(&which.path(Format::Rss)),
            page: publication.link(&which.page()),
        };
        let outlines: Vec<Outline> = web.feeds(&settings).listed().await?.into_iter().map(outline).collect();
        let list = opml::render(&line(&publication.title), &outlines);
        Ok(Some(Document::new(list, "text/x-opml; charset=utf-8")))
    };
    let mut response = web.answer(&settings, ("feeds.opml", &headers), make).await?;
    share(response.headers_mut(), caching(false, LIST_AGE));
    Ok(response)
}

fn site_archive() -> MethodRouter<Web> {
    get(async move |State(web): State<Web>, Path(page): Path<String>, headers: HeaderMap| {
        serve_page(&web, &Which::site(), &page, &headers).await
    })
    .options(preflight)
}

fn archive(which: fn(&str) -> Which) -> MethodRouter<Web> {
    let serve = async move |State(web): State<Web>,
                            Path((name, page)): Path<(String, String)>,
                            headers: HeaderMap| {
        let which = which(&name);
        if which.only_condition().is_some_and(|condition| condition.value() != name) {
            let (number, format) = numbered(&page).ok_or(Error::NotFound)?;
            return Ok(moved(&web, &which.archive_path(number, format)));
        }
        serve_page(&web, &which, &page, &headers).await
    };
    get(serve).options(preflight)
}

/// The page that the last part of an address names, such as `12.rss`: each has one name.
fn numbered(page: &str) -> Option<(i64, Format)> {
    let (number, extension) = page.split_once('.')?;
    let parsed: i64 = number.parse().ok()?;
    Some((parsed, Format::of_extension(extension)?)).filter(|_| parsed > 0 && parsed.to_string() == number)
}

fn site(format: Format) -> MethodRouter<Web> {
    get(async move |State(web): State<Web>, RawQuery(query): RawQuery, headers: HeaderMap| {
        let query = query.unwrap_or_default();
        let which = Which::site().narrowed(checked(&query)?);
        let mark = if query.is_empty() { "" } else { "?" };
        let asked = format!("feed.{}{mark}{query}", format.extension());
        serve_at(&web, &which, format, (&asked, &headers)).await
    })
    .options(preflight)
}

fn named(format: Format, condition: fn(&str) -> Condition) -> MethodRouter<Web> {
    let serve = async move |State(web): State<Web>,
                            Path(name): Path<String>,
                            RawQuery(query): RawQuery,
                            headers: HeaderMap| {
        let condition = condition(&name);
        let folder = condition.folder().unwrap_or_default();
        let asked = format!("{folder}/{}/feed.{}", path_segment(&name), format.extension());
        let which = Which::of(condition).narrowed(checked(&query.unwrap_or_default())?);
        serve_at(&web, &which, format, (&asked, &headers)).await
    };
    get(serve).options(preflight)
}

fn editions(format: Format) -> MethodRouter<Web> {
    get(async move |State(web): State<Web>, Path(slug): Path<String>, headers: HeaderMap| {
        serve(&web, &Which::Editions(slug), format, &headers).await
    })
    .options(preflight)
}

/// A query, if it is no longer than any that means something.
fn checked(query: &str) -> Result<&str, Error> {
    if query.len() <= QUERY_BYTES { Ok(query) } else { Err(Error::TooLong) }
}

/// Serves a feed, or leads to where it stands if it was asked for in another way.
async fn serve_at(
    web: &Web,
    which: &Which,
    format: Format,
    (asked, headers): (&str, &HeaderMap),
) -> Result<Response, Error> {
    let path = which.path(format);
    if path == asked {
        return serve(web, which, format, headers).await;
    }
    Ok(moved(web, &path))
}

/// Leads to the one address of something.
fn moved(web: &Web, path: &str) -> Response {
    let location = format!("{}{path}", web.settings().site.root());
    let moved = [
        (header::LOCATION, location.as_str()),
        (header::CACHE_CONTROL, "public, max-age=86400"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (StatusCode::MOVED_PERMANENTLY, moved).into_response()
}

async fn preflight() -> impl IntoResponse {
    (StatusCode::NO_CONTENT, PREFLIGHT)
}

async fn serve(web: &Web, which: &Which, format: Format, headers: &HeaderMap) -> Result<Response, Error> {
    for slug in which.newsletters() {
        web.require_public_newsletter(slug).await?;
    }
    let settings = web.settings();
    let path = which.path(format);
    let now = web.0.clock.now();
    let max_age = web.feeds(&settings).max_age(which, &web.next_pulls(now).await?, now);
    if negotiation::prefers_page(headers, format) {
        let feed = Box::pin(async {
            web.feeds(&settings).close_archive(which).await?;
            web.feeds(&settings).compose(which).await
        });
        let mut response = page(web, (&settings, &path, format), headers, feed).await?;
        response.headers_mut().insert(header::CACHE_CONTROL, caching(false, max_age.as_secs()));
        return Ok(response);
    }
    let stamp = web.stamp(&settings).await?;
    let current = live(web, &settings, which, format).await?.ok_or(Error::NotFound)?;
    let mut response = response(web, &current, headers).await?;
    if response.status() == StatusCode::OK
        && which.has_deltas(format)
        && let Some(delta) = delta::part(web, &settings, (which, format), (&current, headers)).await?
    {
        response = delta;
    }
    let links = links::of_feed(&settings, which, format, &path);
    let caching = caching(response.headers().contains_key(delta::IM), max_age.as_secs());
    let head = Head::new(vary(which.has_deltas(format), headers), caching, links);
    head.put_on(&mut response);
    if is_plain(headers) {
        current.say(head.said(&current, (stamp, now), headers_of_public(web, &path)));
    }
    Ok(response)
}

/// A page of a feed's archive: kept for a year once there is a page after it.
async fn serve_page(web: &Web, which: &Which, name: &str, headers: &HeaderMap) -> Result<Response, Error> {
    let (number, format) = numbered(name).ok_or(Error::NotFound)?;
    for slug in which.newsletters() {
        web.require_public_newsletter(slug).await?;
    }
    let settings = web.settings();
    let path = which.archive_path(number, format);
    if negotiation::prefers_page(headers, format) {
        let feed = Box::pin(async {
            web.feeds(&settings).close_archive(which).await?;
            web.feeds(&settings).archive_page(which, number).await
        });
        let mut response = page(web, (&settings, &path, format), headers, feed).await?;
        response.headers_mut().insert(header::CACHE_CONTROL, PAGE_AGE);
        return Ok(response);
    }
    let make = Box::pin(async {
        let feeds = web.feeds(&settings);
        feeds.close_archive(which).await?;
        let Some(feed) = feeds.archive_page(which, number).await? else { return Ok(None) };
        let document = Document::new(feed.render(format), kind(format)).closed(feed.place.next.is_some());
        Ok(Some(dated(web, &path, &feed, document, Vec::new()).await))
    });
    let basis = Box::pin(async { Ok(web.feeds(&settings).basis_of_page(which, number).await?) });
    let made = web.document_made_from(&settings, &path, basis, make).await?;
    let document = made.ok_or(Error::NotFound)?;
    let mut response = response(web, &document, headers).await?;
    let now = web.0.clock.now();
    let max_age = web.feeds(&settings).max_age(which, &web.next_pulls(now).await?, now);
    let caching = if document.is_closed { FOR_EVER } else { caching(false, max_age.as_secs()) };
    Head::new(vary(false, headers), caching, links::of_feed(&settings, which, format, &path))
        .put_on(&mut response);
    Ok(response)
}

/// What the answer depends on: what else the client likes only if it is to be shown in a window, and what it has only if it asks
/// for a part.
pub(super) fn vary(has_deltas: bool, headers: &HeaderMap) -> HeaderValue {
    let names = [
        ("Accept-Encoding, Sec-Fetch-Dest", true),
        ("Accept", negotiation::is_for_window(headers)),
        ("A-IM", has_deltas),
        ("If-None-Match", has_deltas && delta::is_accepted(headers)),
    ];
    let names: Vec<&str> = names.into_iter().filter(|(_, counts)| *counts).map(|(name, _)| name).collect();
    HeaderValue::try_from(names.join(", ")).expect("names of headers are ASCII")
}

/// A feed as a page for people.
async fn page<F>(
    web: &Web,
    (settings, path, format): (&Live, &str, Format),
    headers: &HeaderMap,
    feed: F,
) -> Result<Response, Error>
where
    F: Future<Output = Result<Option<Feed>, store::Error>>,
{
    let make = async {
        let page = feed.await?.map(|feed| settings.site.feed_page(&feed, format));
        Ok(page.map(|page| Document::new(page, HTML)))
    };
    let mut response = web.answer(settings, (&format!("{path} as a page"), headers), make).await?;
    response.headers_mut().insert(header::VARY, vary(false, headers));
    Ok(response)
}

async fn document(
    web: &Web,
    settings: &Settings,
    which: &Which,
    format: Format,
) -> Result<Option<Document>, Error> {
    let feeds = web.feeds(settings);
    feeds.close_archive(which).await?;
    let Some(feed) = feeds.compose(which).await? else { return Ok(None) };
    let document = Document::new(feed.render(format), kind(format));
    if !which.is_lasting() {
        // Anybody can make up as many of these as they like: nothing is written for them.
        return Ok(Some(document.last_modified(feed.changed_at)));
    }
    let entries = if which.has_deltas(format) { feed.prints() } else { Vec::new() };
    Ok(Some(dated(web, &which.path(format), &feed, document, entries).await))
}

/// A feed's document as it is now; `None` if there is no such feed, or it has ended.
pub(super) async fn current(
    web: &Web,
    which: &Which,
    format: Format,
) -> Result<Option<Arc<Document>>, Error> {
    for slug in which.newsletters() {
        if web.settings().site.public_newsletter(slug).is_none() {
            return Ok(None);
        }
    }
    let settings = web.settings();
    live(web, &settings, which, format).await
}

/// A feed's document as these settings want it, from memory where nothing of what it shows has changed.
async fn live(
    web: &Web,
    settings: &Live,
    which: &Which,
    format: Format,
) -> Result<Option<Arc<Document>>, Error> {
    let basis = Box::pin(async { Ok(web.feeds(settings).basis(which).await?) });
    let make = Box::pin(document(web, settings, which, format));
    web.document_made_from(settings, &which.path(format), basis, make).await
}

/// The document of a feed with the moment at which it last changed.
pub(super) async fn dated(
    web: &Web,
    path: &str,
    feed: &Feed,
    document: Document,
    entries: Vec<Print>,
) -> Document {
    let new = NewDocument {
        path,
        hash: &document.hash,
        changed_at: feed.changed_at,
        entries: &delta::written(&entries),
    };
    let told = web.0.store.document_modified_at(&new, web.0.clock.now()).await;
    let modified = told.unwrap_or_else(|error| {
        tracing::warn!(path, %error, "A feed is served, but when it last changed cannot be kept");
        feed.changed_at
    });
    document.last_modified(modified).with_entries(entries)
}

pub(super) const fn kind(format: Format) -> &'static str {
    match format {
        Format::Rss => "application/rss+xml; charset=utf-8",
        Format::Atom => "application/atom+xml; charset=utf-8",
        Format::Json => "application/feed+json; charset=utf-8",
    }
}

impl Web {
    pub(super) fn feeds<'a>(&'a self, settings: &'a Settings) -> Feeds<'a> {
        Feeds::new(&self.0.store, settings)
    }
}
