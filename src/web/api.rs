//! Sign-up for programs: JSON in, JSON out, and the same double opt-in as the form's.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Map, Value, json};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::client::Client;
use super::subscribe::{PACE, checked};
use super::{Error, Settings, Web};
use crate::model::consent::network;
use crate::model::shape::Wish;
use crate::render::page::{Fault, Filled};

/// Names a request, so that it can be sent again without asking anything twice.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The longest such name.
const KEY_BYTES: usize = 255;

/// The fields of a request.
const FIELDS: [&str; 7] = ["address", "newsletters", "language", "topics", "rhythm", "hour", "time_zone"];

/// Why a request was not taken.
#[derive(Default)]
pub(super) struct Refusal {
    /// For who writes the program.
    why: String,
    field: Option<String>,
    allowed: Vec<String>,
    /// For the reader, where they can mend it: in the language that was asked for, else in the publication's.
    message: Option<String>,
}

pub fn router(web: &Web) -> Router<Web> {
    let own = web.clone();
    let is_allowed = move |origin: &HeaderValue, _: &request::Parts| own.allows(origin);
    let cors = CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(is_allowed))
        .allow_methods([Method::POST])
        .allow_headers([header::CONTENT_TYPE, IDEMPOTENCY_KEY]);
    Router::new().route("/api/v1/subscriptions", post(subscribe).layer(cors))
}

async fn subscribe(
    State(web): State<Web>,
    client: Client,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Error> {
    if is_json(&headers) {
        return answer(&web, client, &headers, &body).await;
    }
    let why = "the body must be JSON, with `Content-Type: application/json`";
    Ok(failure(StatusCode::UNSUPPORTED_MEDIA_TYPE, why))
}

/// Takes a request. The answer is the same, and takes as long, whether or not the address is known, suppressed or
/// subscribed, and the second time too.
pub(super) async fn answer(
    web: &Web,
    client: Client,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response, Error> {
    let (settings, network) = (web.settings(), network(client.0));
    match web.admit(client).await {
        Err(Error::TooMany) => {
            return Ok(too_many("too many requests from there: wait some minutes", &settings));
        }
        admitted => admitted?,
    }
    let filled = match read(body) {
        Ok(filled) => filled,
        Err(refusal) => return Ok(refusal.naming_allowed(&settings).response()),
    };
    let name = match name(headers) {
        Ok(name) => name.map(|name| format!("{network} {name}")),
        Err(refusal) => return Ok(refusal.response()),
    };
    let known = match &name {
        Some(name) => web.0.store.find_request(name, body).await?,
        None => None,
    };
    if known == Some(false) {
        let why = "another request had this Idempotency-Key";
        return Ok(failure(StatusCode::UNPROCESSABLE_ENTITY, why));
    }
    if known == Some(true) {
        tokio::time::sleep(PACE).await;
    } else {
        let asked = match checked(&filled, &settings) {
            Ok(asked) => asked,
            Err(fault) => return Ok(refused(&fault, &filled, &settings).response()),
        };
        if !web.has_calm().await? {
            return Ok(too_many(&crowd(&settings), &settings));
        }
        web.take(&asked, &settings, ("program", &network)).await?;
        if let Some(name) = &name {
            web.0.store.keep_request(name, body, web.0.clock.now()).await?;
        }
    }
    Ok((StatusCode::ACCEPTED, Json(json!({"status": "asked"}))).into_response())
}

/// An answer for a program that says why, and nothing more.
pub(super) fn failure(status: StatusCode, why: &str) -> Response {
    (status, Json(json!({"error": why}))).into_response()
}

fn too_many(why: &str, settings: &Settings) -> Response {
    let publication = &settings.site.publication;
    let message = &publication.words(&publication.language).page.too_many.text;
    (StatusCode::TOO_MANY_REQUESTS, Json(json!({"error": why, "message": message}))).into_response()
}

/// A program cannot do a browser's work: its reader goes on by hand.
fn crowd(settings: &Settings) -> String {
    let form = settings.site.publication.link("");
    format!("too many sign-ups at once: wait some minutes, or lead your reader to the form at {form}")
}

pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

fn name(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let Some(name) = headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
    let name = name.to_str().ok().filter(|name| (1..=KEY_BYTES).contains(&name.len()));
    name.map(Some).ok_or_else(|| Refusal {
        why: format!("Idempotency-Key must be 1 to {KEY_BYTES} characters of ASCII"),
        ..Refusal::default()
    })
}

fn read(body: &[u8]) -> Result<Filled, Refusal> {
    let strange = |error| Refusal {
        why: format!("not the JSON expected here: {error}"),
        allowed: FIELDS.map(str::to_owned).to_vec(),
        ..Refusal::default()
    };
    let fields: Map<String, Value> = serde_json::from_slice(body).map_err(strange)?;
    if let Some(name) = fields.keys().find(|name| !FIELDS.contains(&name.as_str())) {
        let name = crate::model::text::shorten(name, 40);
        let why = format!("unknown field `{name}`");
        return Err(Refusal { allowed: FIELDS.map(str::to_owned).to_vec(), ..Refusal::of(&name, why) });
    }
    let missing = |field| Refusal::of(field, format!("missing field `{field}`"));
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let address = fields.get("address").ok_or_else(|| missing("address"))?;
    let newsletters = fields.get("newsletters").ok_or_else(|| missing("newsletters"))?;
    let newsletters =
        newsletters.as_array().and_then(|all| all.iter().map(text).collect::<Option<Vec<String>>>());
    let language = fields.get("language").filter(|language| !language.is_null());
    let wrong = |field, what: &str| Refusal::of(field, format!("`{field}` must be {what}"));
    Ok(Filled {
        address: text(address).ok_or_else(|| wrong("address", "a text"))?,
        newsletters: newsletters.ok_or_else(|| wrong("newsletters", "a list of names"))?,
        language: match language {
            Some(language) => Some(text(language).ok_or_else(|| wrong("language", "a text"))?),
            None => None,
        },
        wish: wish(&fields)?,
        ..Filled::default()
    })
}

/// What is wanted of the newsletters.
fn wish(fields: &Map<String, Value>) -> Result<Wish, Refusal> {
    let said = |field: &str| fields.get(field).filter(|value| !value.is_null());
    let text = |field: &'static str| match said(field).map(Value::as_str) {
        Some(None) => Err(Refusal::of(field, format!("`{field}` must be a text"))),
        found => Ok(found.flatten().map(str::to_owned)),
    };
    let topics = match said("topics") {
        Some(Value::Array(topics)) => topics.iter().map(|topic| topic.as_str().map(str::to_owned)).collect(),
        Some(_) => None,
        None => Some(Vec::new()),
    };
    let topics =
        topics.ok_or_else(|| Refusal::of("topics", "`topics` must be a list of texts".to_owned()))?;
    let hour = match said("hour") {
        Some(Value::Number(hour)) => Some(hour.to_string()),
        Some(_) => {
            let allowed = (0..24).map(|hour: u8| hour.to_string()).collect();
            let wrong = Refusal::of("hour", "`hour` must be a number".to_owned());
            return Err(Refusal { allowed, ..wrong });
        }
        None => None,
    };
    Ok(Wish { topics, rhythm: text("rhythm")?, hour, time_zone: text("time_zone")? })
}

/// What a program is told about a request that was not taken, and what its reader is.
fn refused(fault: &Fault, filled: &Filled, settings: &Settings) -> Refusal {
    let publication = &settings.site.publication;
    let words = publication.words(publication.language_for(filled.language.as_deref()));
    let of = |field, why: &str| Refusal::of(field, why.to_owned());
    let refusal = match fault {
        Fault::Address => of("address", "not an email address"),
        Fault::Unwanted(_) => of("address", "an address of a kind that is not taken here"),
        // JSON holds no moment.
        Fault::Moment => Refusal::default(),
        Fault::Choice | Fault::Newsletter => of("newsletters", "unknown newsletter, or none"),
        Fault::NotOffered(wrong) => {
            let field = wrong.field.as_str();
            let allowed = wrong.allowed.clone();
            let what = if allowed.is_empty() { "cannot be" } else { "is not among what can be" };
            Refusal { allowed, ..Refusal::of(field, format!("`{field}` {what} chosen here")) }
        }
        Fault::Language => of("language", "not a language that mails can be in"),
    };
    Refusal { message: Some(fault.told(&settings.site, words)), ..refusal }.naming_allowed(settings)
}

impl Refusal {
    fn of(field: &str, why: String) -> Self {
        Self { why, field: Some(field.to_owned()), ..Self::default() }
    }

    /// With what may stand in the field, where that is the same for every request.
    fn naming_allowed(mut self, settings: &Settings) -> Self {
        match self.field.as_deref() {
            Some("newsletters") => {
                self.allowed = settings.site.newsletters.iter().map(|own| own.slug.to_string()).collect();
            }
            Some("language") => {
                self.allowed = settings.site.publication.words.languages().map(str::to_owned).collect();
            }
            _ => {}
        }
        self
    }

    fn response(self) -> Response {
        let mut why = json!({"error": self.why});
        if let Some(field) = self.field {
            why["field"] = field.into();
        }
        if !self.allowed.is_empty() {
            why["allowed"] = self.allowed.into();
        }
        if let Some(message) = self.message {
            why["message"] = message.into();
        }
        (StatusCode::BAD_REQUEST, Json(why)).into_response()
    }
}

impl Web {
    /// Whether pages of this origin may ask.
    fn allows(&self, origin: &HeaderValue) -> bool {
        let origins = &self.settings().cors_origins;
        origin.to_str().is_ok_and(|origin| origins.iter().any(|own| own == origin))
    }
}
