//! What holds for every request: limits, headers, a line in the log, a page for every failure.

use std::time::{Duration, Instant};

use axum::Router;
use axum::error_handling::HandleErrorLayer;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use super::api::failure;
use super::unsubscribe::COUNTERSIGN;
use super::{Web, error};

/// What search engines may do with an answer that is no page.
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// The largest body that a form has any use for.
const BODY_BYTES: usize = 16 * 1024;

/// How long a request may take, its body included.
const PATIENCE: Duration = Duration::from_secs(15);

/// How many requests are worked on at once; those above are told to come back.
const AT_ONCE: usize = 512;

/// No script but ours, no frame, nothing from elsewhere but the pictures and recordings of articles.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src https: http: data:; media-src https: http:; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, HeaderValue); 4] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin")),
];

/// The router behind its guards, and beside it `unbounded`, whose handlers bound what they read themselves. Guards that
/// stand last here see a request first.
pub fn guarded(router: Router, unbounded: Router, web: &Web) -> Router {
    let overload = ServiceBuilder::new()
        .layer(HandleErrorLayer::new(async |_: tower::BoxError| StatusCode::SERVICE_UNAVAILABLE))
        .load_shed()
        .concurrency_limit(AT_ONCE);
    router
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(RequestBodyLimitLayer::new(BODY_BYTES))
        .merge(unbounded)
        .layer(middleware::from_fn(log))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE))
        .layer(CatchPanicLayer::new())
        .layer(overload)
        .layer(middleware::from_fn_with_state(web.clone(), explain))
}

/// One line for each request: the route's template, never the path, which may hold a token.
async fn log(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let response = next.run(request).await;
    let duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::debug!(%method, route, status = response.status().as_u16(), duration_ms, "Answered a request");
    response
}

/// Gives every failure a page in plain words, or a program its JSON, and every answer its headers.
async fn explain(State(web): State<Web>, request: Request, next: Next) -> Response {
    let is_private = holds_token(request.uri()) || is_signed(&request);
    let is_hidden = is_hidden(&web, request.uri().path());
    let is_program = request.uri().path().contains("/api/v1/");
    let mut response = next.run(request).await;
    let status = response.status();
    if (status.is_client_error() || status.is_server_error()) && !is_written(&response) {
        let kept = [header::ALLOW, COUNTERSIGN].map(|name| (response.headers_mut().remove(&name), name));
        response = if is_program {
            failure(status, &status.canonical_reason().unwrap_or_default().to_lowercase())
        } else {
            let page = web.settings().site.notice(&error::notice(&response), None);
            (status, Html(page)).into_response()
        };
        let kept = kept.into_iter().filter_map(|(value, name)| Some((name, value?)));
        response.headers_mut().extend(kept);
    }
    if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
        response.headers_mut().entry(header::RETRY_AFTER).or_insert(HeaderValue::from_static("120"));
    }
    web.0.counts.add(status);
    protect(&mut response, is_private);
    if (is_hidden || is_private) && status != StatusCode::NOT_MODIFIED {
        hide(response.headers_mut());
    }
    response
}

/// What the guards add to an answer with the public document at this path.
pub fn headers_of_public(web: &Web, path: &str) -> HeaderMap {
    let mut headers = HeaderMap::from_iter(HEADERS);
    if is_hidden(web, path) {
        hide(&mut headers);
    }
    headers
}

fn hide(headers: &mut HeaderMap) {
    headers.insert(ROBOTS, HeaderValue::from_static("noindex"));
}

/// A copy that is still good has these headers already, and keeps them (RFC 9111 §4.3.4).
fn protect(response: &mut Response, is_private: bool) {
    let is_sent = response.status() != StatusCode::NOT_MODIFIED;
    let headers = response.headers_mut();
    if is_sent {
        headers.extend(HEADERS);
    }
    if is_sent && is_private {
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    }
    let kept = headers.get(header::CACHE_CONTROL).map(HeaderValue::as_bytes);
    let is_kept_safe = kept.is_some_and(|kept| !is_private || kept.starts_with(b"private"));
    if !is_kept_safe {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// Whether the route of a request says that its path is a secret.
fn is_signed(request: &Request) -> bool {
    request.extensions().get::<MatchedPath>().is_some_and(|route| route.as_str().contains("{token}"))
}

/// Whether the path of a request is itself a secret.
fn holds_token(address: &Uri) -> bool {
    let path = address.path();
    path.ends_with("/manage")
        || ["/address/", "/confirm/", "/go/", "/keep/", "/manage/", "/unsubscribe/", "/websub/"]
            .iter()
            .any(|part| path.contains(part))
}

/// Whether search engines are to leave alone what is at a path: all of some newsletters, feeds too.
fn is_hidden(web: &Web, path: &str) -> bool {
    let slug = path.split('/').skip_while(|part| *part != "newsletters").nth(1);
    slug.is_some_and(|slug| {
        web.settings().site.newsletter(slug).is_some_and(|own| own.noindex || own.is_private)
    })
}

/// Whether a handler has written a page or a message itself.
fn is_written(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html") || kind.starts_with("application/json"))
}
