//! How a document is answered: in which coding, with which validators, and for how long it is good.

use std::sync::Arc;

use axum::body::Bytes;
use axum::http::header;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::cache::Document;
use super::coding::Coding;
use super::conditional::{Subject, Verdict};
use super::{Error, Web, conditional};

/// What scripts of other sites may read of an answer, besides its body.
const EXPOSED: HeaderValue = HeaderValue::from_static("ETag, Last-Modified, Link, IM, Delta-Base");

/// A document as the client wants it, or that it has it already, or that it is not what the client's conditions are about.
/// How long it is good for is for the caller to say.
///
/// # Errors
/// [`Error::NotAsWanted`] if a condition does not hold.
pub async fn response(web: &Web, document: &Arc<Document>, headers: &HeaderMap) -> Result<Response, Error> {
    let mut response = match verdict(web, document, headers) {
        Verdict::Whole(coding) => {
            let bytes = match &document.moment {
                Some(_) => document.bytes_sent_at(&web.moment(), coding),
                None => document.bytes(coding).await,
            };
            version(document, coding, Some(bytes))
        }
        Verdict::Unchanged(coding) => version(document, coding, None),
        Verdict::Failed => return Err(Error::NotAsWanted),
    };
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    Ok(response)
}

/// What a client is told of a document, which is packed for it by and by.
pub fn verdict(web: &Web, document: &Arc<Document>, headers: &HeaderMap) -> Verdict {
    let liked = Coding::liked(headers);
    let coding = document.coding(&liked);
    web.0.packer.pack(document, &liked);
    conditional::evaluate(headers, &Subject { hash: &document.hash, modified: document.modified, coding })
}

/// A document in a coding with the validators of that, or without bytes that the client's copy is this one.
fn version(document: &Document, coding: Coding, bytes: Option<Bytes>) -> Response {
    let mut response = match bytes {
        Some(bytes) => packed(document.kind, bytes, coding),
        None => StatusCode::NOT_MODIFIED.into_response(),
    };
    validate(&mut response, document, coding);
    response
}

/// Says which version of a document an answer is about.
pub fn validate(response: &mut Response, document: &Document, coding: Coding) {
    let named = response.headers_mut();
    // With the moment in its form it says the same in other bytes.
    let tag = document.tag(coding);
    let weak = |own: &HeaderValue| HeaderValue::try_from([b"W/", own.as_bytes()].concat()).ok();
    named.insert(header::ETAG, document.moment.as_ref().and_then(|_| weak(&tag)).unwrap_or(tag));
    if let Some(modified) = &document.modified_header {
        named.insert(header::LAST_MODIFIED, modified.clone());
    }
}

/// The tag of the document of this hash in a coding, as a header has it.
pub fn tag(hash: &str, coding: Coding) -> HeaderValue {
    HeaderValue::try_from(conditional::etag(hash, coding)).expect("a tag is hexadecimal")
}

/// All of a document in a coding.
pub async fn whole(document: &Document, coding: Coding) -> Response {
    packed(document.kind, document.bytes(coding).await, coding)
}

fn packed(kind: &'static str, bytes: Bytes, coding: Coding) -> Response {
    let mut response = ([(header::CONTENT_TYPE, kind)], bytes).into_response();
    if let Some(name) = coding.name() {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    response
}

/// A part of a feed is for one client: a cache keeps it only if it knows what to add it to (RFC 3229 §10.8.2).
pub fn caching(is_part: bool, max_age: u64) -> HeaderValue {
    let who = if is_part { "no-store, im" } else { "public" };
    HeaderValue::try_from(format!("{who}, max-age={max_age}")).expect("digits and letters")
}

/// Lets any site read an answer, and caches keep it so long.
pub fn share(named: &mut HeaderMap, caching: HeaderValue) {
    named.insert(header::CACHE_CONTROL, caching);
    named.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    named.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
}

/// Adds links to an answer that brings a document.
pub fn point(response: &mut Response, links: Option<HeaderValue>) {
    if response.status() != StatusCode::NOT_MODIFIED
        && let Some(links) = links
    {
        response.headers_mut().insert(header::LINK, links);
    }
}
