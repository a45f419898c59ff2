//! Feeds that lie ready: readers ask for the same few again and again, mostly whether they have changed.
//!
//! Once its route has answered a plain request for a feed, what it said lies beside the document, and the same request is
//! answered by it before all routes and guards, until something changes that it depends on: the store, the settings, or the
//! second, on which depends how long it is good for. What it says is the same as what the route would.

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Method, Request, StatusCode, Uri};
use axum::response::Response;

use super::answer::{point, share, verdict};
use super::cache::{Document, Stamp};
use super::conditional::Verdict;
use super::negotiation::SEC_FETCH_DEST;
use super::{Web, delta};
use crate::model::time::Timestamp;
use crate::render::feed::Format;

/// What every answer about a feed's document says, whichever version and coding of it the client gets.
#[derive(Clone, Debug)]
pub struct Head {
    headers: HeaderMap,
    links: Option<HeaderValue>,
}

/// What was said about a document, and when: all but its tag, its coding and its bytes.
#[derive(Debug)]
pub struct Said {
    stamp: Stamp,
    at: Timestamp,
    with_document: HeaderMap,
    without: HeaderMap,
}

impl Head {
    /// Who may keep the answer, for how long and for which requests; and where the document belongs (RFC 8288).
    pub fn new(vary: HeaderValue, caching: HeaderValue, links: Option<HeaderValue>) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(header::VARY, vary);
        share(&mut headers, caching);
        Self { headers, links }
    }

    /// Adds it to an answer. Who has the document already is told no more of where it belongs.
    pub fn put_on(&self, response: &mut Response) {
        response.headers_mut().extend(self.headers.clone());
        point(response, self.links.clone());
    }

    /// What is said with it about a document, and of which the guards add `guards` where that is sent.
    pub fn said(self, document: &Document, when: (Stamp, Timestamp), guards: HeaderMap) -> Said {
        let mut without = self.headers;
        without.extend(document.modified_header.clone().map(|modified| (header::LAST_MODIFIED, modified)));
        let mut with_document = without.clone();
        with_document.extend(guards);
        with_document.insert(header::CONTENT_TYPE, HeaderValue::from_static(document.kind));
        with_document.extend(self.links.map(|links| (header::LINK, links)));
        Said { stamp: when.0, at: when.1, with_document, without }
    }
}

impl Web {
    /// The answer to a plain request for a feed, if it lies ready.
    pub(super) async fn find_ready<B>(&self, request: &Request<B>) -> Option<Response> {
        let (method, headers) = (request.method(), request.headers());
        if !matches!(*method, Method::GET | Method::HEAD) || !is_plain(headers) {
            return None;
        }
        let settings = self.settings();
        let name = name(request.uri(), settings.site.root())?;
        let stamp = self.stamp(&settings).await.ok()?;
        let document = self.0.cache.find(name, stamp)?;
        let said = document.said().filter(|said| said.stamp == stamp && said.at == self.0.clock.now())?;
        let response = said.response(&document, verdict(self, &document, headers))?;
        self.0.counts.add_ready(response.status());
        tracing::debug!(%method, name, status = response.status().as_u16(), "Answered a request");
        Some(response)
    }
}

impl Said {
    /// `None` if the bytes are not there, or a condition does not hold.
    fn response(&self, document: &Arc<Document>, verdict: Verdict) -> Option<Response> {
        let (mut response, coding) = match verdict {
            Verdict::Whole(coding) => {
                let mut response = Response::new(Body::from(document.find_bytes(coding)?));
                *response.headers_mut() = self.with_document.clone();
                if let Some(name) = coding.name() {
                    response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
                }
                (response, coding)
            }
            Verdict::Unchanged(coding) => {
                let mut response = Response::new(Body::empty());
                *response.status_mut() = StatusCode::NOT_MODIFIED;
                *response.headers_mut() = self.without.clone();
                (response, coding)
            }
            Verdict::Failed => return None,
        };
        response.headers_mut().insert(header::ETAG, document.tag(coding));
        Some(response)
    }
}

/// Whether a client asks for a feed's document, and neither for a page to be shown in a window nor for what came since.
pub fn is_plain(headers: &HeaderMap) -> bool {
    !headers.contains_key(SEC_FETCH_DEST) && !headers.contains_key(delta::A_IM)
}

/// By what the document is kept that is at an address, if it may be a feed.
fn name<'a>(address: &'a Uri, root: &str) -> Option<&'a str> {
    let (_, extension) = address.path().rsplit_once('.')?;
    Format::of_extension(extension)?;
    let whole = address.path_and_query()?.as_str();
    whole.strip_prefix(root).or_else(|| whole.strip_prefix('/'))
}
