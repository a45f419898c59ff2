//! Feeds over HTTP, with their validators.

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};

use super::cache::Document;
use super::coding::Coding;
use super::conditional::{Subject, Verdict};
use super::feed::{Condition, Feeds, Which};
use super::{Error, FOR_EVER, Settings, Web, conditional, delta};
use crate::render::feed::{Feed, Format, Print};
use crate::render::page::path_segment;
use crate::store::NewDocument;

/// The longest query that is read.
const QUERY_BYTES: usize = 2000;

/// A browser asks before it sends `If-None-Match` to another site's feed; it may.
const PREFLIGHT: [(HeaderName, &str); 4] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, OPTIONS"),
    (header::ACCESS_CONTROL_ALLOW_HEADERS, "*"),
    (header::ACCESS_CONTROL_MAX_AGE, "86400"),
];

/// What scripts of other sites may read of an answer, besides its body.
const EXPOSED: HeaderValue = HeaderValue::from_static("ETag, Last-Modified, IM, Delta-Base");

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
        web.require_newsletter(slug).await?;
    }
    let settings = web.settings();
    let path = which.path(format);
    let made = document(web, &settings, which, format);
    let current = web.document(&path, made).await?.ok_or(Error::NotFound)?;
    let now = web.0.clock.now();
    let max_age = web.feeds(&settings).max_age(which, &web.next_pulls(now).await?, now);
    let mut response = response(&current, headers).await?;
    if response.status() == StatusCode::OK
        && which.has_deltas(format)
        && let Some(delta) = part(web, (which, format), &current, headers).await?
    {
        response = delta;
    }
    response.headers_mut().insert(header::VARY, vary(which, format, headers));
    let is_part = response.headers().contains_key(delta::IM);
    share(&mut response, caching(is_part, max_age.as_secs()));
    Ok(response)
}

/// A page of a feed's archive: kept for a year once there is a page after it.
async fn serve_page(web: &Web, which: &Which, page: &str, headers: &HeaderMap) -> Result<Response, Error> {
    let (number, format) = numbered(page).ok_or(Error::NotFound)?;
    for slug in which.newsletters() {
        web.require_newsletter(slug).await?;
    }
    let settings = web.settings();
    let path = which.archive_path(number, format);
    let make = async {
        let feeds = web.feeds(&settings);
        feeds.close_archive(which).await?;
        let Some(feed) = feeds.archive_page(which, number).await? else { return Ok(None) };
        let document = Document::new(feed.render(format), kind(format)).closed(feed.place.next.is_some());
        Ok(Some(dated(web, &path, &feed, document, Vec::new()).await))
    };
    let document = web.document(&path, make).await?.ok_or(Error::NotFound)?;
    let mut response = response(&document, headers).await?;
    let now = web.0.clock.now();
    let max_age = web.feeds(&settings).max_age(which, &web.next_pulls(now).await?, now);
    share(&mut response, if document.is_closed { FOR_EVER } else { caching(false, max_age.as_secs()) });
    Ok(response)
}

/// Lets any site read an answer, and caches keep it so long.
fn share(response: &mut Response, caching: HeaderValue) {
    let named = response.headers_mut();
    named.insert(header::CACHE_CONTROL, caching);
    named.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    named.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
}

/// A part of a feed is for one client: a cache keeps it only if it knows what to add it to (RFC 3229 §10.8.2).
fn caching(is_part: bool, max_age: u64) -> HeaderValue {
    let who = if is_part { "no-store, im" } else { "public" };
    HeaderValue::try_from(format!("{who}, max-age={max_age}")).expect("digits and letters")
}

/// What the answer depends on. Only who asks for a part gets another answer by what they have.
fn vary(which: &Which, format: Format, headers: &HeaderMap) -> HeaderValue {
    HeaderValue::from_static(match (which.has_deltas(format), delta::is_accepted(headers)) {
        (true, true) => "Accept-Encoding, A-IM, If-None-Match",
        (true, false) => "Accept-Encoding, A-IM",
        (false, _) => "Accept-Encoding",
    })
}

/// What came since the version that a client has, as the answer to it; `None` if it gets the whole feed.
async fn part(
    web: &Web,
    (which, format): (&Which, Format),
    current: &Document,
    headers: &HeaderMap,
) -> Result<Option<Response>, Error> {
    if !delta::is_accepted(headers) {
        return Ok(None);
    }
    let path = which.path(format);
    let Some(base) = delta::find_base(web, &path, headers).await? else { return Ok(None) };
    let limit = Feeds::limit(which);
    if base.changed_since(&current.entries, limit).is_none() {
        return Ok(None);
    }
    let settings = web.settings();
    let make = async {
        let Some(feed) = web.feeds(&settings).compose(which).await? else { return Ok(None) };
        let changed = base.changed_since(&feed.prints(), limit);
        Ok(changed.map(|changed| Document::new(feed.with_only(&changed).render(format), kind(format))))
    };
    let part = web.document(&format!("{path} since {}", base.hash), make).await?;
    let Some(part) = part else { return Ok(None) };
    let coding = current.coding(Coding::wanted(headers));
    let mut response = whole(&part, part.coding(coding)).await;
    *response.status_mut() = StatusCode::IM_USED;
    validate(&mut response, current, coding);
    let named = response.headers_mut();
    named.insert(delta::IM, HeaderValue::from_static("feed"));
    named.insert(delta::DELTA_BASE, tag(&base.hash, base.coding));
    Ok(Some(response))
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

/// The document of a feed with the moment at which it last changed.
async fn dated(web: &Web, path: &str, feed: &Feed, document: Document, entries: Vec<Print>) -> Document {
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

const fn kind(format: Format) -> &'static str {
    match format {
        Format::Rss => "application/rss+xml; charset=utf-8",
        Format::Atom => "application/atom+xml; charset=utf-8",
        Format::Json => "application/feed+json; charset=utf-8",
    }
}

/// A document as the client wants it, or that it has it already, or that it is not what the client's conditions are about.
/// How long it is good for is for the caller to say.
///
/// # Errors
/// [`Error::NotAsWanted`] if a condition does not hold.
pub async fn response(document: &Document, headers: &HeaderMap) -> Result<Response, Error> {
    let coding = document.coding(Coding::wanted(headers));
    let subject = Subject { hash: &document.hash, modified: document.modified, coding };
    let (mut response, coding) = match conditional::evaluate(headers, &subject) {
        Verdict::Whole(coding) => (whole(document, coding).await, coding),
        Verdict::Unchanged(coding) => (StatusCode::NOT_MODIFIED.into_response(), coding),
        Verdict::Failed => return Err(Error::NotAsWanted),
    };
    validate(&mut response, document, coding);
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    Ok(response)
}

/// Says which version of a document an answer is about.
fn validate(response: &mut Response, document: &Document, coding: Coding) {
    let named = response.headers_mut();
    named.insert(header::ETAG, tag(&document.hash, coding));
    if let Some(modified) = document.modified {
        let date = HeaderValue::try_from(modified.to_http_date()).expect("a date is ASCII");
        named.insert(header::LAST_MODIFIED, date);
    }
}

fn tag(hash: &str, coding: Coding) -> HeaderValue {
    HeaderValue::try_from(conditional::etag(hash, coding)).expect("a tag is hexadecimal")
}

async fn whole(document: &Document, coding: Coding) -> Response {
    let kind = [(header::CONTENT_TYPE, document.kind)];
    let mut response = (kind, document.bytes(coding).await).into_response();
    if let Some(name) = coding.name() {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    response
}

impl Web {
    pub(super) fn feeds<'a>(&'a self, settings: &'a Settings) -> Feeds<'a> {
        Feeds::new(&self.0.store, settings)
    }
}
