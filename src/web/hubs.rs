//! What hubs say (WebSub): whether they were asked by us, and that a feed has changed. What they say it has changed to is not
//! believed: the feed is pulled.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::StreamExt;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::{Sha256, Sha384, Sha512};

use super::{Error, Web};
use crate::store::SourceHub;

/// The most that is read of what a hub sends, in bytes; none of it is kept.
const MAX_NOTICE: usize = 5 * 1024 * 1024;

/// The longest challenge that is given back, in bytes.
const MAX_CHALLENGE: usize = 4096;

/// How long a hub may tell of changes without being asked again: what it says is kept within these.
const LEASES: (u64, u64) = (300, 30 * 24 * 3600);

/// How long until a hub is asked again that has refused.
const AFTER_REFUSAL: Duration = Duration::from_hours(24);

/// What a hub asks back.
#[derive(Deserialize)]
struct Intent {
    #[serde(rename = "hub.mode")]
    mode: String,
    #[serde(rename = "hub.topic", default)]
    topic: String,
    #[serde(rename = "hub.challenge", default)]
    challenge: String,
    #[serde(rename = "hub.lease_seconds")]
    lease_seconds: Option<String>,
    #[serde(rename = "hub.reason", default)]
    reason: String,
}

pub fn router() -> Router<Web> {
    Router::new().route("/websub/{token}", get(confirm).post(notice))
}

/// Says whether it was us who asked (WebSub, 5.3).
async fn confirm(
    State(web): State<Web>,
    Path(token): Path<String>,
    Query(intent): Query<Intent>,
) -> Result<Response, Error> {
    let hub = web.hub(&token).await?;
    let now = web.0.clock.now();
    if hub.topic != intent.topic {
        return Err(Error::NotFound);
    }
    match intent.mode.as_str() {
        "subscribe" if intent.challenge.len() <= MAX_CHALLENGE => {
            let asked = intent.lease_seconds.and_then(|text| text.parse().ok()).unwrap_or(LEASES.1);
            let lease = Duration::from_secs(asked.clamp(LEASES.0, LEASES.1));
            web.0.store.confirm_hub(&token, lease, now).await?;
            Ok(intent.challenge.into_response())
        }
        "denied" => {
            let reason: String = intent.reason.chars().take(200).collect();
            let why = format!("the hub refuses: {reason}");
            web.0.store.record_hub_request(&hub.source, now + AFTER_REFUSAL).await?;
            web.0.store.record_hub_error(&hub.source, Some(&why)).await?;
            Ok(StatusCode::OK.into_response())
        }
        _ => Err(Error::NotFound),
    }
}

/// Takes the word of who knows the secret. Everybody else gets the same answer (WebSub, 7.1), and nothing happens.
async fn notice(
    State(web): State<Web>,
    Path(token): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Error> {
    let hub = web.hub(&token).await?;
    let secret = web.0.store.hub_secret(&token);
    let signature =
        headers.get("x-hub-signature").and_then(|value| value.to_str().ok()).and_then(Signature::of);
    let Some(mut signature) = signature.and_then(|signature| signature.keyed(secret.as_bytes())) else {
        return Ok(StatusCode::ACCEPTED);
    };
    let (mut stream, mut length) = (body.into_data_stream(), 0);
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| Error::BadRequest)?;
        length += chunk.len();
        if length > MAX_NOTICE {
            return Ok(StatusCode::PAYLOAD_TOO_LARGE);
        }
        signature.update(&chunk);
    }
    if signature.agrees() {
        web.0.store.take_hub_notice(&hub.source, web.0.clock.now()).await?;
    } else {
        tracing::debug!(source = hub.source, "A notice with a wrong signature was ignored");
    }
    Ok(StatusCode::ACCEPTED)
}

impl Web {
    async fn hub(&self, token: &str) -> Result<SourceHub, Error> {
        self.0.store.find_hub_by_token(token).await?.ok_or(Error::NotFound)
    }
}

/// How something is said to be signed. SHA-1 is none that anybody should trust.
struct Signature {
    method: Method,
    claimed: Vec<u8>,
}

#[derive(Clone, Copy)]
enum Method {
    Sha256,
    Sha384,
    Sha512,
}

/// A signature under way.
struct Keyed {
    mac: AnyMac,
    claimed: Vec<u8>,
}

enum AnyMac {
    Sha256(Hmac<Sha256>),
    Sha384(Hmac<Sha384>),
    Sha512(Hmac<Sha512>),
}

impl Signature {
    fn of(header: &str) -> Option<Self> {
        let (method, claimed) = header.trim().split_once('=')?;
        let method = match method {
            "sha256" => Method::Sha256,
            "sha384" => Method::Sha384,
            "sha512" => Method::Sha512,
            _ => return None,
        };
        let claimed = data_encoding::HEXLOWER_PERMISSIVE.decode(claimed.as_bytes()).ok()?;
        Some(Self { method, claimed })
    }

    fn keyed(self, secret: &[u8]) -> Option<Keyed> {
        let mac = match self.method {
            Method::Sha256 => AnyMac::Sha256(Hmac::new_from_slice(secret).ok()?),
            Method::Sha384 => AnyMac::Sha384(Hmac::new_from_slice(secret).ok()?),
            Method::Sha512 => AnyMac::Sha512(Hmac::new_from_slice(secret).ok()?),
        };
        Some(Keyed { mac, claimed: self.claimed })
    }
}

impl Keyed {
    fn update(&mut self, bytes: &[u8]) {
        match &mut self.mac {
            AnyMac::Sha256(mac) => mac.update(bytes),
            AnyMac::Sha384(mac) => mac.update(bytes),
            AnyMac::Sha512(mac) => mac.update(bytes),
        }
    }

    /// Whether it is what was claimed, compared in constant time.
    fn agrees(self) -> bool {
        match self.mac {
            AnyMac::Sha256(mac) => mac.verify_slice(&self.claimed).is_ok(),
            AnyMac::Sha384(mac) => mac.verify_slice(&self.claimed).is_ok(),
            AnyMac::Sha512(mac) => mac.verify_slice(&self.claimed).is_ok(),
        }
    }
}
