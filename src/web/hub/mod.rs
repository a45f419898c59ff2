//! The hub (W3C WebSub): readers that are told of changes, and need not ask.

mod work;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::json;
use url::Url;

use super::client::Client;
use super::feed::Which;
use super::{Error, Settings, Web};
use crate::render::feed::Format;
use crate::store::NewHubRequest;

/// Where the hub is asked, without leading slash.
const PATH: &str = "hub";

/// For how many seconds a subscription holds: what it is by itself, and at least and at most.
const LEASE: i64 = 10 * 24 * 3600;
const LEASES: [i64; 2] = [300, 30 * 24 * 3600];

/// The longest callback, in bytes, and the longest secret (WebSub §5.1).
const CALLBACK_BYTES: usize = 2000;
const SECRET_BYTES: usize = 199;

/// How many subscriptions there may be: of one host, and in all.
const MOST_OF_HOST: i64 = 200;
const MOST: i64 = 10_000;

/// Who tells readers of changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Hub {
    /// Nobody.
    #[default]
    None,
    /// Courant.
    Own,
    /// Another hub, which is told of each change.
    Outside(Url),
}

impl Settings {
    /// The address of the hub of this feed, if it has one. Another hub is told of the feeds of the publication and of its
    /// newsletters alone.
    pub(super) fn hub_of(&self, which: &Which) -> Option<String> {
        match &self.hub {
            Hub::None => None,
            Hub::Own => which.is_lasting().then(|| self.site.publication.link(PATH)),
            Hub::Outside(hub) => {
                let is_told =
                    which.is_lasting() && (*which == Which::site() || !which.newsletters().is_empty());
                is_told.then(|| hub.to_string())
            }
        }
    }

    /// The feed that an address is of, which is ours and lasting.
    fn topic(&self, address: &str) -> Option<(Which, Format)> {
        let path = address.strip_prefix(self.site.publication.base_url.as_str())?;
        Which::of_path(path)
    }
}

pub fn router() -> Router<Web> {
    Router::new().route("/hub", post(ask))
}

/// Takes a request to subscribe or to unsubscribe. What it says is verified afterwards.
async fn ask(State(web): State<Web>, client: Client, body: Bytes) -> Result<Response, Error> {
    let settings = web.settings();
    if settings.hub != Hub::Own {
        return Err(Error::NotFound);
    }
    web.admit(client).await?;
    let asked = Asked::read(&body);
    let (callback, host) = match asked.checked(&settings) {
        Ok(checked) => checked,
        Err(why) => return Ok((StatusCode::BAD_REQUEST, Json(json!({ "error": why }))).into_response()),
    };
    let (of_host, all) = web.0.store.count_hub(&host).await?;
    if of_host >= MOST_OF_HOST || all >= MOST {
        let why = json!({ "error": "There are too many subscriptions." });
        return Ok((StatusCode::SERVICE_UNAVAILABLE, Json(why)).into_response());
    }
    let request = NewHubRequest {
        topic: &asked.topic,
        callback: callback.as_str(),
        host: &host,
        mode: &asked.mode,
        secret: asked.secret.as_deref().filter(|secret| !secret.is_empty()),
        lease_seconds: asked.lease_seconds.unwrap_or(LEASE).clamp(LEASES[0], LEASES[1]),
    };
    web.0.store.ask_hub(&request, web.0.clock.now()).await?;
    Ok(StatusCode::ACCEPTED.into_response())
}

/// What a request says.
#[derive(Default)]
struct Asked {
    mode: String,
    topic: String,
    callback: String,
    secret: Option<String>,
    lease_seconds: Option<i64>,
}

impl Asked {
    fn read(body: &[u8]) -> Self {
        let mut asked = Self::default();
        for (name, value) in url::form_urlencoded::parse(body) {
            match name.as_ref() {
                "hub.mode" => asked.mode = value.into_owned(),
                "hub.topic" => asked.topic = value.into_owned(),
                "hub.callback" => asked.callback = value.into_owned(),
                "hub.secret" => asked.secret = Some(value.into_owned()),
                "hub.lease_seconds" => asked.lease_seconds = value.parse().ok(),
                _ => {}
            }
        }
        asked
    }

    /// The callback and its host, if all is as it should be; else what is not.
    fn checked(&self, settings: &Settings) -> Result<(Url, String), &'static str> {
        if !matches!(self.mode.as_str(), "subscribe" | "unsubscribe") {
            return Err("hub.mode must be subscribe or unsubscribe.");
        }
        if settings.topic(&self.topic).is_none() {
            return Err(
                "hub.topic must be the address of a feed of this publication, as its rel=self link names it.",
            );
        }
        if self.secret.as_ref().is_some_and(|secret| secret.len() > SECRET_BYTES) {
            return Err("hub.secret must be shorter than 200 bytes.");
        }
        let url = Url::parse(&self.callback).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let is_plain =
            |url: &Url| url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        let url = url.filter(|url| is_plain(url) && url.as_str().len() <= CALLBACK_BYTES);
        let url = url.ok_or(
            "hub.callback must be an http or https address, of at most 2,000 bytes, without user and #.",
        )?;
        let host = url.host_str().unwrap_or_default().to_owned();
        Ok((url, host))
    }
}
