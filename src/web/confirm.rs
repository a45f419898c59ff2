//! The link that confirms a subscription: a page with one button, which posts.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

use super::client::Client;
use super::{Error, Web};
use crate::model::consent::{Proof, network};
use crate::model::subscriber::{SubscriberId, SubscriptionState};
use crate::model::token::Token;
use crate::render::page::Notice;

pub fn router() -> Router<Web> {
    Router::new().route("/confirm/{token}", get(ask).post(confirm))
}

/// Whose link it is, and where they stand.
struct Asking {
    reader: SubscriberId,
    /// Of its page: that of the mail that it stood in.
    language: String,
    /// The newsletter that they asked for, unless that is forgotten.
    newsletter: Option<String>,
    is_active: bool,
    /// Titles of all that they have asked for and not confirmed.
    pending: Vec<String>,
}

/// Shows the button. Mail scanners open every link, so that opening it changes nothing.
async fn ask(State(web): State<Web>, Path(token): Path<String>) -> Result<Response, Error> {
    let asking = web.asking(&token).await?;
    if asking.pending.is_empty() {
        return Ok(settled(&web, &asking));
    }
    let page = web.settings().site.notice(&Notice::Confirm(&asking.pending, &token), Some(&asking.language));
    Ok(Html(page).into_response())
}

async fn confirm(
    State(web): State<Web>,
    client: Client,
    Path(token): Path<String>,
) -> Result<Response, Error> {
    let mut asking = web.asking(&token).await?;
    if !asking.pending.is_empty() {
        let network = network(client.0);
        let text = web.settings().site.confirmation_wording(&asking.pending, &asking.language);
        let proof = Proof { form: "confirmation page", text: &text, network: Some(&network), language: None };
        web.0.store.confirm_subscriptions(asking.reader, proof, web.0.clock.now()).await?;
        asking.is_active = true;
    }
    Ok(settled(&web, &asking))
}

/// Where there is nothing to confirm any more: it is subscribed to, or the link is over.
fn settled(web: &Web, asking: &Asking) -> Response {
    let (status, notice) = if asking.is_active {
        (StatusCode::OK, Notice::Confirmed)
    } else {
        (StatusCode::GONE, Notice::ConfirmationOver(asking.newsletter.as_deref()))
    };
    (status, Html(web.settings().site.notice(&notice, Some(&asking.language)))).into_response()
}

impl Web {
    async fn asking(&self, token: &str) -> Result<Asking, Error> {
        let Some(Token::Confirm(reader, newsletter)) = self.0.store.key().verify(token) else {
            return Err(Error::BadLink);
        };
        let (subscriptions, settings) = (self.0.store.subscriptions(reader).await?, self.settings());
        let own = subscriptions.iter().find(|own| own.newsletter_id == newsletter).or(subscriptions.first());
        let pending = subscriptions.iter().filter(|own| own.state == SubscriptionState::Pending);
        let language = match own {
            Some(own) => self.language_for(reader, &own.newsletter).await?,
            None => settings.site.publication.language.clone(),
        };
        Ok(Asking {
            reader,
            language,
            newsletter: own.map(|own| own.newsletter.clone()),
            is_active: own.is_some_and(|own| own.state == SubscriptionState::Active),
            pending: pending.map(|own| settings.site.title_of(&own.newsletter)).collect(),
        })
    }
}
