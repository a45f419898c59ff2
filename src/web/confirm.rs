//! The link that confirms a subscription: a page with one button, which posts.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Html;
use axum::routing::get;

use super::{Error, Web};
use crate::model::subscriber::{SubscriberId, SubscriptionState};
use crate::model::token::Token;
use crate::render::page::Notice;

pub fn router() -> Router<Web> {
    Router::new().route("/confirm/{token}", get(ask).post(confirm))
}

/// Shows the button. Mail scanners open every link, so that opening it changes nothing.
async fn ask(State(web): State<Web>, Path(token): Path<String>) -> Result<Html<String>, Error> {
    let subscriber = web.confirming(&token)?;
    let subscriptions = web.0.store.subscriptions(subscriber).await?;
    if subscriptions.is_empty() {
        return Err(Error::BadLink);
    }
    let settings = web.settings();
    let pending = subscriptions.iter().filter(|own| own.state == SubscriptionState::Pending);
    let titles: Vec<String> = pending.map(|own| settings.site.title_of(&own.newsletter)).collect();
    let notice = if titles.is_empty() { Notice::Confirmed } else { Notice::Confirm(&titles, &token) };
    Ok(Html(settings.site.notice(&notice, None)))
}

async fn confirm(State(web): State<Web>, Path(token): Path<String>) -> Result<Html<String>, Error> {
    let subscriber = web.confirming(&token)?;
    web.0.store.confirm_subscriptions(subscriber, web.0.clock.now()).await?;
    Ok(Html(web.settings().site.notice(&Notice::Confirmed, None)))
}

impl Web {
    fn confirming(&self, token: &str) -> Result<SubscriberId, Error> {
        match self.0.store.key().verify(token) {
            Some(Token::Confirm(subscriber, _)) => Ok(subscriber),
            _ => Err(Error::BadLink),
        }
    }
}
