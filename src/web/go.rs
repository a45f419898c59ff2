//! Links that are counted (`/go/…`): each leads on to an article that its edition holds, and nowhere else. `docs/counts.md` has
//! the rules.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::client::Client;
use super::visits::Visit;
use super::{Error, Settings, Web};
use crate::model::count::{Agent, CountedLink, Target};
use crate::render::digest;
use crate::store::Linked;

/// What browsers say that fetch a page before anybody asked for it.
const PURPOSES: [HeaderName; 2] =
    [HeaderName::from_static("sec-purpose"), HeaderName::from_static("purpose")];

pub fn router() -> Router<Web> {
    Router::new().route("/go/{token}", get(go))
}

async fn go(
    State(web): State<Web>,
    client: Client,
    method: Method,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let settings = web.settings();
    let link = CountedLink::verify(&token, web.0.store.key()).ok_or(Error::NotFound)?;
    let linked = web.0.store.find_linked(&link).await?.ok_or(Error::NotFound)?;
    if let Some(article) = &linked.article
        && !web.0.store.is_seen(article.id, &settings.strangers()).await?
    {
        return Err(Error::NotFound);
    }
    let way = way(&settings, &link, &linked)?;
    if settings.site.publication.counts {
        let agent = headers.get(header::USER_AGENT).and_then(|name| name.to_str().ok()).unwrap_or_default();
        let handed_at = linked.edition.and_then(|edition| web.0.store.last_handed(edition));
        let purposes = PURPOSES.into_iter().filter_map(|name| headers.get(name));
        let mut purposes = purposes.filter_map(|purpose| purpose.to_str().ok());
        let is_ahead = purposes.any(|purpose| purpose.contains("prefetch"));
        web.0.visits.note(
            &Visit {
                linked: &linked,
                agent,
                network: client.network(),
                is_machine: is_ahead || method == Method::HEAD || Agent::of(agent) == Agent::Machine,
                handed_at,
            },
            web.0.clock.now(),
        );
    }
    Ok((StatusCode::FOUND, [(header::LOCATION, way)]).into_response())
}

/// Where a link leads.
fn way(settings: &Settings, link: &CountedLink, linked: &Linked) -> Result<String, Error> {
    let publication = &settings.site.publication;
    let Some(article) = &linked.article else { return Ok(publication.link("")) };
    if article.is_retracted {
        return Err(Error::Withdrawn);
    }
    Ok(match link.target {
        Target::Original(_) => digest::original(article.url.as_deref(), &article.slug, publication),
        Target::Page(_) | Target::Hidden => publication.link(&format!("articles/{}", article.slug)),
    })
}
