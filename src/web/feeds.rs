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
use super::{Error, Settings, Web, conditional};
use crate::render::feed::Format;
use crate::render::page::path_segment;

/// The longest query that is read.
const QUERY_BYTES: usize = 2000;

/// A browser asks before it sends `If-None-Match` to another site's feed; it may.
const PREFLIGHT: [(HeaderName, &str); 4] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, OPTIONS"),
    (header::ACCESS_CONTROL_ALLOW_HEADERS, "*"),
    (header::ACCESS_CONTROL_MAX_AGE, "86400"),
];

pub fn router() -> Router<Web> {
    Format::ALL.into_iter().fold(Router::new(), |router, format| {
        let ending = format.extension();
        router
            .route(&format!("/feed.{ending}"), site(format))
            .route(&format!("/authors/{{name}}/feed.{ending}"), named(format, Condition::author))
            .route(&format!("/newsletters/{{name}}/feed.{ending}"), named(format, Condition::newsletter))
            .route(&format!("/sources/{{name}}/feed.{ending}"), named(format, Condition::source))
            .route(&format!("/tags/{{name}}/feed.{ending}"), named(format, Condition::tag))
            .route(&format!("/newsletters/{{name}}/editions.{ending}"), editions(format))
    })
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
    let location = format!("{}{path}", web.settings().site.root());
    let moved = [
        (header::LOCATION, location.as_str()),
        (header::CACHE_CONTROL, "public, max-age=86400"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    Ok((StatusCode::MOVED_PERMANENTLY, moved).into_response())
}

async fn preflight() -> impl IntoResponse {
    (StatusCode::NO_CONTENT, PREFLIGHT)
}

async fn serve(web: &Web, which: &Which, format: Format, headers: &HeaderMap) -> Result<Response, Error> {
    for slug in which.newsletters() {
        web.require_newsletter(slug).await?;
    }
    let settings = web.settings();
    let mut response =
        web.answer(&which.path(format), headers, document(web, &settings, which, format)).await?;
    let max_age = web.feeds(&settings).max_age(which, web.0.clock.now()).as_secs();
    let caching = HeaderValue::try_from(format!("public, max-age={max_age}")).expect("digits and letters");
    response.headers_mut().insert(header::CACHE_CONTROL, caching);
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    let exposed = HeaderValue::from_static("ETag, Last-Modified");
    response.headers_mut().insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    Ok(response)
}

async fn document(
    web: &Web,
    settings: &Settings,
    which: &Which,
    format: Format,
) -> Result<Option<Document>, Error> {
    let Some(feed) = web.feeds(settings).compose(which).await? else { return Ok(None) };
    let document = Document::new(feed.render(format), kind(format));
    if !which.is_lasting() {
        // Anybody can make up as many of these as they like: nothing is written for them.
        return Ok(Some(document.last_modified(feed.changed_at)));
    }
    let (path, now) = (which.path(format), web.0.clock.now());
    let told = web.0.store.document_modified_at(&path, &document.hash, feed.changed_at, now).await;
    let modified = told.unwrap_or_else(|error| {
        tracing::warn!(path, %error, "A feed is served, but when it last changed cannot be kept");
        feed.changed_at
    });
    Ok(Some(document.last_modified(modified)))
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
    let named = response.headers_mut();
    named.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    let tag = conditional::etag(&document.hash, coding);
    named.insert(header::ETAG, HeaderValue::try_from(tag).expect("a tag is hexadecimal"));
    if let Some(modified) = document.modified {
        let date = HeaderValue::try_from(modified.to_http_date()).expect("a date is ASCII");
        named.insert(header::LAST_MODIFIED, date);
    }
    Ok(response)
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
        Feeds {
            store: &self.0.store,
            site: &settings.site,
            max_age: settings.max_age,
            tombstones: settings.tombstones,
        }
    }
}
