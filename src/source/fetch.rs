//! The guarded HTTP client: bounded in size, time and redirects, and shy of addresses that are not public.

mod answer;
mod callback;
mod guard;
mod links;
mod picture;
mod post;
mod probe;

use std::error::Error as StdError;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::{ACCEPT, HeaderMap, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LOCATION};
use reqwest::{Client, StatusCode, redirect};
use url::Url;

pub(super) use self::answer::Answer;
pub use self::callback::Reply;
pub use self::guard::{Names, Network};
use self::guard::{NotPublic, Resolver};
pub use self::probe::Probe;
use super::Error;
use crate::model::time::Timestamp;

/// How much the fetcher takes, and how long it waits.
#[derive(Clone, Debug)]
pub struct Limits {
    /// For a connection, TLS included.
    pub connect: Duration,
    /// For everything: redirects, and the last byte of the body.
    pub total: Duration,
    /// Bytes of a body, after decompression.
    pub bytes: usize,
    /// Redirects followed.
    pub redirects: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            total: Duration::from_mins(1),
            bytes: 10 * 1024 * 1024,
            redirects: 5,
        }
    }
}

/// An HTTP client that reads feeds and pages: no cookies, no proxy, no referrer. Cheap to clone.
#[derive(Clone)]
pub struct Fetcher(Arc<Inner>);

struct Inner {
    user_agent: String,
    limits: Limits,
    network: Network,
    guarded: OnceLock<Result<Client, String>>,
    open: OnceLock<Result<Client, String>>,
}

/// What is asked for.
pub(super) struct Request<'a> {
    pub url: &'a Url,
    /// What is preferred of the resource, as `Accept` says it.
    pub accept: &'static str,
    pub allow_private: bool,
    /// Validators, as the server wrote them.
    pub etag: Option<&'a str>,
    pub last_modified: Option<&'a str>,
    /// Whether an answer may hold only what is new (RFC 3229).
    pub takes_deltas: bool,
}

impl<'a> Request<'a> {
    /// For the whole of it, whatever is known of it already.
    pub fn new(url: &'a Url, accept: &'static str, allow_private: bool) -> Self {
        Self { url, accept, allow_private, etag: None, last_modified: None, takes_deltas: false }
    }
}

/// A page of the web.
#[derive(Clone, Debug)]
pub struct Page {
    /// Where it was found, after redirects.
    pub url: String,
    /// What the server says it is, such as `text/html; charset=utf-8`.
    pub content_type: Option<String>,
    /// Its bytes.
    pub body: Vec<u8>,
}

impl fmt::Debug for Fetcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fetcher").field("user_agent", &self.0.user_agent).finish_non_exhaustive()
    }
}

impl Fetcher {
    /// A fetcher that names `contact`, an address of the publication's, in its User-Agent.
    pub fn new(contact: &str) -> Self {
        Self::with(contact, Limits::default(), Network::default())
    }

    /// The same with other limits, or in another network.
    pub fn with(contact: &str, limits: Limits, network: Network) -> Self {
        let user_agent = format!("Courant/{} (+{contact})", env!("CARGO_PKG_VERSION"));
        Self(Arc::new(Inner { user_agent, limits, network, guarded: OnceLock::new(), open: OnceLock::new() }))
    }

    /// Fetches one page, as for an article to be taken from it.
    ///
    /// # Errors
    /// If the address is no http(s) address or not public, or the server does not answer with a page in time.
    pub async fn page(&self, url: &str, allow_private: bool, now: Timestamp) -> Result<Page, Error> {
        let url = parse_url(url)?;
        let accept = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5";
        let request = Request::new(&url, accept, allow_private);
        let answer = self.fetch(&request).await?;
        if let Some(error) = answer.failure(now) {
            return Err(error);
        }
        let content_type = answer.header("content-type").map(str::to_owned);
        Ok(Page { url: answer.url.into(), content_type, body: answer.body })
    }

    /// Asks for a resource and follows redirects. An answer that is no success is still an answer.
    pub(super) async fn fetch(&self, request: &Request<'_>) -> Result<Answer, Error> {
        let limit = self.0.limits.total;
        match tokio::time::timeout(limit, self.follow(request)).await {
            Ok(result) => result,
            Err(_) => Err(Error::unavailable(format!(
                "{} was not read within {} s: it is too slow, or never ends",
                shown(request.url),
                limit.as_secs_f64()
            ))),
        }
    }

    async fn follow(&self, request: &Request<'_>) -> Result<Answer, Error> {
        let client = self.client(request.allow_private)?;
        let (mut url, mut is_for_good) = (request.url.clone(), true);
        for _ in 0..=self.0.limits.redirects {
            if !request.allow_private {
                self.0.network.check_literal(&url).map_err(|error| refused(&url, error))?;
            }
            let response = client.get(url.clone()).headers(request.headers()).send().await;
            let response = response.map_err(|error| explain(&error, &url))?;
            let Some(location) = redirect_of(&response) else {
                let moved = Some(url.clone()).filter(|url| is_for_good && url != request.url);
                return self.read(response, url, moved).await;
            };
            let status = response.status();
            is_for_good &= matches!(status, StatusCode::MOVED_PERMANENTLY | StatusCode::PERMANENT_REDIRECT);
            url = next_url(&url, location)?;
        }
        Err(Error::unavailable(format!(
            "{} was redirected more than {} times; is it a loop? Open it in a browser and use the address where it ends",
            shown(request.url),
            self.0.limits.redirects
        )))
    }

    async fn read(
        &self,
        mut response: reqwest::Response,
        url: Url,
        moved: Option<Url>,
    ) -> Result<Answer, Error> {
        let status = response.status();
        let headers = response.headers().clone();
        let mut body = Vec::new();
        if status.is_success() {
            let announced = response.content_length().and_then(|length| usize::try_from(length).ok());
            if announced.is_some_and(|length| length > self.0.limits.bytes) {
                return Err(self.too_large(&url));
            }
            while let Some(chunk) = response.chunk().await.map_err(|error| explain(&error, &url))? {
                if body.len() + chunk.len() > self.0.limits.bytes {
                    return Err(self.too_large(&url));
                }
                body.extend_from_slice(&chunk);
            }
        }
        Ok(Answer { status, url, moved, headers, body })
    }

    fn too_large(&self, url: &Url) -> Error {
        let limit = self.0.limits.bytes / 1024;
        Error::unavailable(format!("{} is larger than {limit} KiB and was not read further", shown(url)))
    }

    fn client(&self, allow_private: bool) -> Result<&Client, Error> {
        let slot = if allow_private { &self.0.open } else { &self.0.guarded };
        slot.get_or_init(|| self.build(allow_private).map_err(|error| cause(&error)))
            .as_ref()
            .map_err(|error| Error::unavailable(format!("no HTTP client could be made: {error}")))
    }

    fn build(&self, allow_private: bool) -> reqwest::Result<Client> {
        Client::builder()
            .user_agent(&self.0.user_agent)
            .connect_timeout(self.0.limits.connect)
            .dns_resolver(Resolver { network: self.0.network.clone(), allow_private })
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(Duration::from_secs(10))
            .build()
    }
}

impl Request<'_> {
    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(self.accept));
        for (name, value) in [(IF_NONE_MATCH, self.etag), (IF_MODIFIED_SINCE, self.last_modified)] {
            if let Some(value) = value.and_then(verbatim) {
                headers.insert(name, value);
            }
        }
        if self.takes_deltas {
            headers.insert("a-im", HeaderValue::from_static("feed"));
        }
        headers
    }
}

/// What [`Answer::verbatim`] read, as it was.
fn verbatim(value: &str) -> Option<HeaderValue> {
    let bytes: Option<Vec<u8>> = value.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    HeaderValue::from_bytes(&bytes?).ok()
}

/// Reads an address that an operator wrote.
pub(super) fn parse_url(text: &str) -> Result<Url, Error> {
    let is_http = |url: &Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    Url::parse(text.trim()).ok().filter(is_http).ok_or_else(|| {
        Error::Unusable(format!(
            "{text:?} is not an http or https address such as https://wire.example.org/feed"
        ))
    })
}

/// An address as it may be shown: without a password, and without a query, which may hold a token.
pub(super) fn shown(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}{}", url.scheme(), url.host_str().unwrap_or_default(), url.path())
}

fn redirect_of(response: &reqwest::Response) -> Option<&HeaderValue> {
    let is_redirect = matches!(
        response.status(),
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    );
    response.headers().get(LOCATION).filter(|_| is_redirect)
}

fn next_url(from: &Url, location: &HeaderValue) -> Result<Url, Error> {
    let target = String::from_utf8_lossy(location.as_bytes());
    let next = from.join(&target).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    next.ok_or_else(|| {
        Error::unavailable(format!("{} redirects to what is no http or https address: refused", shown(from)))
    })
}

fn refused(url: &Url, error: NotPublic) -> Error {
    Error::Unusable(format!(
        "{} is at {}, a private address: refused. If it is meant to be there, set `allow_private = true` on its source, \
         or give --allow-private to the command",
        shown(url),
        error.0
    ))
}

/// What went wrong with a request, in words for the operator.
fn explain(error: &reqwest::Error, url: &Url) -> Error {
    if let Some(found) = causes(error).find_map(|cause| cause.downcast_ref::<NotPublic>()) {
        return refused(url, *found);
    }
    let place = shown(url);
    let detail = cause(error);
    let reason = if error.is_dns() {
        format!(
            "{}: no address for this name ({detail}); is it spelt right?",
            url.host_str().unwrap_or_default()
        )
    } else if error.is_timeout() {
        format!("{place} could not be connected to in time")
    } else if detail.contains("certificate") {
        format!("{place}: its certificate is not trusted ({detail})")
    } else if error.is_connect() {
        format!("{place} could not be connected to ({detail})")
    } else if error.is_decode() {
        format!("{place}: its answer could not be decompressed ({detail})")
    } else {
        format!("{place}: the answer broke off ({detail})")
    };
    Error::unavailable(reason)
}

fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn StdError + 'static)| <dyn StdError>::source(*error))
}

/// The innermost cause: the one that says something.
fn cause(error: &(dyn StdError + 'static)) -> String {
    causes(error).last().map(ToString::to_string).unwrap_or_default()
}
