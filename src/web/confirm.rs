//! The link that confirms a subscription: a page with one button, which posts.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Html;
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

/// Shows the button. Mail scanners open every link, so that opening it changes nothing.
async fn ask(State(web): State<Web>, Path(token): Path<String>) -> Result<Html<String>, Error> {
    let (subscriber, language) = web.confirming(&token).await?;
    let titles = web.pending_titles(subscriber).await?;
    let notice = if titles.is_empty() { Notice::Confirmed } else { Notice::Confirm(&titles, &token) };
    Ok(Html(web.settings().site.notice(&notice, Some(&language))))
}

async fn confirm(
    State(web): State<Web>,
    client: Client,
    Path(token): Path<String>,
) -> Result<Html<String>, Error> {
    let (subscriber, language) = web.confirming(&token).await?;
    let (settings, network) = (web.settings(), network(client.0));
    let text = settings.site.confirmation_wording(&web.pending_titles(subscriber).await?, &language);
    let proof = Proof { form: "confirmation page", text: &text, network: Some(&network), language: None };
    web.0.store.confirm_subscriptions(subscriber, proof, web.0.clock.now()).await?;
    Ok(Html(settings.site.notice(&Notice::Confirmed, Some(&language))))
}

impl Web {
    /// What a reader has asked for and not confirmed.
    async fn pending_titles(&self, reader: SubscriberId) -> Result<Vec<String>, Error> {
        let (subscriptions, settings) = (self.0.store.subscriptions(reader).await?, self.settings());
        let pending = subscriptions.iter().filter(|own| own.state == SubscriptionState::Pending);
        Ok(pending.map(|own| settings.site.title_of(&own.newsletter)).collect())
    }

    /// Whose link it is, and the language of its page: that of the mail that it stood in.
    async fn confirming(&self, token: &str) -> Result<(SubscriberId, String), Error> {
        let Some(Token::Confirm(reader, newsletter)) = self.0.store.key().verify(token) else {
            return Err(Error::BadLink);
        };
        let subscriptions = self.0.store.subscriptions(reader).await?;
        let own = subscriptions.iter().find(|own| own.newsletter_id == newsletter).or(subscriptions.first());
        let own = own.ok_or(Error::BadLink)?;
        Ok((reader, self.language_for(reader, &own.newsletter).await?))
    }
}
