//! The link with which a reader says that they still want a newsletter: a page with one button, which posts.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Html;
use axum::routing::get;

use super::client::Client;
use super::{Error, Web};
use crate::model::consent::{Proof, network};
use crate::model::newsletter::NewsletterId;
use crate::model::subscriber::{SubscriberId, SubscriptionState};
use crate::model::token::Token;
use crate::render::page::{Notice, Personal};

pub fn router() -> Router<Web> {
    Router::new().route("/keep/{token}", get(ask).post(keep))
}

/// Whose answer it is, and to what.
struct Question {
    reader: SubscriberId,
    newsletter: NewsletterId,
    title: String,
    language: String,
}

/// Shows the button. Mail scanners open every link, so that opening it changes nothing.
async fn ask(State(web): State<Web>, Path(token): Path<String>) -> Result<Html<String>, Error> {
    let question = web.question(&token).await?;
    let notice = Notice::Personal(Personal::Wanted(&question.title, &token));
    Ok(Html(web.settings().site.notice(&notice, Some(&question.language))))
}

async fn keep(
    State(web): State<Web>,
    client: Client,
    Path(token): Path<String>,
) -> Result<Html<String>, Error> {
    let Question { reader, newsletter, title, language } = web.question(&token).await?;
    let (settings, network) = (web.settings(), network(client.0));
    let text = settings.site.publication.words(&language).personal.wanted.title.with(&title);
    let proof = Proof { form: "still wanted page", text: &text, network: Some(&network), language: None };
    web.0.store.keep_subscription((reader, newsletter), proof, web.0.clock.now()).await?;
    Ok(Html(settings.site.notice(&Notice::Personal(Personal::StillWanted), Some(&language))))
}

impl Web {
    /// What a link asks; over where the reader has left since.
    async fn question(&self, token: &str) -> Result<Question, Error> {
        let Some(Token::Keep(reader, newsletter)) = self.0.store.key().verify(token) else {
            return Err(Error::BadLink);
        };
        let subscriptions = self.0.store.subscriptions(reader).await?;
        let own = subscriptions.iter().find(|own| own.newsletter_id == newsletter);
        let own = own.filter(|own| own.state == SubscriptionState::Active).ok_or(Error::LinkOver)?;
        let title = self.settings().site.title_of(&own.newsletter);
        let language = self.language_for(reader, &own.newsletter).await?;
        Ok(Question { reader, newsletter, title, language })
    }
}
