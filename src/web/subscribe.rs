//! The form with which readers subscribe. Nothing is subscribed to here: a mail asks first.

use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;

use super::client::Client;
use super::trap::{Trap, Verdict};
use super::{Error, Settings, Web, api};
use crate::model::consent::{Proof, network};
use crate::model::shape::{Shape, Wish};
use crate::model::subscriber::EmailAddress;
use crate::render::page::{Fault, Filled, Notice};
use crate::store::Wanted;

/// Every answer takes at least this long, so that its time does not tell whether an address is known.
pub(super) const PACE: Duration = Duration::from_millis(150);

/// More newsletters than this in one request were not ticked by hand.
const CHOICES: usize = 100;

/// A request to subscribe, in which everything is there.
pub(super) struct Asked {
    address: EmailAddress,
    /// By their names, with what is wanted of each, if that was said.
    newsletters: Vec<(String, Option<Shape>)>,
    language: Option<String>,
}

pub fn router() -> Router<Web> {
    Router::new().route("/subscribe", get(form).post(subscribe))
}

/// Which newsletter somebody wants who looks for the form.
#[derive(Deserialize)]
struct Sought {
    #[serde(default)]
    newsletter: String,
}

/// Whoever opens the address to which forms are sent looks for one: that of the newsletter, or of all.
async fn form(State(web): State<Web>, Query(sought): Query<Sought>) -> Redirect {
    let settings = web.settings();
    let site = &settings.site;
    let own = site.newsletter(&sought.newsletter).map(|own| format!("newsletters/{}", own.slug));
    Redirect::to(&format!("{}{}#newsletters", site.root(), own.unwrap_or_default()))
}

/// Takes a form or JSON. The answer is the same whether or not the address is known, suppressed or subscribed.
async fn subscribe(
    State(web): State<Web>,
    client: Client,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Error> {
    if api::is_json(&headers) {
        return api::answer(&web, client, &headers, &body).await;
    }
    web.admit(client).await?;
    from_reader(&web, &body, &network(client.0)).await
}

async fn from_reader(web: &Web, body: &[u8], network: &str) -> Result<Response, Error> {
    let ((mut filled, trap), settings) = (from_form(body), web.settings());
    let language = settings.site.language_of(&filled.newsletters).to_owned();
    let taken = || Html(settings.site.notice(&Notice::Asked, Some(&language))).into_response();
    if trap.is_sprung() {
        tokio::time::sleep(PACE).await;
        return Ok(taken());
    }
    let fault = match checked(&filled, &settings) {
        Err(fault) => fault,
        Ok(asked) => match web.judge(&trap, &asked.address).await? {
            Verdict::Taken => {
                web.take(&asked, &settings, ("form", network)).await?;
                return Ok(taken());
            }
            Verdict::Crowd(turn, wait) => return Ok(crowded(&filled, &settings, (&turn, wait))),
            Verdict::Untimely => Fault::Moment,
        },
    };
    filled.moment = web.moment_again(&trap);
    let page = settings.site.notice(&Notice::Refused(fault, &filled), Some(&language));
    Ok((StatusCode::BAD_REQUEST, Html(page)).into_response())
}

/// The page with the button by which a form goes on in a crowd.
fn crowded(filled: &Filled, settings: &Settings, (turn, wait): (&str, Duration)) -> Response {
    let language = settings.site.language_of(&filled.newsletters);
    let page = settings.site.notice(&Notice::Crowd { filled, turn, wait }, Some(language));
    let retry = [(header::RETRY_AFTER, wait.as_secs().to_string())];
    (StatusCode::TOO_MANY_REQUESTS, retry, Html(page)).into_response()
}

fn from_form(body: &[u8]) -> (Filled, Trap) {
    let (mut filled, mut trap) = (Filled::default(), Trap::default());
    for (name, value) in url::form_urlencoded::parse(body) {
        match name.as_ref() {
            "address" => filled.address = value.into_owned(),
            "newsletter" => filled.newsletters.push(value.into_owned()),
            "language" => filled.language = Some(value.into_owned()).filter(|tag| !tag.is_empty()),
            "website" => trap.website = value.into_owned(),
            "moment" => trap.moment = Some(value.into_owned()),
            "turn" => trap.turn = Some(value.into_owned()),
            "work" => trap.work = value.into_owned(),
            name => filled.wish.read(name, &value),
        }
    }
    (filled, trap)
}

/// What is asked for, unless something is wrong with it that its sender can mend.
pub(super) fn checked(filled: &Filled, settings: &Settings) -> Result<Asked, Fault> {
    let is_known = |slug: &String| settings.site.newsletter(slug).is_some();
    let chosen = &filled.newsletters;
    if chosen.len() > CHOICES || !chosen.iter().all(is_known) {
        return Err(Fault::Newsletter);
    }
    if chosen.is_empty() {
        return Err(Fault::Choice);
    }
    let address: EmailAddress = filled.address.parse().map_err(|_| Fault::Address)?;
    if let Some(unwanted) = settings.vetting.objection(&address) {
        return Err(Fault::Unwanted(unwanted));
    }
    let words = &settings.site.publication.words;
    let language = match filled.language.as_deref().map(|language| words.find(language)) {
        Some(None) => return Err(Fault::Language),
        found => found.flatten().map(|words| words.language().to_owned()),
    };
    let shaped = chosen.iter().map(|slug| Ok((slug.clone(), shape(slug, &filled.wish, settings)?)));
    Ok(Asked { address, newsletters: shaped.collect::<Result<_, Fault>>()?, language })
}

/// What is wanted of a newsletter, if anything was said about that.
fn shape(slug: &str, wish: &Wish, settings: &Settings) -> Result<Option<Shape>, Fault> {
    match settings.site.newsletter(slug).filter(|_| !wish.is_empty()) {
        Some(newsletter) => {
            let shape = wish.shape(newsletter, |name| settings.zones.zone_or_names(name));
            shape.map(Some).map_err(Fault::NotOffered)
        }
        None => Ok(None),
    }
}

impl Web {
    /// Takes what is asked for.
    pub(super) async fn take(
        &self,
        asked: &Asked,
        settings: &Settings,
        (form, network): (&str, &str),
    ) -> Result<(), Error> {
        let slugs: Vec<String> = asked.newsletters.iter().map(|(slug, _)| slug.clone()).collect();
        let text = settings.site.form_wording(&slugs);
        let proof = Proof { form, text: &text, network: Some(network), language: asked.language.as_deref() };
        let (outcome, ()) = tokio::join!(self.request(asked, proof), tokio::time::sleep(PACE));
        outcome
    }

    async fn request(&self, asked: &Asked, proof: Proof<'_>) -> Result<(), Error> {
        let store = &self.0.store;
        let mut newsletters: Vec<Wanted<'_>> = Vec::new();
        for (slug, shape) in &asked.newsletters {
            let standing = store.find_newsletter(slug).await?;
            let wanted = standing.map(|own| Wanted { newsletter: own.id, shape: shape.as_ref() });
            newsletters.extend(wanted);
        }
        let now = self.0.clock.now();
        store.request_subscriptions(&asked.address, &newsletters, proof, now).await?;
        self.0.bell.notify_one();
        Ok(())
    }
}
