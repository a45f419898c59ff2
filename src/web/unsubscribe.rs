//! The way out: a page with one button, and one click from the mail program (RFC 8058).

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderName;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

use super::{Error, Web};
use crate::model::newsletter::NewsletterId;
use crate::model::subscriber::SubscriberId;
use crate::model::token::Token;
use crate::render::page::Notice;

/// Who has left by a page of ours can take that back.
pub(super) const PAGE: &str = "page";

/// What a mail program posts, in a form of either kind.
const ONE_CLICK: &[u8] = b"List-Unsubscribe=One-Click";
const ONE_CLICK_MULTIPART: &[u8] = b"One-Click";

/// By its value `courant doctor` knows that it was this installation that did not know a token.
pub(super) const COUNTERSIGN: HeaderName = HeaderName::from_static("courant-countersign");

pub fn router() -> Router<Web> {
    Router::new().route("/unsubscribe/{token}", get(ask).post(answer))
}

/// Shows the button. Mail scanners open every link, so that opening it changes nothing.
async fn ask(State(web): State<Web>, Path(token): Path<String>) -> Result<Html<String>, Error> {
    let (subscriber, newsletter) = web.leaving(&token)?;
    let slug = web.subscribed_to(subscriber, newsletter).await?;
    let settings = web.settings();
    let title = settings.site.title_of(&slug);
    let language = web.language_for(subscriber, &slug).await?;
    Ok(Html(settings.site.notice(&Notice::Leave(&title, &token), Some(&language))))
}

/// Unsubscribes, or says who it is that does not know the token.
async fn answer(State(web): State<Web>, Path(token): Path<String>, body: Bytes) -> Response {
    match unsubscribe(&web, &token, &body).await {
        Ok(page) => page.into_response(),
        Err(Error::BadLink) => {
            let countersign = web.0.store.key().countersign(&token);
            ([(COUNTERSIGN, countersign)], Error::BadLink).into_response()
        }
        Err(error) => error.into_response(),
    }
}

/// Ends the subscription at once, also for what is queued. The same link may be posted any number of times, for ever.
///
/// Whatever the body holds, who posts here wants to leave.
async fn unsubscribe(web: &Web, token: &str, body: &[u8]) -> Result<Html<String>, Error> {
    let (subscriber, newsletter) = web.leaving(token)?;
    let by = if is_one_click(body) { "one_click" } else { PAGE };
    let has_ended = web.0.store.end_subscription(subscriber, newsletter, by, web.0.clock.now()).await?;
    let slug = web.subscribed_to(subscriber, newsletter).await?;
    let can_undo = has_ended && by == PAGE;
    let settings = web.settings();
    let title = settings.site.title_of(&slug);
    let notice = Notice::Left { title: &title, slug: &slug, token, can_undo };
    let language = web.language_for(subscriber, &slug).await?;
    Ok(Html(settings.site.notice(&notice, Some(&language))))
}

fn is_one_click(body: &[u8]) -> bool {
    let holds = |text: &[u8]| body.windows(text.len()).any(|part| part == text);
    holds(ONE_CLICK) || body.starts_with(b"--") && holds(ONE_CLICK_MULTIPART)
}

impl Web {
    fn leaving(&self, token: &str) -> Result<(SubscriberId, NewsletterId), Error> {
        match self.0.store.key().verify(token) {
            Some(Token::Subscription(subscriber, newsletter)) => Ok((subscriber, newsletter)),
            _ => Err(Error::BadLink),
        }
    }

    /// The newsletter's name in addresses; empty if nothing is known of the subscriber any more.
    async fn subscribed_to(
        &self,
        subscriber: SubscriberId,
        newsletter: NewsletterId,
    ) -> Result<String, Error> {
        let subscriptions = self.0.store.subscriptions(subscriber).await?;
        let own = subscriptions.into_iter().find(|own| own.newsletter_id == newsletter);
        Ok(own.map(|own| own.newsletter).unwrap_or_default())
    }
}
